"""All SQL of drafts and of the surveys they answer."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, delete, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from insight.intake.tables import ConcernRow, DraftRow, PlaceRow, QuestionSetRow, StoryRow, SurveyRow

# Built once: building these two for each save or page would cost more than running them does.
Amended = aliased(StoryRow)
DRAFT = (
    select(
        DraftRow.id,
        DraftRow.language,
        DraftRow.answers,
        DraftRow.sent_at,
        DraftRow.amends_id,
        PlaceRow.id.label("place_id"),
        PlaceRow.code.label("place_code"),
        PlaceRow.name.label("place_name"),
        PlaceRow.synthetic,
        SurveyRow.code.label("survey"),
        QuestionSetRow.code.label("asked_code"),
        QuestionSetRow.version.label("asked_version"),
        QuestionSetRow.body.label("asked_body"),
        QuestionSetRow.digest.label("asked_digest"),
        StoryRow.reference,
        Amended.reference.label("amended_reference"),
    )
    .join(PlaceRow, PlaceRow.id == DraftRow.place_id)
    .join(QuestionSetRow, QuestionSetRow.id == DraftRow.question_set_id)
    .outerjoin(SurveyRow, SurveyRow.id == DraftRow.survey_id)
    .outerjoin(StoryRow, StoryRow.token == DraftRow.key_hash)
    .outerjoin(Amended, Amended.id == DraftRow.amends_id)
    .where(DraftRow.key_hash == bindparam("key"))
)
DRAFT_TO_CHANGE = DRAFT.with_for_update(of=DraftRow)
REPLACE_ANSWERS = (
    update(DraftRow)
    .where(DraftRow.id == bindparam("draft"))
    .values(
        answers=bindparam("now"),
        revision=DraftRow.revision + 1,
        updated_at=bindparam("at"),
        reached=func.coalesce(bindparam("page"), DraftRow.reached),
    )
    .execution_options(synchronize_session=False)
)


def draft_with_all(session: Session, key_hash: str, *, to_change: bool = False) -> Row[*tuple[Any, ...]] | None:
    """All that opening a draft needs, in one select: columns of ``DRAFT``. ``to_change`` makes others wait."""
    return session.execute(DRAFT_TO_CHANGE if to_change else DRAFT, {"key": key_hash}).one_or_none()


def draft_by_hash(session: Session, key_hash: str) -> DraftRow | None:
    """The draft that a key opens, to be changed: others who would change it wait."""
    return session.scalar(select(DraftRow).where(DraftRow.key_hash == key_hash).with_for_update())


def draft_by_words(session: Session, words_tag: str) -> DraftRow | None:
    """The draft that four words open, unless it was sent."""
    return session.scalar(select(DraftRow).where(DraftRow.words_tag == words_tag, DraftRow.sent_at.is_(None)))


def add_draft(session: Session, row: DraftRow) -> DraftRow:
    """A new draft."""
    session.add(row)
    session.flush()
    return row


def replace_answers(
    session: Session, draft_id: int, answers: dict[str, Any], reached: str | None, at: datetime
) -> None:
    """Keep the answers as they are now, and how far somebody got."""
    session.execute(REPLACE_ANSWERS, {"draft": draft_id, "now": answers, "page": reached, "at": at})


def close_draft(draft: DraftRow, at: datetime) -> None:
    """Forget a draft's answers once they have become a story: they are kept in one place only."""
    draft.answers, draft.sent_at, draft.words_tag, draft.sealed_key = {}, at, None, None


def forget_old_drafts(session: Session, before: datetime) -> int:
    """Delete unsent drafts that nobody has touched since a moment; gives how many."""
    old = delete(DraftRow).where(DraftRow.sent_at.is_(None), DraftRow.updated_at < before)
    return session.execute(old).rowcount  # type: ignore[attr-defined, no-any-return]


def survey_by_code(session: Session, place_id: int, code: str) -> SurveyRow | None:
    """A place's survey by its code."""
    return session.scalar(select(SurveyRow).where(SurveyRow.place_id == place_id, SurveyRow.code == code))


def concern_kinds(session: Session, key_hash: str) -> list[str]:
    """What the story that a draft became, or changed, may speak of; nothing when it raised no concern."""
    draft = select(DraftRow.amends_id).where(DraftRow.key_hash == key_hash).scalar_subquery()
    query = (
        select(ConcernRow.kinds)
        .join(StoryRow, StoryRow.id == ConcernRow.story_id)
        .where(or_(StoryRow.token == key_hash, StoryRow.id == draft))
    )
    return session.scalar(query) or []
