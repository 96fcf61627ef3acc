"""An event log from the columns of a data frame, for whoever has one at hand. Not for pages: it loads pandas."""

from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from insight.journeys.mining.log import NANOSECONDS, NO_TIME, Bools, Ints, Log, Longs, in_order

READ_AT_ONCE = 500_000  # ids: what is made on the way stays small


def from_frame(
    frame: pd.DataFrame,
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
    if isinstance(column.dtype, pd.CategoricalDtype):
        return _category_codes(column).astype(np.int32), tuple(str(name) for name in column.cat.categories)
    found, uniques = pd.factorize(column)
    said = [str(name) for name in uniques]
    names = sorted(set(said))
    code_of = {name: code for code, name in enumerate(names)}
    codes = np.array([*(code_of[name] for name in said), -1], np.int32)  # what has no name is found as -1, the last
    return codes[found], tuple(names)


def _nanoseconds(column: "pd.Series[Any]") -> Longs:
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
    if isinstance(column.dtype, np.dtype) and column.dtype.kind in "iu":
        return column.to_numpy().astype(np.int64, copy=False)
    ranks, uniques = pd.factorize(pd.to_numeric(column, errors="coerce"), sort=True)
    return np.where(ranks < 0, len(uniques), ranks)
