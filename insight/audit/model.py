"""What the audit speaks of: entries, the head of the chain, and what a check found."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

START = "0" * 64


@dataclass(frozen=True, slots=True)
class Head:
    """The newest entry: its number (0 before the first) and its digest, 64 hexadecimal digits."""

    number: int = 0
    digest: str = START

    def __str__(self) -> str:
        return f"{self.number}:{self.digest}"


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: who, in which role, did what (``room.function``), where and about what."""

    number: int
    at: datetime
    name: str
    role: str
    what: str
    place_id: int | None
    about: str
    previous: str
    digest: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries to show; None is any. ``places`` are those somebody may see."""

    name: str | None = None
    what: str | None = None
    place_id: int | None = None
    places: frozenset[int] | None = None


class Fault(StrEnum):
    """What a check can find wrong with an entry."""

    CHANGED = "changed"
    MISSING = "missing"
    STRANGE = "strange"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault: at which entry, or from which one to which (``last``)."""

    number: int
    fault: Fault
    last: int


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found: how many entries there are, the head they lead to, the first faults and how many in all."""

    entries: int
    head: Head
    findings: tuple[Finding, ...] = ()
    faults: int = 0

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults
