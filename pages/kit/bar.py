"""Who is signed in, at the top of every Streamlit screen: the account, and signing out; at the start, the way in."""

from html import escape

import streamlit as st

from insight.access import Actor
from insight.language import ENGLISH, STAFF_LANGUAGES, _, spoken
from insight.settings import settings
from pages.accounts.door import form_token, owns
from pages.accounts.words import role
from pages.kit.session import session_token

KEPT = "bar-form"


def draw(actor: Actor, *, at_start: bool) -> None:
    """Draw the bar. Residents meet it at the start alone, as a way in for staff."""
    if settings().demo_mode:
        return
    token = session_token(st.context.cookies)
    if actor.account is not None and token:
        st.html(_signed_in(actor, token))
    elif at_start:
        st.html(_bar(f'<a href="/sign-in" target="_self">{escape(_("Staff: sign in"))}</a>'))


def _signed_in(actor: Actor, token: str) -> str:
    who = f"{escape(_('Signed in as'))} <strong>{escape(actor.called)}</strong>, {escape(role(actor.role).lower())}"
    leave = (
        f'<form method="post" action="/sign-out"><input type="hidden" name="token" value="{_form_token(token)}">'
        f'<button class="tl-plain-button">{escape(_("Sign out"))}</button></form>'
    )
    account = f'<a href="/account" target="_self">{escape(_("Account"))}</a>'
    return _bar(f"<span>{who}</span>{account}{leave}")


def _form_token(secret: str) -> str:
    """The token of this visit's form: the same at each rerun, since a form drawn anew would lose the focus."""
    if not owns(secret, st.session_state.get(KEPT, "")):
        st.session_state[KEPT] = form_token(secret)
    return str(st.session_state[KEPT])


def _bar(html: str) -> str:
    """The bar around its words, which say what language they are in where the page speaks one that staff have not."""
    language = spoken() if spoken().code in STAFF_LANGUAGES else ENGLISH
    return f'<div class="tl-bar tl-end" lang="{language.tag}" dir="{language.direction}">{html}</div>'
