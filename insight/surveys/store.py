"""All SQL of surveys: building, versions, and counts of what came back."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from insight.intake.reading_store import held_back
from insight.intake.tables import ConsentRow, DraftRow, QuestionSetRow, StoryRow, SurveyRow


def surveys_of(session: Session, place_id: int) -> Sequence[tuple[SurveyRow, int | None, int]]:
    """A place's surveys with the version that is answered now and the number of answers, newest first."""
    answers = select(func.count()).where(StoryRow.survey_id == SurveyRow.id).scalar_subquery()
    query = (
        select(SurveyRow, QuestionSetRow.version, answers)
        .outerjoin(QuestionSetRow, QuestionSetRow.id == SurveyRow.question_set_id)
        .where(SurveyRow.place_id == place_id)
        .order_by(SurveyRow.id.desc())
    )
    return [(row, version, count) for row, version, count in session.execute(query)]


def codes_of(session: Session, place_id: int) -> set[str]:
    """The codes of a place's surveys."""
    return set(session.scalars(select(SurveyRow.code).where(SurveyRow.place_id == place_id)))


def survey_row(session: Session, place_id: int, code: str, *, change: bool = False) -> SurveyRow | None:
    """A place's survey by its code; to be changed, others who would change it wait."""
    query = select(SurveyRow).where(SurveyRow.place_id == place_id, SurveyRow.code == code)
    return session.scalar(query.with_for_update() if change else query)


def add_survey(session: Session, row: SurveyRow) -> None:
    """A new survey."""
    session.add(row)
    session.flush()


def version_row(session: Session, question_set_id: int) -> QuestionSetRow:
    """A version of a survey."""
    return session.get_one(QuestionSetRow, question_set_id)


def newest_version(session: Session, code: str) -> int:
    """The number of the newest version of a question set, 0 before the first."""
    return session.scalar(select(func.max(QuestionSetRow.version)).where(QuestionSetRow.code == code)) or 0


def add_version(session: Session, code: str, version: int, digest: str, body: str, at: datetime) -> int:
    """Keep a version of a survey for good; gives its id."""
    row = QuestionSetRow(code=code, version=version, digest=digest, body=body, first_used_at=at)
    session.add(row)
    session.flush()
    return row.id


def count_sent(session: Session, survey_id: int) -> int:
    """How many stories came by a survey."""
    return session.scalar(select(func.count()).where(StoryRow.survey_id == survey_id)) or 0


def unsent_by_page(session: Session, survey_id: int) -> dict[str | None, int]:
    """How many drafts were begun and not sent, by the page that was saved last."""
    query = (
        select(DraftRow.reached, func.count())
        .where(DraftRow.survey_id == survey_id, DraftRow.sent_at.is_(None), DraftRow.amends_id.is_(None))
        .group_by(DraftRow.reached)
    )
    return dict(list(session.execute(query)))


def story_at(session: Session, survey_id: int, position: int, *, analysed: bool = False) -> int | None:
    """The id of a survey's story at a position, from 1 and oldest first; None for 0, and where there are fewer."""
    if position < 1:
        return None
    query = select(StoryRow.id).where(StoryRow.survey_id == survey_id)
    if analysed:
        query = query.where(StoryRow.id.in_(_may_be_analysed()))
    return session.scalar(query.order_by(StoryRow.id).offset(position - 1).limit(1))


def seconds_taken(session: Session, survey_id: int, last: int) -> list[int]:
    """How long each answer took, shortest first, of stories up to an id."""
    query = select(StoryRow.seconds).where(_up_to(survey_id, last), StoryRow.seconds.is_not(None))
    return [seconds for seconds in session.scalars(query.order_by(StoryRow.seconds)) if seconds is not None]


def count_by_language(session: Session, survey_id: int, last: int) -> dict[str | None, int]:
    """Stories by language, up to an id."""
    return _counts(session, select(StoryRow.language, func.count()).where(_up_to(survey_id, last)))


def count_by_campaign(session: Session, survey_id: int, last: int) -> dict[str | None, int]:
    """Stories by the campaign in the address that people followed, up to an id."""
    return _counts(session, select(StoryRow.campaign, func.count()).where(_up_to(survey_id, last)))


def count_analysed(session: Session, survey_id: int) -> int:
    """How many of a survey's stories may be analysed and are not held back."""
    query = select(func.count()).select_from(StoryRow)
    return session.scalar(query.where(StoryRow.survey_id == survey_id, StoryRow.id.in_(_may_be_analysed()))) or 0


def answers_given(session: Session, survey_id: int, last: int) -> Sequence[Mapping[str, Any]]:
    """The answers of stories that may be analysed, up to an id. They lie locked, so the database cannot count them."""
    query = select(StoryRow.answers).where(_up_to(survey_id, last), StoryRow.id.in_(_may_be_analysed()))
    return [told or {} for told in session.scalars(query)]


def _up_to(survey_id: int, last: int) -> ColumnElement[bool]:
    return (StoryRow.survey_id == survey_id) & (StoryRow.id <= last)


def _counts(session: Session, query: Select[Any, int]) -> dict[str | None, int]:
    first = query.selected_columns[0]
    return dict(list(session.execute(query.group_by(first))))


def _may_be_analysed() -> Select[int]:
    agreed = ConsentRow.scope == "analyse"
    return select(ConsentRow.story_id).where(agreed, ConsentRow.given, ConsentRow.story_id.not_in(held_back()))
