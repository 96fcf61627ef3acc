"""From stories to passages: every sentence people wrote, tied to its journey, step, service and feeling."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy.orm import Session

from insight import intake, keys
from insight.runs import Progress
from insight.text.passages import is_non_answer, passages

FEELING_OF_FIELD = {"what_good": 1, "what_better": -1, "obstacle_text": -1}
PAIN_TICKED = {"told_again": "told_again", "passed_around": "sent_elsewhere"}  # known pain: the step's answer


@dataclass(slots=True)
class Gathered:
    """The columns of an analysis: a passage, a story or a step each is one entry in every list of its kind.

    ``passage_step`` indexes the step lists (-1: not said about a step). ``left_out`` is reason -> number.
    """

    text: list[str] = field(default_factory=list)
    passage_story: list[int] = field(default_factory=list)
    passage_step: list[int] = field(default_factory=list)
    passage_field: list[str] = field(default_factory=list)
    start: list[int] = field(default_factory=list)
    end: list[int] = field(default_factory=list)
    key: list[int] = field(default_factory=list)
    told_feeling: list[float] = field(default_factory=list)
    story_id: list[int] = field(default_factory=list)
    story_version: list[int] = field(default_factory=list)
    story_need: list[str | None] = field(default_factory=list)
    story_source: list[str | None] = field(default_factory=list)
    story_teller: list[str | None] = field(default_factory=list)
    story_month: list[str | None] = field(default_factory=list)
    steps: list[Any] = field(default_factory=list)
    step_story: list[int] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)
    fingerprint: str = ""


def gather(session: Session, place_id: int, language: str, progress: Progress) -> Gathered:
    """Read a place's stories that may be analysed and cut them into passages.

    Stories in another language are left out with that reason: they would make themes of their own tongue.
    """
    gathered, made = Gathered(), hashlib.sha256()
    other_languages: set[str] = set()
    total = intake.count_stories(session, place_id)
    for told, steps in intake.stories_in_chunks(session, place_id):
        of_story: dict[int, list[Any]] = {}
        for step in steps:
            of_story.setdefault(step.story_id, []).append(step)
        for story in told:
            made.update(f"{story.id}.{story.version};".encode())
            if story.language != language:
                reason = f"stories told in another language ({story.language})"
                other_languages.add(reason)
                gathered.left_out[reason] += 1
                continue
            take_story(gathered, story, of_story.get(story.id, ()))
        progress("reading stories", len(gathered.story_id), total)
    held = intake.count_held_back(session, place_id)
    rejected = intake.count_rejected(session, place_id)
    if held > rejected:
        gathered.left_out["stories that speak of harm and wait to be read, or were withheld"] = held - rejected
    if rejected:
        gathered.left_out["stories that a moderator rejected"] = rejected
    silent = total - len(gathered.story_id) - held - sum(gathered.left_out[reason] for reason in other_languages)
    if silent > 0:
        gathered.left_out["stories whose teller did not agree to analysis"] = silent
    gathered.fingerprint = made.hexdigest()
    return gathered


def passages_ticked(gathered: Gathered) -> dict[str, npt.NDArray[np.bool_]]:
    """By code of a known pain, the passages said of a step at which the teller ticked just that pain."""
    step_of = np.asarray(gathered.passage_step, np.int32)
    return {
        pain: np.array([getattr(step, answer) is True for step in gathered.steps] + [False])[step_of]
        for pain, answer in PAIN_TICKED.items()
    }


def take_story(gathered: Gathered, story: Any, steps: Sequence[Any]) -> None:
    """Add a story, its steps and its passages."""
    number = len(gathered.story_id)
    gathered.story_id.append(story.id)
    gathered.story_version.append(story.version)
    gathered.story_need.append(story.need)
    gathered.story_source.append(story.source)
    gathered.story_teller.append(story.teller_role)
    gathered.story_month.append(story.told_at.strftime("%Y-%m"))
    overall = _overall(story, steps)
    for name in ("what_happened", "what_better", "what_good", "obstacle_text"):
        feeling = FEELING_OF_FIELD.get(name, overall)
        _take_text(gathered, getattr(story, name), number, -1, name, feeling)
    for step in steps:
        index = len(gathered.steps)
        gathered.steps.append(step)
        gathered.step_story.append(number)
        _take_text(gathered, step.note, number, index, "note", _nan_if_none(step.feeling))


def _overall(story: Any, steps: Sequence[Any]) -> float:
    """How the whole story felt: as said, else the mean of its steps."""
    if story.overall_feeling is not None:
        return float(story.overall_feeling)
    told = [step.feeling for step in steps if step.feeling is not None]
    return sum(told) / len(told) if told else float("nan")


def _nan_if_none(feeling: int | None) -> float:
    return float("nan") if feeling is None else float(feeling)


def passage_key(story_id: int, text: str) -> int:
    """A number for what a story says in a passage: the same in every run, whatever stands around it."""
    return keys.number_for("passage", str(story_id), " ".join(text.lower().split()).strip(" .!,"))


def _take_text(gathered: Gathered, text: str | None, story: int, step: int, name: str, feeling: float) -> None:
    if not text:
        return
    if is_non_answer(text):
        gathered.left_out['answers such as "nothing" or "n/a"'] += 1
        return
    for start, end in passages(text):
        gathered.text.append(text[start:end])
        gathered.key.append(passage_key(gathered.story_id[story], text[start:end]))
        gathered.passage_story.append(story)
        gathered.passage_step.append(step)
        gathered.passage_field.append(name)
        gathered.start.append(start)
        gathered.end.append(end)
        gathered.told_feeling.append(feeling)
