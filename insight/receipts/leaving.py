"""How a story leaves the runs; what runs hold is loaded only then, for it brings numpy, which telling does not need."""

from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

if TYPE_CHECKING:
    from insight.painpoints import Left


def leave_runs(opened: Session, place_id: int, story_id: int) -> "Left":
    """Take a story out of every run of its place, within a unit of work."""
    from insight import journeys, painpoints

    journeys.leave_runs(opened, place_id, story_id)
    return painpoints.leave_runs(opened, place_id, story_id)


def forget_cached_runs() -> None:
    """Read runs anew in this process, once the unit of work is done."""
    from insight import journeys, painpoints

    journeys.forget_cached_runs()
    painpoints.forget_cached_runs()
