"""All SQL of intake."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, func, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from insight.database import Base
from insight.intake.model import Story
from insight.intake.references import new_reference
from insight.intake.rules import ServiceList
from insight.intake.tables import (
    ConsentRow,
    DraftRow,
    ImportRow,
    MappingRow,
    OrganisationRow,
    PlaceRow,
    QuestionSetRow,
    ServiceRow,
    StepRow,
    StoryHistoryRow,
    StoryRow,
)

CHUNK = 400  # SQLite allows 999 variables in a statement of the oldest builds we meet


@dataclass(frozen=True, slots=True)
class Arrival:
    """A story on its way into the database, with the token that makes a second arrival no arrival."""

    token: str
    story: Story
    logged_by: str | None = None
    question_set_id: int | None = None
    import_id: int | None = None
    answers: dict[str, Any] | None = None


def place_by_code(session: Session, code: str) -> PlaceRow | None:
    """The place with this code."""
    return session.scalar(select(PlaceRow).where(PlaceRow.code == code))


def all_places(session: Session) -> Sequence[PlaceRow]:
    """Every place, by name."""
    return session.scalars(select(PlaceRow).order_by(PlaceRow.name)).all()


def add_place(session: Session, code: str, name: str, synthetic: bool) -> PlaceRow:
    """A new place."""
    row = PlaceRow(code=code, name=name, synthetic=synthetic)
    session.add(row)
    session.flush()
    return row


def add_organisation(session: Session, place_id: int, name: str, sector: str) -> OrganisationRow:
    """A new organisation of a place."""
    row = OrganisationRow(place_id=place_id, name=name, sector=sector)
    session.add(row)
    session.flush()
    return row


def add_service(
    session: Session, place_id: int, organisation_id: int | None, code: str, name: str, lgsl_id: int | None
) -> ServiceRow:
    """A new service of a place."""
    row = ServiceRow(place_id=place_id, organisation_id=organisation_id, code=code, name=name, lgsl_id=lgsl_id)
    session.add(row)
    session.flush()
    return row


def services_of(session: Session, place_id: int) -> list[tuple[int, str, str, str | None, int | None]]:
    """A place's services as (id, code, name, organisation's name, LGSL id), by name."""
    query = (
        select(ServiceRow.id, ServiceRow.code, ServiceRow.name, OrganisationRow.name, ServiceRow.lgsl_id)
        .join(OrganisationRow, ServiceRow.organisation_id == OrganisationRow.id, isouter=True)
        .where(ServiceRow.place_id == place_id)
        .order_by(ServiceRow.name)
    )
    return [(row[0], row[1], row[2], row[3], row[4]) for row in session.execute(query)]


def organisations_of(session: Session, place_id: int) -> list[str]:
    """The names of a place's organisations."""
    query = select(OrganisationRow.name).where(OrganisationRow.place_id == place_id).order_by(OrganisationRow.name)
    return list(session.scalars(query))


def service_list(session: Session, place_id: int) -> ServiceList:
    """The place's lists as the checks need them."""
    services = {name: (code, organisation) for _, code, name, organisation, _ in services_of(session, place_id)}
    return ServiceList(services, tuple(organisations_of(session, place_id)))


def question_set_row(session: Session, code: str, version: int) -> QuestionSetRow | None:
    """A question set that has been used before."""
    return session.scalar(select(QuestionSetRow).where(QuestionSetRow.code == code, QuestionSetRow.version == version))


def add_question_set(session: Session, code: str, version: int, digest: str, at: datetime) -> QuestionSetRow:
    """Remember a question set at its first use; two first uses at once are one."""
    try:
        with session.begin_nested():
            session.add(QuestionSetRow(code=code, version=version, digest=digest, first_used_at=at))
    except IntegrityError:
        pass
    query = select(QuestionSetRow).where(QuestionSetRow.code == code, QuestionSetRow.version == version)
    return session.scalars(query).one()


def draft_by_hash(session: Session, key_hash: str, *, to_change: bool = False) -> DraftRow | None:
    """The draft that a key opens; ``to_change`` makes others who would change it wait."""
    query = select(DraftRow).where(DraftRow.key_hash == key_hash)
    return session.scalar(query.with_for_update() if to_change else query)


def add_draft(session: Session, key_hash: str, set_id: int, place_id: int, language: str, at: datetime) -> DraftRow:
    """A new, empty draft."""
    row = DraftRow(
        key_hash=key_hash,
        question_set_id=set_id,
        place_id=place_id,
        language=language,
        answers={},
        created_at=at,
        updated_at=at,
    )
    session.add(row)
    session.flush()
    return row


def replace_draft_answers(session: Session, draft: DraftRow, answers: dict[str, Any], at: datetime) -> None:
    """Keep the answers as they are now."""
    draft.answers = answers
    draft.revision += 1
    draft.updated_at = at


def empty_draft(session: Session, draft: DraftRow) -> None:
    """Forget a draft's answers once they have become a story: they are kept in one place only."""
    draft.answers = {}


def story_by_token(session: Session, token: str) -> StoryRow | None:
    """The story that arrived with this token."""
    return session.scalar(select(StoryRow).where(StoryRow.token == token))


