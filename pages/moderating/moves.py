"""What the buttons of the moderation screen do. A story that was read stays in this visit's memory, nowhere else."""

import logging
from collections.abc import Callable

import streamlit as st

from insight import moderation
from insight.access import Actor
from insight.errors import InsightError
from insight.identifiers import Kind
from insight.intake import Place
from insight.language import _, noted, speak
from insight.moderation import Opened, Pile, Reason
from pages.kit.outcome import Outcomes
from pages.kit.session import chosen_language

log = logging.getLogger("throughline")
READ, ROUND = "moderation-read", "moderation-round"
WORDS, KIND, REASON, PILE = "words", "kind", "reason", "moderation-pile"
UNSAVED = noted("Sorry, that could not be saved just now. Try again in a moment.")
DONE = {
    "accept": noted("Accepted. Choose below which sentences may leave the place."),
    "reject": noted("Rejected. It is in no analysis and shown nowhere; its teller still sees it by the reference."),
    "take_back": noted("It waits again."),
    "hide": noted("Hidden. Analyses made before pass this story over."),
    "unhide": noted("The mark is gone. Analyses made before pass this story over."),
    "release": noted("Kept. What is ticked may leave the place."),
}
outcomes = Outcomes("moderation-outcome")
last = outcomes.last


def field(name: str) -> str:
    """The key of a field; after something was done the fields are new ones."""
    return f"moderation-{name}-{st.session_state.get(ROUND, 0)}"


def read_of(number: int) -> Opened | None:
    """The story as this visit has read it."""
    found: Opened | None = st.session_state.get(READ)
    return found if found is not None and found.story_id == number else None


def put_away() -> None:
    """Forget the story that was read: seeing it again is another reading."""
    st.session_state.pop(READ, None)


def leave() -> None:
    """Back to the queue."""
    put_away()
    outcomes.forget()
    st.query_params.pop("story", None)


def pile() -> Pile:
    """The pile that is shown."""
    return Pile(st.session_state.get(PILE) or Pile.WAITING)


def turn_to_pile() -> None:
    """Another pile begins with its first page."""
    st.query_params.pop("page", None)


def read(actor: Actor, place: Place, number: int) -> None:
    """Open a story, which is recorded."""
    leave()
    if _do("", lambda: moderation.read(actor, place, number)):
        st.query_params["story"] = str(number)


def accept(actor: Actor, place: Place, story: Opened) -> None:
    """Accept the story as it stands."""
    _do("accept", lambda: moderation.accept(actor, place, story.story_id, story.seen))


def take_back(actor: Actor, place: Place, story: Opened) -> None:
    """Let the story wait again."""
    _do("take_back", lambda: moderation.take_back(actor, place, story.story_id, story.seen))


def reject(actor: Actor, place: Place, story: Opened) -> None:
    """Reject the story for the reason that was chosen."""
    chosen = st.session_state.get(field(REASON))
    if not chosen:
        speak(chosen_language())
        outcomes.tell(wrong=((REASON, _("Choose why the story is rejected")),))
        return
    _do("reject", lambda: moderation.reject(actor, place, story.story_id, Reason(chosen), story.seen), REASON)


def hide(actor: Actor, place: Place, story: Opened) -> None:
    """Hide the words that were written, wherever they stand in the story."""
    typed, chosen = str(st.session_state.get(field(WORDS)) or ""), st.session_state.get(field(KIND))
    kind = Kind(chosen or Kind.NAME)
    _do("hide", lambda: moderation.hide(actor, place, story.story_id, typed, kind, story.seen), WORDS)


def unhide(actor: Actor, place: Place, story: Opened, name: str, start: int) -> None:
    """Take one mark away."""
    _do("unhide", lambda: moderation.unhide(actor, place, story.story_id, name, start, story.seen))


def release(actor: Actor, place: Place, story: Opened) -> None:
    """Keep which sentences may leave."""
    ticked = [
        one.text for number, one in enumerate(story.sentences) if st.session_state.get(field(f"sentence-{number}"))
    ]
    _do("release", lambda: moderation.release(actor, place, story.story_id, ticked, story.seen))


def _do(name: str, deed: Callable[[], Opened], where: str = "") -> bool:
    """Do something with a story and keep how it stands then; what went wrong is said, at its field if it has one."""
    speak(chosen_language())  # buttons are worked off before the page is run
    try:
        st.session_state[READ] = deed()
    except InsightError as problem:
        outcomes.tell(wrong=((where, str(problem)),))
        return False
    except Exception as fault:  # its text may carry what somebody wrote, so it is neither shown nor logged
        log.error("moderation: %s failed: %s", name or "reading", type(fault).__name__)
        outcomes.tell(wrong=(("", _(UNSAVED)),))
        return False
    st.session_state[ROUND] = st.session_state.get(ROUND, 0) + 1
    outcomes.tell(done=name)
    return True
