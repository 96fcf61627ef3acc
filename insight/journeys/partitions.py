"""Journeys cut into parts and mined part by part: Parquet files, a place's stories, a case log. Not for pages.

Every journey is whole in one part, so that the parts together give exactly what one reading of everything gives.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from insight.columns import NONE, mostly_written
from insight.database import session
from insight.errors import BadInput, NotFound
from insight.journeys.case_store import part_of_case_log
from insight.journeys.files.reading import BLANK_TIME, NO_JOURNEY, NO_STEP, Columns, FileLog, read_event_log
from insight.journeys.gathering import PlacePart, read_part
from insight.journeys.mining.log import DAY, Ints
from insight.journeys.mining.parts import Mined, Passed, Waited, combine, mine, mine_told, renamed
from insight.journeys.passing import waited_between
from insight.journeys.record import Record
from insight.language import _
from insight.scale import mapreduce

ROWS = 500_000  # steps of a log that are written at a time
NEEDED = {"journey": NO_JOURNEY, "step": NO_STEP, "time": BLANK_TIME}


@dataclass(frozen=True)
class Parts:
    """Parquet files that hold a log in parts; ``left_out`` counts the rows that could not be used, by reason."""

    paths: tuple[Path, ...]
    rows: int
    left_out: dict[str, int]


def part_of(journey: str, parts: int) -> int:
    """The part of a journey's id: by CRC-32 (ISO 3309), the same on every machine."""
    return crc32(journey.encode()) % parts


def write_parts(tables: Iterable[pa.Table], columns: Columns, folder: Path, parts: int) -> Parts:
    """Cut a log that comes as pyarrow tables into Parquet files in ``folder``; no more than a table is held at a time.

    Steps of the same moment keep the order in which they come. The files hold the journeys' ids: delete them after use.
    Raises BadInput where times are not a column of timestamps.
    """
    folder.mkdir(parents=True, exist_ok=True)
    writers: dict[int, pq.ParquetWriter] = {}
    rows, left_out = 0, Counter[str]()
    try:
        for table in tables:
            usable = _usable(_plain(table, columns), left_out)
            rows += usable.num_rows
            for part, piece in _pieces(usable, parts):
                if part not in writers:
                    writers[part] = pq.ParquetWriter(folder / f"part-{part:05d}.parquet", piece.schema)
                writers[part].write_table(piece)
    finally:
        for writer in writers.values():
            writer.close()
    paths = tuple(folder / f"part-{part:05d}.parquet" for part in sorted(writers))
    return Parts(paths, rows, dict(left_out))


def tables_of(read: FileLog) -> tuple[Iterator[pa.Table], Columns]:
    """A log that was read from a file as tables for :func:`write_parts`, and what their columns are called."""
    beside = {"organisation": (read.organisation, read.organisations), "channel": (read.channel, read.channels)}
    known = {name: (codes, words) for name, (codes, words) in beside.items() if codes is not None}
    named = Columns("journey", "step", "time", **{name: name for name in known})

    def tables() -> Iterator[pa.Table]:
        log, time = read.log, read.log.time
        if time is None:
            raise BadInput(_("The times must be a column of timestamps before a log can be cut into parts."))
        for start in range(0, len(log.code), ROWS):
            at = slice(start, start + ROWS)
            columns = {
                "journey": read.id_column.take(pa.array(log.journey[at])),
                "step": pa.array(log.names).take(pa.array(log.code[at])),
                "time": pa.array(time[at], pa.timestamp("ns", "UTC")),
            }
            columns |= {name: _words(codes[at], words) for name, (codes, words) in known.items()}
            yield pa.table(columns)

    return tables(), named


def mine_part(path: Path) -> Mined:
    """What is in one file of :func:`write_parts`."""
    names = pq.read_schema(path).names
    read = read_event_log(path, Columns(**{name: name for name in names}))
    return mine(read.log, read.organisation, read.organisations)


def mine_parts(paths: Iterable[Path]) -> Mined:
    """What is in all of these files; on a cluster they must lie where every worker can read them."""
    return mapreduce(mine_part, paths, combine)


