"""What the buttons do: one edit each, and what is said of it. Whatever fails, what was typed stays."""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from html import escape

import streamlit as st

from insight import surveys
from insight.errors import InsightError
from insight.surveys import Working
from pages.kit.a11y import Field, Page
from pages.kit.questions import error_line
from pages.sharing.frame import summary_of
from pages.surveying.desk import Desk

log = logging.getLogger("throughline")
Edit = Callable[[Working], Working]
OUTCOME = "survey-outcome"
UNSAVED = "Sorry, that could not be saved just now. What you wrote is still here. Try again in a moment."


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the last button led to, in words, and at which tab.

    ``turn`` counts, so that the focus follows to ``focus``; ``field`` is the key of the input that is to be mended.
    """

    turn: int = 0
    at: str = ""
    done: str = ""
    wrong: str = ""
    focus: str = ""
    field: str = ""


def last() -> Outcome:
    """What the last button led to."""
    return st.session_state.get(OUTCOME) or Outcome()


def tell(at: str, *, done: str = "", wrong: str = "", focus: str = "", field: str = "") -> None:
    """Say on the next drawing of a tab what was done, or what is wrong."""
    st.session_state[OUTCOME] = Outcome(last().turn + 1, at, done, wrong, focus, field)


def show(at: str) -> str:
    """Say it, unless somebody has gone to another tab since; gives the id or key to which the focus goes."""
    outcome = last()
    if outcome.at != at:
        return ""
    if outcome.wrong:
        summary_of([(outcome.field, outcome.wrong)])
        return "error-summary"
    if outcome.done:
        st.html(f'<div class="tl-saved" id="saved" role="status"><p>{escape(outcome.done)}</p></div>')
    return outcome.focus or ("saved" if outcome.done else "")


def wrong_now(at: str) -> bool:
    """Whether the tab has something to mend."""
    return last().at == at and bool(last().wrong)


def mark(page: Page, key: str) -> None:
    """The message above the input that is to be mended, tied to it. Drawn right before the input."""
    wrong = bool(last().wrong) and last().field == key
    if wrong:
        st.html(error_line(key, last().wrong))
    page.fields.append(Field(key, f"{key}-error" if wrong else "", wrong))


def revise(desk: Desk, edit: Edit, done: str, focus: str = "", field: str = "") -> None:
    """Make one edit to the working copy. ``field`` is the input that it was read from."""
    revise_all(desk, [(edit, field)], done, focus)


def revise_all(desk: Desk, edits: Sequence[tuple[Edit, str]], done: str, focus: str = "") -> None:
    """Make several edits, each with the input that it was read from, as one: all of them, or none."""
    reading = ""

    def every(working: Working) -> Working:
        nonlocal reading
        for edit, reading in edits:  # noqa: B007  (what was being read when an edit was refused)
            working = edit(working)
        return working

    if not edits:
        tell(desk.tab, done="Nothing was changed.")
        return
    with kindly(desk.tab, lambda: reading):
        surveys.revise(desk.actor, desk.place, desk.survey.code, every)
        tell(desk.tab, done=done, focus=focus)


@contextmanager
def kindly(at: str, field: Callable[[], str] = str) -> Iterator[None]:
    """A button's work never ends in Streamlit's own error page: what failed is said, and what was typed stays."""
    try:
        yield
    except InsightError as problem:
        tell(at, wrong=str(problem), field=field())
    except Exception as fault:
        log.error("surveys: %s failed: %s", at, type(fault).__name__)
        tell(at, wrong=UNSAVED)


def callback(desk: Desk, edit: Edit, done: str, focus: str = "") -> Callable[[], None]:
    """A button's work: one edit."""
    return partial(revise, desk, edit, done, focus)
