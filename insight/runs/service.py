"""What people may do with runs: start one, follow it, publish it. What a run computes is not this room's business."""

import subprocess
import sys
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from insight import __version__
from insight.access import Actor, Permission, use_case
from insight.database import session, write_session
from insight.errors import Conflict, NotFound, NotReady
from insight.language import _
from insight.runs import store
from insight.runs.model import Progress, Run, RunStatus
from insight.runs.rules import OPEN, status_now
from insight.runs.tables import RunRow
from insight.settings import ROOT, settings

SECONDS_BETWEEN_WORDS = 1.0
UNFINISHED = "The worker stopped before it was done."  # stored, so it stays English; the page translates it


@use_case(Permission.RUN_ANALYSIS)
def create(actor: Actor, place_id: int, parameters: Mapping[str, Any] | None = None) -> Run:
    """Put a run in the list without starting a worker; one run of a place at a time."""
    with write_session() as opened:
        for row in store.unfinished_runs(opened, place_id):
            if _status(row) in OPEN:
                raise Conflict(_("An analysis of this place is already on its way. Wait for it to end."))
            store.finish_run(opened, row.id, RunStatus.FAILED, _now(), error=UNFINISHED)
        run_id = store.add_run(opened, place_id, parameters or {}, __version__, actor.called, _now())
    return get(actor, run_id)


@use_case(Permission.RUN_ANALYSIS)
def start(actor: Actor, place_id: int, parameters: Mapping[str, Any] | None = None) -> Run:
    """Start an analysis in a process of its own, which goes on when this one ends."""
    run = create(actor, place_id, parameters)
    subprocess.Popen(  # noqa: S603  (our own program, our own arguments)
        [sys.executable, "-m", "insight.worker", str(run.id)],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    return run


@use_case(Permission.SEE_INSIGHT)
def get(actor: Actor, run_id: int) -> Run:
    """A run as it stands now."""
    with session() as opened:
        row = store.run_by_id(opened, run_id)
        if row is None:
            raise NotFound(_("There is no analysis with that number."))
        return _run(opened, row)


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


@use_case(Permission.PUBLISH)
def publish(actor: Actor, run_id: int) -> Run:
    """Let everyone see a run. Publishing it again changes nothing."""
    with write_session() as opened:
        publish_within(actor, opened, run_id)
    return get(actor, run_id)


@use_case(Permission.PUBLISH)
def publish_within(actor: Actor, opened: Session, run_id: int) -> RunRow:
    """Move the pointer to a run that ended well. For other rooms' services, within their unit of work."""
    row = store.run_by_id(opened, run_id)
    if row is None:
        raise NotFound(_("There is no analysis with that number."))
    if row.status != RunStatus.DONE:
        raise NotReady(_("Only an analysis that has ended well can be published."))
    store.move_pointer(opened, row.place_id, run_id, actor.called, _now())
    return row


def progress_of(run_id: int) -> Progress:
    """A progress callback that writes a run's row, at most once a second: a heartbeat, not a diary."""
    last_stage, last_time = "", 0.0

    def say(stage: str, done: int, total: int) -> None:
        nonlocal last_stage, last_time
        now = time.monotonic()
        if stage == last_stage and now - last_time < SECONDS_BETWEEN_WORDS:
            return
        last_stage, last_time = stage, now
        with write_session() as opened:
            store.update_progress(opened, run_id, stage, done, total, _now())

    return say


def beat(run_id: int) -> None:
    """Say that a run's worker lives."""
    with write_session() as opened:
        store.touch(opened, run_id, _now())


def _now() -> datetime:
    return datetime.now(UTC)


def _status(row: RunRow) -> RunStatus:
    return status_now(row.status, row.heartbeat_at, _now(), settings().stale_after_seconds)


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
