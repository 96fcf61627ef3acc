"""Runs: what was analysed, with what, how far, published or not. This is the room's front door."""

from insight.runs.carrying import beat, begin_again, give_up, has_ended, progress_of, wait_again
from insight.runs.model import Progress, Run, RunStatus
from insight.runs.service import create, get, publish, publish_within, published, recent, start
from insight.runs.store import finish_run, run_by_id

__all__ = [
    "Progress",
    "Run",
    "RunStatus",
    "beat",
    "begin_again",
    "create",
    "finish_run",
    "get",
    "give_up",
    "has_ended",
    "progress_of",
    "publish",
    "publish_within",
    "published",
    "recent",
    "run_by_id",
    "start",
    "wait_again",
]
