"""The words of safeguarding: an item of the queue, what was done with it, and the story as somebody reads it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from insight.intake import Story


class State(StrEnum):
    """Where an item stands. Only an open one waits; a withheld story stays out of boards and quotes."""

    OPEN = "open"
    RELEASED = "released"
    WITHHELD = "withheld"
    ERASED = "erased"


class Decision(StrEnum):
    """What somebody decides about an item. A referral leaves it open, until it is released or withheld."""

    REFER = "referred"
    RELEASE = "released"
    WITHHOLD = "withheld"
    REOPEN = "reopened"


class What(StrEnum):
    """What else is done with an item: it is read, raised by a reader of the board, changed by its teller."""

    READ = "read"
    RAISED = "raised"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that was done: ``what`` is a :class:`Decision` or a :class:`What`."""

    what: Decision | What
    by: str
    note: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Item:
    """A story that speaks of harm, without a word of it.

    ``raised_by`` is rule, reader or teller. Somebody must read it by ``due_at``; ``left`` is the time until then,
    negative when it is overdue, and None once it was read as it is now, at ``read_at``, or is not open. ``seen`` counts
    the events other than readings: whoever decides says how many they had seen.
    """

    id: int
    state: State
    kinds: tuple[str, ...]
    raised_by: str
    raised_at: datetime
    due_at: datetime
    read_at: datetime | None
    left: timedelta | None
    events: tuple[Event, ...]

    @property
    def seen(self) -> int:
        """How many events there are other than readings."""
        return sum(event.what is not What.READ for event in self.events)

    @property
    def times_read(self) -> int:
        """How often it was read."""
        return sum(event.what is What.READ for event in self.events)

    @property
    def decided(self) -> Event | None:
        """The last decision, if it is not open again since."""
        decisions = [event for event in self.events if isinstance(event.what, Decision)]
        return decisions[-1] if decisions and decisions[-1].what is not Decision.REOPEN else None


class Mark(NamedTuple):
    """A sentence of a text that speaks of harm: characters from ``start`` to before ``end``."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Reading:
    """The whole story as told. ``marks`` are by text, in order. ``logged_by`` is staff, if any."""

    item: Item
    story: Story
    marks: Mapping[str, tuple[Mark, ...]]
    received_at: datetime
    logged_by: str | None
