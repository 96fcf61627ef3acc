"""One pain point with its evidence: where and when it is told, the passages in context, the journeys behind them."""

from html import escape

import streamlit as st

from insight.access import Actor
from insight.intake import Place
from insight.painpoints import (
    Evidence,
    Filters,
    JourneyStep,
    JourneyView,
    PainPointView,
    ThemeSummary,
    journey,
    pain_point,
)
from insight.privacy import count_in_words
from pages.kit import charts, look, words
from pages.pain.board_views import CARD, months_in_words, quote, trend_tag

STYLES = """<style>
.tl-said{border-left:4px solid #b1b4b6;padding:.1rem 0 .1rem .9rem;margin:.2rem 0}
.tl-said mark{background:#fff1a8;color:#0b0c0c;padding:0 .1rem}
.tl-said p{margin:0;white-space:pre-line}.tl-meta{font-size:.9rem;color:#505a5f;margin:.25rem 0 0}
.tl-step{border-left:4px solid #12436d;padding:.1rem 0 .6rem 1rem;margin:0;position:relative}
.tl-step h3{font-size:1.1rem;margin:0;padding:0}.tl-step p{margin:.2rem 0}
</style>"""


def render(actor: Actor, place: Place, number: int, filters: Filters) -> None:
    """Draw one pain point, or one journey behind it when the address names a passage."""
    st.html(CARD + STYLES)
    passage = st.query_params.get("passage", "")
    if passage.isdecimal():
        _journey(actor, place, int(passage))
        return
    st.button("Back to the board", icon=":material/arrow_back:", on_click=_forget, args=("theme", "page"))
    page = st.query_params.get("page", "1")
    view = pain_point(actor, place, number, filters, int(page) if page.isdecimal() else 1)
    look.title(view.theme.label)
    _head(view, filters)
    left, right = st.columns([3, 2], gap="large")
    with left:
        _evidence(view, int(page) if page.isdecimal() else 1)
    with right:
        _where(view)


def _forget(*names: str) -> None:
    for name in names:
        st.query_params.pop(name, None)


def _head(view: PainPointView, filters: Filters) -> None:
    theme = view.theme
    firmness = _standing(theme)
    filtered = " Filters are in force." if filters.any() else ""
    st.html(
        f"<p>{charts.tag(theme.kind)} {firmness}{filtered}</p>{quote(theme)}"
        f"<p><strong>{theme.journeys:,} journeys</strong> tell of this: "
        f"{words.interval(theme.share, theme.low, theme.high)} of {theme.of_journeys:,} journeys. "
        f"It runs across {words.counted(len(theme.services), 'service')}. It feels "
        f"{words.feeling(theme.feeling)} ({theme.feeling:+.1f}), severity {theme.severity:.1f} of 10."
        f"{trend_tag(theme)}</p><p><strong>Words that tell it apart:</strong> {escape(', '.join(theme.terms))}</p>"
    )


def _standing(theme: ThemeSummary) -> str:
    """How far the theme can be relied on."""
    if theme.known:
        return "One of the pains that people tell of everywhere: passages were matched to examples of it."
    if theme.firm:
        return "Firm: it comes out again when journeys are left out."
    return "Tentative: it does not always come out again when journeys are left out. Read it before you rely on it."


def _where(view: PainPointView) -> None:
    for title, rows, said in (
        ("Where", view.by_service, str),
        ("By which channel", view.by_channel, words.channel),
        ("For which need", view.by_need, words.need),
        ("Who told it", view.by_teller, words.teller),
    ):
        if rows:
            st.subheader(title, anchor=False)
            st.html(charts.bars([(said(name), n) for name, n in rows], "journeys"))
    _when(view)
    if view.beside:
        st.subheader("Told in the same journeys", anchor=False)
        for number, label, n in view.beside:
            st.button(f"{label} ({n})", key=f"beside-{number}", type="tertiary", on_click=_go, args=(number,))


def _go(number: int) -> None:
    _forget("page")
    st.query_params["theme"] = str(number)


def _when(view: PainPointView) -> None:
    st.subheader("When", anchor=False)
    st.html(charts.sparkline(view.theme.months, months_in_words(view.theme, view.months), width=320, height=70))
    if view.theme.trend:
        trend = view.theme.trend
        st.html(
            f"<p>{words.per_cent(trend.recent_share)} of journeys in the last {trend.recent_months} months, "
            f"{words.per_cent(trend.earlier_share)} in the months before.{trend_tag(view.theme)}</p>"
        )
    with st.expander("By month, as a table"):
        rows = [(words.month(code), count_in_words(n)) for code, n in zip(view.months, view.theme.months, strict=True)]
        st.html(charts.table(("Month", "Journeys"), rows, numbers=(1,)))


