"""What a search found: how much, in which themes, and the passages in context."""

from collections.abc import Iterable
from html import escape
from itertools import groupby

import streamlit as st

from insight.language import _, ngettext, noted
from insight.privacy import count_in_words
from insight.search import PAGE, By, Close, Found, Hit
from pages.kit import look
from pages.kit.pager import pager
from pages.pain import passage, ways
from pages.paths.said import journeys
from pages.searching import asking

CLOSE = {
    Close.CLOSE: noted("close in meaning"),
    Close.NEAR: noted("near in meaning"),
    Close.FAR: noted("further off in meaning"),
}
THEMES = 12
HEADING = "found"


def draw(found: Found, *, filtered: bool) -> None:
    """The page of passages, with the themes beside it."""
    st.html(f'<h2 id="{HEADING}" class="tl-h2">{escape(_heading(found))}</h2>')
    if found.like:
        st.html(passage.said(found.like))
    if not found.total:
        _nothing(found, filtered=filtered)
        return
    st.html("".join(f'<p class="tl-meta">{escape(line)}</p>' for line in _counts(found)))
    left, right = st.columns([3, 2], gap="large")
    with left:
        grouped = st.checkbox(_("Group by theme"), key="search_grouped")
        _passages(_by_theme(found.hits) if grouped else found.hits, grouped=grouped)
        pager(found.page, found.total, PAGE)
    with right:
        _themes(found)


def _heading(found: Found) -> str:
    if found.like:
        return _("More like this passage")
    return ngettext("{number} passage found", "{number} passages found", found.total).format(number=f"{found.total:,}")


def _counts(found: Found) -> Iterable[str]:
    if found.often:
        yield _("These words are said so often that only a part was looked through. Add a word to find more.")
    elif found.by is not By.MEANING and found.passages is not None:
        told = journeys(found.journeys)
        yield ngettext(
            "{number} passage of {journeys} says all the words.",
            "{number} passages of {journeys} say all the words.",
            found.passages,
        ).format(number=f"{found.passages:,}", journeys=told)
    elif found.by is not By.MEANING:
        yield _("All the words are said in {few} journeys.").format(few=count_in_words(None))
    if found.by is not By.WORDS:
        yield ngettext(
            "{number} passage is near in meaning. Near has no sharp end: stop reading where it stops helping.",
            "The {number} passages nearest in meaning. Near has no sharp end: stop reading where it stops helping.",
            found.nearest,
        ).format(number=found.nearest)


def _nothing(found: Found, *, filtered: bool) -> None:
    if found.like:
        st.info(_("No other passage is near this one in meaning."))
    elif found.by is By.WORDS:
        st.info(_("No passage says all these words. Try fewer words, or look for the meaning."))
        st.button(_("Look for the meaning"), on_click=asking.ask, args=(By.MEANING,))
    else:
        st.info(_("Nothing near this was found. Say it in other words, as somebody would write it."))
    if filtered:
        st.caption(_("Filters are in force. Clear a filter to see more."))


def _by_theme(hits: Iterable[Hit]) -> list[Hit]:
    """Together where they stand in one theme; the theme of the best passage first, those in no theme last."""
    first: dict[int | None, int] = {}
    for place, hit in enumerate(hits):
        first.setdefault(hit.theme, place)
    return sorted(hits, key=lambda hit: (hit.theme is None, first[hit.theme]))


def _passages(hits: Iterable[Hit], *, grouped: bool) -> None:
    for label, some in groupby(hits, key=lambda hit: hit.label if grouped else None):
        if grouped:
            st.html(f'<h3 class="tl-h3">{escape(label or _("No theme of the board"))}</h3>')
        for hit in some:
            _passage(hit, grouped=grouped)


def _passage(hit: Hit, *, grouped: bool) -> None:
    where = [] if grouped else [_theme(hit)]
    how = [_("says the words") if hit.said else None, _(CLOSE[hit.close]) if hit.close else None]
    facts = [escape(part) for part in how if part] + where
    number = hit.evidence.number
    with st.container(key=f"tl-hit-{number}"):
        st.html(passage.said(hit.evidence) + f'<p class="tl-meta">{" · ".join(facts)}</p>')
        with st.container(horizontal=True):
            st.button(
                _("Read the whole journey"),
                key=f"read-{number}",
                type="tertiary",
                on_click=passage.read_on,
                args=(number,),
            )
            st.button(_("More like this"), key=f"like-{number}", type="tertiary", on_click=_like, args=(number,))


def _theme(hit: Hit) -> str:
    if hit.theme is None or hit.label is None:
        return escape(_("No theme of the board"))
    return ways.to(hit.label, "pain-points", theme=hit.theme)


def _themes(found: Found) -> None:
    if not found.by_theme:
        return
    title = escape(_("What this search finds, by theme"))
    items = "".join(
        f"<li>{ways.to(one.label, 'pain-points', theme=one.number)} {escape(journeys(one.journeys))}</li>"
        for one in found.by_theme[:THEMES]
    )
    st.html(f'<h2 class="tl-h2">{title}</h2><ul class="tl-found">{items}</ul>')


def _like(number: int) -> None:
    st.query_params.pop("page", None)
    st.query_params["like"] = str(number)


def refused(message: str) -> None:
    """What could not be looked for in this way can be looked for by words."""
    look.problem(message)
    st.button(_("Look for the words"), on_click=asking.ask, args=(By.WORDS,))
