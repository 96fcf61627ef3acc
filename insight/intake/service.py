"""What people may do with stories: tell one, come back to a draft, log one for somebody, mend it, set up a place."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from sqlalchemy.orm import Session

from insight.access import Actor, Permission, use_case
from insight.database import session, write_session
from insight.errors import BadInput, Conflict, NotFound, NotReady
from insight.intake import rules, store
from insight.intake.model import Consent, ConsentHow, ConsentScope, Obstacle, Provenance, Source, Story
from insight.intake.questions import QuestionSet, question_set
from insight.intake.references import digest, new_key
from insight.intake.rules import Problem
from insight.intake.staff_rules import staff_problems
from insight.intake.store import Arrival
from insight.intake.tables import DraftRow, PlaceRow, QuestionSetRow, StoryRow
from insight.settings import settings


class AnswersNeedMending(BadInput):
    """Some answers cannot be kept as they are; ``problems`` says which and why."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("Some answers need mending: " + "; ".join(p.message for p in problems[:3]))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class Place:
    """A place whose residents are heard; ``synthetic`` places hold invented stories and say so wherever they show."""

    id: int
    code: str
    name: str
    synthetic: bool


@dataclass(frozen=True, slots=True)
class Draft:
    """Answers on their way, as last saved. ``key`` opens the draft; ``reference`` is set once it was sent."""

    key: str
    place: Place
    language: str
    answers: dict[str, Any]
    reference: str | None = None


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


def slug(name: str) -> str:
    """A place's code from its name."""
    return "-".join("".join(c if c.isalnum() else " " for c in name.lower()).split())[:80] or "place"


def places() -> list[Place]:
    """Every place, by name. No permission is asked: the list of places is public."""
    with session() as opened:
        return [_place(row) for row in store.all_places(opened)]


def current_place(code: str | None = None) -> Place:
    """The place that a front end speaks for: the one named, else the setting's, else the only one or the demo's."""
    with session() as opened:
        rows = store.all_places(opened)
    wanted = code or slug(settings().place)
    for row in rows:
        if row.code == wanted:
            return _place(row)
    if code:
        raise NotFound("There is no place with that code. Check the address you followed.")
    if not rows:
        raise NotReady("There is no place yet. Run: python -m insight demo, or: python -m insight import FILE")
    demo_last = sorted(rows, key=lambda row: (row.synthetic, row.id))
    return _place(demo_last[0] if not settings().demo_mode else demo_last[-1])


@use_case(Permission.SET_UP)
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
        row = store.place_by_code(opened, slug(name))
        if row is None:
            row = store.add_place(opened, slug(name), name, synthetic)
            ids = {told: store.add_organisation(opened, row.id, told, sector).id for told, sector in organisations}
            for service in services:
                run_by = ids[service.organisation]
                store.add_service(opened, row.id, run_by, service.code, service.name, service.lgsl)
        return _place(row)


@use_case(Permission.TELL)
def start_draft(actor: Actor, place_code: str | None = None, language: str = "en") -> Draft:
    """Open an empty draft and give its key, which is nowhere else."""
    place, key = current_place(place_code), new_key()
    with write_session() as opened:
        used = _use_question_set(opened, question_set())
        store.add_draft(opened, digest(key), used.id, place.id, language, _now())
    return Draft(key, place, language, {})


@use_case(Permission.TELL)
def open_draft(actor: Actor, key: str) -> Draft:
    """A draft as last saved, or :class:`~insight.errors.NotFound`."""
    with session() as opened:
        row = _draft(opened, key)
        sent = store.story_by_token(opened, row.key_hash)
        place = opened.get_one(PlaceRow, row.place_id)
        return Draft(key, _place(place), row.language, row.answers, sent.reference if sent else None)


