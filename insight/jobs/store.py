"""All SQL of jobs."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, delete, func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from insight.jobs.model import Kind, QueueSize, State
from insight.jobs.tables import JobRow


def add_job(session: Session, kind: Kind, subject: str, at: datetime) -> bool:
    """Put a job in the queue; False where there is one of that kind and subject, however it ended."""
    if job_of(session, kind, subject) is not None:
        return False
    try:
        with session.begin_nested():
            session.add(JobRow(kind=kind, subject=subject, state=State.WAITING, queued_at=at, not_before=at))
    except IntegrityError:
        return False  # somebody else queued it in this moment
    return True


def job_of(session: Session, kind: Kind, subject: str, *, to_change: bool = False) -> JobRow | None:
    """The job of a kind and subject."""
    query = select(JobRow).where(JobRow.kind == kind, JobRow.subject == subject)
    return session.scalar(query.with_for_update() if to_change else query)


def queue_again(row: JobRow, at: datetime) -> None:
    """Let a job that has ended wait once more, as if it were new."""
    row.state, row.queued_at, row.not_before, row.attempts = State.WAITING, at, at, 0
    row.taken_by = row.taken_at = row.heartbeat_at = row.error = None


def next_job(
    session: Session, kinds: Sequence[Kind], subject: str | None, now: datetime, dead_since: datetime, most: int
) -> JobRow | None:
    """The job that is first to be taken, locked; rows that another worker looks at just now are passed over."""
    query = _to_take(kinds, subject, now, dead_since, most).limit(1)
    return session.scalar(query.with_for_update(skip_locked=True))


def is_any(
    session: Session, kinds: Sequence[Kind], subject: str | None, now: datetime, dead_since: datetime, most: int
) -> bool:
    """Whether there is a job to take, without locking anything."""
    return session.scalar(_to_take(kinds, subject, now, dead_since, most).limit(1)) is not None


def _to_take(
    kinds: Sequence[Kind], subject: str | None, now: datetime, dead_since: datetime, most: int
) -> Select[JobRow]:
    due = and_(JobRow.state == State.WAITING, JobRow.not_before <= now)
    left = and_(_dead(dead_since), JobRow.attempts < most)
    query = select(JobRow).where(JobRow.kind.in_(kinds), or_(due, left)).order_by(JobRow.queued_at, JobRow.id)
    return query if subject is None else query.where(JobRow.subject == subject)


def _dead(since: datetime) -> ColumnElement[bool]:
    return and_(JobRow.state == State.TAKEN, JobRow.heartbeat_at < since)


def dead_jobs(session: Session, since: datetime, most: int) -> Sequence[JobRow]:
    """Jobs whose workers died as often as a job may be tried, locked."""
    query = select(JobRow).where(_dead(since), JobRow.attempts >= most)
    return session.scalars(query.with_for_update(skip_locked=True)).all()


def change_held(session: Session, job_id: int, worker: str, **values: Any) -> bool:
    """Change a job that this worker holds; False where it is not theirs any more."""
    held = update(JobRow).where(JobRow.id == job_id, JobRow.taken_by == worker, JobRow.state == State.TAKEN)
    done = session.execute(held.values(**values), execution_options={"synchronize_session": False})
    return bool(done.rowcount)  # type: ignore[attr-defined]


def held_job(session: Session, job_id: int, worker: str) -> JobRow | None:
    """A job that this worker holds."""
    row = session.get(JobRow, job_id)
    return row if row is not None and row.taken_by == worker and row.state == State.TAKEN else None


def forget_jobs(session: Session, before: datetime) -> int:
    """Delete jobs that were queued before a moment, however they ended; gives how many."""
    return session.execute(delete(JobRow).where(JobRow.queued_at < before)).rowcount  # type: ignore[attr-defined, no-any-return]


def sizes(session: Session) -> list[QueueSize]:
    """How many jobs there are of each kind and state."""
    query = select(JobRow.kind, JobRow.state, func.count()).group_by(JobRow.kind, JobRow.state)
    return [QueueSize(kind, state, number) for kind, state, number in session.execute(query)]


def oldest_waiting(session: Session) -> datetime | None:
    """Since when the job has waited that waits longest."""
    return session.scalar(select(func.min(JobRow.queued_at)).where(JobRow.state == State.WAITING))
