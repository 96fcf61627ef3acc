"""The queue: a job is put in, taken by one worker, kept alive by its heartbeat, and ends once.

``enqueue`` belongs to the caller's unit of work: a job is there exactly when what it is about is there. All else is a
unit of work of its own. A worker that is killed leaves its job behind: when its heart has been quiet for
``INSIGHT_STALE_AFTER_SECONDS`` another takes the job, at most ``MOST_ATTEMPTS`` times in all.
"""

import os
import secrets
import socket
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy.orm import Session

from insight.database import session, write_session
from insight.jobs import store
from insight.jobs.model import Job, Kind, QueueSize, State
from insight.jobs.tables import JobRow
from insight.moments import now
from insight.settings import settings

MOST_ATTEMPTS = 3
DAYS_KEPT = 30
GIVEN_UP = "The worker stopped before it was done."  # stored, so it stays English


def worker_name() -> str:
    """A name that no other worker has, by which a job says who holds it."""
    return f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(4)}"


def enqueue(opened: Session, kind: Kind, subject: str) -> None:
    """Queue a job within the caller's unit of work; one on its way stays, one that has ended is queued anew."""
    if store.add_job(opened, kind, subject, now()):
        return
    row = store.job_of(opened, kind, subject, to_change=True)
    if row is not None and row.state in (State.DONE, State.FAILED):
        store.queue_again(row, now())


def enqueue_once(opened: Session, kind: Kind, subject: str) -> bool:
    """Queue a job unless there ever was one of this kind and subject; gives whether it was queued."""
    return store.add_job(opened, kind, subject, now())


def take(kinds: Sequence[Kind], worker: str, subject: str | None = None) -> Job | None:
    """Take the job that waits longest, or one whose worker died; None where there is nothing to do."""
    asked = (kinds, subject, now(), now() - _patience(), MOST_ATTEMPTS)
    with session() as opened:
        if not store.is_any(opened, *asked):
            return None  # an idle worker must not hold up those who write
    with write_session() as opened:
        row = store.next_job(opened, *asked)
        if row is None:
            return None
        row.state, row.taken_by, row.attempts = State.TAKEN, worker, row.attempts + 1
        row.taken_at = row.heartbeat_at = now()
        return _job(row)


def held(job_id: int, worker: str) -> Job | None:
    """A job that this worker holds, or None where it is not theirs any more."""
    with session() as opened:
        row = store.held_job(opened, job_id, worker)
        return None if row is None else _job(row)


def beat(job: Job) -> bool:
    """Say that a job's worker lives; False where the job is not theirs any more, and they must let go of it."""
    with write_session() as opened:
        return store.change_held(opened, job.id, job.taken_by, heartbeat_at=now())


def done(job: Job) -> bool:
    """End a job well; False where it was taken from this worker meanwhile."""
    with write_session() as opened:
        return store.change_held(opened, job.id, job.taken_by, state=State.DONE)


def failed(job: Job, error: str) -> bool:
    """End a job with the reason, in plain words without anything a resident wrote."""
    with write_session() as opened:
        return store.change_held(opened, job.id, job.taken_by, state=State.FAILED, error=error)


def give_back(job: Job) -> bool:
    """Let a job wait again as if it had not been taken: its worker must stop, and is not to blame."""
    with write_session() as opened:
        return store.change_held(opened, job.id, job.taken_by, **_waiting(job.attempts - 1))


def give_back_or_up(job: Job) -> State | None:
    """Let a job whose carrying out broke down wait for another attempt, or fail it when it was tried often enough.

    Gives what became of it: waiting, failed, or None where it was no longer held, as when it ended after all.
    """
    last = job.attempts >= MOST_ATTEMPTS
    end = {"state": State.FAILED, "error": GIVEN_UP} if last else _waiting(job.attempts)
    with write_session() as opened:
        changed = store.change_held(opened, job.id, job.taken_by, **end)
    return (State.FAILED if last else State.WAITING) if changed else None


def give_up_dead() -> list[Job]:
    """Fail the jobs whose workers died as often as a job may be tried; gives them, so that others can be told."""
    with session() as opened:
        if not store.dead_jobs(opened, now() - _patience(), MOST_ATTEMPTS):
            return []
    with write_session() as opened:
        rows = store.dead_jobs(opened, now() - _patience(), MOST_ATTEMPTS)
        for row in rows:
            row.state, row.error = State.FAILED, GIVEN_UP
        return [_job(row) for row in rows]


def forget_old() -> int:
    """Delete jobs of more than ``DAYS_KEPT`` days ago; gives how many."""
    with write_session() as opened:
        return store.forget_jobs(opened, now() - timedelta(days=DAYS_KEPT))


def sizes() -> list[QueueSize]:
    """How many jobs there are of each kind and state."""
    with session() as opened:
        return store.sizes(opened)


def seconds_waited() -> float:
    """How long the job has waited that waits longest; 0 where none waits."""
    with session() as opened:
        since = store.oldest_waiting(opened)
    return 0.0 if since is None else max(0.0, (now() - since).total_seconds())


def _waiting(attempts: int) -> dict[str, object]:
    return {"state": State.WAITING, "attempts": attempts, "taken_by": None, "heartbeat_at": None}


def _patience() -> timedelta:
    return timedelta(seconds=settings().stale_after_seconds)


def _job(row: JobRow) -> Job:
    return Job(row.id, Kind(row.kind), row.subject, row.attempts, row.taken_by or "")
