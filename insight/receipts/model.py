"""The words of receipts: what is held of a story, what a teller may do with it, and the proof that it is gone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: the question as it is asked in the language spoken now, and the answer in words.

    ``value`` is what is stored. ``own_words`` says that somebody wrote it: it stands in the language of the story.
    """

    id: str
    asked: str
    said: str
    value: Any
    own_words: bool = False


@dataclass(frozen=True, slots=True)
class StepHeld:
    """One step of the journey, counted from 1."""

    number: int
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class ConsentHeld:
    """One agreement: what it allows, whether it stands, since when, and when it was taken back if it was."""

    scope: str
    asked: str
    given: bool
    recorded_at: datetime
    withdrawn_at: datetime | None


@dataclass(frozen=True, slots=True)
class Version:
    """What the story said before it was changed. ``by_teller`` is false where staff changed what they had logged."""

    number: int
    changed_at: datetime
    by_teller: bool
    answers: tuple[Answer, ...]
    steps: tuple[StepHeld, ...]
    consents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReplyHeld:
    """A reply that was asked for; ``answer`` is None until somebody has written it."""

    asked_at: datetime
    answer: str | None
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class PainHeld:
    """A pain point that the story speaks to; ``done`` says what was done about it, once that is known."""

    label: str
    done: str | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """Everything that is held under a reference, newest wording first; ``history`` is the older versions, newest first.

    ``noted`` is what was kept beside the answers: how the story arrived, and what staff noted with it.
    """

    reference: str
    place: str
    language: str
    version: int
    received_at: datetime
    changed_at: datetime | None
    answers: tuple[Answer, ...]
    steps: tuple[StepHeld, ...]
    noted: tuple[Answer, ...]
    consents: tuple[ConsentHeld, ...]
    history: tuple[Version, ...]
    reply: ReplyHeld | None
    equality: tuple[Answer, ...]
    speaks_to: tuple[PainHeld, ...]


@dataclass(frozen=True, slots=True)
class Request:
    """A teller waits for a reply. ``number`` names the request to staff; the reference is never theirs to see.

    ``answers`` and ``steps`` are the story, None where the reader may not read stories or it is held back.
    """

    number: int
    asked_at: datetime
    told_at: datetime
    language: str
    answers: tuple[Answer, ...] | None
    steps: tuple[StepHeld, ...] | None


@dataclass(frozen=True, slots=True)
class Proof:
    """That something was erased: a random code, the moment, and how much of what. Nothing leads back to the story."""

    code: str
    erased_at: datetime
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Download:
    """A file to take away."""

    name: str
    media_type: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Tidied:
    """How much was too old to keep: drafts that were never sent, and copies of the database made before upgrades."""

    drafts: int
    copies: int
