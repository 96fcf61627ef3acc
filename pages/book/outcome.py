"""What the last button on the codebook led to: said once, to be undone at once, or to be mended; never done twice."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape

import streamlit as st

from insight import codebook, coding
from insight.access import Actor
from insight.coding import Moved
from insight.errors import InsightError
from insight.intake import Place
from insight.language import _, speak
from pages.kit.a11y import Field, Page
from pages.kit.questions import error_line
from pages.kit.session import chosen_language
from pages.sharing.frame import summary_of

log = logging.getLogger("throughline")
KEY = "book-outcome"


@dataclass(frozen=True, slots=True)
class Done:
    """What was done, in words, and what it takes to undo it: decisions, and passages as they were before."""

    said: str = ""
    decisions: tuple[int, ...] = ()
    moved: Moved | None = None


@dataclass(slots=True)
class Outcome:
    """``turn`` counts buttons pressed, and moves the focus; ``form`` counts changes made, and empties the inputs."""

    turn: int = 0
    form: int = 0
    done: Done = field(default_factory=Done)
    problems: tuple[tuple[str, str], ...] = ()
    focus: str = ""
    said_at: str = ""


def _now() -> Outcome:
    found: Outcome = st.session_state.setdefault(KEY, Outcome())
    return found


def turn() -> int:
    """How many buttons were pressed."""
    return _now().turn


def form() -> int:
    """A number for keys: another one after each change, so that inputs start empty and an old button does nothing."""
    return _now().form


def focus() -> str:
    """Where the focus goes after a button."""
    now = _now()
    return "error-summary" if now.problems else now.focus


def forget() -> None:
    """Somebody goes elsewhere: what was said is not said again."""
    now = _now()
    now.done, now.problems, now.focus, now.said_at = Done(), (), "", ""


def wrong(at: str, noted_text: str) -> None:
    """Say what is to be mended; ``at`` is the input's key or ""."""
    speak(chosen_language())  # buttons are worked off before the page is run
    _mend(at, _(noted_text))


def _mend(at: str, problem: str) -> None:
    now = _now()
    now.turn, now.problems, now.done, now.said_at = now.turn + 1, ((at, problem),), Done(), ""


def act(actor: Actor, place: Place, pressed_in: int, change: Callable[[], Done], at: str = "") -> bool:
    """Make a change, once; ``at`` is the input that a problem is about. Gives whether it was made.

    ``pressed_in`` is the form's number when its button was drawn: a second click finds another, and does nothing.
    """
    now = _now()
    if pressed_in != now.form:
        return False
    speak(chosen_language())  # buttons are worked off before the page is run
    before = _last_decision(actor, place)
    try:
        done = change()
    except InsightError as problem:
        _mend(at, str(problem))
        return False
    except Exception as fault:  # whatever fails, what was typed stays; nothing of its text is logged
        log.error("codebook: a change failed: %s", type(fault).__name__)
        _mend("", _("Sorry, that could not be saved just now. What you wrote is still here: try again."))
        return False
    made = done.decisions or _made_since(actor, place, before)
    now.turn, now.form, now.problems, now.focus = now.turn + 1, now.form + 1, (), "saved"
    now.done, now.said_at = Done(done.said, made, done.moved), ""
    return True


def _last_decision(actor: Actor, place: Place) -> int:
    return max((one.id for one in codebook.book(actor, place.id).decisions), default=0)


def _made_since(actor: Actor, place: Place, before: int) -> tuple[int, ...]:
    who = actor.called
    return tuple(one.id for one in codebook.book(actor, place.id).decisions if one.id > before and one.by == who)


def say(actor: Actor, place: Place, page: Page) -> None:
    """What was done, with the button that undoes it; or what is to be mended. Elsewhere it is not said again."""
    now, here = _now(), "/".join(st.query_params.get(name, "") for name in ("theme", "do", "view"))
    if now.said_at not in ("", here):
        forget()
    now.said_at = here
    if now.problems:
        summary_of(now.problems)
    elif now.done.said:
        with st.container(key="book-done", horizontal=True, vertical_alignment="center", gap="small"):
            st.html(f'<div id="saved" role="status"><p>{escape(now.done.said)}</p></div>')
            if now.done.decisions or now.done.moved:
                page.fields.append(Field("book-undo", name=_("Undo: {what}").format(what=now.done.said), button=True))
                st.button(_("Undo"), key="book-undo", on_click=_undo, args=(actor, place, now.form))


def _undo(actor: Actor, place: Place, pressed_in: int) -> None:
    done = _now().done

    def undo() -> Done:
        if done.moved:
            coding.put_back(actor, place, done.moved)
        if done.decisions:
            coding.undo_all(actor, place, done.decisions)
        return Done(_("Undone: {what}").format(what=done.said))

    act(actor, place, pressed_in, undo)
    _now().done = Done(_now().done.said)  # what is undone stands in the history, where it can be done again


def mark(page: Page, key: str) -> None:
    """The message above an input that is to be mended, tied to it."""
    told = dict(_now().problems).get(key)
    if told:
        st.html(error_line(key, told))
        page.fields.append(Field(key, f"{key}-error", wrong=True))
