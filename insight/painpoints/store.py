"""All SQL of pain points."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Row, insert, select
from sqlalchemy.orm import Session

from insight.painpoints.tables import CubeRow, PassageRow, ThemeRow

CHUNK = 20_000


def keep_results(
    session: Session,
    run_id: int,
    themes: Sequence[Mapping[str, Any]],
    passages: Iterable[Mapping[str, Any]],
    cube: bytes,
) -> None:
    """Write all that a run found, at once."""
    if themes:
        session.execute(insert(ThemeRow), [{"run_id": run_id, **theme} for theme in themes])
    chunk: list[dict[str, Any]] = []
    for passage in passages:
        chunk.append({"run_id": run_id, **passage})
        if len(chunk) == CHUNK:
            session.execute(insert(PassageRow), chunk)
            chunk = []
    if chunk:
        session.execute(insert(PassageRow), chunk)
    session.execute(insert(CubeRow), [{"run_id": run_id, "body": cube}])


def themes_of_run(session: Session, run_id: int) -> Sequence[ThemeRow]:
    """A run's themes, in order of their numbers."""
    return session.scalars(select(ThemeRow).where(ThemeRow.run_id == run_id).order_by(ThemeRow.number)).all()


def cube_of_run(session: Session, run_id: int) -> bytes | None:
    """A run's cube, or None while the run has not ended."""
    return session.scalar(select(CubeRow.body).where(CubeRow.run_id == run_id))


def passages_by_number(session: Session, run_id: int, numbers: Sequence[int]) -> dict[int, Row[*tuple[Any, ...]]]:
    """Where passages stand in their stories, by number."""
    query = select(
        PassageRow.number,
        PassageRow.story_id,
        PassageRow.story_version,
        PassageRow.field,
        PassageRow.step,
        PassageRow.start,
        PassageRow.end,
    ).where(PassageRow.run_id == run_id, PassageRow.number.in_(list(numbers)))
    return {row.number: row for row in session.execute(query)}
