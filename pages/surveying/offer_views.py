"""In which languages a survey is offered, when it is open, and what it says before and after."""

from datetime import date
from functools import partial

import streamlit as st

from insight import surveys
from insight.intake import PlaceLists
from insight.intake.questions import When
from insight.language import LANGUAGES
from insight.surveys import phrases, rules
from pages.kit import questions as inputs
from pages.kit import words
from pages.kit.a11y import Page
from pages.surveying import moves
from pages.surveying.desk import Desk, h2, hint, language_name
from pages.surveying.words_view import phrase_form

DAYS = {
    "opens": When(
        id="opens",
        type="when",
        text={"en": "First day"},
        help={"en": "Leave it empty to open as soon as it is published. For example, 27 11 2026."},
    ),
    "closes": When(
        id="closes",
        type="when",
        text={"en": "Last day"},
        help={"en": "Leave it empty to leave it open. Who has started by then may finish."},
    ),
}


def languages(desk: Desk) -> None:
    """Choose the languages."""
    working = desk.survey.working
    hint("People can change the language at any point. English is always offered.")
    with st.form(f"{desk.key}-languages-{'-'.join(working.languages)}", border=False):
        for code in LANGUAGES:
            if code != "en":
                gaps = sum(1 for gap in phrases.missing(rules.offer(working, [code])) if gap.language == code)
                told = f": {words.counted(gaps, 'text')} to write" if gaps else ": all words are there"
                key = f"{desk.key}-offer-{code}-{code in working.languages}"
                st.checkbox(language_name(code) + told, value=code in working.languages, key=key, wrap=True)
        st.form_submit_button("Save the languages", type="primary", on_click=_offer, args=(desk,))


def _offer(desk: Desk) -> None:
    offered = desk.survey.working.languages
    chosen = [code for code in LANGUAGES if st.session_state.get(f"{desk.key}-offer-{code}-{code in offered}")]
    moves.revise(desk, partial(rules.offer, languages=chosen), "Saved. What was written in other languages is kept.")


def dates(desk: Desk, page: Page) -> None:
    """First and last day, and the words around the questions."""
    survey = desk.survey
    outcome = moves.last()
    wrong = {outcome.field: outcome.wrong} if moves.wrong_now(desk.tab) else {}
    sheet = inputs.Sheet(page, PlaceLists({}, ()), wrong, "en")
    with st.form(f"{desk.key}-dates", border=False, enter_to_submit=False):
        for name, saved in (("opens", survey.opens_on), ("closes", survey.closes_on)):
            inputs.draw(sheet, DAYS[name], _parts(saved), _key(desk, name, saved))
        st.form_submit_button("Save the dates", type="primary", on_click=_save_dates, args=(desk,))
    h2("Title, welcome and thanks")
    hint("The welcome stands before the first question, the thanks after the last. Both may be left empty.")
    phrase_form(desk, phrases.SURVEY, "en")


def _parts(day: date | None) -> dict[str, str]:
    return {"day": str(day.day), "month": str(day.month), "year": str(day.year)} if day else {}


def _key(desk: Desk, name: str, saved: date | None) -> str:
    return f"{desk.key}-{name}-{saved or 'none'}"


def _save_dates(desk: Desk) -> None:
    """Keep both days; a day that is none is said at its field."""
    survey, days, field = desk.survey, {}, ""
    with moves.kindly(desk.tab, lambda: field):
        for name, saved in (("opens", survey.opens_on), ("closes", survey.closes_on)):
            field = _key(desk, name, saved)
            days[name] = rules.typed_day(inputs.read(DAYS[name], field), DAYS[name].text["en"].lower())
        surveys.set_dates(desk.actor, desk.place, survey.code, days["opens"], days["closes"])
        moves.tell(desk.tab, done="Saved the dates.")
