"""What a teller may do with a reference: see, change, allow, take back, ask, take away, erase. And staff: reply."""

import secrets
from collections.abc import Sequence
from typing import Any, Literal

from sqlalchemy.orm import Session

from insight import intake
from insight.access import Actor, Permission, may, use_case
from insight.database import session, write_session
from insight.database.tidying import forget_old_copies, rewrite, settle
from insight.errors import BadInput, Conflict, NotFound
from insight.intake import ConsentHow, ConsentScope, LogEntry, Place, Receipt, tidy_reference
from insight.intake.references import ALPHABET
from insight.intake.rules import clean
from insight.intake.tables import ConsentRow, StoryRow
from insight.language import _
from insight.limits import count_try, give_back
from insight.moments import now
from insight.receipts import leaving, paper, rules, store
from insight.receipts.erasing import erase_stories, leave_no_trace
from insight.receipts.gathering import all_held, questions_of, request_of
from insight.receipts.model import Download, Held, Proof, Request, Tidied
from insight.receipts.tables import ReplyRow

TRIES, TRIES_OF_ALL, WITHIN_SECONDS = 10, 600, 600
REQUESTS_SHOWN = 10
PROOF_LENGTH = 12


@use_case(Permission.TELL)
def open_receipt(actor: Actor, typed: str, asker: str) -> str:
    """The reference that was typed, tidied, if there is a story under it; :class:`~insight.errors.NotFound` if not.

    A try is counted for the asker (an address) and one for everybody before the story is looked for, and given back
    for a right reference. Raises :class:`~insight.limits.TooOften` when there were too many wrong ones, right or not.
    """
    count_try("receipt", asker, TRIES, WITHIN_SECONDS)
    count_try("receipt", "", TRIES_OF_ALL, WITHIN_SECONDS)
    reference = tidy_reference(typed)
    with session() as opened:
        found = store.story_by_reference(opened, reference or "")
    if found is None or reference is None:
        raise _nothing()
    for counted in (asker, ""):
        give_back("receipt", counted)
    return reference


@use_case(Permission.TELL)
def held(actor: Actor, reference: str) -> Held:
    """Everything that is held under a reference, said in the language spoken now."""
    with session() as opened:
        return all_held(opened, _story(opened, reference))


@use_case(Permission.TELL, recorded=True)
def give(actor: Actor, reference: str, scope: ConsentScope) -> None:
    """Allow one thing, also again. A story that may be analysed is part of the next analysis."""
    with write_session() as opened:
        _agree(opened, _story(opened, reference, to_change=True), scope, True)


@use_case(Permission.TELL, recorded=True)
def withdraw(actor: Actor, reference: str, scope: ConsentScope) -> None:
    """Take one agreement back; the others stand.

    Without the one to analyse, the story leaves every run at once, with what was coded of it; without the one to be
    quoted, no sentence of it is released any more; without the one to be answered, the reply goes.
    """
    with write_session() as opened:
        story = _story(opened, reference, to_change=True)
        _agree(opened, story, scope, False)
        if scope is ConsentScope.ANALYSE:
            leaving.leave_runs(opened, story.place_id, story.id)
        elif scope is ConsentScope.QUOTE:
            store.forget_releases(opened, story.id)
        elif scope is ConsentScope.CONTACT:
            store.forget_reply(opened, story.id)
    leaving.forget_cached_runs()
    settle()


@use_case(Permission.TELL, recorded=True)
def ask_for_reply(actor: Actor, reference: str) -> None:
    """Ask for a reply. Asking again while one waits, or after it was written, changes nothing."""
    with write_session() as opened:
        story = _story(opened, reference, to_change=True)
        _agree(opened, story, ConsentScope.CONTACT, True)
        if store.reply_of(opened, story.id) is None:
            opened.add(ReplyRow(story_id=story.id, asked_at=now()))


@use_case(Permission.TELL)
def take_back_reply_request(actor: Actor, reference: str) -> None:
    """Ask for no reply any more; one that was written already goes too."""
    withdraw(actor, reference, ConsentScope.CONTACT)


@use_case(Permission.TELL, recorded=True)
def send_change(actor: Actor, key: str) -> Receipt:
    """Send a draft that changes a story. Where it takes back the agreement to analysis, the story leaves every run."""
    sent = intake.submit(actor, key)
    _heed_agreements(sent.reference)
    return sent


@use_case(Permission.LOG)
def amend_entry(actor: Actor, reference: str, version: int, answers: dict[str, Any]) -> LogEntry:
    """Change a story one logged oneself; where the person no longer agrees to analysis, it leaves every run."""
    entry = intake.amend_entry(actor, reference, version, answers)
    _heed_agreements(reference)
    return entry


def _heed_agreements(reference: str) -> None:
    """After a change: what the story is not to be used for any more ends at once."""
    with write_session() as opened:
        story = _story(opened, reference, to_change=True)
        given = {scope for scope, row in store.consents_of(opened, story.id).items() if row.given}
        if ConsentScope.QUOTE not in given:
            store.forget_releases(opened, story.id)
        if ConsentScope.ANALYSE not in given:
            leaving.leave_runs(opened, story.place_id, story.id)
    leaving.forget_cached_runs()


