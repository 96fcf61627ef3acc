"""What a teller may do: start, come back, save, change the language, send; and change what was sent."""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from insight import keys
from insight.access import Actor, Permission, use_case
from insight.concerns import ConcernKind
from insight.database import again, session, write_session
from insight.errors import BadInput, Conflict, NotFound
from insight.intake import asking, conversion, place_store, rules
from insight.intake import store as stories
from insight.intake.checking import checked_story, storable
from insight.intake.model import Source, Story
from insight.intake.places import Place, current_place, place_of
from insight.intake.questions import QuestionSet, question_set
from insight.intake.references import digest, new_key, tidy_reference
from insight.intake.rules import Problem
from insight.intake.service import Receipt
from insight.intake.store import Arrival
from insight.intake.tables import DraftRow, StoryRow, SurveyRow
from insight.intake.telling import store
from insight.intake.telling.model import Draft, Invitation
from insight.language import LANGUAGES, _
from insight.moments import now
from insight.settings import settings

CAMPAIGN = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
HELD_BACK = "_"  # ids that start with this are a front end's own notes; they never reach a story


@use_case(Permission.TELL)
def invitation(actor: Actor, place_code: str | None = None, survey: str | None = None) -> Invitation:
    """What there is to answer at an address; :class:`~insight.errors.NotFound` for a survey that is not published."""
    place = current_place(place_code)
    if survey is None:
        return Invitation(place, question_set(), None, True)
    with session() as opened:
        row = _published(opened, place, survey)
        questions = asking.asked_in(opened, row.question_set_id or 0)
        return Invitation(place, questions, row.code, _is_open(row), row.opens_on, row.closes_on)


@use_case(Permission.TELL)
def start_draft(
    actor: Actor,
    place_code: str | None = None,
    language: str = "en",
    *,
    survey: str | None = None,
    campaign: str | None = None,
) -> Draft:
    """Open an empty draft and give its key, which is nowhere else.

    ``campaign`` says where somebody found the address (a poster, a library); what cannot be a code is left out.
    """
    place, key = current_place(place_code), new_key()
    with write_session() as opened:
        row = _new_draft(key, place, language)
        row.campaign = campaign if campaign and CAMPAIGN.fullmatch(campaign) else None
        if survey is None:
            row.question_set_id = asking.used(opened, question_set()).id
        else:
            _answer_survey(row, _published(opened, place, survey))
        store.add_draft(opened, row)
        questions = asking.asked_in(opened, row.question_set_id)
    return Draft(key, place, row.language, {}, questions, survey)


@use_case(Permission.TELL)
@again
def open_draft(actor: Actor, key: str) -> Draft:
    """A draft as last saved, or :class:`~insight.errors.NotFound`."""
    with session() as opened:
        row = store.draft_with_all(opened, digest(key))
    if row is None:
        raise _no_draft()
    return _as_draft(key, row)


@use_case(Permission.TELL)
@again
def save_draft(actor: Actor, key: str, changes: dict[str, Any], reached: str | None = None) -> Draft:
    """Put some answers into a draft, by question id. Saving the same twice is the same as once.

    A draft takes what it is given, right or wrong: the checks speak at each page and before sending, and what somebody
    wrote is never lost to them. ``reached`` names the page, so that a survey can show where people stop.
    """
    with write_session() as opened:
        row = store.draft_with_all(opened, digest(key), to_change=True)
        if row is None:
            raise _no_draft()
        if row.sent_at is not None or row.reference:  # after a wait, only the draft's own columns are fresh
            raise Conflict(_("This journey has been sent already. To tell another one, start again."))
        answers = {**row.answers, **storable(changes)}
        store.replace_answers(opened, row.id, answers, reached, now())
    return replace(_as_draft(key, row), answers=answers)


@use_case(Permission.TELL)
def choose_language(actor: Actor, key: str, language: str) -> Draft:
    """Go on in another language; no answer changes."""
    with write_session() as opened:
        row = _draft(opened, key)
        row.language = language if language in LANGUAGES else row.language
    return open_draft(actor, key)


@use_case(Permission.TELL)
def resume_words(actor: Actor, key: str) -> str:
    """The four words that open this draft elsewhere, until it is sent. Asking again gives the same ones."""
    words = keys.words_for(key)
    with write_session() as opened:
        row = _draft(opened, key)
        if _sent(opened, row):
            raise Conflict(_("This journey has been sent already. To tell another one, start again."))
        row.words_tag, row.sealed_key = keys.tag("resume", words), keys.seal(key, words)
    return words


@use_case(Permission.TELL)
def open_by_words(actor: Actor, typed: str) -> Draft:
    """The draft that four words open, however they were typed; :class:`~insight.errors.NotFound` for any others."""
    words = keys.tidy_words(typed)
    if words is None:
        raise _no_such_words()
    with session() as opened:
        row = store.draft_by_words(opened, keys.tag("resume", words))
        if row is None or row.sealed_key is None:
            raise _no_such_words()
        key = keys.unseal(row.sealed_key, words)
    return open_draft(actor, key)


@use_case(Permission.TELL)
@again
def submit(actor: Actor, key: str) -> Receipt:
    """Turn a draft into a story, once: sending it again gives the same receipt.

    A draft that was opened to change a story changes it, and keeps what it said before.
    """
    with write_session() as opened:
        draft = _draft(opened, key)
        sent = _sent(opened, draft)
        if sent is None:
            questions = asking.asked_in(opened, draft.question_set_id)
            answers = {name: told for name, told in draft.answers.items() if not name.startswith(HELD_BACK)}
            story = checked_story(questions, answers, place_store.service_list(opened, draft.place_id))
            story = replace(story, language=draft.language)
            if draft.amends_id is not None:
                sent = _amend(opened, draft, story, answers)
            else:
                sent = _keep(opened, draft, story, answers)
            store.close_draft(draft, now())
        return Receipt(sent.reference, sent.received_at)


