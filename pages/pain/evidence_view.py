"""One pain point with its evidence: where and when it is told, the passages in context, the journeys behind them."""

from html import escape

import streamlit as st

from insight.access import Actor
from insight.intake import Place
from insight.language import _, day, ngettext
from insight.painpoints import (
    Evidence,
    Filters,
    JourneyStep,
    JourneyView,
    PainPointView,
    ThemeSummary,
    journey,
    pain_point,
    raise_concern,
)
from insight.privacy import count_in_words
from pages.guarding.words import KINDS, kind
from pages.kit import charts, look, words
from pages.pain.board_views import CARD, lang, months_in_words, quote, trend_tag

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
    st.button(_("Back to the board"), icon=":material/arrow_back:", on_click=_forget, args=("theme", "page"))
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
            st.html(charts.bars([(said(name), n) for name, n in rows], _journeys))
    _when(view)
    if view.beside:
        st.subheader(_("Told in the same journeys"), anchor=False)
        for number, label, n in view.beside:
            st.button(f"{label} ({n})", key=f"beside-{number}", type="tertiary", on_click=_go, args=(number,))


def _journeys(number: int) -> str:
    return ngettext("{number} journey", "{number} journeys", number).format(number=f"{number:,}")


def _go(number: int) -> None:
    _forget("page")
    st.query_params["theme"] = str(number)


def _when(view: PainPointView) -> None:
    st.subheader(_("When"), anchor=False)
    st.html(charts.sparkline(view.theme.months, months_in_words(view.theme, view.months), width=320, height=70))
    if view.theme.trend:
        trend = view.theme.trend
        said = ngettext(
            "{recent} of journeys in the last {number} month, {earlier} in the months before.",
            "{recent} of journeys in the last {number} months, {earlier} in the months before.",
            trend.recent_months,
        ).format(
            recent=words.per_cent(trend.recent_share),
            number=trend.recent_months,
            earlier=words.per_cent(trend.earlier_share),
        )
        st.html(f"<p>{escape(said)}{trend_tag(view.theme)}</p>")
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
        st.html(_said(said))
        st.button(
            _("Read the whole journey"),
            key=f"journey-{said.number}",
            type="tertiary",
            on_click=_read,
            args=(said.number,),
        )
    _pager(page, view.evidence_total)


def _pager(page: int, total: int, size: int = 20) -> None:
    pages = max(-(-total // size), 1)
    if pages == 1:
        return
    before, here, after = st.columns(3, vertical_alignment="center")
    before.button(_("Previous"), disabled=page <= 1, on_click=_turn, args=(page - 1,))
    here.write(_("Page {number} of {all}").format(number=page, all=pages))
    after.button(_("Next"), disabled=page >= pages, on_click=_turn, args=(page + 1,))


def _turn(page: int) -> None:
    st.query_params["page"] = str(page)


def _read(number: int) -> None:
    st.query_params["passage"] = str(number)


def _said(said: Evidence) -> str:
    parts = [
        said.service or _("No one service"),
        words.channel(said.channel) if said.channel else None,
        words.field(said.field),
        words.need(said.need) if said.need else None,
        _felt(said.feeling),
        _("told on {day}").format(day=day(said.told_on)),
        None if said.may_leave else _("not for quoting"),
    ]
    meta = " · ".join(escape(part) for part in parts if part)
    return (
        f'<div class="tl-said"><p{lang(said.language)}>{escape(said.before)}<mark>{escape(said.passage)}</mark>'
        f"{escape(said.after)}</p>"
        f'<p class="tl-meta">{meta}</p></div>'
    )


def _felt(feeling: int | None) -> str | None:
    return _("felt {feeling}").format(feeling=words.feeling(feeling)) if feeling is not None else None


def _journey(actor: Actor, place: Place, number: int) -> None:
    st.button(_("Back to the pain point"), icon=":material/arrow_back:", on_click=_forget, args=("passage",))
    told = journey(actor, place, number)
    look.title(_("A journey: {need}").format(need=words.need(told.need).lower()))
    known = _("{teller} · {source} · told on {day}.").format(
        teller=words.teller(told.teller), source=words.source(told.source), day=day(told.told_on)
    )
    quoting = _("Its teller allows quoting it without a name.") if told.may_quote else _("Not for quoting.")
    st.html(f'<p class="tl-meta">{escape(known)} {escape(quoting)}</p>')
    with st.container(width=820):
        _answers(told)
        for step in told.steps:
            st.html(_step(step, told.language))
        if told.need_met:
            answer = words.need_met(told.need_met)
            st.markdown(_("**Did they get what they needed?** {answer}").format(answer=answer))
        _worry(actor, place, number)


def _worry(actor: Actor, place: Place, number: int) -> None:
    """Somebody who reads of harm sends the journey to those who safeguard."""
    with st.expander(_("This worries me: somebody may be at risk")), st.form(f"worry-{number}", border=False):
        st.markdown(
            _(
                "If somebody is in danger now, call 999 first. Otherwise send this journey to the safeguarding lead. "
                "It leaves the board at once, until they release it."
            )
        )
        chosen = st.multiselect(
            _("What worries you?"),
            list(KINDS),
            format_func=kind,
            key=f"kinds-{number}",
            placeholder=_("Choose options"),
        )
        note = st.text_area(_("What they should know"), key=f"worry-note-{number}", height=100)
        if st.form_submit_button(_("Send to the safeguarding lead")):
            if chosen:
                raise_concern(actor, place, number, chosen, note)
                _forget("passage")
                st.rerun()
            look.problem(_("Choose at least one of the things that worry you."))


def _answers(told: JourneyView) -> None:
    for title, text in (
        (_("What happened"), told.what_happened),
        (_("What would have made it better"), told.what_better),
        (_("What was good"), told.what_good),
    ):
        if text:
            st.subheader(title, anchor=False)
            st.html(f'<div class="tl-said"><p{lang(told.language)}>{escape(text)}</p></div>')
    if told.steps:
        st.subheader(_("The steps"), anchor=False)


def _step(step: JourneyStep, told_in: str) -> str:
    outcomes = {"yes": _("sorted out"), "partly": _("partly sorted out"), "no": _("not sorted out")}
    facts = [
        words.remembered(step.happened_on, step.precision),
        words.channel(step.channel) if step.channel else None,
        _waited(step.waited_days),
        _promised(step.promised_days),
        _felt(step.feeling),
        _("had to explain it all again") if step.told_again else None,
        _("was sent elsewhere") if step.sent_elsewhere else None,
        outcomes.get(step.sorted_out or ""),
    ]
    run_by = f" ({escape(step.organisation)})" if step.organisation else ""
    note = f'<p style="white-space:pre-line"{lang(told_in)}>{escape(step.note)}</p>' if step.note else ""
    named = step.service or _("A service not named")
    return (
        f'<div class="tl-step"><h3>{step.position}. {escape(named)}{run_by}</h3>{note}'
        f'<p class="tl-meta">{escape(" · ".join(fact for fact in facts if fact))}</p></div>'
    )


def _waited(days: int | None) -> str | None:
    if days is None:
        return None
    return ngettext("waited {number} day", "waited {number} days", days).format(number=f"{days:,}")


def _promised(days: int | None) -> str | None:
    if days is None:
        return None
    said = ngettext("told it would take {number} day", "told it would take {number} days", days)
    return said.format(number=f"{days:,}")
