"""The surveys of a place, with their state and how many have answered, and the beginning of a new one."""

from html import escape
from urllib.parse import urlencode

import streamlit as st

from insight import surveys
from insight.access import Actor
from insight.intake import Place
from insight.language import LANGUAGES
from insight.privacy import count_in_words
from insight.surveys import Summary
from pages.kit import words
from pages.kit.a11y import Page
from pages.surveying import moves, posters_view
from pages.surveying.desk import h2, hint, tag

AT, TITLE = "list", "survey-title"


def draw(actor: Actor, place: Place, several: bool, page: Page) -> None:
    """The table, the form, and posters for the place's own questions."""
    known = surveys.surveys(actor, place)
    if known:
        st.html(_table(place, known, several))
    else:
        hint("There is none yet. Until there is, people answer the journey's own questions.")
    h2("Make a survey")
    with st.form("survey-new", border=False, enter_to_submit=False):
        moves.mark(page, TITLE)
        st.text_input("Title, as people will read it, in English", key=TITLE, autocomplete="off")
        st.form_submit_button("Make the survey", type="primary", on_click=_make, args=(actor, place, several))
    hint("It starts with every question of the journey, in every language. You then leave out, add and reword.")
    with st.expander("Posters for this place, without a survey"):
        posters_view.draw(actor, place, tuple(LANGUAGES), None, "place")


def _table(place: Place, known: list[Summary], several: bool) -> str:
    head = "".join(f'<th scope="col">{name}</th>' for name in ("Survey", "State", "Version", "Answers so far"))
    body = "".join(_row(place, summary, several) for summary in known)
    return (
        '<div class="tl-scroll" tabindex="0" role="region" aria-label="Surveys">'
        f'<table class="tl-table"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'
    )


def _row(place: Place, summary: Summary, several: bool) -> str:
    where = ({"place": place.code} if several else {}) | {"survey": summary.code}
    day = ""
    if summary.state is surveys.State.OPEN and summary.closes_on:
        day = f" until {words.day(summary.closes_on)}"
    if summary.state is surveys.State.NOT_YET_OPEN and summary.opens_on:
        day = f" until {words.day(summary.opens_on)}"
    answers = count_in_words(summary.answers) if summary.version else "None"
    return (
        f'<tr><th scope="row"><a href="?{escape(urlencode(where))}" data-go="1">{escape(summary.title)}</a></th>'
        f"<td>{tag(summary.state)}{day}</td><td>{summary.version or 'None'}</td><td>{answers}</td></tr>"
    )


def _make(actor: Actor, place: Place, several: bool) -> None:
    with moves.kindly(AT, lambda: TITLE):
        made = surveys.create(actor, place, str(st.session_state.get(TITLE) or ""))
        where = {"place": place.code} if several else {}
        st.query_params.from_dict(where | {"survey": made.code, "tab": "questions"})
