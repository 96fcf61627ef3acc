"""The safe copy of a story: what may point to a person is replaced by a mark, and what was told is kept beside it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from insight.identifiers import Kind, Mark, masked
from insight.identifiers.extra import find_more as find
from insight.intake.model import Story

OWN = ("what_happened", "what_better", "what_good", "obstacle_text")
RULE = "rule"  # who set a mark, where no person did
# In the name of a service or an organisation these are no part of the name; names and streets often are.
IN_NAMES = frozenset({Kind.PHONE, Kind.EMAIL, Kind.NHS, Kind.NINO, Kind.BANK, Kind.BIRTH})


@dataclass(frozen=True, slots=True)
class Masked:
    """A safe copy, and for each text that differs from what was told: ``{"told": words, "marks": [...]}``."""

    story: Story
    told: Mapping[str, Any]


def note_of(position: int) -> str:
    """What the note on a step, counted from 1, goes by."""
    return f"note:{position}"


def mask(story: Story) -> Masked:
    """The safe copy of a story."""
    told: dict[str, Any] = {}

    def safe(name: str, text: str | None) -> str | None:
        marks = find(text) if text else ()
        if not text or not marks:
            return text
        told[name] = entry(text, marks)
        return masked(text, marks)

    own: dict[str, Any] = {name: safe(name, getattr(story, name)) for name in OWN}
    steps = tuple(
        replace(
            step,
            note=safe(note_of(position), step.note),
            service=_name(step.service),
            organisation=_name(step.organisation),
        )
        for position, step in enumerate(story.steps, 1)
    )
    return Masked(replace(story, steps=steps, extras=safe_extras(story.extras), **own), told)


def _name(text: str | None) -> str | None:
    marks = [mark for mark in find(text) if mark.kind in IN_NAMES] if text else []
    return masked(text, marks) if text else text


def safe_extras(extras: Mapping[str, str]) -> dict[str, str]:
    """The safe copy of answers in words to questions that a survey added."""
    return {name: masked(text, find(text)) for name, text in extras.items()}


def as_told(story: Story, told: Mapping[str, Any]) -> Story:
    """The story as it was told, from its safe copy and what was kept beside it."""
    own: dict[str, Any] = {name: told[name]["told"] for name in OWN if name in told}
    steps = tuple(
        replace(step, note=told[note_of(position)]["told"]) if note_of(position) in told else step
        for position, step in enumerate(story.steps, 1)
    )
    return replace(story, steps=steps, **own)


def entry(text: str, marks: Sequence[Mark], by: str | Callable[[Mark], str] = RULE) -> dict[str, Any]:
    """One text as it is kept beside its safe copy."""
    return {
        "told": text,
        "marks": [[m.start, m.end, m.kind.value, by if isinstance(by, str) else by(m)] for m in sorted(marks)],
    }


def marks_in(kept: Mapping[str, Any]) -> tuple[Mark, ...]:
    """The marks of one text that is kept beside its safe copy."""
    return tuple(Mark(start, end, Kind(kind)) for start, end, kind, _by in kept["marks"])
