"""The queue: what waits, the most urgent first, and what was decided. No word of a story stands here."""

from collections.abc import Sequence
from datetime import datetime
from html import escape

import streamlit as st

from insight import safeguarding
from insight.access import Actor
from insight.intake import Place
from insight.language import _, ngettext
from insight.safeguarding import Item
from pages.guarding import moves, words
from pages.kit import look
from pages.kit.a11y import Field, Page

STYLES = """<style>
.tl-kinds{display:flex;flex-wrap:wrap;gap:.3rem .4rem;margin:.2rem 0}
.tl-kind{border:1px solid #6b7275;border-radius:4px;padding:0 .5rem;background:#fff;font-size:.95rem}
.tl-clock{font-weight:700;margin:.2rem 0 !important}.tl-overdue{border-left:8px solid #b10e1e;padding-left:.7rem}
.tl-case p{margin:.15rem 0}[class*=st-key-tl-case] button{min-height:44px}
[class*=st-key-tl-case] .tl-h2{margin:0}
</style>"""


def render(actor: Actor, place: Place, now: datetime, page: Page) -> None:
    """Draw what waits and what was decided."""
    waiting, decided = safeguarding.queue(actor, place), safeguarding.decided(actor, place)
    look.title(
        _("Safeguarding"),
        _(
            "Stories that may speak of harm. Until you release one, it is not analysed, shown or quoted anywhere else. "
            "Nothing closes by itself."
        ),
    )
    st.html(STYLES + _how_many(waiting))
    for item in waiting:
        _card(item, now, page)
    if decided:
        with st.expander(_("Decided before ({number})").format(number=len(decided))):
            for item in decided:
                _card(item, now, page)


def _how_many(waiting: Sequence[Item]) -> str:
    unread = sum(item.left is not None for item in waiting)
    if not waiting:
        return f'<p class="tl-prose">{escape(_("Nothing waits here today."))}</p>'
    count = ngettext("{number} story waits.", "{number} stories wait.", len(waiting)).format(number=len(waiting))
    rest = _("Not read yet: {number}. Open one at a time.").format(number=unread)
    return f'<p class="tl-prose"><strong>{escape(count)}</strong> {escape(rest)}</p>'


def _card(item: Item, now: datetime, page: Page) -> None:
    key = f"guard-open-{item.id}"
    with st.container(key=f"tl-case-{item.id}", border=True, gap="small"):
        st.html(facts(item, now, heading=_("Item {number}").format(number=item.id)))
        st.button(_("Open"), key=key, on_click=moves.open_item, args=(item.id,))
    page.fields.append(Field(key, name=_("Open item {number}").format(number=item.id), button=True))


def facts(item: Item, now: datetime, heading: str = "") -> str:
    """What is known of an item without its story."""
    overdue = item.left is not None and item.left.total_seconds() < 0
    kinds = "".join(f'<li class="tl-kind">{escape(words.kind(code))}</li>' for code in item.kinds)
    decided = f"<p>{escape(words.event(item.decided, now))}.</p>" if item.decided else ""
    label = escape(_("What it may speak of"), quote=True)
    raised = f"{words.raised_by(item)}, {words.when(item.raised_at, now)}"
    return (
        (f'<h2 class="tl-h2">{escape(heading)}</h2>' if heading else "")
        + f'<div class="tl-case"><p class="tl-clock{" tl-overdue" if overdue else ""}">{escape(words.clock(item, now))}'
        + f'</p><ul class="tl-kinds" aria-label="{label}" style="list-style:none;padding:0">{kinds}</ul>'
        + f"<p>{escape(raised)}.</p>"
        + f"<p>{escape(words.readings(item, now))}.</p>{decided}</div>"
    )
