"""All SQL of intake."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from insight import keys
from insight.concerns import concerns_in
from insight.database import Base
from insight.intake.conversion import added_words, as_answers, texts_of
from insight.intake.masking import Masked, as_told, mask, safe_extras
from insight.intake.model import (
    Channel,
    Consent,
    ConsentHow,
    ConsentScope,
    NeedMet,
    Obstacle,
    Precision,
    Provenance,
    Sorted,
    Source,
    Step,
    Story,
    TellerRole,
)
from insight.intake.place_store import services_of
from insight.intake.reading_store import consents_of, steps_of
from insight.intake.references import new_reference
from insight.intake.tables import (
    ConcernRow,
    ConsentRow,
    ErasedTokenRow,
    OriginalRow,
    StepRow,
    StoryHistoryRow,
    StoryRow,
)
from insight.settings import settings

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
    survey_id: int | None = None
    campaign: str | None = None
    seconds: int | None = None
    gathered_by: str | None = None
    masked: Masked | None = None

    @property
    def safe(self) -> Masked:
        """The safe copy, which takes a moment to make: whoever brings many makes them before the database is locked."""
        return self.masked or mask(self.story)


def story_by_token(session: Session, token: str) -> StoryRow | None:
    """The story that arrived with this token."""
    return session.scalar(select(StoryRow).where(StoryRow.token == token))


def story_by_reference(session: Session, reference: str) -> StoryRow | None:
    """The story with this reference."""
    return session.scalar(select(StoryRow).where(StoryRow.reference == reference))


def story_for_change(session: Session, story_id: int) -> StoryRow:
    """A story that will be changed: others who would change it wait."""
    return session.scalars(select(StoryRow).where(StoryRow.id == story_id).with_for_update()).one()


def story_of(session: Session, row: StoryRow) -> Story:
    """The safe copy of a stored story: what may point to a person stands there as a mark."""
    steps = [_step_of(step) for step in steps_of(session, [row.id])]
    consents = [
        Consent(ConsentScope(kept.scope), kept.given, ConsentHow(kept.how), kept.wording, kept.recorded_by)
        for kept in consents_of(session, [row.id])
    ]
    return Story(
        need=row.need,
        what_happened=row.what_happened,
        steps=tuple(steps),
        need_met=NeedMet(row.need_met) if row.need_met else None,
        what_better=row.what_better,
        what_good=row.what_good,
        teller_role=TellerRole(row.teller_role) if row.teller_role else None,
        provenance=Provenance(row.provenance),
        source=Source(row.source),
        language=row.language,
        consents=tuple(consents),
        obstacle_text=row.obstacle_text,
        obstacles=tuple(Obstacle(code) for code in row.obstacles),
        overall_feeling=row.overall_feeling,
        told_at=row.told_at,
        external_id=row.external_id,
        extras=safe_extras(added_words(row.answers or {})),
    )


def story_as_told(session: Session, row: StoryRow) -> Story:
    """A stored story in its teller's own words. For the teller, and for those who may read originals."""
    kept = session.get(OriginalRow, row.id)
    safe = story_of(session, row)
    return replace(as_told(safe, kept.body if kept else {}), extras=added_words(row.answers or {}))


def _step_of(row: StepRow) -> Step:
    return Step(
        service=row.service_name,
        organisation=row.organisation_name,
        channel=Channel(row.channel) if row.channel else None,
        happened_on=row.happened_on,
        precision=Precision(row.precision) if row.precision else None,
        waited_days=row.waited_days,
        promised_days=row.promised_days,
        feeling=row.feeling,
        told_again=row.told_again,
        sent_elsewhere=row.sent_elsewhere,
        sorted_out=Sorted(row.sorted_out) if row.sorted_out else None,
        note=row.note,
        hours=row.hours,
        pence=row.pence,
    )


def recent_stories_logged_by(
    session: Session, name: str, places: frozenset[int] | None, limit: int
) -> Sequence[StoryRow]:
    """What one member of staff logged last, in some places or in any, with the answers it was made from."""
    query = select(StoryRow).where(StoryRow.logged_by == name, StoryRow.question_set_id.is_not(None))
    if places is not None:
        query = query.where(StoryRow.place_id.in_(places))
    return session.scalars(query.order_by(StoryRow.id.desc()).limit(limit)).all()


def known_tokens(session: Session, tokens: Sequence[str]) -> set[str]:
    """Which of these tokens have arrived before; those of erased stories among them, which must not come back."""
    found: set[str] = set()
    any_erased = session.scalar(select(ErasedTokenRow.tag).limit(1)) is not None
    for start in range(0, len(tokens), CHUNK):
        part = tokens[start : start + CHUNK]
        found.update(session.scalars(select(StoryRow.token).where(StoryRow.token.in_(part))))
        if any_erased:
            token_of = {erased_tag(token): token for token in part}
            tags = session.scalars(select(ErasedTokenRow.tag).where(ErasedTokenRow.tag.in_(token_of)))
            found.update(token_of[tag] for tag in tags)
    return found


