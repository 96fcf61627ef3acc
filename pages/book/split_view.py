"""Splitting a theme: groups its passages fall into, each to be given a name, or left where it is."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from insight import codebook, coding
from insight.access import Actor
from insight.coding import Group
from insight.errors import InsightError, NotFound
from insight.intake import Place
from insight.language import _, ngettext
from pages.book import moves, outcome, parts
from pages.kit import look
from pages.kit.a11y import Page
from pages.pain.cards import lang

AS_FOUND = 0
COUNTS = (AS_FOUND, 2, 3, 4, 5, 6)


def render(actor: Actor, place: Place, page: Page, theme: int | None) -> None:
    """Draw the groups."""
    known = codebook.book(actor, place.id).themes.get(theme) if theme is not None else None
    if theme is not None and known is None:
        raise NotFound(_("There is no theme with that number in this codebook."))
    label = known.label if known else _("Passages that fit no theme")
    outcome.say(actor, place, page)
    parts.back(_("Back to {theme}").format(theme=parts.quoted(label)), theme=parts.in_address(theme))
    look.title(
        _("Split {theme}").format(theme=parts.quoted(label)) if known else _("Groups among what fits no theme"),
        _("These passages say alike. Name a group to make a theme of it; a group without a name stays where it is."),
    )
    chosen = st.segmented_control(
        _("How many groups"),
        COUNTS,
        default=AS_FOUND,
        format_func=lambda number: str(number) if number else _("As found"),
        key=f"book-groups-{parts.in_address(theme)}",
        required=True,
    )
    try:
        proposal = coding.groups_within(actor, place, theme, chosen or None)
    except InsightError as problem:
        look.problem(str(problem))
        return
    form = outcome.form()
    # The number of groups is in the key: a name stands for one group of one proposal.
    keys = [f"book-group-{chosen}-{number}-{form}" for number in range(len(proposal.groups))]
    _groups(page, proposal.groups, keys)
    if proposal.left:
        told = ngettext(
            "{number} passage says too little to be grouped, and stays where it is.",
            "{number} passages say too little to be grouped, and stay where they are.",
            proposal.left,
        )
        st.html(f'<p class="tl-hint">{escape(told.format(number=f"{proposal.left:,}"))}</p>')
    why = f"book-group-why-{form}"
    parts.why(why)
    with st.container(horizontal=True, gap="small", key="tl-onwards"):
        args = (actor, place, proposal, keys, why, form)
        st.button(
            _("Make themes of the named groups"), type="primary", key="book-do-split", on_click=moves.split, args=args
        )
        st.button(_("Leave it as it is"), key="book-do-not", on_click=parts.go, args=(theme,))


def _groups(page: Page, groups: Sequence[Group], keys: Sequence[str]) -> None:
    for number, (group, key) in enumerate(zip(groups, keys, strict=True), 1):
        with st.container(key=f"tl-card-group-{number}", border=True):
            heading = _("Group {number}: {passages}").format(
                number=number, passages=parts.passages(len(group.passages))
            )
            told = _("Words that tell it from the others: {words}").format(words=", ".join(group.words))
            apart = f'<p class="tl-mark">{escape(told)}</p>' if group.words else ""
            quotes = "".join(f'<p class="tl-quoted"{lang(q.language)}>“{escape(q.passage)}”</p>' for q in group.quotes)
            st.html(f'<div class="tl-theme"><h2 class="tl-h3">{escape(heading)}</h2>{apart}{quotes}</div>')
            outcome.mark(page, key)
            parts.new_name(_("Name of group {number}").format(number=number), key, _("Leave empty to let it stay"))
