"""Times as people write them, read into nanoseconds since 1970 UTC, a block of strings at a time."""

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from insight.journeys.mining.log import NO_TIME, Bools, Longs
from insight.language import _

SECOND = 10**9
DAY = 86_400
FIRST_YEAR, LAST_YEAR = 1678, 2261  # the whole years that 64 bits of nanoseconds hold
LEAST_UNIX = 10**8  # a column of smaller numbers (costs, ages, case numbers) is not taken for seconds since 1970
MOST_UNIX = 9 * 10**9

CLOCK = r"(?:[T ]+(?P<h>\d\d?):(?P<i>\d\d)(?::(?P<s>\d\d)(?:[.,](?P<f>\d{1,9})\d*)?)?)?"
ZONE = r"\s*(?P<z>[Zz]|UTC|GMT|(?P<sign>[+-])(?P<zh>\d\d):?(?P<zm>\d\d)?)?"
YEAR_FIRST = rf"^\s*(?P<y>\d{{4}})[-/](?P<m>\d\d?)[-/](?P<d>\d\d?){CLOCK}{ZONE}\s*$"
YEAR_LAST = rf"^\s*(?P<d>\d\d?)[-/.](?P<m>\d\d?)[-/.](?P<y>\d{{4}}){CLOCK}{ZONE}\s*$"
NUMBER = r"^\s*-?\d{1,10}(?:\.\d+)?\s*$"

Words = Any  # a pyarrow array of strings


@dataclass(frozen=True)
class Block:
    """Times of some rows: (b,) nanoseconds, ``NO_TIME`` where unreadable.

    ``month_first`` reads 3/4/2026 the American way and is the same array as ``time`` where no row is written so.
    """

    time: Longs
    month_first: Longs
    blank: Bools
    number: Bools | None = None
    zoned: int = 0
    unzoned: int = 0
    largest: float = 0
    day_first_proofs: int = 0
    month_first_proofs: int = 0
    undecided: int = 0


@dataclass(frozen=True)
class Times:
    """A whole column: (r,) nanoseconds, ``NO_TIME`` where ``blank`` or unreadable; what a reader should know of it."""

    time: Longs
    blank: Bools
    notes: tuple[str, ...]


@dataclass
class TimeColumn:
    """Blocks of one column, read as they come; how days and months stand is decided when all were seen."""

    blocks: list[Block] = field(default_factory=list)

    def add(self, values: Any) -> None:
        """Read a pyarrow array of strings, of timestamps, of dates or of numbers."""
        self.blocks.append(_block(values))

    def finish(self) -> Times:
        """The column as one, with the blocks let go."""
        blocks, self.blocks = self.blocks, []
        proofs = sum(block.day_first_proofs for block in blocks)
        american = not proofs and any(block.month_first_proofs for block in blocks)
        if max((block.largest for block in blocks), default=0) < LEAST_UNIX:
            blocks = [_without_numbers(block) for block in blocks]
        chosen = [block.month_first if american else block.time for block in blocks]
        none = np.zeros(0, np.int64)
        return Times(
            np.concatenate(chosen or [none]),
            np.concatenate([block.blank for block in blocks] or [none.astype(bool)]),
            tuple(_notes(blocks, american, bool(proofs))),
        )


def _notes(blocks: list[Block], american: bool, proven: bool) -> list[str]:
    notes = []
    unzoned, zoned = (sum(getattr(block, name) for block in blocks) for name in ("unzoned", "zoned"))
    if unzoned and zoned:
        told = _("Times without a zone ({number} of {all}) were read as UTC.")
        notes.append(told.format(number=f"{unzoned:,}", all=f"{unzoned + zoned:,}"))
    elif unzoned:
        notes.append(_("Times without a zone were read as UTC."))
    if american:
        notes.append(_("Dates were read as month/day/year, since some can be read in no other way."))
    elif any(block.undecided for block in blocks) and not proven:
        notes.append(_("Dates such as 03/04/2026 were read as day/month/year: nothing in the column tells which."))
    if any(block.number is not None for block in blocks):
        notes.append(_("Numbers were read as seconds since 1 January 1970 UTC."))
    return notes


