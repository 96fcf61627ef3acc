"""What the buttons do: keep what was typed, then move on, or stay and say what needs mending.

Every move names the page that it starts from and the page that it leads to, never "the next one": pressing a button
twice, or one of a page that is gone already, ends where pressing it once does.
"""

import json
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, ParamSpec

import streamlit as st

from insight import intake, receipts
from insight.access import Actor
from insight.errors import InsightError
from insight.intake import Draft, Problem, QuestionSet
from insight.intake.questions import Lookup, Steps
from insight.intake.rules import as_listed, is_blank
from insight.language import _, speak, spoken
from pages.kit import questions as inputs
from pages.kit.session import LANGUAGE
from pages.sharing.address import CHECK, START, Where, onwards

log = logging.getLogger("throughline")
P = ParamSpec("P")

WRONG, NOTICE, TURN, REMOVED, STARTED = "share-wrong", "share-notice", "share-turn", "share-removed", "share-started"


@dataclass(frozen=True, slots=True)
class Desk:
    """One visit to one draft: who, which answers, which questions, and a short name for keys that is not the key."""

    actor: Actor
    draft: Draft
    questions: QuestionSet

    @property
    def name(self) -> str:
        """A name for the draft that inputs' keys may carry; the draft's own key must not stand in the page."""
        return "j" + intake.digest(self.draft.key)[:8]

    @property
    def steps(self) -> list[dict[str, Any]]:
        """The steps as last saved."""
        return list(self.draft.answers.get(self.questions.steps.id) or ())

    def asked_at(self, where: Where) -> list[inputs.Asked]:
        """The questions that stand on a page."""
        if where.step is not None:
            steps = self.questions.steps
            part = next(part for part in steps.page if part.id == where.part)
            return [steps.by_id(question_id) for question_id in part.questions]
        question = self.questions.by_id(where.page)
        return [] if isinstance(question, Steps) else [question]

    def key_of(self, where: Where, question: inputs.Asked) -> str:
        """The key of a question's input."""
        return f"{self.name}-{where.name}-{question.id}"

    def path_of(self, where: Where, question: inputs.Asked) -> str:
        """The path by which a problem names a question's answer."""
        return question.id if where.step is None else f"{where.page}.{where.step}.{question.id}"


def kindly(
    move: Callable[Concatenate[Desk, P], None],
) -> Callable[Concatenate[Desk, P], None]:
    """A button's work never ends in Streamlit's own error page: what failed is said, and what was typed stays."""

    @wraps(move)
    def kind(desk: Desk, /, *args: P.args, **kwargs: P.kwargs) -> None:
        speak(desk.draft.language)  # buttons are worked off before the page is run
        try:
            move(desk, *args, **kwargs)
        except InsightError as problem:
            say_wrong([Problem("", str(problem))])
        except Exception as fault:  # its text may carry what somebody wrote, so it is neither shown nor logged
            log.error("share: %s failed: %s", move.__name__, type(fault).__name__)
            say_wrong([Problem("", _unsaved())])

    return kind


def _unsaved() -> str:
    return _("Sorry, that could not be saved just now. What you wrote is still on this page. Try again in a moment.")


def begin(actor: Actor, survey: str | None = None) -> None:
    """Open a draft and go to its first question. Pressed twice, it opens one."""
    started = st.session_state.get(STARTED)
    draft = intake.open_draft(actor, started) if started else None
    if draft is None or draft.answers or draft.reference:
        source = st.query_params.get("from")
        draft = intake.start_draft(actor, language=spoken().code, survey=survey, campaign=source)
    st.session_state[STARTED] = draft.key
    go(draft.key, Where(draft.questions.question[0].id))


def go(key: str, where: Where) -> None:
    """Open a page: the address is the state, so reload, back and forward work by themselves."""
    clear()
    st.query_params.from_dict(where.query(key))


def clear() -> None:
    """Forget the last page's messages."""
    for name in (WRONG, NOTICE):
        st.session_state.pop(name, None)


def say_wrong(problems: Iterable[Problem]) -> None:
    """Stay on the page with an error summary, to which the focus moves."""
    st.session_state[WRONG] = list(problems)
    turn()


def say(message: str, focus: str = "notice") -> None:
    """Stay on the page with a notice; the focus moves to it, or to the key of a button."""
    st.session_state[NOTICE] = (message, focus)
    turn()


def turn() -> None:
    """Count a change that leaves the address as it is, so that the focus knows of it."""
    st.session_state[TURN] = st.session_state.get(TURN, 0) + 1


@kindly
def leave(desk: Desk, here: Where, there: Where) -> None:
    """Back, and other ways off a page that should not be held up by an answer that needs mending."""
    _keep(desk, here)
    go(desk.draft.key, there)


def keep_typed(desk: Desk, here: Where, question_id: str, text: str) -> None:
    """Save a long text while it is being written, so that a reload or the browser's Back loses none of it."""
    try:
        _save(desk, here, {question_id: text})
    except Exception as fault:  # the button will save it too, and say so if it cannot
        log.warning("share: saving while typing failed: %s", type(fault).__name__)


