"""The analyses of a place: start one, follow it, see what it used and left out, publish it."""

import streamlit as st

from insight import runs
from insight.access import Actor, Permission, may
from insight.intake import Place, current_place, places
from insight.runs import Run, RunStatus
from pages.kit import charts, look, words

STATUS_WORDS = {
    RunStatus.WAITING: "Waiting to start",
    RunStatus.RUNNING: "Running",
    RunStatus.DONE: "Done",
    RunStatus.FAILED: "Failed",
    RunStatus.STOPPED: "Stopped before it was done",
}
OPEN = (RunStatus.WAITING, RunStatus.RUNNING)


def render(actor: Actor) -> None:
    """Draw the list of analyses, newest first."""
    st.html(charts.STYLES)
    look.title(
        "Analyses",
        "An analysis reads every story that may be analysed, finds the themes, and counts them. Nobody sees a new one "
        "until it is published; the one before stays as it was.",
    )
    place = _place()
    known = runs.recent(actor, place.id)
    if known and known[0].status in OPEN:
        _follow(actor, known[0].id)
    else:
        _start(actor, place)
    for run in known:
        if run.status not in OPEN:
            _show(actor, run)


def _place() -> Place:
    known = {place.code: place for place in places()}
    if len(known) < 2:
        return current_place()
    if st.session_state.get("place") not in known:
        st.session_state["place"] = st.query_params.get("place") or current_place().code
    chosen = st.selectbox(
        "Place", list(known), format_func=lambda code: known[code].name, key="place", bind="query-params"
    )
    return known[chosen or current_place().code]


def _start(actor: Actor, place: Place) -> None:
    if st.button("Start an analysis", type="primary"):
        runs.start(actor, place.id)
        st.rerun()


@st.fragment(run_every=1.0)
def _follow(actor: Actor, run_id: int) -> None:
    run = runs.get(actor, run_id)
    if run.status not in OPEN:
        st.rerun()
    st.subheader(f"Analysis {run.id} is running", anchor=False)
    share = run.done / run.total if run.total else 0.0
    of = f" ({run.done:,} of {run.total:,})" if run.total > 1 else ""
    st.progress(min(share, 1.0), text=f"{run.stage.capitalize()}{of}")
    st.caption("It goes on when you leave this page.")


def _show(actor: Actor, run: Run) -> None:
    published = " · what everyone sees" if run.published else ""
    with st.container(border=True):
        st.subheader(f"Analysis {run.id}: {STATUS_WORDS[run.status].lower()}{published}", anchor=False)
        st.caption(f"Started on {words.day(run.started_at)} by {run.started_by}")
        if run.status is RunStatus.DONE:
            _facts(run)
            if not run.published and may(actor, Permission.PUBLISH):
                st.button("Publish", key=f"publish-{run.id}", on_click=_publish, args=(actor, run.id))
        elif run.status is RunStatus.STOPPED:
            st.write("Its worker went quiet. Nothing of it was kept; start another one.")
        elif run.error:
            st.write(run.error)


def _facts(run: Run) -> None:
    facts = run.facts
    st.write(
        f"{facts['stories']:,} journeys, {facts['passages']:,} passages, {facts['themes']} themes; "
        f"{facts['unplaced']:,} passages fit no theme. It took {facts['seconds_in_all']:.0f} seconds."
    )
    with st.expander("What was used and what was left out"):
        if run.left_out:
            rows = [(why[0].upper() + why[1:], f"{number:,}") for why, number in run.left_out.items()]
            st.html(charts.table(("Left out", "Number"), rows, numbers=(1,)))
        else:
            st.write("Nothing was left out.")
        asked = [(name.replace("_", " ").capitalize(), _said(value)) for name, value in facts["asked"].items()]
        asked.append(("Program version", run.code_version))
        asked.append(("Fingerprint of the stories read", (run.input_fingerprint or "")[:16]))
        st.html(charts.table(("Asked for", "Value"), asked))


def _said(value: object) -> str:
    return "chosen by stability" if value is None else str(value)


def _publish(actor: Actor, run_id: int) -> None:
    runs.publish(actor, run_id)
