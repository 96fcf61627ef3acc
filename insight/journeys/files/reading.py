"""Event logs from files: CSV, XES or Parquet into one sorted log, with what was left out and why."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from insight.errors import BadInput
from insight.journeys.files.columns import Columns
from insight.journeys.files.csv_log import MARKS, read_csv
from insight.journeys.files.parquet_log import read_parquet
from insight.journeys.files.raw import Coded, Progress, Raw
from insight.journeys.files.unpacking import unpacked
from insight.journeys.files.xes_log import read_xes
from insight.journeys.mining.log import NO_TIME, Bools, Ints, Log, Longs, in_order
from insight.language import _, noted

NO_JOURNEY, NO_STEP = noted("without a journey id"), noted("without a step")
BLANK_TIME, BAD_TIME = noted("without a time"), noted("with a time that cannot be read")

__all__ = ["Columns", "FileLog", "Progress", "read_event_log"]


@dataclass(frozen=True)
class FileLog:
    """A log as it was read.

    ``log`` has n journeys and e steps, sorted, with times. ``id_column`` (n,) is a pyarrow array of the journeys' ids
    as they stand in the file. ``organisation`` and ``channel`` (e,) are codes into their words, -1 where unknown.
    ``left_out`` gives rows by reason, in English words that go after "rows" and that ``_`` translates. ``tied`` counts
    steps at the very time (and order) of the step before them, so that only the order of the rows decided.
    """

    log: Log
    id_column: Any
    organisation: Ints | None
    organisations: tuple[str, ...]
    channel: Ints | None
    channels: tuple[str, ...]
    rows_read: int
    left_out: dict[str, int]
    notes: tuple[str, ...]
    tied: int

    @cached_property
    def ids(self) -> list[str]:
        """The journeys' ids as Python strings; costly for millions, so made only where asked for."""
        ids: list[str] = self.id_column.to_pylist()
        return ids


def read_event_log(path: Path, columns: Columns, progress: Progress | None = None) -> FileLog:
    """Read a log: CSV or XES, plain or as .gz, or Parquet. Raises BadInput, in one line, if it cannot be used.

    ``columns`` names the columns of CSV and Parquet and is not used for XES.
    """
    say = progress or _silent
    kind = _kind(path)
    if kind == "xes":
        raw, columns = read_xes(path, say), Columns()
    else:
        raw = (read_parquet if kind == "parquet" else read_csv)(path, columns, say)
    say(_("Sorting the log"), 0, 1)
    return _sorted(raw, path, columns)


def _silent(_stage: str, _done: int, _total: int) -> None:
    pass


def _kind(path: Path) -> str:
    """What a file is: its name tells, else its first bytes."""
    named = path.name.lower().removesuffix(".gz")
    for kind, endings in {"xes": (".xes", ".xml"), "csv": (".csv", ".tsv", ".txt"), "parquet": (".parquet",)}.items():
        if named.endswith(endings):
            return kind
    with unpacked(path) as stream:
        start = stream.read(1000)
    for mark in MARKS.values():
        start = start.removeprefix(mark)
    if start.startswith(b"PAR1"):
        return "parquet"
    return "xes" if start.replace(b"\0", b"").lstrip().startswith(b"<") else "csv"


def _sorted(raw: Raw, path: Path, columns: Columns) -> FileLog:
    kept, left_out = _kept(raw)
    rows = len(kept)
    if not kept.any():
        raise BadInput(_nothing_left(raw, path, columns))
    every = bool(kept.all())

    def of(values: npt.NDArray[Any]) -> Any:
        return values if every else values[kept]

    step, names = _used(of(raw.step.codes), raw.step.words)
    journey = of(raw.journey.codes)
    order, notes = (None, ()) if raw.order is None else _whole(of(raw.order))
    extra = raw.organisation is not None or raw.channel is not None or order is not None
    log = in_order(journey.astype(np.int64), step, names, of(raw.times.time), order, keep_rows=extra)
    organisation, organisations = _beside(raw.organisation, of, log)
    channel, channels = _beside(raw.channel, of, log)
    return FileLog(
        log=log,
        id_column=raw.journey.words.take(pa.array(np.flatnonzero(np.bincount(journey)))),
        organisation=organisation,
        organisations=organisations,
        channel=channel,
        channels=channels,
        rows_read=rows + sum(raw.left_out.values()),
        left_out=left_out,
        notes=(*raw.notes, *raw.times.notes, *notes, *_doubts(log)),
        tied=_tied(log, order),
    )


