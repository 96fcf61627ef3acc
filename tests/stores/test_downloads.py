"""Every table that can be taken out holds what the screen shows, under any filter; what may be published is rounded."""

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from itertools import islice
from typing import Any

import numpy as np
import pytest

from insight import coding, intake, journeys, painpoints
from insight.access import SYSTEM
from insight.database import write_session
from insight.intake import Place
from insight.journeys import Asked, Grain, store
from insight.painpoints import Filters
from insight.privacy import Audience
from tests.rules.test_journey_counting import made
from tests.stores.made_runs import add_run, add_stories

VIEWS: dict[str, Callable[..., Any]] = {
    "map": journeys.journey_map,
    "paths": journeys.paths,
    "flows": journeys.paths,
    "handoffs": journeys.handoffs,
    "waits": journeys.waits,
    "kinds": journeys.kinds,
    "curve": journeys.emotion_curve,
}
COUNTED = ("journeys", "journeys_of", "reached", "hurt", "told_again", "passed_on", "ended_here", "late", "feeling_n")


@pytest.fixture
def place(sqlite: str) -> Place:
    """A place with a published run: 73 journeys on its board, and 300 random ones on the screens of journeys."""
    painpoints.forget_cached_runs()
    journeys.forget_cached_runs()
    found = intake.add_place(SYSTEM, "Testham", organisations=[], services=[])
    themes = [0] * 33 + [1] * 20 + [2] * 20
    told = add_stories(found, 1, [f"Passage {number}." for number in range(len(themes))])
    run = add_run(found, told, themes, services=[0] * 30 + [1] * 3 + [0] * 8 + [1] * 12 + [0] * 20)
    with write_session() as opened:
        store.keep_record(opened, run, made().to_bytes(), {"middle": [0, 1]})
    return found


def asked(seed: int) -> Iterator[Asked]:
    """What somebody may ask for: no filter first, then one or two at random."""
    yield Asked()
    draw = np.random.default_rng(seed)
    offered = {
        "service": ("GP", "Housing", "Repairs"),
        "organisation": ("Council", "NHS"),
        "need": ("caring", "housing"),
    }
    offered |= {"channel": ("phone",), "teller": ("self", "carer"), "first_month": ("2026-02", "2026-03")}
    while True:
        filters = Filters()
        for name in draw.choice(list(offered), draw.integers(1, 3), replace=False).tolist():
            filters = filters.also(name, str(draw.choice(offered[name])))
        yield Asked(filters, grain=Grain(draw.choice(list(Grain))), kind=0 if draw.random() < 0.2 else None)


def rows(body: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"))))


def numbers(view: Any) -> set[float]:
    """Every number that stands in what a page draws from, as exact as a file may have it; places are told from 1."""
    if isinstance(view, bool) or view is None:
        return set()
    if isinstance(view, int | float):
        return {round(view, digits) for digits in range(5)} | {view, view + 1}
    if isinstance(view, str):
        return set()
    parts = [getattr(view, f.name) for f in fields(view)] if is_dataclass(view) else list(view)
    return set().union(*map(numbers, parts))


def cells(row: dict[str, str]) -> Iterator[float]:
    """The numbers in a row of a file, those of lists such as "GP: 12; Housing: 9" among them."""
    for cell in row.values():
        for part in cell.split("; "):
            told = part.rsplit(": ", 1)[-1]
            if told.removeprefix("-").replace(".", "", 1).isdecimal():
                yield float(told)


def test_a_file_of_journeys_holds_what_its_view_shows(place: Place) -> None:
    seen = 0
    for one in islice(asked(1), 6):
        for name, view in VIEWS.items():
            shown = view(SYSTEM, place, one)
            told = numbers(shown)
            for row in rows(journeys.export_table(SYSTEM, place, name, one)):
                seen += 1
                assert set(cells(row)) <= told, (name, one, row)
                hidden = name == "map" and not row["journeys"]
                assert not hidden or not any(cells(row)), "a phase that is hidden is hidden whole"
    assert seen > 150


def test_a_file_of_two_groups_holds_what_the_screen_shows(place: Place) -> None:
    for first, second in zip(islice(asked(2), 8), islice(asked(3), 8), strict=True):
        told = numbers(journeys.compare(SYSTEM, place, first, second))
        for row in rows(journeys.export_comparison(SYSTEM, place, first, second)):
            assert set(cells(row)) <= told


def test_a_file_of_the_board_holds_what_the_board_shows(place: Place) -> None:
    for filters in (Filters(), Filters(service="Housing"), Filters(service="Jobcentre")):
        board = painpoints.board(SYSTEM, place, filters)
        file = rows(painpoints.export(SYSTEM, place, filters))
        assert [int(row["theme"]) for row in file] == [
            theme.number for theme in (*board.pain_points, *board.mixed, *board.works_well)
        ]
        told = numbers((board.pain_points, board.mixed, board.works_well))
        assert all(set(cells(row)) <= told for row in file)


def test_the_codebook_takes_no_count_of_journeys_out(place: Place) -> None:
    for row in rows(coding.as_csv(SYSTEM, place)):
        assert set(row) == {
            "number", "name", "description", "includes", "excludes", "broader themes", "state", "made by"
        }  # fmt: skip


def test_what_is_published_is_rounded_large_and_without_one_journeys_steps(place: Place) -> None:
    counted = 0
    for one in islice(asked(4), 8):
        for name in VIEWS:
            for row in rows(journeys.export_table(SYSTEM, place, name, one, audience=Audience.OUTSIDE)):
                assert not {"path", "stands_out", "pain_point"} & set(row)
                for count in (float(row[column]) for column in COUNTED if row.get(column)):
                    counted += 1
                    assert count >= 10 and count % 5 == 0, (name, row)
                listed = [part.rsplit(": ", 1) for part in row.get("services", "").split("; ") if part]
                assert all(int(n) >= 10 and int(n) % 5 == 0 for _name, n in listed)
    assert counted > 200


def test_the_same_journeys_are_published_as_the_same_number(place: Place) -> None:
    once, again = (
        journeys.export_table(SYSTEM, place, "handoffs", Asked(), audience=Audience.OUTSIDE) for _turn in range(2)
    )
    assert once == again
    inside = journeys.handoffs(SYSTEM, place)
    assert {row["from"] for row in rows(once)} <= {one.start for one in inside.junctions}
