"""Which place a board is of, chosen where there are several; it stands in the address as its code."""

import streamlit as st

from insight.access import Actor
from insight.intake import Place, place_for, places_for
from insight.language import _
from pages.pain import address


def place_asked(actor: Actor) -> Place:
    """The place in the address, else the usual one, as far as this actor may act there."""
    return place_for(actor, st.query_params.get("place"))


def choose_place(actor: Actor, place: Place) -> Place:
    """Offer the places where this actor may act in several."""
    known = {found.code: found for found in places_for(actor)}
    if len(known) == 1:
        return place
    address.take("place", known, place.code)
    chosen = st.selectbox(
        _("Place"),
        list(known),
        format_func=lambda code: named(known[code]),
        key="place",
        on_change=address.put,
        args=("place",),
    )
    return known[chosen or place.code]


def named(place: Place) -> str:
    """A place's name, with a word where it is invented."""
    return _("{place} (invented)").format(place=place.name) if place.synthetic else place.name
