"""From run to run: which themes of a new run are the lasting ones, which are new, gone, grown or split. Pure.

Themes are matched by the passages that both runs read, one to one, the most alike first, as clusters are followed
over time by Greene, Doyle and Cunningham (2010).
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int32]
Keys = npt.NDArray[np.int64]
Counts = npt.NDArray[np.int64]

NEW = -1
# Two themes may be one where they share at least this much of the passages of both (Jaccard) ...
ALIKE = 0.25
# ... and one came out of another where at least this share of it was there before.
MOSTLY = 0.5


@dataclass(frozen=True, slots=True)
class Match:
    """One theme of the new run. ``before`` is the theme of the earlier run that it is, or -1.

    ``split_from`` is set where it is new and mostly made of passages of a theme that goes on elsewhere; ``grown`` says
    how many times as many passages it has.
    """

    number: int
    before: int
    split_from: int | None
    grown: float | None


@dataclass(frozen=True, slots=True)
class Lineage:
    """The themes of a new run, and the earlier ones that nothing follows: (theme, the one it went into or None)."""

    matches: tuple[Match, ...]
    gone: tuple[tuple[int, int | None], ...]


def follow(
    before: tuple[Keys, Ints],
    after: tuple[Keys, Ints],
    known: tuple[Mapping[str, int], Mapping[str, int]] = ({}, {}),
) -> Lineage:
    """Match the themes of two runs; each is (passage keys (n,), theme of each or -1).

    ``known``: code of a known pain -> theme, before and after: these are the same whatever they share.
    """
    sizes_before, sizes_after = _sizes(before[1]), _sizes(after[1])
    both = _shared(before, after, (len(sizes_before), len(sizes_after)))
    pairs = _pairs(both, known)
    where = {new: old for old, new in pairs.items()}
    matches = tuple(
        _match(number, where.get(number, NEW), both, (sizes_before, sizes_after))
        for number in np.flatnonzero(sizes_after).tolist()
    )
    gone = tuple((old, _mostly(both[old])) for old in np.flatnonzero(sizes_before).tolist() if old not in pairs)
    return Lineage(matches, gone)


def _sizes(themes: Ints) -> Counts:
    return np.bincount(themes[themes >= 0], minlength=1)


def _shared(before: tuple[Keys, Ints], after: tuple[Keys, Ints], shape: tuple[int, int]) -> Counts:
    """Passages of each earlier theme in each new one, (earlier, new); words said twice in a story count once."""
    _, old, new = np.intersect1d(before[0], after[0], return_indices=True)
    themes = before[1][old], after[1][new]
    placed = (themes[0] >= 0) & (themes[1] >= 0)
    cells = themes[0][placed].astype(np.int64) * shape[1] + themes[1][placed]
    return np.bincount(cells, minlength=shape[0] * shape[1]).reshape(shape)


def _pairs(both: Counts, known: tuple[Mapping[str, int], Mapping[str, int]]) -> dict[int, int]:
    """Earlier theme -> new theme, one to one: known pains by their code, the others by what they share."""
    fixed = {known[0][code]: known[1][code] for code in known[0].keys() & known[1].keys()}
    alike = jaccard(both)
    alike[alike < ALIKE] = 0
    alike[list(known[0].values())] = 0
    alike[:, list(known[1].values())] = 0
    return fixed | dict(one_to_one(alike))


def jaccard(both: Counts) -> npt.NDArray[np.float64]:
    """Shared over all of both, among the passages that both runs placed, (earlier, new)."""
    union = both.sum(axis=1, keepdims=True) + both.sum(axis=0, keepdims=True) - both
    return np.asarray(both / np.maximum(union, 1), np.float64)


def one_to_one(alike: npt.NDArray[np.float64]) -> list[tuple[int, int]]:
    """Pairs of rows and columns, each once, the most alike first; ties to the lower numbers.

    Taking the best pair first is exact wherever a pair shares more than half of both, and near to it elsewhere; it also
    never gives up a clear pair to help two doubtful ones.
    """
    rows, columns = np.nonzero(alike)
    order = np.lexsort((columns, rows, -alike[rows, columns]))
    pairs: list[tuple[int, int]] = []
    taken_rows: set[int] = set()
    taken_columns: set[int] = set()
    for row, column in zip(rows[order].tolist(), columns[order].tolist(), strict=True):
        if row not in taken_rows and column not in taken_columns:
            pairs.append((row, column))
            taken_rows.add(row)
            taken_columns.add(column)
    return pairs


def _match(number: int, before: int, both: Counts, sizes: tuple[Counts, Counts]) -> Match:
    if before == NEW:
        return Match(number, NEW, _mostly(both[:, number]), None)
    return Match(number, before, None, round(float(sizes[1][number] / sizes[0][before]), 4))


def _mostly(shared: Counts) -> int | None:
    """Where most of a theme's shared passages are, on the other side."""
    total = int(shared.sum())
    most = int(shared.argmax()) if total else 0
    return most if total and shared[most] >= MOSTLY * total else None