@use_case(Permission.TELL)
def save_draft(actor: Actor, key: str, changes: dict[str, Any]) -> Draft:
    """Put some answers into a draft, by question id. Saving the same twice is the same as once.

    A draft takes what it is given, right or wrong: the checks speak at each page and before sending, and what somebody
    wrote is never lost to them.
    """
    with write_session() as opened:
        row = _draft(opened, key, to_change=True)
        if store.story_by_token(opened, row.key_hash):
            raise Conflict("This journey has been sent already. To tell another one, start again.")
        store.replace_draft_answers(opened, row, {**row.answers, **_storable(changes)}, _now())
    return open_draft(actor, key)


@use_case(Permission.TELL)
def submit(actor: Actor, key: str) -> Receipt:
    """Turn a draft into a story, once: sending it again gives the same receipt."""
    with write_session() as opened:
        draft = _draft(opened, key, to_change=True)
        sent = store.story_by_token(opened, draft.key_hash)
        if sent is None:
            story = _checked(_questions_of(opened, draft), draft.answers, store.service_list(opened, draft.place_id))
            now = _now()
            story = replace(story, source=Source.SELF_WEB, language=draft.language, told_at=now)
            arrival = Arrival(draft.key_hash, story, None, draft.question_set_id, answers=draft.answers)
            sent = store.keep_once(opened, draft.place_id, arrival, now)
            store.empty_draft(opened, draft)
        return Receipt(sent.reference, sent.received_at)


def problems_in(answers: dict[str, Any], question_ids: Iterable[str] | None = None) -> list[Problem]:
    """What is wrong with answers, or with those to some questions only. Pure: a front end asks at each page."""
    found = rules.problems(question_set(), answers, _now().date())
    wanted = set(question_ids) if question_ids is not None else None
    return [p for p in found if wanted is None or p.path.split(".", maxsplit=1)[0] in wanted]


@use_case(Permission.TELL)
def place_lists(actor: Actor, place: Place) -> PlaceLists:
    """What type-ahead offers for a place."""
    with session() as opened:
        listed = store.service_list(opened, place.id)
    return PlaceLists({name: run_by for name, (_, run_by) in listed.services.items()}, listed.organisations)


@use_case(Permission.LOG)
def log_story(actor: Actor, place: Place, token: str, answers: dict[str, Any]) -> Receipt:
    """Keep a story that a member of staff logged for somebody. The same token again gives the same receipt."""
    key = digest("log", token)
    with write_session() as opened:
        known = store.story_by_token(opened, key)
        if known is not None:
            return Receipt(known.reference, known.received_at)
        questions = question_set()
        used = _use_question_set(opened, questions)
        now = _now()
        told = _logged(actor, questions, answers, store.service_list(opened, place.id), now)
        arrival = Arrival(key, told, actor.name, used.id, answers=_storable(answers))
        kept = store.keep_once(opened, place.id, arrival, now)
        return Receipt(kept.reference, kept.received_at)


@use_case(Permission.LOG)
def my_entries(actor: Actor, limit: int = 10) -> list[LogEntry]:
    """What this member of staff logged last, newest first."""
    with session() as opened:
        return [_entry(row) for row in store.recent_stories_logged_by(opened, actor.name, limit)]


@use_case(Permission.LOG)
def amend_entry(actor: Actor, reference: str, version: int, answers: dict[str, Any]) -> LogEntry:
    """Change a story one logged oneself; what it said before is kept. ``version`` is the one that was read."""
    with write_session() as opened:
        row = store.story_by_reference(opened, reference)
        if row is None or row.logged_by != actor.name:
            raise NotFound("You have no entry with that reference.")
        if row.version != version:
            raise Conflict("This entry was changed meanwhile. Open it again, then make your change.")
        now = _now()
        story = _logged(actor, question_set(), answers, store.service_list(opened, row.place_id), now)
        store.replace_story(opened, row, story, _storable(answers), actor.name, now)
        opened.flush()
        return _entry(row)


