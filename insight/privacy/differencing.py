"""What filters would give away together: counts that can be had by taking one shown count from another. Pure.

Somebody who looks with a filter and without it learns how many it left out. Filters cut journeys into groups: those
that fit the first and not the second, and so on. A count under filters may be shown if each of these groups is empty or
large enough (in the words of ``tables``: else the box that protects the small one has this count for a corner).
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations, product

import numpy as np
import numpy.typing as npt

from insight.privacy.rules import Protection
from insight.privacy.tables import Bools, Disclosed, Longs, Settled, Table, disclose

MOST_FILTERS = 4  # 16 counts; with more filters at once nothing is shown


def subsets(filters: int) -> Iterator[tuple[int, ...]]:
    """All choices of so many filters, none first, all of them last."""
    for size in range(filters + 1):
        yield from combinations(range(filters), size)


def apart(count: Callable[[tuple[int, ...]], npt.ArrayLike], filters: int, protection: Protection) -> Bools:
    """Which counts under all of so many filters give nothing away together with those under some of them.

    ``count(chosen)`` gives the counts under a choice of filters, whatever their shape, and the mask has that shape.
    """
    counts = {chosen: np.asarray(count(chosen), np.int64) for chosen in subsets(filters)}
    safe = np.ones(counts[()].shape, bool)
    for kept in product((None, False, True), repeat=filters):  # not looked at, does not fit, fits
        without = [at for at, fits in enumerate(kept) if fits is False]
        if without:
            fits = [at for at, one in enumerate(kept) if one]
            safe &= ~_tells(_group(counts, fits, without), protection)
    return safe


def _group(counts: dict[tuple[int, ...], Longs], fits: Sequence[int], without: Sequence[int]) -> Longs:
    """How many fit some filters and none of others, by inclusion and exclusion."""
    found = np.zeros_like(counts[()])
    for size in range(len(without) + 1):
        for also in combinations(without, size):
            found += (-1) ** size * counts[tuple(sorted((*fits, *also)))]
    return found


def _tells(counts: Longs, protection: Protection) -> Bools:
    """Counts that are too small to be known; that a filter leaves nobody out is no secret, zero or not."""
    return (counts >= 1) & (counts < protection.threshold)


def views(
    cells: Longs, filters: int, protection: Protection, cell_keys: Longs | None = None, secondary: bool = True
) -> dict[tuple[int, ...], Disclosed]:
    """A table of things of which each journey has one, under every choice of so many filters, as all can be shown.

    ``cells``: (..., 2, ..., 2), the last axes one for each filter: those who fit, and those who do not.
    """
    own = cells.ndim - filters
    found: dict[tuple[int, ...], Disclosed] = {}
    for chosen in subsets(filters):
        left = tuple(own + at for at in range(filters) if at not in chosen)
        counts = cells.sum(left)
        sums = None if cell_keys is None else cell_keys.sum(left)
        table = Table.of(counts, None, sums)
        found[chosen] = disclose(table, protection, _settled(table, own, chosen, found), secondary)
    return found


def _settled(table: Table, own: int, chosen: tuple[int, ...], found: dict[tuple[int, ...], Disclosed]) -> Settled:
    """What was decided for fewer filters; groups that do not fit a filter are shown to nobody."""
    known, hidden = np.zeros(table.cells.shape, bool), np.zeros(table.cells.shape, bool)
    unasked = np.zeros(table.cells.shape, bool)
    for turn, _at in enumerate(chosen):
        unasked[(slice(None),) * (own + turn) + (1,)] = True
    for fewer in subsets(len(chosen)):
        if len(fewer) < len(chosen):
            where = (slice(None),) * own + tuple(slice(None) if turn in fewer else 2 for turn in range(len(chosen)))
            told = found[tuple(chosen[turn] for turn in fewer)]
            known[where], hidden[where] = True, told.hidden
    return Settled(known, hidden, unasked)


def asked_of(found: Disclosed, own: int) -> Bools:
    """The cells of a view's table that somebody sees, or is told they are hidden: those who fit all its filters."""
    asked = np.zeros(found.values.shape, bool)
    asked[(slice(None),) * own + (0,) * (found.values.ndim - own)] = True
    return asked
