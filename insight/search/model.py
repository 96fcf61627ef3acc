"""The words of search."""

from dataclasses import dataclass
from enum import StrEnum

from insight.painpoints import Evidence
from insight.runs import Run


class By(StrEnum):
    """How a passage is looked for: what it means, the words in it, or both."""

    MEANING = "meaning"
    WORDS = "words"
    BOTH = "both"


class Close(StrEnum):
    """How near a passage is in meaning to what was asked."""

    CLOSE = "close"
    NEAR = "near"
    FAR = "far"


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found, in context, with the theme of the board it stands in (lasting number, label), if any.

    ``close`` is None where only its words were looked for; ``said`` tells whether the words typed stand in it.
    """

    evidence: Evidence
    theme: int | None
    label: str | None
    close: Close | None
    said: bool


@dataclass(frozen=True, slots=True)
class ThemeFound:
    """How many journeys with a passage that was found tell of a theme: at least the threshold."""

    number: int
    label: str
    kind: str
    journeys: int


@dataclass(frozen=True, slots=True)
class Found:
    """A page of ``hits`` out of ``total`` passages, best first, and the themes that all of these stand in.

    ``passages`` and ``journeys`` count what holds the words typed: both None where too few journeys do, or where words
    were not looked for (``by``). ``nearest`` is how many of the nearest in meaning are among the total. ``often``: the
    words are said so often that only a part was looked through. ``like`` is the passage whose like were looked for.
    """

    run: Run
    by: By
    hits: tuple[Hit, ...]
    total: int
    page: int
    passages: int | None
    journeys: int | None
    nearest: int
    often: bool
    by_theme: tuple[ThemeFound, ...]
    like: Evidence | None = None
