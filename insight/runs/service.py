"""What people may do with runs: start one, follow it, publish it. What a run computes is not this room's business."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from insight import __version__, jobs
from insight.access import Actor, Permission, acts_in, use_case
from insight.database import session, write_session
from insight.errors import Conflict, NotFound, NotReady
from insight.language import _
from insight.moments import now
from insight.runs import store
from insight.runs.model import Run, RunStatus
from insight.runs.rules import OPEN, status_now
from insight.runs.tables import RunRow
from insight.settings import settings


@use_case(Permission.RUN_ANALYSIS, recorded=True)
def create(actor: Actor, place_id: int, parameters: Mapping[str, Any] | None = None) -> Run:
    """Put a run in the list without starting a worker; one run of a place at a time."""
    with write_session() as opened:
        run_id = _add(opened, actor, place_id, parameters)
    return get(actor, run_id)


@use_case(Permission.RUN_ANALYSIS, recorded=True)
def start(actor: Actor, place_id: int, parameters: Mapping[str, Any] | None = None) -> Run:
    """Put a run in the list and its job in the queue, for a worker that goes on when this process ends."""
    with write_session() as opened:
        run_id = _add(opened, actor, place_id, parameters)
        jobs.enqueue(opened, jobs.Kind.ANALYSE, str(run_id))
    jobs.call_worker(jobs.Kind.ANALYSE, str(run_id))
    return get(actor, run_id)


@use_case(Permission.SEE_INSIGHT)
def get(actor: Actor, run_id: int) -> Run:
    """A run as it stands now."""
    with session() as opened:
        return _run(opened, _found(actor, opened, run_id))


@use_case(Permission.RUN_ANALYSIS)
def recent(actor: Actor, place_id: int, limit: int = 20) -> list[Run]:
    """A place's runs, newest first."""
    with session() as opened:
        return [_run(opened, row) for row in store.recent_runs(opened, place_id, limit)]


@use_case(Permission.SEE_INSIGHT)
def published(actor: Actor, place_id: int) -> Run | None:
    """The run of a place that everyone sees, or None while there is none."""
    with session() as opened:
        run_id = store.published_run_id(opened, place_id)
        row = store.run_by_id(opened, run_id) if run_id else None
        return _run(opened, row) if row else None


@use_case(Permission.PUBLISH, recorded=True)
def publish(actor: Actor, run_id: int) -> Run:
    """Let everyone see a run. Publishing it again changes nothing."""
    with write_session() as opened:
        publish_within(actor, opened, run_id)
    return get(actor, run_id)


@use_case(Permission.PUBLISH)
def publish_within(actor: Actor, opened: Session, run_id: int) -> RunRow:
    """Move the pointer to a run that ended well. For other rooms' services, within their unit of work."""
    row = _found(actor, opened, run_id)
    if row.status != RunStatus.DONE:
        raise NotReady(_("Only an analysis that has ended well can be published."))
    store.move_pointer(opened, row.place_id, run_id, actor.called, now())
    return row


def _found(actor: Actor, opened: Session, run_id: int) -> RunRow:
    row = store.run_by_id(opened, run_id)
    if row is None or not acts_in(actor, row.place_id):
        raise NotFound(_("There is no analysis with that number."))
    return row


def _add(opened: Session, actor: Actor, place_id: int, parameters: Mapping[str, Any] | None) -> int:
    for row in store.unfinished_runs(opened, place_id):
        if _status(row) in OPEN:
            raise Conflict(_("An analysis of this place is already on its way. Wait for it to end."))
        store.finish_run(opened, row.id, RunStatus.FAILED, now(), error=jobs.GIVEN_UP)
    return store.add_run(opened, place_id, parameters or {}, __version__, actor.called, now())


def _status(row: RunRow) -> RunStatus:
    return status_now(row.status, row.heartbeat_at, now(), settings().stale_after_seconds, jobs.served())


def _run(opened: Session, row: RunRow) -> Run:
    return Run(
        id=row.id,
        place_id=row.place_id,
        status=_status(row),
        parameters=row.parameters,
        code_version=row.code_version,
        input_fingerprint=row.input_fingerprint,
        stage=row.stage,
        done=row.done,
        total=row.total,
        facts=row.facts,
        left_out=row.left_out,
        error=row.error,
        started_by=row.started_by,
        started_at=row.started_at,
        finished_at=row.finished_at,
        published=store.published_run_id(opened, row.place_id) == row.id,
    )
