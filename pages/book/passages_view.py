"""The passages of a theme with who placed each, ticked and moved by hand."""

from collections.abc import Mapping
from html import escape

import streamlit as st

from insight import coding
from insight.access import Actor
from insight.codebook import LastingTheme
from insight.coding import Order, PassagePage, Placed, Witness
from insight.coding.passages import PAGE
from insight.intake import Place
from insight.language import _, day, ngettext, noted
from pages.book import moves, outcome, parts
from pages.kit import words
from pages.kit.a11y import Page
from pages.kit.pager import pager
from pages.pain import address, ways
from pages.pain.cards import lang
from pages.paths import asking

ORDERS = {
    Order.CLEAREST: noted("Clearest"),
    Order.DOUBTFUL: noted("Doubtful"),
    Order.NEWEST: noted("Newest"),
}
FINDS = "book-words"


def render(actor: Actor, place: Place, page: Page, theme: int | None) -> PassagePage:
    """Draw a page of passages, each with a box to tick."""
    st.html(f'<h2 class="tl-h2">{escape(_("What people say"))}</h2>')
    with st.container(horizontal=True, gap="small", vertical_alignment="bottom", key="book-order"):
        address.take("order", ORDERS, Order.CLEAREST)
        st.segmented_control(
            _("First"),
            list(ORDERS),
            format_func=lambda order: _(ORDERS[order]),
            key="order",
            on_change=_another_order,
            required=True,
        )
        key = f"{FINDS}-{parts.in_address(theme)}"
        st.text_input(_("With the words"), key=key, autocomplete="off", type="search", on_change=_first_page, width=260)
    order = st.session_state["order"] or Order.CLEAREST
    shown = coding.passages_of(actor, place, theme, address.number("page") or 1, order, parts.said(key))
    st.html(f'<p class="tl-who">{escape(_found(shown, bool(parts.said(key))))}</p>')
    for placed in shown.passages:
        _one(page, place, actor, shown, placed)
    pager(shown.page, shown.total, PAGE)
    return shown


def _another_order() -> None:
    asking.forget("page")
    address.put("order", Order.CLEAREST)


def _first_page() -> None:
    asking.forget("page")


def _found(shown: PassagePage, searched: bool) -> str:
    """How many there are, and who placed them."""
    said_by = {
        Witness.PERSON: _("{number} placed by people"),
        Witness.LEARNED: _("{number} placed as the machine learned from people"),
        Witness.KEPT: _("{number} kept from earlier analyses"),
        Witness.MACHINE: _("{number} placed by the machine"),
    }
    if shown.shown.theme is None:
        said_by = {Witness.PERSON: _("{number} taken out of all themes by people")}
    told = [said_by[one].format(number=f"{shown.witnesses[one]:,}") for one in said_by if one in shown.witnesses]
    sentence = ": ".join(part for part in (parts.passages(shown.whole), ", ".join(told)) if part) + "."
    if not searched:
        return sentence
    fits = ngettext("{number} has these words.", "{number} have these words.", shown.total)
    found = fits.format(number=f"{shown.total:,}")
    if shown.searched < shown.whole:
        found += " " + _("The first {number} in this order were searched.").format(number=f"{shown.searched:,}")
    return f"{sentence} {found}"


def _one(page: Page, place: Place, actor: Actor, shown: PassagePage, placed: Placed) -> None:
    number = placed.said.number
    with st.container(key=f"book-row-0-said-{number}", horizontal=True, gap="small"):
        st.checkbox(
            _("Tick: {passage}").format(passage=_short(placed.said.passage)),
            key=moves.tick_passage(number),
            label_visibility="collapsed",
            on_change="ignore",
        )
        st.html(_said(placed, shown.shown.theme), width="stretch")


def _short(passage: str) -> str:
    return passage if len(passage) <= 80 else passage[:80].rsplit(" ", 1)[0] + " …"


def _said(placed: Placed, theme: int | None) -> str:
    said = placed.said
    where = [
        said.service or _("No one service"),
        words.field(said.field),
        _("told on {day}").format(day=day(said.told_on)),
        None if said.may_quote else _("not for quoting"),
    ]
    meta = escape(" · ".join(part for part in where if part))
    whole = ""
    if theme is not None:
        whole = f" · {ways.to(_('Whole journey'), 'pain-points', theme=theme, passage=said.number)}"
    return (
        f'<div class="tl-said"><p{lang(said.language)}>{escape(said.before)}<mark>{escape(said.passage)}</mark>'
        f'{escape(said.after)}</p><p class="tl-meta">{meta}{whole}</p><p class="tl-who">{_who(placed, theme)}</p></div>'
    )


def _who(placed: Placed, theme: int | None) -> str:
    """Who placed a passage, when and why: people are told apart from the machine."""
    if placed.witness is Witness.PERSON and placed.at:
        told = (
            _("Placed by {person} on {day}") if theme is not None else _("Taken out of all themes by {person} on {day}")
        )
        said = f"<strong>{escape(told.format(person=placed.by, day=day(placed.at)))}</strong>"
        also = ngettext("({number} other theme too)", "({number} other themes too)", len(placed.also))
        more = f" {also.format(number=len(placed.also))}" if placed.also else ""
        return said + escape((f": {placed.why}" if placed.why else "") + more)
    if theme is None:
        return escape(_("The machine found no theme for it"))
    said_by = {
        Witness.MACHINE: _("Placed by the machine"),
        Witness.LEARNED: _("Placed by the machine, as it learned from people"),
        Witness.KEPT: _("Kept here from an earlier analysis, since people changed this theme"),
    }
    return escape(said_by.get(placed.witness, _("Placed by a person")))


def panel(actor: Actor, place: Place, page: Page, shown: PassagePage, others: Mapping[int, LastingTheme]) -> None:
    """What can be done with those ticked."""
    if not shown.passages:
        return
    form = outcome.form()
    keys = (f"book-to-{form}", f"book-to-name-{form}", f"book-to-why-{form}")
    numbers = tuple(placed.said.number for placed in shown.passages)
    with st.container(key="book-panel", gap="small"):
        st.html(f'<h2 class="tl-h3">{escape(_("With the passages you ticked"))}</h2>')
        outcome.mark(page, keys[0])
        st.multiselect(
            _("Move to these themes, the main one first"),
            sorted(others, key=lambda number: others[number].label.casefold()),
            format_func=lambda number: others[number].label,
            key=keys[0],
            placeholder=_("Type to find a theme"),
            select_all=False,
            on_change="ignore",
        )
        outcome.mark(page, keys[1])
        parts.new_name(_("Or to a new theme called"), keys[1])
        parts.why(keys[2])
        offered = {"move": _("Move"), "out": _("Out of all themes"), "back": _("Let the machine place them")}
        with st.container(horizontal=True, gap="small"):
            for do, label in offered.items():
                if do == "out" and shown.shown.theme is None:
                    continue
                st.button(
                    label,
                    key=f"book-place-{do}",
                    type="primary" if do == "move" else "secondary",
                    on_click=moves.place_passages,
                    args=(actor, place, shown.shown, numbers, keys, do, form),
                )
