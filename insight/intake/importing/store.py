"""All SQL of importing: which files came in, and the mappings kept to be used again."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from insight.intake.tables import ImportRow, MappingRow


def add_import(session: Session, row: ImportRow) -> int:
    """Record that a file was brought in."""
    session.add(row)
    session.flush()
    return row.id


def recent_imports(session: Session, place_id: int, limit: int) -> Sequence[ImportRow]:
    """The files a place brought in last."""
    query = select(ImportRow).where(ImportRow.place_id == place_id).order_by(ImportRow.id.desc()).limit(limit)
    return session.scalars(query).all()


def mappings_of(session: Session, place_id: int) -> dict[str, dict[str, str]]:
    """The saved mappings of a place, by name."""
    query = select(MappingRow).where(MappingRow.place_id == place_id).order_by(MappingRow.name)
    return {row.name: row.columns for row in session.scalars(query)}


def save_mapping(session: Session, place_id: int, name: str, columns: dict[str, str], at: datetime) -> None:
    """Keep a mapping under its name, in place of an older one."""
    row = session.scalar(select(MappingRow).where(MappingRow.place_id == place_id, MappingRow.name == name))
    if row is None:
        row = MappingRow(place_id=place_id, name=name, columns=columns, saved_at=at)
        session.add(row)
    row.columns, row.saved_at = columns, at
