"""What is asked for on the journeys screen stands in the address as codes: read from it, put into it, said in words.

The filters, the view and the place are the board's own (``pages/pain``); a case log is named by ``log``, since
``source`` is the filter by how a story reached us.
"""

from collections.abc import Iterator, Mapping
from html import escape
from urllib.parse import urlencode

import streamlit as st

from insight import journeys
from insight.access import Actor, Permission, may
from insight.errors import InsightError
from insight.intake import Place
from insight.journeys import TOLD, Asked, Grain
from insight.language import _, noted
from insight.painpoints import Filters
from insight.privacy import ROUNDED_TO, Audience, least_shown
from pages.pain import address
from pages.pain.filters import filters_asked

NARROWED = {"theme": ("theme",), "handoff": ("passed_from", "passed_to"), "path": ("path",), "kind": ("kind",)}
OPENED, FOCUS = "journeys_opened", "journeys_focus"  # what was opened, by view; where the focus goes next
TURN = "journeys_turn"  # counts what was done within a view, so that the focus may follow
CHOSEN_IN = {"Handoffs": "handoff", "Kinds": "kind"}  # a choice among all that the view shows, no narrowing
GRAINS = {
    Grain.SERVICE: noted("Services"),
    Grain.ORGANISATION: noted("Organisations"),
    Grain.CHANNEL: noted("Channels"),
}

BY_WIDTH = """<style>.tl-narrow-only{display:none}
@media (max-width:900px){.tl-wide-only{display:none}.tl-narrow-only{display:block}}
@media (max-width:600px){.tl-table th,.tl-table td{overflow-wrap:anywhere;hyphens:auto;padding-inline-end:.35rem}
[data-testid=stButtonGroup] button{border-inline:1px solid #6b7275 !important;margin-inline:0 !important}}
</style>"""


def source_asked() -> str:
    """The code of the journeys that are looked at: those that were told, or a case log."""
    return st.query_params.get("log", TOLD)


def asked(filters: Filters | None = None) -> Asked:
    """All that the address asks for; what it cannot mean is passed over."""
    start, end = st.query_params.get("passed_from"), st.query_params.get("passed_to")
    return Asked(
        filters=filters or filters_asked(),
        theme=_number("theme"),
        handoff=(start, end) if start and end else None,
        path=_number("path"),
        kind=_number("kind"),
        grain=grain_asked(),
    )


def grain_asked() -> Grain:
    """What is called a step."""
    said = st.query_params.get("grain")
    return Grain(said) if said in set(Grain) else Grain.SERVICE


def _number(name: str) -> int | None:
    said = st.query_params.get(name, "")
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 10 else None


def choose_source(known: Mapping[str, str]) -> str:
    """Offer what people told beside the case logs, by code and name, where there is a case log."""
    if len(known) < 2:
        return next(iter(known), TOLD)
    address.take("log", known, TOLD)
    chosen = st.selectbox(
        _("Which journeys"),
        list(known),
        format_func=lambda code: known[code],
        key="log",
        on_change=_another_source,
    )
    return chosen or TOLD


def _another_source() -> None:
    """Names and numbers of one source mean nothing in another."""
    for names in NARROWED.values():
        forget(*names)
    forget(*Filters.__slots__)
    address.put("log", TOLD)


def choose_grain() -> Grain:
    """Offer what is called a step; a path is a path under one grain only."""
    address.take("grain", GRAINS, Grain.SERVICE)
    chosen = st.segmented_control(
        _("What counts as a step"),
        list(GRAINS),
        format_func=lambda grain: _(GRAINS[grain]),
        key="grain",
        on_change=_another_grain,
    )
    return chosen or Grain.SERVICE


def _another_grain() -> None:
    forget("path", "step", "move")
    address.put("grain", Grain.SERVICE)


def chips(wanted: Asked, view: str, pain: str) -> None:
    """What narrows the journeys of a view beside the filters, in words, each to be removed."""
    with st.container(horizontal=True):
        for name, said in narrowed(wanted, pain):
            if name != CHOSEN_IN.get(view):
                label = _("{what}. Remove").format(what=said)
                st.button(
                    label,
                    key=f"chip-{name}",
                    icon=":material/close:",
                    wrap=True,
                    on_click=forget,
                    args=NARROWED[name],
                )


