"""Which place a staff screen speaks of: the one in the address, else the one chosen before, else the usual one."""

import streamlit as st

from insight.intake import Place, current_place, places
from insight.language import _


def choose_place() -> Place:
    """Offer the places where there are several, and give the chosen one."""
    known = {place.code: place for place in places()}
    usual = current_place()
    if len(known) < 2:
        return usual
    if st.session_state.get("place") not in known:
        asked = st.query_params.get("place")
        st.session_state["place"] = asked if asked in known else usual.code
    chosen = st.selectbox(
        _("Place"), list(known), format_func=lambda code: known[code].name, key="place", bind="query-params"
    )
    return known.get(chosen or "", usual)