def erased_tag(token: str) -> str:
    """What stands for the token of an erased story."""
    return keys.tag("erased", token)


def keep_stories(session: Session, place_id: int, arrivals: Sequence[Arrival], at: datetime) -> list[str]:
    """Insert stories with their steps and consents, and give back their references, in order."""
    services = {code: service_id for service_id, code, *_ in services_of(session, place_id)}
    safe = [arrival.safe for arrival in arrivals]
    rows = [_story_values(arrival, kept.story, place_id, at) for arrival, kept in zip(arrivals, safe, strict=True)]
    _insert_all(session, StoryRow, rows)  # many rows at once, which RETURNING prevents: the ids are read afterwards
    found = _ids_by_token(session, [row["token"] for row in rows])
    ids = [found[row["token"]] for row in rows]
    told = list(zip(ids, arrivals, strict=True))
    _insert_all(session, ConcernRow, list(_concern_rows(place_id, told, at)))
    made = list(zip(ids, safe, strict=True))
    _insert_all(
        session, StepRow, [row for story_id, kept in made for row in _step_rows(story_id, kept.story, services)]
    )
    _insert_all(
        session, OriginalRow, [{"story_id": story_id, "body": kept.told} for story_id, kept in made if kept.told]
    )
    _insert_all(session, ConsentRow, [row for story_id, a in told for row in _consent_rows(story_id, a.story, at)])
    return [row["reference"] for row in rows]


def _concern_rows(place_id: int, told: Iterable[tuple[int, Arrival]], at: datetime) -> Iterator[dict[str, Any]]:
    """A row for each story whose words speak of harm."""
    due = at + timedelta(hours=settings().concern_hours)
    for story_id, arrival in told:
        kinds = sorted({concern.kind.value for concern in concerns_in(texts_of(arrival.story))})
        if kinds:
            yield {
                "place_id": place_id,
                "story_id": story_id,
                "kinds": kinds,
                "raised_by": "rule",
                "raised_at": at,
                "due_at": due,
                "state": "open",
            }


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
    consents = {c.scope: c.given for c in consents_of(session, [row.id])}
    told = row.answers if row.answers is not None else as_answers(story_as_told(session, row))
    before = {"answers": told, "version": row.version, "consents": consents}
    session.add(StoryHistoryRow(story_id=row.id, version=row.version, body=before, changed_by=by, changed_at=at))
    safe = mask(story)
    for name, value in _told_values(safe.story).items():
        setattr(row, name, value)
    row.answers = answers
    row.version += 1
    services = {code: service_id for service_id, code, *_ in services_of(session, row.place_id)}
    session.execute(delete(StepRow).where(StepRow.story_id == row.id))
    session.execute(delete(ConsentRow).where(ConsentRow.story_id == row.id))
    session.execute(delete(OriginalRow).where(OriginalRow.story_id == row.id))
    _insert_all(session, OriginalRow, [{"story_id": row.id, "body": safe.told}] if safe.told else [])
    _insert_all(session, StepRow, list(_step_rows(row.id, safe.story, services)))
    _insert_all(session, ConsentRow, list(_consent_rows(row.id, story, at)))
    _raise_again(session, row, story, at)


def _raise_again(session: Session, row: StoryRow, story: Story, at: datetime) -> None:
    """A story that speaks of harm since it was changed is held back, whatever was decided about what it said before."""
    for values in _concern_rows(row.place_id, [(row.id, Arrival(row.token, story))], at):
        known = session.scalar(select(ConcernRow).where(ConcernRow.story_id == row.id))
        if known is None:
            session.add(ConcernRow(**values))
        elif known.state == "open":
            known.kinds = sorted({*known.kinds, *values["kinds"]})
        else:
            known.state, known.kinds, known.due_at = "open", values["kinds"], values["due_at"]


def _insert_all(session: Session, table: type[Base], rows: list[dict[str, Any]]) -> None:
    if rows:
        session.execute(insert(table), rows)


def _ids_by_token(session: Session, tokens: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for start in range(0, len(tokens), CHUNK):
        query = select(StoryRow.token, StoryRow.id).where(StoryRow.token.in_(tokens[start : start + CHUNK]))
        found.update((token, story_id) for token, story_id in session.execute(query))
    return found


def _story_values(arrival: Arrival, safe: Story, place_id: int, at: datetime) -> dict[str, Any]:
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
        "survey_id": arrival.survey_id,
        "campaign": arrival.campaign,
        "seconds": arrival.seconds,
        "gathered_by": arrival.gathered_by,
        **_told_values(safe),
    }


def _told_values(story: Story) -> dict[str, Any]:
    return {
        "language": story.language,
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
