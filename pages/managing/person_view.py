"""One person: what they may do, a way back in, and whether they may sign in at all."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from insight import accounts
from insight.access import Actor
from insight.accounts import Account
from insight.errors import NotFound
from insight.intake import Place
from insight.language import _
from pages.kit import look
from pages.kit.a11y import Page
from pages.managing import list_view, moves, parts


def render(actor: Actor, number: int, known: Sequence[Place], page: Page) -> str:
    """Draw one person; gives what the focus goes to."""
    person = next((one for one in accounts.people(actor) if one.id == number), None)
    if person is None:
        raise NotFound(_("There is nobody here with that address. Go back to the list."))
    st.button(_("Back to the list"), on_click=moves.go, type="tertiary", key="people-back")
    look.title(person.name)
    focus = parts.outcome(page)
    st.html(f'{list_view.STYLES}<div class="tl-person">{list_view.facts(person, known)}</div>')
    if person.id == actor.account:
        _own()
        return focus
    _may_do(actor, person, known, page)
    _back_in(actor, person)
    _at_all(actor, person)
    return focus


def _own() -> None:
    told = escape(_("This is your own account. Somebody else has to change what you may do."))
    look.note(f'<p>{told}</p><p><a href="/account" target="_self">{escape(_("Go to your account"))}</a></p>')


def _may_do(actor: Actor, person: Account, known: Sequence[Place], page: Page) -> None:
    st.html(f'<h2 class="tl-h2">{escape(_("What they may do"))}</h2>')
    parts.role_question(page, person.role)
    parts.scope_question(page, actor, known, person.places)
    parts.organisation_question(actor, known, person.organisation)
    st.button(_("Save"), type="primary", on_click=moves.change, args=(actor, person.id, known), key="people-save")


def _back_in(actor: Actor, person: Account) -> None:
    st.html(f'<h2 class="tl-h2">{escape(_("Help them back in"))}</h2>')
    sure = _("Be sure that it is they who ask: speak to them, or see them.")
    st.html(f'<p class="tl-prose">{escape(sure)}</p>')
    label = _("Make a link for a new password") if person.has_password else _("Make a link for a password of their own")
    st.button(label, on_click=moves.new_password, args=(actor, person.id), key="people-password")
    if person.second_factor:
        label = _("Take their second factor away")
        st.button(label, on_click=moves.no_second_factor, args=(actor, person.id), key="people-factor")


def _at_all(actor: Actor, person: Account) -> None:
    st.html(f'<h2 class="tl-h2">{escape(_("Whether they may sign in"))}</h2>')
    if person.disabled:
        st.button(_("Let them sign in again"), on_click=moves.enable, args=(actor, person.id), key="people-enable")
        return
    st.button(_("Sign them out everywhere"), on_click=moves.sign_out, args=(actor, person.id), key="people-out")
    told = _("Disabling signs them out everywhere at once. What they did here stays, with their name.")
    st.html(f'<p class="tl-prose">{escape(told)}</p>')
    st.button(_("Disable this account"), on_click=moves.disable, args=(actor, person.id), key="people-disable")
