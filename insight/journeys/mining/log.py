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
DAY = 86_400 * 10**9  # nanoseconds
WORD_BITS = 64
BLOCK = 1 << 14  # steps sorted at a time: few enough to stay in the processor's cache and to need few bits
NANOSECONDS = {"s": 10**9, "ms": 10**6, "us": 10**3, "ns": 1}


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
        inside[self.first[1:][self.lengths > 0] - 1] = False
        return inside

    def steps_of(self, journey: int) -> tuple[str, ...]:
        """The names of one journey's steps."""
        return tuple([self.names[code] for code in self.code[self.first[journey] : self.first[journey + 1]].tolist()])

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
    """Sort steps into journeys. Arrays are (e,), one entry per step, in any order.

    Within a journey the steps stand by ``time``, then by ``order``, then as they were given: without an explicit order
    steps of the same moment keep the order of the input. Journeys stand in the order of their numbers.
    """
    keys = [key for key in (time, order) if key is not None]
    if _sorted_already([journey, *keys]):
        rows = np.arange(len(journey), dtype=np.int64) if keep_rows else None
        return Log(code.astype(np.int32, copy=False), _starts(journey), tuple(names), time, rows)
    rows, first = _by_journey(journey)
    _order_inside(rows, first, keys)
    ordered_time = None if time is None else time[rows]
    return Log(code[rows].astype(np.int32, copy=False), first, tuple(names), ordered_time, rows if keep_rows else None)


def _sorted_already(keys: Sequence[npt.NDArray[Any]]) -> bool:
    steps = len(keys[0])
    return all(_sorted_block([key[begin : begin + BLOCK + 1] for key in keys]) for begin in range(0, steps, BLOCK))


def _sorted_block(keys: Sequence[npt.NDArray[Any]]) -> bool:
    same = np.ones(len(keys[0]) - 1, bool)
    for key in keys:
        if (same & (key[1:] < key[:-1])).any():
            return False
        same &= key[1:] == key[:-1]
    return True


def _starts(journey: npt.NDArray[Any]) -> Longs:
    cuts = np.flatnonzero(journey[1:] != journey[:-1]) + 1
    return np.concatenate([[0], cuts, [len(journey)]] if len(journey) else [[0]]).astype(np.int64)


def _by_journey(journey: Longs) -> tuple[Longs, Longs]:
    """The rows, journey after journey and otherwise as given, and where each journey begins among them."""
    room = (len(journey) - 1).bit_length()
    least = int(journey.min())
    if (int(journey.max()) - least).bit_length() + room > WORD_BITS:
        rows = np.argsort(journey, kind="stable")
        return rows, _starts(journey[rows])
    # Journey and row as one number: numpy sorts numbers several times faster than it sorts rows by a number.
    packed = (journey - least).astype(np.uint64)
    packed <<= np.uint64(room)
    packed |= np.arange(len(journey), dtype=np.uint64)
    packed.sort()
    first = _starts(packed >> np.uint64(room))
    packed &= np.uint64((1 << room) - 1)
    return packed.view(np.int64), first


def _order_inside(rows: Longs, first: Longs, keys: Sequence[Longs]) -> None:
    """Put the rows of each journey into the order of the keys, in place, some journeys at a time."""
    if not keys:
        return
    begin = 0
    while begin < len(first) - 1:
        end = max(int(np.searchsorted(first, first[begin] + BLOCK, side="right")) - 1, begin + 1)
        block = rows[first[begin] : first[end]]
        block[:] = block[_block_order([key[block] for key in keys], first[begin : end + 1] - first[begin])]
        begin = end


def _block_order(keys: Sequence[Longs], first: Longs) -> Longs:
    """The order of a block's steps by journey, keys, and place in the block; ``first`` says where journeys begin."""
    lengths = np.diff(first)
    journey = np.repeat(np.arange(len(lengths)), lengths)
    ranks = [_narrowed(key) for key in keys]
    widths = [int(rank.max()).bit_length() for rank in ranks]
    room = (int(lengths.max()) - 1).bit_length()
    if (len(lengths) - 1).bit_length() + sum(widths) + room > WORD_BITS:
        return np.lexsort((*reversed(keys), journey))
    packed = journey.astype(np.uint64)
    for rank, width in zip(ranks, widths, strict=True):
        packed <<= np.uint64(width)
        packed |= rank
    packed <<= np.uint64(room)
    packed |= (np.arange(len(journey)) - first[journey]).astype(np.uint64)
    packed.sort()
    packed &= np.uint64((1 << room) - 1)
    return first[journey] + packed.view(np.int64)


def _narrowed(key: Longs) -> npt.NDArray[np.uint64]:
    """The key from 0 up, in seconds, milli- or microseconds where that loses nothing, so that it needs fewer bits."""
    key = key.astype(np.int64, copy=False)
    rank: npt.NDArray[np.uint64] = key.view(np.uint64) - key.min().view(np.uint64)
    for unit in ("s", "ms", "us"):
        size = np.uint64(NANOSECONDS[unit])
        coarse: npt.NDArray[np.uint64] = rank // size
        if np.array_equal(coarse * size, rank):
            return coarse
    return rank
