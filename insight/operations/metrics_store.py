"""What the database says for the numbers: counts of everything together, nothing about anybody."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from insight.intake.tables import DraftRow, StoryRow
from insight.runs.tables import RunRow


def stories(session: Session) -> int:
    """Stories kept."""
    return session.scalar(select(func.count()).select_from(StoryRow)) or 0


def drafts(session: Session) -> int:
    """Journeys begun and not sent."""
    return session.scalar(select(func.count()).select_from(DraftRow).where(DraftRow.sent_at.is_(None))) or 0


def runs_by_state(session: Session) -> dict[str, int]:
    """Runs by the status that is stored."""
    query = select(RunRow.status, func.count()).group_by(RunRow.status)
    return dict(session.execute(query).all())
