"""The board of pain points, and one pain point with its evidence."""

import streamlit as st

from insight.access import Actor, Permission, may
from insight.intake import Place
from insight.language import _, noted
from insight.painpoints import board, choices
from insight.painpoints.newcomers import newcomers
from pages.kit import charts, look
from pages.kit.a11y import Page
from pages.pain import (
    across_view,
    address,
    board_views,
    changed_view,
    differs_view,
    evidence_view,
    fineness,
    places,
    together_view,
)
from pages.pain.filters import choose_filters, filters_asked
from pages.paths.asking import BY_WIDTH

VIEWS = {
    noted("Pain points"): board_views.pain_points,
    noted("Across services"): across_view.draw,
    noted("What changed"): changed_view.render,
    noted("Who differs"): differs_view.render,
    noted("Told together"): together_view.render,
    noted("By service"): board_views.by_service,
    noted("Map"): board_views.passage_map,
    noted("What works well"): board_views.works_well,
}
FIRST = "Pain points"


def render(actor: Actor) -> None:
    """Draw the board, or what the address asks for."""
    st.html(charts.STYLES + BY_WIDTH)
    place = places.place_asked(actor)
    asked = address.number("theme")
    if asked is not None and may(actor, Permission.READ_STORIES):
        evidence_view.render(actor, place, asked, filters_asked())
        Page().finish(f"pain/{asked}/{st.query_params.get('passage', '')}/{st.query_params.get('page', '')}")
    else:
        _board(actor, place)
        Page().finish("board")


def _board(actor: Actor, place: Place) -> None:
    look.title(
        _("Pain points"), _("Where journeys hurt, across services: what people say, how many say it, and where.")
    )
    place = places.choose_place(actor, place)
    filters = choose_filters(choices(actor, place))
    shown = board(actor, place, filters)
    board_views.summary(place, shown)
    board_views.arrived_since(actor, newcomers(actor, place))
    address.take("view", VIEWS, FIRST)
    view = st.segmented_control(
        _("View"), list(VIEWS), format_func=_, key="view", on_change=address.put, args=("view", FIRST)
    )
    fineness.choose(shown)
    VIEWS[view or FIRST](actor, place, shown)