@use_case(Permission.TELL)
def concerns_of(actor: Actor, key: str) -> frozenset[ConcernKind]:
    """What the story that was sent from a draft may speak of, so that its teller is shown at once who can help."""
    with session() as opened:
        return frozenset(ConcernKind(kind) for kind in store.concern_kinds(opened, digest(key)))


@use_case(Permission.TELL)
def amend_draft(actor: Actor, reference: str) -> Draft:
    """A draft of what a story says now, to be changed and sent again under the same reference."""
    tidy = tidy_reference(reference)
    key = new_key()
    with write_session() as opened:
        row = stories.story_by_reference(opened, tidy) if tidy else None
        if row is None:
            raise NotFound(_("We hold nothing under that reference. Check each letter and number."))
        place = place_of(opened, row.place_id)
        draft = _new_draft(key, place, row.language)
        draft.question_set_id = row.question_set_id or asking.used(opened, question_set()).id
        draft.survey_id, draft.amends_id, draft.amends_version = row.survey_id, row.id, row.version
        draft.answers = row.answers or conversion.as_answers(stories.story_as_told(opened, row))
        store.add_draft(opened, draft)
    return open_draft(actor, key)


@use_case(Permission.SET_UP)
def forget_old_drafts(actor: Actor) -> int:
    """Delete journeys that were never sent and not touched for as long as the setting says; gives how many."""
    with write_session() as opened:
        return store.forget_old_drafts(opened, now() - timedelta(days=settings().draft_days))


def problems_in(
    answers: dict[str, Any], question_ids: Iterable[str] | None = None, questions: QuestionSet | None = None
) -> list[Problem]:
    """What is wrong with answers, or with those to some questions only. Pure: a front end asks at each page."""
    found = rules.problems(questions or question_set(), answers, now().date())
    wanted = set(question_ids) if question_ids is not None else None
    return [p for p in found if wanted is None or p.path.split(".", maxsplit=1)[0] in wanted]


def _new_draft(key: str, place: Place, language: str) -> DraftRow:
    at = now()
    return DraftRow(
        key_hash=digest(key),
        place_id=place.id,
        language=language if language in LANGUAGES else "en",
        answers={},
        created_at=at,
        updated_at=at,
    )


def _as_draft(key: str, row: Row[*tuple[Any, ...]]) -> Draft:
    place = Place(row.place_id, row.place_code, row.place_name, row.synthetic)
    questions = asking.asked(row.asked_code, row.asked_version, row.asked_body, row.asked_digest)
    amends = row.amends_id is not None
    reference = row.amended_reference if amends and row.sent_at is not None else row.reference
    return Draft(key, place, row.language, row.answers, questions, row.survey, amends, reference)


def _draft(opened: Session, key: str) -> DraftRow:
    row = store.draft_by_hash(opened, digest(key))
    if row is None:
        raise _no_draft()
    return row


def _no_draft() -> NotFound:
    return NotFound(_("We cannot find that draft. Check the address, or start again."))


def _no_such_words() -> NotFound:
    return NotFound(_("Those four words open nothing. Check each word. A journey that was sent has a reference."))


def _sent(opened: Session, draft: DraftRow) -> StoryRow | None:
    if draft.amends_id is not None:
        return opened.get_one(StoryRow, draft.amends_id) if draft.sent_at else None
    return stories.story_by_token(opened, draft.key_hash)


def _keep(opened: Session, draft: DraftRow, story: Story, answers: dict[str, Any]) -> StoryRow:
    at = now()
    arrival = Arrival(
        draft.key_hash,
        replace(story, source=Source.SELF_WEB, told_at=at),
        question_set_id=draft.question_set_id,
        answers=answers,
        survey_id=draft.survey_id,
        campaign=draft.campaign,
        seconds=min(int((at - draft.created_at).total_seconds()), 2**31 - 1),
    )
    return stories.keep_once(opened, draft.place_id, arrival, at)


def _amend(opened: Session, draft: DraftRow, story: Story, answers: dict[str, Any]) -> StoryRow:
    """Change what the teller was asked; what staff added, or an import brought, is not theirs to lose."""
    row = stories.story_for_change(opened, draft.amends_id or 0)
    if row.version != draft.amends_version:
        raise Conflict(_("This journey was changed meanwhile. Open it again by its reference, then change it."))
    before = stories.story_as_told(opened, row)
    story = replace(
        story,
        source=before.source,
        provenance=before.provenance,
        overall_feeling=before.overall_feeling,
        obstacles=before.obstacles,
        obstacle_text=before.obstacle_text,
    )
    stories.replace_story(opened, row, story, answers, "teller", now())
    return row


def _published(opened: Session, place: Place, code: str) -> SurveyRow:
    row = store.survey_by_code(opened, place.id, code)
    if row is None or row.question_set_id is None:
        raise NotFound(_("There is no survey at this address. Check the address, or start at /tell."))
    return row


def _is_open(survey: SurveyRow) -> bool:
    today = datetime.now(UTC).date()
    return (survey.opens_on is None or survey.opens_on <= today) and (
        survey.closes_on is None or today <= survey.closes_on
    )


def _answer_survey(row: DraftRow, survey: SurveyRow) -> None:
    if not _is_open(survey):
        raise BadInput(_("This survey is not open today."))
    row.survey_id, row.question_set_id = survey.id, survey.question_set_id or 0
