"""People: who may sign in, what they may do, and inviting others."""

import streamlit as st

from insight.access import Actor
from insight.errors import NotFound
from insight.intake import places
from insight.language import _
from pages.kit import look
from pages.kit.a11y import Page
from pages.managing import invite_view, list_view, moves, person_view


def render(actor: Actor) -> None:
    """Draw the list, the invitation, or the person that the address names."""
    page, known, asked = Page(), places(), st.query_params.get("person", "")
    with st.container(key="tl-column", width=820):
        if asked.isascii() and asked.isdecimal():
            try:
                focus = person_view.render(actor, int(asked[:9]), known, page)
            except NotFound as missing:
                look.title(_("People"))
                look.problem(str(missing))
                st.button(_("Back to the list"), on_click=moves.go, key="people-back")
                focus = ""
        elif st.query_params.get("do") == "invite":
            focus = invite_view.render(actor, known, page)
        else:
            focus = list_view.render(actor, known, page)
    page.finish(f"people/{asked}/{st.query_params.get('do', '')}/{moves.last().turn}", focus)
