"""A passage in its surroundings, and the whole journey behind it."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from insight.access import Actor
from insight.intake import Place
from insight.language import _, day
from insight.painpoints import Evidence, journey, raise_concern
from pages.kit import words
from pages.pain import one_journey
from pages.pain.cards import lang
from pages.paths.asking import forget


def said(told: Evidence) -> str:
    """A passage in its surroundings, with where it was said."""
    parts = [
        told.service or _("No one service"),
        words.channel(told.channel) if told.channel else None,
        words.field(told.field),
        words.need(told.need) if told.need else None,
        one_journey.felt(told.feeling),
        _("told on {day}").format(day=day(told.told_on)),
        None if told.may_quote else _("not for quoting"),
    ]
    meta = " · ".join(escape(part) for part in parts if part)
    return (
        f'<div class="tl-said"><p{lang(told.language)}>{escape(told.before)}<mark>{escape(told.passage)}</mark>'
        f'{escape(told.after)}</p><p class="tl-meta">{meta}</p></div>'
    )


def read_on(number: int) -> None:
    """When somebody wants the whole journey: it stands in the address."""
    st.query_params["passage"] = str(number)


def journey_behind(actor: Actor, place: Place, number: int, back: str) -> None:
    """The whole journey that a passage stands in, under a way back."""
    st.button(back, icon=":material/arrow_back:", on_click=forget, args=("passage",))
    one_journey.draw(journey(actor, place, number))

    def send(kinds: Sequence[str], note: str) -> None:
        raise_concern(actor, place, number, kinds, note)
        forget("passage")

    one_journey.worry(str(number), send)
