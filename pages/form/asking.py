"""A page of questions: drawn, kept, and moved on from."""

import logging
from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

from starlette.responses import Response

from insight import intake
from insight.access import RESIDENT
from insight.errors import Busy, Conflict, InsightError, NotFound
from insight.intake import Draft, PlaceLists, Problem
from insight.intake.questions import Steps
from insight.language import _
from pages.form import drawing, keeping, titles
from pages.form.addresses import LATER, SENT, name_of, path_to, where_at
from pages.form.desk import Ask, draft_of
from pages.form.fields import field
from pages.form.language import speak_from_now
from pages.form.parsing import answers_in
from pages.form.steps import change_steps, steps_list
from pages.kit.plain import go
from pages.sharing.address import START, Where, backwards, onwards, out_of_step

log = logging.getLogger("throughline")
ON, BACK, FINISH, LATER_ON, PICTURES, STAY = "on", "back", "finish", "later", "pictures", "stay"


def show(ask: Ask) -> Response:
    """Draw the page that the address names."""
    draft = _draft_or_none(ask)
    if draft is None:
        if not ask.stale:
            raise NotFound(_("We cannot find your journey in this browser."))
        draft = _empty(ask)
    if draft.reference:
        return go(SENT)
    here = where_at(draft.questions, draft.answers, ask.parts, ask.query)
    if unquote(path_to(here).split("?")[0]) != ask.path:
        return go(path_to(here))
    if here.step is None and isinstance(draft.questions.by_id(here.page), Steps):
        return steps_list(ask, draft, here)
    typed = answers_in(keeping.asked_at(draft, here), ask.form, _lists(draft, here)) if ask.stale else {}
    return questions(ask, draft, here, typed)


def take(ask: Ask) -> Response:
    """Keep what was told, and go where the button leads. What needs mending is said when somebody wants to go on."""
    draft = _draft_or_none(ask) or intake.start_draft(RESIDENT, None, ask.language)
    if draft.key != ask.here.draft:
        ask.visit = replace(ask.here, draft=draft.key)
    if draft.reference:
        raise Conflict(_("This journey has been sent already. To tell another one, start again."))
    here = where_at(draft.questions, draft.answers, ask.parts, ask.query)
    if here.page == START:
        return go(path_to(here))
    if here.step is None and isinstance(draft.questions.by_id(here.page), Steps):
        return change_steps(ask, draft, here)
    told = answers_in(keeping.asked_at(draft, here), ask.form, _lists(draft, here))
    if ask.typed("autosave"):
        _keep(ask, draft, here, told, here)
        return Response(status_code=204)
    return _moved(ask, draft, here, told)


def questions(
    ask: Ask, draft: Draft, here: Where, typed: dict[str, Any], wrong: Sequence[Problem] = (), status: int = 200
) -> Response:
    """One page of questions: a question of its own, or some questions about one step."""
    saved, lists = keeping.saved_at(draft, here) | typed, _lists(draft, here)
    messages = {problem.path: problem.message for problem in wrong}
    fields = [
        field(asked, saved.get(asked.id), messages.get(_path(here, asked.id), ""), lists)
        for asked in keeping.asked_at(draft, here)
    ]
    firsts = {_path(here, one.id): f"#{one.first}" for one in fields}
    new = here.step is not None and here.step >= len(keeping.steps_of(draft))
    return drawing.page(
        ask,
        "question.html",
        status,
        action=path_to(here),
        fields_on_page=fields,
        heading=titles.heading(draft, here),
        above=titles.above(draft, here),
        wrong=[(firsts.get(problem.path, ""), problem.message) for problem in wrong],
        form_id="answers",
        in_step=here.step is not None,
        finish=here.step is not None and onwards(draft.questions, here).step is not None,
        order=keeping.order_of(draft),
        new=(ask.typed("new") or intake.new_key()[:8]) if new else "",
    )


def _moved(ask: Ask, draft: Draft, here: Where, told: dict[str, Any]) -> Response:
    """Save, then lead on, back, or elsewhere; or stay, with what was typed, and say why."""
    button = ask.typed("go") or ON
    there = _there(draft, here, button)
    try:
        draft, here = _keep(ask, draft, here, told, there)
    except Busy as away:
        return questions(ask, draft, here, told, [Problem("", str(away))], 503)
    except InsightError as problem:
        return questions(ask, draft, here, told, [Problem("", str(problem))], 409)
    except Exception as fault:  # its text may carry what somebody wrote, so it is neither shown nor logged
        log.error("form: saving failed: %s", type(fault).__name__)
        return questions(ask, draft, here, told, [Problem("", _unsaved())], 503)
    if button.startswith("lang-"):
        speak_from_now(ask, button.removeprefix("lang-"))
        return go(path_to(here))
    if button in (ON, FINISH):
        paths = {_path(here, asked.id) for asked in keeping.asked_at(draft, here)}
        found = intake.problems_in(draft.answers, [here.page], draft.questions)
        wrong = [problem for problem in found if problem.path in paths]
        if wrong:
            return questions(ask, draft, here, {}, wrong, 422)
    return go({LATER_ON: LATER, PICTURES: "/tell/pictures"}.get(button) or path_to(_there(draft, here, button)))


def _there(draft: Draft, here: Where, button: str) -> Where:
    if button == BACK:
        return backwards(draft.questions, here)
    if button == FINISH and here.step is not None:
        return out_of_step(here)
    return onwards(draft.questions, here) if button == ON else here


def _keep(ask: Ask, draft: Draft, here: Where, told: dict[str, Any], there: Where) -> tuple[Draft, Where]:
    return keeping.keep(draft, here, told, ask.typed("order"), ask.typed("new"), name_of(there))


def _draft_or_none(ask: Ask) -> Draft | None:
    try:
        return draft_of(ask)
    except NotFound:
        return None


def _empty(ask: Ask) -> Draft:
    """A draft that is not there: on a page that came without its cookie, only what was typed can be shown."""
    invited = intake.invitation(RESIDENT)
    return Draft("", invited.place, ask.language, {}, invited.questions)


def _lists(draft: Draft, here: Where) -> PlaceLists:
    if here.step is None:
        return PlaceLists({}, ())
    return intake.place_lists(RESIDENT, draft.place)


def _path(here: Where, question_id: str) -> str:
    return question_id if here.step is None else f"{here.page}.{here.step}.{question_id}"


def _unsaved() -> str:
    return _("Sorry, that could not be saved just now. What you wrote is still on this page. Try again in a moment.")
