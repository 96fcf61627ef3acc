"""What the views that compare share: a theme as a way to its page, and how sure it all is, in one plain line."""

import streamlit as st

from insight.access import Actor
from insight.language import _, ngettext
from insight.painpoints import Filters, ThemeSummary
from pages.kit import charts
from pages.pain import ways

CHOSEN = ("by", "group", "since")  # in "Who differs", kept for the way back
FALSE_ALARMS = 0.05  # of all that is named, as docs/what-changed.md has it
STYLES = """<style>
.tl-found{list-style:none;margin:0 !important;padding:0 !important}
.tl-found>li{margin:0 !important;padding:.7rem 0 !important;border-top:1px solid #d5dade}
.tl-found p{margin:0 0 .2rem}.tl-found .name{font-weight:600;font-size:1.08rem}
.tl-found .name a,.tl-found .name>span:first-child{display:inline-block;min-height:24px;margin-inline-end:.5rem;
overflow-wrap:anywhere}
.tl-found .tl-tag{margin-inline-end:.5rem}
.tl-found .tl-meta{color:#505a5f;font-size:.9rem}
</style>"""


def name(actor: Actor, theme: ThemeSummary, filters: Filters, view: str) -> str:
    """What a theme is called, as a link to its page for those who may read it; ``view`` is the way back."""
    chosen = {name: st.query_params.get(name) for name in CHOSEN}
    return ways.to_evidence(actor, theme.number, theme.label, filters, view=view, **chosen)


def heading(actor: Actor, theme: ThemeSummary, filters: Filters, view: str) -> str:
    """A theme at the head of what is said of it."""
    return f'<p class="name">{name(actor, theme, filters, view)} {charts.tag(theme.kind)}</p>'


def false_alarms(named: int) -> str:
    """How many of those that are named may be chance after all."""
    if not named:
        return ""
    expected = FALSE_ALARMS * named
    if expected < 1:
        return _("Only what is unlikely to be chance is named: expect fewer than 1 false alarm here.")
    return ngettext(
        "Only what is unlikely to be chance is named: expect at most about {number} false alarm here.",
        "Only what is unlikely to be chance is named: expect at most about {number} false alarms here.",
        round(expected),
    ).format(number=round(expected))
