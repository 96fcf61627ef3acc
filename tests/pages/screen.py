"""A Streamlit screen under test, and what every test does there."""

from collections.abc import Callable
from typing import Any, Self

from streamlit.testing.v1 import AppTest


class Screen:
    """One browser tab on one screen, which ``script`` draws; ``query`` is the rest of its address."""

    def __init__(self, script: Callable[[], None], **query: str) -> None:
        self.at: Any = AppTest.from_function(script, default_timeout=20)
        for name, value in query.items():
            self.at.query_params[name] = value
        self.run()

    def run(self) -> Self:
        """Run the screen; nothing may go wrong unsaid."""
        self.at.run()
        assert not self.at.exception, self.at.exception
        return self

    @property
    def html(self) -> str:
        """All that the screen writes as HTML."""
        return "\n".join(element.proto.body for element in self.at.get("html"))

    def press(self, label: str, key: str = "") -> Self:
        """Press the button with this label, and with this in its key where several have it."""
        next(button for button in self.at.button if button.label == label and key in (button.key or "")).click()
        return self.run()
