"""Moderation: new stories are looked through here, one at a time: marks, rejections, and quotes that may leave."""

import streamlit as st

from insight.access import Actor
from pages.kit.a11y import Page
from pages.kit.placing import choose_place
from pages.moderating import moves, queue_view, story_view


def render(actor: Actor) -> None:
    """Draw the queue, or the story that was opened. The address never names more than its number."""
    page, place = Page(), choose_place(actor)
    asked = st.query_params.get("story", "")
    focus, name = "", "queue"
    if asked.isascii() and asked.isdecimal():
        focus, name = story_view.render(actor, place, int(asked[:9]), page), asked
    else:
        moves.put_away()
        queue_view.render(actor, place, page)
    page.finish(f"moderation/{name}/{moves.last().turn}/{st.query_params.get('page', '')}", focus)
