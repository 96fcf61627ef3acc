"""Records and retention: how long stories are kept, what is held of a person, and what the law asks to be written."""

import streamlit as st

from insight.access import Actor
from insight.language import _, noted
from pages.kit import look
from pages.kit.a11y import Page
from pages.pain import address, places
from pages.recording import moves, parts, person_view, processing_view, retention_view

FIRST = "retention"
VIEWS = {
    FIRST: noted("How long stories are kept"),
    "person": noted("A person's data"),
    "processing": noted("Record of processing"),
}
DRAWN = {FIRST: retention_view, "person": person_view, "processing": processing_view}


def render(actor: Actor) -> None:
    """Draw the view that the address asks for."""
    page, place = Page(), places.place_asked(actor)
    with st.container(key="tl-column", width=820):
        parts.summary_of_problems()
        look.title(_("Records and retention"))
        if moves.last().wrong:
            st.set_page_config(
                page_title=_("Error: {title}").format(title=f"{_('Records and retention')} - Throughline")
            )
        st.html(parts.STYLES)
        place = places.choose_place(actor, place)
        address.take("view", VIEWS, FIRST)
        chosen = st.segmented_control(
            _("View"),
            list(VIEWS),
            format_func=lambda view: _(VIEWS[view]),
            key="view",
            on_change=moves.another_view,
            args=(FIRST,),
            required=True,
        )
        view = chosen or FIRST
        moves.of_place(place)
        DRAWN[view].render(actor, place, page)
    page.finish(f"records/{view}/{place.code}/{moves.last().turn}", moves.focus())
