"""One form or call on the screen: where its inputs keep what is in them."""

from dataclasses import dataclass, field

import streamlit as st

from insight import intake
from insight.intake import QuestionSet
from insight.intake.questions import Steps
from pages.kit.inputs import Inputs

ROWS = {"paper": 2, "phone": 1}  # steps there is room for at first: few to tab past, few to read out


@dataclass(slots=True)
class Pad(Inputs):
    """A form or a call. Its token makes saving it twice the same as once, and keeps its inputs apart.

    ``name`` is ``paper`` or ``phone``; ``rows`` is how many steps there is room for on the screen; ``usual`` are the
    words that the last pad ended with and the next one starts from.
    """

    name: str
    token: str = field(default_factory=intake.new_key)
    rows: int = 0
    usual: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.rows = self.rows or ROWS[self.name]

    def typed(self, questions: QuestionSet) -> dict[str, str]:
        """What was typed, by path, for inputs that hold words."""
        return {path: str(self.value(path) or "") for path in self.paths(questions)}

    def paths(self, questions: QuestionSet) -> list[str]:
        """Every question's path, in the order of the form."""
        paths: list[str] = []
        for question in questions.question:
            if isinstance(question, Steps):
                asked = [one.id for one in question.question]
                paths += [f"{question.id}.{row}.{one}" for row in range(self.rows) for one in asked]
            else:
                paths.append(question.id)
        return paths


def current(name: str) -> Pad:
    """The form or call on the screen; a fresh one at first."""
    pad: Pad = st.session_state.setdefault(f"{name}-pad", Pad(name))
    return pad


def turn_to(pad: Pad) -> None:
    """Put another form or call on the screen."""
    st.session_state[f"{pad.name}-pad"] = pad
