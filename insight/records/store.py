"""All SQL of retention: rules, clocks, what is overdue, what is left of it, and proofs."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from insight.intake.tables import ConcernRow, StoryRow, SurveyRow
from insight.records.naming import columns_naming_a_story
from insight.records.tables import ParticularRow, PurgeRow, RetentionRow


def rules_of(session: Session, place_id: int) -> Sequence[RetentionRow]:
    """A place's rules."""
    return session.scalars(select(RetentionRow).where(RetentionRow.place_id == place_id)).all()


def rule_of(session: Session, place_id: int, survey_id: int | None) -> RetentionRow | None:
    """The rule of a survey, or the place's own."""
    return session.scalar(
        select(RetentionRow).where(RetentionRow.place_id == place_id, RetentionRow.survey_id == survey_id)
    )


def surveys_of(session: Session, place_id: int) -> Sequence[SurveyRow]:
    """A place's surveys, by title."""
    return session.scalars(select(SurveyRow).where(SurveyRow.place_id == place_id).order_by(SurveyRow.title)).all()


def of_survey(place_id: int, survey_id: int) -> ColumnElement[bool]:
    """The stories of a survey."""
    return (StoryRow.place_id == place_id) & (StoryRow.survey_id == survey_id)


def of_place(place_id: int, not_of: Collection[int]) -> ColumnElement[bool]:
    """The stories of a place that are of none of these surveys."""
    others = StoryRow.survey_id.is_(None) | StoryRow.survey_id.not_in(not_of)
    return (StoryRow.place_id == place_id) & others


def count(session: Session, where: ColumnElement[bool]) -> int:
    """How many stories there are."""
    return session.scalar(select(func.count()).select_from(StoryRow).where(where)) or 0


def count_told(session: Session, where: ColumnElement[bool], after: datetime | None, until: datetime) -> int:
    """How many stories were told after a moment and until another."""
    told = StoryRow.told_at <= until
    return count(session, where & told if after is None else where & told & (StoryRow.told_at > after))


def count_kept(session: Session, where: ColumnElement[bool], until: datetime) -> int:
    """How many stories told until a moment stay since their safeguarding item is open."""
    return count(session, where & (StoryRow.told_at <= until) & StoryRow.id.in_(_open_items()))


def oldest_after(session: Session, where: ColumnElement[bool], after: datetime) -> datetime | None:
    """When the oldest story was told that was told after a moment."""
    return session.scalar(select(func.min(StoryRow.told_at)).where(where, StoryRow.told_at > after))


def overdue(session: Session, where: ColumnElement[bool], until: datetime, most: int) -> list[StoryRow]:
    """The next stories to purge, locked, without those whose safeguarding item is open as of now."""
    query = select(StoryRow).where(where, StoryRow.told_at <= until, StoryRow.id.not_in(_open_items()))
    locked = session.scalars(query.order_by(StoryRow.id).limit(most).with_for_update()).all()
    # Somebody may have raised a concern while the lock was waited for: PostgreSQL shows that to a new statement alone.
    again = select(ConcernRow.story_id).where(
        ConcernRow.story_id.in_([story.id for story in locked]), ConcernRow.state == "open"
    )
    raised = set(session.scalars(again))
    return [story for story in locked if story.id not in raised]


def _open_items() -> Select[int | None]:
    return select(ConcernRow.story_id).where(ConcernRow.state == "open", ConcernRow.story_id.is_not(None))


def still_naming(session: Session, story_ids: Sequence[int]) -> dict[str, int]:
    """For each column that names a story, in how many rows it names one of these."""
    return {
        str(column): session.scalar(select(func.count()).select_from(column.table).where(column.in_(story_ids))) or 0
        for column in columns_naming_a_story()
    }


def naming_nothing(session: Session) -> dict[str, int]:
    """For each column that refers to a story, in how many rows it names one that is not there."""
    _story, *referring = columns_naming_a_story()
    there = select(StoryRow.id)
    return {
        str(column): session.scalar(
            select(func.count()).select_from(column.table).where(column.is_not(None), column.not_in(there))
        )
        or 0
        for column in referring
    }


def unfinished(session: Session, place_id: int, survey_id: int | None) -> PurgeRow | None:
    """The purge under a rule that was interrupted."""
    query = select(PurgeRow).where(
        PurgeRow.place_id == place_id, PurgeRow.survey_id == survey_id, PurgeRow.ended_at.is_(None)
    )
    return session.scalar(query.order_by(PurgeRow.id).limit(1))


def add_purge(session: Session, **values: Any) -> PurgeRow:
    """Begin a purge."""
    row = PurgeRow(stories=0, kept=0, counts={}, checked={}, ended_at=None, digest=None, **values)
    session.add(row)
    session.flush()
    return row


def purge_for_change(session: Session, number: int) -> PurgeRow:
    """A purge; others who go on with it wait."""
    return session.scalars(select(PurgeRow).where(PurgeRow.id == number).with_for_update()).one()


def purges_of(session: Session, place_id: int, most: int) -> Sequence[PurgeRow]:
    """The newest purges of a place, the newest first."""
    query = select(PurgeRow).where(PurgeRow.place_id == place_id).order_by(PurgeRow.id.desc()).limit(most)
    return session.scalars(query).all()


def particulars_of(session: Session, place_id: int) -> dict[str, ParticularRow]:
    """What a place says of its use of data, by name."""
    rows = session.scalars(select(ParticularRow).where(ParticularRow.place_id == place_id))
    return {row.name: row for row in rows}