def _evidence(view: PainPointView, page: int) -> None:
    st.subheader(f"What people say ({view.evidence_total:,} passages)", anchor=False)
    st.caption("The clearest first. The marked words are the passage; the rest is what stands around it.")
    for said in view.evidence:
        st.html(_said(said))
        st.button(
            "Read the whole journey", key=f"journey-{said.number}", type="tertiary", on_click=_read, args=(said.number,)
        )
    _pager(page, view.evidence_total)


def _pager(page: int, total: int, size: int = 20) -> None:
    pages = max(-(-total // size), 1)
    if pages == 1:
        return
    before, here, after = st.columns(3, vertical_alignment="center")
    before.button("Previous", disabled=page <= 1, on_click=_turn, args=(page - 1,))
    here.write(f"Page {page} of {pages}")
    after.button("Next", disabled=page >= pages, on_click=_turn, args=(page + 1,))


def _turn(page: int) -> None:
    st.query_params["page"] = str(page)


def _read(number: int) -> None:
    st.query_params["passage"] = str(number)


def _said(said: Evidence) -> str:
    lang = "" if said.language == "en" else f' lang="{escape(said.language, quote=True)}"'
    parts = [
        said.service or "No one service",
        words.channel(said.channel) if said.channel else None,
        words.FIELDS.get(said.field),
        words.need(said.need) if said.need else None,
        f"felt {words.feeling(said.feeling)}" if said.feeling is not None else None,
        f"told on {words.day(said.told_on)}",
        None if said.may_leave else "not for quoting",
    ]
    meta = " · ".join(escape(part) for part in parts if part)
    return (
        f'<div class="tl-said"><p{lang}>{escape(said.before)}<mark>{escape(said.passage)}</mark>'
        f"{escape(said.after)}</p>"
        f'<p class="tl-meta">{meta}</p></div>'
    )


def _journey(actor: Actor, place: Place, number: int) -> None:
    st.button("Back to the pain point", icon=":material/arrow_back:", on_click=_forget, args=("passage",))
    told = journey(actor, place, number)
    look.title(f"A journey: {words.need(told.need).lower()}")
    quoting = "Its teller allows quoting it without a name." if told.may_quote else "Not for quoting."
    st.html(
        f'<p class="tl-meta">{escape(words.teller(told.teller))} · {escape(words.source(told.source))} · told on '
        f"{words.day(told.told_on)}. {quoting}</p>"
    )
    with st.container(width=820):
        _answers(told)
        for step in told.steps:
            st.html(_step(step))
        if told.need_met:
            st.markdown(f"**Did they get what they needed?** {words.need_met(told.need_met)}")


def _answers(told: JourneyView) -> None:
    for title, text in (
        ("What happened", told.what_happened),
        ("What would have made it better", told.what_better),
        ("What was good", told.what_good),
    ):
        if text:
            st.subheader(title, anchor=False)
            st.html(f'<div class="tl-said"><p>{escape(text)}</p></div>')
    if told.steps:
        st.subheader("The steps", anchor=False)


def _step(step: JourneyStep) -> str:
    facts = [
        words.remembered(step.happened_on, step.precision),
        words.channel(step.channel) if step.channel else None,
        f"waited {words.counted(step.waited_days, 'day')}" if step.waited_days is not None else None,
        f"told it would take {words.counted(step.promised_days, 'day')}" if step.promised_days is not None else None,
        f"felt {words.feeling(step.feeling)}" if step.feeling is not None else None,
        "had to explain it all again" if step.told_again else None,
        "was sent elsewhere" if step.sent_elsewhere else None,
        {"yes": "sorted out", "partly": "partly sorted out", "no": "not sorted out"}.get(step.sorted_out or ""),
    ]
    run_by = f" ({escape(step.organisation)})" if step.organisation else ""
    note = f'<p style="white-space:pre-line">{escape(step.note)}</p>' if step.note else ""
    return (
        f'<div class="tl-step"><h3>{step.position}. {escape(step.service or "A service not named")}{run_by}</h3>{note}'
        f'<p class="tl-meta">{escape(" · ".join(fact for fact in facts if fact))}</p></div>'
    )
