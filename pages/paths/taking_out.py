"""Journeys taken out for other tools: which journeys, in which form, and what the file does not hold."""

from html import escape

import streamlit as st

from insight import journeys
from insight.access import Actor, Permission, may
from insight.errors import InsightError
from insight.intake import Place
from insight.journeys import exporting
from insight.journeys.exporting import FILE_NAMES, Form
from insight.language import _, noted
from insight.settings import settings
from pages.kit import look
from pages.paths import asking, said

FORMS = {
    Form.CSV: noted("Tables (CSV, with a description of every column)"),
    Form.XES: noted("Event log (XES), for process mining tools"),
    Form.OCEL: noted("Object-centric event log (OCEL 2.0)"),
}
KINDS = {Form.CSV: "application/zip", Form.XES: "application/gzip", Form.OCEL: "application/zip"}


def render(actor: Actor, place: Place) -> None:
    """Offer the journeys that the address asks for as a file, to those who may take tables out."""
    if not may(actor, Permission.EXPORT):
        return
    known = {source.code: source for source in journeys.sources(actor, place)}
    source = known.get(asking.source_asked())
    if source is None:
        return
    st.html(f'<h2 class="tl-h2">{escape(_("Take journeys out for other tools"))}</h2>')
    asked = asking.asked()
    try:
        count = exporting.journeys_leaving(actor, place, asked, source.code)
    except InsightError as problem:
        look.problem(str(problem))
        return
    told = _("{source}, with the filters in force: {journeys}.")
    st.html(f"<p>{escape(told.format(source=source.name, journeys=said.journeys(count)))}</p>")
    look.note(f"<p>{escape(_warning())}</p>")
    form = st.radio(_("Form"), list(FORMS), format_func=lambda one: _(FORMS[one]), key="take-out-form")
    st.download_button(
        _("Download the journeys"),
        lambda: exporting.export_log(actor, place, form, asked, source.code),
        FILE_NAMES[form],
        KINDS[form],
        on_click="ignore",
        key="take-out",
    )


def _warning() -> str:
    return _(
        "Each row is one person's journey, without names, references or anything that people wrote. A rare path may "
        "still be recognised, so treat the file as personal data. Journeys get new random names in every file. "
        "Services and organisations that fewer than {least} journeys met are written as another service or another "
        "organisation."
    ).format(least=settings().threshold_inside)
