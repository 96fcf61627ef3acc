"""How well the machine agrees with people, per theme and by its own confidence; learning again, with its progress."""

import re
from collections.abc import Mapping
from functools import partial
from html import escape
from typing import Any

import streamlit as st

from insight.access import Actor
from insight.coding import comparing, teaching
from insight.coding.teaching import LESSON, Teaching
from insight.intake import Place
from insight.language import _, day, ngettext, noted
from insight.runs import RunStatus
from pages.coding import figures, moves
from pages.kit import charts, look, words

# Stages, reasons and failures are stored in English, as the worker says them; here stand those there are.
STAGES = {
    "waiting for the worker": noted("Waiting for the worker"),
    "reading passages": noted("Reading passages"),
    "learning": noted("Learning"),
    "choosing what to read next": noted("Choosing what to read next"),
}
FAILURES = (
    noted("The worker stopped before it was done."),
    noted("This analysis keeps no vectors to learn with. Run and publish a new one."),
)
FAULT = re.compile(r"The learning failed \((\w+)\)\. Please report this\.")
NEEDS = {
    "examples": noted("No theme has two coded passages yet. Code some more: the machine needs examples."),
    "kinds": noted("All that was coded is of one kind yet. Code passages of other themes too."),
    "coded": noted("Fewer than 50 different passages were coded, so the machine promises nothing yet. Code some more."),
}
ENOUGH = 10  # coded passages of a theme from which its figures say something
TRUSTED = 0.80


def draw(actor: Actor, place: Place) -> None:
    """Draw how far the machine may be trusted."""
    moves.say_problem()
    stands = teaching.teaching(actor, place)
    if stands.running:
        _follow(actor, place)
    else:
        _ended(stands)
        begin = partial(teaching.start, actor, place)
        st.button(_("Let the machine learn from these"), type="primary", on_click=moves.attempt, args=(begin,))
    if stands.done is None:
        lead = _(
            "The machine has not learned yet. It learns by itself after every {number} passages that people code, and "
            "puts the passages it can promise into the themes that people would put them into."
        )
        st.write(lead.format(number=LESSON))
        return
    _learned(actor, place, stands, stands.done.facts)


@st.fragment(run_every=1.0)
def _follow(actor: Actor, place: Place) -> None:
    last = teaching.teaching(actor, place).last
    if last is None or not last.open:
        st.rerun()
    st.html(f'<p role="status"><strong>{escape(_("The machine is learning"))}</strong></p>')
    stages = list(STAGES)
    done = stages.index(last.stage) if last.stage in STAGES else 0
    st.progress(done / len(stages), text=_(STAGES[stages[done]]))
    st.caption(_("It goes on when you leave this page."))


def _ended(stands: Teaching) -> None:
    """Why the last attempt came to nothing, and what was coded since."""
    last = stands.last
    if last is not None and last.status is RunStatus.STOPPED:
        st.write(_("The worker went quiet before it had learned. Let the machine learn again."))
    elif last is not None and last.error:
        st.write(_failure(last.error))
    if stands.since:
        new = ngettext(
            "{number} passage was coded since the machine last learned.",
            "{number} passages were coded since the machine last learned.",
            stands.since,
        )
        st.write(new.format(number=f"{stands.since:,}"))


def _failure(error: str) -> str:
    fault = FAULT.fullmatch(error)
    if fault:
        return _("The learning failed ({fault}). Please report this.").format(fault=fault[1])
    return _(error) if error in FAILURES else error


def _learned(actor: Actor, place: Place, stands: Teaching, facts: Mapping[str, Any]) -> None:
    done = stands.done
    if done is not None and done.finished_at is not None:
        when = ngettext(
            "Learned on {day} from {number} coded passage.",
            "Learned on {day} from {number} coded passages.",
            facts["coded"],
        )
        told = when.format(day=day(done.finished_at), number=f"{facts['coded']:,}")
        st.html(f'<p class="tl-hint">{escape(told)}</p>')
    _over_all(facts)
    _by_theme(dict(comparing.themes(actor, place)), facts)
    _by_confidence(facts)


