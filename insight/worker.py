"""The worker: carries one job out, in a process of its own: ``python -m insight.worker JOB WORKER``.

Whoever took the job from the queue names it, and the name under which it was taken (``insight/jobs``). The process
keeps the job's heart beating, and ends at once when somebody else took the job meanwhile.
"""

import logging
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from traceback import format_tb
from typing import Any

from insight import jobs, runs
from insight.codebook import learnings
from insight.coding import learning_job
from insight.database import session, write_session
from insight.errors import Busy, InsightError, NotFound
from insight.jobs import Job, Kind
from insight.journeys.analysis import analyse_journeys, keep_journeys
from insight.moments import now
from insight.operations import chores
from insight.painpoints.analysis import Parameters, analyse_place, keep
from insight.runs import Progress, RunStatus
from insight.settings import settings

log = logging.getLogger("throughline")
NOT_OURS = 3  # what the process ends with when somebody else took its job


def work(run_id: int, also: Progress | None = None) -> None:
    """Carry a run out, and end it as done or failed; ``also`` hears the progress too.

    While the database is away nothing can be ended: :class:`~insight.errors.Busy` leaves the run to another attempt.
    """
    asked, place_id = _asked(run_id)
    say = _saying(runs.progress_of(run_id), also)
    try:
        with _beating(partial(runs.beat, run_id)):
            say("starting", 0, 1)
            started = time.perf_counter()
            parameters = Parameters(**asked)
            outcome = analyse_place(place_id, parameters, say)
            journeys = analyse_journeys(place_id, parameters.seed, say)
            say("storing", 0, 1)
            keep_journeys(run_id, journeys)
            keep(run_id, outcome)
        facts = {**outcome.facts, **journeys.facts, "seconds_in_all": round(time.perf_counter() - started, 1)}
        _end(
            run_id,
            RunStatus.DONE,
            stage="done",
            facts=facts,
            left_out=outcome.left_out,
            input_fingerprint=outcome.fingerprint,
        )
    except Busy:
        raise
    except InsightError as problem:
        _end(run_id, RunStatus.FAILED, error=str(problem))
        raise
    except Exception as fault:  # a boundary: whatever happens, the run's row must not read as running for ever
        _end(run_id, RunStatus.FAILED, error=f"The analysis failed ({type(fault).__name__}). Please report this.")
        raise


def _asked(run_id: int) -> tuple[dict[str, Any], int]:
    with session() as opened:
        row = runs.run_by_id(opened, run_id)
        if row is None:
            raise NotFound("There is no analysis with that number.")
        return row.parameters, row.place_id


def _saying(*listeners: Progress | None) -> Progress:
    heard = [listener for listener in listeners if listener is not None]

    def say(stage: str, done: int, total: int) -> None:
        for listener in heard:
            listener(stage, done, total)

    return say


@contextmanager
def _beating(beat: Callable[[], None]) -> Iterator[None]:
    """Keep the heart beating through stages that cannot speak for a while."""
    ended = threading.Event()

    def keep_beating() -> None:
        while not ended.wait(min(10, settings().stale_after_seconds / 4)):
            with suppress(Busy):  # the database may be away for a while: a heart that stopped would not start again
                beat()

    heart = threading.Thread(target=keep_beating, daemon=True)
    heart.start()
    try:
        yield
    finally:
        ended.set()
        heart.join()


def _end(run_id: int, status: RunStatus, **values: Any) -> None:
    with write_session() as opened:
        runs.finish_run(opened, run_id, status, now(), **values)


def learn(learning_id: int) -> None:
    """Let the machine learn from what people coded, and end the learning as done or failed."""

    def say(stage: str | None = None) -> None:
        with write_session() as opened:
            learnings.beat(opened, learning_id, stage)

    try:
        with _beating(say):
            outcome = learning_job.carry_out(learning_id, say)
    except Busy:
        raise
    except InsightError as problem:
        _fail(learning_id, str(problem))
        raise
    except Exception as fault:  # a boundary: whatever happens, it must not read as running for ever
        _fail(learning_id, f"The learning failed ({type(fault).__name__}). Please report this.")
        raise
    with write_session() as opened:
        learnings.keep(opened, learning_id, outcome.last_coding, outcome.facts, outcome.told)


def _fail(learning_id: int, error: str) -> None:
    with write_session() as opened:
        learnings.fail(opened, learning_id, error)


def carry_out(job: Job) -> None:
    """Carry a job out and end it. What ended already is not done again: a worker may die after the last line.

    :class:`~insight.errors.Busy` leaves the job as it is: whoever started this process lets it wait again.
    """
    try:
        with _beating(partial(_keep, job)):
            DOING[job.kind](job)
    except Busy:
        raise
    except InsightError as problem:
        jobs.failed(job, str(problem))
    except Exception as fault:  # a boundary: its text may carry what somebody wrote, so it is neither kept nor logged
        jobs.failed(job, f"It failed ({type(fault).__name__}). Please report this.")
        where = "".join(format_tb(fault.__traceback__))
        log.error("job %s of kind %s failed: %s\n%s", job.id, job.kind, type(fault).__name__, where)
    else:
        jobs.done(job)


def _keep(job: Job) -> None:
    """Keep a job, or let go of everything: two workers must not write the results of one job."""
    if not jobs.beat(job):
        os._exit(NOT_OURS)


def _analyse(job: Job) -> None:
    run_id = int(job.subject)
    if runs.has_ended(run_id):
        return
    if job.attempts > 1:
        runs.begin_again(run_id)
    work(run_id)


def _learn(job: Job) -> None:
    with session() as opened:
        ended = learnings.has_ended(opened, int(job.subject))
    if not ended:
        learn(int(job.subject))


DOING: dict[Kind, Callable[[Job], None]] = {
    Kind.ANALYSE: _analyse,
    Kind.LEARN: _learn,
    Kind.CHORES: lambda _job: chores.carry_out(),
}


def main(job_id: int, worker: str) -> None:
    """Carry out a job that ``worker`` holds; nothing happens where it holds it no more."""
    job = jobs.held(job_id, worker)
    if job is not None:
        carry_out(job)


if __name__ == "__main__":
    try:
        main(int(sys.argv[1]), sys.argv[2])
    except Busy as away:
        sys.exit(str(away))
