"""What changed: themes told more or less in the last three months than before, and new ones, with how sure that is."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from insight.access import Actor
from insight.intake import Place
from insight.language import _, ngettext, noted
from insight.painpoints import Board, Change, Changed, Filters, WhatChanged, what_changed
from insight.privacy import count_in_words
from pages.kit import charts, words
from pages.pain import comparing
from pages.pain.cards import months_in_words

VIEW = "What changed"
WORDS = {"rising": noted("▲ Rising"), "falling": noted("▼ Falling"), "new": noted("✚ New")}


def render(actor: Actor, place: Place, board: Board) -> None:
    """Draw what rises, what is new, what falls, and what is worth watching."""
    found = what_changed(actor, place, board.filters)
    if found is None:
        st.info(
            _(
                "Too few journeys were heard to say what changed: it takes some in the last three months and some in "
                "the nine before. Clear a filter, or come back as journeys come in or are imported."
            )
        )
        return
    st.html(comparing.STYLES + _periods(found))
    lists = (
        (_("Rising: told more than before"), found.rising),
        (_("New: not told in the months before"), found.new),
        (_("Falling: told less than before"), found.falling),
    )
    if not any(themes for _title, themes in lists):
        st.info(
            _(
                "Nothing rises or falls by more than chance would explain. That is an answer too: the picture is "
                "steady, or there are still too few journeys a month to see a change."
            )
        )
    for title, themes in lists:
        _listed(actor, board, found, title, themes)
    if found.watched:
        _listed(actor, board, found, _("Worth watching: may still be chance"), found.watched)
        st.caption(
            _(
                "These changed a good deal, but among so many themes up to 1 in 5 such changes is chance. Look again "
                "when more journeys are in, before you act on them."
            )
        )
    _table(found)
    _how()


def _how() -> None:
    with st.expander(_("How this is worked out")):
        st.markdown(
            _(
                "We compare shares of journeys, so that a busy month does not look like a rise. A theme is called "
                "rising or falling if its share is at least half as much again as before, or at most two thirds, "
                "and both of two tests say that chance alone would hardly do it: one on the numbers of journeys, "
                "one on how much the theme usually swings from month to month. Because many themes are looked at "
                "together, the tests are made stricter, so that of all that is called a change at most 1 in 20 is "
                "expected to be chance. There is no allowance for seasons: what comes every winter is called "
                "rising in winter."
            )
        )


def _periods(found: WhatChanged) -> str:
    """What is held against what, what was looked at, and how many false alarms to expect."""
    named = len(found.rising) + len(found.falling) + sum(one.change.sure for one in found.new)
    lead = _("{recent} ({number} journeys), against {earlier} ({number_before} journeys).").format(
        recent=_months(found.recent_months),
        number=f"{found.of_recent:,}",
        earlier=_months(found.earlier_months),
        number_before=f"{found.of_earlier:,}",
    )
    looked = ngettext("{number} theme was looked at.", "{number} themes were looked at.", found.tested).format(
        number=f"{found.tested:,}"
    )
    return f"<p><strong>{escape(lead)}</strong> {escape(looked)} {escape(comparing.false_alarms(named))}</p>"


def _months(span: tuple[str, str]) -> str:
    first, last = span
    if first == last:
        return words.month(first)
    return _("{first} to {last}").format(first=words.month(first), last=words.month(last))


def _listed(actor: Actor, board: Board, found: WhatChanged, title: str, themes: Sequence[Changed]) -> None:
    if themes:
        st.subheader(title, anchor=False)
        items = "".join(f"<li>{_item(actor, board, found, one)}</li>" for one in themes)
        st.html(f'<ul class="tl-found">{items}</ul>')


def _item(actor: Actor, board: Board, found: WhatChanged, one: Changed) -> str:
    filters: Filters = board.filters
    bars = charts.sparkline(one.theme.months, months_in_words(one.theme, board.months), width=220, height=40)
    span = _months((board.months[0], board.months[-1]))
    by_month = f'<p class="tl-meta">{escape(_("Journeys by month, {months}").format(months=span))}</p>'
    said = escape(sentence(found, one.change))
    return f"{comparing.heading(actor, one.theme, filters, VIEW)}<p>{said}</p>{bars}{by_month}"


def sentence(found: WhatChanged, change: Change) -> str:
    """A theme now and before, in words, with how many times as often and how sure that is."""
    before = _months_between(*found.earlier_months)
    now = _("Told by {number} of {all} journeys in the last 3 months").format(
        number=count_in_words(change.recent), all=f"{found.of_recent:,}"
    )
    if change.kind == "new":
        said = ngettext(
            "{now}, by none in the {months} month before.", "{now}, by none in the {months} months before.", before
        ).format(now=now, months=before)
        return said if change.sure else f"{said} {_('So few may be chance.')}"
    then = ngettext(
        "{number} of {all} in the {months} month before", "{number} of {all} in the {months} months before", before
    ).format(number=count_in_words(change.earlier), all=f"{found.of_earlier:,}", months=before)
    return f"{now}, {then}{_times(change)}."


def _times(change: Change) -> str:
    """: about 2.6 times as often (1.6 to 4.3 times); nothing where a number is hidden."""
    if change.ratio is None or change.low is None or change.high is None:
        return ""
    return _(": about {ratio} times as often ({low} to {high} times)").format(
        ratio=f"{change.ratio:.1f}", low=f"{change.low:.1f}", high=f"{change.high:.1f}"
    )


def _months_between(first: str, last: str) -> int:
    return 12 * (int(last[:4]) - int(first[:4])) + int(last[5:7]) - int(first[5:7]) + 1


def _table(found: WhatChanged) -> None:
    """All that was looked at."""
    rows = [
        (
            one.theme.label,
            _(WORDS[one.change.kind]) if one.change.kind in WORDS else _("No clear change"),
            count_in_words(one.change.recent),
            _("none") if one.change.kind == "new" else count_in_words(one.change.earlier),
            "" if one.change.ratio is None else _range(one),
        )
        for group in (found.rising, found.new, found.falling, found.watched, found.steady)
        for one in group
    ]
    with st.expander(_("All themes as a table")):
        head = (_("Theme"), _("What changed"), _("Last 3 months"), _("Before"), _("Times as often, 95% interval"))
        st.html(charts.table(head, rows, numbers=(2, 3, 4)))


def _range(one: Changed) -> str:
    change = one.change
    return _("{ratio} ({low} to {high})").format(
        ratio=f"{change.ratio:.1f}", low=f"{change.low:.1f}", high=f"{change.high:.1f}"
    )
