"""The codebook: lasting themes made one's own, passages coded, what the machine learned, history, out and in."""

from importlib import import_module

import streamlit as st

from insight.access import Actor
from insight.intake import Place
from insight.language import _, noted
from pages.book import files_view, history_view, list_view, one_view, outcome, parts, several_view, split_view
from pages.kit import charts, look
from pages.kit.a11y import Page
from pages.pain import address, one_journey, places
from pages.paths import asking

FIRST = "themes"
VIEWS = {
    FIRST: noted("Themes"),
    "code": noted("Code passages"),
    "rounds": noted("Two people"),
    "machine": noted("How well the machine agrees"),
    "history": noted("History"),
    "files": noted("Out and in"),
}
DESKS = {"code": "desk_view", "rounds": "rounds_view", "machine": "machine_view"}


def render(actor: Actor) -> None:
    """Draw the view, the theme, or the step of a change that the address asks for."""
    st.html(charts.STYLES + asking.BY_WIDTH + one_journey.STYLES + parts.STYLES)
    place, page = places.place_asked(actor), Page()
    themes, doing = parts.themes_asked(), st.query_params.get("do", "")
    if len(themes) == 1 and doing == "split":
        split_view.render(actor, place, page, themes[0])
    elif themes and doing in several_view.STEPS:
        several_view.render(actor, place, page, [number for number in themes if number is not None], doing)
    elif len(themes) == 1:
        one_view.render(actor, place, page, themes[0])
    else:
        _views(actor, place, page)
    words = "/".join(st.query_params.get(name, "") for name in ("theme", "do", "view", "round", "page", "order"))
    page.finish(f"codebook/{words}/{outcome.turn()}", outcome.focus())


def _views(actor: Actor, place: Place, page: Page) -> None:
    if st.query_params.get("view") not in DESKS:
        outcome.say(actor, place, page)
    look.title(_("Codebook"), _("The themes that last from one analysis to the next, in your words."))
    place = places.choose_place(actor, place)
    address.take("view", VIEWS, FIRST)
    chosen = st.segmented_control(
        _("View"),
        list(VIEWS),
        format_func=lambda view: _(VIEWS[view]),
        key="view",
        on_change=_another_view,
        required=True,
    )
    view = chosen or FIRST
    if view in DESKS:
        import_module(f"pages.coding.{DESKS[view]}").draw(actor, place)
        return
    if view == "history":
        history_view.render(actor, place, page)
    elif view == "files":
        files_view.render(actor, place, page)
    else:
        list_view.render(actor, place, page)


def _another_view() -> None:
    asking.forget("page")
    outcome.forget()
    address.put("view", FIRST)
