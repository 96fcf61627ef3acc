"""Journeys one by one: a list of strips, and one journey in its teller's words."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from insight import journeys
from insight.access import Actor
from insight.intake import Place
from insight.journeys import TOLD, Asked, CaseBehind, JourneyLine
from insight.language import _, day, noted
from pages.kit import charts, words
from pages.pain import one_journey
from pages.paths import asking, said, strips

VIEW = "Journeys"
BACK = {
    "Paths": noted("Back to the paths"),
    "Handoffs": noted("Back to the handoffs"),
    "Kinds": noted("Back to the kinds"),
    "Map": noted("Back to the map"),
    "Waits": noted("Back to the waits"),
}


def way_back() -> None:
    """A button back to the view from which these journeys were opened."""
    came = st.query_params.get("came")
    if came in BACK:
        st.button(_(BACK[came]), icon=":material/arrow_back:", key="back-to-view", on_click=asking.back_to_view)


def render(actor: Actor, place: Place, asked: Asked, source: str) -> None:
    """Draw a page of the list of journeys."""
    page = st.query_params.get("page", "1")
    found = journeys.journey_list(actor, place, asked, int(page) if page.isdecimal() else 1, source)
    st.subheader(said.journeys(found.total), anchor=False)
    if not found.lines:
        st.info(_("No journey is left under these filters. Clear a filter to see more."))
        return
    paint = strips.colours(line.steps for line in found.lines)
    for line in found.lines:
        _line(line, paint, opens=source == TOLD)
    _pager(found.page, found.pages)


def _line(line: JourneyLine, paint: strips.Colours, *, opens: bool) -> None:
    names = [step or _("A service not named") for step in line.steps]
    facts = [
        words.need(line.need) if line.need else None,
        _("told in {month}").format(month=words.month(line.month)) if line.month else None,
    ]
    with st.container(key=f"strip-row-{line.number}"):
        left, right = st.columns([4, 1], vertical_alignment="center")
        meta = escape(" · ".join(fact for fact in facts if fact))
        left.html(f"{strips.strip(names, paint, line.feelings)}<p>{meta}</p>")
        if opens:
            key = f"read-{line.number}"
            right.button(
                _("Read this journey :gray[number {number}]").format(number=line.number + 1),
                key=key,
                type="tertiary",
                wrap=True,
                on_click=_open,
                args=(line.number, key),
            )


def _open(number: int, key: str) -> None:
    asking.remember(VIEW, key)
    st.query_params["journey"] = str(number)


def _pager(page: int, pages: int) -> None:
    if pages == 1:
        return
    before, here, after = st.columns(3, vertical_alignment="center")
    before.button(_("Previous"), disabled=page <= 1, on_click=_turn, args=(page - 1,))
    here.write(_("Page {number} of {all}").format(number=page, all=f"{pages:,}"))
    after.button(_("Next"), disabled=page >= pages, on_click=_turn, args=(page + 1,))


def _turn(page: int) -> None:
    st.query_params["page"] = str(page)


def one(actor: Actor, place: Place, number: int) -> None:
    """Draw one journey, as it was told."""
    st.button(_("Back to the journeys"), icon=":material/arrow_back:", on_click=_close)
    one_journey.draw(journeys.one_journey(actor, place, number))
    for behind in journeys.case_behind(actor, place, number):
        _recorded(behind)

    def send(kinds: Sequence[str], note: str) -> None:
        journeys.raise_concern(actor, place, number, kinds, note)
        _close()

    one_journey.worry(f"journey-{number}", send)


def _recorded(behind: CaseBehind) -> None:
    """What a service's own system recorded of the same journey."""
    st.subheader(_("Recorded in {log}").format(log=behind.case_log), anchor=False)
    if behind.recorded_days is not None and behind.told_days is not None:
        told = _("From first to last recorded step: {recorded}. Waiting as told, all together: {told}.")
        st.markdown(told.format(recorded=said.days(behind.recorded_days), told=said.days(behind.told_days)))
    head = (_("Step"), _("Organisation"), _("Day"), _("Days since the step before"))
    rows = [
        (step.name, step.organisation or "", day(step.day) if step.day else "", _since(step.days))
        for step in behind.steps
    ]
    st.html(charts.table(head, rows, numbers=(3,)))


def _since(days: float | None) -> str:
    return "" if days is None else f"{days:,.0f}"


def _close() -> None:
    asking.come_back_to(VIEW)
    asking.forget("journey")
