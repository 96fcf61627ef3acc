"""The words of equality counts: options, questions, and all that was heard in a place."""

from dataclasses import dataclass

from insight.intake.questions import Wording


@dataclass(frozen=True, slots=True)
class OptionCount:
    """How many tellers chose one answer; ``count`` is None where it is hidden."""

    code: str
    text: Wording
    count: int | None


@dataclass(frozen=True, slots=True)
class QuestionCounts:
    """The counts of one question. ``left_out`` is how many answered others but not this one; None where hidden."""

    id: str
    text: Wording
    options: tuple[OptionCount, ...]
    left_out: int | None


@dataclass(frozen=True, slots=True)
class Heard:
    """Who was heard in a place.

    ``journeys`` and ``told`` (tellers whose answers are counted) are None below ``threshold``, and then there are no
    ``questions``. In each question the options and ``left_out`` add up to ``told``.
    """

    journeys: int | None
    told: int | None
    threshold: int
    questions: tuple[QuestionCounts, ...]
