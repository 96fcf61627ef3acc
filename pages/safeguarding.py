"""Safeguarding: stories that speak of harm wait here, one at a time, until somebody has read them and decided."""

import streamlit as st

from insight.access import Actor
from insight.errors import NotFound
from insight.language import _
from insight.moments import now
from pages.guarding import item_view, moves, queue_view
from pages.kit import look
from pages.kit.a11y import Page
from pages.kit.placing import choose_place


def render(actor: Actor) -> None:
    """Draw the queue, or the item that the address names. The address never names more than its number."""
    page, asked = Page(), st.query_params.get("item", "")
    focus, name = "", "queue"
    if asked.isascii() and asked.isdecimal():
        try:
            focus, name = item_view.render(actor, int(asked[:9]), now(), page), asked
        except NotFound as missing:
            look.title(_("Safeguarding"))
            look.problem(str(missing))
            st.button(_("Back to the queue"), on_click=moves.leave)
    else:
        moves.put_away()
        queue_view.render(actor, choose_place(actor), now(), page)
    page.finish(f"guard/{name}/{moves.last().turn}", focus)
