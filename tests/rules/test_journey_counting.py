"""Every view of journeys counts what counting by hand counts, and hides what too few told."""

from collections import Counter, defaultdict
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from insight.errors import NotFound
from insight.journeys import comparing, grouping, listing, mapping, painful, passing, pathing, tabling, waiting
from insight.journeys.mapping import PhaseDrawn
from insight.journeys.mining.log import DAY, NO_TIME, offsets
from insight.journeys.mining.paths import variants
from insight.journeys.model import Grain
from insight.journeys.record import NOT_FELT, Record
from insight.journeys.shares import Counted, share
from insight.painpoints import ToldAt

SERVICES = ("Benefits", "GP", "Housing", "Repairs")
ORGANISATIONS = ("Council", "Homes", "NHS")
LEAST = 5


def made(seed: int = 3, journeys: int = 300) -> Record:
    """A record of random journeys, some without a step, some steps without a service, an organisation or a day."""
    rng = np.random.default_rng(seed)
    lengths = rng.integers(0, 6, journeys)
    steps = int(lengths.sum())

    def codes(size: int, kinds: int, least: int = -1) -> np.ndarray:
        return rng.integers(least, kinds, size).astype(np.int32)

    days = rng.integers(-400, 400, steps).cumsum() * DAY  # some of them before 1970
    return Record(
        key=np.arange(journeys, dtype=np.int64) + 100,
        first=offsets(lengths),
        need=codes(journeys, 2),
        source=codes(journeys, 1, 0),
        teller=codes(journeys, 2),
        month=codes(journeys, 3, 0),
        need_met=codes(journeys, 3),
        kind=codes(journeys, 2),
        position=np.concatenate([np.arange(n) for n in lengths]).astype(np.int32),
        service=codes(steps, 4),
        organisation=codes(steps, 3),
        channel=codes(steps, 2),
        sorted_out=codes(steps, 2),
        time=np.where(rng.random(steps) < 0.3, NO_TIME, days),
        feeling=np.where(rng.random(steps) < 0.2, NOT_FELT, rng.integers(-2, 3, steps)).astype(np.int8),
        waited=codes(steps, 40),
        promised=codes(steps, 20),
        told_again=codes(steps, 2).astype(np.int8),
        sent_elsewhere=codes(steps, 2).astype(np.int8),
        words={
            "service": SERVICES,
            "organisation": ORGANISATIONS,
            "channel": ("letter", "phone"),
            "need": ("caring", "housing"),
            "source": ("self_web",),
            "teller": ("carer", "self"),
            "month": ("2026-01", "2026-02", "2026-03"),
            "need_met": ("no", "too_early", "yes"),
            "sorted_out": ("no", "yes"),
        },
    )


RECORD = made()
KEPT = np.arange(300) % 5 != 0
COUNTED = Counted.of(KEPT)


def by_hand() -> list[list[int]]:
    """The rows of each kept journey's steps."""
    return [list(range(RECORD.first[j], RECORD.first[j + 1])) for j in np.flatnonzero(KEPT)]


def test_a_record_reads_back_as_written() -> None:
    again = Record.from_bytes(RECORD.to_bytes())
    assert again.words == RECORD.words
    assert all(np.array_equal(getattr(again, name), getattr(RECORD, name)) for name in ("key", "first", "time", "kind"))


def test_who_left_a_record_tells_nothing_any_more() -> None:
    gone = RECORD.without([100, 101, 399])
    assert not gone.present()[[0, 1, 299]].any()
    assert gone.present().sum() == 297
    rows = np.isin(gone.journey, [0, 1, 299])
    assert (gone.service[rows] == -1).all()
    assert (gone.feeling[rows] == NOT_FELT).all()
    only = made(journeys=1)
    assert only.without([100]).words["organisation"] == ("", "", "")


def test_the_map_by_place_in_the_journey() -> None:
    phases = mapping.count_phases(RECORD, COUNTED, (), lambda story, step: None, None)
    assert [phase.name for phase in phases][:2] == ["First step", "Second step"]
    for place, phase in enumerate(phases[:4]):
        rows = [steps[place] for steps in by_hand() if len(steps) > place]
        assert phase.journeys == len(rows)
        told = Counter(SERVICES[RECORD.service[row]] for row in rows if RECORD.service[row] >= 0)
        assert dict(phase.services) == {name: n for name, n in told.items() if n >= LEAST}
        felt = [int(RECORD.feeling[row]) for row in rows if RECORD.feeling[row] != NOT_FELT]
        assert phase.feeling is not None
        assert phase.feeling.mean == pytest.approx(np.mean(felt))
        again = [RECORD.told_again[row] for row in rows if RECORD.told_again[row] >= 0]
        assert phase.told_again is not None
        assert (phase.told_again.n, phase.told_again.of) == (sum(again), len(again))


