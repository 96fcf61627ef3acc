"""When a run counts as stopped, and what a run may do next. Pure."""

from datetime import datetime, timedelta

from insight.runs.model import RunStatus

OPEN = (RunStatus.WAITING, RunStatus.RUNNING)


def status_now(
    stored: str, heartbeat_at: datetime, now: datetime, stale_after_seconds: int, served: bool = False
) -> RunStatus:
    """The status to believe: a worker that has been quiet for too long is not running any more.

    Where a worker service comes for what waits (``served``), waiting may take as long as what is queued before.
    """
    status = RunStatus(stored)
    quiet = now - heartbeat_at > timedelta(seconds=stale_after_seconds)
    speaking = (RunStatus.RUNNING,) if served else OPEN
    return RunStatus.STOPPED if status in speaking and quiet else status
