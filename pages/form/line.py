"""The journey line as a list with a drawing beside each step; the words say all that the drawing says."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from insight.intake import PlaceLists, QuestionSet
from pages.kit.journey_line import (
    ACROSS,
    SHAPES,
    LineStep,
    between,
    felt,
    in_a_sentence,
    is_handoff,
    named,
    passed_on,
)
from pages.sharing.words import line_steps


@dataclass(frozen=True, slots=True)
class Row:
    """One step on the line. ``path`` is its stretch of the line in hundredths of the track; ``handoff`` says from whom
    to whom somebody was passed on before it, and ``crossing`` where the line is there."""

    name: str
    organisation: str
    marks: tuple[str, ...]
    told_again: bool
    shape: str
    path: str
    handoff: str
    crossing: str


@dataclass(frozen=True, slots=True)
class Line:
    """A journey as it is drawn: its rows, and what they show in a sentence."""

    rows: tuple[Row, ...]
    sentence: str


def line_of(questions: QuestionSet, steps: Sequence[dict[str, Any]], lists: PlaceLists) -> Line:
    """The line of the steps as they were told."""
    told = line_steps(questions, steps, lists)
    rows = [
        _row(step, told[index - 1] if index else None, told[index + 1] if index + 1 < len(told) else None)
        for index, step in enumerate(told)
    ]
    return Line(tuple(rows), in_a_sentence(told))


def _row(step: LineStep, before: LineStep | None, after: LineStep | None) -> Row:
    here = ACROSS[step.feeling]
    path = f"M{between(before, step):g} 0L{here} 50" if before else f"M{here} 50"
    path += f"L{between(step, after):g} 100" if after else ""
    handed = before is not None and is_handoff(before, step)
    marks = (felt(step.feeling),) if step.feeling is not None else ()
    return Row(
        name=named(step),
        organisation=(step.organisation or "") if step.service else "",
        marks=marks + step.marks,
        told_again=step.told_again,
        shape=SHAPES[step.feeling],
        path=path,
        handoff=passed_on(before, step) if before is not None and handed else "",
        crossing=f"M{between(before, step):g} 0V100",
    )
