"""SQL that reads stories: one by one, in chunks for an analysis, and whether they may be analysed or quoted at all."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from sqlalchemy import CompoundSelect, Row, Select, func, select
from sqlalchemy.orm import Session

from insight.intake.tables import ConcernRow, ConsentRow, ReviewRow, StepRow, StoryRow

STORY_COLUMNS = (
    StoryRow.id,
    StoryRow.version,
    StoryRow.source,
    StoryRow.teller_role,
    StoryRow.language,
    StoryRow.need,
    StoryRow.need_met,
    StoryRow.overall_feeling,
    StoryRow.what_happened,
    StoryRow.what_better,
    StoryRow.what_good,
    StoryRow.obstacle_text,
    StoryRow.told_at,
)
STEP_COLUMNS = (
    StepRow.story_id,
    StepRow.position,
    StepRow.service_name,
    StepRow.organisation_name,
    StepRow.channel,
    StepRow.happened_on,
    StepRow.precision,
    StepRow.waited_days,
    StepRow.promised_days,
    StepRow.feeling,
    StepRow.told_again,
    StepRow.sent_elsewhere,
    StepRow.sorted_out,
    StepRow.note,
)


def stories_in_chunks(
    session: Session, place_id: int, size: int = 5_000, part: int = 0, parts: int = 1
) -> Iterator[tuple[Sequence[Row[*tuple[Any, ...]]], Sequence[Row[*tuple[Any, ...]]]]]:
    """A place's stories that may be analysed, oldest first, in chunks of (stories, their steps).

    Those are the ones whose tellers agreed to it and that are not held back. Rows have the columns of
    ``STORY_COLUMNS`` and ``STEP_COLUMNS``. Of several ``parts``, a part has the stories whose id leaves its number.
    """
    last = 0
    while True:
        agreed = select(ConsentRow.story_id).where(ConsentRow.scope == "analyse", ConsentRow.given)
        page = (
            select(*STORY_COLUMNS)
            .where(StoryRow.place_id == place_id, StoryRow.id > last, StoryRow.id % parts == part)
            .where(StoryRow.id.in_(agreed), StoryRow.id.not_in(held_back()))
            .order_by(StoryRow.id)
            .limit(size)
        )
        stories = list(session.execute(page))
        if not stories:
            return
        between = StepRow.story_id.between(stories[0].id, stories[-1].id) & (StepRow.story_id % parts == part)
        steps = list(session.execute(select(*STEP_COLUMNS).where(between).order_by(StepRow.story_id, StepRow.position)))
        last = stories[-1].id
        yield stories, steps


def stories_with_consent(session: Session, story_ids: Sequence[int], scope: str) -> set[int]:
    """Which of these stories carry a consent, and are not held back for somebody to read who may."""
    query = select(ConsentRow.story_id).where(
        ConsentRow.story_id.in_(story_ids),
        ConsentRow.scope == scope,
        ConsentRow.given,
        ConsentRow.story_id.not_in(held_back()),
    )
    return set(session.scalars(query))


def held_back() -> CompoundSelect[int | None]:
    """The stories that are not analysed, shown or quoted: those that speak of harm, and those that were rejected."""
    return of_harm().union_all(select(ReviewRow.story_id).where(ReviewRow.state == "rejected"))


def of_harm() -> Select[int | None]:
    """The stories that speak of harm and have not been released."""
    return select(ConcernRow.story_id).where(ConcernRow.state != "released", ConcernRow.story_id.is_not(None))


def held_back_stories(session: Session, place_id: int) -> frozenset[int]:
    """The ids of a place's stories that are held back as of now."""
    held = select(StoryRow.id).where(StoryRow.place_id == place_id, StoryRow.id.in_(held_back()))
    return frozenset(session.scalars(held))


def count_held_back(session: Session, place_id: int) -> int:
    """How many of a place's stories are held back."""
    return len(held_back_stories(session, place_id))


def count_rejected(session: Session, place_id: int) -> int:
    """How many of a place's stories a moderator rejected; those that also speak of harm are left to safeguarding."""
    asked = select(func.count()).select_from(ReviewRow).join(StoryRow, StoryRow.id == ReviewRow.story_id)
    here = asked.where(StoryRow.place_id == place_id, ReviewRow.state == "rejected", StoryRow.id.not_in(of_harm()))
    return session.scalar(here) or 0


def count_stories(session: Session, place_id: int) -> int:
    """How many stories a place has."""
    return session.scalar(select(func.count()).select_from(StoryRow).where(StoryRow.place_id == place_id)) or 0


def story_rows(session: Session, story_ids: Sequence[int]) -> dict[int, StoryRow]:
    """Stories by id."""
    return {row.id: row for row in session.scalars(select(StoryRow).where(StoryRow.id.in_(story_ids)))}


def steps_of(session: Session, story_ids: Sequence[int]) -> list[StepRow]:
    """The steps of stories, in order."""
    query = select(StepRow).where(StepRow.story_id.in_(story_ids)).order_by(StepRow.story_id, StepRow.position)
    return list(session.scalars(query))


def consents_of(session: Session, story_ids: Sequence[int]) -> list[ConsentRow]:
    """The consents of stories."""
    return list(session.scalars(select(ConsentRow).where(ConsentRow.story_id.in_(story_ids))))


def answers_in(session: Session, story_ids: Sequence[int], field: str) -> dict[tuple[int, int], str]:
    """One answer of stories, by (story id, version)."""
    query = select(StoryRow.id, StoryRow.version, getattr(StoryRow, field)).where(StoryRow.id.in_(story_ids))
    return {(story, version): text for story, version, text in session.execute(query) if text}


def notes_in(session: Session, story_ids: Collection[int]) -> dict[tuple[int, int, int], str]:
    """The notes on stories' steps, by (story id, version, step)."""
    query = (
        select(StepRow.story_id, StoryRow.version, StepRow.position, StepRow.note)
        .join(StoryRow, StoryRow.id == StepRow.story_id)
        .where(StepRow.story_id.in_(story_ids), StepRow.note.is_not(None))
    )
    return {(story, version, step): note for story, version, step, note in session.execute(query) if note}
