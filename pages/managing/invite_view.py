"""Inviting somebody: a role, places, perhaps an organisation; it makes a link to pass on."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from insight.access import Actor
from insight.intake import Place
from insight.language import _
from insight.settings import settings
from pages.kit import look
from pages.kit.a11y import Page
from pages.managing import moves, parts


def render(actor: Actor, known: Sequence[Place], page: Page) -> str:
    """Draw the form, or the link that it made; gives what the focus goes to."""
    st.button(_("Back to the list"), on_click=moves.go, type="tertiary", key="people-back")
    look.title(_("Invite somebody"))
    focus = parts.outcome(page)
    if moves.last().link:
        st.button(_("Invite somebody else"), on_click=moves.go, kwargs={"do": "invite"}, key="people-another")
        return focus
    parts.role_question(page, None)
    parts.scope_question(page, actor, known, None)
    parts.organisation_question(actor, known, None)
    st.text_input(_("Email address at their organisation, if they sign in there"), key=moves.key("email"))
    st.html(f'<p class="tl-hint">{escape(_email_hint())}</p>')
    st.button(_("Make the invitation"), type="primary", on_click=moves.invite, args=(actor, known), key="people-make")
    return focus


def _email_hint() -> str:
    if settings().oidc_metadata_url:
        return _("With it they can come in through your organisation's sign-in. Without it they set a password here.")
    return _("This place has no sign-in of its organisation's yet, so leave it empty: they set a password here.")
