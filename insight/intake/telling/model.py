"""The words of telling: answers on their way, and what somebody is invited to answer."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from insight.intake.places import Place
from insight.intake.questions import QuestionSet


@dataclass(frozen=True, slots=True)
class Draft:
    """Answers on their way, as last saved, with the questions they answer.

    ``key`` opens the draft; ``reference`` is set once it was sent; ``amends`` says that it changes a story sent before.
    """

    key: str
    place: Place
    language: str
    answers: dict[str, Any]
    questions: QuestionSet
    survey: str | None = None
    amends: bool = False
    reference: str | None = None


@dataclass(frozen=True, slots=True)
class Invitation:
    """What somebody is invited to answer: the place's own questions, or a survey's; ``open`` says whether today."""

    place: Place
    questions: QuestionSet
    survey: str | None
    open: bool
    opens_on: date | None = None
    closes_on: date | None = None
