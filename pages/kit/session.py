"""Who is here: the only place where a visit becomes an Actor."""

import streamlit as st

from insight.access import RESIDENT, Actor, Role
from insight.language import LANGUAGES, best_of
from insight.settings import settings

DEMO_COOKIE = "throughline_demo_role"
LANGUAGE = "language"


def current_actor() -> Actor:
    """Whoever visits. Without demo mode everyone is a resident until real sign-in exists."""
    if not settings().demo_mode:
        return RESIDENT
    return actor_for(st.context.cookies.get(DEMO_COOKIE))


def chosen_language() -> str:
    """The language that a visit speaks: the one in its address, else the one chosen before, else the browser's."""
    asked = st.query_params.get("lang", "")
    if asked in LANGUAGES:
        st.session_state[LANGUAGE] = asked
    return str(st.session_state.get(LANGUAGE) or best_of(st.context.headers.get("Accept-Language", "")))


def actor_for(picked: str | None) -> Actor:
    """The demo's actor for a picked role; anything else is a resident."""
    if picked not in set(Role) or picked == Role.RESIDENT:
        return RESIDENT
    role = Role(picked)
    return Actor(role, f"demo {role.value}")
