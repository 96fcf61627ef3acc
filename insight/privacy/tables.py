"""Tables of counts with small numbers hidden, so that no hidden one can be worked out from the others. Pure.

A hidden number is safe if the table could just as well be another one: one that differs from it by one journey at the
corners of a box, and in nothing that is shown. Every hidden number gets such a box; where its corners are not hidden
yet, they are (secondary suppression), the cheapest box first. What an attacker can work out from the table, by linear
programming or otherwise, then leaves each hidden number at least two values.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np
import numpy.typing as npt

from insight.privacy.rounding import rounded
from insight.privacy.rules import Protection, protection

HIDDEN = -1

Bools = npt.NDArray[np.bool_]
Longs = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Table:
    """Counts of journeys. Along an axis that ``adds``, every journey is in one place at most, and the last is the sum.

    Make it with :meth:`of`. ``cell_keys`` (as ``cells``) are sums of record keys, wanted where counts are rounded. A
    journey can be at several services and tell of several themes: such axes do not add, and have no sum.
    """

    cells: Longs
    adds: tuple[bool, ...]
    cell_keys: Longs | None = None

    @classmethod
    def of(
        cls, counts: npt.ArrayLike, adds: tuple[bool, ...] | None = None, cell_keys: npt.ArrayLike | None = None
    ) -> "Table":
        """A table of counts without sums; every axis adds unless ``adds`` says otherwise."""
        cells = np.asarray(counts, np.int64)
        adding = (True,) * cells.ndim if adds is None else adds
        summed = None if cell_keys is None else _with_sums(np.asarray(cell_keys, np.int64), adding)
        return cls(_with_sums(cells, adding), adding, summed)


@dataclass(frozen=True)
class Disclosed:
    """A table as it is shown, sums included: ``values`` are ``HIDDEN`` where ``hidden``.

    ``small`` are those hidden for themselves, the other hidden ones protect them; where the table is ``refused``, which
    are which is not told either.
    """

    values: Longs
    hidden: Bools
    small: Bools
    adds: tuple[bool, ...]
    protection: Protection
    refused: bool = False

    def number(self, *at: int) -> int | None:
        """The number in one place, None where it is hidden."""
        return None if self.hidden[at] else int(self.values[at])


@dataclass(frozen=True)
class Settled:
    """What was decided for some cells of a table before: they stay as they were. Masks as the table's cells.

    ``unasked`` cells are shown to nobody whatever is decided, so that to hide them costs nothing.
    """

    known: Bools
    hidden: Bools
    unasked: Bools


def disclose(table: Table, protection: Protection, settled: Settled | None = None, secondary: bool = True) -> Disclosed:
    """A table as its audience may see it: small numbers hidden, others with them, the rest rounded.

    Where no box protects a hidden number, everything that is not settled is refused. ``secondary`` is for tests alone:
    without it small numbers can be worked out.
    """
    small = table.cells < protection.threshold
    hidden = small.copy() if settled is None else np.where(settled.known, settled.hidden | small, small)
    refused = False
    if secondary and protection.threshold > 1 and any(table.adds):
        boxed = _with_others(table, protection, small, hidden, settled)
        refused = boxed is None
        hidden = _all_but(settled, hidden) if boxed is None else boxed
    values = table.cells
    if protection.base > 1:
        if table.cell_keys is None:
            raise ValueError("a table that is rounded needs its cell keys")
        values = rounded(values, table.cell_keys, protection.base)
    return Disclosed(np.where(hidden, HIDDEN, values), hidden, small, table.adds, protection, refused)


def row(
    counts: npt.ArrayLike, protect: Protection | None = None, withheld: npt.ArrayLike | None = None
) -> tuple[int | None, ...]:
    """The counts of things of which each journey has one at most, whose sum is known to all; None where hidden.

    Without ``protect`` as people inside the place see them. ``withheld`` (as ``counts``) are hidden for other reasons.
    """
    cells, asked = np.asarray(counts, np.int64), protect or protection()
    away = np.zeros(len(cells), bool) if withheld is None else np.asarray(withheld, bool)
    small = cells < asked.threshold
    if not away.any() and not (small & (cells >= asked.least)).any():
        return tuple(None if few else int(n) for n, few in zip(cells, small, strict=True))
    hidden = _paired(cells, small, away, asked)
    return tuple(None if away_from_view else int(n) for n, away_from_view in zip(cells, hidden, strict=True))


def _paired(cells: Longs, small: Bools, away: Bools, asked: Protection) -> Bools:
    """What has to be hidden of a row whose sum is known: each hidden number needs one that may take what it gives.

    The same as :func:`disclose` of such a row, whose boxes are pairs, at a twentieth of the time: a board has hundreds.
    """
    hidden = small | away
    may_rise = ~small | (cells + 1 < asked.threshold)
    may_fall = np.where(small, cells >= 1, cells > asked.threshold)
    price = np.where(hidden, 0, np.where(away, np.inf, cells + 1.0))
    for at in np.flatnonzero(hidden & (cells >= asked.least)):
        rising = np.where(may_fall, price, np.inf) if may_rise[at] else np.full(len(cells), np.inf)
        falling = np.where(may_rise, price, np.inf) if may_fall[at] else np.full(len(cells), np.inf)
        rising[at] = falling[at] = np.inf
        best = rising if rising.min() <= falling.min() else falling
        other = int(best.argmin())
        if not np.isfinite(best[other]):
            return np.ones_like(hidden)
        hidden[other], price[other] = True, 0
    return np.asarray(hidden)


def _with_sums(cells: Longs, adds: tuple[bool, ...]) -> Longs:
    for axis, adding in enumerate(adds):
        if adding:
            cells = np.concatenate([cells, cells.sum(axis, keepdims=True)], axis)
    return cells


def _all_but(settled: Settled | None, hidden: Bools) -> Bools:
    return np.ones_like(hidden) if settled is None else hidden | ~settled.known


def _with_others(
    table: Table, protection: Protection, small: Bools, hidden: Bools, settled: Settled | None
) -> Bools | None:
    """What has to be hidden so that every hidden number has its box; None where one cannot have any."""
    hidden, unasked = hidden.copy(), np.zeros_like(small) if settled is None else settled.unasked
    boxes = _Boxes(table, protection, small, unasked)
    price = (table.cells + 1).astype(float)
    if settled is not None:
        price[settled.known] = np.inf
    price[hidden | unasked] = 0
    for at in np.argwhere(hidden & (table.cells >= np.where(unasked, 1, protection.least))):
        corners = boxes.cheapest(tuple(at.tolist()), price)
        if corners is None:
            return None
        for corner in corners:
            hidden[corner], price[corner] = True, 0
    return hidden


class _Boxes:
    """The boxes of a table: one journey more at some corners and one fewer at the others, with every sum in order."""

    def __init__(self, table: Table, protection: Protection, small: Bools, unasked: Bools):
        cells, limit = table.cells, protection.threshold
        self.shape = cells.shape
        self.axes = [axis for axis, adding in enumerate(table.adds) if adding]
        self.may_rise = ~small | unasked | (cells + 1 < limit)
        self.may_fall = np.where(small | unasked, cells >= 1, cells > limit)

    def cheapest(self, at: tuple[int, ...], price: Floats) -> list[tuple[int, ...]] | None:
        """The corners of the cheapest box at a cell; None where there is none."""
        ways = [self._prices(at, price, rise) for rise in (True, False)]
        best = min(ways, key=lambda prices: float(prices.min()))
        if not np.isfinite(best.min()):
            return None
        across = dict(zip(self.axes, np.unravel_index(int(best.argmin()), best.shape), strict=True))
        other = tuple(int(across.get(axis, here)) for axis, here in enumerate(at))
        return [tuple(corner) for corner in product(*({a, b} for a, b in zip(at, other, strict=True)))]

    def _prices(self, at: tuple[int, ...], price: Floats, rise: bool) -> Floats:
        """What each box at a cell costs, by the place of the opposite corner."""
        whole = np.zeros([self.shape[axis] for axis in self.axes])
        for across in self._sides():
            where = tuple(slice(None) if axis in across else here for axis, here in enumerate(at))
            sign = np.ones([1] * len(self.axes))
            for turn, axis in enumerate(self.axes):
                if axis in across:
                    along = [-1 if other == turn else 1 for other in range(sign.ndim)]
                    sign = sign * self._signs(at[axis], axis).reshape(along)
            seen = tuple(self.shape[axis] if axis in across else 1 for axis in self.axes)
            rises = (sign > 0) == rise
            may = np.where(rises, self.may_rise[where].reshape(seen), self.may_fall[where].reshape(seen))
            whole = whole + np.where(may & (sign != 0), price[where].reshape(seen), np.inf)
        return whole

    def _sides(self) -> Iterator[set[int]]:
        for chosen in product((False, True), repeat=len(self.axes)):
            yield {axis for axis, across in zip(self.axes, chosen, strict=True) if across}

    def _signs(self, here: int, axis: int) -> Longs:
        """Along an axis: how a cell changes when this one gets one more; 0 where it cannot be the other corner."""
        last = self.shape[axis] - 1
        signs = np.full(last + 1, 1 if here == last else -1, np.int64)
        signs[last], signs[here] = 1, 0
        return signs
