"""Key in paper forms: one page, by keyboard alone, in the order and with the codes that stand on the paper."""

from html import escape

import streamlit as st

from insight import intake
from insight.access import Actor
from insight.language import _
from pages.keyed import echo, moves
from pages.keyed.grid import LANGUAGE, Grid
from pages.keyed.pad import current
from pages.keyed.saved import saved
from pages.kit.a11y import Page
from pages.sharing.frame import summary_of

NAME = "paper"
STYLES = """<style>.tl-echo{margin:0;min-height:1.5em;color:#00553c}
.tl-codes{margin:0 0 .6rem;font-size:.92rem}.tl-codes>div{display:flex;flex-wrap:wrap;gap:0 .6rem}
.tl-codes dt{font-weight:600;min-width:8.5rem}.tl-codes dd{margin:0;color:#3d4548;flex:1 1 16rem}</style>"""


def render(actor: Actor) -> None:
    """Draw the form, or the reference of the one that was just saved."""
    page, pad, outcome = Page(), current(NAME), moves.last(NAME)
    heading = _("Key in paper forms")
    title = f"{heading} - Throughline"
    st.set_page_config(page_title=_("Error: {title}").format(title=title) if outcome.problems else title)
    if outcome.problems:
        summary_of([(pad.key(one.path) if one.path else "", one.message) for one in outcome.problems])
    st.html(f'<h1 class="tl-h1">{escape(heading)}</h1>')
    place, questions = intake.place_for(actor), intake.question_set()
    lists, echoes = intake.place_lists(actor, place), list[echo.Echo]()
    if outcome.reference:
        saved(questions, outcome, _("Write it on the slip at the end of the form, tear it off and give it to them."))
        go_on = (pad, LANGUAGE, {LANGUAGE: str(outcome.answers.get("language", "en"))})
        st.button(_("Key in the next one"), key="paper-next", type="primary", on_click=moves.next_one, args=go_on)
    else:
        how = _(
            "Type the small number beside the box that is ticked, then press Tab. Leave empty what is empty on the "
            "paper. Leave out names, addresses and phone numbers, if somebody wrote them."
        )
        st.html(f'{STYLES}<p class="tl-hint">{escape(how)}</p>')
        grid = Grid(pad, questions, lists, page)
        grid.draw(actor, place)
        echoes = grid.echoes
    token = f"{NAME}/{outcome.turn}"
    page.finish(token, outcome.focus)
    names = {"service": tuple(lists.services), "organisation": lists.organisations}
    echo.finish(echoes, names, token, outcome.focus)