@use_case(Permission.TELL, recorded=True)
def download(actor: Actor, reference: str, as_: Literal["json", "html"]) -> Download:
    """Everything that is held, as a file. Its name does not tell the reference: names of files get around."""
    found = held(actor, reference)
    if as_ == "json":
        return Download("my-journey.json", "application/json", paper.as_json(found))
    return Download("my-journey.html", "text/html; charset=utf-8", paper.as_html(found))


@use_case(Permission.TELL, recorded=True)
def erase(actor: Actor, reference: str) -> Proof:
    """Erase a story and all that was kept or made of it. A second time it is a reference like any wrong one."""
    code, at = _proof_code(), now()
    with write_session() as opened:
        story = _story(opened, reference, to_change=True)
        place_id = story.place_id
        counts = erase_stories(opened, place_id, [story])
        store.add_proof(opened, place_id, code, counts, at)
    leave_no_trace()
    return Proof(code, at, counts)


@use_case(Permission.TELL)
def proof_of(actor: Actor, code: str) -> Proof:
    """The proof with this code; :class:`~insight.errors.NotFound` where nothing was erased under it."""
    with session() as opened:
        row = store.proof_by_code(opened, code)
        if row is None:
            raise NotFound(_("There is no proof with that code. Check each letter and number."))
        return Proof(row.proof, row.erased_at, row.counts)


@use_case(Permission.REPLY)
def waiting_for_reply(actor: Actor, place: Place, page: int = 1) -> tuple[Sequence[Request], int]:
    """A page of the requests for a reply, oldest first, and how many wait in all."""
    first = (max(page, 1) - 1) * REQUESTS_SHOWN
    with session() as opened:
        rows = store.waiting_for_reply(opened, place.id, first, REQUESTS_SHOWN)
        held_back = store.held_back_among(opened, [story.id for story, _at in rows])
        readable = may(actor, Permission.READ_STORIES)
        requests = [request_of(opened, story, at, readable and story.id not in held_back) for story, at in rows]
        return requests, store.count_waiting(opened, place.id)


@use_case(Permission.REPLY, recorded=True)
def answer(actor: Actor, place: Place, number: int, text: str) -> None:
    """Write the reply to a request, once. The teller reads it with the reference."""
    words = clean(text)
    if words is None:
        raise BadInput(_("Write the reply before you send it."))
    if len(words) > rules.LONGEST_REPLY:
        raise BadInput(f"Shorten the reply to {rules.LONGEST_REPLY:,} characters or fewer. It has {len(words):,}.")
    with write_session() as opened:
        story = store.waits_for_reply(opened, place.id, number)
        if story is None:
            raise Conflict(_("This request was answered or taken back meanwhile."))
        if store.held_back_among(opened, [story.id]):
            raise Conflict(_("This story waits for the safeguarding lead to read it. Reply once it is released."))
        reply = store.reply_of(opened, story.id)
        if reply is None:
            asked_at = store.consents_of(opened, story.id)[ConsentScope.CONTACT].recorded_at
            reply = ReplyRow(story_id=story.id, asked_at=asked_at)
            opened.add(reply)
        reply.answer, reply.answered_by, reply.answered_at = words, actor.called, now()


@use_case(Permission.SET_UP, recorded=True)
def tidy(actor: Actor) -> Tidied:
    """Forget old drafts and old copies, and write the database anew without what was deleted from it."""
    done = Tidied(intake.forget_old_drafts(actor), forget_old_copies())
    rewrite()
    return done


def _story(opened: Session, reference: str, *, to_change: bool = False) -> StoryRow:
    found = store.story_by_reference(opened, tidy_reference(reference) or "", to_change=to_change)
    if found is None:
        raise _nothing()
    return found


def _nothing() -> NotFound:
    return NotFound(_("We hold nothing under that reference. Check each letter and number."))


def _agree(opened: Session, story: StoryRow, scope: ConsentScope, given: bool) -> None:
    """Set one agreement, also in the answers, so that changing the story later does not bring the old one back."""
    questions, at = questions_of(opened, story), now()
    row = store.consents_of(opened, story.id).get(scope)
    if row is not None and row.given == given:
        return
    if row is None:
        row = ConsentRow(story_id=story.id, scope=scope)
        opened.add(row)
    row.given, row.withdrawn_at = given, None if given else at
    if given:
        asked = rules.consent_question(questions)
        row.how, row.recorded_by, row.recorded_at = ConsentHow.TICKED, None, at
        row.wording = asked.wording if asked else ""
    else:
        row.how, row.wording = row.how or ConsentHow.TICKED, row.wording or ""
        row.recorded_at = row.recorded_at or at
    if story.answers is not None:
        story.answers = rules.agreeing(story.answers, questions, scope, given)
    for draft in store.drafts_amending(opened, story.id):
        draft.answers = rules.agreeing(draft.answers, questions, scope, given)


def _proof_code() -> str:
    """A random code that names an erasure, in groups that can be read aloud."""
    characters = "".join(secrets.choice(ALPHABET) for _turn in range(PROOF_LENGTH))
    return "-".join(characters[i : i + 4] for i in range(0, PROOF_LENGTH, 4))
