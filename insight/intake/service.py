"""What staff may do with stories, log one and mend it, and what everyone asks first: which place this is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import Any

from insight.access import Actor, Permission, acts_in, use_case
from insight.database import session, write_session
from insight.errors import Conflict, NotFound
from insight.intake import asking, place_store, rules, store
from insight.intake.checking import AnswersNeedMending, checked_story, storable
from insight.intake.model import Consent, ConsentHow, ConsentScope, Obstacle, Provenance, Source, Story
from insight.intake.places import Place, as_place, slug
from insight.intake.questions import ConsentTo, QuestionSet, question_set
from insight.intake.references import digest
from insight.intake.staff_rules import staff_problems
from insight.intake.store import Arrival
from insight.intake.tables import StoryRow
from insight.language import ENGLISH, LANGUAGES, _
from insight.moments import now


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a teller is given."""

    reference: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class PlaceLists:
    """What type-ahead offers: services by name with the organisation that runs each, and organisations."""

    services: dict[str, str | None]
    organisations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LogEntry:
    """A story that a member of staff logged, with the answers it was made from."""

    reference: str
    received_at: datetime
    version: int
    answers: dict[str, Any]


@dataclass(frozen=True, slots=True)
class NewService:
    """A service to put on a place's list."""

    code: str
    name: str
    organisation: str
    lgsl: int | None = None


@use_case(Permission.SET_UP, recorded=True)
def add_place(
    actor: Actor,
    name: str,
    *,
    organisations: Sequence[tuple[str, str]] = (),
    services: Sequence[NewService] = (),
    synthetic: bool = False,
) -> Place:
    """Make a place with its organisations, as (name, sector), and services. A place that exists is given back as is."""
    with write_session() as opened:
        row = place_store.place_by_code(opened, slug(name))
        if row is None:
            row = place_store.add_place(opened, slug(name), name, synthetic)
            ids = {
                told: place_store.add_organisation(opened, row.id, told, sector).id for told, sector in organisations
            }
            for service in services:
                run_by = ids[service.organisation]
                place_store.add_service(opened, row.id, run_by, service.code, service.name, service.lgsl)
        return as_place(row)


@use_case(Permission.TELL)
def place_lists(actor: Actor, place: Place) -> PlaceLists:
    """What type-ahead offers for a place."""
    with session() as opened:
        listed = place_store.service_list(opened, place.id)
    return PlaceLists({name: run_by for name, (_code, run_by) in listed.services.items()}, listed.organisations)


@use_case(Permission.LOG)
def log_story(actor: Actor, place: Place, token: str, answers: dict[str, Any]) -> Receipt:
    """Keep a story that a member of staff logged for somebody. The same token again gives the same receipt."""
    key = digest("log", token)
    with write_session() as opened:
        known = store.story_by_token(opened, key)
        if known is not None:
            return Receipt(known.reference, known.received_at)
        questions = question_set()
        used = asking.used(opened, questions)
        at = now()
        told = _logged(actor, questions, answers, place_store.service_list(opened, place.id), at)
        arrival = Arrival(key, told, actor.name, used.id, answers=storable(answers), gathered_by=actor.organisation)
        kept = store.keep_once(opened, place.id, arrival, at)
        return Receipt(kept.reference, kept.received_at)


@use_case(Permission.LOG)
def my_entries(actor: Actor, limit: int = 10) -> list[LogEntry]:
    """What this member of staff logged last, newest first."""
    with session() as opened:
        return [_entry(row) for row in store.recent_stories_logged_by(opened, actor.name, actor.places, limit)]


@use_case(Permission.LOG, recorded=True)
def amend_entry(actor: Actor, reference: str, version: int, answers: dict[str, Any]) -> LogEntry:
    """Change a story one logged oneself; what it said before is kept. ``version`` is the one that was read."""
    with write_session() as opened:
        row = store.story_by_reference(opened, reference)
        if row is None or row.logged_by != actor.name or not acts_in(actor, row.place_id):
            raise NotFound(_("You have no entry with that reference."))
        if row.version != version:
            raise Conflict(_("This entry was changed meanwhile. Open it again, then make your change."))
        at = now()
        story = _logged(actor, question_set(), answers, place_store.service_list(opened, row.place_id), at)
        store.replace_story(opened, row, story, storable(answers), actor.name, at)
        opened.flush()
        return _entry(row)


@use_case(Permission.SET_UP, recorded=True)
def keep_many(actor: Actor, place: Place, arrivals: Iterable[Arrival], size: int = 2_000) -> int:
    """Keep stories that a generator makes, in chunks; gives how many were new."""
    stream, kept = iter(arrivals), 0
    while chunk := list(islice(stream, size)):
        with write_session() as opened:
            known = store.known_tokens(opened, [arrival.token for arrival in chunk])
            fresh = [arrival for arrival in chunk if arrival.token not in known]
            store.keep_stories(opened, place.id, fresh, now())
            kept += len(fresh)
    return kept


def _entry(row: StoryRow) -> LogEntry:
    return LogEntry(row.reference, row.received_at, row.version, row.answers or {})


def _logged(
    actor: Actor, questions: QuestionSet, answers: dict[str, Any], services: rules.ServiceList, now: datetime
) -> Story:
    """A logged story: the resident's part is checked as everyone's, the staff part has codes of its own."""
    if staff := staff_problems(answers):
        raise AnswersNeedMending([*rules.problems(questions, answers, now.date()), *staff])
    story = checked_story(questions, answers, services)
    how = ConsentHow(answers.get("consent_how", ConsentHow.VERBAL))
    given = set(answers.get("consent") or ())
    read_out = next(question.staff_wording for question in questions.question if isinstance(question, ConsentTo))
    consents = tuple(
        Consent(scope, scope.value in given, how, answers.get("consent_wording", read_out), actor.name)
        for scope in ConsentScope
    )
    return replace(
        story,
        language=LANGUAGES.get(str(answers.get("language")), ENGLISH).code,
        source=Source(answers.get("source", Source.STAFF_PHONE)),
        provenance=Provenance(answers.get("provenance", Provenance.PARAPHRASE)),
        obstacles=tuple(Obstacle(code) for code in answers.get("obstacles") or ()),
        obstacle_text=rules.clean(answers.get("obstacle_text")),
        consents=consents,
        told_at=now,
    )
