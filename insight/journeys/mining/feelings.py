"""How journeys feel from their first step to their last: the emotion curve with its simultaneous 95 % band.

Pure, numpy only. Formulas, sources and measured coverage: docs/methods.md.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from insight.journeys.mining.log import Longs
from insight.journeys.mining.means import Counts, Floats

LEAST_POINTS = 3
POINTS = 10  # at most so many points on a curve
LEAST_JOURNEYS = 10  # fewer journeys than this make no point
DRAWS = 10_000
WORST, BEST = -2.0, 2.0
# Added to a share or a variance that is zero but for rounding.
TINY = 1e-12


@dataclass(frozen=True)
class Curve:
    """b points of a curve: ``at`` 0 (first step) to 1 (last step), mean feeling, the band, and journeys, all (b,)."""

    at: Floats
    mean: Floats
    low: Floats
    high: Floats
    journeys: Counts


def relative_position(first: Longs) -> Floats:
    """Where each step stands in its journey, 0 for the first to 1 for the last, (s,); ``first`` is that of a log.

    The only step of a journey stands at 0: it is how the journey began, and nobody knows that it was to be the end.
    """
    lengths = np.diff(first)
    place = np.arange(first[-1]) - np.repeat(first[:-1], lengths)
    return np.asarray(place / np.repeat(np.maximum(lengths - 1, 1), lengths), float)


def points_for(journey: Longs, position: Floats) -> int:
    """How many points a curve of these steps can carry: as many as a quarter of the journeys have steps.

    From 3 to ``POINTS``: a journey of three steps says something of its beginning, middle and end.
    """
    if not len(journey):
        return 1
    steps = np.bincount(journey)
    longer = int(np.quantile(steps[steps > 0], 0.75))
    return min(max(longer, LEAST_POINTS), POINTS) if position.max() > 0 else 1


def emotion_curve(journey: Longs, position: Floats, feeling: npt.ArrayLike, points: int | None = None) -> Curve:
    """Mean feeling along the journey with a band that holds the whole curve 95 times in 100.

    ``journey`` numbers each felt step's journey from 0, ``position`` is 0 to 1, ``feeling`` -2 to 2, all (s,). A step
    counts to the nearest of the points, which stand evenly from 0 to 1. Points of fewer than ``LEAST_JOURNEYS``
    journeys are left out; nothing may be left. The same input gives the same band.
    """
    count = points or points_for(journey, position)
    sums, steps = _per_journey(journey, position, np.asarray(feeling, float), count)
    journeys = np.count_nonzero(steps, axis=0)
    kept = np.flatnonzero(journeys >= LEAST_JOURNEYS)
    sums, steps, journeys = sums[:, kept], steps[:, kept], journeys[kept]
    total = steps.sum(axis=0)
    mean = sums.sum(axis=0) / total
    down, up = _reach(sums, steps, mean, journeys)
    at = kept / max(count - 1, 1)
    return Curve(at, mean, np.maximum(mean - down, WORST), np.minimum(mean + up, BEST), journeys)


def nearest_point(position: Floats, count: int) -> Longs:
    """The number, from 0, of the point that each step counts to, (s,)."""
    return np.floor(position * (count - 1) + 0.5 + TINY).astype(np.int64)


def _per_journey(journey: Longs, position: Floats, feeling: Floats, count: int) -> tuple[Floats, Floats]:
    """Sum of feelings and number of steps per journey and point, (n, points) each."""
    n = int(journey.max(initial=-1)) + 1
    cell = journey * count + nearest_point(position, count)
    sums: Floats = np.bincount(cell, weights=feeling, minlength=n * count).astype(float)
    steps: Floats = np.bincount(cell, minlength=n * count).astype(float)
    return sums.reshape(n, count), steps.reshape(n, count)


def _reach(sums: Floats, steps: Floats, mean: Floats, journeys: Counts) -> tuple[Floats, Floats]:
    """How far the band reaches below and above each mean."""
    parts = steps / steps.sum(axis=0)
    off = (sums - mean * steps) / steps.sum(axis=0) / (1 - parts)
    covariance = off.T @ off
    error = np.sqrt(np.maximum(np.diag(covariance), 0))
    varied = error > TINY
    within = covariance[np.ix_(varied, varied)] / np.outer(error[varied], error[varied])
    freedom = float((1 / (parts[:, varied] ** 2).sum(axis=0)).min(initial=np.inf)) - 1
    half = error * (_simultaneous(within, freedom) if varied.any() else 0.0)
    # All told the same: of n journeys none differed, so at most 3 / n do (Hanley and Lippman-Hand 1983), by 4 at most.
    unseen = np.minimum(3 / np.maximum(journeys, 1), 1)
    return np.where(varied, half, unseen * (mean - WORST)), np.where(varied, half, unseen * (BEST - mean))


def _simultaneous(correlation: Floats, freedom: float) -> float:
    """The 95 % quantile of the largest |t| among so correlated points (sup-t, Montiel Olea and Plagborg-Moller 2019).

    A correlation that is singular, as of two points with the same journeys and feelings, is no hindrance.
    """
    values, vectors = np.linalg.eigh(correlation)
    normal, spread = _draws(len(correlation))
    drawn = normal @ (vectors * np.sqrt(np.maximum(values, 0))).T
    largest = np.abs(drawn).max(axis=1) / np.sqrt(_chi_squared_over(freedom, spread))
    return float(np.quantile(largest, 0.95))


def _chi_squared_over(freedom: float, normal: Floats) -> Floats:
    """Chi squared over its degrees of freedom from standard normal draws (Wilson and Hilferty 1931)."""
    ninth = 2 / (9 * freedom)
    return np.asarray(np.maximum(1 - ninth + normal * np.sqrt(ninth), TINY) ** 3)


@lru_cache(maxsize=POINTS)
def _draws(points: int) -> tuple[Floats, Floats]:
    """The same draws at every call, so that a picture drawn twice is the same picture."""
    chance = np.random.default_rng(20_19)
    return chance.standard_normal((DRAWS, points)), chance.standard_normal(DRAWS)
