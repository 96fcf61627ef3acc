"""Surveys: a place's own questionnaires. The survey and its tab are in the address."""

import streamlit as st

from insight import surveys
from insight.access import Actor
from insight.errors import NotFound
from insight.intake import place_for, places_for
from insight.language import LANGUAGES
from pages.kit import charts, look
from pages.kit.a11y import Page
from pages.kit.placing import choose_place
from pages.surveying import (
    list_view,
    moves,
    offer_views,
    posters_view,
    preview_view,
    publish_view,
    question_view,
    questions_view,
    results_view,
    words_view,
    xlsform_view,
)
from pages.surveying.desk import FIRST, STYLES, TABS, Desk, head


def render(actor: Actor) -> None:
    """Draw the list, or the survey that the address names."""
    st.html(charts.STYLES + STYLES)
    page, code = Page(), st.query_params.get("survey", "")
    if not code:
        _list(actor, page)
        return
    place = place_for(actor, st.query_params.get("place"))
    try:
        survey = surveys.survey(actor, place, code)
    except NotFound as missing:
        look.title("Surveys")
        look.problem(str(missing))
        st.html('<p class="tl-back"><a href="?" data-go="1">All surveys</a></p>')
        page.finish("surveys/none")
        return
    _survey(Desk(actor, place, survey, page, *_where(), several=len(places_for(actor)) > 1))


def _list(actor: Actor, page: Page) -> None:
    look.title("Surveys", "Ask what you need to know here, in the languages of the place, and see how far people get.")
    if moves.wrong_now(list_view.AT):
        st.set_page_config(page_title="Error: Surveys - Throughline")
    focus = moves.show(list_view.AT)
    list_view.draw(actor, choose_place(actor), len(places_for(actor)) > 1, page)
    page.finish(f"surveys/{moves.last().turn}", focus)


def _where() -> tuple[str, str, str]:
    """Tab, part and language, as far as the address names ones that there are."""
    query = st.query_params
    tab = query.get("tab", FIRST)
    return tab if tab in TABS or tab == "question" else FIRST, query.get("part", ""), query.get("language", "")


def _survey(desk: Desk) -> None:
    head(desk, moves.wrong_now(desk.tab))
    focus = moves.show(desk.tab)
    try:
        _tab(desk)
    except NotFound as missing:
        look.problem(str(missing))
    desk.page.finish(f"surveys/{desk.survey.code}/{desk.tab}/{desk.part}/{moves.last().turn}", focus)


def _tab(desk: Desk) -> None:
    match desk.tab:
        case "question":
            question_view.draw(desk)
        case "words":
            words_view.draw(desk)
        case "languages":
            offer_views.languages(desk)
        case "dates":
            offer_views.dates(desk, desk.page)
        case "preview":
            preview_view.draw(desk)
        case "publish":
            publish_view.draw(desk)
        case "posters":
            _posters(desk)
        case "xlsform":
            xlsform_view.draw(desk)
        case "results":
            results_view.draw(desk)
        case _:
            questions_view.draw(desk)


def _posters(desk: Desk) -> None:
    if desk.survey.published is None:
        st.html('<p class="tl-hint">Publish the survey first: a poster must lead somewhere.</p>')
        return
    languages = tuple(code for code in LANGUAGES if code in desk.survey.published.title)
    posters_view.draw(desk.actor, desk.place, languages, desk.survey.code, desk.key)
