"""The start: what this is, and the way in for residents and staff."""

from html import escape

import streamlit as st

from insight.access import Actor, Permission, may
from insight.intake import current_place
from insight.language import _, spoken
from insight.settings import settings
from pages.kit import look
from pages.kit.a11y import Page
from pages.kit.menu import visible_to
from pages.sharing.frame import language_links, paragraphs


def render(actor: Actor) -> None:
    """Draw the start page."""
    with st.container(width=760):
        language_links()
        look.title(_("Tell us what it is really like"))
        _residents()
        _staff(actor)
    Page().finish(f"home/{spoken().code}")


def _residents() -> None:
    """What it is, and the ways in: the light form, which works on any phone, the page with pictures, the reference."""
    many = _(
        "When life brings a change, it is rarely one service that you deal with. Tell {place} how your journey across "
        "council, health, police, housing, benefits and charities went: where it helped, where it hurt, and what you "
        "had to do twice."
    ).format(place=current_place().name)
    short = _("It takes about five minutes. You can stop and come back. We do not ask for your name.")
    pictures = _("Use the page with pictures, which needs JavaScript")
    st.html(
        f'<div class="tl-prose">{paragraphs(many, short)}<p>{_link("tell", _("Tell your journey"), "tl-start")}</p>'
        f'<p class="tl-ways">{_link("tell/receipt", _("I have a reference"))}{_link("share", pictures)}</p></div>'
    )


def _link(path: str, words: str, style: str = "") -> str:
    """A way to another page of residents, in the language spoken here."""
    return f'<a class="{style}" href="/{path}?lang={spoken().code}" target="_self">{escape(words)}</a>'


def _staff(actor: Actor) -> None:
    entries = [entry for entry in visible_to(actor) if entry.permission is not Permission.TELL]
    if entries:
        st.subheader(_("For staff"), anchor=False)
        for entry in entries:
            st.html(f'<p><a href="/{entry.path}" target="_self">{escape(_(entry.title))}</a></p>')
    elif settings().demo_mode and not may(actor, Permission.SEE_INSIGHT):
        words = escape(_("To see what a service designer sees, choose a role and open the board of pain points."))
        look.note(f'<p><a href="/sign-in?next=%2Fpain-points" target="_self">{words}</a></p>')
