"""The audit: who did what that matters, and whether anybody changed what is written here."""

import streamlit as st

from insight.access import Actor
from insight.language import _
from pages.auditing import check_view, list_view
from pages.kit import look
from pages.kit.a11y import Page


def render(actor: Actor) -> None:
    """Draw the check and the newest entries."""
    page = Page()
    check_view.problem()
    look.title(
        _("Audit"),
        _(
            "Every reading of a story as it was told, every download and every step of consequence stands here. It is "
            "written down before it is done, so an action that was then refused or failed stands here too. Nothing "
            "that people wrote is in it."
        ),
    )
    if check_view.last().wrong:
        st.set_page_config(page_title=_("Error: {title}").format(title=f"{_('Audit')} - Throughline"))
    with st.container(width=820, key="tl-column"):
        check_view.draw(actor, page)
    list_view.draw(actor)
    page.finish(f"audit/{check_view.last().turn}/{st.query_params.get('page', '')}", check_view.focus())
