"""All SQL of the codebook."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session, defer

from insight.codebook.model import Coding, Decision, Kind, Made
from insight.codebook.tables import (
    CodingRoundRow,
    CodingRow,
    DecisionRow,
    LastingThemeRow,
    LearningRow,
    RoundPassageRow,
    RunBookRow,
)
from insight.intake.tables import StoryRow
from insight.runs.tables import RunRow

DONE = "done"
AT_ONCE = 10_000  # fewer than a statement of any database may carry


def made_themes(session: Session, place_id: int) -> list[Made]:
    """A place's lasting themes as they came to be, by number."""
    query = select(LastingThemeRow).where(LastingThemeRow.place_id == place_id).order_by(LastingThemeRow.number)
    return [
        Made(row.number, row.label, row.known, row.made_by, row.made_at, row.by_machine)
        for row in session.scalars(query)
    ]


def next_number(session: Session, place_id: int) -> int:
    """The number of the next lasting theme of a place."""
    last = session.scalar(select(func.max(LastingThemeRow.number)).where(LastingThemeRow.place_id == place_id))
    return 0 if last is None else last + 1


def add_theme(session: Session, place_id: int, number: int, label: str, by: str, at: datetime) -> None:
    """A lasting theme that a person makes."""
    _add(session, place_id=place_id, number=number, label=label, made_by=by, made_at=at, by_machine=False)


def add_found(
    session: Session, place_id: int, number: int, run_id: int, run_number: int, label: str, known: str | None
) -> None:
    """A lasting theme that the machine found in a run."""
    found = {"run_id": run_id, "run_number": run_number, "label": label, "known": known}
    _add(session, place_id=place_id, number=number, made_by="", made_at=datetime.now(UTC), by_machine=True, **found)


def _add(session: Session, **values: Any) -> None:
    session.add(LastingThemeRow(**values))
    session.flush()


def found_again(session: Session, place_id: int, number: int, run_id: int, run_number: int, label: str) -> None:
    """The machine found a lasting theme in another run, and calls it so there."""
    values = {"run_id": run_id, "run_number": run_number, "label": label}
    query = update(LastingThemeRow).where(LastingThemeRow.place_id == place_id, LastingThemeRow.number == number)
    session.execute(query.values(**values))


def call_anew(session: Session, run_id: int, run_number: int, label: str) -> None:
    """The machine's name of a theme lost words that only one story said."""
    query = update(LastingThemeRow).where(LastingThemeRow.run_id == run_id, LastingThemeRow.run_number == run_number)
    session.execute(query.values(label=label))


def add_decision(session: Session, place_id: int, decision: Mapping[str, Any]) -> int:
    """Keep a decision; gives its id."""
    row = DecisionRow(place_id=place_id, **decision)
    session.add(row)
    session.flush()
    return row.id


def decisions(session: Session, place_id: int) -> list[Decision]:
    """All that was decided in a place, the oldest first."""
    query = select(DecisionRow).where(DecisionRow.place_id == place_id).order_by(DecisionRow.id)
    return [
        Decision(row.id, Kind(row.kind), row.theme, row.detail, row.why, row.decided_by, row.decided_at)
        for row in session.scalars(query)
    ]


def stories_among(session: Session, place_id: int, story_ids: Sequence[int]) -> set[int]:
    """Which of some stories, by id, belong to a place."""
    found: set[int] = set()
    for start in range(0, len(story_ids), AT_ONCE):
        some = StoryRow.id.in_(story_ids[start : start + AT_ONCE])
        found.update(session.scalars(select(StoryRow.id).where(StoryRow.place_id == place_id, some)))
    return found


