"""All SQL of receipts: replies, agreements that change, and all that goes when a story is erased."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import Session

from insight.equality.tables import EqualityRow
from insight.intake.model import Source
from insight.intake.reading_store import held_back
from insight.intake.store import erased_tag
from insight.intake.tables import (
    ConcernRow,
    ConsentRow,
    DraftRow,
    ErasedTokenRow,
    PlaceRow,
    ReleaseRow,
    StepRow,
    StoryHistoryRow,
    StoryRow,
    SurveyRow,
)
from insight.receipts.tables import ErasureRow, ReplyRow
from insight.safeguarding.tables import ConcernEventRow

NOBODY_ASKS = (Source.IMPORT, Source.DEMO)  # nobody was given the reference of these


def story_by_reference(session: Session, reference: str, *, to_change: bool = False) -> StoryRow | None:
    """The story with this reference; others who would change it wait where it is read ``to_change``."""
    query = select(StoryRow).where(StoryRow.reference == reference)
    return session.scalar(query.with_for_update() if to_change else query)


def history_of(session: Session, story_id: int) -> Sequence[StoryHistoryRow]:
    """What a story said before each change, newest first."""
    query = select(StoryHistoryRow).where(StoryHistoryRow.story_id == story_id)
    return session.scalars(query.order_by(StoryHistoryRow.version.desc())).all()


def consents_of(session: Session, story_id: int) -> dict[str, ConsentRow]:
    """A story's agreements by scope."""
    return {row.scope: row for row in session.scalars(select(ConsentRow).where(ConsentRow.story_id == story_id))}


def place_and_survey(session: Session, story: StoryRow) -> tuple[str, str | None]:
    """The name of a story's place, and the title of the survey that it answers."""
    survey = session.get(SurveyRow, story.survey_id) if story.survey_id else None
    return session.get_one(PlaceRow, story.place_id).name, survey.title if survey else None


def reply_of(session: Session, story_id: int) -> ReplyRow | None:
    """The reply that a teller asked for."""
    return session.get(ReplyRow, story_id)


def equality_of(session: Session, story_id: int) -> EqualityRow | None:
    """What a teller said about themselves."""
    return session.get(EqualityRow, story_id)


def drafts_amending(session: Session, story_id: int) -> Sequence[DraftRow]:
    """The unsent drafts that would change a story."""
    query = select(DraftRow).where(DraftRow.amends_id == story_id, DraftRow.sent_at.is_(None))
    return session.scalars(query).all()


def waiting_for_reply(session: Session, place_id: int, first: int, most: int) -> list[tuple[StoryRow, datetime]]:
    """Stories of a place whose tellers wait for a reply, with when they asked, oldest first."""
    asked_at = func.coalesce(ReplyRow.asked_at, ConsentRow.recorded_at)
    query = _waiting(select(StoryRow, asked_at), place_id).order_by(asked_at, StoryRow.id).offset(first).limit(most)
    return [(story, at) for story, at in session.execute(query)]


def count_waiting(session: Session, place_id: int) -> int:
    """How many tellers of a place wait for a reply."""
    return session.scalar(_waiting(select(func.count()), place_id)) or 0


def waits_for_reply(session: Session, place_id: int, story_id: int) -> StoryRow | None:
    """A story of a place whose teller waits for a reply; others who would answer it wait."""
    query = _waiting(select(StoryRow), place_id).where(StoryRow.id == story_id)
    found: StoryRow | None = session.scalar(query.with_for_update(of=StoryRow))
    return found


def _waiting(query: Any, place_id: int) -> Any:
    """Whoever agreed to be answered, and has not been."""
    return (
        query.select_from(StoryRow)
        .join(ConsentRow, (ConsentRow.story_id == StoryRow.id) & (ConsentRow.scope == "contact"))
        .outerjoin(ReplyRow, ReplyRow.story_id == StoryRow.id)
        .where(StoryRow.place_id == place_id, StoryRow.source.not_in(NOBODY_ASKS), ConsentRow.given)
        .where(or_(ReplyRow.story_id.is_(None), ReplyRow.answer.is_(None)))
    )


def held_back_among(session: Session, story_ids: Sequence[int]) -> set[int]:
    """Which of these stories speak of harm and have not been released."""
    query = select(StoryRow.id).where(StoryRow.id.in_(story_ids), StoryRow.id.in_(held_back()))
    return set(session.scalars(query))


def forget_reply(session: Session, story_id: int) -> int:
    """Delete a request for a reply, and the reply; gives how many."""
    return _deleted(session, delete(ReplyRow).where(ReplyRow.story_id == story_id))


def forget_releases(session: Session, story_id: int) -> int:
    """Delete that sentences of a story were released; gives how many."""
    return _deleted(session, delete(ReleaseRow).where(ReleaseRow.story_id == story_id))


def erase(session: Session, stories: Sequence[StoryRow]) -> dict[str, int]:
    """Delete stories and all that hangs on them but their passages; gives how many rows of each kind there were.

    A concern keeps its kinds and times, so that what was done about harm can be counted; its notes may quote the story.
    """
    ids = [story.id for story in stories]
    for story in stories:
        if story.import_id is not None:
            session.merge(ErasedTokenRow(tag=erased_tag(story.token)))
    concerns = session.scalars(select(ConcernRow).where(ConcernRow.story_id.in_(ids))).all()
    for concern in concerns:
        session.execute(update(ConcernEventRow).where(ConcernEventRow.concern_id == concern.id).values(note=None))
        concern.state, concern.story_id = "erased", None
    of_stories = or_(DraftRow.amends_id.in_(ids), DraftRow.key_hash.in_([story.token for story in stories]))
    counts = {
        "steps": _deleted(session, delete(StepRow).where(StepRow.story_id.in_(ids))),
        "consents": _deleted(session, delete(ConsentRow).where(ConsentRow.story_id.in_(ids))),
        "earlier_versions": _deleted(session, delete(StoryHistoryRow).where(StoryHistoryRow.story_id.in_(ids))),
        "drafts": _deleted(session, delete(DraftRow).where(of_stories)),
        "equality_answers": _deleted(session, delete(EqualityRow).where(EqualityRow.story_id.in_(ids))),
        "replies": _deleted(session, delete(ReplyRow).where(ReplyRow.story_id.in_(ids))),
    }
    session.flush()
    return {"stories": _deleted(session, delete(StoryRow).where(StoryRow.id.in_(ids))), **counts}


def add_proof(session: Session, place_id: int, proof: str, counts: dict[str, int], at: datetime) -> None:
    """Write down that something was erased."""
    session.add(ErasureRow(place_id=place_id, proof=proof, counts=counts, erased_at=at))


def proof_by_code(session: Session, code: str) -> ErasureRow | None:
    """The proof of an erasure."""
    return session.scalar(select(ErasureRow).where(ErasureRow.proof == code))


def _deleted(session: Session, statement: Any) -> int:
    return session.execute(statement).rowcount  # type: ignore[attr-defined, no-any-return]