def _block(values: Any) -> Block:
    if pa.types.is_timestamp(values.type) or pa.types.is_date(values.type):
        return _of_clock(values)
    if not pa.types.is_string(values.type):
        values = values.cast(pa.string())
    return _at_once(values) or _by_shape(values)


def _of_clock(values: Any) -> Block:
    """Times that a Parquet file keeps as such."""
    zoned = pa.types.is_timestamp(values.type) and values.type.tz is not None
    blank = _mask(values.is_null())
    exact = pa.types.is_timestamp(values.type) and values.type.unit == "ns"
    time = _nanoseconds(values if exact else values.cast(pa.timestamp("us", "UTC" if zoned else None)))
    known = len(time) - int(blank.sum())
    return Block(time, time, blank, zoned=known if zoned else 0, unzoned=0 if zoned else known)


def _at_once(values: Words) -> Block | None:
    """A block that is ISO 8601 or 2026/11/22 throughout, read ten times as fast as by its shape; None if it is not."""
    if len(values) and (values[0].as_py() or "")[4:5] == "/":
        values = pc.replace_substring(values, "/", "-")
    for zone in ("UTC", None):
        read = _cast(values.drop_null()[:1], zone) and _cast(values, zone)  # where all rows fail, a cast is very slow
        if read:
            blank = _mask(read.is_null())
            known = len(values) - int(blank.sum())
            time = _nanoseconds(read)
            return Block(time, time, blank, zoned=known if zone else 0, unzoned=0 if zone else known)
    return None


def _cast(values: Words, zone: str | None) -> Any:
    try:
        return values.cast(pa.timestamp("ns", zone))
    except pa.ArrowInvalid:
        return None


def _nanoseconds(read: Any) -> Longs:
    unit = {"us": 1_000, "ns": 1}[read.type.unit]
    held = read.cast(pa.int64()).fill_null(NO_TIME).to_numpy(zero_copy_only=False)
    limit = np.iinfo(np.int64).max // unit
    return np.where((held > limit) | (held < -limit), NO_TIME, held * unit)


def _by_shape(values: Words) -> Block:
    """Any mixture of shapes: every distinct value is read once."""
    held = values.dictionary_encode()
    read = _distinct(held.dictionary.cast(pa.string()))
    spot = held.indices.fill_null(len(held.dictionary)).to_numpy(zero_copy_only=False)
    often = np.bincount(spot, minlength=len(held.dictionary) + 1)[: len(held.dictionary)]
    time = np.append(read.time, NO_TIME)[spot]
    american = time if read.month_first is read.time else np.append(read.month_first, NO_TIME)[spot]
    number = np.append(read.number, False)[spot] if read.number.any() else None
    blank = np.append(read.blank, True)[spot]
    return replace(read.counted(often), time=time, month_first=american, blank=blank, number=number)


@dataclass(frozen=True)
class _Distinct:
    time: Longs
    month_first: Longs
    blank: Bools
    zoned: Bools
    unzoned: Bools
    number: Bools
    largest: float
    slashed: Bools

    def counted(self, often: Longs) -> Block:
        day, month = self.time != NO_TIME, self.month_first != NO_TIME
        return Block(
            self.time,
            self.month_first,
            self.blank,
            zoned=int(often[self.zoned].sum()),
            unzoned=int(often[self.unzoned].sum()),
            largest=self.largest,
            day_first_proofs=int((self.slashed & day & ~month).sum()),
            month_first_proofs=int((self.slashed & month & ~day).sum()),
            undecided=int((self.slashed & day & month & (self.time != self.month_first)).sum()),
        )


