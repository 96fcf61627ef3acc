"""What people may do with case logs: bring one in, see what there is, forget one."""

import hashlib
import io
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import numpy as np

from insight import moments
from insight.access import Actor, Permission, use_case
from insight.database import session, write_session
from insight.errors import BadInput, NotFound
from insight.intake import Place
from insight.journeys import case_store, scoping
from insight.journeys.case_columns import COLUMNS, NEEDED, Header, header_of
from insight.journeys.case_records import in_parts, record_of
from insight.journeys.mining.log import DAY, NO_TIME
from insight.journeys.tables import CaseLogRow
from insight.language import _, noted
from insight.settings import settings
from insight.uploads import Kind, check

if TYPE_CHECKING:
    from insight.journeys.files.reading import FileLog

KEEPING = noted("Keeping the journeys")
IN_MEMORY = Path("/dev/shm")  # noqa: S108  # nosec B108  (a folder of our own is made in it)
MOST_NAME = 200
ACCEPTED = (Kind.TEXT, Kind.XML, Kind.PACKED)
BLOCK = 1024 * 1024
ENDINGS = (".csv", ".tsv", ".txt", ".xes", ".gz")
Upload = Path | bytes | IO[bytes]
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class CaseLog:
    """A case log of a place, or what one would be (``number`` 0). ``known``: this very file is here already.

    ``left_out`` gives rows by reason; ``tied`` counts steps that only the file's order puts after the one before.
    """

    number: int
    name: str
    file_name: str
    journeys: int
    steps: int
    rows_read: int
    left_out: tuple[tuple[str, int], ...]
    tied: int
    notes: tuple[str, ...]
    first_day: date | None
    last_day: date | None
    step_names: int
    organisations: int
    brought_by: str
    brought_at: datetime
    known: bool = False


@use_case(Permission.IMPORT)
def header(actor: Actor, file: Upload, file_name: str = "") -> Header:
    """The names of a file's columns and a guess at their meaning; nothing but its first line is looked at."""
    called = _file_name(file, file_name)
    if not isinstance(file, Path):
        check(_stream(file), *ACCEPTED)
    return header_of(file, called)


@use_case(Permission.IMPORT, recorded=True)
def bring_in(
    actor: Actor,
    place: Place,
    name: str,
    file: Upload,
    columns: Mapping[str, str | None],
    progress: Progress | None = None,
    *,
    file_name: str = "",
    dry_run: bool = False,
) -> CaseLog:
    """Bring in an event log as a case log, whole or not at all, in one transaction; the same file twice adds nothing.

    ``file`` is a path, an open binary file or bytes; ``file_name`` says what it is called where it has no path, since
    its ending tells what it is. ``columns`` gives the file's column for each of ``COLUMNS``; XES needs none. With
    ``dry_run`` nothing is kept. :class:`~insight.errors.BadInput` when the file cannot be used; rows that cannot are
    counted in the report.
    """
    from insight.journeys.files.reading import Columns, read_event_log  # it loads pyarrow, and pages may not

    called, title = _file_name(file, file_name), _title(name, dry_run)
    used = _checked(columns, xes=called.lower().endswith((".xes", ".xes.gz")))
    with _as_path(file, called) as path:
        digest = _digest(path)
        with session() as opened:
            before = case_store.same_file(opened, place.id, digest)
        if before is not None:
            return _as_model(before, known=True)
        read = read_event_log(path, Columns(**used), progress)
    report = _report(read)
    row = CaseLogRow(
        place_id=place.id,
        name=title,
        file_name=called[-300:],
        digest=digest,
        journeys=read.log.journeys,
        steps=len(read.log.code),
        report=report,
        brought_by=actor.name[:200],
        brought_at=moments.now(),
    )
    if not dry_run:
        return _keep(place, row, read, progress)
    return _as_model(row)


def _keep(place: Place, row: CaseLogRow, read: "FileLog", progress: Progress | None) -> CaseLog:
    """All parts in one transaction. The same file that came meanwhile is seen once the lock is ours."""
    packed = [part.to_bytes() for part in in_parts(record_of(read, place.id))]
    with write_session() as opened:
        case_store.one_at_a_time(opened, place.id)
        before = case_store.same_file(opened, place.id, row.digest)
        if before is not None:
            return _as_model(before, known=True)
        case_store.add_case_log(opened, row, _said(packed, progress))
    return _as_model(row)


def _said(parts: list[bytes], progress: Progress | None) -> Iterator[bytes]:
    for done, part in enumerate(parts, 1):
        yield part
        if progress:
            progress(KEEPING, done, len(parts))


@use_case(Permission.IMPORT)
def case_logs(actor: Actor, place: Place) -> list[CaseLog]:
    """The case logs of a place, newest first."""
    with session() as opened:
        return [_as_model(row) for row in case_store.case_logs_of(opened, place.id)]


