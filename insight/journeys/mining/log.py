"""An event log as arrays: journey after journey, each in the order of its steps."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

NO_TIME = np.iinfo(np.int64).min  # what numpy's "not a time" is as a number
WORD_BITS = 64


@dataclass(frozen=True)
class Log:
    """e steps of n journeys.

    ``code`` (e,) says which of ``names`` each step is; journey j has the steps ``first[j]`` to ``first[j + 1]``, so
    ``first`` is (n + 1,). ``time`` (e,) is in nanoseconds since 1970 UTC, ``NO_TIME`` where unknown; None where the log
    has an order but no times. ``row`` (e,) is the row of the input that each step came from.
    """

    code: Ints
    first: Longs
    names: tuple[str, ...]
    time: Longs | None = None
    row: Longs | None = None

    @property
    def journeys(self) -> int:
        """How many journeys there are."""
        return len(self.first) - 1

    @cached_property
    def lengths(self) -> Longs:
        """Steps per journey, (n,)."""
        return np.diff(self.first)

    @cached_property
    def journey(self) -> Longs:
        """The number of each step's journey, (e,)."""
        return np.repeat(np.arange(self.journeys), self.lengths)

    @cached_property
    def followed(self) -> Bools:
        """Whether a step has another one after it in its journey, (e,)."""
        inside = np.ones(len(self.code), bool)
        inside[self.first[1:] - 1] = False
        return inside

    def steps_of(self, journey: int) -> tuple[str, ...]:
        """The names of one journey's steps."""
        return tuple(self.names[code] for code in self.code[self.first[journey] : self.first[journey + 1]])

    def of_journeys(self, kept: Bools) -> "Log":
        """The log of some of the journeys; ``kept`` is (n,). ``row`` then says which step of this log each one was."""
        steps = np.flatnonzero(np.repeat(kept, self.lengths))
        return replace(
            self,
            code=self.code[steps],
            first=offsets(self.lengths[kept]),
            time=None if self.time is None else self.time[steps],
            row=steps,
        )


def offsets(lengths: npt.NDArray[np.int64]) -> Longs:
    """Where each journey begins when journeys of these lengths stand one after the other; one more than journeys."""
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths, dtype=np.int64)])


def in_order(
    journey: Longs,
    code: Ints,
    names: Sequence[str],
    time: Longs | None = None,
    order: Longs | None = None,
    *,
    keep_rows: bool = False,
) -> Log:
    """Sort steps into journeys. Arrays are (e,), one entry per step, in any order; no journey may be negative.

    Within a journey the steps stand by ``time``, then by ``order``, then as they were given: without an explicit order
    steps of the same moment keep the order of the input. Journeys stand in the order of their numbers.
    """
    if not len(journey):
        return Log(code.astype(np.int32), np.zeros(1, np.int64), tuple(names), time, np.zeros(0, np.int64))
    keys = [key for key in (journey, time, order) if key is not None]
    if _sorted_already(keys):
        rows = np.arange(len(journey), dtype=np.int64) if keep_rows else None
        return Log(code, _starts(journey), tuple(names), time, rows)
    if keep_rows:
        rows = _row_order(keys)
        ordered = journey[rows]
        return Log(code[rows], _starts(ordered), tuple(names), None if time is None else time[rows], rows)
    return _sorted_whole(journey, code, names, time, order)


def _sorted_already(keys: Sequence[npt.NDArray[Any]]) -> bool:
    later = np.zeros(len(keys[0]) - 1, bool)
    same = ~later
    for key in keys:
        if (same & (key[1:] < key[:-1])).any():
            return False
        same &= key[1:] == key[:-1]
    return True


def _starts(journey: Longs) -> Longs:
    cuts = np.flatnonzero(journey[1:] != journey[:-1]) + 1
    return np.concatenate([[0], cuts, [len(journey)]]).astype(np.int64)


def _row_order(keys: Sequence[npt.NDArray[Any]]) -> Longs:
    packed, room = _packed(keys, len(keys[0]))
    if packed is None:
        return np.lexsort(tuple(reversed(keys))).astype(np.int64)
    packed.sort()
    return (packed & np.uint64((1 << room) - 1)).astype(np.int64)


def _packed(keys: Sequence[npt.NDArray[Any]], rows: int) -> tuple[npt.NDArray[np.uint64] | None, int]:
    """Every key and the row as one number of 64 bits, since such numbers sort many times faster; None if too wide."""
    room = max(rows - 1, 1).bit_length()
    spans = [(key, int(key.min()), _step(key)) for key in keys]
    widths = [((int(key.max()) - least) // step).bit_length() for key, least, step in spans]
    if sum(widths) + room > WORD_BITS:
        return None, 0
    packed = np.zeros(rows, np.uint64)
    for (key, least, step), width in zip(spans, widths, strict=True):
        packed <<= np.uint64(width)
        packed |= ((key - least) // step).astype(np.uint64)
    packed <<= np.uint64(room)
    packed |= np.arange(rows, dtype=np.uint64)
    return packed, room


def _step(key: npt.NDArray[Any]) -> int:
    """The largest of a second, a millisecond, a microsecond that divides all times, so that they need fewer bits."""
    if key.dtype != np.int64:
        return 1
    least = key.min()
    for step in (10**9, 10**6, 10**3):
        if not ((key[:1000] - least) % step).any() and not ((key - least) % step).any():
            return step
    return 1


def _sorted_whole(journey: Longs, code: Ints, names: Sequence[str], time: Longs | None, order: Longs | None) -> Log:
    rows = _row_order([key for key in (journey, time, order) if key is not None])
    return Log(code[rows], _starts(journey[rows]), tuple(names), None if time is None else time[rows], None)
