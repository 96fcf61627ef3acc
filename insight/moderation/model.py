"""The words of moderation: the queue, a story as a moderator reads it, and what may point to one person."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from insight.identifiers import Kind


class State(StrEnum):
    """How far a story was looked through. A rejected one is in no analysis and shown nowhere but to its teller."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


class Pile(StrEnum):
    """Which stories are listed. A story that its teller changed after it was looked through waits again."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


class Reason(StrEnum):
    """Why a story is rejected."""

    NOT_A_JOURNEY = "not_a_journey"
    ABOUT_A_PERSON = "about_a_person"
    ABUSIVE = "abusive"
    TWICE = "twice"
    TEST = "test"
    NOT_HERE = "not_here"


class Sign(StrEnum):
    """A detail of a sentence that may point to one person, or several details that do so together."""

    NAME = "name"
    AGE = "age"
    DATE = "date"
    EVENT = "event"
    ROLE = "role"
    FAMILY = "family"
    SMALL_PLACE = "small_place"
    RARE_SERVICE = "rare_service"
    RARE_WORDS = "rare_words"
    TOGETHER = "together"


@dataclass(frozen=True, slots=True)
class Warned:
    """One warning about a quote: the sign, and the words that show it."""

    sign: Sign
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Seen:
    """How a story stood when somebody looked at it: its version, and how often it had been moderated."""

    version: int
    revision: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """A story in a list, without a word of it. ``changed``: its teller changed it after it was looked through."""

    story_id: int
    received_at: datetime
    source: str
    language: str
    changed: bool
    by: str | None


@dataclass(frozen=True, slots=True)
class Queue:
    """A page of a pile, the oldest first, and how many stories there are in each pile."""

    pile: Pile
    items: tuple[Waiting, ...]
    page: int
    counts: dict[Pile, int]


@dataclass(frozen=True, slots=True)
class Marked:
    """A mark on a text as told, in characters; ``by`` is who set it, None for the machine."""

    start: int
    end: int
    kind: Kind
    by: str | None


@dataclass(frozen=True, slots=True)
class Text:
    """One text of a story in its teller's words, with its marks. A step's note has the name ``note:POSITION``."""

    name: str
    told: str
    marks: tuple[Marked, ...]
    service: str | None = None


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the safe copy that may be released, with what may point to one person in it."""

    text: str
    released: bool
    warnings: tuple[Warned, ...]


@dataclass(frozen=True, slots=True)
class Opened:
    """A story as a moderator reads it. ``sentences`` are those of an accepted story whose teller allows quoting.

    ``compared`` is how many other stories of the place their words were compared with; None where there are too few to
    tell.
    """

    story_id: int
    seen: Seen
    state: State
    changed: bool
    reason: Reason | None
    by: str | None
    received_at: datetime
    source: str
    language: str
    may_quote: bool
    texts: tuple[Text, ...]
    sentences: tuple[Sentence, ...]
    compared: int | None
