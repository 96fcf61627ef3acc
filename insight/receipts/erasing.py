"""The one way in which stories are erased, whether their teller asks for it or their time is over."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from insight.database.tidying import forget_old_copies, settle
from insight.intake.tables import StoryRow
from insight.receipts import leaving, store


def erase_stories(opened: Session, place_id: int, stories: Sequence[StoryRow]) -> dict[str, int]:
    """Erase stories of one place and all that was kept or made of them, within a unit of work.

    Gives how many rows of each kind there were. Once that unit of work is done, call :func:`leave_no_trace`.
    """
    left = leaving.leave_runs(opened, place_id, *(story.id for story in stories))
    return {**store.erase(opened, stories), "passages": left.passages, "analyses": left.runs}


def leave_no_trace() -> None:
    """Let go of what this process holds of runs, and of what the disk holds of deleted rows."""
    leaving.forget_cached_runs()
    settle()
    forget_old_copies()
