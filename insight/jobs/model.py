"""The words of jobs."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What there is to do. A job's subject says of what: a run, a learning, a day."""

    ANALYSE = "analyse"
    LEARN = "learn"
    CHORES = "chores"


class State(StrEnum):
    """Where a job stands. A taken job whose worker has gone quiet may be taken again."""

    WAITING = "waiting"
    TAKEN = "taken"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Job:
    """A job that somebody has taken: ``attempts`` counts this one, ``taken_by`` is the worker's name."""

    id: int
    kind: Kind
    subject: str
    attempts: int
    taken_by: str


@dataclass(frozen=True, slots=True)
class QueueSize:
    """How many jobs of a kind stand in a state."""

    kind: str
    state: str
    number: int
