"""What the buttons of records do. What was taken out for a person stays in this visit's memory until one goes on."""

import logging
from collections.abc import Callable
from typing import TypeVar

import streamlit as st

from insight import records
from insight.access import Actor
from insight.errors import InsightError
from insight.intake import Place, tidy_reference
from insight.language import _, ngettext, speak
from insight.receipts import Download
from pages.kit.outcome import Outcomes
from pages.kit.session import chosen_language
from pages.pain import address

log = logging.getLogger("throughline")
TAKEN, PLACE = "records-taken", "records-place"
SAVED = "records-saved"
WHICH, DAYS, SURE, REFERENCE = "records-which", "records-days", "records-sure", "records-reference"
OTHERS = ""
T = TypeVar("T")
outcomes = Outcomes("records-outcome")
last = outcomes.last


def focus() -> str:
    """Where the focus goes after a button."""
    return "error-summary" if last().wrong else SAVED if last().done else ""


def taken() -> Download | None:
    """The file that was made for a person, until it is put away."""
    return st.session_state.get(TAKEN)


def another_view(first: str) -> None:
    """Somebody chose another view: nothing of the one before is left."""
    _put_away()
    address.put("view", first)


def of_place(place: Place) -> None:
    """What was done in another place is not said here."""
    if st.session_state.setdefault(PLACE, place.code) != place.code:
        st.session_state[PLACE] = place.code
        _put_away()


def put_away() -> None:
    """Put the file away that was made for a person."""
    speak(chosen_language())
    _put_away()
    outcomes.tell(_("The file is put away."))


def _put_away() -> None:
    st.session_state.pop(TAKEN, None)
    outcomes.forget()


def set_rule(actor: Actor, place: Place) -> None:
    """Set a rule from what stands in the form."""
    speak(chosen_language())
    typed = str(st.session_state.get(DAYS) or "").strip().replace(",", "")
    which = st.session_state.get(WHICH)
    if which is None:
        return _mend(WHICH, _("Choose which stories the rule is for"))
    if not (typed.isascii() and typed.isdecimal() and len(typed) < 9):
        return _mend(DAYS, _("Give the days as a whole number, such as 730"))
    return _do(
        lambda: records.set_retention(actor, place, int(typed), which or None),
        lambda _made: _("Saved. Look below at what falls due by it."),
        DAYS,
    )


def drop_rule(actor: Actor, place: Place) -> None:
    """Take a rule away."""
    speak(chosen_language())
    which = st.session_state.get(WHICH)
    if which is None:
        return _mend(WHICH, _("Choose which stories the rule is for"))
    return _do(
        lambda: records.set_retention(actor, place, None, which or None),
        lambda _made: _("The rule is taken away."),
        WHICH,
    )


def purge(actor: Actor, place: Place) -> None:
    """Erase what is overdue, once somebody ticked that they mean it."""
    speak(chosen_language())
    if not st.session_state.get(SURE):
        return _mend(SURE, _("Tick that you know it cannot be undone"))
    st.session_state[SURE] = False
    return _do(
        lambda: records.purge(actor, place), lambda proofs: _erased(sum(proof.stories for proof in proofs)), SURE
    )


def _erased(stories: int) -> str:
    return ngettext(
        "{number} story was erased. The proof is below.", "{number} stories were erased. The proofs are below.", stories
    ).format(number=f"{stories:,}")


def take_out(actor: Actor, place: Place) -> None:
    """Make the file for a person from the reference that was typed."""
    speak(chosen_language())
    typed = str(st.session_state.get(REFERENCE) or "").strip()
    st.session_state.pop(TAKEN, None)
    if not typed:
        return _mend(REFERENCE, _("Type the reference"))

    def made() -> Download:
        return records.subject_access(actor, place, tidy_reference(typed) or typed)

    return _do(made, _keep, REFERENCE)


def _keep(made: Download) -> str:
    st.session_state[TAKEN] = made
    return _("The file is ready. It is made from what is held at this moment.")


def say(actor: Actor, place: Place) -> None:
    """Keep what people say of how the place uses data."""
    speak(chosen_language())
    said = {one.name: str(st.session_state.get(particular(place, one.name)) or "") for one in records.PARTICULARS}
    _do(lambda: records.say_processing(actor, place, said), lambda _made: _("Saved."), "")


def particular(place: Place, name: str) -> str:
    """The key of the field for one particular of a place."""
    return f"records-{place.id}-{name}"


def _do(act: Callable[[], T], done: Callable[[T], str], at: str) -> None:
    try:
        made = act()
    except InsightError as problem:
        _mend(at, str(problem))
    except Exception as fault:  # its text may carry what somebody typed, so it is neither shown nor logged
        log.error("records: a change failed: %s", type(fault).__name__)
        _mend("", _("Sorry, that could not be done just now. Try again in a moment."))
    else:
        outcomes.tell(done(made))


def _mend(at: str, problem: str) -> None:
    outcomes.tell(wrong=((at, problem),))