def story_by_reference(session: Session, reference: str) -> StoryRow | None:
    """The story with this reference."""
    return session.scalar(select(StoryRow).where(StoryRow.reference == reference))


def story_rows(session: Session, story_ids: Sequence[int]) -> dict[int, StoryRow]:
    """Stories by id."""
    return {row.id: row for row in session.scalars(select(StoryRow).where(StoryRow.id.in_(story_ids)))}


def steps_of(session: Session, story_ids: Sequence[int]) -> list[StepRow]:
    """The steps of stories, in order."""
    query = select(StepRow).where(StepRow.story_id.in_(story_ids)).order_by(StepRow.story_id, StepRow.position)
    return list(session.scalars(query))


def consents_of(session: Session, story_ids: Sequence[int]) -> list[ConsentRow]:
    """The consents of stories."""
    return list(session.scalars(select(ConsentRow).where(ConsentRow.story_id.in_(story_ids))))


def recent_stories_logged_by(session: Session, name: str, limit: int) -> Sequence[StoryRow]:
    """What one member of staff logged last, with the answers it was made from."""
    query = (
        select(StoryRow)
        .where(StoryRow.logged_by == name, StoryRow.question_set_id.is_not(None))
        .order_by(StoryRow.id.desc())
        .limit(limit)
    )
    return session.scalars(query).all()


def count_stories(session: Session, place_id: int) -> int:
    """How many stories a place has."""
    return session.scalar(select(func.count()).select_from(StoryRow).where(StoryRow.place_id == place_id)) or 0


def known_tokens(session: Session, tokens: Sequence[str]) -> set[str]:
    """Which of these tokens have arrived before."""
    found: set[str] = set()
    for start in range(0, len(tokens), CHUNK):
        part = tokens[start : start + CHUNK]
        found.update(session.scalars(select(StoryRow.token).where(StoryRow.token.in_(part))))
    return found


def keep_stories(session: Session, place_id: int, arrivals: Sequence[Arrival], at: datetime) -> list[str]:
    """Insert stories with their steps and consents, and give back their references, in order."""
    services = {code: service_id for service_id, code, *_ in services_of(session, place_id)}
    rows = [_story_values(arrival, place_id, at) for arrival in arrivals]
    _insert_all(session, StoryRow, rows)  # many rows at once, which RETURNING prevents: the ids are read afterwards
    found = _ids_by_token(session, [row["token"] for row in rows])
    ids = [found[row["token"]] for row in rows]
    told = list(zip(ids, arrivals, strict=True))
    _insert_all(session, StepRow, [row for story_id, a in told for row in _step_rows(story_id, a.story, services)])
    _insert_all(session, ConsentRow, [row for story_id, a in told for row in _consent_rows(story_id, a.story, at)])
    return [row["reference"] for row in rows]


def keep_once(session: Session, place_id: int, arrival: Arrival, at: datetime) -> StoryRow:
    """Keep one story unless its token has arrived, at this very moment perhaps; give the one that is kept."""
    try:
        with session.begin_nested():
            keep_stories(session, place_id, [arrival], at)
    except IntegrityError:
        pass  # the token is unique: somebody else's insert of the same story came first, and that one counts
    return session.scalars(select(StoryRow).where(StoryRow.token == arrival.token)).one()


def replace_story(
    session: Session, row: StoryRow, story: Story, answers: dict[str, Any], by: str, at: datetime
) -> None:
    """Change a story in place, keeping what it said before."""
    before = {"answers": row.answers, "version": row.version}
    session.add(StoryHistoryRow(story_id=row.id, version=row.version, body=before, changed_by=by, changed_at=at))
    for name, value in _told_values(story).items():
        setattr(row, name, value)
    row.answers = answers
    row.version += 1
    services = {code: service_id for service_id, code, *_ in services_of(session, row.place_id)}
    session.execute(delete(StepRow).where(StepRow.story_id == row.id))
    session.execute(delete(ConsentRow).where(ConsentRow.story_id == row.id))
    _insert_all(session, StepRow, list(_step_rows(row.id, story, services)))
    _insert_all(session, ConsentRow, list(_consent_rows(row.id, story, at)))


def _insert_all(session: Session, table: type[Base], rows: list[dict[str, Any]]) -> None:
    if rows:
        session.execute(insert(table), rows)


