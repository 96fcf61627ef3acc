"""Mining is exact: equal to pm4py's counts on invented logs, to slow and plain Python on real ones, and lawful."""

import json
import random
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from insight.journeys.mining import handoffs as passing
from insight.journeys.mining import log, paths
from insight.journeys.mining.frames import from_frame
from insight.journeys.mining.log import NO_TIME, Log, in_order, offsets
from insight.journeys.mining.parts import mine
from tests.conftest import shared

EXPECTED = Path(__file__).parent / "mining_expected"
NAMES = ("ask", "form", "wait", "told")


@dataclass
class Mined:
    edges: dict[tuple[str, str], int]
    variants: dict[tuple[str, ...], int]
    starts: dict[str, int]
    ends: dict[str, int]


def mined(made: Log) -> Mined:
    graph, ways = paths.edges(made), paths.variants(made)
    names = made.names
    return Mined(
        {
            (names[source], names[target]): count
            for source, target, count in zip(graph.source, graph.target, graph.count.tolist(), strict=True)
        },
        {made.steps_of(first): count for first, count in zip(ways.example, ways.count.tolist(), strict=True)},
        {names[code]: count for code, count in enumerate(paths.starts(made).tolist()) if count},
        {names[code]: count for code, count in enumerate(paths.ends(made).tolist()) if count},
    )


def plain(rows: Iterable[tuple[Hashable, str, Any]]) -> Mined:
    """The same by dictionaries and Python's own stable sort."""
    journeys: dict[Hashable, list[tuple[Any, str]]] = defaultdict(list)
    for journey, step, moment in rows:
        journeys[journey].append((moment, step))
    ways = [tuple(step for _, step in sorted(steps, key=lambda step: step[0])) for steps in journeys.values()]
    return Mined(
        Counter(pair for way in ways for pair in pairwise(way)),
        Counter(ways),
        Counter(way[0] for way in ways),
        Counter(way[-1] for way in ways),
    )


def log_of(ways: list[list[int]], times: list[int] | None = None) -> Log:
    code = np.array([code for way in ways for code in way], np.int32)
    moments = None if times is None else np.array(times, np.int64)
    return Log(code, offsets(np.array([len(way) for way in ways], np.int64)), NAMES, moments)


WAYS = st.lists(st.lists(st.integers(0, 3), max_size=12), max_size=15)
ROWS = st.lists(st.tuples(st.integers(0, 6), st.sampled_from(NAMES), st.integers(-3, 3)), max_size=60)


@pytest.mark.parametrize("name", ["ties", "one_step", "long", "nulls", "one_moment", "before_1970"])
def test_counts_are_the_oracles(name: str) -> None:
    held = json.loads((EXPECTED / f"{name}.json").read_text())
    frame = pd.DataFrame({column: held[column] for column in ("journey", "step", "seconds")})
    frame["at"] = pd.to_datetime(frame["seconds"], unit="s", utc=True)
    made, left_out = from_frame(frame, "journey", "step", "at")
    names = held["names"]
    assert mined(made) == Mined(
        {(names[source], names[target]): count for source, target, count in held["edges"]},
        {tuple(names[step] for step in steps): count for steps, count in held["variants"]},
        {names[step]: count for step, count in held["starts"]},
        {names[step]: count for step, count in held["ends"]},
    )
    assert sum(left_out.values()) == frame.isna().any(axis=1).sum()


@settings(max_examples=50, deadline=None)
@given(ROWS)
def test_mining_is_what_plain_python_finds(rows: list[tuple[int, str, int]]) -> None:
    frame = pd.DataFrame(rows, columns=["journey", "step", "day"])
    frame["at"] = pd.to_datetime(frame["day"].astype("int64"), unit="D")
    made, _ = from_frame(frame, "journey", "step", "at")
    assert mined(made) == plain(rows)
    assert paths.edges(made).count.sum() == len(rows) - made.journeys
    assert paths.variants(made).count.sum() == made.journeys


