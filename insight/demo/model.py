"""The words of the demo place: a told journey, and where in it something was planted."""

from dataclasses import dataclass

from insight.intake.model import Story


@dataclass(frozen=True, slots=True)
class TruthMark:
    """One planted sentence.

    ``where`` is a step's number from 1, as text, or the name of a story's field such as ``what_happened``;
    ``sentence`` is an exact part of the text found there.
    """

    code: str
    where: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Told:
    """A synthetic journey with the truth beside it: the pains in ``truth``, what worked well in ``good``."""

    story: Story
    place_code: str
    truth: tuple[TruthMark, ...]
    good: tuple[TruthMark, ...]
    logged_by_staff: bool
