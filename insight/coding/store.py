"""SQL of coding: only the words that passages stand in, for looking through thousands of them."""

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from insight.intake.tables import StepRow, StoryRow

NOTE = "note"


def answers(session: Session, story_ids: Sequence[int], field: str) -> dict[tuple[int, int], str]:
    """One answer of stories, by (story id, version)."""
    query = select(StoryRow.id, StoryRow.version, getattr(StoryRow, field)).where(StoryRow.id.in_(story_ids))
    return {(story, version): text for story, version, text in session.execute(query) if text}


def notes(session: Session, story_ids: Collection[int]) -> dict[tuple[int, int, int], str]:
    """The notes on stories' steps, by (story id, version, step)."""
    query = (
        select(StepRow.story_id, StoryRow.version, StepRow.position, StepRow.note)
        .join(StoryRow, StoryRow.id == StepRow.story_id)
        .where(StepRow.story_id.in_(story_ids), StepRow.note.is_not(None))
    )
    return {(story, version, step): note for story, version, step, note in session.execute(query) if note}
