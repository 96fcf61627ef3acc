"""The form's answers: what the inputs hold, and back again from an entry that is being changed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from insight import intake
from insight.intake import LogEntry
from insight.intake.rules import as_listed, is_blank
from insight.intake.saying import length_in_words
from insight.intake.staff_rules import as_length
from pages.kit.inputs import Inputs

PLAIN = ("source", "provenance", "teller_role", "need", "need_met", "what_happened", "obstacle_text", "consent_how")
WHO_AGREED = "consent_given_by"
FEWEST = 3


@dataclass(slots=True)
class Sheet(Inputs):
    """One form on the screen. Its token makes saving it twice the same as once, and keeps its inputs apart.

    ``entry`` is the saved entry that is being changed, if any; ``usual`` are the choices that were made last time.
    """

    token: str = field(default_factory=intake.new_key)
    rows: int = FEWEST
    entry: LogEntry | None = None
    usual: dict[str, str] = field(default_factory=dict)
    name: str = "log"

    @property
    def answers(self) -> Mapping[str, Any]:
        """The answers that the form starts from."""
        return self.entry.answers if self.entry else self.usual

    @property
    def steps(self) -> list[dict[str, Any]]:
        """The steps that the form starts from."""
        return list(self.answers.get("steps") or ())


def current() -> Sheet:
    """The form on the screen; a fresh one at first."""
    sheet: Sheet = st.session_state.setdefault("log-sheet", Sheet())
    return sheet


def turn_to(sheet: Sheet) -> None:
    """Put another form on the screen."""
    st.session_state["log-sheet"] = sheet


def read(sheet: Sheet, services: Mapping[str, str | None], wording: str) -> dict[str, Any]:
    """All answers as the form holds them now; what the form does not show stays as the entry had it."""
    told: dict[str, Any] = {name: sheet.value(name) for name in PLAIN}
    told["obstacles"] = [code for code in intake.Obstacle if sheet.value(f"obstacles.{code}")]
    told["consent"] = [scope for scope in intake.ConsentScope if sheet.value(f"consent.{scope}")]
    told[WHO_AGREED] = sheet.value(WHO_AGREED)
    told["consent_wording"] = wording
    told["steps"] = _steps(sheet, services)
    kept = {name: value for name, value in sheet.answers.items() if name not in told}
    return kept | {name: value for name, value in told.items() if not is_blank(value)}


def _steps(sheet: Sheet, services: Mapping[str, str | None]) -> list[dict[str, Any]]:
    """The rows, with empty ones in between kept so that a problem's path names the row on the screen."""
    rows = [_step(sheet, index, services) for index in range(sheet.rows)]
    while rows and not rows[-1]:
        rows.pop()
    return rows


def _step(sheet: Sheet, index: int, services: Mapping[str, str | None]) -> dict[str, Any]:
    before = sheet.steps[index] if index < len(sheet.steps) else {}
    at = f"steps.{index}"
    again = before.get("told_again") if before.get("told_again") != "yes" else None
    told = {
        "service": as_listed(sheet.value(f"{at}.service") or "", services),
        "channel": sheet.value(f"{at}.channel"),
        "feeling": sheet.value(f"{at}.feeling"),
        "waited": as_length(sheet.value(f"{at}.waited") or ""),
        "told_again": "yes" if sheet.value(f"{at}.told_again") else again,
        "note": sheet.value(f"{at}.note"),
    }
    return {name: value for name, value in {**before, **told}.items() if not is_blank(value)}


def waited_in_words(value: Any) -> str:
    """A saved wait as one would type it."""
    return length_in_words(value) if isinstance(value, Mapping) else str(value or "")
