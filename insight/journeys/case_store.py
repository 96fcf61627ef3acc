"""All SQL of case logs: the logs of a place, the parts that hold their journeys, and the stories that carry an id."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from insight.intake.tables import PlaceRow, StoryRow
from insight.journeys.joining import joined
from insight.journeys.record import Record
from insight.journeys.tables import CaseLogPartRow, CaseLogRow


def case_logs_of(session: Session, place_id: int) -> Sequence[CaseLogRow]:
    """The case logs of a place, newest first."""
    query = select(CaseLogRow).where(CaseLogRow.place_id == place_id).order_by(CaseLogRow.id.desc())
    return session.scalars(query).all()


def case_log(session: Session, place_id: int, number: int) -> CaseLogRow | None:
    """One case log of a place."""
    return session.scalar(select(CaseLogRow).where(CaseLogRow.place_id == place_id, CaseLogRow.id == number))


def same_file(session: Session, place_id: int, digest: str) -> CaseLogRow | None:
    """The case log that the very same file was brought in as."""
    query = select(CaseLogRow).where(CaseLogRow.place_id == place_id, CaseLogRow.digest == digest)
    return session.scalar(query)


def one_at_a_time(session: Session, place_id: int) -> None:
    """SQLite has one writer anyway. A server's database is asked for the place's row, which leaves residents free."""
    session.get(PlaceRow, place_id, with_for_update={"key_share": True})


def add_case_log(session: Session, row: CaseLogRow, parts: Iterable[bytes]) -> int:
    """Keep a case log with its parts; gives its number."""
    session.add(row)
    session.flush()
    for part, body in enumerate(parts):
        session.execute(insert(CaseLogPartRow), [{"case_log_id": row.id, "part": part, "body": body}])
    return row.id


def delete_case_log(session: Session, place_id: int, number: int) -> bool:
    """Delete a case log whole; its parts go with it. Whether there was one."""
    gone = delete(CaseLogRow).where(CaseLogRow.place_id == place_id, CaseLogRow.id == number)
    return bool(session.execute(gone).rowcount)  # type: ignore[attr-defined]


def record_of_case_log(session: Session, number: int) -> Record:
    """The journeys of a case log, part after part."""
    query = select(CaseLogPartRow.body).where(CaseLogPartRow.case_log_id == number).order_by(CaseLogPartRow.part)
    return joined([Record.from_bytes(body) for body in session.scalars(query)])


def part_of_case_log(session: Session, number: int, part: int) -> Record | None:
    """One part of a case log."""
    query = select(CaseLogPartRow.body).where(CaseLogPartRow.case_log_id == number, CaseLogPartRow.part == part)
    body = session.scalar(query)
    return None if body is None else Record.from_bytes(body)


def stories_with_case(session: Session, place_id: int) -> list[tuple[int, str]]:
    """The stories of a place, by id, that carry an id of the file or system they came from."""
    query = select(StoryRow.id, StoryRow.external_id).where(
        StoryRow.place_id == place_id, StoryRow.external_id.is_not(None)
    )
    return [(row.id, str(row.external_id)) for row in session.execute(query)]


def case_of_story(session: Session, place_id: int, story_id: int) -> str | None:
    """The id that a story carries, if any."""
    query = select(StoryRow.external_id).where(StoryRow.place_id == place_id, StoryRow.id == story_id)
    found: Any = session.scalar(query)
    return str(found) if found is not None else None
