"""Answers in words, for cards and for check-your-answers; drafts may hold anything, so nothing here may fail on it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from insight.intake import PlaceLists, QuestionSet, said
from insight.intake.questions import UNKNOWN, Choice, ConsentTo, Feeling, Question, StepQuestion
from insight.intake.rules import is_blank
from pages.kit.journey_line import FEELINGS, LineStep
from pages.kit.questions import length_in_words

NOTHING = "Not answered"
NOT_KNOWN = "I do not know"


def in_words(question: Question | StepQuestion, value: Any, language: str = "en") -> str:
    """One answer as a person would read it back."""
    if is_blank(value):
        return NOTHING
    if isinstance(question, Choice | Feeling | ConsentTo):
        texts = {option.code: said(option.text, language) for option in question.options}
        codes = value if isinstance(value, list) else [value]
        return "\n".join(texts.get(code, str(code)) for code in codes)
    if value == UNKNOWN:
        return NOT_KNOWN
    if isinstance(value, Mapping):
        return when(value) if "year" in value else length_in_words(value)
    return {"yes": "Yes", "no": "No"}.get(value, str(value)) if question.type == "yes_no" else str(value)


def when(value: Mapping[str, Any]) -> str:
    """A date as remembered: 14 March 2026, March 2026, or 2026."""
    day, month, year = (str(value.get(part) or "").strip() for part in ("day", "month", "year"))
    if month.isascii() and month.isdigit() and 1 <= int(month) <= 12:
        month = date(2000, int(month), 1).strftime("%B")
    return " ".join(part for part in (day, month, year) if part)


def organisation_of(step: Mapping[str, Any], lists: PlaceLists) -> str | None:
    """The organisation that was named, else the one that runs the listed service."""
    return step.get("organisation") or lists.services.get(step.get("service") or "")


def line_steps(questions: QuestionSet, steps: Sequence[Mapping[str, Any]], lists: PlaceLists) -> list[LineStep]:
    """Answers to the steps as the journey line shows them."""
    return [
        LineStep(
            service=step.get("service"),
            organisation=organisation_of(step, lists),
            feeling=_feeling(step.get("feeling")),
            told_again=step.get("told_again") == "yes",
            marks=tuple(_marks(questions, step)),
        )
        for step in steps
    ]


def _marks(questions: QuestionSet, step: Mapping[str, Any]) -> Iterator[str]:
    if not is_blank(step.get("waited")) and isinstance(step["waited"], Mapping):
        yield f"Waited {length_in_words(step['waited'])}"
    if step.get("sent_elsewhere") == "yes":
        yield "Sent somewhere else"
    if step.get("sorted_out") in ("yes", "partly"):
        yield "Sorted out" if step["sorted_out"] == "yes" else "Partly sorted out"


def _feeling(value: Any) -> int | None:
    return int(value) if value in {str(feeling) for feeling in FEELINGS} else None