def mine_record(record: Record) -> Mined:
    """Told journeys or case-log journeys by service; handoffs are those of all steps, with or without a service.

    The time across a handoff is the wait as told, else the days between its dates.
    """
    log = record.log("service")
    before = np.flatnonzero(record.passed_on)
    days, known = waited_between(record, before)
    passed = Passed(
        start=record.organisation[before],
        end=record.organisation[before + 1],
        organisations=record.words["organisation"],
        gap=days.astype(np.int64) * DAY,
        timed=known,
        told_again=record.told_again[before + 1],
    )
    return mine_told(log, passed, Waited(record.waited[log.row], record.promised[log.row]))


def mine_case_part(number: int, part: int) -> Mined:
    """What is in one part of a case log that was brought in. NotFound if there is none."""
    with session() as opened:
        record = part_of_case_log(opened, number, part)
    if record is None:
        raise NotFound(_("This case log is not there any more."))
    return mine_record(record)


def mine_case_log(number: int, parts: int) -> Mined:
    """What is in a case log that is kept in so many parts."""
    return mapreduce(partial(mine_case_part, number), range(parts), combine)


@dataclass(frozen=True)
class Heard:
    """What was mined with all names in lower case, and how often each name was written in which way.

    Which way is the commonest is known only when all parts are together.
    """

    mined: Mined
    services: Counter[str]
    organisations: Counter[str]


def mine_place(place_id: int, parts: int) -> Mined:
    """The stories of a place that may be analysed, by service, straight from the database in so many parts.

    Stories that come, change or leave meanwhile may be in or out, each as a whole.
    """
    asked = [PlacePart(place_id, part, parts, texts=False) for part in range(parts)]
    heard = mapreduce(mine_place_part, asked, combine_heard)
    return renamed(heard.mined, mostly_written(heard.services), mostly_written(heard.organisations))


def mine_place_part(part: PlacePart) -> Heard:
    """What is in one part of a place's stories."""
    read = read_part(part)
    return Heard(mine_record(read.record), read.written["service"], read.written["organisation"])


def combine_heard(first: Heard, second: Heard) -> Heard:
    """Two parts together."""
    mined = combine(first.mined, second.mined)
    return Heard(mined, first.services + second.services, first.organisations + second.organisations)


def _plain(table: pa.Table, columns: Columns) -> pa.Table:
    """The named columns, called for what they hold; words as words, however they were coded."""
    held = {}
    for what, name in asdict(columns).items():
        if name is None:
            continue
        if name not in table.column_names:
            raise BadInput(_("The log has no column “{column}”.").format(column=name))
        column = table.column(name)
        held[what] = column if what in ("time", "order") else column.cast(pa.string())
    if not pa.types.is_timestamp(held["time"].type):
        raise BadInput(_("The times must be a column of timestamps before a log can be cut into parts."))
    return pa.table(held)


def _usable(table: pa.Table, left_out: Counter[str]) -> pa.Table:
    """The rows with a journey, a step and a time; the others are counted by what they lack first."""
    kept = np.ones(table.num_rows, bool)
    for what, reason in NEEDED.items():
        there = pc.is_valid(table.column(what))
        if what != "time":
            there = pc.and_(there, pc.fill_null(pc.not_equal(pc.utf8_trim_whitespace(table.column(what)), ""), False))
        lacking = kept & ~np.asarray(there)
        if lacking.any():
            left_out[reason] += int(lacking.sum())
            kept &= ~lacking
    return table if kept.all() else table.filter(pa.array(kept))


def _pieces(table: pa.Table, parts: int) -> Iterator[tuple[int, pa.Table]]:
    ids = table.column("journey").combine_chunks().dictionary_encode()
    of_id = np.array([part_of(journey, parts) for journey in ids.dictionary.to_pylist()], np.int64)
    part = of_id[ids.indices.to_numpy()]
    for number in np.unique(part).tolist():
        yield number, table.filter(pa.array(part == number))


def _words(codes: Ints, words: tuple[str, ...]) -> Any:
    return pa.array(words, pa.string()).take(pa.array(codes, mask=codes == NONE))