@settings(max_examples=50, deadline=None)
@given(WAYS, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_changes_nothing(ways: list[list[int]], chance: random.Random) -> None:
    rows = [(n, NAMES[code], at) for n, way in enumerate(ways) for at, code in enumerate(way)]
    mixed = chance.sample(rows, len(rows))
    first, second = (
        from_frame(pd.DataFrame(given_, columns=["journey", "step", "at"]), "journey", "step", order="at")[0]
        for given_ in (rows, mixed)
    )
    for name in ("of_journey", "count", "example"):
        assert np.array_equal(getattr(paths.variants(first), name), getattr(paths.variants(second), name))
    assert first.names == second.names and np.array_equal(first.code, second.code)


@settings(max_examples=50, deadline=None)
@given(WAYS, st.sampled_from([4, 40, 2**22, 2**31 - 2]))
@example([[], [1, 1, 1], [], [1, 1], [1, 1, 1, 1]], 4)
def test_variants_are_ranked_by_count_then_by_their_codes(ways: list[list[int]], names: int) -> None:
    """However many codes fit into one number, empty journeys are in no variant, and alike is exactly alike."""

    class Many(tuple[str, ...]):
        def __len__(self) -> int:
            return names

    made = log_of(ways)
    found = paths.variants(Log(made.code, made.first, Many()))
    expected = sorted(Counter(tuple(way) for way in ways if way).items(), key=lambda item: (-item[1], item[0]))
    assert found.count.tolist() == [count for _, count in expected]
    assert [tuple(ways[first]) for first in found.example] == [way for way, _ in expected]
    assert found.example.tolist() == [ways.index(list(way)) for way, _ in expected]
    rank = {way: number for number, (way, _) in enumerate(expected)}
    assert found.of_journey.tolist() == [rank.get(tuple(way), paths.NO_PATH) for way in ways]


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 5), st.integers(-2, 2), st.integers(0, 1)), min_size=1, max_size=80),
    st.sampled_from([1, 10**6, 10**9, 2**58]),
    st.sampled_from([1, 2**40, 2**59]),
    st.booleans(),
)
def test_steps_stand_by_time_then_order_then_as_given(
    rows: list[tuple[int, int, int]], apart: int, between: int, undated: bool
) -> None:
    """Whatever times and numbers of journeys there are: small, too wide to sort as one number, or no time at all."""
    journey, when, order = (np.array(column, np.int64) for column in zip(*rows, strict=True))
    when, journey = when * apart, journey * between
    if undated:
        when[::3] = NO_TIME
    expected = np.lexsort((np.arange(len(rows)), order, when, journey))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(log, "BLOCK", 7)  # several blocks, some longer than they should be
        made = in_order(journey, order.astype(np.int32), NAMES, when, order, keep_rows=True)
    assert made.row is not None and made.time is not None
    assert made.row.tolist() == expected.tolist()
    assert made.time.tolist() == when[expected].tolist()
    assert made.first.tolist() == [0, *np.cumsum(np.unique(journey, return_counts=True)[1]).tolist()]
    assert made.code.tolist() == order[expected].tolist()


FRAME = pd.DataFrame(
    {
        "journey": [12, 7, 12, 7, 12, 9],
        "step": ["form", "ask", "ask", "wait", "wait", "ask"],
        "at": pd.to_datetime(
            ["1969-12-31 23:59", "2024-02-29", "1969-12-30", "2024-02-29", "1970-01-01", "2024-03-31 01:30"],
            format="ISO8601",
        ),
    }
)
KINDS: list[tuple[str, Callable[[Any], Any]]] = [
    *(("journey", lambda ids, kind=kind: ids.astype(kind)) for kind in ("str", "object", "Int64", "float", "category")),
    *(("step", lambda steps, kind=kind: steps.astype(kind)) for kind in ("object", "category")),
    *(("at", lambda at, unit=unit: at.dt.as_unit(unit)) for unit in ("s", "ms", "us", "ns")),
    *(("at", lambda at, unit=unit: at.dt.as_unit(unit).dt.tz_localize("UTC")) for unit in ("us", "ns")),
    ("at", lambda at: at.dt.tz_localize("UTC").dt.tz_convert("Europe/London")),
    ("at", lambda at: at.dt.tz_localize("UTC").dt.tz_convert("Europe/Athens").map(lambda moment: moment.isoformat())),
    ("at", lambda at: at.astype("object")),
]


@pytest.mark.parametrize(("column", "changed"), KINDS)
def test_columns_may_be_of_any_kind(column: str, changed: Callable[[Any], Any]) -> None:
    made, left_out = from_frame(
        FRAME.assign(**{column: changed(FRAME[column])}), "journey", "step", "at", keep_rows=True
    )
    assert made.row is not None and made.time is not None and not any(left_out.values())
    assert mined(made) == plain(FRAME.itertuples(index=False, name=None))
    assert made.time.tolist() == FRAME["at"].dt.as_unit("ns").astype("int64")[made.row].tolist()
    assert [made.names[code] for code in made.code] == FRAME["step"][made.row].tolist()


