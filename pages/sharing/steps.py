"""The list of steps: the journey line, a card for each step, and what can be done with it."""

from collections.abc import Sequence
from html import escape
from typing import Any

import streamlit as st

from insight import intake
from insight.intake import Problem, said
from insight.language import _
from pages.kit.a11y import Field, Page
from pages.kit.journey_line import journey_line
from pages.sharing import moves
from pages.sharing.address import LIST, Where, backwards, onwards
from pages.sharing.frame import back_words, foot, heading, languages, summary_of
from pages.sharing.moves import Desk
from pages.sharing.screens import position
from pages.sharing.words import line_steps


def steps_page(desk: Desk, here: Where, page: Page, wrong: Sequence[Problem]) -> None:
    """Draw the list of steps."""
    question, steps = desk.questions.steps, desk.steps
    back = backwards(desk.questions, here)
    st.button(back_words(), type="tertiary", on_click=moves.open_page, args=(desk, back), key="tl-back")
    languages(desk, here, st.button)
    if wrong:
        summary_of([("", problem.message) for problem in wrong])
    heading(said(question.text), above=position(desk, here), wrong=bool(wrong))
    if question.help:
        st.html(f'<p class="tl-hint">{escape(said(question.help))}</p>')
    _notice(desk)
    lists = intake.place_lists(desk.actor, desk.draft.place)
    if steps:
        st.html(journey_line(line_steps(desk.questions, steps, lists)))
        st.html(f'<h2 class="tl-h2">{escape(_("Change your steps"))}</h2>')
    seen = moves.fingerprint(steps)
    for index, step in enumerate(steps):
        _card(desk, here, page, index, step, len(steps), seen)
    _onwards(desk, here, steps)
    foot(desk, here)


def _notice(desk: Desk) -> None:
    """What was just done to the list, and the way to undo a removal."""
    message, _focus = st.session_state.get(moves.NOTICE, ("", ""))
    if not message:
        return
    with st.container(key="tl-notice", horizontal=True, vertical_alignment="center"):
        st.html(f'<p id="notice" role="status">{escape(message)}</p>', width="content")
        removed = st.session_state.get(moves.REMOVED)
        if removed and removed[0] == desk.name:
            st.button(_("Undo"), on_click=moves.put_back, args=(desk,), key=f"{desk.name}-undo")


def _card(desk: Desk, here: Where, page: Page, index: int, step: dict[str, Any], count: int, seen: str) -> None:
    name = step.get("service") or step.get("organisation") or _("A service you did not name")
    first = desk.questions.steps.page[0].id
    there = Where(here.page, index, first, LIST if here.then else "")
    with st.container(key=f"tl-card-{index}", border=True, gap="small"):
        st.html(f'<h3 class="tl-h3">{index + 1}. <bdi>{escape(name)}</bdi></h3>')
        with st.container(horizontal=True, gap="small"):
            _button(desk, page, _("Change"), f"change-{index}", index, moves.open_page, (desk, there))
            if index:
                _button(desk, page, _("Move up"), f"up-{index}", index, moves.shift, (desk, index, -1, seen))
            if index + 1 < count:
                _button(desk, page, _("Move down"), f"down-{index}", index, moves.shift, (desk, index, 1, seen))
            _button(desk, page, _("Remove"), f"remove-{index}", index, moves.remove, (desk, index, seen))


def _button(desk: Desk, page: Page, words: str, name: str, index: int, move: Any, args: tuple[Any, ...]) -> None:
    key = f"{desk.name}-{name}"
    st.button(words, key=key, on_click=move, args=args)
    page.fields.append(
        Field(key, name=_("{action}: step {number}").format(action=words, number=index + 1), button=True)
    )


def _onwards(desk: Desk, here: Where, steps: list[dict[str, Any]]) -> None:
    fresh = Where(here.page, len(steps), desk.questions.steps.page[0].id, LIST if here.then else "")
    full = len(steps) >= desk.questions.steps.most
    with st.container(horizontal=True, gap="small", key="tl-onwards"):
        if not full:
            words, kind = (_("Add another step"), "secondary") if steps else (_("Add the first step"), "primary")
            st.button(words, type=kind, on_click=moves.open_page, args=(desk, fresh), key="share-add")  # type: ignore[arg-type]
        st.button(
            _("Continue") if steps else _("Continue without steps"),
            type="primary" if steps else "secondary",
            on_click=moves.open_page,
            args=(desk, onwards(desk.questions, here)),
            key="share-continue",
        )
