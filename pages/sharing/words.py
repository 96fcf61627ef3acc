"""Answers as the journey line shows them; drafts may hold anything, so nothing here may fail on it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from insight.intake import PlaceLists, QuestionSet
from insight.intake.rules import is_blank
from insight.intake.saying import length_in_words
from insight.language import _
from pages.kit.journey_line import ACROSS, LineStep


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
        yield _("Waited {length}").format(length=length_in_words(step["waited"]))
    if step.get("sent_elsewhere") == "yes":
        yield _("Sent somewhere else")
    if step.get("sorted_out") in ("yes", "partly"):
        yield _("Sorted out") if step["sorted_out"] == "yes" else _("Partly sorted out")


def _feeling(value: Any) -> int | None:
    return int(value) if value in {str(feeling) for feeling in ACROSS if feeling is not None} else None
