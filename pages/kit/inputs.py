"""Where the inputs of one form on the screen keep what is in them."""

from typing import Any

import streamlit as st

from insight import intake


class Inputs:
    """Inputs under keys of their own: another form of the same name has another token, and starts empty."""

    __slots__ = ()
    name: str
    token: str

    def key(self, path: str) -> str:
        """The key of the input that holds the answer with this path."""
        return f"{self.name}-{intake.digest(self.token)[:8]}-{path.replace('.', '-')}"

    def start(self, path: str, value: Any) -> str:
        """Put a first value into an input that is new on the screen; gives the input's key."""
        key = self.key(path)
        if key not in st.session_state:
            st.session_state[key] = value
        return key

    def value(self, path: str) -> Any:
        """What stands in an input."""
        return st.session_state.get(self.key(path))
