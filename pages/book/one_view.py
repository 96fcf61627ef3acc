"""One theme: its name, what is in and what is out, where it stands, its passages, and all that can be done with it."""

from collections.abc import Mapping
from html import escape

import streamlit as st

from insight import coding
from insight.access import Actor
from insight.codebook import LastingTheme, State
from insight.coding import Overview
from insight.errors import NotFound
from insight.intake import Place
from insight.language import _
from pages.book import history_view, moves, outcome, parts, passages_view
from pages.book.parts import quoted, way_to
from pages.kit import look
from pages.kit.a11y import Page


def render(actor: Actor, place: Place, page: Page, theme: int | None) -> None:
    """Draw a theme, or the passages that fit none."""
    book = coding.overview(actor, place)
    outcome.say(actor, place, page)
    parts.back(_("All themes"))
    if theme is None:
        _unplaced(actor, place, page, book)
        return
    known = book.book.themes.get(theme)
    if known is None:
        raise NotFound(_("There is no theme with that number in this codebook."))
    look.title(known.label)
    if known.state is State.ACTIVE:
        _in_use(actor, place, page, book, known)
    else:
        _not_in_use(actor, place, page, book, known)


def _unplaced(actor: Actor, place: Place, page: Page, book: Overview) -> None:
    look.title(
        _("Passages that fit no theme"),
        _("Put them into a theme, or make new themes of them. Some say nothing in particular, and may stay."),
    )
    left, right = st.columns([5, 3], gap="large")
    with left:
        shown = passages_view.render(actor, place, page, None)
    with right:
        with st.container(key="book-look-for-groups"):
            st.button(_("Look for groups among them"), key="book-split", on_click=parts.go, args=(None, "split"))
        passages_view.panel(actor, place, page, shown, _active(book))


def _active(book: Overview) -> Mapping[int, LastingTheme]:
    return {number: line.theme for number, line in book.lines.items()}


def _in_use(actor: Actor, place: Place, page: Page, book: Overview, theme: LastingTheme) -> None:
    line = book.lines[theme.number]
    facts = f"{parts.standing(line)} · {escape(parts.numbers(line))}"
    st.html(f'<p class="tl-mark">{parts.tag(line)}{facts}</p>{_described(theme)}{_around(book, theme.number)}')
    left, right = st.columns([5, 3], gap="large")
    with left:
        shown = passages_view.render(actor, place, page, theme.number)
    with right:
        others = {number: other for number, other in _active(book).items() if number != theme.number}
        _changes(actor, place, page, book, theme, others)
        passages_view.panel(actor, place, page, shown, others)


def _described(theme: LastingTheme) -> str:
    told = ((_("About"), theme.description), (_("In"), theme.includes), (_("Out"), theme.excludes))
    rows = "".join(f"<div><dt>{escape(what)}</dt><dd>{escape(text)}</dd></div>" for what, text in told if text)
    return f'<dl class="tl-summary">{rows}</dl>' if rows else ""


def _around(book: Overview, number: int) -> str:
    """The broader themes over it, and the narrower ones under it."""
    line = book.lines[number]
    told = []
    for what, others in ((_("Broader themes"), line.parents), (_("Narrower themes"), line.children)):
        if others:
            links = ", ".join(way_to(other, parts.name(book.book, other)) for other in others)
            told.append(f"<p><strong>{escape(what)}:</strong> {links}</p>")
    return "".join(told)


def _changes(
    actor: Actor,
    place: Place,
    page: Page,
    book: Overview,
    theme: LastingTheme,
    others: Mapping[int, LastingTheme],
) -> None:
    """All that can be changed, each folded away until it is wanted."""
    with st.container(key="book-changes", gap="small"):
        _name(actor, place, page, theme)
        _broader(actor, place, page, book, theme, others)
        _merge(actor, place, page, theme, others)
        with st.expander(_("Split it into groups")):
            st.write(_("See which groups its passages fall into, and make themes of those that should stand alone."))
            st.button(_("Look for groups"), key="book-split", on_click=parts.go, args=(theme.number, "split"))
        _aside(actor, place, theme)
        with st.expander(_("History of this theme")):
            history_view.of_theme(actor, place, page, theme.number)


