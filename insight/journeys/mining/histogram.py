"""All values of several groups, each with how often it came, so that medians stay exact when two are added."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from insight.journeys.mining.log import Longs, offsets
from insight.journeys.mining.means import NINE_IN_TEN, Floats

KEY_BITS = 63


@dataclass(frozen=True)
class Spread:
    """Per group: how many values, their median and 90th percentile (not a number where there are none), and sum."""

    n: Longs
    median: Floats
    p90: Floats
    total: Floats


@dataclass(frozen=True)
class Histogram:
    """The values of m groups. Group i has ``value[first[i]:first[i + 1]]``, ascending and each once.

    ``first`` is (m + 1,); ``value`` and ``times``, how often each value came, are (v,). The same values give the same
    arrays however they were parted.
    """

    first: Longs
    value: Longs
    times: Longs

    @classmethod
    def of(cls, group: Longs, value: Longs, groups: int, times: Longs | None = None) -> "Histogram":
        """Count values (e,) in groups numbered 0 to ``groups`` - 1, each ``times`` (e,) or once if left out."""
        key, least, bits = _keys(group, value)
        if key is None:
            return cls._of_wide(group, value, groups, times)
        if times is None:
            key.sort()
        else:
            order = np.argsort(key, kind="stable")
            key, times = key[order], times[order]
        new = _new(key)
        times = _sums(times, new)
        key = key[new]
        return cls(_first(key >> bits, groups), (key & ((1 << bits) - 1)) + least, times)

    @classmethod
    def _of_wide(cls, group: Longs, value: Longs, groups: int, times: Longs | None) -> "Histogram":
        order = np.lexsort((value, group))
        group, value = group[order], value[order]
        new = _new(group) | _new(value)
        return cls(_first(group[new], groups), value[new], _sums(None if times is None else times[order], new))

    @property
    def groups(self) -> int:
        """How many groups there are."""
        return len(self.first) - 1

    @property
    def group(self) -> Longs:
        """The group of each value, (v,)."""
        return np.repeat(np.arange(self.groups), np.diff(self.first))

    def together(self, place: Longs, other: "Histogram", other_place: Longs, groups: int) -> "Histogram":
        """Both as one: group i of this one becomes ``place[i]``, group i of the other ``other_place[i]``."""
        return Histogram.of(
            np.concatenate([place[self.group], other_place[other.group]]),
            np.concatenate([self.value, other.value]),
            groups,
            np.concatenate([self.times, other.times]),
        )

    def counts(self) -> Longs:
        """How many values each group has, (m,)."""
        so_far = np.concatenate([np.zeros(1, np.int64), np.cumsum(self.times)])
        counts: Longs = so_far[self.first[1:]] - so_far[self.first[:-1]]
        return counts

    def spread(self, unit: int) -> Spread:
        """How the values of each group spread, in ``unit``s: the same numbers as from the values one by one."""
        n = self.counts()
        ordered = np.repeat(self.value / unit, self.times)
        total, some = np.zeros(self.groups), np.flatnonzero(n)
        if len(some):
            total[some] = np.add.reduceat(ordered, (np.cumsum(n) - n)[some])
        return Spread(n, quantile(ordered, n, 0.5), quantile(ordered, n, NINE_IN_TEN), total)


def quantile(ordered: Floats, n: Longs, share: float) -> Floats:
    """One quantile of each group when groups of ``n`` values stand one after the other, each sorted; NaN of none.

    Interpolated linearly, and rounded as ``numpy.quantile`` does: R. Hyndman and Y. Fan (1996), definition 7.
    """
    found = np.full(len(n), np.nan)
    told = np.flatnonzero(n)
    place = (n[told] - 1) * share
    below = np.floor(place).astype(np.int64)
    part = place - below
    first = offsets(n)[told]
    low, high = ordered[first + below], ordered[first + np.minimum(below + 1, n[told] - 1)]
    found[told] = np.where(part < 0.5, low + (high - low) * part, high - (high - low) * (1 - part))
    return found


def _keys(group: Longs, value: Longs) -> tuple[Longs | None, int, int]:
    """Group and value as one number each, the least value, and the bits of a value; None where they do not fit."""
    if not len(group):
        return np.zeros(0, np.int64), 0, 0
    least = int(value.min())
    bits = (int(value.max()) - least).bit_length()
    if bits + int(group.max()).bit_length() > KEY_BITS:
        return None, least, bits
    return (group.astype(np.int64) << bits) | (value - least), least, bits


def _new(sorted_values: Longs) -> npt.NDArray[np.bool_]:
    new = np.ones(len(sorted_values), bool)
    np.not_equal(sorted_values[1:], sorted_values[:-1], out=new[1:])
    return new


def _first(group: Longs, groups: int) -> Longs:
    return np.searchsorted(group, np.arange(groups + 1)).astype(np.int64)


def _sums(times: Longs | None, new: npt.NDArray[np.bool_]) -> Longs:
    at = np.flatnonzero(new)
    if times is None:
        return np.diff(np.append(at, len(new)))
    return np.add.reduceat(times, at) if len(at) else times
