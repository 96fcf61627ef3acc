"""What the last button of a screen led to. It stays in this visit's memory until somebody goes on."""

from dataclasses import dataclass

import streamlit as st


@dataclass(frozen=True, slots=True)
class Outcome:
    """Something done, or what to mend by name of the field ("" for none); ``turn`` moves the focus."""

    turn: int = 0
    done: str = ""
    wrong: tuple[tuple[str, str], ...] = ()


class Outcomes:
    """The outcomes of one screen, the last of which this visit remembers under ``key``."""

    def __init__(self, key: str) -> None:
        self._key = key

    def last(self) -> Outcome:
        """What the last button led to."""
        return st.session_state.get(self._key) or Outcome()

    def tell(self, done: str = "", wrong: tuple[tuple[str, str], ...] = ()) -> None:
        """Say what this button led to, at the page that is drawn next."""
        st.session_state[self._key] = Outcome(self.last().turn + 1, done, wrong)

    def forget(self) -> None:
        """Somebody goes elsewhere."""
        st.session_state.pop(self._key, None)
