"""What the keys of a coding desk do. Whatever fails, the passage stays on the desk with what was chosen."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from insight.coding.desk import Back
from insight.errors import BadInput, InsightError
from insight.language import _, noted, speak
from pages.kit import look
from pages.kit.session import chosen_language

log = logging.getLogger("throughline")
PROBLEM = "coding-problem"
UNSAVED = noted("This could not be saved just now. Nothing that you saved before is lost. Try again.")


@dataclass(slots=True)
class Desk:
    """One desk in one browser tab. ``turn`` counts what was done, so that nothing is done twice.

    ``first`` stays on the desk until something is done with it; ``skipped`` come back when the page is loaded again.
    """

    turn: int = 0
    first: int | None = None
    chosen: tuple[int, ...] = ()
    skipped: list[int] = field(default_factory=list)
    just_skipped: bool = False
    problem: str = ""

    def token(self, number: int) -> str:
        """What tells this showing of a passage from all others."""
        return f"{number}/{self.turn}"


@dataclass(frozen=True, slots=True)
class Hands:
    """What saving and going back mean on a desk."""

    save: Callable[[int, Sequence[int]], object]
    back: Callable[[], Back]


def desk(name: str) -> Desk:
    """The desk with this name."""
    kept: Desk = st.session_state.setdefault(f"desk-{name}", Desk())
    return kept


def act(name: str, number: int, hands: Hands, told: Mapping[str, Any]) -> None:
    """Do what somebody asked for the passage on the desk; what was meant for an earlier showing is passed over."""
    speak(chosen_language())  # keys are worked off before the page is run
    here = desk(name)
    if told.get("token") != here.token(number):
        return
    here.turn += 1
    here.problem = ""
    chosen = tuple(int(theme) for theme in told.get("themes") or ())
    try:
        _do(here, number, hands, str(told.get("kind")), chosen)
    except InsightError as problem:
        here.problem, here.first, here.chosen = str(problem), number, chosen
    except Exception as fault:  # its text may carry what somebody wrote, so it is neither shown nor logged
        log.error("coding failed: %s", type(fault).__name__)
        here.problem, here.first, here.chosen = _(UNSAVED), number, chosen


def _do(here: Desk, number: int, hands: Hands, kind: str, chosen: tuple[int, ...]) -> None:
    if kind == "back" and here.just_skipped:
        here.first, here.chosen = here.skipped.pop(), ()
    elif kind == "back":
        back = hands.back()
        here.first, here.chosen = back.number, back.themes
    else:
        if kind == "skip":
            here.skipped.append(number)
        elif kind == "save" and not chosen:
            raise BadInput(_("Choose a theme first, or say that it fits none."))
        else:
            hands.save(number, chosen if kind == "save" else ())
        here.first, here.chosen = None, ()
    here.just_skipped = kind == "skip"


def attempt(act: Callable[[], object]) -> None:
    """Do what a button asks; what a person can mend is said when the page is drawn, by ``say_problem``."""
    speak(chosen_language())  # buttons are worked off before the page is run
    try:
        act()
    except InsightError as problem:
        st.session_state[PROBLEM] = str(problem)


def say_problem() -> None:
    """What the last button could not do, said once."""
    said = st.session_state.pop(PROBLEM, "")
    if said:
        look.problem(said)


def bring_back_skipped(name: str) -> None:
    """Put the passages that were skipped on the desk again."""
    desk(name).skipped.clear()