@kindly
def carry_on(desk: Desk, here: Where, there: Where | None = None) -> None:
    """Continue: keep the page's answers, and move on when they can be kept as they are."""
    answers = _keep(desk, here)
    paths = {desk.path_of(here, question) for question in desk.asked_at(here)}
    wrong = [problem for problem in intake.problems_in(answers, [here.page], desk.questions) if problem.path in paths]
    if wrong:
        say_wrong(wrong)
    else:
        go(desk.draft.key, there or onwards(desk.questions, here))


@kindly
def send(desk: Desk) -> None:
    """Turn the draft into a story. Sent twice, it is one story with one reference."""
    try:
        send_it = receipts.send_change if desk.draft.amends else intake.submit
        send_it(desk.actor, desk.draft.key)
    except intake.AnswersNeedMending as mending:
        say_wrong(mending.problems)
    else:
        go(desk.draft.key, Where(CHECK))


@kindly
def shift(desk: Desk, index: int, by: int, seen: str) -> None:
    """Move a step up or down, if the steps are still as they were seen."""
    steps = _fresh_steps(desk, seen)
    if steps is None or not 0 <= index + by < len(steps):
        return
    steps[index], steps[index + by] = steps[index + by], steps[index]
    _save_steps(desk, steps)
    way = "up" if (by < 0 and index + by > 0) or index + by == len(steps) - 1 else "down"
    say(
        _("Step {before} is now step {after}.").format(before=index + 1, after=index + by + 1),
        focus=f"{desk.name}-{way}-{index + by}",
    )


@kindly
def remove(desk: Desk, index: int, seen: str) -> None:
    """Take a step out, with a way to put it back."""
    steps = _fresh_steps(desk, seen)
    if steps is None or index >= len(steps):
        return
    st.session_state[REMOVED] = (desk.name, index, steps.pop(index))
    _save_steps(desk, steps)
    say(_("Step {number} was removed.").format(number=index + 1))


@kindly
def put_back(desk: Desk) -> None:
    """Undo the last removal."""
    removed = st.session_state.pop(REMOVED, None)
    if removed is None or removed[0] != desk.name:
        return
    _, index, step = removed
    steps = _steps_now(desk)
    steps.insert(min(index, len(steps)), step)
    _save_steps(desk, steps)
    say(_("Step {number} is back.").format(number=index + 1))


@kindly
def change_language(desk: Desk, here: Where, language: str) -> None:
    """Go on in another language: what stands on the page is kept, and the page stays."""
    _keep(desk, here)
    intake.choose_language(desk.actor, desk.draft.key, language)
    st.session_state[LANGUAGE] = language
    turn()


@kindly
def open_page(desk: Desk, there: Where) -> None:
    """Go to a page from one that has nothing to keep."""
    go(desk.draft.key, there)


def fingerprint(steps: list[dict[str, Any]]) -> str:
    """What the steps were when a button was drawn: a button of an older drawing then does nothing."""
    return intake.digest(json.dumps(steps, sort_keys=True))


def _keep(desk: Desk, here: Where) -> dict[str, Any]:
    """Save what stands in the page's inputs; gives all answers. Inputs that are gone already say nothing."""
    if here.page in (START, CHECK):
        return desk.draft.answers
    drawn = {question.id: (question, desk.key_of(here, question)) for question in desk.asked_at(here)}
    told = {name: inputs.read(*one) for name, one in drawn.items() if inputs.first_input(*one) in st.session_state}
    if not told:
        return desk.draft.answers
    return _save(desk, here, {name: _as_listed(desk, drawn[name][0], value) for name, value in told.items()})


def _save(desk: Desk, here: Where, told: dict[str, Any]) -> dict[str, Any]:
    if here.step is not None:
        steps = _steps_now(desk)
        if here.step < len(steps):
            steps[here.step] = {**steps[here.step], **told}
        elif not all(is_blank(value) for value in told.values()):
            steps.append(told)
        told = {here.page: steps}
    return intake.save_draft(desk.actor, desk.draft.key, told, here.page).answers


def _as_listed(desk: Desk, question: inputs.Asked, value: Any) -> Any:
    if not isinstance(question, Lookup) or not value:
        return value
    lists = intake.place_lists(desk.actor, desk.draft.place)
    return as_listed(value, lists.services if question.list == "service" else lists.organisations)


def _steps_now(desk: Desk) -> list[dict[str, Any]]:
    """The steps as they are in the database now: this visit may not be the only one."""
    return list(intake.open_draft(desk.actor, desk.draft.key).answers.get(desk.questions.steps.id) or ())


def _fresh_steps(desk: Desk, seen: str) -> list[dict[str, Any]] | None:
    steps = _steps_now(desk)
    return steps if fingerprint(steps) == seen else None


def _save_steps(desk: Desk, steps: list[dict[str, Any]]) -> None:
    intake.save_draft(desk.actor, desk.draft.key, {desk.questions.steps.id: steps})