def _over_all(facts: Mapping[str, Any]) -> None:
    """When to trust it, in plain words."""
    if facts["needs"] in NEEDS:
        look.note(f"<p>{escape(_(NEEDS[facts['needs']]))}</p>")
    elif facts["bar"] is None:
        nothing = _("The machine cannot promise nine in ten of any passages yet. Code some more.")
        look.note(f"<p>{escape(nothing)}</p>")
    else:
        promise = _(
            "The machine is sure of {sure} of {all} passages ({share}): about nine in ten of these are where people "
            "would put them. It puts them into their themes; the others stay on the unsure pile."
        )
        share = words.per_cent(facts["sure"] / max(facts["passages"], 1))
        told = promise.format(sure=f"{facts['sure']:,}", all=f"{facts['passages']:,}", share=share)
        look.note(f"<p>{escape(told)}</p>")
    overall = facts["overall"]
    rows = [
        (_("Its main theme is one that people named"), _rate(overall["right"]), f"{overall['right']['n']:,}"),
        (_("The same, where it was sure"), _rate(overall["right_when_sure"]), f"{overall['right_when_sure']['n']:,}"),
        (_("F1 over all answers"), _rate(overall["micro"]), f"{overall['micro']['n']:,}"),
        (_("F1, every theme counting the same"), _rate(overall["macro"]), f"{overall['macro']['n']:,}"),
    ]
    st.html(f'<h2 class="tl-h2">{escape(_("Over all"))}</h2>')
    st.html(charts.table((_("What"), _("How often (95% interval)"), _("Passages")), rows, numbers=(2,)))


def _rate(rate: Mapping[str, float]) -> str:
    return words.interval(rate["value"], rate["low"], rate["high"]) if rate["n"] else _("not known")


def _by_theme(names: Mapping[int, str], facts: Mapping[str, Any]) -> None:
    scores = [score for score in facts["scores"] if score["theme"] in names]
    if not scores:
        return
    st.html(f'<h2 class="tl-h2">{escape(_("By theme"))}</h2>')
    scores.sort(key=lambda score: (-score["n"], names[score["theme"]]))
    told = [_row(names, score) for score in scores if score["n"] >= ENOUGH]
    rare = [_row(names, score) for score in scores if score["n"] < ENOUGH]
    head = (_("Theme"), _("Coded"), _("Precision"), _("Recall"), _("F1"), _("When to trust it"))
    if told:
        st.html(figures.table(head, told, numbers=(1,)))
    if rare:
        few = ngettext(
            "{number} theme with too few coded passages to tell",
            "{number} themes with too few coded passages to tell",
            len(rare),
        )
        with st.expander(few.format(number=len(rare))):
            st.html(figures.table(head, rare, numbers=(1,)))
    with st.expander(_("What these figures are")):
        st.markdown(
            _(
                "Each coded passage is judged as if the machine had not been taught with it. **Precision**: of the "
                "passages that it gives a theme, how many people gave it too. **Recall**: of those that people gave "
                "the theme, how many it finds. **F1** is high only where both are. The intervals hold 95 times in 100."
            )
        )


def _row(names: Mapping[int, str], score: Mapping[str, Any]) -> tuple[str, ...]:
    figures = (_rate(score[name]) for name in ("precision", "recall", "f1"))
    return (names[score["theme"]], f"{score['n']:,}", *figures, trust(score))


def trust(score: Mapping[str, Any]) -> str:
    """What the machine's figures on a theme allow, in plain words."""
    precision, recall = score["precision"], score["recall"]
    if score["n"] < ENOUGH:
        return _("Too few coded to tell.")
    if precision["value"] >= TRUSTED and recall["value"] >= TRUSTED:
        return _("It finds most of it, and is mostly right.")
    if precision["value"] >= TRUSTED:
        return _("What it puts here is mostly right, but it misses some.")
    if recall["value"] >= TRUSTED:
        return _("It finds most of it, but puts other things here too. Look through them.")
    return _("Not yet. Code more of it, or say more clearly what belongs in it.")


def _by_confidence(facts: Mapping[str, Any]) -> None:
    if not facts["calibration"]:
        return
    st.html(f'<h2 class="tl-h2">{escape(_("Does it keep its word?"))}</h2>')
    rows = [
        (
            _("{low} to {high}").format(low=words.per_cent(band["from"]), high=words.per_cent(band["to"])),
            f"{band['n']:,}",
            words.per_cent(band["promised"]),
            words.interval(band["kept"], band["low"], band["high"]),
        )
        for band in facts["calibration"]
    ]
    head = (_("How sure it was"), _("Coded passages"), _("Promised"), _("Right (95% interval)"))
    st.html(figures.table(head, rows, numbers=(1, 2)))