def test_drawn_phases_gather_their_services_and_the_rest_comes_last() -> None:
    drawn = (PhaseDrawn("Asking", ("GP", "Benefits")), PhaseDrawn("Living", ("Housing",)))
    phases = mapping.count_phases(RECORD, COUNTED, drawn, lambda story, step: None, None)
    assert [phase.name for phase in phases] == ["Asking", "Living", "Other steps"]
    for phase, services in zip(phases, (("GP", "Benefits"), ("Housing",), ("Repairs",)), strict=True):
        codes = {SERVICES.index(name) for name in services} | ({-1} if services == ("Repairs",) else set())
        assert phase.journeys == sum(any(RECORD.service[row] in codes for row in steps) for steps in by_hand())


def test_handoffs_are_steps_in_a_row_at_different_organisations() -> None:
    found = passing.count_handoffs(RECORD, COUNTED)
    journeys: dict[tuple[int, int], set[int]] = defaultdict(set)
    times: Counter[tuple[int, int]] = Counter()
    for number, steps in enumerate(by_hand()):
        for before, after in pairwise(steps):
            pair = (int(RECORD.organisation[before]), int(RECORD.organisation[after]))
            if -1 not in pair and pair[0] != pair[1]:
                journeys[pair].add(number)
                times[pair] += 1
    counted = {(one.start, one.end): (one.journeys, one.times) for one in found.junctions}
    assert counted == {
        (ORGANISATIONS[a], ORGANISATIONS[b]): (len(who), times[a, b])
        for (a, b), who in journeys.items()
        if len(who) >= LEAST
    }
    assert found.per_journey == pytest.approx(sum(times.values()) / KEPT.sum())
    assert found.worst is found.junctions[0]
    assert found.passed_on is not None
    assert found.passed_on.n == len(set().union(*journeys.values()))


def test_coming_back_to_an_organisation_is_counted_once_per_journey() -> None:
    found = passing.count_handoffs(RECORD, COUNTED)
    back: dict[tuple[str, str], set[int]] = defaultdict(set)
    for number, steps in enumerate(by_hand()):
        stays = [int(RECORD.organisation[row]) for row in steps if RECORD.organisation[row] >= 0]
        stays = [code for place, code in enumerate(stays) if place == 0 or stays[place - 1] != code]
        for place, code in enumerate(stays):
            if code in stays[:place]:
                back[ORGANISATIONS[code], ORGANISATIONS[stays[place - 1]]].add(number)
    assert {(to, start): n for to, start, n in found.bounces} == {
        pair: len(who) for pair, who in back.items() if len(who) >= LEAST
    }
    assert found.bounced is not None
    assert found.bounced.n == len(set().union(*back.values()))


def test_paths_starts_and_ends() -> None:
    log = RECORD.log("service")
    found = pathing.count_paths(RECORD, log, variants(log), COUNTED, Grain.SERVICE)
    walked = [tuple(SERVICES[RECORD.service[row]] for row in steps if RECORD.service[row] >= 0) for steps in by_hand()]
    walked = [path for path in walked if path]
    whole = Counter(walked)
    assert {one.steps: one.share.n for one in found.variants} == {path: n for path, n in whole.items() if n >= LEAST}
    assert found.all_variants == len(whole)
    assert found.hidden_variants == sum(n for n in whole.values() if n < LEAST)
    assert {name: one.n for name, one in found.starts} == Counter(path[0] for path in walked)
    assert {name: one.n for name, one in found.ends} == Counter(path[-1] for path in walked)
    moves = Counter((place, a, b) for path in walked for place, (a, b) in enumerate(pairwise(path)))
    assert {(f.place, f.start, f.end): f.journeys for f in found.flows} == {
        move: n for move, n in moves.items() if n >= LEAST
    }
    assert found.hidden_moves == sum(n for n in moves.values() if n < LEAST)
    loops = {
        name: (sum(path.count(name) > 1 for path in walked), sum(name in path for path in walked)) for name in SERVICES
    }
    assert {name: (one.n, one.of) for name, one in found.loops} == {
        name: counts for name, counts in loops.items() if counts[0] >= LEAST
    }


