"""Mending the safe copy of a story: other marks than the machine's, and marks for stories from before it looked."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from insight.identifiers import Mark, masked
from insight.intake.masking import OWN, entry, marks_in, mask, note_of
from insight.intake.reading_store import steps_of
from insight.intake.store import story_as_told
from insight.intake.tables import DraftRow, OriginalRow, StepRow, StoryRow

NOTE = note_of(0).removesuffix("0")


def texts_as_told(session: Session, row: StoryRow) -> dict[str, tuple[str, tuple[Mark, ...]]]:
    """The texts of a story in its teller's words, each with its marks, by name; a step's note by ``note:POSITION``."""
    kept = session.get(OriginalRow, row.id)
    body: Mapping[str, Any] = kept.body if kept else {}
    safe = {name: getattr(row, name) for name in OWN}
    safe |= {note_of(step.position): step.note for step in steps_of(session, [row.id])}
    return {
        name: (body[name]["told"], marks_in(body[name])) if name in body else (text, ())
        for name, text in safe.items()
        if text
    }


def mend_marks(session: Session, row: StoryRow, marks_by_text: Mapping[str, Sequence[Mark]], by: str) -> None:
    """Give texts of a story other marks: its safe copy and its version change, what was told does not.

    Analyses made before pass the story over from then on. A change that its teller has begun goes on undisturbed.
    """
    told = texts_as_told(session, row)
    kept = session.get(OriginalRow, row.id)
    body: dict[str, Any] = dict(kept.body) if kept else {}
    for name, marks in marks_by_text.items():
        text, _before = told[name]
        before = body.pop(name, {"marks": []})["marks"]
        if marks:
            body[name] = entry(text, marks, partial(_setter, before, by))
        _put_safe(session, row, name, masked(text, marks))
    _keep_told(session, row, body)
    _raise_version(session, row)


def _setter(before: Sequence[Sequence[Any]], by: str, mark: Mark) -> str:
    """Who set a mark: as it was known, else whoever mends now."""
    same = (setter for start, end, kind, setter in before if (start, end, kind) == (mark.start, mark.end, mark.kind))
    return next(same, by)


def _keep_told(session: Session, row: StoryRow, body: Mapping[str, Any]) -> None:
    kept = session.get(OriginalRow, row.id)
    if kept is not None and body:
        kept.body = dict(body)
    elif kept is not None:
        session.delete(kept)
    elif body:
        session.add(OriginalRow(story_id=row.id, body=dict(body)))


def _put_safe(session: Session, row: StoryRow, name: str, words: str) -> None:
    if name in OWN:
        setattr(row, name, words)
    else:
        position = int(name.removeprefix(NOTE))
        session.get_one(StepRow, (row.id, position)).note = words


def _raise_version(session: Session, row: StoryRow) -> None:
    begun = update(DraftRow).where(DraftRow.amends_id == row.id, DraftRow.amends_version == row.version)
    row.version += 1
    session.execute(begun.values(amends_version=row.version))
    session.flush()


def mask_again(session: Session, row: StoryRow) -> bool:
    """Look for identifiers in a story from before that was done; gives whether its safe copy changed."""
    told = story_as_told(session, row)
    safe = mask(told)
    steps = steps_of(session, [row.id])
    new = [(step.note, step.service, step.organisation) for step in safe.story.steps]
    own = {name: getattr(safe.story, name) for name in OWN}
    same = all(getattr(row, name) == text for name, text in own.items())
    if same and new == [(step.note, step.service_name, step.organisation_name) for step in steps]:
        return False
    for name, text in own.items():
        setattr(row, name, text)
    for step, (note, service, organisation) in zip(steps, new, strict=True):
        step.note, step.service_name, step.organisation_name = note, service, organisation
    _keep_told(session, row, safe.told)
    _raise_version(session, row)
    return True
