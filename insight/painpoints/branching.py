"""Fewer or more themes: which themes join first, and where each would be cut next. Worker only: it loads scipy."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.cluster.hierarchy import linkage

Ints = npt.NDArray[np.int32]
Reals = npt.NDArray[np.float64]

LEAST = 12  # passages on each side of a cut
ALIKE = 0.8  # cosine between the two sides from which a cut would part nothing
MOST_TIMES = 3  # at most this many times as many themes as were found
OTHER_KIND = 1.0  # what themes of another kind (hurts, helps) stand further apart: they join last
ROUNDS = 8


@dataclass(frozen=True)
class Branches:
    """Themes and their parts, numbered on from the themes.

    ``leaf`` (n,): the finest part of each passage, a theme's own number where it is not cut, -1 for none.
    ``cuts`` (c, 3): what is cut, and its two parts, in the order in which cutting tells most. ``joins``
    (themes - 1, 3): two that join, and the number of what they become, the most alike first.
    """

    leaf: Ints
    cuts: Ints
    joins: Ints


def grow(vectors: npt.NDArray[np.float32], labels: Ints, kinds: list[str]) -> Branches:
    """From passages' vectors (n, d), their themes (n,) and each theme's kind."""
    leaf, cuts = _cut(vectors, labels, len(kinds))
    return Branches(leaf, cuts, _join(vectors, labels, kinds, len(kinds) + 2 * len(cuts)))


def _join(vectors: npt.NDArray[np.float32], labels: Ints, kinds: list[str], following: int) -> Ints:
    """Average linkage (Sokal and Michener 1958) of the themes' centres by cosine."""
    if len(kinds) < 2:
        return np.zeros((0, 3), np.int32)
    centres = np.stack([_unit(vectors[labels == theme].astype(np.float64).sum(axis=0)) for theme in range(len(kinds))])
    apart = np.round(1 - centres @ centres.T, 6)
    apart += OTHER_KIND * (np.array(kinds)[:, None] != np.array(kinds)[None, :])
    steps = linkage(apart[np.triu_indices(len(kinds), 1)], "average")
    number = [*range(len(kinds)), *range(following, following + len(steps))]
    return np.array(
        [(number[int(a)], number[int(b)], number[len(kinds) + row]) for row, (a, b) in enumerate(steps[:, :2])],
        np.int32,
    )


def _cut(vectors: npt.NDArray[np.float32], labels: Ints, themes: int) -> tuple[Ints, Ints]:
    """Cut in two, again and again, what loses most scatter by it (bisecting k-means: Steinbach et al. 2000)."""
    leaf = labels.astype(np.int32).copy()
    open_cuts = {theme: cut for theme in range(themes) if (cut := _in_two(vectors, leaf, theme)) is not None}
    cuts: list[tuple[int, int, int]] = []
    while open_cuts and len(cuts) < (MOST_TIMES - 1) * themes:
        part = max(open_cuts, key=lambda number: (open_cuts[number][0], -number))
        _gain, rows, second = open_cuts.pop(part)
        first_number = themes + 2 * len(cuts)
        leaf[rows] = np.where(second, first_number + 1, first_number)
        cuts.append((part, first_number, first_number + 1))
        for number in (first_number, first_number + 1):
            found = _in_two(vectors, leaf, number)
            if found is not None:
                open_cuts[number] = found
    return leaf, np.array(cuts, np.int32).reshape(-1, 3)


def _in_two(
    vectors: npt.NDArray[np.float32], leaf: Ints, number: int
) -> tuple[float, npt.NDArray[np.int64], npt.NDArray[np.bool_]] | None:
    """The better two halves of a part: how much nearer its passages are to them, its rows, and which are in the second.

    None where a half would be too small, or both would be much the same.
    """
    rows = np.flatnonzero(leaf == number)
    if len(rows) < 2 * LEAST:
        return None
    inside = vectors[rows].astype(np.float64)
    whole = _unit(inside.sum(axis=0))
    second = _side(inside, whole)
    for _ in range(ROUNDS):
        if not LEAST <= second.sum() <= len(rows) - LEAST:
            return None
        halves = np.stack([_unit(inside[~second].sum(axis=0)), _unit(inside[second].sum(axis=0))])
        near = np.round(inside @ halves.T, 6)
        moved = near[:, 1] > near[:, 0]
        if np.array_equal(moved, second):
            break
        second = moved
    if not LEAST <= second.sum() <= len(rows) - LEAST or float(halves[0] @ halves[1]) > ALIKE:
        return None
    return round(float(near.max(axis=1).sum() - (inside @ whole).sum()), 4), rows, second


def _side(inside: Reals, whole: Reals) -> npt.NDArray[np.bool_]:
    """Which side of the middle each row is on, along the direction in which the rows are spread most."""
    rest = inside - np.outer(inside @ whole, whole)
    direction = rest[int(np.argmax(np.round((rest * rest).sum(axis=1), 6)))]
    for _ in range(ROUNDS):
        direction = _unit(rest.T @ (rest @ direction))
    return np.asarray(np.round(rest @ direction, 6) > 0)


def _unit(row: Reals) -> Reals:
    length = float(np.sqrt((row * row).sum()))
    return row / length if length > 0 else row
