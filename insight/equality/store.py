"""All SQL of equality answers."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from insight.equality.tables import EqualityRow


def keep_answers(
    session: Session, story_id: int, place_id: int, wording: str, answers: dict[str, str], at: datetime
) -> None:
    """Keep what one teller said; an answer given before stays unless it is given anew."""
    row = session.get(EqualityRow, story_id)
    if row is None:
        row = EqualityRow(story_id=story_id, place_id=place_id, answers={})
        session.add(row)
    row.wording, row.answers, row.told_at = wording, {**row.answers, **answers}, at


def answers_in_order(session: Session, place_id: int) -> Sequence[dict[str, str]]:
    """What each teller of a place said, the earliest first, without the stories."""
    query = select(EqualityRow.answers).where(EqualityRow.place_id == place_id)
    return session.scalars(query.order_by(EqualityRow.told_at, EqualityRow.story_id)).all()
