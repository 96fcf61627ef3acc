"""What is chosen on the board stands in the address as codes, so that a link means the same in every language.

Streamlit's own binding writes the words of what was chosen, which are others in each language.
"""

from collections.abc import Collection

import streamlit as st

LONGEST_NUMBER = 9  # digits: more than any number here has, and fit for a database


def number(name: str) -> int | None:
    """The number that the address gives under a name, if it is one."""
    return as_number(st.query_params.get(name, ""))


def as_number(said: str) -> int | None:
    """A word of the address as a number, if it is one."""
    return int(said) if said.isascii() and said.isdecimal() and len(said) <= LONGEST_NUMBER else None


def take(name: str, options: Collection[str], usual: str | None = None) -> None:
    """Before a widget with this key is drawn: its value is what the address asks for, if that is an option."""
    asked = st.query_params.get(name)
    st.session_state[name] = asked if asked in options else usual


def put(name: str, usual: str | None = None) -> None:
    """When somebody chose: write the choice into the address; the usual one needs no word there."""
    chosen = st.session_state.get(name)
    if chosen in (None, usual):
        st.query_params.pop(name, None)
    else:
        st.query_params[name] = chosen
