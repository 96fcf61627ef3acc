"""Question sets: questionnaires as data, read from ``data/questions`` into one typed model.

Every front end draws from this model and every check runs on it. A new question type is a class here, a branch in
``insight/intake/rules.py`` and one in ``pages/kit/questions.py``; mypy names the branches that are missing.
"""

import hashlib
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from insight.errors import NotFound
from insight.language import spoken
from insight.settings import ROOT

FOLDER = ROOT / "data" / "questions"
UNKNOWN = "unknown"

Wording = dict[str, str]


def said(wording: Wording, language: str | None = None) -> str:
    """A wording in a language (the one spoken now, unless named), or in English where it has not been translated."""
    return wording.get(language or spoken().code) or wording["en"]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Option(_Frozen):
    """One answer to choose: its code is stored and never changes."""

    code: str
    text: Wording


class _Asked(_Frozen):
    id: str
    text: Wording
    help: Wording | None = None
    why: Wording | None = None
    required: bool = False


class Choice(_Asked):
    """Choose one."""

    type: Literal["choice"]
    options: tuple[Option, ...]


class Feeling(_Asked):
    """How it felt, -2 to +2 in words."""

    type: Literal["feeling"]
    options: tuple[Option, ...]


class YesNo(_Asked):
    """Yes, no, or I do not know."""

    type: Literal["yes_no"]


class LongText(_Asked):
    """In your own words; ``most`` is in characters."""

    type: Literal["text"]
    most: int = 20_000


class Lookup(_Asked):
    """A name from one of the place's lists, or one's own."""

    type: Literal["lookup"]
    list: Literal["service", "organisation"]
    most: int = 200


class When(_Asked):
    """A day, a month or a year, as precisely as remembered."""

    type: Literal["when"]


class Days(_Asked):
    """A length of time, given in days, weeks or months and kept in days."""

    type: Literal["days"]
    most: int = 36_500


class Number(_Asked):
    """A number that is not negative; decimals are welcome."""

    type: Literal["number"]
    most: int


class ConsentTo(_Asked):
    """What may be done with the story; each scope on its own.

    ``wording`` names what the teller read; ``read_out`` is what staff read to them instead, named ``staff_wording``.
    """

    type: Literal["consent"]
    wording: str
    read_out: Wording
    staff_wording: str
    options: tuple[Option, ...]


StepQuestion = Annotated[
    Choice | Feeling | YesNo | LongText | Lookup | When | Days | Number, Field(discriminator="type")
]


class StepPage(_Frozen):
    """Questions about one step that are asked together."""

    id: str
    text: Wording
    questions: tuple[str, ...]


class Steps(_Asked):
    """The steps of the journey, in order, each answering the same questions."""

    type: Literal["steps"]
    most: int
    page: tuple[StepPage, ...]
    question: tuple[StepQuestion, ...]

    @model_validator(mode="after")
    def _every_question_is_asked_once(self) -> "Steps":
        asked = [question for page in self.page for question in page.questions]
        if sorted(asked) != sorted(question.id for question in self.question):
            raise ValueError(f"each step question must stand on exactly one page: {asked}")
        return self

    def by_id(self, question_id: str) -> StepQuestion:
        """The step question with this id."""
        return next(question for question in self.question if question.id == question_id)


Question = Annotated[
    Choice | Feeling | YesNo | LongText | Lookup | When | Days | Number | ConsentTo | Steps,
    Field(discriminator="type"),
]


class QuestionSet(_Frozen):
    """A questionnaire in one version. ``digest`` is the SHA-256 of its file, or of its body where a survey made it.

    ``welcome`` and ``thanks`` are a survey's own words before the first question and after the last.
    """

    code: str
    version: int
    title: Wording
    welcome: Wording | None = None
    thanks: Wording | None = None
    question: tuple[Question, ...]
    digest: str

    def by_id(self, question_id: str) -> Question:
        """The question with this id."""
        return next(question for question in self.question if question.id == question_id)

    @property
    def steps(self) -> Steps:
        """The question that asks for the steps."""
        return next(question for question in self.question if isinstance(question, Steps))

    @property
    def may_be_passed_by(self) -> bool:
        """Whether every question may be left out; the agreement at the end is no question of this kind."""
        asked = (*self.question, *self.steps.question)
        return not any(question.required for question in asked if not isinstance(question, ConsentTo))

    def option_text(self, question_id: str, code: str, language: str | None = None) -> str:
        """The words of an option, for a question of the story or of a step."""
        for question in (*self.question, *self.steps.question):
            if question.id == question_id and isinstance(question, Choice | Feeling | ConsentTo):
                for option in question.options:
                    if option.code == code:
                        return said(option.text, language)
        return code.replace("_", " ").capitalize()


@lru_cache
def question_set(code: str = "journey", version: int | None = None) -> QuestionSet:
    """A question set in a version, or its newest."""
    versions = {int(path.stem.rsplit("-", 1)[1]): path for path in FOLDER.glob(f"{code}-*.toml")}
    if not versions or (version is not None and version not in versions):
        raise NotFound(f"There is no question set {code} {version or ''} in data/questions.".replace("  ", " "))
    return read_question_set(versions[version or max(versions)])


def read_question_set(path: Path) -> QuestionSet:
    """Read and check one file. The digest does not depend on how the file's lines end."""
    body = path.read_bytes().replace(b"\r\n", b"\n")
    return QuestionSet.model_validate(tomllib.loads(body.decode()) | {"digest": hashlib.sha256(body).hexdigest()})
