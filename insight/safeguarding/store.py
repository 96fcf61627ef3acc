"""All SQL of safeguarding."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, defer

from insight.intake.tables import ConcernRow, StoryHistoryRow, StoryRow
from insight.safeguarding.tables import ConcernEventRow


def open_concerns(session: Session, place_id: int) -> Sequence[ConcernRow]:
    """What waits in a place. An erased story waits for nobody."""
    waits = (ConcernRow.state == "open") & ConcernRow.story_id.is_not(None)
    return session.scalars(select(ConcernRow).where(ConcernRow.place_id == place_id, waits)).all()


def closed_concerns(session: Session, place_id: int, limit: int) -> Sequence[ConcernRow]:
    """What was decided in a place, or erased by its teller; the newest first."""
    closed = (ConcernRow.state != "open") | ConcernRow.story_id.is_(None)
    query = select(ConcernRow).where(ConcernRow.place_id == place_id, closed)
    return session.scalars(query.order_by(ConcernRow.id.desc()).limit(limit)).all()


def concern_by_id(session: Session, concern_id: int) -> ConcernRow | None:
    """One concern."""
    return session.get(ConcernRow, concern_id)


def concern_for_change(session: Session, concern_id: int) -> ConcernRow | None:
    """One concern that will be changed: others who would change it or its story wait."""
    query = (
        select(ConcernRow)
        .where(ConcernRow.id == concern_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    row = session.scalar(query)
    if row is not None and row.story_id is not None:
        session.execute(select(StoryRow.id).where(StoryRow.id == row.story_id).with_for_update())
        session.refresh(row)
    return row


def changes_of(session: Session, story_ids: Sequence[int]) -> Sequence[StoryHistoryRow]:
    """The changes of stories, without what they said before; the earliest first."""
    query = select(StoryHistoryRow).where(StoryHistoryRow.story_id.in_(story_ids)).options(defer(StoryHistoryRow.body))
    return session.scalars(query.order_by(StoryHistoryRow.changed_at)).all()


def events_of(session: Session, concern_ids: Sequence[int]) -> Sequence[ConcernEventRow]:
    """What was done with some concerns, the earliest first."""
    query = select(ConcernEventRow).where(ConcernEventRow.concern_id.in_(concern_ids))
    return session.scalars(query.order_by(ConcernEventRow.at, ConcernEventRow.id)).all()


def add_event(session: Session, concern_id: int, what: str, by: str, at: datetime, note: str | None = None) -> None:
    """Record what somebody did."""
    session.add(ConcernEventRow(concern_id=concern_id, what=what, by=by, note=note, at=at))
    session.flush()


def concern_about(session: Session, story: StoryRow, at: datetime, due: datetime) -> ConcernRow:
    """The concern about a story, to be changed: the one there is, else a new one that a reader raises now."""
    raised = ConcernRow(
        place_id=story.place_id, story_id=story.id, kinds=[], raised_by="reader", raised_at=at, due_at=due, state="open"
    )
    try:
        with session.begin_nested():
            session.add(raised)
    except IntegrityError:
        return session.scalars(select(ConcernRow).where(ConcernRow.story_id == story.id).with_for_update()).one()
    return raised
