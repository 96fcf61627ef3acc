"""Calling a worker: a process of its own that carries out one job and ends, so that its memory goes back."""

import subprocess
import sys

from insight.jobs import queue
from insight.jobs.model import Job, Kind
from insight.settings import ROOT, settings


def served() -> bool:
    """Whether a worker service comes for what is queued, however long the queue."""
    return settings().worker == "service"


def call_worker(kind: Kind, subject: str) -> None:
    """See to it that a queued job is carried out.

    Where ``INSIGHT_WORKER`` is ``service`` the worker service comes for it. Else a process is started for this job,
    which goes on when this one ends.
    """
    if served():
        return
    job = queue.take((kind,), queue.worker_name(), subject)
    if job is not None:
        process_for(job, quiet=True)


def process_for(job: Job, *, quiet: bool = False) -> "subprocess.Popen[bytes]":
    """A process that carries a taken job out; what it logs goes where this process logs, or nowhere."""
    sink = subprocess.DEVNULL if quiet else None
    return subprocess.Popen(  # noqa: S603  (our own program, our own arguments)  # nosec B603
        [sys.executable, "-m", "insight.worker", str(job.id), job.taken_by],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=sink,
        stderr=sink,
        start_new_session=True,
    )
