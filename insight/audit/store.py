"""All SQL of the audit."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, String, func, select, text, type_coerce
from sqlalchemy.orm import Session

from insight.audit.model import Entry, Head, Wanted
from insight.audit.tables import AuditEntryRow

LOCK = 0x7468_726C  # any number, as long as nothing else in the database takes the same one
CHUNK = 2_000
UNREADABLE = datetime(1, 1, 1, tzinfo=UTC)


def wait_for_turn(session: Session) -> None:
    """Let one unit of work append at a time, until it ends. On SQLite a writing session has the write lock already."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})


def head(session: Session) -> Head:
    """The newest entry's number and digest."""
    newest = select(AuditEntryRow.number, AuditEntryRow.digest).order_by(AuditEntryRow.number.desc()).limit(1)
    row = session.execute(newest).first()
    return Head(row.number, row.digest) if row else Head()


def append(session: Session, entry: Entry) -> None:
    """Keep one entry."""
    session.add(AuditEntryRow(**{name: getattr(entry, name) for name in Entry.__slots__}))
    session.flush()


def in_order(session: Session) -> Iterator[Entry]:
    """Every entry, the earliest first, without holding them all."""
    query, last = select(*_columns()).order_by(AuditEntryRow.number).limit(CHUNK), None
    while True:
        more = query if last is None else query.where(AuditEntryRow.number > last)
        rows = [_entry(row) for row in session.execute(more)]
        yield from rows
        if len(rows) < CHUNK:
            return
        last = rows[-1].number


def newest(session: Session, wanted: Wanted, limit: int, skip: int = 0) -> list[Entry]:
    """The newest entries that are wanted."""
    query = select(*_columns()).where(*_matching(wanted)).order_by(AuditEntryRow.number.desc())
    return [_entry(row) for row in session.execute(query.limit(limit).offset(skip))]


def how_many(session: Session, wanted: Wanted) -> int:
    """How many entries are wanted."""
    return session.scalar(select(func.count()).select_from(AuditEntryRow).where(*_matching(wanted))) or 0


def names(session: Session, wanted: Wanted) -> list[str]:
    """Who stands in the entries that are wanted, in order of the alphabet."""
    return sorted(session.scalars(select(AuditEntryRow.name).where(*_matching(wanted)).distinct()))


def _columns() -> list[ColumnElement[Any]]:
    """All columns, the moment as the driver gives it: one that was tampered with must not stop a check."""
    table = AuditEntryRow.__table__
    return [type_coerce(table.c[name], String) if name == "at" else table.c[name] for name in Entry.__slots__]


def _entry(row: Row[Any]) -> Entry:
    told = row._asdict()
    return Entry(**{**told, "at": _moment(told["at"])})


def _moment(told: object) -> datetime:
    try:
        moment = told if isinstance(told, datetime) else datetime.fromisoformat(str(told))
    except ValueError:
        return UNREADABLE
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _matching(wanted: Wanted) -> list[ColumnElement[bool]]:
    row = AuditEntryRow
    asked = [(row.name, wanted.name), (row.what, wanted.what), (row.place_id, wanted.place_id)]
    conditions = [column == value for column, value in asked if value is not None]
    return conditions if wanted.places is None else [*conditions, row.place_id.in_(wanted.places)]
