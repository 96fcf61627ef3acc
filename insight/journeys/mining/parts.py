"""Mining in parts: every part is counted alone, and the counts of two add up to exactly those of both together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from insight.columns import NONE
from insight.journeys.mining import paths
from insight.journeys.mining.counted import Pairs, Taken, added
from insight.journeys.mining.handoffs import moved
from insight.journeys.mining.histogram import Histogram
from insight.journeys.mining.log import NO_TIME, Bools, Ints, Log, Longs

STEP_COUNTS = ("events", "journeys", "repeated", "straight_repeats", "starts", "ends")
ONE = np.zeros(1, np.int64)  # where the one group of a spread goes


@dataclass(frozen=True)
class Mined:
    """What was counted in n journeys; :func:`combine` adds another's to it.

    ``names`` (k,) are the steps that occur, ``organisations`` those of handoffs, both in alphabetical order, so that
    the same journeys give the same arrays however they were parted. ``steps`` is (k, 6) with the columns
    ``STEP_COUNTS``. ``edges`` has how often a step followed another; ``handoffs`` how often one organisation passed on
    to another, how often the second one had the story told again, and how often it was said whether it had. ``lasted``
    is the time from first to last step in nanoseconds, one group. ``waited`` has the days people told they waited
    before each step; ``late`` (k, 2) how many of those waits were longer than promised, and how many had a promise.
    """

    journeys: int
    names: tuple[str, ...]
    steps: Longs
    edges: Pairs
    variants: Taken
    lasted: Histogram
    organisations: tuple[str, ...]
    handoffs: Pairs
    waited: Histogram
    late: Longs


@dataclass(frozen=True)
class Passed:
    """h handoffs: codes of the two organisations, time between in nanoseconds and whether it is known, each (h,).

    ``told_again`` is 1 where the story had to be told again, 0 where not, -1 where nobody said.
    """

    start: Ints
    end: Ints
    organisations: Sequence[str]
    gap: Longs
    timed: Bools
    told_again: npt.NDArray[np.integer]


@dataclass(frozen=True)
class Waited:
    """Days waited before each of e steps as told, and days promised; -1 where nobody said."""

    days: Ints
    promised: Ints


def mine(log: Log, organisation: Ints | None = None, organisations: Sequence[str] = ()) -> Mined:
    """Count everything in the journeys of a log; those without a step are counted as journeys and nowhere else.

    ``organisation`` (e,) says which of ``organisations`` each step was at, -1 where not known.
    """
    return mine_told(log, _passed(log, _untold(log) if organisation is None else organisation, organisations))


def mine_told(log: Log, passed: Passed, waited: Waited | None = None) -> Mined:
    """As :func:`mine`, where handoffs and waits were told rather than read from the steps."""
    waited = waited or Waited(_untold(log), _untold(log))
    code, names = _alphabetical(log.code, log.names)
    k = len(names)
    tidy = replace(log, code=code, names=names, first=np.unique(log.first))
    handoffs, organisations = _handoffs(passed)
    return Mined(
        journeys=log.journeys,
        names=names,
        steps=_steps(tidy),
        edges=_edges(tidy),
        variants=Taken.of(tidy),
        lasted=_lasted(tidy),
        organisations=organisations,
        handoffs=handoffs,
        waited=_waited(code, waited, k),
        late=_late(code, waited, k),
    )


def combine(first: Mined, second: Mined) -> Mined:
    """The counts of two groups of journeys that share none, as if they had been mined together."""
    names, here, there = _union(first.names, second.names)
    organisations, at, at_there = _union(first.organisations, second.organisations)
    return Mined(
        journeys=first.journeys + second.journeys,
        names=names,
        steps=added(len(names), first.steps, here, second.steps, there),
        edges=first.edges.together(here, second.edges, there, len(names)),
        variants=first.variants.together(here, second.variants, there, names),
        lasted=first.lasted.together(ONE, second.lasted, ONE, 1),
        organisations=organisations,
        handoffs=first.handoffs.together(at, second.handoffs, at_there, len(organisations)),
        waited=first.waited.together(here, second.waited, there, len(names)),
        late=added(len(names), first.late, here, second.late, there),
    )


def renamed(mined: Mined, names: Mapping[str, str], organisations: Mapping[str, str]) -> Mined:
    """The same counts under other names, no two of which may be the same."""
    steps = tuple(names[name] for name in mined.names)
    by = tuple(organisations[name] for name in mined.organisations)
    nothing = mine(Log(np.zeros(0, np.int32), np.zeros(1, np.int64), ()))
    return combine(replace(mined, names=steps, organisations=by), nothing)  # which puts them in order


def _alphabetical(code: Ints, names: Sequence[str]) -> tuple[Ints, tuple[str, ...]]:
    """The codes of the names that occur, in alphabetical order; -1 stays what it is."""
    used = np.unique(code[code >= 0]).tolist()
    kept = sorted({names[i] for i in used})
    place = {name: i for i, name in enumerate(kept)}
    new = np.full(len(names) + 1, -1, np.int32)  # the last place is where the code -1 looks
    new[used] = [place[names[i]] for i in used]
    return new[code], tuple(kept)


def _union(first: tuple[str, ...], second: tuple[str, ...]) -> tuple[tuple[str, ...], Longs, Longs]:
    """All names in alphabetical order, and where the names of each side now stand."""
    names = tuple(sorted({*first, *second}))
    place = {name: i for i, name in enumerate(names)}
    here, there = (np.array([place[name] for name in side], np.int64) for side in (first, second))
    return names, here, there


def _steps(log: Log) -> Longs:
    counts = paths.steps(log)
    columns = [counts.events, counts.journeys, counts.repeated, counts.straight, paths.starts(log), paths.ends(log)]
    return np.column_stack(columns)


def _edges(log: Log) -> Pairs:
    before = np.flatnonzero(log.followed[:-1])
    return Pairs.of(log.code[before], log.code[before + 1], len(log.names), *_after(log, before))


def _after(log: Log, before: Longs) -> tuple[Longs, Bools]:
    """Nanoseconds from these steps to the ones after them, and whether they count: both known, and not backward."""
    if log.time is None:
        return np.zeros(len(before), np.int64), np.zeros(len(before), bool)
    start, end = log.time[before], log.time[before + 1]
    known = (start != NO_TIME) & (end != NO_TIME) & (end >= start)
    return np.where(known, end - start, 0), known


def _lasted(log: Log) -> Histogram:
    time = np.full(len(log.code), NO_TIME) if log.time is None else log.time
    dated = np.flatnonzero(time != NO_TIME)
    begins = np.flatnonzero(np.diff(log.journey[dated], prepend=-1))
    if not len(begins):
        return Histogram.of(begins, begins, 1)
    lasted = np.maximum.reduceat(time[dated], begins) - np.minimum.reduceat(time[dated], begins)
    return Histogram.of(np.zeros(len(lasted), np.int64), lasted, 1)


def _untold(log: Log) -> Ints:
    return np.full(len(log.code), NONE, np.int32)


def _passed(log: Log, organisation: Ints, organisations: Sequence[str]) -> Passed:
    at = moved(log, organisation)
    untold = np.full(len(at), NONE, np.int8)
    return Passed(organisation[at], organisation[at + 1], organisations, *_after(log, at), untold)


def _handoffs(passed: Passed) -> tuple[Pairs, tuple[str, ...]]:
    both, names = _alphabetical(np.concatenate([passed.start, passed.end]), passed.organisations)
    start, end = both[: len(passed.start)], both[len(passed.start) :]
    marks = [passed.told_again == 1, passed.told_again >= 0]
    return Pairs.of(start, end, len(names), passed.gap, passed.timed, marks), names


def _waited(code: Ints, waited: Waited, k: int) -> Histogram:
    told = waited.days >= 0
    return Histogram.of(code[told].astype(np.int64), waited.days[told].astype(np.int64), k)


def _late(code: Ints, waited: Waited, k: int) -> Longs:
    promised = (waited.days >= 0) & (waited.promised >= 0)
    late = promised & (waited.days > waited.promised)
    return np.column_stack([np.bincount(code[of], minlength=k) for of in (late, promised)])
