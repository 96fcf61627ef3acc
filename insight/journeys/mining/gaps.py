"""The days between steps, and how long journeys take. Steps without a time are left out, and counted."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from insight.journeys.mining.log import DAY, NO_TIME, Bools, Ints, Log, Longs, offsets
from insight.journeys.mining.paths import numbered

Floats = npt.NDArray[np.float64]

P90 = 0.9


@dataclass(frozen=True)
class Spread:
    """Per group: how many values, their median and 90th percentile (not a number where there are none), and sum."""

    n: Longs
    median: Floats
    p90: Floats
    total: Floats


@dataclass(frozen=True)
class Gaps:
    """Days from a step to the one right after it, per pair of steps, by ``source``, then ``target``.

    ``share`` is of the days of all pairs together, 0 to 1. ``undated`` moves have a time missing; ``backward`` ones are
    dated before the step that they follow. Neither is in the days.
    """

    source: Ints
    target: Ints
    days: Spread
    share: Floats
    undated: int
    backward: int


def gaps(log: Log) -> Gaps:
    """The days between steps of a log with times. ValueError without."""
    names = len(log.names)
    move = np.flatnonzero(log.followed[:-1])
    days, dated = days_after(log, move)
    forward = dated & (days >= 0)
    move, days = move[forward], days[forward]
    pair = log.code[move].astype(np.int64) * names + log.code[move + 1]
    found, number = numbered(pair, names * names)
    spread_ = spread(number, days, len(found))
    everything = spread_.total.sum()
    return Gaps(
        (found // max(names, 1)).astype(np.int32),
        (found % max(names, 1)).astype(np.int32),
        spread_,
        spread_.total / everything if everything else np.zeros(len(found)),
        int(np.count_nonzero(~dated)),
        int(np.count_nonzero(dated & ~forward)),
    )


def days_after(log: Log, steps: Longs) -> tuple[Floats, Bools]:
    """Days from each of these steps, by index, to the one after it, and whether both are dated. ValueError without
    times."""
    time = _times(log)
    before, after = time[steps], time[steps + 1]
    dated = (before != NO_TIME) & (after != NO_TIME)
    return np.where(dated, after - before, 0) / DAY, dated


def durations(log: Log) -> Floats:
    """Days from each journey's first dated step to its last, (n,); not a number where none is. ValueError without
    times."""
    time = _times(log)
    dated = np.flatnonzero(time != NO_TIME)
    journey = log.journey[dated]
    days = np.full(log.journeys, np.nan)
    if len(dated):
        begins = np.flatnonzero(np.diff(journey, prepend=-1))
        earliest, latest = (edge.reduceat(time[dated], begins) for edge in (np.minimum, np.maximum))
        days[journey[begins]] = (latest - earliest) / DAY
    return days


def spread(group: npt.NDArray[np.integer], value: Floats, groups: int) -> Spread:
    """How the values (m,) of each group, 0 to ``groups`` - 1, spread. The percentiles are numpy's, interpolated."""
    n = np.bincount(group, minlength=groups)
    narrow = group.astype(np.min_scalar_type(max(groups - 1, 0)))  # 16 bits sort by counting
    ordered = value[np.argsort(narrow, kind="stable")]
    first = offsets(n)
    for begin, end in zip(first[:-1].tolist(), first[1:].tolist(), strict=True):
        ordered[begin:end].sort()
    total = np.zeros(groups)
    told = np.flatnonzero(n)
    if len(told):
        total[told] = np.add.reduceat(ordered, first[told])
    return Spread(n, quantile(ordered, n, 0.5), quantile(ordered, n, P90), total)


def quantile(ordered: Floats, n: Longs, share: float) -> Floats:
    """One quantile of each group when groups of ``n`` values stand one after the other, each sorted; NaN of none.

    Interpolated linearly, and rounded as ``numpy.quantile`` does: R. Hyndman and Y. Fan (1996), definition 7.
    """
    found = np.full(len(n), np.nan)
    told = np.flatnonzero(n)
    place = (n[told] - 1) * share
    below = np.floor(place).astype(np.int64)
    part = place - below
    first = offsets(n)[told]
    low, high = ordered[first + below], ordered[first + np.minimum(below + 1, n[told] - 1)]
    found[told] = np.where(part < 0.5, low + (high - low) * part, high - (high - low) * (1 - part))
    return found


def _times(log: Log) -> Longs:
    if log.time is None:
        raise ValueError("this log has no times")
    return log.time