def test_waits_as_told_and_by_date() -> None:
    found = waiting.count_waits(RECORD, COUNTED)
    told: dict[str, list[int]] = defaultdict(list)
    between: dict[tuple[str, str], list[int]] = defaultdict(list)
    for steps in by_hand():
        for row in steps:
            if RECORD.service[row] >= 0 and RECORD.waited[row] >= 0:
                told[SERVICES[RECORD.service[row]]].append(int(RECORD.waited[row]))
        for before, after in pairwise(steps):
            codes, times = RECORD.service[[before, after]], RECORD.time[[before, after]]
            if (codes >= 0).all() and (times != NO_TIME).all():
                days = max(int(times[1] // DAY - times[0] // DAY), 0)
                between[SERVICES[codes[0]], SERVICES[codes[1]]].append(days)
    assert {row.end: (row.waited.median, row.waited.total) for row in found.by_service} == {
        name: (np.median(days), sum(days)) for name, days in told.items()
    }
    by_date = {(row.start or "", row.end): row.waited.n for row in found.between}
    assert by_date
    assert all(len(between[pair]) == n for pair, n in by_date.items())


def test_what_nobody_told_of_waiting_is_taken_from_the_dates() -> None:
    days, known = RECORD.days_before
    assert np.array_equal(days[known], RECORD.waited[RECORD.waited >= 0])
    days, known = replace(RECORD, waited=np.full_like(RECORD.waited, -1)).days_before
    by_hand = {
        after: max(0.0, (RECORD.time[after] - RECORD.time[before]) / DAY)
        for start, end in pairwise(RECORD.first.tolist())
        for before, after in pairwise(range(start, end))
        if NO_TIME not in (RECORD.time[before], RECORD.time[after])
    }
    assert {row: days[row] for row in np.flatnonzero(known).tolist()} == by_hand


def test_two_groups_that_are_one_do_not_differ_and_two_that_do_are_told_apart() -> None:
    same = comparing.compare_groups(RECORD, COUNTED, COUNTED)
    assert same.first == same.second == KEPT.sum()
    assert not any(measure.differs for measure in same.measures)
    long = np.diff(RECORD.first) >= 4
    apart = comparing.compare_groups(RECORD, Counted.of(~long), Counted.of(long))
    steps = next(measure for measure in apart.measures if measure.unit == "number")
    assert steps.differs
    assert steps.first == pytest.approx(np.diff(RECORD.first)[~long].mean())
    assert steps.low is not None
    assert steps.low > 0


def test_a_pain_point_sits_on_the_handoffs_around_the_steps_it_is_told_of() -> None:
    story, step = RECORD.key[RECORD.journey], RECORD.position
    told = ToldAt("A pain", "hurts", np.append(story[::7], 100), np.append(step[::7], np.int32(-1)))
    found = painful.place_pain(RECORD, lambda chosen: told, 0, 4)
    rows = set(range(0, len(step), 7))
    moved = np.flatnonzero(RECORD.passed_on)
    on = [row for row in moved.tolist() if row in rows or row + 1 in rows]
    names: Counter[tuple[str, str]] = Counter()
    for pair in {(RECORD.journey[r], RECORD.organisation[r], RECORD.organisation[r + 1]) for r in on}:
        names[ORGANISATIONS[pair[1]], ORGANISATIONS[pair[2]]] += 1
    assert {(a, b): n for a, b, n in found.junctions} == {pair: n for pair, n in names.items() if n >= LEAST}
    assert found.whole_story is None  # one story said it of no step


def test_the_last_page_is_shown_for_one_beyond_it() -> None:
    pages = listing.list_journeys(RECORD, KEPT, 99)
    assert pages.page == pages.pages == 12
    assert len(pages.lines) == 240 - 11 * 20
    first = listing.list_journeys(RECORD, KEPT, 1).lines[0]
    assert first.number == 299


@pytest.mark.parametrize(
    ("n", "of", "told"), [(4, 4, None), (0, 50, (None, 50)), (4, 50, (None, 50)), (5, 50, (5, 50))]
)
def test_a_share_hides_few(n: int, of: int, told: tuple[int | None, int] | None) -> None:
    found = share(n, of)
    assert (None if found is None else (found.n, found.of)) == told
    if found is not None and found.n is None:
        assert found.share == 5 / 50
        assert found.low == 0


def test_a_table_hides_what_the_screen_hides() -> None:
    few = np.zeros(300, bool)
    few[:4] = True
    phases = tabling.records(passing.count_handoffs(RECORD, Counted.of(few)))
    assert phases == []


CONDITIONS: dict[str, np.ndarray] = {
    "rare": np.arange(300) % 60 != 0,  # leaves five journeys out, and fewer from almost every number
    "GP": np.isin(np.arange(300), RECORD.journey[RECORD.service == 1]),
    "caring": RECORD.need == 0,
}


def counts_of(counted: Counted) -> dict[tuple[str, ...], int]:
    """Every count of journeys that the views show, by what it is of."""
    found: dict[tuple[str, ...], int | None] = {}
    log = RECORD.log("service")
    for phase in mapping.count_phases(RECORD, counted, (), lambda story, step: None, None):
        found[phase.name, "journeys"] = phase.journeys
        for name in ("services", "organisations", "channels"):
            found |= {(phase.name, name, told): n for told, n in getattr(phase, name)}
        for name in ("late", "told_again", "passed_on", "ended_here", "feeling"):
            found[phase.name, name] = getattr(getattr(phase, name), "n", None)
            found[phase.name, name, "of"] = getattr(getattr(phase, name), "of", None)
    paths = pathing.count_paths(RECORD, log, variants(log), counted, Grain.SERVICE)
    found |= {("path", *one.steps): one.share.n for one in paths.variants}
    found |= {("flow", str(one.place), one.start, one.end): one.journeys for one in paths.flows}
    for name in ("starts", "ends", "loops"):
        found |= {(name, told): one.n for told, one in getattr(paths, name)}
    handoffs = passing.count_handoffs(RECORD, counted)
    for one in handoffs.junctions:
        found |= {(one.start, one.end): one.journeys, (one.start, one.end, "hurt"): one.hurt.n if one.hurt else None}
    found |= {("back", *pair): n for *pair, n in handoffs.bounces}
    waits = waiting.count_waits(RECORD, counted)
    for row in (*waits.by_service, *waits.between):
        found |= {
            (row.start or "", row.end): row.journeys,
            (row.start or "", row.end, "late"): row.late.n if row.late else None,
        }
    found |= {("stopped", name): one.n for name, one in waits.stopped_at}
    kinds = grouping.count_kinds(RECORD, counted, {"middle": [0, 1]}, lambda story, kind: ())
    found |= {("kind", str(one.number)): one.share.n for one in kinds.kinds}
    return {name: n for name, n in found.items() if n is not None}


@pytest.mark.parametrize("names", [("rare",), ("GP",), ("caring",), ("GP", "caring")])
def test_no_count_in_a_view_tells_how_few_a_filter_leaves_out(names: tuple[str, ...]) -> None:
    conditions, everybody = [CONDITIONS[name] for name in names], np.ones(300, bool)
    inside = counts_of(Counted.of(everybody, conditions))
    openly = counts_of(Counted.of(np.logical_and.reduce(conditions)))
    wider = [counts_of(Counted.of(everybody))]
    if len(conditions) == 2:
        wider += [counts_of(Counted.of(everybody, [one])) for one in conditions]
    tells = {name for one in wider for name in openly.keys() & one.keys() if 1 <= one[name] - openly[name] < LEAST}
    for one in wider:
        assert not [name for name, n in inside.items() if 1 <= one.get(name, n) - n < LEAST]
    assert len(inside) > 20
    assert tells, "without it, there would be something to tell"


def test_rows_that_add_up_hide_another_beside_a_small_one() -> None:
    kind = np.array([0] * 40 + [1] * 30 + [2] * 2, np.int32)
    record = replace(made(journeys=72), kind=kind)
    found = grouping.count_kinds(record, Counted.of(np.ones(72, bool)), {"middle": [0, 1, 2]}, lambda story, kind: ())
    assert {one.number: one.share.n for one in found.kinds} == {0: 40}, "72 less 40 and 30 would be 2"


def test_two_groups_that_differ_by_few_are_not_compared() -> None:
    most, all_but_3 = np.arange(300) < 200, np.arange(300) < 197
    found = comparing.compare_groups(RECORD, Counted.of(most), Counted.of(all_but_3))
    assert (found.first, found.second) == (None, None)
    assert all(one.first is None and one.second is None for one in found.measures)
    assert found.curves[0].points == found.curves[1].points == ()
    apart = comparing.compare_groups(RECORD, Counted.of(most), Counted.of(np.arange(300) < 195))
    assert (apart.first, apart.second) == (200, 195)
    lengths = next(one for one in apart.measures if one.unit == "number")
    assert lengths.first is not None


def test_a_pain_point_is_not_placed_where_a_filter_leaves_few_out() -> None:
    story, step = RECORD.key[RECORD.journey], RECORD.position
    whole, most = ToldAt("A pain", "hurts", story, step), ToldAt("A pain", "hurts", story[6:], step[6:])
    with pytest.raises(NotFound):
        painful.place_pain(RECORD, lambda chosen: most if chosen else whole, 1, 4)
    assert painful.place_pain(RECORD, lambda chosen: whole, 1, 4).services
