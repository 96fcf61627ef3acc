"""One pain point with its evidence: where and when it is told, the passages in context, the journeys behind them."""

from html import escape

import streamlit as st

from insight.access import Actor, Permission, may
from insight.errors import NotReady
from insight.intake import Place
from insight.journeys import places_of_pain
from insight.language import _, ngettext
from insight.painpoints import Filters, PainPointView, ThemeSummary, pain_point
from insight.painpoints.newcomers import newcomers
from insight.painpoints.service import EVIDENCE_PAGE
from insight.privacy import count_in_words
from pages.kit import charts, look, words
from pages.kit.pager import pager
from pages.pain import address, one_compared, one_journey, passage, ways
from pages.pain.board_views import CARD, speak_of_it
from pages.pain.cards import months_in_words, quote, trend_tag
from pages.paths.asking import forget
from pages.paths.said import journeys

MOST = 6


def render(actor: Actor, place: Place, number: int, filters: Filters) -> None:
    """Draw one pain point, or one journey behind it when the address names a passage."""
    st.html(CARD + one_journey.STYLES)
    asked = address.number("passage")
    if asked is not None:
        passage.journey_behind(actor, place, asked, _("Back to the pain point"))
        return
    st.button(_("Back to the board"), icon=":material/arrow_back:", on_click=forget, args=("theme", "page"))
    page = address.number("page") or 1
    view = pain_point(actor, place, number, filters, page)
    look.title(view.theme.label)
    _head(view, filters)
    if filters.themes is None:
        speak_of_it(newcomers(actor, place), number)
    left, right = st.columns([3, 2], gap="large")
    with left:
        _evidence(view, page)
    with right:
        _to_the_codebook(actor, number)
        _in_journeys(actor, place, number)
        _where(view)
        _when(view)
        one_compared.changed(actor, place, number, filters)
        one_compared.who_and_with(actor, place, number, filters)


def _head(view: PainPointView, filters: Filters) -> None:
    theme = view.theme
    filtered = f" {_('Filters are in force.')}" if filters.any() else ""
    terms = _("<strong>Words that tell it apart:</strong> {words}").format(words=escape(", ".join(theme.terms)))
    st.html(
        f"<p>{charts.tag(theme.kind)} {escape(_standing(theme) + filtered)}</p>{quote(theme)}"
        f"<p>{_in_numbers(theme)}{trend_tag(theme)}</p><p>{terms}</p>"
    )


def _in_numbers(theme: ThemeSummary) -> str:
    many = len(theme.services)
    sentences = (
        _("<strong>{journeys} journeys</strong> tell of this: {share} of {all} journeys.").format(
            journeys=f"{theme.journeys:,}",
            share=words.interval(theme.share, theme.low, theme.high),
            all=f"{theme.of_journeys:,}",
        ),
        ngettext("It runs across {number} service.", "It runs across {number} services.", many).format(number=many),
        _("It feels {feeling} ({mean}), severity {severity} of 10.").format(
            feeling=words.feeling(theme.feeling), mean=f"{theme.feeling:+.1f}", severity=f"{theme.severity:.1f}"
        ),
    )
    return " ".join(sentences)


def _standing(theme: ThemeSummary) -> str:
    """How far the theme can be relied on."""
    if theme.known:
        return _("One of the pains that people tell of everywhere: passages were matched to examples of it.")
    if theme.firm:
        return _("Firm: it comes out again when journeys are left out.")
    return _("Tentative: it does not always come out again when journeys are left out. Read it before you rely on it.")


def _where(view: PainPointView) -> None:
    for title, rows, said in (
        (_("Where"), view.by_service, str),
        (_("By which channel"), view.by_channel, words.channel),
        (_("For which need"), view.by_need, words.need),
        (_("Who told it"), view.by_teller, words.teller),
    ):
        if rows:
            st.subheader(title, anchor=False)
            st.html(charts.bars([(said(name), n) for name, n in rows], journeys))


def _to_the_codebook(actor: Actor, number: int) -> None:
    if may(actor, Permission.CODE):
        there = ways.to(_("Rename, merge or split this in the codebook"), "codebook", theme=number)
        st.html(f'<p class="tl-ways">{there}</p>')


def _in_journeys(actor: Actor, place: Place, number: int) -> None:
    """Where in journeys it is told: each handoff and service is a way to the journeys it stands in."""
    try:
        found = places_of_pain(actor, place, number)
    except NotReady:  # an analysis from before journeys were read
        return
    if not (found.junctions or found.services):
        return
    st.subheader(_("Where in journeys"), anchor=False)
    told_at = [
        (
            ways.to(
                _("Passed on from {first} to {second}").format(first=start, second=end),
                "journeys",
                theme=number,
                view="Handoffs",
                passed_from=start,
                passed_to=end,
            ),
            n,
        )
        for start, end, n in found.junctions[:MOST]
    ]
    told_at += [
        (ways.to(_("At {service}").format(service=name), "journeys", theme=number, view="Journeys", service=name), n)
        for name, n in found.services[:MOST]
    ]
    items = "".join(f"<li>{there} {escape(journeys(n))}</li>" for there, n in told_at)
    lead = escape(_("Go to the journeys that tell of it. The numbers are of those that tell of it there."))
    st.html(f'<p class="tl-meta">{lead}</p><ul class="tl-bars">{items}</ul>')
    if found.whole_story:
        st.caption(_("{journeys} tell of it about the whole journey.").format(journeys=journeys(found.whole_story)))


def _when(view: PainPointView) -> None:
    st.subheader(_("When"), anchor=False)
    st.html(charts.sparkline(view.theme.months, months_in_words(view.theme, view.months), width=320, height=70))
    with st.expander(_("By month, as a table")):
        rows = [(words.month(code), count_in_words(n)) for code, n in zip(view.months, view.theme.months, strict=True)]
        st.html(charts.table((_("Month"), _("Journeys")), rows, numbers=(1,)))


def _evidence(view: PainPointView, page: int) -> None:
    said_often = ngettext(
        "What people say ({number} passage)", "What people say ({number} passages)", view.evidence_total
    )
    st.subheader(said_often.format(number=f"{view.evidence_total:,}"), anchor=False)
    st.caption(_("The clearest first. The marked words are the passage; the rest is what stands around it."))
    for said in view.evidence:
        st.html(passage.said(said))
        st.button(
            _("Read the whole journey"),
            key=f"journey-{said.number}",
            type="tertiary",
            on_click=passage.read_on,
            args=(said.number,),
        )
    pager(page, view.evidence_total, EVIDENCE_PAGE)
