"""The board of pain points, and one pain point with its evidence."""

import streamlit as st

from insight.access import Actor, Permission, may
from insight.intake import Place, current_place, places
from insight.painpoints import Filters, board, choices
from pages.kit import charts, look
from pages.pain import board_views, evidence_view
from pages.pain.filters import choose_filters

VIEWS = {
    "Pain points": board_views.pain_points,
    "By service": board_views.by_service,
    "Map": board_views.passage_map,
    "What works well": board_views.works_well,
}


def render(actor: Actor) -> None:
    """Draw the board, or what the address asks for."""
    st.html(charts.STYLES)
    place = _place()
    asked = st.query_params.get("theme")
    if asked is not None and asked.isdecimal() and may(actor, Permission.READ_STORIES):
        evidence_view.render(actor, place, int(asked), _filters_in_address())
    else:
        _board(actor, place)


def _place() -> Place:
    known = places()
    asked = st.query_params.get("place")
    return next((place for place in known if place.code == asked), None) or current_place()


def _filters_in_address() -> Filters:
    return Filters(**{name: st.query_params.get(name) for name in Filters.__slots__})


def _board(actor: Actor, place: Place) -> None:
    look.title("Pain points", "Where journeys hurt, across services: what people say, how many say it, and where.")
    place = _choose_place(place)
    filters = choose_filters(choices(actor, place))
    shown = board(actor, place, filters)
    board_views.summary(place, shown)
    view = st.segmented_control("View", list(VIEWS), default="Pain points", key="view", bind="query-params")
    VIEWS[view or "Pain points"](actor, place, shown)


def _choose_place(place: Place) -> Place:
    known = {found.code: found for found in places()}
    if len(known) == 1:
        return place
    names = {code: found.name + (" (invented)" if found.synthetic else "") for code, found in known.items()}
    if st.session_state.get("place") not in known:
        st.session_state["place"] = place.code
    chosen = st.selectbox("Place", list(known), format_func=names.__getitem__, key="place", bind="query-params")
    return known[chosen or place.code]
