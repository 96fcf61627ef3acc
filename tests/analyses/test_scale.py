"""Work in parts gives what one piece of work gives: here, from files, from the database, and on a Dask cluster."""

import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date
from functools import reduce
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from insight.columns import one_spelling
from insight.database import session
from insight.errors import BadInput, NotReady
from insight.intake.tables import ConcernRow, ConsentRow, PlaceRow, StepRow, StoryRow
from insight.journeys import partitions
from insight.journeys.case_records import in_parts
from insight.journeys.files.reading import Columns, read_event_log
from insight.journeys.gathering import gather
from insight.journeys.mining import handoffs, paths
from insight.journeys.mining.log import DAY, NO_TIME, Log, in_order, offsets
from insight.journeys.mining.parts import Mined, combine, mine, renamed
from insight.journeys.mining.records import (
    edge_records,
    handoff_records,
    step_records,
    summary_of,
    variant_records,
    wait_records,
)
from insight.journeys.record import Record
from insight.journeys.tables import CaseLogPartRow, CaseLogRow
from insight.moments import now
from insight.scale import AT_ONCE, mapreduce
from insight.settings import settings as product_settings

STEPS = ("call", "visit", "letter", "form", "wait", "answer")


def same(first: Any, second: Any) -> bool:
    """Whether two results are equal to the last bit."""
    if is_dataclass(first):
        return all(same(getattr(first, f.name), getattr(second, f.name)) for f in fields(first))
    if isinstance(first, np.ndarray):
        return first.dtype == second.dtype and np.array_equal(first, second)
    return bool(first == second)


Journey = list[tuple[int, int | None, int]]  # step, day, organisation
journeys = st.lists(
    st.lists(st.tuples(st.integers(0, 5), st.none() | st.integers(-3, 40), st.integers(-1, 2)), max_size=6), max_size=12
)


def mined(told: list[Journey], known: int = len(STEPS)) -> Mined:
    """Journeys mined in a process that has met its names in an order of its own."""
    names = STEPS[::-1] if known % 2 else STEPS
    flat = [step for journey in told for step in journey]
    time = np.array([NO_TIME if day is None else day * DAY for _step, day, _by in flat], np.int64)
    log = Log(
        np.array([names.index(STEPS[step]) for step, _day, _by in flat], np.int32),
        offsets(np.array([len(journey) for journey in told], np.int64)),
        names,
        time,
    )
    return mine(log, np.array([by for *_rest, by in flat], np.int32), ("the council", "a hospital", "a landlord"))


@settings(max_examples=50, deadline=None)
@given(journeys, st.lists(st.integers(0, 3), min_size=12, max_size=12))
def test_parts_add_up_to_the_whole_however_they_are_cut(told: list[Journey], part: list[int]) -> None:
    pieces = [
        mined([journey for journey, at in zip(told, part, strict=False) if at == number], number) for number in range(4)
    ]
    whole = mined(told)
    assert same(reduce(combine, pieces), whole)
    assert same(combine(pieces[0], combine(pieces[1], combine(pieces[2], pieces[3]))), whole)


def random_log(seed: int, n: int = 400) -> tuple[Log, Any]:
    """A log with ties, single steps, one very long journey, and no organisation at some steps."""
    random = np.random.default_rng(seed)
    length = np.append(random.integers(1, 9, n - 1), 1_000)
    journey = np.repeat(np.arange(n), length)
    code = random.integers(0, len(STEPS), len(journey)).astype(np.int32)
    log = in_order(journey, code, STEPS, random.integers(-(10**6), 10**6, len(journey)) * 10**9)
    return log, random.integers(-1, 3, len(journey)).astype(np.int32)


