"""The place's own sign-in provider (OpenID Connect): what Streamlit is told of it, and leaving for it.

Streamlit talks to the provider and keeps who came back in a cookie of its own for 30 days. That cookie lets nobody in
by itself: only a browser that has just left through :func:`leave_for_provider` is let in, and only with an identity
that the provider gave out after it left.
"""

import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from starlette.responses import Response
from streamlit import config
from streamlit.user_info import AUTH_LOGOUT_ENDPOINT, generate_login_redirect_url
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME

from insight import accounts, keys
from insight.errors import NotFound
from insight.language import _
from insight.settings import served_at, settings
from pages.accounts.desk import Ask, come_in, safe_next
from pages.accounts.door import Door
from pages.kit.plain import go

WITHIN = 900  # seconds between leaving for the provider and coming back
CLOCKS = 60  # seconds by which the provider's clock and ours may differ
IN, CODE, ENROL = "in", "code", "enrol"
LEAVING = AUTH_LOGOUT_ENDPOINT


def label() -> str:
    """What the button says that leads to the provider; empty where there is none."""
    if not settings().oidc_metadata_url or settings().demo_mode:
        return ""
    return settings().oidc_label or _("Sign in with your organisation")


def secrets_for_streamlit() -> dict[str, Any]:
    """What Streamlit has to know to send people to the provider; nothing of it stands in a file.

    What Streamlit remembers of somebody on the way to the provider must be readable to each process of a place.
    """
    here = settings()
    if not here.oidc_metadata_url or here.demo_mode:
        return {}
    config.set_option("server.cookieSecret", cookie_secret())
    return {
        "auth": {
            "redirect_uri": f"{_site()}/oauth2callback",
            "cookie_secret": cookie_secret(),
            "client_id": here.oidc_client_id,
            "client_secret": here.oidc_client_secret.get_secret_value(),
            "server_metadata_url": here.oidc_metadata_url,
        }
    }


def cookie_secret() -> str:
    """What Streamlit signs its cookies with: the same in every process of a place."""
    return keys.tag("streamlit cookies")


def leave_for_provider(ask: Ask) -> Response:
    """Send a browser to the provider, and remember when it left and where it wanted to go."""
    if not label():
        raise NotFound(_("There is no page at this address. Check the address, or start again."))
    accounts.check_description()
    target = safe_next(ask.query.get("next") or ask.door.target)
    ask.door = replace(ask.door, target=target, started=int(time.time()))
    return go(generate_login_redirect_url("default"))


def has_come_back(door: Door | None, identity: Mapping[str, Any]) -> bool:
    """Whether a browser that left through this door comes back with an identity given out since."""
    if door is None or not door.started or not identity.get("is_logged_in"):
        return False
    given = identity.get("iat")
    fresh = isinstance(given, int | float) and given >= door.started - CLOCKS
    return fresh and time.time() - door.started <= WITHIN


def shown_by(identity: Mapping[str, Any]) -> tuple[str, ...]:
    """How somebody signed in at the provider, in its own words: the methods (``amr``) and the level (``acr``)."""
    methods = identity.get("amr")
    told = [*(methods if isinstance(methods, list) else [methods]), identity.get("acr")]
    return tuple(each for each in told if isinstance(each, str))


def take_over(ask: Ask) -> Response:
    """Give this browser what the provider's word opened: a session, or a question for a second factor of ours."""
    target = ask.door.target
    if ask.stale or not ask.posted:
        raise NotFound(_("That took too long, or was used already. Sign in again."))
    if ask.typed("kind") != IN:
        ask.door = replace(ask.door, ticket=ask.typed("ticket"), enrol=ask.typed("kind") == ENROL, started=0)
        return go("/sign-in/second-factor" if ask.door.enrol else "/sign-in/code")
    come_in(ask, accounts.take_over(ask.typed("ticket")))
    return go(safe_next(target))


def knows(cookies: Mapping[str, str]) -> bool:
    """Whether Streamlit remembers in this browser who came back from the provider."""
    return any(name.startswith(USER_COOKIE_NAME) for name in cookies)


def _site() -> str:
    return settings().public_url.rstrip("/") or served_at()
