"""All SQL of runs."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Table, delete, select, update
from sqlalchemy.orm import Session

from insight.database import Base
from insight.runs.model import RunStatus
from insight.runs.tables import PublishedRunRow, RunRow

WAITING_STAGE = "waiting for the worker"


def add_run(
    session: Session, place_id: int, parameters: Mapping[str, Any], code_version: str, by: str, at: datetime
) -> int:
    """A new run that waits for its worker."""
    row = RunRow(
        place_id=place_id,
        status=RunStatus.WAITING,
        parameters=dict(parameters),
        code_version=code_version,
        stage=WAITING_STAGE,
        heartbeat_at=at,
        facts={},
        left_out={},
        started_by=by,
        started_at=at,
    )
    session.add(row)
    session.flush()
    return row.id


def run_by_id(session: Session, run_id: int) -> RunRow | None:
    """A run."""
    return session.get(RunRow, run_id)


def recent_runs(session: Session, place_id: int, limit: int) -> Sequence[RunRow]:
    """A place's runs, newest first."""
    query = select(RunRow).where(RunRow.place_id == place_id).order_by(RunRow.id.desc()).limit(limit)
    return session.scalars(query).all()


def unfinished_runs(session: Session, place_id: int) -> Sequence[RunRow]:
    """Runs of a place that have not ended, whether or not their workers still live."""
    query = select(RunRow).where(RunRow.place_id == place_id, RunRow.status.in_((RunStatus.WAITING, RunStatus.RUNNING)))
    return session.scalars(query).all()


def update_progress(session: Session, run_id: int, stage: str, done: int, total: int, at: datetime) -> None:
    """Say how far a run is."""
    values = {"status": RunStatus.RUNNING, "stage": stage, "done": done, "total": total, "heartbeat_at": at}
    session.execute(update(RunRow).where(RunRow.id == run_id).values(**values))


def touch(session: Session, run_id: int, at: datetime) -> None:
    """Keep a run's heart beating."""
    session.execute(update(RunRow).where(RunRow.id == run_id).values(heartbeat_at=at))


def wait_for_worker(session: Session, run_id: int, at: datetime) -> None:
    """Let a run that has not ended wait for a worker."""
    values = {"status": RunStatus.WAITING, "stage": WAITING_STAGE, "done": 0, "total": 0, "heartbeat_at": at}
    unfinished = update(RunRow).where(RunRow.id == run_id, RunRow.status == RunStatus.RUNNING)
    session.execute(unfinished.values(**values))


def forget_results(session: Session, run_id: int) -> None:
    """Delete whatever hangs on a run that has not ended, in every room's tables."""
    for table in reversed(Base.metadata.sorted_tables):
        for column in _hanging_on_runs(table):
            session.execute(delete(table).where(table.c[column] == run_id))


def _hanging_on_runs(table: Table) -> list[str]:
    """The columns by which a table's rows would be deleted with their run."""
    return [
        key.parent.name
        for key in table.foreign_keys
        if key.column.table.name == RunRow.__tablename__ and key.ondelete == "CASCADE"
    ]


def finish_run(session: Session, run_id: int, status: RunStatus, at: datetime, **values: Any) -> None:
    """End a run, with what it found or why it failed."""
    session.execute(update(RunRow).where(RunRow.id == run_id).values(status=status, finished_at=at, **values))


def published_run_id(session: Session, place_id: int) -> int | None:
    """The run that everyone sees."""
    return session.scalar(select(PublishedRunRow.run_id).where(PublishedRunRow.place_id == place_id))


def move_pointer(session: Session, place_id: int, run_id: int, by: str, at: datetime) -> None:
    """Publish a run in place of the one before."""
    row = session.get(PublishedRunRow, place_id)
    if row is None:
        session.add(PublishedRunRow(place_id=place_id, run_id=run_id, published_by=by, published_at=at))
    else:
        row.run_id, row.published_by, row.published_at = run_id, by, at
