"""What the buttons do when staff key in paper or note a call. Whatever fails, the screen keeps what was typed."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import streamlit as st

from insight import intake
from insight.access import Actor
from insight.errors import InsightError
from insight.intake import Place, Problem
from insight.language import _, speak
from pages.keyed.pad import Pad, current, turn_to
from pages.kit.session import chosen_language
from pages.logbook.moves import UNSAVED

log = logging.getLogger("throughline")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the last button led to. ``turn`` counts, so that the focus follows to ``focus``, an id or a key.

    After saving there are the ``reference`` and the ``answers`` that were kept, to be read back.
    """

    turn: int = 0
    reference: str = ""
    answers: Mapping[str, Any] = field(default_factory=dict)
    problems: Sequence[Problem] = ()
    focus: str = ""


def last(name: str) -> Outcome:
    """What the last button led to."""
    outcome: Outcome = st.session_state.get(f"{name}-outcome") or Outcome()
    return outcome


def tell(name: str, outcome: Outcome) -> None:
    """Say what a button led to."""
    st.session_state[f"{name}-outcome"] = replace(outcome, turn=last(name).turn + 1)


def keep(actor: Actor, place: Place, pad: Pad, read: Callable[[Pad], tuple[dict[str, Any], list[Problem]]]) -> None:
    """Save the story. ``read`` gives the answers on the screen, and what it found wrong with them itself."""
    speak(chosen_language())  # buttons are worked off before the page is run
    answers, wrong = read(pad)
    try:
        if wrong:
            raise intake.AnswersNeedMending([*wrong, *intake.problems_in(answers)])
        reference = intake.log_story(actor, place, pad.token, answers).reference
    except intake.AnswersNeedMending as mending:
        tell(pad.name, Outcome(problems=mending.problems, focus="error-summary"))
    except InsightError as problem:
        tell(pad.name, Outcome(problems=[Problem("", str(problem))], focus="error-summary"))
    except Exception as fault:  # its text may carry what somebody wrote, so it is neither shown nor logged
        log.error("%s: saving failed: %s", pad.name, type(fault).__name__)
        tell(pad.name, Outcome(problems=[Problem("", _(UNSAVED))], focus="error-summary"))
    else:
        tell(pad.name, Outcome(reference=reference, answers=answers, focus="saved"))


def next_one(pad: Pad, first: str, usual: dict[str, str]) -> None:
    """An empty form or call; the focus goes to its first input."""
    fresh = Pad(pad.name, usual=usual)
    turn_to(fresh)
    tell(pad.name, Outcome(focus=fresh.key(first)))


def add_step(name: str, first: str) -> None:
    """Room for one more step; the focus goes to its first question."""
    pad = current(name)
    pad.rows += 1
    tell(name, Outcome(focus=pad.key(f"steps.{pad.rows - 1}.{first}")))
