"""How stories leave the runs; what runs hold is loaded only then, for it brings numpy, which telling does not need."""

from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

if TYPE_CHECKING:
    from insight.painpoints import Left


def leave_runs(opened: Session, place_id: int, *story_ids: int) -> "Left":
    """Take stories, and what was coded of them, out of every run of their place, within a unit of work."""
    from insight import journeys, painpoints
    from insight.receipts import coded_store

    coded_store.forget_coded(opened, story_ids)
    journeys.leave_runs(opened, place_id, *story_ids)
    return painpoints.leave_runs(opened, place_id, *story_ids)


def runs_that_read(opened: Session, place_id: int, *story_ids: int) -> list[int]:
    """The runs of a place that any of these stories is part of, by their themes or by their journeys."""
    from insight import journeys, painpoints

    of_themes = painpoints.runs_that_read(opened, place_id, *story_ids)
    return sorted({*of_themes, *journeys.records_with(opened, place_id, *story_ids)})


def forget_cached_runs() -> None:
    """Read runs anew in this process, once the unit of work is done."""
    from insight import journeys, painpoints

    journeys.forget_cached_runs()
    painpoints.forget_cached_runs()
