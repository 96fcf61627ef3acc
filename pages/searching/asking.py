"""What is looked for, and how: kept for this visit alone and never in the address, since it may name people."""

from dataclasses import dataclass

import streamlit as st

from insight.language import _, noted
from insight.search import LONGEST, By
from pages.kit import look
from pages.kit.a11y import Field, Page
from pages.paths.asking import forget

ASKED, TURN = "search_asked", "search_turn"
TYPED, HOW = "search_typed", "search_by"
WAYS = {
    By.BOTH: noted("Meaning and words"),
    By.MEANING: noted("Meaning"),
    By.WORDS: noted("Words"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What was typed, and how it is looked for."""

    typed: str = ""
    by: By = By.BOTH


def asked() -> Asked:
    """What was asked for last in this visit."""
    known: Asked = st.session_state.get(ASKED, Asked())
    return known


def turn() -> int:
    """Counts what was asked for, so that the focus may follow."""
    return int(st.session_state.get(TURN, 0))


def draw(page: Page) -> None:
    """The box, the ways to look, the button."""
    before = asked()
    st.session_state.setdefault(TYPED, before.typed)
    st.session_state.setdefault(HOW, before.by)
    empty = turn() > 0 and not before.typed
    if empty:
        look.problem(_("Type a word or more to look for."))
    page.fields.append(Field(TYPED, wrong=empty))
    with st.form("search", border=False):
        st.text_input(_("What are you looking for?"), key=TYPED, max_chars=LONGEST, autocomplete="off")
        st.radio(_("Look for"), list(WAYS), format_func=lambda way: _(WAYS[way]), key=HOW, horizontal=True)
        st.form_submit_button(_("Search"), type="primary", on_click=_ask)


def ask(by: By) -> None:
    """Look for the same in another way."""
    st.session_state[HOW] = by
    _ask()


def _ask() -> None:
    st.session_state[ASKED] = Asked(st.session_state[TYPED].strip(), By(st.session_state[HOW]))
    st.session_state[TURN] = turn() + 1
    forget("like", "page")