def narrowed(wanted: Asked, pain: str) -> Iterator[tuple[str, str]]:
    """The name of each narrowing in force, and how it is said; ``pain`` is what the pain point is called."""
    if wanted.theme is not None:
        yield "theme", _("Only journeys that tell of: {pain}").format(pain=pain)
    if wanted.handoff:
        start, end = wanted.handoff
        told = _("Only journeys passed on from {first} to {second}")
        if wanted.theme is not None:
            told = _("Only where they tell of it as they were passed on from {first} to {second}")
        yield "handoff", told.format(first=start, second=end)
    if wanted.path is not None:
        yield "path", _("Only journeys on path {number}").format(number=wanted.path + 1)
    if wanted.kind is not None:
        yield "kind", _("Only journeys of kind {number}").format(number=wanted.kind + 1)


def pain_asked(actor: Actor, place: Place) -> str:
    """What the pain point in the address is called; nothing where none is asked for."""
    theme = _number("theme")
    if theme is None:
        return ""
    try:
        return journeys.places_of_pain(actor, place, theme).label
    except InsightError:
        return str(theme)


def way_back_to_pain(actor: Actor, pain: str) -> None:
    """A link back to the pain point whose journeys are looked at, for those who may read it."""
    if pain and may(actor, Permission.READ_STORIES):
        said = escape(_("Back to the pain point: {pain}").format(pain=pain))
        there = link("pain-points", theme=_number("theme"))
        st.html(f'<p class="tl-ways"><a data-go="1" href="{there}" target="_self">{said}</a></p>')


def forget(*names: str) -> None:
    """Take words out of the address."""
    for name in names:
        st.query_params.pop(name, None)


def see_journeys(opener: str, view: str, narrowing: Mapping[str, str]) -> None:
    """Go to the list of the journeys behind something that was pressed in a view; ``opener`` is its key."""
    new = [name for name, value in narrowing.items() if st.query_params.get(name) != value]
    remember(view, opener)
    forget("page", "added")
    st.query_params.update({**narrowing, "view": "Journeys", "came": view})
    if new:
        st.query_params["added"] = ",".join(new)


def back_to_view() -> None:
    """Go back to the view that the journeys were opened from, as it was, and to what was pressed there."""
    view = st.query_params.get("came", "")
    come_back_to(view)
    added = st.query_params.get("added", "").split(",")
    forget("came", "added", "page", *(name for name in added if name in NAMES))
    st.query_params["view"] = view


def remember(view: str, opener: str) -> None:
    """Note what is opened in a view, for the way back."""
    st.session_state[OPENED] = {**st.session_state.get(OPENED, {}), view: opener}


def come_back_to(view: str) -> None:
    """Let the focus go to what was opened in a view."""
    st.session_state[FOCUS] = st.session_state.get(OPENED, {}).get(view, "")


def download(actor: Actor, place: Place, asked: Asked, source: str, view: str, label: str = "") -> None:
    """Offer a view's table as CSV to those who may take tables out: as it is here, and as it may be published."""
    if not may(actor, Permission.EXPORT):
        return
    st.download_button(
        label or _("Download this table (CSV)"),
        lambda: journeys.export_table(actor, place, view, asked, source),
        f"{view}.csv",
        "text/csv",
        on_click="ignore",
        key=f"csv-{view}",
    )
    st.caption(_("This table is for people who work in this place. Do not pass it on."))
    st.download_button(
        _("{download}: a version to publish").format(download=label)
        if label
        else _("Download a table to publish (CSV)"),
        lambda: journeys.export_table(actor, place, view, asked, source, Audience.OUTSIDE),
        f"{view}-to-publish.csv",
        "text/csv",
        on_click="ignore",
        key=f"csv-{view}-to-publish",
    )
    st.caption(
        _("Numbers in it are rounded to {step}, and those below {least} are left out. It holds no quotes.").format(
            step=ROUNDED_TO, least=least_shown(Audience.OUTSIDE)
        )
    )


def standing() -> str:
    """What is asked for, in short: where it changes, somebody has gone somewhere else on the screen."""
    return "/".join(st.query_params.get(name, "") for name in ("came", "page", *sorted(NAMES)))


NAMES = frozenset(name for names in NARROWED.values() for name in names)


def link(path: str, **words: str | int | None) -> str:
    """An address within the product; empty words stay out."""
    place, language = st.query_params.get("place"), st.query_params.get("lang")
    said = {"place": place, "lang": language, **words}
    return escape(
        f"/{path}?{urlencode({name: value for name, value in said.items() if value is not None})}", quote=True
    )