def _ids_by_token(session: Session, tokens: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for start in range(0, len(tokens), CHUNK):
        query = select(StoryRow.token, StoryRow.id).where(StoryRow.token.in_(tokens[start : start + CHUNK]))
        found.update((token, story_id) for token, story_id in session.execute(query))
    return found


def _story_values(arrival: Arrival, place_id: int, at: datetime) -> dict[str, Any]:
    return {
        "reference": new_reference(),
        "token": arrival.token,
        "place_id": place_id,
        "question_set_id": arrival.question_set_id,
        "import_id": arrival.import_id,
        "external_id": arrival.story.external_id,
        "version": 1,
        "told_at": arrival.story.told_at or at,
        "received_at": at,
        "logged_by": arrival.logged_by,
        "answers": arrival.answers,
        "language": arrival.story.language,
        **_told_values(arrival.story),
    }


def _told_values(story: Story) -> dict[str, Any]:
    return {
        "source": story.source,
        "provenance": story.provenance,
        "teller_role": story.teller_role,
        "need": story.need,
        "need_met": story.need_met,
        "overall_feeling": story.overall_feeling,
        "what_happened": story.what_happened,
        "what_better": story.what_better,
        "what_good": story.what_good,
        "obstacles": list(story.obstacles),
        "obstacle_text": story.obstacle_text,
    }


def _step_rows(story_id: int, story: Story, services: Mapping[str, int]) -> Iterator[dict[str, Any]]:
    for position, step in enumerate(story.steps, 1):
        yield {
            "story_id": story_id,
            "position": position,
            "service_id": services.get(step.service_code) if step.service_code else None,
            "service_name": step.service,
            "organisation_name": step.organisation,
            "channel": step.channel,
            "happened_on": step.happened_on,
            "precision": step.precision,
            "waited_days": step.waited_days,
            "promised_days": step.promised_days,
            "feeling": step.feeling,
            "told_again": step.told_again,
            "sent_elsewhere": step.sent_elsewhere,
            "sorted_out": step.sorted_out,
            "note": step.note,
            "hours": step.hours,
            "pence": step.pence,
        }


def _consent_rows(story_id: int, story: Story, at: datetime) -> Iterator[dict[str, Any]]:
    for consent in story.consents:
        yield {
            "story_id": story_id,
            "scope": consent.scope,
            "given": consent.given,
            "how": consent.how,
            "wording": consent.wording,
            "recorded_by": consent.recorded_by,
            "recorded_at": at,
        }


def add_import(session: Session, row: ImportRow) -> int:
    """Record that a file was brought in."""
    session.add(row)
    session.flush()
    return row.id


def recent_imports(session: Session, place_id: int, limit: int) -> Sequence[ImportRow]:
    """The files a place brought in last."""
    query = select(ImportRow).where(ImportRow.place_id == place_id).order_by(ImportRow.id.desc()).limit(limit)
    return session.scalars(query).all()


def mappings_of(session: Session, place_id: int) -> dict[str, dict[str, str]]:
    """The saved mappings of a place, by name."""
    query = select(MappingRow).where(MappingRow.place_id == place_id).order_by(MappingRow.name)
    return {row.name: row.columns for row in session.scalars(query)}


def save_mapping(session: Session, place_id: int, name: str, columns: dict[str, str], at: datetime) -> None:
    """Keep a mapping under its name, in place of an older one."""
    row = session.scalar(select(MappingRow).where(MappingRow.place_id == place_id, MappingRow.name == name))
    if row is None:
        row = MappingRow(place_id=place_id, name=name, columns=columns, saved_at=at)
        session.add(row)
    row.columns, row.saved_at = columns, at


STORY_COLUMNS = (
    StoryRow.id,
    StoryRow.version,
    StoryRow.source,
    StoryRow.teller_role,
    StoryRow.language,
    StoryRow.need,
    StoryRow.need_met,
    StoryRow.overall_feeling,
    StoryRow.what_happened,
    StoryRow.what_better,
    StoryRow.what_good,
    StoryRow.obstacle_text,
    StoryRow.told_at,
)
STEP_COLUMNS = (
    StepRow.story_id,
    StepRow.position,
    StepRow.service_name,
    StepRow.organisation_name,
    StepRow.channel,
    StepRow.waited_days,
    StepRow.promised_days,
    StepRow.feeling,
    StepRow.told_again,
    StepRow.sent_elsewhere,
    StepRow.sorted_out,
    StepRow.note,
)


def stories_in_chunks(
    session: Session, place_id: int, size: int = 5_000
) -> Iterator[tuple[Sequence[Row[*tuple[Any, ...]]], Sequence[Row[*tuple[Any, ...]]]]]:
    """A place's stories with consent to analyse, oldest first, in chunks of (stories, their steps).

    Rows have the columns of ``STORY_COLUMNS`` and ``STEP_COLUMNS``.
    """
    last = 0
    while True:
        agreed = select(ConsentRow.story_id).where(ConsentRow.scope == "analyse", ConsentRow.given)
        page = (
            select(*STORY_COLUMNS)
            .where(StoryRow.place_id == place_id, StoryRow.id > last, StoryRow.id.in_(agreed))
            .order_by(StoryRow.id)
            .limit(size)
        )
        stories = list(session.execute(page))
        if not stories:
            return
        between = StepRow.story_id.between(stories[0].id, stories[-1].id)
        steps = list(session.execute(select(*STEP_COLUMNS).where(between).order_by(StepRow.story_id, StepRow.position)))
        last = stories[-1].id
        yield stories, steps


def stories_with_consent(session: Session, story_ids: Sequence[int], scope: str) -> set[int]:
    """Which of these stories carry a consent."""
    query = select(ConsentRow.story_id).where(
        ConsentRow.story_id.in_(story_ids), ConsentRow.scope == scope, ConsentRow.given
    )
    return set(session.scalars(query))
