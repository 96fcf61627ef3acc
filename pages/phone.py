"""The phone script: what to read out to a caller, in their language, and where to note what they say."""

from html import escape

import streamlit as st

from insight import intake
from insight.access import Actor
from insight.language import LANGUAGES, _
from pages.keyed import echo, moves
from pages.keyed.aloud import STYLES, closing, say, who_to_call
from pages.keyed.pad import current
from pages.keyed.saved import saved
from pages.keyed.script import Script
from pages.kit.a11y import Field, Page
from pages.sharing.frame import summary_of

NAME = "phone"
LANGUAGE = "phone-language"


def render(actor: Actor) -> None:
    """Draw the script, or the reference of the call that was just saved."""
    page, pad, outcome = Page(), current(NAME), moves.last(NAME)
    heading = _("Phone script")
    title = f"{heading} - Throughline"
    st.set_page_config(page_title=_("Error: {title}").format(title=title) if outcome.problems else title)
    place, questions = intake.place_for(actor), intake.question_set()
    language = LANGUAGES[st.session_state.get(LANGUAGE) or "en"]
    lists = intake.place_lists(actor, place)
    script = Script(pad, questions, lists, page, language.code)
    if outcome.problems:
        summary_of([(script.first_input(one.path), one.message) for one in outcome.problems])
    st.html(f'{STYLES}<h1 class="tl-h1">{escape(heading)}</h1>')
    who_to_call(language, _("If the caller or somebody else is in danger, stop. Tell them who to call."))
    if outcome.reference:
        saved(questions, outcome, _("Read it out slowly, and ask the caller to read it back."))
        say(language, closing(language, outcome.reference), _("Say"))
        first = questions.question[0].id
        st.button(_("Next call"), key="phone-next", type="primary", on_click=moves.next_one, args=(pad, first, {}))
    else:
        names_of = {code: one.name for code, one in LANGUAGES.items()}
        st.selectbox(_("Read out in"), list(LANGUAGES), key=LANGUAGE, format_func=names_of.__getitem__, width=320)
        page.fields.append(Field(LANGUAGE))
        script.draw(actor, place)
    token = f"{NAME}/{outcome.turn}"
    page.finish(token, outcome.focus)
    names = {"service": tuple(lists.services), "organisation": lists.organisations}
    echo.finish(script.echoes, names, token, outcome.focus)
