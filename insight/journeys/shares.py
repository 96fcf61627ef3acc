"""Counts of journeys as the screens show them: small numbers hidden, shares and means with their intervals. Pure."""

import numpy as np
import numpy.typing as npt

from insight.columns import NONE
from insight.journeys.mining.log import Bools, Ints, Longs
from insight.journeys.mining.means import Estimate, mean, median_and_p90
from insight.journeys.model import Days, Mean, Share
from insight.painpoints.rules import wilson
from insight.privacy import shown
from insight.settings import settings

MOST_NAMES = 5


def share(n: int, of: int) -> Share | None:
    """``n`` of ``of`` with Wilson's interval. None where the whole is too small; a small ``n`` is told only as such."""
    if shown(of) is None:
        return None
    told = shown(n)
    low, high = wilson(n if told else settings().threshold_inside - 1, of)
    if told is None:
        return Share(None, of, min(settings().threshold_inside / of, 1.0), 0.0, float(high))
    return Share(n, of, n / of, float(low), float(high))


def mean_of(values: npt.NDArray[np.float64]) -> Mean | None:
    """The mean over journeys with its interval, where enough journeys told it."""
    found = mean(values)
    return None if found is None or shown(found.n) is None else as_mean(found)


def as_mean(found: Estimate) -> Mean:
    """An estimate in the words of the screens."""
    return Mean(found.value, found.low, found.high, found.n)


def days_of(days: npt.NDArray[np.float64], journeys: int) -> Days | None:
    """Days in short, where enough journeys told them."""
    if shown(journeys) is None:
        return None
    median, p90 = median_and_p90(days)
    return Days(median, p90, float(days.sum()), len(days))


def distinct(journey: Longs) -> int:
    """How many journeys some steps belong to; the steps stand in order of their journeys."""
    return int(np.count_nonzero(np.diff(journey))) + 1 if len(journey) else 0


def journeys_by_code(journey: Longs, code: Ints, length: int) -> npt.NDArray[np.int64]:
    """Distinct journeys per code, (length,); steps without one (-1) count nowhere."""
    told = code != NONE
    pairs = np.unique(journey[told] * max(length, 1) + code[told])
    return np.bincount(pairs % max(length, 1), minlength=length)


def ranked(
    counts: npt.NDArray[np.int64], names: tuple[str, ...], most: int = MOST_NAMES
) -> tuple[tuple[str, int], ...]:
    """(name, journeys), most first; those with too few are left out."""
    order = np.argsort(-counts, kind="stable")[:most]
    return tuple((names[code], int(counts[code])) for code in order if shown(int(counts[code])) is not None)


def mean_by_journey(journey: Longs, value: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The mean value of each journey that has one: steps within a journey are alike, so journeys are averaged."""
    if not len(journey):
        return np.zeros(0)
    first = np.flatnonzero(np.r_[True, journey[1:] != journey[:-1]])
    means: npt.NDArray[np.float64] = np.add.reduceat(value, first) / np.diff(np.r_[first, len(journey)])
    return means


def any_by_journey(journey: Longs, said: Bools) -> tuple[int, int]:
    """Of the journeys of some steps, how many said yes at one of them: (yes, all)."""
    return distinct(journey[said]), distinct(journey)
