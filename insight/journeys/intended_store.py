"""All SQL of intended journeys: versions are added, never changed."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from insight.journeys.tables import IntendedRow


def newest_of_each(session: Session, place_id: int) -> Sequence[IntendedRow]:
    """The newest version of each intended journey of a place, by name."""
    newest = (
        select(IntendedRow.code, func.max(IntendedRow.version).label("version"))
        .where(IntendedRow.place_id == place_id)
        .group_by(IntendedRow.code)
        .subquery()
    )
    same = (IntendedRow.code == newest.c.code) & (IntendedRow.version == newest.c.version)
    query = select(IntendedRow).join(newest, same).where(IntendedRow.place_id == place_id)
    return session.scalars(query.order_by(IntendedRow.name, IntendedRow.code)).all()


def versions(session: Session, place_id: int, code: str) -> Sequence[IntendedRow]:
    """Every version of an intended journey, newest first."""
    mine = select(IntendedRow).where(IntendedRow.place_id == place_id, IntendedRow.code == code)
    return session.scalars(mine.order_by(IntendedRow.version.desc())).all()


def one_version(session: Session, place_id: int, code: str, version: int | None = None) -> IntendedRow | None:
    """One version of an intended journey, the newest where none is named."""
    mine = select(IntendedRow).where(IntendedRow.place_id == place_id, IntendedRow.code == code)
    if version is not None:
        mine = mine.where(IntendedRow.version == version)
    return session.scalars(mine.order_by(IntendedRow.version.desc()).limit(1)).first()


def add(
    session: Session,
    place_id: int,
    code: str,
    version: int,
    name: str,
    need: str | None,
    body: str,
    by: str,
    at: datetime,
) -> IntendedRow:
    """A version of an intended journey."""
    told = {"code": code, "version": version, "name": name, "need": need, "body": body}
    row = IntendedRow(place_id=place_id, saved_by=by, saved_at=at, **told)
    session.add(row)
    session.flush()
    return row
