"""The common pain points across services: each with what people say of it at every service, in their own words."""

from html import escape

import streamlit as st

from insight.access import Actor, Permission, may
from insight.intake import Place
from insight.language import _, ngettext, noted
from insight.painpoints import Across, Between, Board, CommonPain, Filters, Quote, Voice, across
from pages.kit import words
from pages.pain import ways
from pages.pain.board_views import CARD
from pages.pain.cards import lang

VIEW = "Across services"
VERDICTS = {
    "between services": noted("Belongs to the space between services"),
    "inside a service": noted("Belongs inside each service"),
}
SIGNS = {
    "sent elsewhere": noted("people were sent elsewhere"),
    "told again": noted("people had to tell it again"),
    "waited for another": noted("people waited for another organisation"),
    "names another": noted("people speak of another service too"),
    "says between": noted("people say that it falls between"),
    "beside a handoff": noted("the step stands beside a handoff"),
}
STYLES = """<style>
.tl-voices{list-style:none;margin:.6rem 0 0 !important;padding:0 !important}
.tl-voices>li{margin:0 !important;padding:.55rem 0 !important;border-top:1px solid #d5dade}
.tl-voices .where{font-weight:600}.tl-voices .said{margin:.15rem 0 0;line-height:1.45}
.tl-voices .called,.tl-between .why{color:#505a5f}.tl-between{margin:.4rem 0 0}
</style>"""


def draw(actor: Actor, place: Place, board: Board) -> None:
    """What hurts across services, most first; below, what may be one pain and waits for somebody to say so."""
    found = across(actor, place, board.filters, board.run.id)
    if not found.pains:
        st.info(_("No pain is told by enough journeys at two services or more. Clear a filter to see more."))
        return
    st.html(CARD + STYLES)
    for rank, pain in enumerate(found.pains, 1):
        with st.container(border=True):
            st.html(_card(actor, rank, pain, board.filters))
    _perhaps(actor, found)
    with st.expander(_("How the order is made")):
        st.markdown(
            _(
                "Mean severity (0 to 10) × the lower bound of reach × 100 × spread. **Spread** is how many services, "
                "if all told of it equally often, would be as mixed: two services that tell of it alike count as 2, "
                "one that tells of it much and one that hardly does as little more than 1."
            )
        )


def _card(actor: Actor, rank: int, pain: CommonPain, filters: Filters) -> str:
    facts = [
        (_("Journeys"), f"{pain.journeys:,}"),
        (_("Share, 95% interval"), words.interval(pain.share, pain.low, pain.high)),
        (_("Severity"), _("{severity} of 10").format(severity=f"{pain.severity:.1f}")),
        (
            _("Spread"),
            ngettext("{number} service", "{number} services", round(pain.even)).format(number=f"{pain.even:.1f}"),
        ),
    ]
    listed = "".join(f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>" for name, value in facts)
    voices = "".join(_voice(voice, pain) for voice in pain.voices)
    return (
        f'<div class="tl-card"><h3><span class="rank">{rank}</span>{_names(actor, pain, filters)}</h3>'
        f'<dl class="tl-facts">{listed}</dl>{_between(pain.between)}<ul class="tl-voices">{voices}</ul></div>'
    )


def _names(actor: Actor, pain: CommonPain, filters: Filters) -> str:
    """Each theme as a way to its evidence; of several the first is the name, the others are the same in other words."""
    named = [ways.to_evidence(actor, number, label, filters, view=VIEW) for number, label in pain.themes]
    if len(named) == 1:
        return named[0]
    others = words.listed(named[1:], len(named))
    return named[0] + " " + escape(_("(one pain with {others})")).format(others=others)


def _between(between: Between | None) -> str:
    if between is None or between.verdict not in VERDICTS:
        return ""
    why = ""
    if between.verdict == "between services" and between.signs:
        told = [
            _("{sign} in {share} of journeys ({elsewhere} elsewhere)").format(
                sign=_(SIGNS[sign]), share=words.per_cent(share), elsewhere=words.per_cent(elsewhere)
            )
            for sign, share, elsewhere in between.signs[:2]
        ]
        why = f': <span class="why">{escape("; ".join(told))}</span>'
    return f'<p class="tl-between"><strong>{escape(_(VERDICTS[between.verdict]))}</strong>{why}.</p>'


def _voice(voice: Voice, pain: CommonPain) -> str:
    many = ngettext("{number} journey", "{number} journeys", voice.journeys).format(number=f"{voice.journeys:,}")
    share = _("{share} of those through it").format(share=words.interval(voice.share, voice.low, voice.high))
    called = f' <span class="called">{escape(voice.label)}</span>' if len(pain.themes) > 1 else ""
    return (
        f'<li><span class="where">{escape(voice.service)}</span>: {escape(many)}, {escape(share)}{called}'
        f"{_said(voice.quote)}</li>"
    )


def _said(quote: Quote | None) -> str:
    if quote is None:
        return ""
    told = words.quotable(quote.may_quote, quote.may_leave)
    allowed = f" ({escape(told)})" if told else ""
    return f'<p class="said"><span{lang(quote.language)}>“{escape(quote.text)}”</span>{allowed}</p>'


def _perhaps(actor: Actor, found: Across) -> None:
    if not found.perhaps:
        return
    st.subheader(_("Perhaps one pain"), anchor=False)
    st.markdown(
        _(
            "These themes hurt alike in different services, but the evidence is not firm. Read them side by side; if "
            "they are one, merge them in the codebook."
        )
    )
    may_merge = may(actor, Permission.CODE)
    rows = [
        " · ".join(ways.to(label, "codebook", theme=number) if may_merge else escape(label) for number, label in group)
        for group in found.perhaps
    ]
    st.html(f"<ul><li>{'</li><li>'.join(rows)}</li></ul>")
