"""Which place a staff screen speaks of: the one in the address, else the one chosen before, else the usual one."""

import streamlit as st

from insight.access import Actor
from insight.intake import Place, place_for, places_for
from insight.language import _


def choose_place(actor: Actor) -> Place:
    """Offer the places where this actor may act in several, and give the chosen one."""
    known = {place.code: place for place in places_for(actor)}
    usual = place_for(actor)
    if len(known) < 2:
        return usual
    if st.session_state.get("place") not in known:
        asked = st.query_params.get("place")
        st.session_state["place"] = asked if asked in known else usual.code
    chosen = st.selectbox(
        _("Place"), list(known), format_func=lambda code: known[code].name, key="place", bind="query-params"
    )
    return known.get(chosen or "", usual)
