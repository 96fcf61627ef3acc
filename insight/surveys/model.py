"""The words of surveys: a working copy and its phrases, a survey as it stands, and how far people get with it."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from insight.intake.questions import Question, QuestionSet, StepQuestion, Steps, Wording
from insight.intake.rules import ADDED

OWN = ADDED


class Working(BaseModel):
    """A survey that is being built: all its questions in order, also those that are left out for now.

    ``base`` names the question set it started from, such as ``journey-2``. ``dropped`` holds ids, of a question
    (``what_good``) or of one about each step (``steps.hours``). ``languages`` are offered; English always is.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    base: str
    languages: tuple[str, ...]
    title: Wording
    welcome: Wording | None = None
    thanks: Wording | None = None
    question: tuple[Question, ...]
    dropped: tuple[str, ...] = ()

    def by_id(self, path: str) -> Question | StepQuestion:
        """The question with this id, or about each step (``steps.hours``); ``StopIteration`` if there is none."""
        first, _, rest = path.partition(".")
        question = next(question for question in self.question if question.id == first)
        return question.by_id(rest) if rest and isinstance(question, Steps) else question

    @property
    def steps(self) -> Steps:
        """The question that asks for the steps."""
        return next(question for question in self.question if isinstance(question, Steps))


class Role(StrEnum):
    """What a phrase is for."""

    TITLE = "Title"
    WELCOME = "Words before the first question"
    THANKS = "Words after the last question"
    QUESTION = "Question"
    HELP = "Help under the question"
    WHY = "Why we ask"
    READ_OUT = "What staff read out"
    PAGE = "Heading of the page"
    OPTION = "Answer"


@dataclass(frozen=True, slots=True)
class Phrase:
    """One text of a survey, in all its languages. ``path`` is ``part:slot``, such as ``need:option.housing``.

    ``part`` is what the text belongs to: ``survey``, a question's id, ``steps.hours``, ``steps.page.where``.
    """

    path: str
    part: str
    role: Role
    wording: Wording | None
    optional: bool


@dataclass(frozen=True, slots=True)
class Missing:
    """A text that has not been written in a language that is offered."""

    phrase: Phrase
    language: str


class State(StrEnum):
    """Whether people can answer a survey today."""

    NOT_PUBLISHED = "not published"
    NOT_YET_OPEN = "not yet open"
    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Summary:
    """A survey in a list. ``answers`` is None below the threshold; ``version`` is the one that people answer."""

    code: str
    title: str
    state: State
    version: int | None
    answers: int | None
    opens_on: date | None
    closes_on: date | None


@dataclass(frozen=True, slots=True)
class Survey:
    """A survey as it stands: what is being built, what is published, and what differs between the two."""

    code: str
    working: Working
    state: State
    version: int | None
    published: QuestionSet | None
    published_at: datetime | None
    changes: tuple[str, ...]
    missing: tuple[Missing, ...]
    opens_on: date | None
    closes_on: date | None


@dataclass(frozen=True, slots=True)
class Published:
    """The version that people answer now; ``new`` is false where nothing had changed since it was published."""

    version: int
    new: bool


@dataclass(frozen=True, slots=True)
class Count:
    """How many gave one answer; None where the number is not shown."""

    words: str
    count: int | None


@dataclass(frozen=True, slots=True)
class Answered:
    """How often each answer to one added question was chosen. ``hidden`` is what the hidden ones come to together."""

    question: str
    counts: tuple[Count, ...]
    hidden: int


@dataclass(frozen=True, slots=True)
class Stop:
    """How many stopped after one of these pages. Pages where too few stopped stand together."""

    pages: tuple[str, ...]
    count: int


@dataclass(frozen=True, slots=True)
class Progress:
    """How far people get with a survey; None and empty where too few have answered.

    Counts other than ``sent``, ``started`` and ``stops`` are of ``counted`` answers: whole batches of the threshold's
    size, so that two looks never differ by one person. Times are in whole minutes.
    """

    sent: int | None
    started: int | None
    stops: tuple[Stop, ...]
    counted: int
    median_minutes: int | None
    slowest_tenth_minutes: int | None
    languages: tuple[Count, ...]
    sources: tuple[Count, ...]
    analysed: int
    answers: tuple[Answered, ...]
