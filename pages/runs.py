"""The analyses of a place: start one, follow it, see what it used and left out, publish it."""

import re

import streamlit as st

from insight import runs
from insight.access import Actor, Permission, may
from insight.coding import teaching
from insight.intake import Place
from insight.language import _, day, noted
from insight.runs import Run, RunStatus
from pages.kit import charts, look
from pages.kit.a11y import Page
from pages.kit.placing import choose_place

STATUS_WORDS = {
    RunStatus.WAITING: noted("waiting to start"),
    RunStatus.RUNNING: noted("running"),
    RunStatus.DONE: noted("done"),
    RunStatus.FAILED: noted("failed"),
    RunStatus.STOPPED: noted("stopped before it was done"),
}
# Stages, reasons and failures are stored with a run in English, as its worker says them; here stand those there are.
STAGES = {
    "waiting for the worker": noted("Waiting for the worker"),
    "starting": noted("Starting"),
    "reading stories": noted("Reading stories"),
    "reading the tone": noted("Reading the tone"),
    "reading": noted("Reading"),
    "vectors": noted("Vectors"),
    "neighbours": noted("Neighbours"),
    "themes": noted("Themes"),
    "placing": noted("Placing"),
    "clustering": noted("Clustering"),
    "naming": noted("Naming"),
    "sharpening themes": noted("Sharpening themes"),
    "naming themes": noted("Naming themes"),
    "counting": noted("Counting"),
    "storing": noted("Storing"),
}
REASONS = {
    "stories that speak of harm and wait to be read, or were withheld": noted(
        "Stories that speak of harm and wait to be read, or were withheld"
    ),
    "stories that a moderator rejected": noted("Stories that a moderator rejected"),
    "stories whose teller did not agree to analysis": noted("Stories whose teller did not agree to analysis"),
    "stories taken back since": noted("Stories taken back since"),
    'answers such as "nothing" or "n/a"': noted('Answers such as "nothing" or "n/a"'),
}
OTHER_LANGUAGE = re.compile(r"stories told in another language \((.+)\)")
FAILURES = (
    noted("There is nothing to analyse yet: no story here has words and consent to analyse them."),
    noted("The worker stopped before it was done."),
)
FAULT = re.compile(r"The analysis failed \((\w+)\)\. Please report this\.")
ASKED = {
    "language": noted("Language"),
    "seed": noted("Seed"),
    "resolution": noted("Resolution"),
    "least_journeys": noted("Least journeys"),
    "least_side": noted("Least side"),
    "least_side_share": noted("Least side share"),
    "known_pains": noted("Known pains"),
    "map_points": noted("Map points"),
}
OPEN = (RunStatus.WAITING, RunStatus.RUNNING)


def render(actor: Actor) -> None:
    """Draw the list of analyses, newest first."""
    st.html(charts.STYLES)
    look.title(
        _("Analyses"),
        _(
            "An analysis reads every story that may be analysed, finds the themes, and counts them. Nobody sees a new "
            "one until it is published; the one before stays as it was."
        ),
    )
    place = choose_place(actor)
    known = runs.recent(actor, place.id)
    if known and known[0].status in OPEN:
        _follow(actor, known[0].id)
    else:
        _start(actor, place)
    for run in known:
        if run.status not in OPEN:
            _show(actor, run)
    Page().finish("runs")


def _start(actor: Actor, place: Place) -> None:
    if st.button(_("Start an analysis"), type="primary"):
        runs.start(actor, place.id)
        st.rerun()


@st.fragment(run_every=1.0)
def _follow(actor: Actor, run_id: int) -> None:
    run = runs.get(actor, run_id)
    if run.status not in OPEN:
        st.rerun()
    st.subheader(_("Analysis {number} is running").format(number=run.id), anchor=False)
    share = run.done / run.total if run.total else 0.0
    st.progress(min(share, 1.0), text=_how_far(run))
    st.caption(_("It goes on when you leave this page."))


def _how_far(run: Run) -> str:
    stage = _(STAGES.get(run.stage, run.stage.capitalize()))
    if run.total <= 1:
        return stage
    return _("{stage} ({number} of {all})").format(stage=stage, number=f"{run.done:,}", all=f"{run.total:,}")


def _show(actor: Actor, run: Run) -> None:
    named = _("Analysis {number}: {status} · what everyone sees") if run.published else _("Analysis {number}: {status}")
    with st.container(border=True):
        st.subheader(named.format(number=run.id, status=_(STATUS_WORDS[run.status])), anchor=False)
        st.caption(_("Started on {day} by {name}").format(day=day(run.started_at), name=run.started_by))
        if run.status is RunStatus.DONE:
            _facts(run)
            if not run.published and may(actor, Permission.PUBLISH):
                st.button(_("Publish"), key=f"publish-{run.id}", on_click=_publish, args=(actor, run.id))
        elif run.status is RunStatus.STOPPED:
            st.write(_("Its worker went quiet. Nothing of it was kept; start another one."))
        elif run.error:
            st.write(_failure(run.error))


def _facts(run: Run) -> None:
    facts = run.facts
    st.write(
        _(
            "{journeys} journeys, {passages} passages, {themes} themes; {unplaced} passages fit no theme. "
            "It took {seconds} seconds."
        ).format(
            journeys=f"{facts['stories']:,}",
            passages=f"{facts['passages']:,}",
            themes=facts["themes"],
            unplaced=f"{facts['unplaced']:,}",
            seconds=f"{facts['seconds_in_all']:.0f}",
        )
    )
    with st.expander(_("What was used and what was left out")):
        if run.left_out:
            rows = [(_reason(why), f"{number:,}") for why, number in run.left_out.items()]
            st.html(charts.table((_("Left out"), _("Number")), rows, numbers=(1,)))
        else:
            st.write(_("Nothing was left out."))
        asked = [(_asked(name), _said(value)) for name, value in facts["asked"].items()]
        asked.append((_("Program version"), run.code_version))
        asked.append((_("Fingerprint of the stories read"), (run.input_fingerprint or "")[:16]))
        st.html(charts.table((_("Asked for"), _("Value")), asked))


def _reason(why: str) -> str:
    other = OTHER_LANGUAGE.fullmatch(why)
    if other:
        return _("Stories told in another language ({language})").format(language=other[1])
    return _(REASONS.get(why, why[:1].upper() + why[1:]))


def _failure(error: str) -> str:
    fault = FAULT.fullmatch(error)
    return _("The analysis failed ({fault}). Please report this.").format(fault=fault[1]) if fault else _(error)


def _asked(name: str) -> str:
    return _(ASKED.get(name, name.replace("_", " ").capitalize()))


def _said(value: object) -> str:
    if isinstance(value, bool):
        return _("True") if value else _("False")
    return _("chosen by stability") if value is None else str(value)


def _publish(actor: Actor, run_id: int) -> None:
    teaching.publish(actor, run_id)
