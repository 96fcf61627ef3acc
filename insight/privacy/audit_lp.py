"""The attacker: what can be worked out of published tables by linear programming. Worker and command line only (scipy).

Each group of journeys is an unknown number; each published count is a sum of them, between the values that it can have
been rounded from; each hidden one is small or is not. The least and the greatest value of each hidden count follow by
linear programming (HiGHS); it is recovered where only one whole number lies between them. Fischetti and Salazar (2000),
"Models and algorithms for optimizing cell suppression", J. Am. Stat. Assoc. 95, 916-928.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from scipy.optimize import linprog
from scipy.sparse import csr_array, kron, vstack

from insight.privacy.tables import Disclosed

NEAR = 1e-6
MOST_LOOKS = 24

Floats = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Recovered:
    """A hidden count that can be worked out: which (table, cell), and what it is."""

    table: int
    cell: tuple[int, ...]
    count: int


@dataclass(frozen=True, slots=True)
class Audit:
    """What an audit found: how many tables, cells published or hidden, cells nobody may know, and those worked out."""

    tables: int
    cells: int
    suppressed: int
    recovered: tuple[Recovered, ...]

    def facts(self) -> dict[str, int]:
        """The verdict in numbers."""
        return {
            "tables": self.tables,
            "cells": self.cells,
            "suppressed": self.suppressed,
            "recovered": len(self.recovered),
        }


@dataclass(frozen=True)
class Published:
    """A table as shown, and which unknown groups each of its cells sums, (cells, groups), cells in C order.

    ``asked`` are the cells that were shown or refused; the others are known to be nobody's business, and are attacked
    all the same.
    """

    shown: Disclosed
    groups: csr_array
    asked: npt.NDArray[np.bool_] | None = None


@dataclass
class _Known:
    """What the attacker knows: least <= groups summed <= most."""

    rows: list[csr_array] = field(default_factory=list)
    least: list[Floats] = field(default_factory=list)
    most: list[Floats] = field(default_factory=list)

    def add(self, one: Published) -> None:
        least, most = bounds(one.shown)
        told = np.ones(least.shape, bool) if one.asked is None else one.asked
        chosen = np.flatnonzero(told.ravel())
        self.rows.append(one.groups[chosen])
        self.least.append(least.ravel()[chosen])
        self.most.append(most.ravel()[chosen])


def bounds(shown: Disclosed) -> tuple[Floats, Floats]:
    """Between what each count must lie by what is shown of it alone, and by knowing how numbers are hidden."""
    limit, base = shown.protection.threshold, shown.protection.base
    below = shown.small & (not shown.refused)
    above = ~shown.small & (not shown.refused)
    least = np.where(shown.hidden, np.where(above, limit, 0), np.maximum(shown.values - base + 1, limit))
    most = np.where(shown.hidden, np.where(below, limit - 1, np.inf), shown.values + base - 1)
    return least.astype(float), most.astype(float)


def sums_of(shape: Sequence[int], adds: Sequence[bool]) -> csr_array:
    """Which cells of a table without sums each cell of the table with sums adds up, (cells with, cells without)."""
    found = csr_array(np.ones((1, 1)))
    for length, adding in zip(shape, adds, strict=True):
        axis = csr_array(np.vstack([np.eye(length), np.ones((1, length))]) if adding else np.eye(length))
        found = csr_array(kron(found, axis))
    return found


def audit(published: Sequence[Published], truth: npt.ArrayLike, apart: int = 1) -> Audit:
    """Attack tables together. ``truth``: the unknown groups as they are, to start from and to name what is recovered.

    The attacker does not know the truth: it only spares us from asking for bounds that are seen to be wide anyway.
    A count is recovered where the least and the greatest whole number it can be are less than ``apart`` apart: 1 asks
    for exact values only, more for those that are narrowed down to few.
    """
    groups = np.asarray(truth, float).ravel()
    known = _Known()
    for one in published:
        known.add(one)
    secrets = [_secret(one, one.groups @ groups) for one in published]
    attack = _Attack(known, groups, looks=min(sum(map(len, secrets)) // 20, MOST_LOOKS))
    recovered: list[Recovered] = []
    cells = suppressed = 0
    for number, (one, secret) in enumerate(zip(published, secrets, strict=True)):
        counts = one.groups @ groups
        suppressed += len(secret)
        cells += int(counts.size if one.asked is None else one.asked.sum())
        for at in secret:
            if attack.width(one.groups[[at]].toarray()[0], apart) < apart:
                place = tuple(int(i) for i in np.unravel_index(at, one.shown.values.shape))
                recovered.append(Recovered(number, place, round(float(counts[at]))))
    return Audit(len(published), cells, suppressed, tuple(recovered))


def audit_rows(one: Published, truth: npt.ArrayLike) -> Audit:
    """As :func:`audit` of one table whose last axis alone adds up: each row is a sum of its own.

    The program's answer is then known without solving it: a cell is least where the others are as large as they can be,
    and the sum as small as it can be. ``truth``: the counts without sums.
    """
    counts = np.asarray(one.groups @ np.asarray(truth, float).ravel())
    least, most = bounds(one.shown)
    least, most = least.reshape(-1, least.shape[-1]), most.reshape(-1, most.shape[-1])
    cells, total = slice(0, -1), slice(-1, None)
    low, high = np.empty_like(least), np.empty_like(most)
    low[:, cells] = np.maximum(least[:, cells], least[:, total] - _others(most[:, cells]))
    high[:, cells] = np.minimum(most[:, cells], most[:, total] - _others(least[:, cells]))
    low[:, total] = np.maximum(least[:, total], least[:, cells].sum(1, keepdims=True))
    high[:, total] = np.minimum(most[:, total], most[:, cells].sum(1, keepdims=True))
    secret = _secret(one, counts)
    known = [at for at in secret if high.flat[at] - low.flat[at] < 1]
    shape = one.shown.values.shape
    recovered = tuple(Recovered(0, tuple(map(int, np.unravel_index(at, shape))), round(counts[at])) for at in known)
    return Audit(1, counts.size, len(secret), recovered)


def _others(values: Floats) -> Floats:
    """For each cell of each row the sum of the others in the row, (k, n); infinite values among them are infinite."""
    finite = np.isfinite(values)
    sums = np.where(finite, values, 0).sum(1, keepdims=True) - np.where(finite, values, 0)
    endless = (~finite).sum(1, keepdims=True) - ~finite
    return np.where(endless > 0, np.inf, sums)


def _secret(one: Published, counts: Floats) -> Longs:
    """The cells that must not be worked out: those hidden, and groups left out by a filter that are small.

    Of a refused table those that are large enough are no secret: other tables may say them openly.
    """
    protect, shown = one.shown.protection, one.shown
    hidden = (shown.hidden & (shown.small | (not shown.refused))).ravel() & (counts >= protect.least)
    if one.asked is None:
        return np.flatnonzero(hidden)
    asked = one.asked.ravel()
    left_out = ~asked & (counts >= 1) & (counts < protect.threshold)
    return np.flatnonzero((hidden & asked) | left_out)


class _Attack:
    """Bounds of sums of groups. Every answer is a way the groups could be; those seen so far often say enough."""

    def __init__(self, known: _Known, truth: Floats, looks: int):
        rows = csr_array(vstack(known.rows))
        least, most = np.concatenate(known.least), np.concatenate(known.most)
        exact, above, below = least == most, least > 0, np.isfinite(most)
        self.equal = (rows[np.flatnonzero(exact)], least[exact]) if exact.any() else (None, None)
        over, under = np.flatnonzero(~exact & below), np.flatnonzero(~exact & above)
        self.beside = csr_array(vstack([rows[over], -rows[under]])), np.concatenate([most[over], -least[under]])
        self.seen = [truth]
        self._look_around(looks, 3 * float(truth.max(initial=0)) + 10)

    def _look_around(self, looks: int, most: float) -> None:
        """See a few ways the groups could be, far from one another."""
        draw = np.random.default_rng(0)
        for _turn in range(looks):
            self._extreme(draw.choice([-1.0, 1.0], len(self.seen[0])), 1, most)

    def width(self, wanted: Floats, enough: int) -> float:
        """How far apart the least and the greatest whole value of a sum of groups are; less where that is enough."""
        values = np.array(self.seen) @ wanted
        width = _whole(float(values.min()), float(values.max()))
        return width if width >= enough else _whole(self._extreme(wanted, 1), self._extreme(wanted, -1))

    def _extreme(self, wanted: Floats, sign: int, most: float | None = None) -> float:
        beside, limits = self.beside
        found = linprog(  # type: ignore[call-overload]  # its stubs know no sparse matrices
            sign * wanted,
            A_ub=beside if beside.shape[0] else None,
            b_ub=limits if beside.shape[0] else None,
            A_eq=self.equal[0],
            b_eq=self.equal[1],
            bounds=(0, most),
            method="highs",
        )
        if found.status == 3:  # unbounded
            return -sign * np.inf
        if found.status != 0:
            raise ArithmeticError(f"the attack has no solution: {found.message}")
        self.seen.append(found.x)
        return float(wanted @ found.x)


def _whole(low: float, high: float) -> float:
    return float(np.floor(high + NEAR) - np.ceil(low - NEAR))
