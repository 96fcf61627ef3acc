"""Told together: pairs of themes in the same journeys, more often than chance would have it."""

from html import escape

import streamlit as st

from insight.access import Actor
from insight.intake import Place
from insight.language import _, ngettext
from insight.painpoints import Board, Couple, told_together
from pages.kit import charts
from pages.pain import comparing

VIEW, MOST = "Told together", 15


def render(actor: Actor, place: Place, board: Board) -> None:
    """Draw the pairs that go together, the surest first."""
    found = told_together(actor, place, board.filters)
    if found.themes < 2:
        st.info(
            _(
                "Fewer than two themes are told by enough journeys to say what goes together. Clear a filter, or come "
                "back when more journeys are in."
            )
        )
        return
    looked = _("{tested} pairs of {themes} themes were looked at.").format(
        tested=f"{found.tested:,}", themes=f"{found.themes:,}"
    )
    st.html(
        f"{comparing.STYLES}<p>{escape(looked)} {escape(comparing.false_alarms(len(found.couples)))} "
        f"{escape(_('That two are told together does not say that one causes the other.'))}</p>"
    )
    if found.couples:
        _drawn(actor, board, found.couples)
    else:
        st.info(
            _(
                "No two themes are told together more than chance would explain. Short journeys tell of one thing "
                "each: longer ones, or more of them, would show what goes together."
            )
        )
    with st.expander(_("How this is worked out")):
        st.markdown(
            _(
                "A long journey tells of more of everything. So each pair is held to what chance would have among "
                "journeys of like length, and because many pairs are looked at together the test is made stricter: of "
                "all that is named at most 1 in 20 is expected to be chance."
            )
        )


def _drawn(actor: Actor, board: Board, couples: tuple[Couple, ...]) -> None:
    first = couples[:MOST]
    items = "".join(f"<li>{_item(actor, board, couple)}</li>" for couple in first)
    st.html(f'<ul class="tl-found">{items}</ul>')
    if len(couples) > len(first):
        st.caption(
            _("The {number} surest are listed. All {all} are in the table.").format(number=len(first), all=len(couples))
        )
    with st.expander(_("All pairs as a table")):
        st.html(_table(couples))


def _item(actor: Actor, board: Board, couple: Couple) -> str:
    first, second = (
        f"{comparing.name(actor, theme, board.filters, VIEW)} {charts.tag(theme.kind)}"
        for theme in (couple.first, couple.second)
    )
    joined = escape(_("together with"))
    return (
        f'<p class="name">{first} <span class="tl-quiet">{joined}</span> {second}</p><p>{escape(in_both(couple))}</p>'
    )


def in_both(couple: Couple) -> str:
    """How many journeys tell of both, and how many times as many that is as by chance."""
    return ngettext(
        "{number} journey tells of both: about {lift} times as many as by chance ({low} to {high} times).",
        "{number} journeys tell of both: about {lift} times as many as by chance ({low} to {high} times).",
        couple.journeys,
    ).format(
        number=f"{couple.journeys:,}", lift=f"{couple.lift:.1f}", low=f"{couple.low:.1f}", high=f"{couple.high:.1f}"
    )


def _table(couples: tuple[Couple, ...]) -> str:
    head = (
        _("Theme"),
        _("Journeys"),
        _("Told together with"),
        _("Journeys"),
        _("Tell of both"),
        _("Times as many as by chance"),
    )
    rows = [
        (
            couple.first.label,
            f"{couple.first.journeys:,}",
            couple.second.label,
            f"{couple.second.journeys:,}",
            f"{couple.journeys:,}",
            _("{ratio} ({low} to {high})").format(
                ratio=f"{couple.lift:.1f}", low=f"{couple.low:.1f}", high=f"{couple.high:.1f}"
            ),
        )
        for couple in couples
    ]
    return charts.table(head, rows, numbers=(1, 3, 4, 5))
