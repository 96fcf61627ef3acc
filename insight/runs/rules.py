"""When a run counts as stopped, and what a run may do next. Pure."""

from datetime import datetime, timedelta

from insight.runs.model import RunStatus

OPEN = (RunStatus.WAITING, RunStatus.RUNNING)


def status_now(stored: str, heartbeat_at: datetime, now: datetime, stale_after_seconds: int) -> RunStatus:
    """The status to believe: a worker that has been quiet for too long is not running any more."""
    status = RunStatus(stored)
    quiet = now - heartbeat_at > timedelta(seconds=stale_after_seconds)
    return RunStatus.STOPPED if status in OPEN and quiet else status