def _kept(raw: Raw) -> tuple[Bools, dict[str, int]]:
    """The rows that can be used, (r,), and why the others cannot."""
    kept = np.ones(len(raw.times.time), bool)
    left_out = dict(raw.left_out)
    blank = raw.times.blank
    reasons = {
        NO_JOURNEY: raw.journey.codes < 0,
        NO_STEP: raw.step.codes < 0,
        BLANK_TIME: blank,
        BAD_TIME: (raw.times.time == NO_TIME) & ~blank,
    }
    for reason, wrong in reasons.items():
        number = int((kept & wrong).sum())
        if number:
            left_out[reason] = number
        kept &= ~wrong
    return kept, left_out


def _nothing_left(raw: Raw, path: Path, columns: Columns) -> str:
    if not len(raw.times.time):
        return _("{file} has no steps: choose a log with at least one.").format(file=path.name)
    if columns.time and (raw.times.time == NO_TIME).all() and not raw.times.blank.all():
        told = _(
            "Column “{column}” given as the time (--time) holds no times: name the column with times such as "
            "2026-11-22 14:30, 22/11/2026 or seconds since 1970."
        )
        return told.format(column=columns.time)
    told = _("No row of {file} has a journey, a step and a time together. Rows left out: {reasons}.")
    reasons = ", ".join(f"{number:,} {_(reason)}" for reason, number in _kept(raw)[1].items())
    return told.format(file=path.name, reasons=reasons)


def _used(codes: Ints, words: Any) -> tuple[Ints, tuple[str, ...]]:
    """The codes and words without those words that no row has; -1 stays what it is."""
    used = np.bincount(codes + 1, minlength=len(words) + 1)[1:] > 0
    if used.all():
        return codes, tuple(words.to_pylist())
    place = np.append(np.where(used, np.cumsum(used) - 1, -1), -1).astype(np.int32)
    return place[codes], tuple(words.filter(pa.array(used)).to_pylist())


def _beside(column: Coded | None, of: Any, log: Log) -> tuple[Ints | None, tuple[str, ...]]:
    """A column in the order of the log."""
    if column is None:
        return None, ()
    codes, words = _used(of(column.codes), column.words)
    return codes[log.row], words


def _whole(order: npt.NDArray[np.float64]) -> tuple[Longs, tuple[str, ...]]:
    """An order as whole numbers: its own, or their ranks where they are fractions; rows without one come last."""
    unknown = np.isnan(order)
    whole = np.abs(order) < 2**53
    whole &= order == np.where(whole, np.floor(order), 0)
    if (whole | unknown).all():
        last = int(order[whole].max(initial=0)) + 1
        ranks = np.where(unknown, last, order).astype(np.int64)
    else:
        ranks = np.unique(order, return_inverse=True)[1].astype(np.int64)  # NaN sorts last
    if not unknown.any():
        return ranks, ()
    told = _("Steps without a number in the order column stand after the others of the same moment: {number}.")
    return ranks, (told.format(number=f"{int(unknown.sum()):,}"),)


def _doubts(log: Log) -> tuple[str, ...]:
    if len(log.names) < 10 * log.journeys:
        return ()
    told = _("There are {steps} kinds of step in {journeys} journeys: check that the two columns are not swapped.")
    return (told.format(steps=f"{len(log.names):,}", journeys=f"{log.journeys:,}"),)


def _tied(log: Log, order: Longs | None) -> int:
    if log.time is None or not len(log.time):
        return 0
    same = log.followed[:-1] & (log.time[1:] == log.time[:-1])
    if order is not None and log.row is not None:
        ordered = order[log.row]
        same &= ordered[1:] == ordered[:-1]
    return int(same.sum())
