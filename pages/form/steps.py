"""The list of steps: the journey line, a card for each step, and what can be done with it."""

from typing import Any

from starlette.responses import Response

from insight import intake
from insight.access import RESIDENT
from insight.intake import Draft
from insight.language import _
from pages.form import drawing, keeping, titles
from pages.form.addresses import path_to
from pages.form.desk import Ask
from pages.form.language import speak_from_now
from pages.form.line import line_of
from pages.kit.journey_line import named
from pages.kit.plain import go
from pages.sharing.address import LIST, Where, backwards, onwards
from pages.sharing.words import line_steps


def steps_list(ask: Ask, draft: Draft, here: Where) -> Response:
    """Draw the list."""
    steps, lists = keeping.steps_of(draft), intake.place_lists(RESIDENT, draft.place)
    question, then = draft.questions.steps, LIST if here.then else ""
    first = question.page[0].id
    cards = [
        {"name": named(step), "change": path_to(Where(here.page, index, first, then))}
        for index, step in enumerate(line_steps(draft.questions, steps, lists))
    ]
    can_add = len(steps) < question.most
    return drawing.page(
        ask,
        "steps.html",
        question=question,
        above=titles.position(draft, here),
        action=path_to(here),
        back=path_to(backwards(draft.questions, here)),
        onwards=path_to(onwards(draft.questions, here)),
        add=path_to(Where(here.page, len(steps), first, then)) if can_add else "",
        cards=cards,
        line=line_of(draft.questions, steps, lists),
        seen=keeping.fingerprint(steps),
        notice=_notice(ask),
        undo=bool(draft.answers.get(keeping.REMOVED)) and ask.query.get("done") in ("removed", "stale"),
    )


def change_steps(ask: Ask, draft: Draft, here: Where) -> Response:
    """Move a step, take one out, or put it back, if the steps are still as they were seen."""
    button, _sep, number = ask.typed("do").partition("-")
    if button == "lang":
        speak_from_now(ask, number)
        return go(path_to(here))
    steps = keeping.steps_of(draft)
    index = int(number[:3]) if number.isascii() and number.isdigit() else -1
    if button == "undo":
        return _put_back(draft, here, steps)
    if ask.typed("seen") != keeping.fingerprint(steps) or not 0 <= index < len(steps):
        return go(path_to(here, done="stale"))
    if button == "remove":
        removed = {"index": index, "step": steps.pop(index)}
        keeping.reorder(draft, steps, removed)
        return go(path_to(here, done="removed", step=str(index + 1)))
    to = index + {"up": -1, "down": 1}.get(button, 0)
    if not 0 <= to < len(steps) or to == index:
        return go(path_to(here, done="stale"))
    steps[index], steps[to] = steps[to], steps[index]
    keeping.reorder(draft, steps)
    return go(path_to(here, done="moved", step=str(index + 1), to=str(to + 1)))


def _put_back(draft: Draft, here: Where, steps: list[dict[str, Any]]) -> Response:
    removed = draft.answers.get(keeping.REMOVED)
    if not removed:
        return go(path_to(here, done="stale"))
    index = min(int(removed["index"]), len(steps))
    steps.insert(index, removed["step"])
    keeping.reorder(draft, steps)
    return go(path_to(here, done="back", step=str(index + 1)))


def _notice(ask: Ask) -> str:
    """What was just done to the list."""
    step, to = (_number(ask.query.get(name, "")) for name in ("step", "to"))
    return {
        "moved": _("Step {step} is now step {to}.").format(step=step, to=to),
        "removed": _("Step {step} was removed.").format(step=step),
        "back": _("Step {step} is back.").format(step=step),
        "stale": _("Your steps had changed meanwhile, so nothing was done. Look at the list, then try again."),
    }.get(ask.query.get("done", ""), "")


def _number(typed: str) -> str:
    return typed if typed.isascii() and typed.isdigit() and len(typed) < 4 else "?"
