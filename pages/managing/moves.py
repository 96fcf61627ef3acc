"""What the buttons of the screen of people do. A link that was made stays in this visit's memory until one goes on."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import streamlit as st

from insight import accounts
from insight.access import Actor, Role
from insight.accounts import InvitationMade
from insight.errors import InsightError
from insight.intake import Place
from insight.language import _, noted, speak
from pages.kit.session import chosen_language

log = logging.getLogger("throughline")
OUTCOME, ROUND = "people-outcome", "people-round"
EVERY, SOME = "every", "some"
UNSAVED = noted("Sorry, that could not be saved just now. Try again in a moment.")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the last button led to: something done, a link, or what to mend by field; ``turn`` moves the focus."""

    turn: int = 0
    done: str = ""
    link: InvitationMade | None = field(default=None, repr=False)
    wrong: tuple[tuple[str, str], ...] = ()


def last() -> Outcome:
    """What the last button led to."""
    return st.session_state.get(OUTCOME) or Outcome()


def key(name: str) -> str:
    """The key of a field: each form that is opened has fields of its own."""
    return f"people-{name}-{st.session_state.get(ROUND, 0)}"


def go(**query: str) -> None:
    """Go to another part of the screen; a link that was shown is gone."""
    st.session_state.pop(OUTCOME, None)
    st.session_state[ROUND] = st.session_state.get(ROUND, 0) + 1
    for name in ("person", "do"):
        st.query_params.pop(name, None)
    for name, value in query.items():
        st.query_params[name] = value


def invite(actor: Actor, known: Sequence[Place]) -> None:
    """Make an invitation from what stands in the form. ``known`` are the places among which one ticks."""
    speak(chosen_language())
    places, wrong = _places(known), _wrong(known)
    if wrong:
        return _tell(wrong=tuple(wrong))
    organisation, email = _text("organisation"), _text("email")
    return _do(
        lambda: accounts.invite(actor, Role(_text("role")), places, organisation or None, email),
        _("The invitation is made."),
    )


def change(actor: Actor, number: int, known: Sequence[Place]) -> None:
    """Change what somebody may do. ``known`` are the places among which one ticks."""
    speak(chosen_language())
    places, wrong = _places(known), _wrong(known)
    if wrong:
        return _tell(wrong=tuple(wrong))
    organisation = _text("organisation")
    return _do(
        lambda: accounts.change_person(actor, number, Role(_text("role")), places, organisation or None),
        _("Saved. It holds from now on, also where they are signed in."),
    )


def disable(actor: Actor, number: int) -> None:
    """Let somebody sign in no more."""
    speak(chosen_language())
    _do(lambda: accounts.disable(actor, number), _("They can no longer sign in, and are signed out everywhere."))


def sign_out(actor: Actor, number: int) -> None:
    """End somebody's sessions."""
    speak(chosen_language())
    _do(lambda: accounts.sign_person_out(actor, number), _("They are signed out everywhere, and can sign in again."))


def sign_everybody_out(actor: Actor) -> None:
    """End everybody else's sessions."""
    speak(chosen_language())
    _do(lambda: accounts.sign_everybody_out(actor), _("Everybody else is signed out everywhere."))


def enable(actor: Actor, number: int) -> None:
    """Let somebody sign in again."""
    speak(chosen_language())
    _do(lambda: accounts.enable(actor, number), _("They can sign in again."))


def new_password(actor: Actor, number: int) -> None:
    """Make a link with which somebody sets a new password."""
    speak(chosen_language())
    _do(lambda: accounts.reset_link(actor, number), _("The link is made."))


def no_second_factor(actor: Actor, number: int) -> None:
    """Take a lost second factor away."""
    speak(chosen_language())
    _do(
        lambda: accounts.reset_second_factor(actor, number),
        _("Their second factor is taken away, and they are signed out everywhere."),
    )


def revoke(actor: Actor, number: int) -> None:
    """Take an open invitation back."""
    speak(chosen_language())
    _do(lambda: accounts.revoke_invitation(actor, number), _("The invitation is taken back: its link no longer works."))


def tick(place: Place) -> str:
    """The key of a place's box."""
    return f"{key('place')}-{place.id}"


def _places(known: Sequence[Place]) -> list[int] | None:
    """The places that are ticked; None for every place."""
    if st.session_state.get(key("scope"), EVERY) == EVERY:
        return None
    return [place.id for place in known if st.session_state.get(tick(place))]


def _wrong(known: Sequence[Place]) -> list[tuple[str, str]]:
    """What is to be mended, by field."""
    wrong = [] if _text("role") else [("role", _("Choose a role"))]
    return wrong + ([("scope", _("Tick at least one place"))] if _places(known) == [] else [])


def _text(name: str) -> str:
    return str(st.session_state.get(key(name)) or "").strip()


def _do(act: Callable[[], object], done: str) -> None:
    try:
        made = act()
    except InsightError as problem:
        _tell(wrong=(("", str(problem)),))
    except Exception as fault:  # its text may carry what somebody typed, so it is neither shown nor logged
        log.error("people: a change failed: %s", type(fault).__name__)
        _tell(wrong=(("", _(UNSAVED)),))
    else:
        _tell(done, made if isinstance(made, InvitationMade) else None)


def _tell(done: str = "", link: InvitationMade | None = None, wrong: tuple[tuple[str, str], ...] = ()) -> None:
    st.session_state[OUTCOME] = Outcome(last().turn + 1, done, link, wrong)