def test_rows_that_name_no_journey_step_or_time_are_counted_and_left_out() -> None:
    frame = pd.DataFrame(
        {
            "journey": ["a", None, "a", "b", None, "b", "a", "a"],
            "step": ["ask", "ask", None, "form", None, "ask", "wait", "told"],
            "at": ["2024-01-01", "2024-01-01", "2024-01-01", "soon", "", "2024-01-02", "9999-12-31", "2023-01-01"],
        }
    )
    made, left_out = from_frame(frame, "journey", "step", "at", keep_rows=True)
    assert left_out == {"no_journey": 2, "no_step": 1, "no_time": 2}
    assert made.row is not None and made.row.tolist() == [7, 0, 5]
    untimed, left_out = from_frame(frame.assign(place=[2, 1, 1, 1, 1, 0, np.nan, 1]), "journey", "step", order="place")
    assert left_out == {"no_journey": 2, "no_step": 1}
    assert [untimed.steps_of(number) for number in range(2)] == [("told", "ask", "wait"), ("ask", "form")]
    nobody, left_out = from_frame(frame.iloc[1:2], "journey", "step", "at")
    assert nobody.journeys == 0 and left_out["no_journey"] == 1 and mined(nobody) == plain([])


@settings(max_examples=50, deadline=None)
@given(WAYS)
def test_repeated_and_straight_repeats(ways: list[list[int]]) -> None:
    found = paths.steps(log_of(ways))
    for code in range(len(NAMES)):
        assert found.events[code] == sum(way.count(code) for way in ways)
        assert found.journeys[code] == sum(code in way for way in ways)
        assert found.repeated[code] == sum(max(way.count(code) - 1, 0) for way in ways)
        assert found.straight[code] == sum(pair == (code, code) for way in ways for pair in pairwise(way))


@settings(max_examples=50, deadline=None)
@given(st.lists(st.lists(st.integers(-1, 3), max_size=9), max_size=9))
@example([[0, 1, 0], [0, 1, 2, 0], [0, 0, 1, -1, 0], [], [2, 2]])
def test_handoffs_and_bounces(ways: list[list[int]]) -> None:
    organisation = np.array([code for way in ways for code in way], np.int32)
    steps = [(n, place, way) for n, way in enumerate(ways) for place in range(len(way))]
    moves = [  # (index of the step before, journey, from, to, whether the journey had been there)
        (at, n, way[place], way[place + 1], way[place + 1] in way[:place])
        for at, (n, place, way) in enumerate(steps)
        if place + 1 < len(way) and -1 not in way[place : place + 2] and way[place] != way[place + 1]
    ]
    found = passing.handoffs(log_of([[0] * len(way) for way in ways]), organisation)
    columns = (found.at, found.journey, found.source, found.target, found.bounce)
    assert list(zip(*(column.tolist() for column in columns), strict=True)) == moves
    assert found.per_journey.tolist() == [sum(move[1] == n for move in moves) for n in range(len(ways))]
    assert found.bounces_per_journey.tolist() == [
        sum(move[1] == n and move[4] for move in moves) for n in range(len(ways))
    ]
    counted, back = passing.bounces(found), [move for move in moves if move[4]]
    times = Counter((source, target) for _, _, source, target, _ in back)
    journeys = Counter((source, target) for _, source, target in {move[1:4] for move in back})
    pairs = sorted(times)
    assert list(zip(counted.source.tolist(), counted.target.tolist(), strict=True)) == pairs
    assert counted.times.tolist() == [times[pair] for pair in pairs]
    assert counted.journeys.tolist() == [journeys[pair] for pair in pairs]


MOMENTS = st.one_of(st.just(NO_TIME), st.integers(-(2**60), 2**60), st.integers(0, 9).map(lambda day: day * log.DAY))


