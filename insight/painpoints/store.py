"""All SQL of pain points."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Row, delete, insert, select, update
from sqlalchemy.orm import Session

from insight.painpoints.model import PART, RunTheme
from insight.painpoints.tables import CubeRow, PassageRow, ThemeRow, VectorsRow, WordingRow
from insight.runs.tables import RunRow

CHUNK = 20_000


def keep_results(
    session: Session,
    run_id: int,
    themes: Sequence[Mapping[str, Any]],
    passages: Iterable[Mapping[str, Any]],
    cube: bytes,
    vectors: Iterable[tuple[int, bytes]] = (),
    wording: Iterable[tuple[int, bytes]] = (),
) -> None:
    """Write all that a run found, at once; ``vectors`` and ``wording`` in numbered parts."""
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
    for part, body in vectors:
        session.execute(insert(VectorsRow), [{"run_id": run_id, "part": part, "body": body}])
    for part, body in wording:
        session.execute(insert(WordingRow), [{"run_id": run_id, "part": part, "body": body}])


def themes_of_run(session: Session, run_id: int) -> Sequence[ThemeRow]:
    """A run's themes and their parts, in order of their numbers."""
    return session.scalars(select(ThemeRow).where(ThemeRow.run_id == run_id).order_by(ThemeRow.number)).all()


def run_themes(session: Session, run_id: int) -> tuple[RunTheme, ...]:
    """A run's themes as they are read, in order of their numbers."""
    return tuple(_as_read(row) for row in themes_of_run(session, run_id) if row.kind != PART)


def run_parts(session: Session, run_id: int) -> dict[int, RunTheme]:
    """The parts into which a run's themes can be cut, by number."""
    return {row.number: _as_read(row) for row in themes_of_run(session, run_id) if row.kind == PART}


def _as_read(row: ThemeRow) -> RunTheme:
    return RunTheme(row.number, row.kind, row.label, tuple(row.terms), row.firm, row.facts)


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


def vectors_of_run(session: Session, run_id: int, parts: Sequence[int] | None = None) -> dict[int, bytes]:
    """The parts of a run's vectors by number, all or some; none for a run that kept none."""
    query = select(VectorsRow.part, VectorsRow.body).where(VectorsRow.run_id == run_id)
    if parts is not None:
        query = query.where(VectorsRow.part.in_(list(parts)))
    return {row.part: row.body for row in session.execute(query)}


def replace_vectors(session: Session, run_id: int, part: int, body: bytes) -> None:
    """Put a part from which passages were blanked in the place of the one before."""
    session.execute(update(VectorsRow).where(VectorsRow.run_id == run_id, VectorsRow.part == part).values(body=body))


def wording_of_run(session: Session, run_id: int, parts: Sequence[int] | None = None) -> dict[int, bytes]:
    """The parts of a run's signatures by number, all or some; none for a run from before they were kept."""
    query = select(WordingRow.part, WordingRow.body).where(WordingRow.run_id == run_id)
    if parts is not None:
        query = query.where(WordingRow.part.in_(list(parts)))
    return {row.part: row.body for row in session.execute(query)}


def replace_wording(session: Session, run_id: int, part: int, body: bytes) -> None:
    """Put a part from which passages were blanked in the place of the one before."""
    session.execute(update(WordingRow).where(WordingRow.run_id == run_id, WordingRow.part == part).values(body=body))


def forget_vectors(session: Session, place_id: int, before: int) -> None:
    """Let go of the vectors and signatures of a place's runs before this one: nobody searches those."""
    of_place = select(RunRow.id).where(RunRow.place_id == place_id, RunRow.id < before)
    session.execute(delete(VectorsRow).where(VectorsRow.run_id.in_(of_place)))
    session.execute(delete(WordingRow).where(WordingRow.run_id.in_(of_place)))


def runs_with_results(session: Session, place_id: int) -> Sequence[int]:
    """The runs of a place that have a cube, oldest first."""
    query = select(CubeRow.run_id).join(RunRow, RunRow.id == CubeRow.run_id).where(RunRow.place_id == place_id)
    return session.scalars(query.order_by(CubeRow.run_id)).all()


def replace_cube(session: Session, run_id: int, body: bytes) -> None:
    """Put a cube from which stories have left in the place of the one before."""
    session.execute(update(CubeRow).where(CubeRow.run_id == run_id).values(body=body))


def forget_passages(session: Session, run_id: int, story_ids: Sequence[int]) -> int:
    """Delete the passages of stories in a run; gives how many there were."""
    left = delete(PassageRow).where(PassageRow.run_id == run_id, PassageRow.story_id.in_(story_ids))
    return session.execute(left).rowcount  # type: ignore[attr-defined, no-any-return]