def test_the_tables_say_what_mining_one_log_says() -> None:
    log, organisation = random_log(1)
    names = ("a", "b", "c")
    made = mine(log, organisation, names)
    edge, time = paths.edges(log), np.array(log.time)
    days: dict[tuple[str, str], list[float]] = defaultdict(list)
    for at in np.flatnonzero(log.followed).tolist():
        days[log.names[log.code[at]], log.names[log.code[at + 1]]].append((time[at + 1] - time[at]) / DAY)
    edges = edge_records(made)
    for column, share in (("median_days", 0.5), ("p90_days", 0.9)):
        expected = {pair: np.quantile(passed, share) for pair, passed in days.items()}
        assert {(row["from"], row["to"]): row[column] for row in edges} == expected
    assert sorted((row["from"], row["to"], row["count"]) for row in edges) == sorted(
        (log.names[a], log.names[b], int(n)) for a, b, n in zip(edge.source, edge.target, edge.count, strict=True)
    )
    waits = wait_records(made)
    assert sum(float(row["share_of_all"]) for row in waits) == pytest.approx(1)
    assert [row["total_days"] for row in waits] == sorted((row["total_days"] for row in waits), reverse=True)
    found, taken = paths.variants(log), list(variant_records(made))
    assert [path.count for path in taken] == found.count.tolist()
    assert {(path.count, path.steps) for path in taken} == {
        (int(n), log.steps_of(j)) for n, j in zip(found.count, found.example, strict=True)
    }
    passed = handoffs.handoffs(log, organisation)
    assert {(row["from"], row["to"]): row["count"] for row in handoff_records(made)} == Counter(
        (names[a], names[b]) for a, b in zip(passed.source, passed.target, strict=True)
    )
    summary, steps = summary_of(made), step_records(made)
    assert summary.events == len(log.code) == sum(int(row["events"]) for row in steps)
    assert summary.journeys == 400 == sum(int(row["starts"]) for row in steps) == sum(int(row["ends"]) for row in steps)
    assert summary.median_days == np.median((time[log.first[1:] - 1] - time[log.first[:-1]]) / DAY)
    assert summary.rework_share == sum(int(row["repeated"]) for row in steps) / summary.events


def test_an_empty_log_and_one_without_times_have_tables_too() -> None:
    nothing = mine(Log(np.zeros(0, np.int32), np.zeros(3, np.int64), ()))
    assert (summary_of(nothing).journeys, summary_of(nothing).median_days) == (2, None)
    assert not edge_records(nothing) and not handoff_records(nothing) and not list(variant_records(nothing))
    untimed = mine(Log(np.array([0, 1, 0], np.int32), np.array([0, 3]), ("a", "b")))
    assert [row["median_days"] for row in edge_records(untimed)] == ["", ""]
    assert wait_records(untimed) == []


def test_other_names_change_nothing_but_the_names() -> None:
    log, organisation = random_log(2, 50)
    made = mine(log, organisation, ("a", "b", "c"))
    new = {name: f"{9 - place} {name}" for place, name in enumerate(made.names)}
    moved = renamed(made, new, {"a": "z", "b": "y", "c": "x"})
    again = Log(log.code, log.first, tuple(new[name] for name in log.names), log.time)
    assert same(moved, mine(again, organisation, ("z", "y", "x")))


def test_a_log_cut_into_files_is_the_log(tmp_path: Path) -> None:
    log, organisation = random_log(3)
    columns = zip(log.journey, log.code, np.array(log.time).astype("datetime64[ns]"), organisation, strict=True)
    rows = [f"case {j},{log.names[c]},{t},{'abc'[o] if o >= 0 else ''}" for j, c, t, o in columns]
    (tmp_path / "log.csv").write_text("\n".join(["id,what,when,who", *rows]), "utf-8")
    read = read_event_log(tmp_path / "log.csv", Columns("id", "what", "when", "who"))
    cut = partitions.write_parts(*partitions.tables_of(read), tmp_path / "parts", 5)
    assert (len(cut.paths), cut.rows, cut.left_out) == (5, len(log.code), {})
    assert same(partitions.mine_parts(cut.paths), mine(read.log, read.organisation, read.organisations))


def test_rows_that_cannot_be_used_are_counted_and_times_must_be_times(tmp_path: Path) -> None:
    when = pa.array([1, 2, None, 4, 5], pa.timestamp("s"))
    table = pa.table({"id": ["a", None, "b", " ", "a"], "what": ["x", "y", "x", "x", None], "when": when})
    columns = Columns("id", "what", "when")
    cut = partitions.write_parts([table, table], columns, tmp_path, 3)
    assert (cut.rows, sum(cut.left_out.values())) == (2, 8)
    assert summary_of(partitions.mine_parts(cut.paths)).events == 2
    with pytest.raises(BadInput, match="timestamps"):
        partitions.write_parts([table], Columns("id", "when", "what"), tmp_path, 3)


