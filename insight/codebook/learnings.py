"""The times the machine learned from what people coded: one is begun, beats, ends; what the last one says is held."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy.orm import Session

from insight import columns, jobs
from insight.codebook import store
from insight.codebook.rules import Ints
from insight.codebook.tables import LearningRow
from insight.runs import RunStatus
from insight.runs.rules import OPEN, status_now
from insight.settings import settings

HEARD = "heard"  # in the facts of one that runs: when its worker last said something, and at which stage it is
STAGE = "stage"
MOST_HELD = 2


@dataclass(frozen=True, slots=True)
class Learning:
    """One time the machine learned from the codings up to ``last_coding``, over the passages of a run."""

    id: int
    run_id: int
    status: RunStatus
    stage: str
    last_coding: int
    started_by: str
    started_at: datetime
    finished_at: datetime | None
    error: str | None
    facts: Mapping[str, Any]

    @property
    def open(self) -> bool:
        """Whether it is still on its way."""
        return self.status in OPEN


@dataclass(frozen=True)
class Lessons:
    """What the machine learned of a run's n passages.

    ``chosen`` (n,) is a lasting theme or ``rules.NOWHERE``, ``confidence`` (n,) 0 to 1, ``sure`` (n,); ``reading`` are
    the passages that would teach it most, and ``doubtful`` those it is not sure of, the least sure first.
    """

    chosen: Ints
    confidence: npt.NDArray[np.float16]
    sure: npt.NDArray[np.bool_]
    reading: npt.NDArray[np.int32]
    doubtful: npt.NDArray[np.int32]


_held: dict[tuple[int, datetime | None], Lessons] = {}


def newest(opened: Session, place_id: int) -> Learning | None:
    """The last learning of a place, whatever became of it."""
    row = store.newest_learning(opened, place_id)
    return None if row is None else _learning(row)


def newest_done(opened: Session, place_id: int) -> Learning | None:
    """The last learning of a place that ended well."""
    row = store.newest_learning(opened, place_id, status=store.DONE)
    return None if row is None else _learning(row)


def one(opened: Session, learning_id: int) -> tuple[Learning, int] | None:
    """A learning, with the id of its place."""
    row = store.learning_by_id(opened, learning_id)
    return None if row is None else (_learning(row), row.place_id)


def lessons(opened: Session, place_id: int, run_id: int) -> Lessons | None:
    """What the machine learned last of a run's passages; None before it has."""
    row = store.newest_learning(opened, place_id, run_id, store.DONE)
    if row is None:
        return None
    key = (row.id, row.finished_at)
    if key not in _held:
        if row.body is None:
            return None
        for oldest in list(_held)[: max(0, len(_held) - MOST_HELD + 1)]:
            _held.pop(oldest, None)
        _held[key] = _lessons(row.body)
    return _held[key]


def _lessons(body: bytes) -> Lessons:
    told, _words = columns.unpacked(body)
    unsure = np.flatnonzero(~told["sure"])
    order = unsure[np.argsort(told["confidence"][unsure], kind="stable")].astype(np.int32)
    return Lessons(told["chosen"], told["confidence"], told["sure"], told["reading"], order)


def begin(opened: Session, place_id: int, run_id: int, by: str) -> int:
    """A learning that waits for its worker; gives its id. Those that were left lying are ended first."""
    now = datetime.now(UTC)
    for row in store.unfinished_learnings(opened, place_id):
        end = {"status": RunStatus.FAILED, "finished_at": now, "error": jobs.GIVEN_UP}
        store.end_learning(opened, row.id, **end)
    made = {
        "place_id": place_id,
        "run_id": run_id,
        "status": RunStatus.WAITING,
        "last_coding": store.last_coding(opened, place_id),
        "started_by": by,
        "started_at": now,
        "facts": {},
    }
    return store.add_learning(opened, made)


def beat(opened: Session, learning_id: int, stage: str | None = None) -> None:
    """Say that a learning's worker lives, and what it does now; None: what it did."""
    row = store.learning_by_id(opened, learning_id)
    if row is None:
        return
    facts = {HEARD: datetime.now(UTC).isoformat(), STAGE: stage or row.facts.get(STAGE, "")}
    store.end_learning(opened, learning_id, status=RunStatus.RUNNING, facts=facts)


def wait_again(opened: Session, learning_id: int) -> None:
    """Let a learning wait for another worker, unless it has ended."""
    if not has_ended(opened, learning_id):
        store.end_learning(opened, learning_id, status=RunStatus.WAITING, facts={HEARD: datetime.now(UTC).isoformat()})


def has_ended(opened: Session, learning_id: int) -> bool:
    """Whether there is nothing to carry out any more."""
    row = store.learning_by_id(opened, learning_id)
    return row is None or RunStatus(row.status) not in OPEN


def keep(
    opened: Session,
    learning_id: int,
    last_coding: int,
    facts: Mapping[str, Any],
    told: Mapping[str, npt.NDArray[Any]],
) -> None:
    """End a learning well, from all up to ``last_coding``. What earlier ones said of the same passages is let go."""
    row = store.learning_by_id(opened, learning_id)
    if row is None:
        return
    done = {"status": RunStatus.DONE, "finished_at": datetime.now(UTC), "facts": dict(facts)}
    done["last_coding"] = last_coding
    store.end_learning(opened, learning_id, **done, body=columns.packed(told, {}))
    store.forget_earlier_learnings(opened, row.place_id, row.run_id, learning_id)


def fail(opened: Session, learning_id: int, error: str) -> None:
    """End a learning that came to nothing, with the reason."""
    end = {"status": RunStatus.FAILED, "finished_at": datetime.now(UTC), "error": error}
    store.end_learning(opened, learning_id, **end)


def _learning(row: LearningRow) -> Learning:
    heard = row.facts.get(HEARD)
    beats = datetime.fromisoformat(heard) if heard else row.started_at
    return Learning(
        row.id,
        row.run_id,
        status_now(
            row.status, beats, datetime.now(UTC), settings().stale_after_seconds, settings().worker == "service"
        ),
        str(row.facts.get(STAGE, "waiting for the worker")),
        row.last_coding,
        row.started_by,
        row.started_at,
        row.finished_at,
        row.error,
        row.facts,
    )
