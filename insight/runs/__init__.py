"""Runs: what was analysed, with what, how far, published or not. This is the room's front door."""

from insight.runs.model import Progress, Run, RunStatus
from insight.runs.service import beat, create, get, progress_of, publish, publish_within, published, recent, start
from insight.runs.store import finish_run, run_by_id

__all__ = [
    "Progress",
    "Run",
    "RunStatus",
    "beat",
    "create",
    "finish_run",
    "get",
    "progress_of",
    "publish",
    "publish_within",
    "published",
    "recent",
    "run_by_id",
    "start",
]
