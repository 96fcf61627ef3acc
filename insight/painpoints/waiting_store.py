"""SQL of stories that wait for the next analysis: those that arrived, were allowed or were changed after a run."""

from collections.abc import Collection, Iterator, Sequence

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from insight.intake import ConsentScope, stories_with_consent
from insight.intake.tables import StoryRow
from insight.painpoints.tables import PassageRow

CHUNK = 400


def ids_of_place(session: Session, place_id: int) -> Sequence[int]:
    """The ids of all stories of a place: read from an index alone."""
    return session.scalars(select(StoryRow.id).where(StoryRow.place_id == place_id)).all()


def changed_since(session: Session, run_id: int, place_id: int, story_id: int | None = None) -> Sequence[int]:
    """The stories of a place, or the one, that a run read in an earlier version."""
    read_before = exists().where(
        PassageRow.run_id == run_id,
        PassageRow.story_id == StoryRow.id,
        PassageRow.story_version < StoryRow.version,
    )
    query = select(StoryRow.id).where(StoryRow.place_id == place_id, StoryRow.version > 1, read_before)
    if story_id is not None:
        query = query.where(StoryRow.id == story_id)
    return session.scalars(query).all()


def versions_to_read(session: Session, story_ids: Collection[int], language: str) -> dict[int, int]:
    """Which of these stories may be analysed as of now and are told in this language: id -> version, oldest first."""
    found: dict[int, int] = {}
    for some in _chunks(sorted(story_ids)):
        allowed = stories_with_consent(session, some, ConsentScope.ANALYSE)
        query = select(StoryRow.id, StoryRow.version).where(StoryRow.id.in_(allowed), StoryRow.language == language)
        found.update({row.id: row.version for row in session.execute(query.order_by(StoryRow.id))})
    return found


def _chunks(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), CHUNK):
        yield ids[start : start + CHUNK]
