"""How one story leaves the records of its place's runs at once."""

from collections.abc import Collection

from sqlalchemy.orm import Session

from insight import columns
from insight.journeys import store
from insight.journeys.record import Record


def leave_runs(opened: Session, place_id: int, story_id: int) -> int:
    """Take a story out of the record of every run of its place; gives from how many.

    For other rooms' services, within their unit of work.
    """
    left = 0
    for run_id in store.runs_with_record(opened, place_id):
        held = store.record_of_run(opened, run_id)
        if held is not None and story_id in columns.one_column(held[0], "key"):
            leave_run(opened, run_id, Record.from_bytes(held[0]), [story_id])
            left += 1
    return left


def leave_run(opened: Session, run_id: int, record: Record, story_ids: Collection[int]) -> None:
    """Take stories out of one run's record."""
    store.replace_record(opened, run_id, record.without(story_ids).to_bytes(), len(story_ids))
    opened.flush()