@settings(max_examples=50, deadline=None)
@given(st.lists(st.lists(st.tuples(st.integers(0, 1), MOMENTS), max_size=12), max_size=6))
def test_days_between_steps_are_spread_as_numpy_says(journeys: list[list[tuple[int, int]]]) -> None:
    times = [moment for steps in journeys for _, moment in steps]
    made = log_of([[code for code, _ in steps] for steps in journeys], times)
    days: dict[tuple[int, int], list[float]] = defaultdict(list)
    for at in np.flatnonzero(made.followed).tolist():
        passed = days[int(made.code[at]), int(made.code[at + 1])]
        if NO_TIME not in times[at : at + 2] and times[at + 1] >= times[at]:
            passed.append(float(times[at + 1] - times[at]) / log.DAY)
    counted = mine(made)
    names = [NAMES.index(name) for name in counted.names]
    pairs = [(names[i], names[j]) for i, j in zip(counted.edges.start, counted.edges.end, strict=True)]
    found = counted.edges.gap.spread(log.DAY)
    assert sorted(pairs) == sorted(days)
    assert found.n.tolist() == [len(days[pair]) for pair in pairs]
    for share, quantiles in ((0.5, found.median), (0.9, found.p90)):
        expected = [np.quantile(days[pair], share) if days[pair] else np.nan for pair in pairs]
        assert np.array_equal(quantiles, expected, equal_nan=True)
    assert found.total == pytest.approx([sum(days[pair]) for pair in pairs])


def test_a_journey_lasts_from_its_first_dated_step_to_its_last() -> None:
    days = [0, NO_TIME, 3, NO_TIME, 7, -2]
    made = log_of([[0, 1, 2], [], [0], [1], [2]], [day if day == NO_TIME else day * log.DAY for day in days])
    lasted = mine(made).lasted
    assert (lasted.value.tolist(), lasted.times.tolist()) == ([0, 3 * log.DAY], [2, 1])


@pytest.mark.parametrize(
    "file",
    ["permit_receipt.csv", "permits_municipality_1.csv.gz", "permits_municipality_2.csv.gz", "running-example.csv"],
)
def test_real_logs_are_mined_as_plain_python_would(file: str) -> None:
    columns = ["case:concept:name", "concept:name", "time:timestamp"]
    frame = pd.read_csv(shared(f"events/{file}"), usecols=columns, dtype=str)[columns]
    frame["time:timestamp"] = pd.to_datetime(frame["time:timestamp"], utc=True, format="ISO8601")
    made, left_out = from_frame(frame, *columns)
    assert mined(made) == plain(frame.dropna().itertuples(index=False, name=None))
    assert len(made.code) + sum(left_out.values()) == len(frame)


def test_paths_of_100000_journeys_are_found_at_once_whatever_their_length() -> None:
    chance = np.random.default_rng(4)
    lengths = np.append(chance.integers(1, 14, 100_000), [1000] * 3)
    code = np.where(chance.random(lengths.sum()) < 0.8, 1, chance.integers(0, 120, lengths.sum())).astype(np.int32)
    code[-3000:] = 1
    made = Log(code, offsets(lengths), tuple(map(str, range(120))))
    begun = time.process_time()
    found = paths.variants(made)
    assert time.process_time() - begun < 0.5
    assert found.count.sum() == 100_003 and set(found.of_journey[-3:].tolist()) == {found.of_journey[-1]}
    ways = Counter(code[first:end].tobytes() for first, end in pairwise(made.first.tolist()))
    assert sorted(found.count.tolist()) == sorted(ways.values())


@pytest.mark.parametrize(
    "ids",
    [
        ["case-2", "case-10", "case-2", "case-1"],
        ["case-2", "case-02", "case-2", "case-002"],
        ["07", "7", "07", "17"],
        ["a1", "b1", "a1", "a2"],
        ["case-5", "case--5", "case-5", "case-7"],
        ["x", "x1", "x", "x2"],
        ["9" * 19, "9" * 18, "9" * 19, "9" * 20],
        ["1.5", "1.50", "1.5", "2"],
        ["\u0661", "1", "\u0661", "2"],
        ["", "1", "", "2"],
    ],
)
def test_ids_that_end_in_numbers_are_told_apart_as_words_are(ids: list[str]) -> None:
    frame = pd.DataFrame({"journey": pd.Series(ids, dtype="str"), "step": ["a", "b", "c", "d"], "at": [1, 2, 3, 4]})
    made, left_out = from_frame(frame, "journey", "step", order="at")
    by_hand: dict[str, list[str]] = {}
    for journey, step in zip(ids, frame["step"], strict=True):
        by_hand.setdefault(journey, []).append(step)
    assert sorted(made.steps_of(number) for number in range(made.journeys)) == sorted(map(tuple, by_hand.values()))
    assert not any(left_out.values())
