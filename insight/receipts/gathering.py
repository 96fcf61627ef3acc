"""From the rows of all rooms to what is held of one story."""

from typing import Any

from sqlalchemy.orm import Session

from insight.intake import ConsentScope, QuestionSet, asking, conversion, question_set
from insight.intake import store as stories
from insight.intake.tables import ConsentRow, StoryHistoryRow, StoryRow
from insight.receipts import rules, store
from insight.receipts.model import Answer, ConsentHeld, Held, PainHeld, ReplyHeld, Request, Version


def all_held(opened: Session, story: StoryRow) -> Held:
    """Everything that is held of a story."""
    questions, answers = questions_of(opened, story), answers_of(opened, story)
    place, survey = store.place_and_survey(opened, story)
    history = store.history_of(opened, story.id)
    consents = store.consents_of(opened, story.id)
    return Held(
        reference=story.reference,
        place=place,
        language=story.language,
        version=story.version,
        received_at=story.received_at,
        changed_at=history[0].changed_at if history else None,
        answers=rules.answers_held(questions, answers),
        steps=rules.steps_held(questions, answers),
        noted=rules.noted(story, survey),
        consents=_consents(questions, consents),
        history=tuple(_version(questions, row) for row in history),
        reply=_reply(opened, story, consents.get(ConsentScope.CONTACT)),
        equality=_equality(opened, story),
        speaks_to=tuple(PainHeld(label) for label in _pains_of(opened, story)),
    )


def _pains_of(opened: Session, story: StoryRow) -> tuple[str, ...]:
    from insight.painpoints import pains_of_story  # here, since it brings numpy, which telling a journey needs not

    return pains_of_story(opened, story.place_id, story.id)


def questions_of(opened: Session, story: StoryRow) -> QuestionSet:
    """The questions that a story answers; those asked now where it came in another way."""
    return asking.asked_in(opened, story.question_set_id) if story.question_set_id else question_set()


def answers_of(opened: Session, story: StoryRow) -> dict[str, Any]:
    """The answers that a story was made from; where it came in another way, those that would tell it."""
    return story.answers if story.answers is not None else conversion.as_answers(stories.story_as_told(opened, story))


def safe_answers_of(opened: Session, story: StoryRow) -> dict[str, Any]:
    """The answers that would tell the safe copy of a story: what staff read who need not know who told it."""
    return conversion.as_answers(stories.story_of(opened, story))


def request_of(opened: Session, story: StoryRow, asked_at: Any, readable: bool) -> Request:
    """A request for a reply, with the story where it may be read."""
    questions, answers = questions_of(opened, story), safe_answers_of(opened, story)
    return Request(
        number=story.id,
        asked_at=asked_at,
        told_at=story.told_at,
        language=story.language,
        answers=rules.answers_held(questions, answers) if readable else None,
        steps=rules.steps_held(questions, answers) if readable else None,
    )


def _consents(questions: QuestionSet, rows: dict[str, ConsentRow]) -> tuple[ConsentHeld, ...]:
    return tuple(
        ConsentHeld(scope, rules.asked_to(questions, scope), row.given, row.recorded_at, row.withdrawn_at)
        for scope in ConsentScope
        if (row := rows.get(scope)) is not None
    )


def _version(questions: QuestionSet, row: StoryHistoryRow) -> Version:
    told = row.body.get("answers") or {}
    agreed = (scope for scope, given in (row.body.get("consents") or {}).items() if given)
    return Version(
        number=row.version,
        changed_at=row.changed_at,
        by_teller=row.changed_by == "teller",
        answers=rules.answers_held(questions, told),
        steps=rules.steps_held(questions, told),
        consents=tuple(rules.asked_to(questions, scope) for scope in agreed),
    )


def _reply(opened: Session, story: StoryRow, contact: ConsentRow | None) -> ReplyHeld | None:
    row = store.reply_of(opened, story.id)
    if row is not None:
        return ReplyHeld(row.asked_at, row.answer, row.answered_at)
    return ReplyHeld(contact.recorded_at, None, None) if contact is not None and contact.given else None


def _equality(opened: Session, story: StoryRow) -> tuple[Answer, ...]:
    row = store.equality_of(opened, story.id)
    if row is None:
        return ()
    code, _hyphen, version = row.wording.rpartition("-")
    return rules.equality_held(question_set(code, int(version)), row.answers)
