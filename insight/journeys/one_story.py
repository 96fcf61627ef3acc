"""How one story leaves the records of its place's runs at once."""

from collections.abc import Collection, Iterator

from sqlalchemy.orm import Session

from insight import columns
from insight.journeys import store
from insight.journeys.record import Record


def leave_runs(opened: Session, place_id: int, *story_ids: int) -> int:
    """Take stories out of the record of every run of their place; gives from how many.

    For other rooms' services, within their unit of work.
    """
    left = 0
    for run_id, body, there in _records_with(opened, place_id, story_ids):
        leave_run(opened, run_id, Record.from_bytes(body), there)
        left += 1
    return left


def records_with(opened: Session, place_id: int, *story_ids: int) -> list[int]:
    """The runs of a place whose record holds any of these stories. For other rooms' services."""
    return [run_id for run_id, _body, _there in _records_with(opened, place_id, story_ids)]


def _records_with(
    opened: Session, place_id: int, story_ids: Collection[int]
) -> Iterator[tuple[int, bytes, Collection[int]]]:
    for run_id in store.runs_with_record(opened, place_id):
        held = store.record_of_run(opened, run_id)
        if held is not None:
            there = set(story_ids).intersection(columns.one_column(held[0], "key").tolist())
            if there:
                yield run_id, held[0], there


def leave_run(opened: Session, run_id: int, record: Record, story_ids: Collection[int]) -> None:
    """Take stories out of one run's record."""
    store.replace_record(opened, run_id, record.without(story_ids).to_bytes(), len(story_ids))
    opened.flush()