@use_case(Permission.IMPORT, recorded=True)
def forget_case_log(actor: Actor, place: Place, number: int) -> None:
    """Delete a case log with all of its journeys."""
    with write_session() as opened:
        if not case_store.delete_case_log(opened, place.id, number):
            raise NotFound(_("There is no case log with that number. It may have been deleted."))
    scoping.forget_cached_runs()  # a database may give a number that is free to the next log


def _checked(columns: Mapping[str, str | None], xes: bool) -> dict[str, str | None]:
    """The columns that were chosen: those that are needed are there, and none means two things."""
    if xes:
        return {}
    used = {meaning: column for meaning in COLUMNS if (column := columns.get(meaning))}
    missing = [_(COLUMNS[meaning][0]) for meaning in NEEDED if meaning not in used]
    if missing:
        raise BadInput(_("Choose a column for: {names}.").format(names=", ".join(missing)))
    twice = [column for column, times in Counter(used.values()).items() if times > 1]
    if twice:
        raise BadInput(_("{column} is chosen twice. Choose one meaning for each column.").format(column=twice[0]))
    return dict(used)


def _file_name(file: Upload, told: str) -> str:
    name = told or (file.name if isinstance(file, Path) else str(getattr(file, "name", "")))
    name = name.replace("\\", "/").rsplit("/", 1)[-1]
    if not name.lower().endswith(ENDINGS) and not isinstance(file, Path):
        raise BadInput(_("Choose a file that ends in {endings}.").format(endings=", ".join(ENDINGS)))
    return name


def _title(name: str, dry_run: bool) -> str:
    title = " ".join(name.split())
    if not title and not dry_run:
        raise BadInput(_("Give the case log a name, such as the system it comes from."))
    if len(title) > MOST_NAME:
        raise BadInput(_("Give the case log a name of {most} characters or fewer.").format(most=MOST_NAME))
    return title


@contextmanager
def _as_path(file: Upload, name: str) -> Iterator[Path]:
    """The file, for as long as it is read. A copy of an upload is the process's own, and goes at the end.

    It lies in memory where the system has room for files there: an upload may hold more than the log that is kept.
    """
    if isinstance(file, Path):
        yield file
        return
    check(_stream(file), *ACCEPTED)
    with tempfile.TemporaryDirectory(prefix="case-log-", dir=_in_memory()) as folder:
        path = Path(folder, name[-100:])  # its name stands in messages, and no file system takes a very long one
        with path.open("wb") as copy:
            _copy(_stream(file), copy)
        yield path


def _in_memory() -> str | None:
    """A folder whose files are in memory, with room for the largest upload; None where there is none."""
    if not IN_MEMORY.is_dir() or not os.access(IN_MEMORY, os.W_OK):
        return None
    return str(IN_MEMORY) if shutil.disk_usage(IN_MEMORY).free > 2 * settings().upload_limit_mb * BLOCK else None


def _stream(file: bytes | IO[bytes]) -> IO[bytes]:
    return io.BytesIO(file) if isinstance(file, bytes) else file


def _copy(source: IO[bytes], into: IO[bytes]) -> None:
    most, size = settings().upload_limit_mb, 0
    source.seek(0)
    while block := source.read(BLOCK):
        size += len(block)
        if size > most * BLOCK:
            told = _("The file is larger than {most} MB. Bring in a part of it, such as one year.")
            raise BadInput(told.format(most=most))
        into.write(block)


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as fault:
        raise BadInput(_("The file cannot be opened. Check that it is there and may be read.")) from fault


def _report(read: "FileLog") -> dict[str, Any]:
    time = np.zeros(0, np.int64) if read.log.time is None else read.log.time[read.log.time != NO_TIME]
    return {
        "rows_read": read.rows_read,
        "left_out": {reason: int(count) for reason, count in Counter(read.left_out).items() if count},
        "tied": read.tied,
        "notes": list(read.notes),
        "first_day": _day(int(time.min())) if len(time) else None,
        "last_day": _day(int(time.max())) if len(time) else None,
        "step_names": len(read.log.names),
        "organisations": len(read.organisations),
    }


def _day(time: int) -> str:
    return (date(1970, 1, 1) + timedelta(days=time // DAY)).isoformat()


def _as_model(row: CaseLogRow, known: bool = False) -> CaseLog:
    told = row.report
    return CaseLog(
        row.id or 0,
        row.name,
        row.file_name,
        row.journeys,
        row.steps,
        told["rows_read"],
        tuple(told["left_out"].items()),
        told["tied"],
        tuple(told["notes"]),
        _as_date(told["first_day"]),
        _as_date(told["last_day"]),
        told["step_names"],
        told["organisations"],
        row.brought_by,
        row.brought_at,
        known,
    )


def _as_date(told: str | None) -> date | None:
    return date.fromisoformat(told) if told else None
