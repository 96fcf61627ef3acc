"""What the buttons of the safeguarding screen do. A story that was read stays in this visit's memory, nowhere else."""

import logging
from dataclasses import replace

import streamlit as st

from insight import safeguarding
from insight.access import Actor
from insight.errors import BadInput, InsightError
from insight.language import _, noted, speak
from insight.safeguarding import Decision, Item, Reading, State
from pages.kit.outcome import Outcomes
from pages.kit.session import chosen_language

log = logging.getLogger("throughline")
READING, KEPT, ROUND = "guard-reading", "guard-kept-note", "guard-round"
CHOICE, NOTE = "decision", "note"
UNSAVED = noted("Sorry, that could not be saved just now. What you wrote is still here. Try again in a moment.")
outcomes = Outcomes("guard-outcome")
last = outcomes.last


def field(name: str) -> str:
    """The key of a field. Each decision has fields of its own: a browser would keep what stood in the last one's."""
    return f"guard-{name}-{st.session_state.get(ROUND, 0)}"


def reading_of(item: Item) -> Reading | None:
    """The story as this visit has read it, unless it was changed, erased or decided about by somebody else since."""
    reading: Reading | None = st.session_state.get(READING)
    stands = reading is not None and (reading.item.id, reading.item.seen) == (item.id, item.seen)
    if stands and item.state is not State.ERASED:
        return reading
    put_away()
    return None


def put_away() -> None:
    """Forget the story that was read: seeing it again is another reading."""
    st.session_state.pop(READING, None)


def open_item(number: int) -> None:
    """Show one item, not yet its story."""
    leave()
    st.query_params["item"] = str(number)


def leave() -> None:
    """Back to the queue."""
    put_away()
    outcomes.forget()
    st.session_state.pop(KEPT, None)
    st.query_params.pop("item", None)


def put_back_note() -> None:
    """Put a reason that could not be recorded back into its field, though the field was gone meanwhile."""
    if field(NOTE) not in st.session_state and KEPT in st.session_state:
        st.session_state[field(NOTE)] = st.session_state[KEPT]


def read(actor: Actor, number: int) -> None:
    """Read the story, which is recorded."""
    speak(chosen_language())  # buttons are worked off before the page is run
    try:
        st.session_state[READING] = safeguarding.read(actor, number)
        outcomes.tell()
    except InsightError as problem:
        outcomes.tell(wrong=(("", str(problem)),))


def decide(actor: Actor, item: Item) -> None:
    """Record what was chosen, with its reason; what is missing is said at its field."""
    speak(chosen_language())
    chosen, note = st.session_state.get(field(CHOICE)), str(st.session_state.get(field(NOTE)) or "")
    missing = [] if chosen else [(CHOICE, _("Choose what happens with this story"))]
    if not note.strip():
        missing.append((NOTE, _("Say why, in a sentence or two")))
    if missing:
        outcomes.tell(wrong=tuple(missing))
    else:
        _record(actor, item, Decision(str(chosen)), note)


def reopen(actor: Actor, item: Item) -> None:
    """Open a decided item again, with the reason."""
    speak(chosen_language())
    note = str(st.session_state.get(field(NOTE)) or "")
    if note.strip():
        _record(actor, item, Decision.REOPEN, note)
    else:
        outcomes.tell(wrong=((NOTE, _("Say why, in a sentence or two")),))


def _record(actor: Actor, item: Item, decision: Decision, note: str) -> None:
    st.session_state[KEPT] = note
    try:
        decided = safeguarding.decide(actor, item.id, decision, note, item.seen)
    except InsightError as problem:
        outcomes.tell(wrong=((NOTE if isinstance(problem, BadInput) else "", str(problem)),))
    except Exception as fault:  # its text may carry what somebody wrote, so it is neither shown nor logged
        log.error("safeguarding: recording failed: %s", type(fault).__name__)
        outcomes.tell(wrong=(("", _(UNSAVED)),))
    else:
        reading: Reading | None = st.session_state.get(READING)
        if reading is not None:
            st.session_state[READING] = replace(reading, item=decided)
        st.session_state.pop(KEPT, None)
        st.session_state[ROUND] = st.session_state.get(ROUND, 0) + 1
        outcomes.tell(done=decision.value)
