"""What the log's buttons do. Whatever fails, the form keeps what was typed."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from insight import intake, receipts
from insight.access import Actor
from insight.errors import Conflict, InsightError
from insight.intake import LogEntry, Place, PlaceLists, Problem
from insight.language import _, noted, speak
from pages.kit.session import chosen_language
from pages.logbook.sheet import Sheet, current, read, turn_to

log = logging.getLogger("throughline")
MORE = 2
USUAL = ("source", "provenance")
UNSAVED = noted("Sorry, that could not be saved just now. What you wrote is still here. Try again in a moment.")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the last button led to: a reference, or problems; ``turn`` counts, so that the focus follows.

    ``stale`` says that somebody else changed the entry meanwhile.
    """

    turn: int = 0
    reference: str = ""
    changed: bool = False
    problems: Sequence[Problem] = ()
    focus: str = ""
    stale: bool = False


def last() -> Outcome:
    """What the last button led to."""
    return st.session_state.get("log-outcome") or Outcome()


def save(actor: Actor, place: Place, lists: PlaceLists, wording: str) -> None:
    """Keep the story, or the change to it, and put an empty form on the screen."""
    speak(chosen_language())  # buttons are worked off before the page is run
    sheet = current()
    answers = read(sheet, lists.services, wording)
    try:
        if sheet.entry:
            reference = receipts.amend_entry(actor, sheet.entry.reference, sheet.entry.version, answers).reference
        else:
            reference = intake.log_story(actor, place, sheet.token, answers).reference
    except intake.AnswersNeedMending as mending:
        _tell(problems=mending.problems)
    except Conflict as conflict:
        still_here = _("{problem} What you wrote is still below.").format(problem=conflict)
        _tell(problems=[Problem("", still_here)], stale=True)
    except InsightError as problem:
        _tell(problems=[Problem("", str(problem))])
    except Exception as fault:  # its text may carry what somebody wrote, so it is neither shown nor logged
        log.error("log: saving failed: %s", type(fault).__name__)
        _tell(problems=[Problem("", _(UNSAVED))])
    else:
        usual = {name: answers[name] for name in USUAL if name in answers}
        turn_to(Sheet(usual=usual))
        _tell(reference=reference, changed=sheet.entry is not None, focus="saved")


def add_rows() -> None:
    """More rows for steps; the focus goes to the first new one."""
    sheet = current()
    sheet.rows += MORE
    _tell(focus=sheet.key(f"steps.{sheet.rows - MORE}.service"))


def edit(entry: LogEntry) -> None:
    """Load an entry into the form."""
    sheet = Sheet(entry=entry)
    sheet.rows = max(sheet.rows, len(sheet.steps) + 1)
    turn_to(sheet)
    _tell()


def stop_editing() -> None:
    """Back to an empty form; the entry stays as it was."""
    turn_to(Sheet())
    _tell()


def open_newest(actor: Actor) -> None:
    """Load the entry that is being changed again, as it is now."""
    sheet = current()
    newest = [e for e in intake.my_entries(actor) if sheet.entry and e.reference == sheet.entry.reference]
    if newest:
        edit(newest[0])


def _tell(
    *,
    reference: str = "",
    changed: bool = False,
    problems: Sequence[Problem] = (),
    focus: str = "",
    stale: bool = False,
) -> None:
    outcome = Outcome(last().turn + 1, reference, changed, tuple(problems), focus, stale)
    st.session_state["log-outcome"] = outcome