def _distinct(words: Words) -> _Distinct:
    blank = _mask(pc.equal(pc.utf8_trim_whitespace(words), ""))
    first, last = pc.extract_regex(words, YEAR_FIRST), pc.extract_regex(words, YEAR_LAST)
    slashed = _mask(last.is_valid())
    number = _mask(pc.match_substring_regex(words, NUMBER))
    time, largest = _unix(words, number)
    zoned = _fill(time, first, "m", "d") | _fill(time, last, "m", "d")
    american = time
    if slashed.any():
        american = time.copy()
        american[slashed] = NO_TIME
        zoned |= _fill(american, last, "d", "m")
    read = (time != NO_TIME) | (american != NO_TIME)
    return _Distinct(time, american, blank, zoned & read, read & ~zoned & ~number, number, largest, slashed)


def _unix(words: Words, number: Bools) -> tuple[Longs, float]:
    time = np.full(len(words), NO_TIME, np.int64)
    if not number.any():
        return time, 0
    given = pc.utf8_trim_whitespace(words.filter(pa.array(number)))
    seconds = given.cast(pa.float64()).to_numpy()
    whole = np.floor(seconds)
    fits = np.abs(whole) <= MOST_UNIX
    part = np.round((seconds - whole) * 1e6).astype(np.int64) * 1_000  # a double holds such seconds to the microsecond
    time[number] = np.where(fits, np.where(fits, whole, 0).astype(np.int64) * SECOND + part, NO_TIME)
    return time, float(np.abs(seconds).max())


def _without_numbers(block: Block) -> Block:
    if block.number is None:
        return block
    time, month_first = (np.where(block.number, NO_TIME, read) for read in (block.time, block.month_first))
    return replace(block, time=time, month_first=month_first, number=None)


def _fill(time: Longs, parts: Any, month: str, day: str) -> Bools:
    """Write into ``time`` the rows whose parts were found and are a moment that exists; which of them name a zone."""
    rows = np.flatnonzero(_mask(parts.is_valid()))
    zoned = np.zeros(len(time), bool)
    if not len(rows):
        return zoned
    found = parts.drop_null()
    year, months, days = (_number(found, name) for name in ("y", month, day))
    hour, minute, second, zone_hour, zone_minute = (_number(found, name) for name in ("h", "i", "s", "zh", "zm"))
    fraction = pc.utf8_rpad(found.field("f"), 9, "0").cast(pa.int64()).to_numpy()
    sign = np.where(_mask(pc.equal(found.field("sign"), "-")), -1, 1)
    date, real = _days(year, months, days)
    real &= (hour < 24) & (minute < 60) & (second < 60) & (zone_hour < 24) & (zone_minute < 60)
    clock = hour * 3_600 + minute * 60 + second - sign * (zone_hour * 3_600 + zone_minute * 60)
    time[rows] = np.where(real, (date * DAY + clock) * SECOND + fraction, NO_TIME)
    zoned[rows] = _mask(pc.not_equal(found.field("z"), ""))
    return zoned


def _days(year: Longs, month: Longs, day: Longs) -> tuple[Longs, Bools]:
    """Days since 1970, and whether there is such a day."""
    real = (year >= FIRST_YEAR) & (year <= LAST_YEAR) & (month >= 1) & (month <= 12)
    months = np.where(real, (year - 1970) * 12 + month - 1, 0).astype("datetime64[M]")
    begin = months.astype("datetime64[D]").astype(np.int64)
    end = (months + 1).astype("datetime64[D]").astype(np.int64)
    return begin + day - 1, real & (day >= 1) & (day <= end - begin)


def _number(parts: Any, name: str) -> Longs:
    held = parts.field(name)
    read: Longs = pc.if_else(pc.equal(held, ""), "0", held).cast(pa.int64()).to_numpy()
    return read


def _mask(values: Any) -> npt.NDArray[np.bool_]:
    found: Bools = values.fill_null(False).to_numpy(zero_copy_only=False)
    return found.astype(bool)