def test_a_journey_goes_to_the_same_part_on_every_machine() -> None:
    assert partitions.part_of("123456789", 10**10) == 0xCBF43926  # the check value that ISO 3309's CRC-32 is known by


SERVICES = ("Housing advice", "housing  advice", "Council tax", "COUNCIL TAX", "Food bank", None)
BODIES = ("The council", "the Council", "A charity", None)


@pytest.fixture
def place_id(database: str) -> int:
    """A place of 90 stories: some without consent, some held back, some without steps."""
    random = np.random.default_rng(5)
    with session() as opened:
        place = PlaceRow(code="testham", name="Testham")
        opened.add(place)
        opened.flush()
        opened.add_all(_story(place.id, number) for number in range(1, 91))
        opened.flush()
        for number in range(1, 91):
            opened.add_all(_step(number, position, random) for position in range(int(random.integers(0, 6))))
            given = number % 9 > 0
            consent = {"how": "form", "wording": "", "recorded_at": now()}
            opened.add(ConsentRow(story_id=number, scope="analyse", given=given, **consent))
            if number % 11 == 0:
                state = "open" if number % 2 else "released"
                raised = {"kinds": [], "raised_by": "rule", "raised_at": now(), "due_at": now()}
                opened.add(ConcernRow(place_id=place.id, story_id=number, state=state, **raised))
        return place.id


def _story(place_id: int, number: int) -> StoryRow:
    told = {"source": "form", "provenance": "own", "language": "en", "obstacles": []}
    named = {"reference": f"R{number}", "token": f"T{number}", "told_at": now(), "received_at": now()}
    return StoryRow(id=number, place_id=place_id, **told, **named)


def _step(story_id: int, position: int, random: np.random.Generator) -> StepRow:
    def some(choices: Any) -> Any:
        return choices[int(random.integers(0, len(choices)))]

    return StepRow(
        story_id=story_id,
        position=position,
        service_name=some(SERVICES),
        organisation_name=some(BODIES),
        happened_on=date(2026, 1, 1 + position * 4 + int(random.integers(0, 5))),
        precision=some(("day", "day", "month")),
        waited_days=some((None, 0, 3, 9, 40)),
        promised_days=some((None, 5)),
        told_again=some((None, True, False)),
    )


def test_a_place_read_in_parts_is_the_place_read_at_once(place_id: int) -> None:
    record, parted = (gather(place_id, parts).record for parts in (1, 4))
    assert parted.words == record.words
    columns = [field.name for field in fields(Record) if field.name != "words"]
    assert all(np.array_equal(getattr(parted, name), getattr(record, name)) for name in columns)
    with session() as opened:
        told_names = opened.scalars(select(StepRow.service_name).order_by(StepRow.story_id, StepRow.position)).all()
    assert set(record.words["service"]) == {name for name in one_spelling(told_names) if name}
    whole = partitions.mine_record(record)
    assert same(partitions.mine_place(place_id, 4), whole)
    waits, across = whole.waited.spread(1), whole.handoffs.gap.spread(DAY)
    told = record.service >= 0
    told &= record.waited >= 0
    for place, name in enumerate(whole.names):
        days = record.waited[told & (record.service == record.words["service"].index(name))]
        assert waits.median[place] == np.median(days)
    assert whole.journeys == record.journeys < 90
    assert across.n.sum() > 0 and whole.handoffs.counts[:, 0].sum() == record.passed_on.sum()


