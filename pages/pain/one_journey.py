"""One journey as it was told, drawn the same behind a pain point and in the list of journeys."""

from collections.abc import Callable, Sequence
from html import escape

import streamlit as st

from insight.language import _, day, ngettext
from insight.painpoints import JourneyStep, JourneyView
from pages.guarding.words import KINDS, kind
from pages.kit import look, words
from pages.kit.journey_line import LineStep, journey_line
from pages.pain.cards import lang

STYLES = """<style>
.tl-said{border-left:4px solid #b1b4b6;padding:.1rem 0 .1rem .9rem;margin:.2rem 0}
.tl-said mark{background:#fff1a8;color:#0b0c0c;padding:0 .1rem}
.tl-said p{margin:0;white-space:pre-line}.tl-meta{font-size:.9rem;color:#505a5f;margin:.25rem 0 0}
.tl-step{border-left:4px solid #12436d;padding:.1rem 0 .6rem 1rem;margin:0;position:relative}
.tl-step h3{font-size:1.1rem;margin:0;padding:0}.tl-step p{margin:.2rem 0}
</style>"""


def draw(told: JourneyView) -> None:
    """The journey as a line, then in its teller's words; what its teller did not say takes no room."""
    look.title(_("A journey: {need}").format(need=words.need(told.need).lower()))
    known = _("{teller} · {source} · told on {day}.").format(
        teller=words.teller(told.teller), source=words.source(told.source), day=day(told.told_on)
    )
    quoting = _("Its teller allows quoting it without a name.") if told.may_quote else _("Not for quoting.")
    st.html(f'<p class="tl-meta">{escape(known)} {escape(quoting)}</p>')
    left, right = st.columns([3, 2], gap="large")
    with left:
        _answers(told)
        for step in told.steps:
            st.html(_step(step, told.language))
        if told.need_met:
            answer = words.need_met(told.need_met)
            st.markdown(_("**Did they get what they needed?** {answer}").format(answer=answer))
    with right:
        if told.steps:
            st.html(journey_line([as_line(step) for step in told.steps], _("The journey at a glance")))


def as_line(step: JourneyStep) -> LineStep:
    """A step for the journey line."""
    marks = [mark for mark in (waited(step.waited_days),) if mark]
    return LineStep(step.service, step.organisation, step.feeling, bool(step.told_again), tuple(marks))


def worry(key: str, send: Callable[[Sequence[str], str], None]) -> None:
    """Somebody who reads of harm sends the journey to those who safeguard; ``send`` takes what worries and a note."""
    with st.expander(_("This worries me: somebody may be at risk")), st.form(f"worry-{key}", border=False):
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
            key=f"kinds-{key}",
            placeholder=_("Choose options"),
        )
        note = st.text_area(_("What they should know"), key=f"worry-note-{key}", height=100)
        if st.form_submit_button(_("Send to the safeguarding lead")):
            if chosen:
                send(chosen, note)
                st.rerun()
            look.problem(_("Choose at least one of the things that worry you."))


def felt(feeling: int | None) -> str | None:
    """How something felt, as a fact among others."""
    return _("felt {feeling}").format(feeling=words.feeling(feeling)) if feeling is not None else None


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
        waited(step.waited_days),
        _promised(step.promised_days),
        felt(step.feeling),
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


def waited(days: int | None) -> str | None:
    """How long somebody waited, as a fact among others."""
    if days is None:
        return None
    return ngettext("waited {number} day", "waited {number} days", days).format(number=f"{days:,}")


def _promised(days: int | None) -> str | None:
    if days is None:
        return None
    said = ngettext("told it would take {number} day", "told it would take {number} days", days)
    return said.format(number=f"{days:,}")