@use_case(Permission.SET_UP)
def keep_many(actor: Actor, place: Place, arrivals: Iterable[Arrival], size: int = 2_000) -> int:
    """Keep stories that a generator makes, in chunks; gives how many were new."""
    stream, kept = iter(arrivals), 0
    while chunk := list(islice(stream, size)):
        with write_session() as opened:
            known = store.known_tokens(opened, [arrival.token for arrival in chunk])
            fresh = [arrival for arrival in chunk if arrival.token not in known]
            store.keep_stories(opened, place.id, fresh, _now())
            kept += len(fresh)
    return kept


def _now() -> datetime:
    return datetime.now(UTC)


def _place(row: PlaceRow) -> Place:
    return Place(row.id, row.code, row.name, row.synthetic)


def _entry(row: StoryRow) -> LogEntry:
    return LogEntry(row.reference, row.received_at, row.version, row.answers or {})


def _draft(opened: Session, key: str, *, to_change: bool = False) -> DraftRow:
    row = store.draft_by_hash(opened, digest(key), to_change=to_change)
    if row is None:
        raise NotFound("We cannot find that draft. Check the address, or start again.")
    return row


def _questions_of(opened: Session, draft: DraftRow) -> QuestionSet:
    used = opened.get_one(QuestionSetRow, draft.question_set_id)
    return question_set(used.code, used.version)


def _use_question_set(opened: Session, questions: QuestionSet) -> QuestionSetRow:
    row = store.question_set_row(opened, questions.code, questions.version)
    if row is None:
        return store.add_question_set(opened, questions.code, questions.version, questions.digest, _now())
    if row.digest != questions.digest:
        raise NotReady(
            f"Question set {questions.code} version {questions.version} was changed after people answered it. "
            f"Put the file back, and make the change in {questions.code}-{questions.version + 1}.toml."
        )
    return row


def _checked(questions: QuestionSet, answers: dict[str, Any], services: rules.ServiceList) -> Story:
    found = rules.problems(questions, answers, _now().date())
    if found:
        raise AnswersNeedMending(found)
    if not rules.has_content(answers):
        raise AnswersNeedMending([Problem("what_happened", "Tell us what happened, or add a step, before you send")])
    return rules.as_story(questions, answers, services)


def _logged(
    actor: Actor, questions: QuestionSet, answers: dict[str, Any], services: rules.ServiceList, now: datetime
) -> Story:
    """A logged story: the resident's part is checked as everyone's, the staff part has codes of its own."""
    if staff := staff_problems(answers):
        raise AnswersNeedMending([*rules.problems(questions, answers, now.date()), *staff])
    story = _checked(questions, answers, services)
    how = ConsentHow(answers.get("consent_how", ConsentHow.VERBAL))
    given = set(answers.get("consent") or ())
    consents = tuple(
        Consent(scope, scope.value in given, how, answers.get("consent_wording", "staff-1"), actor.name)
        for scope in ConsentScope
    )
    return replace(
        story,
        source=Source(answers.get("source", Source.STAFF_PHONE)),
        provenance=Provenance(answers.get("provenance", Provenance.PARAPHRASE)),
        obstacles=tuple(Obstacle(code) for code in answers.get("obstacles") or ()),
        obstacle_text=rules.clean(answers.get("obstacle_text")),
        consents=consents,
        told_at=now,
    )


def _storable(answers: dict[str, Any]) -> dict[str, Any]:
    """Answers without what a database cannot hold: NUL and lone surrogates. All else is kept as it was written."""

    def mend(value: Any) -> Any:
        if isinstance(value, str):
            return value.replace("\0", "").encode("utf-8", "ignore").decode()
        if isinstance(value, dict):
            return {str(mend(key)): mend(part) for key, part in value.items()}
        if isinstance(value, list | tuple | set | frozenset):
            return [mend(part) for part in value]
        return value

    mended: dict[str, Any] = mend(answers)
    return mended
