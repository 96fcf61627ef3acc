"""Tell your journey: one thing per page. The draft is in the database, the page is in the address."""

import streamlit as st

from insight import intake
from insight.access import Actor
from insight.errors import NotFound
from insight.intake import Draft, Problem
from insight.intake.questions import Steps
from insight.language import speak, spoken
from pages.form.helping import help_lines
from pages.kit.a11y import Page
from pages.sharing import about_you, ends, moves, screens
from pages.sharing.address import CHECK, START, Where, read_address
from pages.sharing.moves import Desk
from pages.sharing.steps import steps_page

COLUMN = 748  # 44rem


def render(actor: Actor) -> None:
    """Draw the page that the address names."""
    page, key = Page(), st.query_params.get("draft", "")
    with st.container(width=COLUMN, key="tl-column"):
        if not key:
            ends.start(actor, intake.invitation(actor, None, st.query_params.get("survey") or None), None)
            name = START
        else:
            name = _draft(actor, key, page)
    _notice, focus = st.session_state.get(moves.NOTICE, ("", ""))
    summary = "error-summary" if st.session_state.get(moves.WRONG) else ""
    page.finish(f"{name}/{spoken().code}/{st.session_state.get(moves.TURN, 0)}", summary or focus)


def _draft(actor: Actor, key: str, page: Page) -> str:
    """Draw a page of a draft; gives the page's name."""
    try:
        draft = intake.open_draft(actor, key)
    except NotFound:
        ends.lost()
        return "lost"
    speak(draft.language)
    if draft.reference:
        return _sent(actor, draft, page)
    desk = Desk(actor, draft, draft.questions)
    here = read_address(desk.questions, draft.answers, st.query_params)
    wrong: list[Problem] = _messages_for(here)
    if here.page == START:
        ends.start(actor, intake.invitation(actor, draft.place.code), desk)
    elif here.page == CHECK:
        screens.check(desk, page, wrong)
    elif here.step is None and isinstance(desk.questions.by_id(here.page), Steps):
        steps_page(desk, here, page, wrong)
    else:
        screens.questions(desk, here, page, wrong)
    return here.name


def _sent(actor: Actor, draft: Draft, page: Page) -> str:
    """Draw what comes after sending: the receipt, or the questions about the teller; gives the page's name."""
    if st.query_params.get("page") == about_you.PAGE:
        about_you.questions(actor, draft, page)
        return about_you.PAGE
    ends.receipt(draft, help_lines(draft))
    about_you.link(draft)
    return "receipt"


def _messages_for(here: Where) -> list[Problem]:
    """The messages of the last move, unless the browser's Back or Forward has led to another page since."""
    shown_on = st.session_state.setdefault("share-page", here.name)
    if shown_on != here.name:
        st.session_state["share-page"] = here.name
        moves.clear()
    return list(st.session_state.get(moves.WRONG, ()))
