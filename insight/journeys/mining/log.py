"""An event log as arrays: journey after journey, each in the order of its steps."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:  # pandas is for the worker and the file tool; pages never load it
    import pandas as pd

Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

NO_TIME = np.iinfo(np.int64).min  # what numpy's "not a time" is as a number
DAY = 86_400 * 10**9  # nanoseconds
WORD_BITS = 64
READ_AT_ONCE = 500_000  # ids: what is made on the way stays small
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


def from_frame(
    frame: "pd.DataFrame",
    journey: str,
    step: str,
    time: str | None = None,
    order: str | None = None,
    *,
    keep_rows: bool = False,
) -> tuple[Log, dict[str, int]]:
    """The log in these columns of a data frame, and how many rows were left out: "no_journey", "no_step", "no_time".

    A row that lacks several counts once, for the first of them. Journeys are numbered by their ids where these are
    whole numbers, end in one ("case-17") or are categories, else as they first occur; steps by their categories, else
    by name. Times without a zone are UTC; words that are no ISO 8601 time, and times that nanoseconds cannot hold
    (before 1678, after 2261), count as none. A row without its ``order`` stands after the others of its moment.
    """
    numbers, no_journey = _numbered(frame[journey])
    codes, names = _named(frame[step])
    times = None if time is None else _nanoseconds(frame[time])
    orders = None if order is None else _orders(frame[order])
    lacking = {"no_journey": no_journey, "no_step": codes < 0}
    if times is not None:
        lacking["no_time"] = times == NO_TIME
    gone, left_out = _gone(lacking)
    if not any(left_out.values()):
        return in_order(numbers, codes, names, times, orders, keep_rows=keep_rows), left_out
    kept = np.flatnonzero(~gone)
    some_times, some_orders = (None if column is None else column[kept] for column in (times, orders))
    log = in_order(numbers[kept], codes[kept], names, some_times, some_orders, keep_rows=keep_rows)
    return (log if log.row is None else replace(log, row=kept[log.row])), left_out


def _gone(lacking: dict[str, Bools]) -> tuple[Bools, dict[str, int]]:
    gone, left_out = np.zeros(len(next(iter(lacking.values()))), bool), {}
    for reason, missing in lacking.items():
        left_out[reason] = int(np.count_nonzero(missing & ~gone))
        gone |= missing
    return gone, left_out


def _numbered(column: "pd.Series[Any]") -> tuple[npt.NDArray[Any], Bools]:
    """A number for each id, and where there is none."""
    import pandas as pd

    if isinstance(column.dtype, np.dtype) and column.dtype.kind in "iu":
        return column.to_numpy(), np.zeros(len(column), bool)
    if isinstance(column.dtype, pd.CategoricalDtype):
        codes = _category_codes(column)
        return codes, codes < 0
    read = _numbers_at_end(column) if isinstance(column.dtype, pd.StringDtype) else None
    numbers = pd.factorize(column)[0] if read is None else read
    return numbers, numbers < 0


def _numbers_at_end(column: "pd.Series[Any]") -> Longs | None:
    """Ids such as "case-17" as their numbers, where all begin alike and no two could share one; else None.

    Reading a million different numbers takes a sixth of the time that it takes to number a million different words.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    texts = pa.array(column, from_pandas=True)
    if not len(texts) or texts.null_count:
        return None
    start = texts[0].as_py().rstrip("0123456789")
    numbers, plain, lengths = np.empty(len(texts), np.int64), True, set()
    for at in range(0, len(texts), READ_AT_ONCE):
        block = texts.slice(at, READ_AT_ONCE)
        if not pc.all(pc.starts_with(block, start)).as_py():
            return None
        ends = pc.utf8_slice_codeunits(block, len(start))
        try:
            read = ends.cast(pa.int64()).to_numpy(zero_copy_only=False)
        except pa.ArrowInvalid:
            return None
        digits = pc.binary_length(ends).to_numpy(zero_copy_only=False)
        plain = plain and bool(((read >= 10.0 ** (digits - 1)) | (digits == 1)).all())  # without a zero before it
        lengths |= {int(digits.min()), int(digits.max())}
        numbers[at : at + READ_AT_ONCE] = read
    return numbers if numbers.min() >= 0 and (plain or len(lengths) == 1) else None


def _category_codes(column: "pd.Series[Any]") -> npt.NDArray[Any]:
    return np.asarray(column.cat.codes)


def _named(column: "pd.Series[Any]") -> tuple[Ints, tuple[str, ...]]:
    """A code for each name, -1 where there is none, and the names."""
    import pandas as pd

    if isinstance(column.dtype, pd.CategoricalDtype):
        return _category_codes(column).astype(np.int32), tuple(str(name) for name in column.cat.categories)
    found, uniques = pd.factorize(column)
    said = [str(name) for name in uniques]
    names = sorted(set(said))
    code_of = {name: code for code, name in enumerate(names)}
    codes = np.array([*(code_of[name] for name in said), -1], np.int32)  # what has no name is found as -1, the last
    return codes[found], tuple(names)


def _nanoseconds(column: "pd.Series[Any]") -> Longs:
    import pandas as pd

    if not isinstance(column.dtype, pd.DatetimeTZDtype) and column.dtype.kind != "M":
        column = pd.to_datetime(column, utc=True, errors="coerce", format="ISO8601")
    if isinstance(column.dtype, pd.DatetimeTZDtype):
        column = column.dt.tz_convert("UTC").dt.tz_localize(None)  # numpy would make an object of each time with a zone
    held = column.to_numpy()
    factor = NANOSECONDS[np.datetime_data(held.dtype)[0]]
    times = held.view(np.int64)
    if factor == 1:
        return times
    limit = np.iinfo(np.int64).max // factor
    if times.max(initial=0) <= limit and times.min(initial=0) >= -limit:
        return times * factor
    return np.where((times <= limit) & (times >= -limit), times * factor, NO_TIME)


def _orders(column: "pd.Series[Any]") -> Longs:
    import pandas as pd

    if isinstance(column.dtype, np.dtype) and column.dtype.kind in "iu":
        return column.to_numpy().astype(np.int64, copy=False)
    ranks, uniques = pd.factorize(pd.to_numeric(column, errors="coerce"), sort=True)
    return np.where(ranks < 0, len(uniques), ranks)
