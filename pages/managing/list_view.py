"""Everybody who may sign in, the invitations that wait, and how often people were refused at the door."""

from collections.abc import Sequence
from datetime import date
from html import escape

import streamlit as st

from insight import accounts
from insight.access import Actor
from insight.accounts import Account, InvitationView, Refused
from insight.intake import Place
from insight.language import _, day, ngettext, noted
from pages.accounts import words
from pages.kit import look
from pages.kit.a11y import Field, Page
from pages.kit.words import when
from pages.managing import moves, parts

STYLES = """<style>
.tl-person h2{font-size:1.2rem;margin:0;padding:0}.tl-person p{margin:.15rem 0;overflow-wrap:anywhere}
.tl-off{display:inline-block;background:#505a5f;color:#fff;border-radius:4px;padding:0 .5rem;font-size:.95rem}
.tl-weak{border-inline-start:6px solid #b10e1e;padding-inline-start:.6rem}
[class*=st-key-tl-person] button{min-height:44px}
.tl-table{border-collapse:collapse;width:100%}.tl-table th,.tl-table td{text-align:start;padding:.4rem .8rem .4rem 0;
border-bottom:1px solid #b1b4b6;overflow-wrap:break-word}
</style>"""
WHY = {
    "password": noted("A login and a password that do not go together"),
    "code": noted("A wrong code"),
    "waiting": noted("Tried again before the wait was over"),
    "provider": noted("Vouched for by the organisation's sign-in, but not invited"),
}


def render(actor: Actor, known: Sequence[Place], page: Page) -> str:
    """Draw the list; gives what the focus goes to."""
    look.title(_("People"), _("Who may sign in, and what they may do. Nobody else sees the screens of staff."))
    focus = parts.outcome(page)
    st.html(STYLES)
    st.button(_("Invite somebody"), type="primary", on_click=moves.go, kwargs={"do": "invite"}, key="people-invite")
    everybody = accounts.people(actor)
    count = ngettext("{number} person", "{number} people", len(everybody)).format(number=len(everybody))
    st.html(f'<p class="tl-prose"><strong>{escape(count)}</strong></p>')
    for person in everybody:
        _person(person, known, page)
    _waiting(actor, accounts.invitations(actor), known, page)
    _refused(accounts.refused_sign_ins(actor))
    if everybody:
        _all_out(actor)
    return focus


def _person(person: Account, known: Sequence[Place], page: Page) -> None:
    key = f"people-open-{person.id}"
    with st.container(key=f"tl-person-{person.id}", border=True, gap="small"):
        st.html(f'<div class="tl-person"><h2>{escape(person.name)}{_off(person)}</h2>{facts(person, known)}</div>')
        st.button(_("Change"), key=key, on_click=moves.go, kwargs={"person": str(person.id)})
    page.fields.append(Field(key, name=_("Change {name}").format(name=person.name), button=True))


def _off(person: Account) -> str:
    return f' <span class="tl-off">{escape(_("Disabled"))}</span>' if person.disabled else ""


def facts(person: Account, known: Sequence[Place]) -> str:
    """What is known of somebody, as paragraphs."""
    role = words.role(person.role)
    if person.organisation:
        role = _("{role} at {organisation}").format(role=role, organisation=person.organisation)
    where = _("{role}, {places}").format(role=role, places=words.place_names(person.places, known))
    seen = _("Never signed in")
    if person.last_seen_at:
        seen = _("Last seen {when}").format(when=when(person.last_seen_at))
    strong = _("With a second factor") if person.second_factor else _("No second factor")
    weak = "" if person.second_factor or not person.has_password or person.disabled else ' class="tl-weak"'
    how = strong if person.has_password else _("Signs in through the organisation")
    return (
        f'<p class="tl-quiet">{escape(person.login)}</p><p>{escape(where)}</p>'
        f"<p{weak}>{escape(how)}</p><p>{escape(seen)}</p>"
    )


def _waiting(actor: Actor, waiting: Sequence[InvitationView], known: Sequence[Place], page: Page) -> None:
    if not waiting:
        return
    st.html(f'<h2 class="tl-h2">{escape(_("Invitations that wait"))}</h2>')
    for invited in waiting:
        whom = invited.email or _("whoever holds the link")
        ends = when(invited.expires_at)
        until = _("Made by {name}. Holds until {when}.").format(name=invited.made_by, when=ends)
        where = words.place_names(invited.places, known)
        role = _("{role}, {places}").format(role=words.role(invited.role), places=where)
        key = f"people-revoke-{invited.number}"
        with st.container(key=f"tl-person-invited-{invited.number}", border=True, gap="small"):
            told = "".join(f"<p>{escape(line)}</p>" for line in (role, until))
            st.html(f'<div class="tl-person"><p><strong>{escape(whom)}</strong></p>{told}</div>')
            st.button(_("Take back"), key=key, on_click=moves.revoke, args=(actor, invited.number))
        name = _("Take back the invitation for {whom}, {role}").format(whom=whom, role=role)
        page.fields.append(Field(key, name=name, button=True))


def _all_out(actor: Actor) -> None:
    with st.expander(_("If somebody may be signed in who should not be")):
        told = _("Everybody else on this list is signed out everywhere at once, and has to sign in again.")
        st.html(f'<p class="tl-prose">{escape(told)}</p>')
        label = _("Sign everybody else out")
        st.button(label, on_click=moves.sign_everybody_out, args=(actor,), key="people-all-out")


def _why(code: str) -> str:
    return _(WHY[code]) if code in WHY else code


def _refused(refused: Sequence[Refused]) -> None:
    if not refused:
        return
    times = sum(one.times for one in refused)
    with st.expander(_("Refused at the door in the last 30 days ({number})").format(number=times)):
        heads = "".join(f'<th scope="col">{escape(head)}</th>' for head in (_("Day"), _("Why"), _("Times")))
        rows = "".join(
            f"<tr><td>{escape(day(date.fromisoformat(one.day)))}</td><td>{escape(_why(one.why))}</td><td>{one.times}</td></tr>"
            for one in refused
        )
        st.html(f'<table class="tl-table"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>')
