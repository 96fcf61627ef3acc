"""What a teller may say about themselves, and how many said what."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from insight import intake
from insight.access import Actor, Permission, use_case
from insight.database import session, write_session
from insight.equality import rules, store
from insight.equality.model import Heard, OptionCount, QuestionCounts
from insight.errors import Conflict, NotFound
from insight.intake import Place, QuestionSet
from insight.intake import store as stories
from insight.intake.questions import Choice
from insight.language import _
from insight.moments import now
from insight.privacy import shown
from insight.settings import settings


@use_case(Permission.TELL)
def equality_questions(actor: Actor) -> QuestionSet:
    """The equality questions as they are asked now."""
    return intake.question_set("equality")


@use_case(Permission.TELL)
def keep(actor: Actor, key: str, answers: dict[str, Any]) -> None:
    """Keep what the teller of a sent journey says about themselves, by the key of its draft.

    Each answer is kept once, by question: given again, it takes the place of the one before. Where nothing is told,
    nothing is kept. Raises :class:`~insight.errors.Conflict` before the journey was sent.
    """
    questions = intake.question_set("equality")
    told = rules.told_options(questions, answers)
    reference = intake.open_draft(actor, key).reference
    if reference is None:
        raise Conflict(_("Send your journey first. Then we ask these questions."))
    if not told:
        return
    with write_session() as opened:
        found = stories.story_by_reference(opened, reference)
        if found is None:
            raise NotFound(_("We hold nothing under that reference. Check each letter and number."))
        story = stories.story_for_change(opened, found.id)
        wording = f"{questions.code}-{questions.version}"
        store.keep_answers(opened, story.id, story.place_id, wording, told, now())


@use_case(Permission.COUNT_EQUALITY)
def counts(actor: Actor, place: Place) -> Heard:
    """How many tellers of a place said what about themselves, small numbers hidden.

    Tellers are counted in whole steps of the threshold, in the order in which they answered: somebody who looks before
    and after one story arrives sees no difference that would be that teller's answers.
    """
    limit = settings().threshold_inside
    with session() as opened:
        told = store.answers_in_order(opened, place.id)
        journeys = intake.count_stories(opened, place.id)
    counted = told[: rules.whole_steps(len(told), limit)]
    if not counted:
        return Heard(shown(journeys), None, limit, ())
    asked = [q for q in intake.question_set("equality").question if isinstance(q, Choice)]
    questions = tuple(_counts_of(question, counted, limit) for question in asked)
    return Heard(shown(journeys), len(counted), limit, questions)


def _counts_of(question: Choice, told: Sequence[dict[str, str]], limit: int) -> QuestionCounts:
    found = Counter(answers.get(question.id) for answers in told)
    listed = [found[option.code] for option in question.options]
    *options, left_out = rules.counts_shown([*listed, len(told) - sum(listed)], limit)
    pairs = zip(question.options, options, strict=True)
    told_of = tuple(OptionCount(option.code, option.text, count) for option, count in pairs)
    return QuestionCounts(question.id, question.text, told_of, left_out)
