"""One pain point compared: whether it rises, who tells of it more, and what is told together with it."""

from html import escape

import streamlit as st

from insight.access import Actor
from insight.intake import Place
from insight.language import _
from insight.painpoints import Filters, told_together, what_changed, who_tells_more
from pages.kit import dots
from pages.pain import changed_view, comparing, differs_view, together_view

MOST = 3


def changed(actor: Actor, place: Place, number: int, filters: Filters) -> None:
    """How it changed, in one sentence; nothing where too little was heard."""
    found = what_changed(actor, place, filters)
    one = found.of(number) if found else None
    if found and one:
        word = changed_view.WORDS.get(one.change.kind) if one.change.sure else None
        said = _(word) if word else _("No change beyond chance")
        st.html(f"<p><strong>{escape(said)}.</strong> {escape(changed_view.sentence(found, one.change))}</p>")


def who_and_with(actor: Actor, place: Place, number: int, filters: Filters) -> None:
    """Who tells of it more than others, and with what it is told together; only what the intervals bear out."""
    st.html(comparing.STYLES + dots.STYLES)
    _who(actor, place, number, filters)
    _with(actor, place, number, filters)


def _who(actor: Actor, place: Place, number: int, filters: Filters) -> None:
    st.subheader(_("Who tells of this more"), anchor=False)
    found = who_tells_more(actor, place, number, filters)[:MOST]
    if not found:
        st.caption(_("No service, channel, need or teller tells of it more than chance would explain."))
        return
    end = dots.end_of_axis([differs_view.mark(side) for one in found for side in (one.here, one.elsewhere)])
    items = "".join(f"<li>{differs_view.row(one, end)}</li>" for one in found)
    st.html(f'<ul class="tl-found">{items}</ul>{dots.axis(end)}{dots.key(_("This group"), _("All others"))}')


def _with(actor: Actor, place: Place, number: int, filters: Filters) -> None:
    st.subheader(_("Told together with"), anchor=False)
    found = told_together(actor, place, filters).of(number)[:MOST]
    if not found:
        st.caption(_("Nothing is told together with it more often than chance would explain."))
        return
    items = "".join(
        f'<li><p class="name">{comparing.name(actor, one.beside(number), filters, together_view.VIEW)}</p>'
        f"<p>{escape(together_view.in_both(one))}</p></li>"
        for one in found
    )
    st.html(f'<ul class="tl-found">{items}</ul>')
