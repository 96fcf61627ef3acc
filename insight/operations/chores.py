"""What is done once a day: forgetting what is not to be kept. Of all processes of a place, one does it."""

import logging
from collections.abc import Callable

from insight import accounts, jobs, receipts
from insight.access import SYSTEM
from insight.database import write_session
from insight.errors import NotReady
from insight.moments import now
from insight.records import purging

log = logging.getLogger("throughline")

CHORES: dict[str, Callable[[], object]] = {
    "purge": purging.purge_everywhere,  # before tidying, which writes the database anew without what went
    "tidy": lambda: receipts.tidy(SYSTEM),
    "sessions": accounts.forget_old_sessions,
    "jobs": jobs.forget_old,
}


def offer() -> str:
    """Queue today's chores unless somebody did; gives the day."""
    day = now().date().isoformat()
    with write_session() as opened:
        jobs.enqueue_once(opened, jobs.Kind.CHORES, day)
    return day


def carry_out() -> None:
    """Do every chore, whatever becomes of the others. Raises NotReady naming those that failed: tomorrow is a day."""
    failed = []
    for name, chore in CHORES.items():
        try:
            chore()
        except Exception as fault:  # a busy database must not end the promises of the other chores
            log.error("chore %s failed: %s", name, type(fault).__name__)
            failed.append(name)
    if failed:
        raise NotReady(f"Some of today's chores failed: {', '.join(failed)}. They are tried again tomorrow.")


def take_turn() -> None:
    """Do today's chores here, unless another process does, or did. For a place without a worker service."""
    job = jobs.take((jobs.Kind.CHORES,), jobs.worker_name(), offer())
    if job is None:
        return
    try:
        carry_out()
    except NotReady as problem:
        jobs.failed(job, str(problem))
    else:
        jobs.done(job)
