"""One step for several themes: which name stays when they are merged, or which broader theme they go under."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from insight import coding
from insight.access import Actor
from insight.codebook import State
from insight.coding import Overview
from insight.errors import NotFound
from insight.intake import Place
from insight.language import _, ngettext
from pages.book import moves, outcome, parts
from pages.kit import look
from pages.kit.a11y import Page

STEPS = ("merge", "nest")


def render(actor: Actor, place: Place, page: Page, themes: Sequence[int], do: str) -> None:
    """Draw the step."""
    book = coding.overview(actor, place)
    known = [number for number in dict.fromkeys(themes) if number in book.lines]
    outcome.say(actor, place, page)
    parts.back(_("All themes"))
    if len(known) < (2 if do == "merge" else 1):
        raise NotFound(_("These themes are not in use any more. Go back to all themes and look at the history."))
    if do == "merge":
        _merge(actor, place, page, book, known)
    else:
        _nest(actor, place, page, book, known)


def _merge(actor: Actor, place: Place, page: Page, book: Overview, themes: Sequence[int]) -> None:
    title = ngettext("Merge {number} theme", "Merge {number} themes", len(themes)).format(number=len(themes))
    look.title(title, _("Their passages come together under one name. You can undo this."))
    form = outcome.form()
    keep, name, why = (f"book-{part}-{form}" for part in ("keep", "keep-name", "keep-why"))
    outcome.mark(page, keep)
    st.radio(
        _("Which name stays?"),
        themes,
        format_func=lambda number: f"{book.book.themes[number].label} ({parts.numbers(book.lines[number])})",
        key=keep,
        on_change="ignore",
    )
    outcome.mark(page, name)
    parts.new_name(_("Or give it a new name"), name)
    parts.why(why)
    with st.container(horizontal=True, gap="small", key="tl-onwards"):
        args = (actor, place, tuple(themes), keep, name, why, form)
        st.button(_("Merge"), type="primary", key="book-do-merge", on_click=moves.merge, args=args)
        st.button(_("Do not merge"), key="book-do-not", on_click=parts.leave)


def _nest(actor: Actor, place: Place, page: Page, book: Overview, themes: Sequence[int]) -> None:
    look.title(
        _("Put under a broader theme"),
        _("A theme may stand under several broader ones. Its passages stay its own."),
    )
    labels = "".join(f"<li>{escape(book.book.themes[number].label)}</li>" for number in themes)
    st.html(f'<ul class="tl-news">{labels}</ul>')
    form = outcome.form()
    target, name, why = (f"book-{part}-{form}" for part in ("over", "over-name", "over-why"))
    others = {
        number: theme
        for number, theme in book.book.themes.items()
        if theme.state is State.ACTIVE and number not in themes
    }
    outcome.mark(page, target)
    parts.choose_theme(_("Broader theme"), others, target)
    outcome.mark(page, name)
    parts.new_name(_("Or make a new broader theme called"), name)
    parts.why(why)
    with st.container(horizontal=True, gap="small", key="tl-onwards"):
        args = (actor, place, tuple(themes), target, name, why, form)
        st.button(_("Put under it"), type="primary", key="book-do-nest", on_click=moves.nest, args=args)
        st.button(_("Leave them as they are"), key="book-do-not", on_click=parts.leave)
