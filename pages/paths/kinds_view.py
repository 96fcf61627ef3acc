"""Kinds of journey: alike in path, words and feeling, each named by the path in its middle."""

from dataclasses import replace
from html import escape

import streamlit as st

from insight import journeys
from insight.access import Actor, Permission, may
from insight.intake import Place
from insight.journeys import Asked, Kind, Kinds
from insight.language import _, noted
from pages.kit import charts, words
from pages.pain.board_views import CARD
from pages.paths import asking, said, strips

VIEW, MOST = "Kinds", 5
VIEWS = {
    "words": noted("what people say"),
    "path": noted("the path"),
    "feeling": noted("how it felt"),
}


def render(actor: Actor, place: Place, asked: Asked, source: str) -> None:
    """Draw the kinds of journey that the journeys asked for are of."""
    found = journeys.kinds(actor, place, replace(asked, kind=None), source)
    if not found.kinds:
        st.info(
            _("No kinds of journey to show: there are too few journeys, or they are too much alike. Clear a filter.")
        )
        return
    st.html(CARD + said.FACTS)
    st.markdown(_how(found))
    paint = strips.colours(kind.path for kind in found.kinds)
    for kind in found.kinds:
        with st.container(border=True):
            st.html(card(kind, paint))
            if may(actor, Permission.READ_STORIES):
                key = f"kind-{kind.number}"
                st.button(
                    _("See these journeys :gray[of kind {number}]").format(number=kind.number + 1),
                    key=key,
                    on_click=asking.see_journeys,
                    args=(key, VIEW, {"kind": str(kind.number)}),
                )
    if found.told_by:
        with st.expander(_("What the kinds rest on")):
            weights = dict(found.weights)
            rows = [
                (_(VIEWS.get(name, name)), words.per_cent(weights.get(name, 0.0)), words.per_cent(share))
                for name, share in found.told_by
            ]
            st.html(charts.table((_("View"), _("Weight given"), _("Explained by the kinds")), rows, numbers=(1, 2)))
    asking.download(actor, place, asked, source, "kinds")


def _how(found: Kinds) -> str:
    lead = _("Journeys that are alike stand together. Each kind is named by the path of the journey in its middle.")
    if not found.told_by:
        return lead
    name, share = max(found.told_by, key=lambda view: view[1])
    most = _("The kinds tell most about {view}: they explain {share} of how journeys differ in it.")
    return f"{lead} {most.format(view=_(VIEWS.get(name, name)), share=words.per_cent(share))}"


def card(kind: Kind, paint: strips.Colours) -> str:
    """A kind as a card: the path in its middle, how many, how it feels, what hurts more in it."""
    facts = [
        (_("Journeys"), f"{kind.share.n:,}" if kind.share.n is not None else said.journeys(None)),
        (_("Share, 95% interval"), said.share(kind.share)),
        (_("Feels"), said.mean(kind.feeling)),
    ]
    if kind.need:
        facts.append((_("Most often for"), words.need(kind.need)))
    listed = "".join(f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>" for name, value in facts)
    pains = ""
    if kind.terms:
        told = _("Told more often here than elsewhere: {pains}.").format(pains="; ".join(kind.terms[:MOST]))
        pains = f'<p class="tl-services">{escape(told)}</p>'
    return (
        f'<div class="tl-card"><h3>{escape(_name(kind))}</h3>{strips.strip(kind.path, paint)}'
        f'<dl class="tl-facts">{listed}</dl>{pains}</div>'
    )


def _name(kind: Kind) -> str:
    """A kind by its number and the ends of the path in its middle."""
    number = kind.number + 1
    if not kind.path:
        return _("Kind {number}").format(number=number)
    start, end = (name or _("a service not named") for name in (kind.path[0], kind.path[-1]))
    if len(kind.path) == 1:
        return _("Kind {number}: {step} alone").format(number=number, step=start)
    return _("Kind {number}: from {start} to {end}").format(number=number, start=start, end=end)
