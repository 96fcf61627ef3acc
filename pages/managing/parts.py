"""What the list, the invitation and one person's page share: outcomes, links, and the questions about a role."""

from collections.abc import Sequence
from html import escape
from urllib.parse import urlsplit

import streamlit as st

from insight import intake
from insight.access import Actor, Role
from insight.accounts import InvitationMade
from insight.intake import Place
from insight.language import _
from insight.settings import settings
from pages.accounts import words
from pages.kit.a11y import Field, Page
from pages.kit.words import when
from pages.managing import moves

INVITED = [role for role in Role if role is not Role.RESIDENT]
SUMMARY = "error-summary"


def outcome(page: Page) -> str:
    """Say what the last button led to; gives what the focus goes to."""
    last = moves.last()
    if last.wrong:
        rows = "".join(f"<li>{_wrong(field, why)}</li>" for field, why in last.wrong)
        heading = escape(_("There is a problem"))
        st.html(f'<div class="tl-error" id="{SUMMARY}" role="alert"><h2>{heading}</h2><ul>{rows}</ul></div>')
        return SUMMARY
    if last.done:
        st.html(f'<div class="tl-saved" id="saved" role="status"><p>{escape(last.done)}</p></div>')
        if last.link:
            link(last.link)
        return "saved"
    return ""


def _wrong(field: str, why: str) -> str:
    if not field:
        return escape(why)
    return f'<a href="#{SUMMARY}" data-field="{moves.key(field)}">{escape(why)}</a>'


def link(made: InvitationMade) -> None:
    """A link to copy and pass on, shown this once."""
    told = _(
        "Copy this link and give it to them yourself, in a message that only they read. It works once, until {when}, "
        "and is shown only now."
    ).format(when=when(made.expires_at))
    st.html(f'<p class="tl-prose">{escape(told)}</p>')
    st.code(f"{_site()}/invitation/{made.token}", language=None, wrap_lines=True)


def role_question(page: Page, chosen: Role | None) -> None:
    """Ask for a role; each is offered with what it is for."""
    options = [role.value for role in INVITED]
    _tie(page, "role")
    st.radio(
        _("Role"),
        options,
        index=options.index(chosen.value) if chosen in INVITED else None,
        key=moves.key("role"),
        format_func=lambda code: f"**{words.role(Role(code))}**",
        captions=[words.what_for(role) for role in INVITED],
    )


def scope_question(page: Page, actor: Actor, known: Sequence[Place], chosen: frozenset[int] | None) -> None:
    """Ask for the places: every place, or only some; who has only some can give no others."""
    offered = [place for place in known if actor.places is None or place.id in actor.places]
    if actor.places is None:
        names = {moves.EVERY: _("Every place"), moves.SOME: _("Only the places that I tick")}
        start = 0 if chosen is None else 1
        scope = st.radio(_("Places"), list(names), index=start, key=moves.key("scope"), format_func=names.__getitem__)
    else:
        st.session_state[moves.key("scope")] = scope = moves.SOME
    if scope == moves.SOME:
        with st.container(key=moves.key("places")):
            for place in offered:
                ticked = place.id in chosen if chosen is not None else len(offered) == 1
                st.checkbox(place.name, ticked, key=moves.tick(place))
        page.fields.append(Field(moves.key("places"), name=_("Places"), group=True))
    _tie(page, "scope")


def organisation_question(actor: Actor, known: Sequence[Place], chosen: str | None) -> None:
    """Ask for a partner's organisation; it has to be named as its stories name it, so the known ones are offered."""
    names = {name for place in known for name in intake.place_lists(actor, place).organisations}
    own = {actor.organisation} if actor.organisation else names | ({chosen} if chosen else set())
    options = sorted(name for name in own if name)
    st.selectbox(
        _("Organisation, for partners only"),
        options,
        index=options.index(chosen) if chosen in options else None,
        key=moves.key("organisation"),
        placeholder=_("None: they see the whole place"),
        accept_new_options=actor.organisation is None,
    )
    hint = _("A partner sees whole what its own staff gathered, and of all else counts and released quotes.")
    st.html(f'<p class="tl-hint">{escape(hint)}</p>')


def _tie(page: Page, name: str) -> None:
    why = next((told for field, told in moves.last().wrong if field == name), "")
    if why:
        named = f"people-{name}-error"
        st.html(f'<p class="tl-field-error" id="{named}">{escape(why)}</p>')
        page.fields.append(Field(moves.key(name), described_by=named, wrong=True))


def _site() -> str:
    """The address by which people come here."""
    here = urlsplit(st.context.url or "")
    return settings().public_url.rstrip("/") or f"{here.scheme}://{here.netloc}"
