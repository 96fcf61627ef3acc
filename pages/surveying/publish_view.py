"""Publishing a survey: what is missing, what changed, and opening and closing it."""

from datetime import date
from html import escape

import streamlit as st

from insight import surveys
from insight.surveys import State
from pages.kit import words
from pages.surveying import moves
from pages.surveying.desk import Desk, bullets, h2, hint, language_name


def draw(desk: Desk) -> None:
    """What publishing would change, the button, and the state."""
    survey = desk.survey
    following = f"version {(survey.version or 0) + 1}"
    if survey.missing:
        _missing(desk)
    if survey.changes:
        h2(f"What changes with {following}")
        st.html(bullets([escape(change) for change in survey.changes]))
        hint("Answers keep the version that they were given to. Who has started ends on the version they began.")
    elif survey.published is not None:
        hint(f"Nothing has changed since version {survey.version}.")
    elif not survey.missing:
        hint("Nothing is missing. Once it is published, people can answer it at its address.")
    if not survey.missing and (survey.changes or survey.published is None):
        _button(desk, f"Publish {following}" if survey.published else "Publish")
    if survey.published is not None:
        _open_and_close(desk)


def _missing(desk: Desk) -> None:
    h2("What is missing")
    counts: dict[tuple[str, str], int] = {}
    for gap in desk.survey.missing:
        at = (gap.language, gap.phrase.part)
        counts[at] = counts.get(at, 0) + 1
    hint("Write these first, or no longer offer the language.")
    st.html(
        bullets(
            [
                f"{escape(language_name(language))}: "
                f"{desk.anchor(desk.name_of(part), 'words', part=part, language=language)}, "
                f"{words.counted(count, 'text')}"
                for (language, part), count in counts.items()
            ]
        )
    )


def _button(desk: Desk, label: str) -> None:
    with st.container(key="tl-act-publish"):
        st.button(label, type="primary", key=f"{desk.key}-publish", on_click=_publish, args=(desk,))


def _publish(desk: Desk) -> None:
    with moves.kindly(desk.tab):
        made = surveys.publish(desk.actor, desk.place, desk.survey.code)
        told = f"Version {made.version} is published."
        moves.tell(desk.tab, done=told if made.new else f"Nothing had changed since version {made.version}.")


def _open_and_close(desk: Desk) -> None:
    survey = desk.survey
    h2("Open or closed")
    says = {
        State.OPEN: f"People can start to answer it{_until(survey.closes_on)}.",
        State.NOT_YET_OPEN: f"It opens on {words.day(survey.opens_on)}." if survey.opens_on else "It is not open yet.",
        State.CLOSED: "It is closed: nobody can start to answer it. Who had started may finish.",
    }
    hint(says[survey.state])
    st.html(
        f'<p>Look at it as people do: <a href="/tell/s/{survey.code}" target="_self">the light form</a>, '
        f'<a href="/share?survey={survey.code}" target="_self">the page with pictures</a>.</p>'
    )
    with st.container(key="tl-act-close"):
        if survey.state is State.CLOSED:
            st.button("Open it again", key=f"{desk.key}-reopen", on_click=_reopen, args=(desk,))
        else:
            st.button("Close it now", key=f"{desk.key}-close", on_click=_close, args=(desk,))


def _until(last: date | None) -> str:
    return f" until {words.day(last)}" if last else ""


def _close(desk: Desk) -> None:
    with moves.kindly(desk.tab):
        surveys.close(desk.actor, desk.place, desk.survey.code)
        moves.tell(desk.tab, done="Closed. Nobody can start to answer it.")


def _reopen(desk: Desk) -> None:
    with moves.kindly(desk.tab):
        surveys.reopen(desk.actor, desk.place, desk.survey.code)
        moves.tell(desk.tab, done="Open again, without a last day.")
