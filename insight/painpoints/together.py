"""Which themes are told together: in the same journeys, more often than by chance. Pure."""

from dataclasses import dataclass

import numpy as np

from insight.painpoints.cube import Cube, Scope
from insight.painpoints.judging import SURE, Floats, Longs, Told, at_least, q_values, told
from insight.painpoints.rules import Z95
from insight.privacy import least_shown, shown

LENGTHS = (1, 2, 3, 4, 5, 7, 11, 21)  # passages from which journeys count as longer
LEAST_EXPECTED = 1e-6  # journeys, where rounding leaves none


@dataclass(frozen=True, slots=True)
class Pair:
    """Two themes, the smaller number first, and the journeys that tell of both.

    ``lift`` is how many times as many those are as chance would have among journeys of like length, with its 95 %
    interval; ``q`` the share of false alarms among pairs that are at least as sure. ``together`` says that q is below
    .05.
    """

    first: int
    second: int
    journeys: int
    of_first: int
    of_second: int
    expected: float
    lift: float
    low: float
    high: float
    q: float
    together: bool


def together(cube: Cube, within: Scope) -> tuple[Pair, ...]:
    """Pairs of themes that enough journeys tell of, those that go together most surely first.

    A long journey tells of more of everything. So a pair is held to what chance has among journeys of like length (2,
    3, 4, 5-6, 7-10, 11-20 passages, more), in the manner of Mantel and Haenszel (1959). All pairs of themes that are
    large enough are one family of tests, whatever may be shown of them.
    """
    who = told(cube, within)
    large = np.flatnonzero(who.journeys >= least_shown())
    first, second, both = _pairs(who, large)
    expected, variance = _by_chance(cube, within, who, first, second)
    tested = len(large) * (len(large) - 1) // 2
    p = np.ones(tested)  # a pair that nobody tells of is no more than chance
    p[: len(both)] = at_least(both, expected, variance)
    q = q_values(p)
    lift, low, high = lifts(both, expected, variance)
    found = [
        Pair(
            first=int(who.numbers[first[at]]),
            second=int(who.numbers[second[at]]),
            journeys=int(both[at]),
            of_first=int(who.journeys[first[at]]),
            of_second=int(who.journeys[second[at]]),
            expected=float(expected[at]),
            lift=float(lift[at]),
            low=float(low[at]),
            high=float(high[at]),
            q=float(q[at]),
            together=bool(q[at] < SURE),
        )
        for at in range(len(both))
        if shown(int(both[at])) is not None
    ]
    return tuple(sorted(found, key=lambda pair: (pair.q, -pair.lift, pair.first, pair.second)))


def _pairs(who: Told, large: Longs) -> tuple[Longs, Longs, Longs]:
    """The pairs of large themes that any journey tells of: rows of the first, of the second, and the journeys."""
    kept = np.isin(who.theme, large)
    order = np.argsort(who.story[kept], kind="stable")  # themes ascend within a story
    story, theme = who.story[kept][order], who.theme[kept][order]
    themes, found, apart = len(who.numbers), [np.zeros(0, np.int64)], 1
    while (same := story[apart:] == story[:-apart]).any():
        found.append(theme[:-apart][same] * themes + theme[apart:][same])
        apart += 1
    keys, both = np.unique(np.concatenate(found), return_counts=True)
    return keys // max(themes, 1), keys % max(themes, 1), both


def _by_chance(cube: Cube, within: Scope, who: Told, first: Longs, second: Longs) -> tuple[Floats, Floats]:
    """Expected journeys of each pair and their variance, summed over journeys of like length.

    Of n journeys with k passages each, the shares P and Q tell of the two themes. If passages spoke of themes whatever
    the others of their journey speak of, each with chance p = 1 - (1 - P)^(1/k), then P + Q - 1 + (1 - p - q)^k would
    tell of both. That is less than P Q, since a passage that speaks of the one cannot speak of the other. The variance
    is that of a count with given margins, expected x (1 - P) (1 - Q), with P and Q of all journeys: where few are of a
    length, their own would make chance look narrower than it is.
    """
    passages = np.bincount(cube.passage_story[within.passages], minlength=who.stories)
    length = np.searchsorted(LENGTHS, passages, side="right")
    n = np.bincount(length, minlength=len(LENGTHS) + 1)
    mean_length = np.bincount(length, weights=passages, minlength=len(n)) / np.maximum(n, 1)
    share = who.by(length, len(n)) / np.maximum(n, 1)
    expected = np.zeros(len(first))
    for at, k in enumerate(mean_length):
        if k < 2:  # nobody tells of two things in one passage
            continue
        a_passage = 1 - (1 - share[:, at]) ** (1 / k)
        neither = np.maximum(1 - a_passage[first] - a_passage[second], 0) ** k
        expected += n[at] * np.maximum(share[first, at] + share[second, at] - 1 + neither, 0)
    expected = np.maximum(expected, LEAST_EXPECTED)
    silent = 1 - who.journeys / max(int(n[1:].sum()), 1)
    return expected, expected * np.maximum(silent[first] * silent[second], LEAST_EXPECTED)


def lifts(both: Longs, expected: Floats, variance: Floats) -> tuple[Floats, Floats, Floats]:
    """Journeys over expected ones with low and high: log lift +- z sqrt(variance / (expected x journeys)).

    The count's variance is taken to grow with it as it does by chance, and carried to the logarithm (delta method).
    """
    lift = both / expected
    half = Z95 * np.sqrt(variance / (expected * both))
    return lift, lift * np.exp(-half), lift * np.exp(half)