def test_a_case_log_is_mined_from_the_parts_it_is_kept_in(sqlite: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("insight.journeys.case_records.PART", 30)
    log, organisation = random_log(4, 100)
    record = _record(log, organisation)
    parts = [part.to_bytes() for part in in_parts(record)]
    with session() as opened:
        opened.add(PlaceRow(id=1, code="testham", name="Testham"))
        opened.flush()
        brought = {"report": {}, "brought_by": "someone", "brought_at": now()}
        kept = CaseLogRow(place_id=1, name="log", file_name="f", digest="d", journeys=100, steps=0, **brought)
        opened.add(kept)
        opened.flush()
        opened.add_all(CaseLogPartRow(case_log_id=kept.id, part=part, body=body) for part, body in enumerate(parts))
        number = kept.id
    assert same(partitions.mine_case_log(number, len(parts)), partitions.mine_record(record))


def _record(log: Log, organisation: Any) -> Record:
    n, e = log.journeys, len(log.code)
    columns: dict[str, Any] = {f.name: np.full(e, -1, np.int32) for f in fields(Record)}
    columns |= {name: np.full(n, -1, np.int32) for name in ("need", "source", "teller", "month", "need_met", "kind")}
    columns |= {"key": np.arange(n) * 7, "first": log.first, "service": log.code, "time": log.time}
    words = {f.name: () for f in fields(Record)} | {"service": STEPS, "organisation": ("a", "b", "c")}
    return Record(**{**columns, "organisation": organisation, "words": words})


def number_text(number: int) -> str:
    return "" if number < 0 else f"{number} "


def joined(first: str, second: str) -> str:
    return first + second


def stuck(number: int) -> str:
    if number == 3:
        raise BadInput("part three cannot be read")
    return number_text(number)


def third(number: int) -> float:
    return 1 / (number + 3)


def total(first: float, second: float) -> float:
    return first + second


@pytest.mark.parametrize("parts", [1, AT_ONCE, AT_ONCE + 1, AT_ONCE**2 + 1, 200])
def test_results_are_combined_in_the_order_of_the_parts(parts: int) -> None:
    assert mapreduce(number_text, range(parts), joined) == "".join(f"{number} " for number in range(parts))


def test_a_part_that_fails_says_why_and_no_part_is_a_mistake() -> None:
    with pytest.raises(BadInput, match="part three"):
        mapreduce(stuck, range(9), joined)
    with pytest.raises(ValueError, match="nothing to work on"):
        mapreduce(stuck, [], joined)


def on_scheduler(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("INSIGHT_SCHEDULER", address)
    product_settings.cache_clear()


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """For tests that set a scheduler: the setting is forgotten afterwards."""
    yield monkeypatch
    monkeypatch.undo()
    product_settings.cache_clear()


def test_a_scheduler_that_is_not_there_is_said_at_once(elsewhere: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed", reason="tests of a cluster need: pip install -r requirements-scale.txt")
    elsewhere.setattr("insight.scale.PATIENCE", 0.3)
    for address in ("tcp://127.0.0.1:9", "nonsense://x"):
        on_scheduler(elsewhere, address)
        with pytest.raises(NotReady, match="No Dask scheduler answers"):
            mapreduce(number_text, range(3), joined)
    on_scheduler(elsewhere, "tls://127.0.0.1:9")
    with pytest.raises(NotReady, match="certificates"):
        mapreduce(number_text, range(3), joined)


def test_without_dask_the_setting_says_what_to_install(elsewhere: pytest.MonkeyPatch) -> None:
    elsewhere.setitem(sys.modules, "distributed", None)
    on_scheduler(elsewhere, "tcp://127.0.0.1:9")
    with pytest.raises(NotReady, match=r"pip install -r requirements-scale\.txt"):
        mapreduce(number_text, range(3), joined)


def test_two_workers_give_what_one_process_gives(elsewhere: pytest.MonkeyPatch, tmp_path: Path) -> None:
    distributed = pytest.importorskip(
        "distributed", reason="tests of a cluster need: pip install -r requirements-scale.txt"
    )
    floats = mapreduce(third, range(100), total)
    options = {"processes": False, "dashboard_address": None, "host": "127.0.0.1", "protocol": "tcp"}
    with distributed.LocalCluster(n_workers=0, threads_per_worker=1, **options) as cluster:
        on_scheduler(elsewhere, cluster.scheduler_address)
        with elsewhere.context() as hurried, pytest.raises(NotReady, match="has no workers"):
            hurried.setattr("insight.scale.PATIENCE", 0.3)
            mapreduce(number_text, range(3), joined)
        cluster.scale(2)
        assert same(mapreduce(_mined_piece, range(11), combine), reduce(combine, map(_mined_piece, range(11))))
        assert mapreduce(third, range(100), total) == floats
        with pytest.raises(BadInput, match="part three"):
            mapreduce(stuck, range(9), joined)


def _mined_piece(seed: int) -> Mined:
    log, organisation = random_log(seed, 150)
    return mine(log, organisation, ("a", "b", "c"))
