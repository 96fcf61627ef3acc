"""Putting a page's answers into the draft, so that twice is the same as once, and two windows do no harm."""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from insight import intake
from insight.access import RESIDENT
from insight.errors import Conflict
from insight.intake import Draft
from insight.intake.questions import Steps
from insight.intake.rules import is_blank
from insight.language import _
from pages.form.parsing import Asked
from pages.sharing.address import Where

# The form's own notes in a draft: which order the steps were in, counted; which new steps were added by which page;
# the step that was removed last; and the page that was reached.
ORDER, ADDED, REMOVED, AT = "_order", "_added", "_removed", "_at"
Answers = dict[str, Any]


def asked_at(draft: Draft, where: Where) -> list[Asked]:
    """The questions that stand on a page."""
    if where.step is not None:
        steps = draft.questions.steps
        part = next(part for part in steps.page if part.id == where.part)
        return [steps.by_id(question_id) for question_id in part.questions]
    question = draft.questions.by_id(where.page)
    return [] if isinstance(question, Steps) else [question]


def saved_at(draft: Draft, where: Where) -> Answers:
    """The answers from which a page is drawn."""
    if where.step is None:
        return draft.answers
    steps = steps_of(draft)
    return steps[where.step] if where.step < len(steps) else {}


def steps_of(draft: Draft) -> list[Answers]:
    """The steps as last saved."""
    return list(draft.answers.get(draft.questions.steps.id) or ())


def order_of(draft: Draft) -> str:
    """A mark of the order that the steps are in; another window may have changed it since a page was drawn."""
    return str(draft.answers.get(ORDER) or 0)


def keep(draft: Draft, here: Where, told: Answers, order: str, new: str, reached: str) -> tuple[Draft, Where]:
    """Save what was told on a page; gives the draft as it is then, and the page, whose step may have got its place.

    ``order`` is the mark that the page was drawn with, ``new`` a name by which a page of a step that is not there yet
    knows the step again that it made. Raises :class:`~insight.errors.Conflict` when the steps are in another order.
    """
    changes = told
    if here.step is not None:
        changes, here = _with_step(draft, here, told, order, new)
    return intake.save_draft(RESIDENT, draft.key, {**changes, AT: reached}, reached=here.page), here


def _with_step(draft: Draft, here: Where, told: Answers, order: str, new: str) -> tuple[Answers, Where]:
    steps, added = steps_of(draft), dict(draft.answers.get(ADDED) or {})
    place = here.step or 0
    if new:
        place = min(added.get(new, len(steps)), len(steps))
    elif order != order_of(draft):
        raise Conflict(_("Your steps were changed in another window. Check which step this is, then press Continue."))
    here = replace(here, step=place)
    if place < len(steps):
        steps[place] = {**steps[place], **told}
    elif all(is_blank(value) for value in told.values()):
        return {draft.questions.steps.id: steps}, here
    else:
        steps.append(told)
        place = len(steps) - 1
    changes: Answers = {draft.questions.steps.id: steps}
    if new:
        changes[ADDED] = {**added, new: place}
    return changes, replace(here, step=place)


def reorder(draft: Draft, steps: Sequence[Answers], removed: Answers | None = None) -> Draft:
    """Keep the steps in another order; ``removed`` says which one was taken out of where."""
    changes = {
        draft.questions.steps.id: list(steps),
        ORDER: int(order_of(draft)) + 1,
        ADDED: {},
        REMOVED: removed,
    }
    return intake.save_draft(RESIDENT, draft.key, changes)


def fingerprint(steps: Sequence[Answers]) -> str:
    """What the steps were when a list of them was drawn: a button of an older list then does nothing."""
    return intake.digest(json.dumps(list(steps), sort_keys=True))[:16]
