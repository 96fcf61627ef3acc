"""Journeys: the paths people really take, where they wait, are passed on and turn back, in one picture or many."""

from collections.abc import Callable
from html import escape
from importlib import import_module

import streamlit as st

from insight import journeys, runs
from insight.access import Actor, Permission, may
from insight.intake import Place
from insight.journeys import TOLD, Asked, Source
from insight.language import _, day, noted
from pages.kit import charts, look
from pages.kit.a11y import Page
from pages.pain import address, one_journey, places
from pages.pain.filters import choose_filters
from pages.paths import asking, journeys_view, phases_view, said, strips

Drawn = Callable[[Actor, Place, Asked, str], None]
USUAL = {
    noted("Map"): "map_view",
    noted("Paths"): "paths_view",
    noted("Handoffs"): "handoffs_view",
    noted("Feelings"): "curve_view",
    noted("Waits"): "waits_view",
    noted("Journeys"): "journeys_view",
}
MORE = noted("More views")
REST = {
    noted("Kinds"): "kinds_view",
    noted("Compare"): "compare_view",
    noted("Intended"): "intended_view",
    noted("Case logs"): "case_logs_view",
}
FIRST, CASE_LOGS = "Map", "Case logs"
FELT_ONLY, READ_ONLY = {"Feelings"}, {"Journeys"}


def render(actor: Actor) -> None:
    """Draw the view of journeys, or the one journey, that the address asks for."""
    st.html(charts.STYLES + strips.STYLES + one_journey.STYLES + asking.BY_WIDTH)
    place, opened = places.place_asked(actor), st.query_params.get("journey", "")
    focus = st.session_state.pop(asking.FOCUS, "")
    if "phases" in st.query_params and may(actor, Permission.RUN_ANALYSIS):
        phases_view.render(actor, place)
    elif opened.isdecimal() and may(actor, Permission.READ_STORIES):
        journeys_view.one(actor, place, int(opened))
        Page().finish(f"journeys/one/{opened}")
    else:
        _views(actor, place)
        Page().finish(f"journeys/{asking.standing()}/{st.session_state.get(asking.TURN, 0)}", focus)


def _views(actor: Actor, place: Place) -> None:
    look.title(_("Journeys"), _("The paths people really take: where they wait, are passed on, and turn back."))
    pain = asking.pain_asked(actor, place)
    asking.way_back_to_pain(actor, pain)
    journeys_view.way_back()
    place = places.choose_place(actor, place)
    known = {source.code: source for source in journeys.sources(actor, place)}
    source = known.get(asking.choose_source({code: one.name for code, one in known.items()}))
    view = _choose_view(actor, source)
    if view == CASE_LOGS:
        import_module("pages.paths.case_logs_view").render(actor, place)
        return
    code = source.code if source else TOLD
    asked = asking.asked(choose_filters(journeys.choices(actor, place, code)))
    _summary(actor, place, source)
    asking.chips(asked, view, pain)
    draw: Drawn = import_module(f"pages.paths.{(USUAL | REST)[view]}").render
    draw(actor, place, asked, code)


def _choose_view(actor: Actor, source: Source | None) -> str:
    """The views most used stand side by side; the others behind one more press."""
    left_out = set() if source is None or source.felt else FELT_ONLY
    left_out = left_out | (set() if may(actor, Permission.READ_STORIES) else READ_ONLY)
    usual = [view for view in USUAL if view not in left_out]
    asked = st.query_params.get("view", FIRST)
    asked = asked if asked in usual or asked in REST else FIRST
    st.session_state["views"] = MORE if asked in REST else asked
    st.segmented_control(_("View"), [*usual, MORE], format_func=_, key="views", on_change=_another_view, required=True)
    if asked in REST:
        address.take("view", REST, asked)
        st.segmented_control(
            _("More views"),
            list(REST),
            format_func=_,
            key="view",
            on_change=address.put,
            args=("view",),
            required=True,
            label_visibility="collapsed",
        )
    return asked


def _another_view() -> None:
    chosen = st.session_state.get("views") or FIRST
    asking.forget("came", "added", "page")
    if chosen == FIRST:
        asking.forget("view")
    else:
        st.query_params["view"] = next(iter(REST)) if chosen == MORE else chosen


def _summary(actor: Actor, place: Place, source: Source | None) -> None:
    """What the views rest on, in one line."""
    if source is None:
        return
    invented = f' <span class="tl-synthetic">{escape(_("Invented journeys"))}</span>' if place.synthetic else ""
    run = runs.published(actor, place.id) if source.code == TOLD else None
    when = _("Analysed on {day}.").format(day=day(run.finished_at or run.started_at)) if run else source.name + "."
    rests = escape(_("{journeys} in {place}.")).format(
        journeys=escape(said.journeys(source.journeys)), place=f"<strong>{escape(place.name)}</strong>"
    )
    st.html(f'<p style="margin:.2rem 0">{rests} {escape(when)}{invented}</p>')
