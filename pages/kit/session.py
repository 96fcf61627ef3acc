"""Who is here: the only place where a visit becomes an Actor, for Streamlit's screens and for plain routes alike."""

from collections.abc import Mapping
from dataclasses import replace
from time import monotonic

import streamlit as st

from insight import accounts
from insight.access import RESIDENT, Actor, Role
from insight.language import LANGUAGES, best_of
from insight.settings import settings

DEMO_COOKIE = "throughline_demo_role"
SESSION_COOKIE = "throughline_session"
LANGUAGE = "language"
HOLDS_SECONDS = 1.0


def current_actor() -> Actor:
    """Whoever visits a Streamlit screen, asked anew at each rerun: who was signed out sees it at the next click."""
    return actor_from(st.context.cookies)


def actor_from(cookies: Mapping[str, str]) -> Actor:
    """Whoever these cookies tell of, as of now; a resident without a session that holds."""
    if settings().demo_mode:
        return actor_for(cookies.get(DEMO_COOKIE))
    token = session_token(cookies)
    actor = accounts.actor_of(token)
    return replace(actor, holds=_Still(token, actor)) if actor else RESIDENT


class _Still:
    """Whether a session still makes somebody who they were: Streamlit works buttons off before it asks who is here."""

    def __init__(self, token: str | None, actor: Actor) -> None:
        self._token, self._actor, self._asked = token, actor, monotonic()

    def __call__(self) -> bool:
        """Ask the database, at most once a second."""
        if monotonic() - self._asked < HOLDS_SECONDS:
            return True
        held = accounts.actor_of(self._token) == self._actor
        if held:
            self._asked = monotonic()
        return held


def session_token(cookies: Mapping[str, str]) -> str | None:
    """The session's token, where there is one."""
    return kept_in(cookies, SESSION_COOKIE)


def kept_in(cookies: Mapping[str, str], name: str) -> str | None:
    """What a cookie of ours holds. Where the product is served by https, only the name that https guards counts."""
    guarded = cookies.get(guarded_name(name))
    return guarded if guarded or public_https() else cookies.get(name)


def guarded_name(name: str) -> str:
    """The name under which a browser takes a cookie from this very host by https alone (RFC 6265bis, 4.1.3.2)."""
    return f"__Host-{name}"


def public_https() -> bool:
    """Whether the place's own address, where one is set, is reached by https."""
    return settings().public_url.startswith("https://")


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
