"""The start: what this is, and the way in for residents and staff."""

import streamlit as st

from insight.access import Actor, Permission, may
from insight.intake import current_place
from insight.settings import settings
from pages.kit import look
from pages.kit.menu import visible_to


def render(actor: Actor) -> None:
    """Draw the start page."""
    place = current_place()
    look.title("Tell us what it is really like")
    with st.container(width=760):
        st.markdown(
            f"When life brings a change, it is rarely one service that you deal with. Tell **{place.name}** how your "
            "journey across council, health, police, housing, benefits and charities went: where it helped, where it "
            "hurt, and what you had to do twice.\n\n"
            "It takes about five minutes. You can stop and come back. We do not ask for your name."
        )
        if st.button("Tell your journey", type="primary"):
            st.switch_page(st.Page(_nothing, url_path="share", title="Tell your journey"))
        _staff(actor)


def _nothing() -> None:
    """``st.switch_page`` goes by the address alone."""


def _staff(actor: Actor) -> None:
    entries = [entry for entry in visible_to(actor) if entry.permission is not Permission.TELL]
    if entries:
        st.subheader("For staff", anchor=False)
        for entry in entries:
            st.html(f'<p><a href="/{entry.path}" target="_self">{entry.title}</a></p>')
    elif settings().demo_mode and not may(actor, Permission.SEE_INSIGHT):
        look.note(
            '<p>To see what a service designer sees, <a href="/sign-in?next=%2Fpain-points" target="_self">choose a '
            "role and open the board of pain points</a>.</p>"
        )
