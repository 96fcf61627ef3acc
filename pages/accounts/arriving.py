"""Coming back from the place's own provider: Streamlit knows who it is, and a plain route has to give the session.

A ticket for one minute and one use is posted to that route, with a token that only this browser's way in can make, so
that nobody can be signed in as somebody else by a link.
"""

from collections.abc import Mapping
from html import escape
from typing import Any

import streamlit as st

from insight import accounts
from insight.errors import InsightError
from insight.language import _
from insight.settings import settings
from pages.accounts.desk import secret_of
from pages.accounts.door import COOKIE, Door, form_token, new_door, read_door
from pages.accounts.provider import CODE, ENROL, IN, has_come_back, shown_by
from pages.kit import look
from pages.kit.session import kept_in, session_token

TICKET = "arrival-ticket"
PRESS = """
export default function({data: [name]}) {
  const form = document.getElementById(name);
  if (form && !window.tlArrived) { window.tlArrived = true; form.requestSubmit(); }
}
"""
_press = st.components.v2.component("throughline_arriving", js=PRESS)


def somebody_arrives() -> bool:
    """Whether this visit is a browser that comes back from the provider and has no session yet."""
    if settings().demo_mode or not settings().oidc_metadata_url:
        return False
    return has_come_back(_door(), st.user.to_dict())


def render() -> None:
    """Hand the session over, or say why there is none."""
    door, told = _door() or new_door(), st.user.to_dict()
    try:
        if TICKET not in st.session_state:
            st.session_state[TICKET] = _ticket(told)
    except InsightError as refused:
        _refuse(str(refused), form_token(secret_of(session_token(st.context.cookies), door)))
        return
    look.title(_("Signing you in"))
    token = form_token(secret_of(session_token(st.context.cookies), door))
    kind, ticket = st.session_state[TICKET]
    st.html(_form("/sign-in/handover", _("Continue"), {"token": token, "kind": kind, "ticket": ticket}))
    _press(key="arriving", data=["tl-arriving"])


def _ticket(told: Mapping[str, Any]) -> tuple[str, str]:
    """What signing in led to, with a ticket for it, for whoever the provider vouches for."""
    vouched = told.get("email_verified") is True or settings().oidc_trust_email
    issuer, subject, email, name = (str(told.get(claim) or "") for claim in ("iss", "sub", "email", "name"))
    address = str(st.context.ip_address or "")
    entry = accounts.sign_in_by_provider(issuer, subject, email, vouched, name, address, shown_by(told))
    match entry:
        case accounts.SignedIn():
            return IN, accounts.handover(entry)
        case accounts.NeedsCode(ticket):
            return CODE, ticket
        case accounts.MustEnrol(ticket):
            return ENROL, ticket


def _refuse(why: str, token: str) -> None:
    """Plain words, and the way out: without it the provider's answer would be met at every visit."""
    look.title(_("You cannot come in yet"))
    look.note(f"<p>{escape(why)}</p>")
    st.html(_form("/sign-out", _("Sign out of your organisation's sign-in"), {"token": token}))


def _form(action: str, button: str, told: Mapping[str, str]) -> str:
    hidden = "".join(f'<input type="hidden" name="{name}" value="{escape(value)}">' for name, value in told.items())
    return (
        f'<form id="tl-arriving" method="post" action="{action}">{hidden}'
        f'<button class="tl-plain-button">{escape(button)}</button></form>'
    )


def _door() -> Door | None:
    return read_door(kept_in(st.context.cookies, COOKIE))
