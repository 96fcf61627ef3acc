"""The words of runs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any


class RunStatus(StrEnum):
    """Where a run stands. ``STOPPED`` is read, never stored: a running run whose worker has gone quiet."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    STOPPED = "stopped"


Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Run:
    """One analysis: what it was asked, how far it is, what it found, and whether everyone sees it.

    ``facts`` are counts and seconds as the analysis reported them; ``left_out`` is reason -> number of stories or
    passages. ``done`` of ``total`` belong to ``stage``.
    """

    id: int
    place_id: int
    status: RunStatus
    parameters: Mapping[str, Any]
    code_version: str
    input_fingerprint: str | None
    stage: str
    done: int
    total: int
    facts: Mapping[str, Any]
    left_out: Mapping[str, int]
    error: str | None
    started_by: str
    started_at: datetime
    finished_at: datetime | None
    published: bool
