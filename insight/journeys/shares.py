"""Counts of journeys as they may be seen: small numbers hidden, shares and means with their intervals. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from insight.columns import NONE
from insight.columns import distinct as each_once
from insight.journeys.mining.log import Bools, Ints, Longs
from insight.journeys.mining.means import Estimate, mean, median_and_p90
from insight.journeys.model import Days, Mean, Share
from insight.painpoints.rules import wilson
from insight.privacy import Protection, protection, shown
from insight.privacy.differencing import MOST_FILTERS, apart
from insight.privacy.rounding import rounded
from insight.privacy.tables import row

MOST_NAMES = 5
LEFT = -1  # in place of the conditions that a journey fits: it is not counted at all

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Cells:
    """Counts of journeys, (c,), which nobody may see as they are: :meth:`number` gives what may be seen.

    ``withheld`` would tell a small number beside fewer filters or beside the others. ``keys`` are sums of record keys.
    """

    counts: Longs
    withheld: Bools
    protection: Protection
    keys: Longs | None = None

    def number(self, at: int = 0) -> int | None:
        """One count as it may be seen; None where it is small or withheld."""
        return None if self.withheld[at] or self.small(at) else int(self._values[at])

    def small(self, at: int = 0) -> bool:
        """Whether a count is hidden for itself."""
        return bool(self.counts[at] < self.protection.threshold)

    @cached_property
    def _values(self) -> Longs:
        return self.counts if self.keys is None else rounded(self.counts, self.keys, self.protection.base)

    def of_one_sum(self, rest: int = 0) -> "Cells":
        """The same where each journey is in one cell at most and the sum is known to all.

        ``rest`` are journeys of the sum that are in cells which nobody sees.
        """
        others = [rest] if rest else []
        told = row(
            [*self.counts.tolist(), *others], self.protection, [*self.withheld.tolist(), *(False for _ in others)]
        )
        beside = np.array([one is None for one in told[: len(self.counts)]], bool)
        return replace(self, withheld=self.withheld | (beside & (self.counts >= self.protection.threshold)))

    def share(self, whole: "Cells", at: int = 0, of: int | None = None) -> Share | None:
        """One count of another (``of``: the place of that, else the same) with Wilson's interval.

        None where the whole is hidden, or the count without being small; a small one is told only as such.
        """
        total, limit = whole.number(at if of is None else of), self.protection.threshold
        if total is None or (self.withheld[at] and not self.small(at)):
            return None
        n = self.number(at)
        if n is None:
            return Share(None, total, min(limit / total, 1.0), 0.0, float(wilson(min(limit - 1, total), total)[1]))
        n = min(n, total)
        low, high = wilson(n, total)
        return Share(n, total, n / total, float(low), float(high))


@dataclass(frozen=True)
class Counted:
    """The journeys that a view counts, beside those that it would count under fewer conditions.

    ``fits`` (n,) has a bit for each condition that a journey fits, ``LEFT`` for those that no view counts. ``journey``
    in the methods are the journeys' numbers in order, of all steps that a count is of, whatever the conditions.
    """

    fits: Ints
    conditions: int
    protection: Protection
    keys: Longs | None = None

    @classmethod
    def of(
        cls,
        present: Bools,
        conditions: Sequence[Bools] = (),
        protect: Protection | None = None,
        keys: Longs | None = None,
    ) -> "Counted":
        """The journeys that are present and fit all conditions; none where views with fewer of them tell too much."""
        fits, asked = np.zeros(len(present), np.int32), protect or protection()
        for place, one in enumerate(conditions):
            fits |= one.astype(np.int32) << place
        found = cls(np.where(present, fits, LEFT).astype(np.int32), len(conditions), asked, keys)
        closed = len(conditions) > MOST_FILTERS or found.all.withheld[0]
        return replace(found, fits=np.full_like(fits, LEFT), conditions=0) if closed else found

    @cached_property
    def mask(self) -> Bools:
        """The journeys that count, (n,)."""
        return np.equal(self.fits, (1 << self.conditions) - 1)

    @cached_property
    def all(self) -> Cells:
        """How many journeys count, in one cell."""
        return self.told(np.arange(len(self.fits)))

    def within(self, part: Bools) -> "Counted":
        """The same of some of the journeys, (n,)."""
        return replace(self, fits=np.where(part, self.fits, LEFT).astype(np.int32))

    def told(self, journey: Longs, code: npt.NDArray[np.integer] | None = None, width: int = 1) -> Cells:
        """Journeys by code, each once for every code that one of its steps has; steps without a code (-1) nowhere."""
        counting = self.fits[journey] != LEFT
        if code is None:
            journey = journey[counting]
            journey, cell = journey[np.flatnonzero(np.diff(journey, prepend=-1))], np.zeros(1, np.int64)
        else:
            counting &= code != NONE
            pairs = each_once(journey[counting] * max(width, 1) + code[counting])
            journey, cell = pairs // max(width, 1), pairs % max(width, 1)
        groups = 1 << self.conditions
        found = np.bincount(cell * groups + self.fits[journey], minlength=width * groups).reshape(width, groups)
        return Cells(found[:, -1], ~self._open(found), self.protection, self._keys(journey, cell, width))

    def _open(self, found: Longs) -> Bools:
        """Which cells give nothing away beside those under fewer conditions; ``found`` (c, 2^conditions)."""
        if not self.conditions:
            return np.ones(len(found), bool)
        held = np.arange(found.shape[1])

        def count(chosen: tuple[int, ...]) -> Longs:
            wanted = sum(1 << one for one in chosen)
            return np.asarray(found[:, held & wanted == wanted].sum(1), np.int64)

        return apart(count, self.conditions, self.protection)

    def _keys(self, journey: Longs, cell: Longs, width: int) -> Longs | None:
        if self.keys is None:
            return None
        inside = self.mask[journey]
        of_cell = np.broadcast_to(cell, journey.shape)[inside]
        return np.bincount(of_cell, weights=self.keys[journey[inside]], minlength=width).astype(np.int64)

    def number(self, journey: Longs) -> int | None:
        """How many journeys some steps belong to."""
        return self.told(journey).number()

    def share(self, journey: Longs, yes: Bools) -> Share | None:
        """Of the journeys of some steps, how many said yes at one of them."""
        return self.told(journey[yes]).share(self.told(journey))

    def share_of_all(self, journey: Longs) -> Share | None:
        """Of all journeys, those of some steps."""
        return self.told(journey).share(self.all)

    def mean(self, journey: Longs, value: Floats) -> Mean | None:
        """The mean over journeys of what their steps told."""
        n, inside = self.number(journey), self.mask[journey]
        found = mean(mean_by_journey(journey[inside], value[inside]))
        if n is None or found is None:
            return None
        if self.protection.base == 1:
            return as_mean(found)
        return Mean(round(found.value, 1), round(found.low, 1), round(found.high, 1), n)

    def days(self, journey: Longs, days: Floats) -> Days | None:
        """Days in short. What leaves must not be one person's: a tenth of the journeys has to be large enough."""
        n, inside = self.number(journey), self.mask[journey]
        if n is None:
            return None
        told = days[inside]
        median, p90 = median_and_p90(told)
        if self.protection.base == 1:
            return Days(median, p90, float(told.sum()), len(told))
        few = n < 10 * self.protection.threshold
        return None if few else Days(round(median), round(p90), round(float(told.sum())), n)

    def ranked(
        self, journey: Longs, code: Ints, names: tuple[str, ...], most: int = MOST_NAMES
    ) -> tuple[tuple[str, int], ...]:
        """(name, journeys), most first; those that are hidden are left out."""
        cells = self.told(journey, code, len(names))
        order = np.argsort(-cells.counts, kind="stable")[:most].tolist()
        return tuple((names[at], n) for at in order if (n := cells.number(at)) is not None)


