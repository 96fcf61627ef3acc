"""All SQL of told journeys: a run's record, and the phases that people drew."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from insight.journeys.tables import PhasesRow, RecordRow
from insight.runs.tables import RunRow


def keep_record(session: Session, run_id: int, body: bytes, kinds: Mapping[str, Any]) -> None:
    """A run's record."""
    session.add(RecordRow(run_id=run_id, body=body, kinds=dict(kinds)))


def record_of_run(session: Session, run_id: int) -> tuple[bytes, dict[str, Any]] | None:
    """A run's record and its kinds, or None for a run from before journeys were read."""
    row = session.execute(select(RecordRow.body, RecordRow.kinds).where(RecordRow.run_id == run_id)).one_or_none()
    return (row.body, row.kinds) if row else None


def gone_from_run(session: Session, run_id: int) -> int | None:
    """How many stories have left a run's record; None for a run without one."""
    return session.scalar(select(RecordRow.gone).where(RecordRow.run_id == run_id))


def runs_with_record(session: Session, place_id: int) -> Sequence[int]:
    """The runs of a place that have a record."""
    query = select(RecordRow.run_id).join(RunRow, RunRow.id == RecordRow.run_id).where(RunRow.place_id == place_id)
    return session.scalars(query).all()


def replace_record(session: Session, run_id: int, body: bytes, gone: int) -> None:
    """A run's record after ``gone`` stories more have left it."""
    values = {"body": body, "gone": RecordRow.gone + gone}
    session.execute(update(RecordRow).where(RecordRow.run_id == run_id).values(**values))


def newest_phases(session: Session, place_id: int, need: str) -> PhasesRow | None:
    """The phases that count for a need ("": all needs)."""
    mine = select(PhasesRow).where(PhasesRow.place_id == place_id, PhasesRow.need == need)
    return session.scalars(mine.order_by(PhasesRow.version.desc()).limit(1)).first()


def add_phases(
    session: Session, place_id: int, need: str, body: Sequence[Mapping[str, Any]], by: str, at: datetime
) -> None:
    """A new version of a need's phases; a UNIQUE constraint refuses two of the same number."""
    mine = select(func.max(PhasesRow.version)).where(PhasesRow.place_id == place_id, PhasesRow.need == need)
    version = (session.scalar(mine) or 0) + 1
    told = [dict(phase) for phase in body]
    session.add(PhasesRow(place_id=place_id, need=need, version=version, body=told, saved_by=by, saved_at=at))
