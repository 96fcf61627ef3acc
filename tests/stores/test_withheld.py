"""What a board withholds under filters, what its files hold, and what cannot be published."""

import csv
import io

import pytest

from insight import intake, painpoints
from insight.access import SYSTEM
from insight.errors import NotFound, NotReady
from insight.intake import Place
from insight.painpoints import Filters
from insight.privacy import Audience
from insight.settings import settings
from tests.stores.made_runs import add_run, add_stories

HOUSING, JOBCENTRE = Filters(service="Housing"), Filters(service="Jobcentre")


@pytest.fixture
def place(sqlite: str) -> Place:
    painpoints.forget_cached_runs()
    return intake.add_place(SYSTEM, "Testham", organisations=[], services=[])


def published(place: Place) -> int:
    """Theme 0 told by 30 at Housing and 3 elsewhere, theme 1 by 8 and 12, theme 2 by 20 at Housing alone."""
    themes = [0] * 33 + [1] * 20 + [2] * 20
    services = [0] * 30 + [1] * 3 + [0] * 8 + [1] * 12 + [0] * 20
    told = add_stories(place, 1, [f"Passage {number}." for number in range(len(themes))])
    return add_run(place, told, themes, services=services)


def told_of(place: Place, filters: Filters | None = None) -> dict[str, int]:
    found = painpoints.board(SYSTEM, place, filters)
    return {theme.label[-1]: theme.journeys for theme in found.pain_points}


def rows(body: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"))))


def test_no_filter_tells_how_few_it_leaves_out(place: Place) -> None:
    published(place)
    assert told_of(place) == {"0": 33, "1": 20, "2": 20}
    assert told_of(place, HOUSING) == {"1": 8, "2": 20}, (
        "33 less 30 would be 3; that a filter leaves nobody out is no secret"
    )
    assert told_of(place, JOBCENTRE) == {"1": 12}
    number = next(t.number for t in painpoints.board(SYSTEM, place).pain_points if t.label.endswith("0"))
    with pytest.raises(NotFound, match="Too few"):
        painpoints.pain_point(SYSTEM, place, number, HOUSING)


def test_a_view_that_leaves_few_out_is_withheld_whole(place: Place) -> None:
    told = add_stories(place, 1, [f"Passage {number}." for number in range(22)])
    add_run(place, told, [0] * 22, services=[0] * 20 + [1] * 2)
    board = painpoints.board(SYSTEM, place, HOUSING)
    assert (board.journeys, board.passages, board.unplaced, board.pain_points) == (0, 0, 0, ())


def test_the_file_holds_what_the_screen_shows(place: Place) -> None:
    published(place)
    for filters in (None, HOUSING, JOBCENTRE):
        board = painpoints.board(SYSTEM, place, filters)
        written = [(one["label"], int(one["journeys"])) for one in rows(painpoints.export(SYSTEM, place, filters))]
        assert written == [(theme.label, theme.journeys) for theme in (*board.pain_points, *board.works_well)]


def test_a_file_to_publish_is_rounded_and_names_nothing_small(place: Place) -> None:
    published(place)
    written = rows(painpoints.export(SYSTEM, place, None, Audience.OUTSIDE))
    assert written[0]["label"].endswith("0") and len(written) == 3
    for one, n in zip(sorted(written, key=lambda one: one["label"]), (33, 20, 20), strict=True):
        told = int(one["journeys, rounded to 5"])
        assert told % 5 == 0 and abs(told - n) < 5 and int(one["of journeys, rounded to 5"]) in (70, 75)
        assert not {"terms", "quote", "passages"} & set(one)
    services = {one["label"][-1]: one["services"] for one in written}
    assert services == {"0": "Housing", "1": "Jobcentre", "2": "Housing"}, "three and eight journeys are too few"
    assert painpoints.export(SYSTEM, place, None, Audience.OUTSIDE) == painpoints.export(
        SYSTEM, place, None, Audience.OUTSIDE
    )
    under = rows(painpoints.export(SYSTEM, place, HOUSING, Audience.OUTSIDE))
    assert [one["label"][-1] for one in under] == ["2"], "eight are too few, and three are left out of the first"


def test_a_run_whose_tables_give_something_away_is_not_published(place: Place) -> None:
    told = add_stories(place, 1, [f"Passage {number}." for number in range(12)])
    audited = {"tables": 3, "cells": 40, "suppressed": 9, "recovered": 0}
    good = add_run(place, told, [0] * 12, facts={"disclosure": audited})
    bad = add_run(place, told, [0] * 12, publish=False, facts={"disclosure": audited | {"recovered": 1}})
    with pytest.raises(NotReady, match="could be worked out"):
        painpoints.publish(SYSTEM, bad)
    assert painpoints.board(SYSTEM, place).run.id == good
    assert settings().threshold_outside > settings().threshold_inside