def share(n: int, of: int) -> Share | None:
    """``n`` of ``of`` inside the place, where there are no filters to hold against it."""
    least, whole = protection(), np.zeros(1, bool)
    return Cells(np.array([n]), whole, least).share(Cells(np.array([of]), whole, least))


def mean_of(values: Floats) -> Mean | None:
    """The mean over journeys with its interval, where enough journeys told it."""
    found = mean(values)
    return None if found is None or shown(found.n) is None else as_mean(found)


def as_mean(found: Estimate) -> Mean:
    """An estimate in the words of the screens."""
    return Mean(found.value, found.low, found.high, found.n)


def days_of(days: Floats, journeys: int) -> Days | None:
    """Days in short, where enough journeys told them."""
    if shown(journeys) is None:
        return None
    median, p90 = median_and_p90(days)
    return Days(median, p90, float(days.sum()), len(days))


def journeys_by_code(journey: Longs, code: Ints, length: int) -> npt.NDArray[np.int64]:
    """Distinct journeys per code, (length,); steps without one (-1) count nowhere."""
    told = code != NONE
    pairs = each_once(journey[told] * max(length, 1) + code[told])
    return np.bincount(pairs % max(length, 1), minlength=length)


def ranked(
    counts: npt.NDArray[np.int64], names: tuple[str, ...], most: int = MOST_NAMES
) -> tuple[tuple[str, int], ...]:
    """(name, journeys), most first; those with too few are left out."""
    order = np.argsort(-counts, kind="stable")[:most]
    return tuple((names[code], int(counts[code])) for code in order if shown(int(counts[code])) is not None)


def mean_by_journey(journey: Longs, value: Floats) -> Floats:
    """The mean value of each journey that has one: steps within a journey are alike, so journeys are averaged."""
    if not len(journey):
        return np.zeros(0)
    first = np.flatnonzero(np.r_[True, journey[1:] != journey[:-1]])
    means: Floats = np.add.reduceat(value, first) / np.diff(np.r_[first, len(journey)])
    return means
