"""The moment whose feeling goes with the outcome most: relative weights of touchpoints. Pure, numpy only.

It goes with the outcome; nothing here shows that it causes it. Formulas, sources and measured error: docs/methods.md.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt
from threadpoolctl import threadpool_limits

from insight.journeys.mining.log import Ints, Longs
from insight.journeys.mining.means import Floats

LEAST_VISITS = 30
MOST_TOUCHPOINTS = 60  # the time grows with their square; the least visited beyond it are left out
LEAST_JOURNEYS_EACH = 3  # journeys to each number that is fitted: below it, the split would be of noise
BUNDLES = 200
DRAWS = 200
Z_ONE_SIDED = 1.6448536269514722
# Of a feeling's variance, as much must be left once visits and length are taken out.
TINY = 1e-6


class WhyNot(StrEnum):
    """Why no moment is shown."""

    FEW_VISITS = "few_visits"  # fewer than two touchpoints where enough journeys with an outcome told a feeling
    FEW_JOURNEYS = "few_journeys"  # too few journeys for so many touchpoints
    ONE_OUTCOME = "one_outcome"  # all journeys ended alike
    NO_CLEAR_FIRST = "no_clear_first"  # none is clearly ahead of the one after it, or of chance


@dataclass(frozen=True)
class Weighed:
    """m touchpoints, the weightiest first: ``touchpoint`` codes, ``visits`` (journeys), and the ``share`` of what
    feelings explain of the outcome with its 95 % interval ``low`` to ``high``, all (m,).

    ``explained`` is R squared of all of them, after visits and length. ``why_not`` None: the first may be shown.
    """

    touchpoint: Longs
    visits: Longs
    share: Floats
    low: Floats
    high: Floats
    explained: float
    why_not: WhyNot | None


def weigh(journey: Longs, touchpoint: Ints, feeling: npt.ArrayLike, outcome: Floats, length: Longs) -> Weighed:
    """Which touchpoint's feeling goes with the outcome most.

    ``journey``, ``touchpoint`` codes and ``feeling`` are those of the felt steps, (s,); ``outcome`` (0 to 1, or -2 to
    2; NaN where not told) and ``length``, all steps whether felt or not, are (n,). The outcome is fitted on the mean
    feeling at each touchpoint, once which touchpoints a journey visited and its length are taken out of both, and R
    squared is split by Johnson's relative weights (2000). The interval is by drawing bundles of journeys again.
    """
    told = ~np.isnan(outcome)
    steps = told[journey]
    renumbered = (np.cumsum(told) - 1)[journey[steps]]
    cells = _Cells(renumbered, touchpoint[steps], np.asarray(feeling, float)[steps], int(told.sum()))
    y, lengths = outcome[told], length[told]
    why_not = _cannot(cells, y)
    if why_not:
        return _nothing(why_not)
    with threadpool_limits(1):  # where another page is being drawn, a second thread waits for it at every small step
        whole, *drawn = _drawn(cells, y, lengths)
    shares = np.array([_shares(one) for one in drawn])
    return _ranked(cells, whole, shares, len(y))


def _drawn(cells: "_Cells", outcome: Floats, lengths: Longs) -> Floats:
    """The weights of all journeys first, then those of each draw."""
    count, width = len(cells.kept), 2 * len(cells.kept) + 3
    grams = np.stack([gram.ravel() for gram in _grams(cells, outcome, lengths)])
    again = np.random.default_rng(2000).poisson(1, (DRAWS, len(grams))).astype(float)
    weights = np.concatenate([grams.sum(axis=0)[None], again @ grams]).reshape(-1, width, width)
    return _weights(weights, count)


class _Cells:
    """What each journey felt at each touchpoint that at least ``LEAST_VISITS`` of them felt something at."""

    def __init__(self, journey: Longs, touchpoint: Ints, feeling: Floats, journeys: int) -> None:
        self.journeys = journeys
        width = int(touchpoint.max(initial=-1)) + 1
        cell, inverse = np.unique(journey * max(width, 1) + touchpoint, return_inverse=True)
        mean = np.bincount(inverse, weights=feeling) / np.maximum(np.bincount(inverse), 1)
        visits = np.bincount(cell % max(width, 1), minlength=width)
        ranked = np.argsort(-visits, kind="stable")[:MOST_TOUCHPOINTS]
        self.kept = np.sort(ranked[visits[ranked] >= LEAST_VISITS])
        self.visits = visits[self.kept]
        place = np.full(width + 1, -1)
        place[self.kept] = np.arange(len(self.kept))
        column = place[cell % max(width, 1)]
        self.row, self.column, self.mean = (cell // max(width, 1))[column >= 0], column[column >= 0], mean[column >= 0]


def _cannot(cells: _Cells, outcome: Floats) -> WhyNot | None:
    if len(cells.kept) < 2:
        return WhyNot.FEW_VISITS
    if len(outcome) < LEAST_JOURNEYS_EACH * (2 * len(cells.kept) + 2):
        return WhyNot.FEW_JOURNEYS
    return WhyNot.ONE_OUTCOME if np.ptp(outcome) == 0 else None


def _nothing(why_not: WhyNot) -> Weighed:
    none, zero = np.zeros(0, np.int64), np.zeros(0)
    return Weighed(none, none, zero, zero, zero, 0.0, why_not)


def _grams(cells: _Cells, outcome: Floats, length: Longs) -> Iterator[Floats]:
    """Sums of products of all columns, for each bundle of journeys: 1, length, visits, feelings, outcome.

    Journeys are drawn again by the bundle, since a hundred draws of single journeys would take a hundred times as long.
    """
    chance = np.random.default_rng(0)
    bundles = min(BUNDLES, len(outcome))
    bundle = chance.permutation(np.arange(len(outcome)) % bundles)
    order = np.argsort(bundle, kind="stable")
    place = np.empty(len(outcome), np.int64)
    place[order] = np.arange(len(outcome))
    by_bundle = np.argsort(place[cells.row], kind="stable")
    row, column, mean = place[cells.row][by_bundle], cells.column[by_bundle], cells.mean[by_bundle]
    starts = np.concatenate([[0], np.cumsum(np.bincount(bundle))])
    cuts = np.searchsorted(row, starts)
    count = len(cells.kept)
    for number in range(bundles):
        rows, steps = slice(starts[number], starts[number + 1]), slice(cuts[number], cuts[number + 1])
        table = np.zeros((starts[number + 1] - starts[number], 2 * count + 3), np.float32)
        table[:, 0], table[:, 1], table[:, -1] = 1, np.log(np.maximum(length[order[rows]], 1)), outcome[order[rows]]
        table[row[steps] - starts[number], 2 + column[steps]] = 1
        table[row[steps] - starts[number], 2 + count + column[steps]] = mean[steps]
        yield (table.T @ table).astype(float)


def _weights(sums: Floats, count: int) -> Floats:
    """Johnson's relative weights of the feelings from sums of products (draws, columns, columns): (draws, m).

    Visits and length are taken out first; the weights of a draw then add up to its R squared.
    """
    held = 2 + count
    size = np.trace(sums[:, :held, :held], axis1=1, axis2=2)[:, None, None] / held
    fitted = np.linalg.solve(sums[:, :held, :held] + 1e-9 * size * np.eye(held), sums[:, :held, held:])
    left = sums[:, held:, held:] - sums[:, held:, :held] @ fitted
    spread = np.diagonal(left, axis1=1, axis2=2)
    varied = spread > TINY * np.maximum(np.diagonal(sums, axis1=1, axis2=2)[:, held:], TINY)
    scale = np.where(varied, 1 / np.sqrt(np.where(varied, spread, 1)), 0)
    correlation = left * scale[:, :, None] * scale[:, None, :]
    places = np.arange(count)
    correlation[:, places, places] = 1
    return relative_weights(correlation[:, :-1, :-1], correlation[:, :-1, -1])


def relative_weights(correlation: Floats, with_outcome: Floats) -> Floats:
    """R squared split among predictors (Johnson 2000): their correlations (..., m, m), and with the outcome (..., m).

    With R = Q L Q' and H = Q sqrt(L) Q', weight i is the sum over k of H_ik squared times (inverse H r)_k squared.
    """
    values, vectors = np.linalg.eigh(correlation)
    root = np.sqrt(np.maximum(values, TINY))[..., None, :]
    turned = np.swapaxes(vectors, -1, -2)
    loadings = (vectors * root) @ turned
    slopes = (vectors / root) @ (turned @ with_outcome[..., None])
    weights: Floats = (loadings**2 @ slopes**2)[..., 0]
    return weights


def _shares(weights: Floats) -> Floats:
    return np.asarray(weights / max(float(weights.sum()), TINY**2))


def _ranked(cells: _Cells, weights: Floats, drawn: Floats, journeys: int) -> Weighed:
    """``drawn`` (draws, m) are the shares of each draw."""
    shares = _shares(weights)
    order = np.argsort(-shares, kind="stable")
    low, high = np.quantile(drawn[:, order], [0.025, 0.975], axis=0)
    ahead = np.quantile(drawn[:, order[0]] - drawn[:, order[1]], 0.025)
    explained = float(weights.sum())
    clear = low[0] > shares[order[1]] and ahead > 0 and not _by_chance(explained, len(weights), journeys)
    why_not = None if clear else WhyNot.NO_CLEAR_FIRST
    return Weighed(cells.kept[order], cells.visits[order], shares[order], low, high, explained, why_not)


def _by_chance(explained: float, touchpoints: int, journeys: int) -> bool:
    """Whether so much is explained by chance once in 20 times: chi squared (Wilson and Hilferty 1931)."""
    ninth = 2 / (9 * touchpoints)
    expected = touchpoints * (1 - ninth + Z_ONE_SIDED * np.sqrt(ninth)) ** 3
    free = journeys - 2 * touchpoints - 2
    return bool(free * explained <= expected * (1 - explained))