def _name(actor: Actor, place: Place, page: Page, theme: LastingTheme) -> None:
    form = outcome.form()
    fields = {
        "name": (_("Name"), theme.label),
        "about": (_("What it is about"), theme.description),
        "in": (_("What is in"), theme.includes),
        "out": (_("What is out"), theme.excludes),
    }
    keys = [f"book-{part}-{theme.number}-{form}" for part in (*fields, "why")]
    with st.expander(_("Name and description")):
        for (label, value), key in zip(fields.values(), keys, strict=False):
            outcome.mark(page, key)
            st.session_state.setdefault(key, value)
            if key is keys[0]:
                parts.new_name(label, key)
            else:
                st.text_area(label, key=key, height=90, max_chars=2_000, on_change="ignore")
        parts.why(keys[-1])
        args = (actor, place, theme.number, keys, form)
        st.button(_("Save"), type="primary", key="book-save", on_click=moves.describe, args=args)


def _broader(
    actor: Actor,
    place: Place,
    page: Page,
    book: Overview,
    theme: LastingTheme,
    others: Mapping[int, LastingTheme],
) -> None:
    form = outcome.form()
    over, name, why = (f"book-{part}-{theme.number}-{form}" for part in ("over", "over-name", "over-why"))
    with st.expander(_("Broader themes")):
        for parent in book.lines[theme.number].parents:
            label = parts.name(book.book, parent)
            held = tuple(number for number in theme.parents if book.book.live(number) == parent)
            key = f"book-unnest-{parent}"
            st.button(
                _("Take it out from under {theme}").format(theme=quoted(label)),
                key=key,
                on_click=moves.unnest,
                args=(actor, place, theme.number, held, label, form),
            )
        outcome.mark(page, over)
        parts.choose_theme(_("Put it under"), others, over)
        outcome.mark(page, name)
        parts.new_name(_("Or under a new theme called"), name)
        args = (actor, place, (theme.number,), over, name, why, form)
        st.button(_("Put under it"), key="book-do-nest", on_click=moves.nest, args=args)


def _merge(actor: Actor, place: Place, page: Page, theme: LastingTheme, others: Mapping[int, LastingTheme]) -> None:
    form = outcome.form()
    target, why = (f"book-{part}-{theme.number}-{form}" for part in ("into", "into-why"))
    with st.expander(_("Merge it into another theme")):
        outcome.mark(page, target)
        parts.choose_theme(_("Merge it into"), others, target)
        parts.why(why)
        args = (actor, place, theme.number, target, why, form)
        st.button(_("Merge"), key="book-do-merge", on_click=moves.merge_into, args=args)


def _aside(actor: Actor, place: Place, theme: LastingTheme) -> None:
    form = outcome.form()
    why = f"book-aside-why-{theme.number}-{form}"
    with st.expander(_("Set it aside")):
        st.write(_("It leaves the board, and its passages fit no theme, until you bring it back."))
        parts.why(why)
        args = (actor, place, (theme.number,), why, form)
        st.button(_("Set aside"), key="book-aside", on_click=moves.set_aside, args=args)


def _not_in_use(actor: Actor, place: Place, page: Page, book: Overview, theme: LastingTheme) -> None:
    """A theme that was merged or set aside, with the way back into use."""
    if theme.state is State.MERGED:
        into = book.book.live(theme.number)
        told = escape(_("This theme was merged into {theme}.")).format(theme=way_to(into, parts.name(book.book, into)))
    else:
        told = escape(_("This theme is set aside: it is not on the board, and its passages fit no theme."))
    look.note(f"<p>{told}</p>")
    args = (actor, place, theme.number, outcome.form())
    st.button(_("Bring it back"), type="primary", key="book-bring-back", on_click=moves.bring_back, args=args)
    if described := _described(theme):
        st.html(described)
    st.subheader(_("History of this theme"), anchor=False)
    history_view.of_theme(actor, place, page, theme.number)
