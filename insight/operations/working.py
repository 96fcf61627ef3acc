"""The worker service: takes jobs from the queue, one after the other, and has each carried out in a process of its own.

The service itself stays small: an analysis gives its memory back when its process ends, and one that breaks down, or
is killed because the machine has no memory left, does not take the service along.
"""

import logging
import subprocess
import time
from threading import Event

from insight import jobs, runs
from insight.codebook import learnings
from insight.database import write_session
from insight.jobs import Job, Kind, State
from insight.operations import chores

log = logging.getLogger("throughline")
SECONDS_BETWEEN_LOOKS = 1.0
SECONDS_BETWEEN_OFFERS = 3600.0
SECONDS_AFTER_A_FAULT = 5.0


def serve(stopping: Event, grace: float) -> None:
    """Carry jobs out until ``stopping`` is set.

    A job under way then has ``grace`` seconds to end; after that it is given back, and another worker begins it anew.
    """
    worker, offered = jobs.worker_name(), float("-inf")
    while not stopping.is_set():
        try:
            if time.monotonic() - offered > SECONDS_BETWEEN_OFFERS:
                chores.offer()
                offered = time.monotonic()
            for job in jobs.give_up_dead():
                _say_given_up(job)
            taken = jobs.take(tuple(Kind), worker)
            if taken is None:
                stopping.wait(SECONDS_BETWEEN_LOOKS)
            else:
                _carry_out(taken, stopping, grace)
        except Exception as fault:  # a boundary: the database may be away for a while, and comes back
            log.error("the worker failed: %s", type(fault).__name__)
            stopping.wait(SECONDS_AFTER_A_FAULT)


def _carry_out(job: Job, stopping: Event, grace: float) -> None:
    process = jobs.process_for(job)
    if not _ended(process, stopping, grace):
        process.kill()
        process.wait()
        if jobs.give_back(job):
            _say_waiting(job)
        return
    became = jobs.give_back_or_up(job) if process.returncode else None  # None: it ended its job itself
    if became is State.WAITING:
        _say_waiting(job)
    elif became is State.FAILED:
        _say_given_up(job)


def _ended(process: "subprocess.Popen[bytes]", stopping: Event, grace: float) -> bool:
    """Wait for a process; False when the service must stop and the process did not end within the grace."""
    while process.poll() is None and not stopping.wait(0.2):
        pass
    try:
        process.wait(grace)
    except subprocess.TimeoutExpired:
        return False
    return True


def _say_waiting(job: Job) -> None:
    """Let people see that what a job is about waits for a worker again."""
    if job.kind is Kind.ANALYSE:
        runs.wait_again(int(job.subject))
    elif job.kind is Kind.LEARN:
        with write_session() as opened:
            learnings.wait_again(opened, int(job.subject))


def _say_given_up(job: Job) -> None:
    """Let people see that what a job is about will not be done, and may be started again."""
    if job.kind is Kind.ANALYSE:
        runs.give_up(int(job.subject), jobs.GIVEN_UP)
    elif job.kind is Kind.LEARN:
        with write_session() as opened:
            if not learnings.has_ended(opened, int(job.subject)):
                learnings.fail(opened, int(job.subject), jobs.GIVEN_UP)