def add_codings(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Keep what was coded."""
    if rows:
        session.execute(insert(CodingRow), [dict(row) for row in rows])


def codings(session: Session, place_id: int, round_id: int | None = None) -> list[Coding]:
    """All that was coded in a place outside of blind rounds, or in one round; the oldest first."""
    columns = (  # as plain rows: they are read after each coding, and there may be thousands
        CodingRow.id,
        CodingRow.story_id,
        CodingRow.passage,
        CodingRow.themes,
        CodingRow.coded_by,
        CodingRow.coded_at,
        CodingRow.why,
        CodingRow.round_id,
        CodingRow.decision_id,
    )
    query = select(*columns).where(CodingRow.place_id == place_id, CodingRow.round_id == round_id)
    return [
        Coding(id_, story, passage, None if themes is None else tuple(themes), by, at, why, round_, decision)
        for id_, story, passage, themes, by, at, why, round_, decision in session.execute(query.order_by(CodingRow.id))
    ]


def state_of(session: Session, place_id: int, run_id: int) -> tuple[int, int, int, int, bool, int]:
    """What changes as soon as a run's view does: last decision, coding, learning, number of codings, its numbering, and
    the run that was numbered last.

    The number tells that codings left with their story. Answers in blind rounds change no view.
    """
    outside = (CodingRow.place_id == place_id) & CodingRow.round_id.is_(None)
    coded, last = session.execute(select(func.count(), func.max(CodingRow.id)).where(outside)).one()
    decided = session.scalar(select(func.max(DecisionRow.id)).where(DecisionRow.place_id == place_id))
    done = LearningRow.status == DONE
    learned = session.scalar(select(func.max(LearningRow.id)).where(LearningRow.place_id == place_id, done))
    numbered = is_enlisted(session, run_id), newest_run(session, place_id) or 0
    return decided or 0, last or 0, learned or 0, coded, *numbered


def place_of_run(session: Session, run_id: int) -> int | None:
    """The place that a run is of."""
    return session.scalar(select(RunRow.place_id).where(RunRow.id == run_id))


def add_round(session: Session, row: Mapping[str, Any], passages: Sequence[tuple[int, int]]) -> int:
    """A new round over (story id, passage key) in this order; gives its id."""
    made = CodingRoundRow(**row)
    session.add(made)
    session.flush()
    rows = [
        {"round_id": made.id, "position": position, "story_id": story, "passage": passage}
        for position, (story, passage) in enumerate(passages)
    ]
    session.execute(insert(RoundPassageRow), rows)
    return made.id


def rounds(session: Session, place_id: int) -> Sequence[CodingRoundRow]:
    """A place's rounds, the newest first."""
    query = select(CodingRoundRow).where(CodingRoundRow.place_id == place_id).order_by(CodingRoundRow.id.desc())
    return session.scalars(query).all()


def round_by_id(session: Session, place_id: int, round_id: int) -> CodingRoundRow | None:
    """One of a place's rounds."""
    query = select(CodingRoundRow).where(CodingRoundRow.place_id == place_id, CodingRoundRow.id == round_id)
    return session.scalar(query)


def passages_of_round(session: Session, round_id: int) -> list[tuple[int, int]]:
    """(story id, passage key) of a round, in its order; those of stories that were erased are gone."""
    query = select(RoundPassageRow.story_id, RoundPassageRow.passage).where(RoundPassageRow.round_id == round_id)
    return [(story, passage) for story, passage in session.execute(query.order_by(RoundPassageRow.position))]


def open_round(session: Session, round_id: int, at: datetime) -> None:
    """Let everybody see what was said in a round."""
    session.execute(update(CodingRoundRow).where(CodingRoundRow.id == round_id).values(opened_at=at))


def keep_run_book(session: Session, run_id: int, facts: Mapping[str, Any], body: bytes) -> None:
    """How a run stands to the lasting themes."""
    session.add(RunBookRow(run_id=run_id, facts=dict(facts), body=body))
    session.flush()


def run_book(session: Session, run_id: int) -> RunBookRow | None:
    """How a run stands to the lasting themes; None where it was never published since there are lasting themes."""
    return session.get(RunBookRow, run_id)


def is_enlisted(session: Session, run_id: int) -> bool:
    """Whether a run's themes have their lasting numbers."""
    return session.scalar(select(RunBookRow.run_id).where(RunBookRow.run_id == run_id)) is not None


def newest_run(session: Session, place_id: int) -> int | None:
    """The run of a place that was matched to the lasting themes last."""
    query = select(func.max(RunBookRow.run_id)).join(RunRow, RunRow.id == RunBookRow.run_id)
    return session.scalar(query.where(RunRow.place_id == place_id))


def add_learning(session: Session, row: Mapping[str, Any]) -> int:
    """A new learning that waits for its worker; gives its id."""
    made = LearningRow(**row)
    session.add(made)
    session.flush()
    return made.id


def learning_by_id(session: Session, learning_id: int) -> LearningRow | None:
    """One learning."""
    return session.get(LearningRow, learning_id)


def newest_learning(
    session: Session, place_id: int, run_id: int | None = None, status: str | None = None
) -> LearningRow | None:
    """The last learning of a place, of a run's passages, or with a status; what it learned is read when asked for."""
    query = select(LearningRow).options(defer(LearningRow.body)).where(LearningRow.place_id == place_id)
    if run_id is not None:
        query = query.where(LearningRow.run_id == run_id)
    if status is not None:
        query = query.where(LearningRow.status == status)
    return session.scalar(query.order_by(LearningRow.id.desc()).limit(1))


def unfinished_learnings(session: Session, place_id: int) -> Sequence[LearningRow]:
    """Learnings of a place that have not ended, whether or not their workers still live."""
    open_ = LearningRow.status.in_(("waiting", "running"))
    return session.scalars(select(LearningRow).where(LearningRow.place_id == place_id, open_)).all()


def last_coding(session: Session, place_id: int) -> int:
    """The id of the last coding of a place outside of blind rounds; 0 before there is one."""
    query = select(func.max(CodingRow.id)).where(CodingRow.place_id == place_id, CodingRow.round_id.is_(None))
    return session.scalar(query) or 0


def coded_since(session: Session, place_id: int, coding_id: int) -> int:
    """How many passages of a place were coded after a coding, outside of blind rounds."""
    query = select(func.count(CodingRow.passage.distinct())).where(CodingRow.place_id == place_id)
    return session.scalar(query.where(CodingRow.id > coding_id, CodingRow.round_id.is_(None))) or 0


def forget_earlier_learnings(session: Session, place_id: int, run_id: int, kept: int) -> None:
    """Let go of what earlier learnings said of a run's passages; that they took place stays known."""
    earlier = update(LearningRow).where(LearningRow.place_id == place_id, LearningRow.run_id == run_id)
    session.execute(earlier.where(LearningRow.id < kept).values(body=None))


def end_learning(session: Session, learning_id: int, **values: Any) -> None:
    """End a learning, with what it found or why it failed; or say how far it is."""
    session.execute(update(LearningRow).where(LearningRow.id == learning_id).values(**values))
