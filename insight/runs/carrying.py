"""What a worker says of the run it carries out: how far it is, that it lives, how it ended."""

import time

from insight.database import session, write_session
from insight.moments import now
from insight.runs import store
from insight.runs.model import Progress, RunStatus
from insight.runs.rules import OPEN

SECONDS_BETWEEN_WORDS = 1.0


def progress_of(run_id: int) -> Progress:
    """A progress callback that writes a run's row, at most once a second: a heartbeat, not a diary."""
    last_stage, last_time = "", 0.0

    def say(stage: str, done: int, total: int) -> None:
        nonlocal last_stage, last_time
        moment = time.monotonic()
        if stage == last_stage and moment - last_time < SECONDS_BETWEEN_WORDS:
            return
        last_stage, last_time = stage, moment
        with write_session() as opened:
            store.update_progress(opened, run_id, stage, done, total, now())

    return say


def beat(run_id: int) -> None:
    """Say that a run's worker lives."""
    with write_session() as opened:
        store.touch(opened, run_id, now())


def begin_again(run_id: int) -> None:
    """Forget what a worker that died had stored of a run, so that another can carry it out from the start."""
    with write_session() as opened:
        store.forget_results(opened, run_id)
        store.wait_for_worker(opened, run_id, now())


def wait_again(run_id: int) -> None:
    """Let a run wait for another worker, unless it has ended."""
    with write_session() as opened:
        store.wait_for_worker(opened, run_id, now())


def give_up(run_id: int, error: str) -> None:
    """End a run that no worker could carry out, unless it has ended; ``error`` is shown to people."""
    if not has_ended(run_id):
        with write_session() as opened:
            store.finish_run(opened, run_id, RunStatus.FAILED, now(), error=error)


def has_ended(run_id: int) -> bool:
    """Whether there is nothing to carry out any more."""
    with session() as opened:
        row = store.run_by_id(opened, run_id)
        return row is None or RunStatus(row.status) not in OPEN
