"""The words of pain points."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

from insight.runs import Run

UNPLACED = -1
PART = "part"  # the kind of a row that names not a theme but a part of one, shown where more themes are wanted
LEFT_SINCE = "stories taken back since"  # a reason in ``Run.left_out``


@dataclass(frozen=True, slots=True)
class Filters:
    """Which journeys count; an empty filter lets all in. Months are written 2026-03.

    ``themes`` lets nothing in or out: it is about how many themes to see, None as many as the analysis found.
    """

    service: str | None = None
    organisation: str | None = None
    channel: str | None = None
    need: str | None = None
    source: str | None = None
    teller: str | None = None
    first_month: str | None = None
    last_month: str | None = None
    themes: int | None = None

    def any(self) -> bool:
        """Whether anything is filtered."""
        return any(getattr(self, name) for name in self.__slots__ if name != "themes")

    def also(self, name: str, wanted: str | None) -> "Filters":
        """These filters with one of them set, by its name."""
        return replace(self, **{name: wanted})  # type: ignore[arg-type]  # every filter but ``themes`` is a word


@dataclass(frozen=True, slots=True)
class RunTheme:
    """A theme of a run as it was stored, or as the codebook makes it; ``named`` says that a person gave the name.

    ``facts``: "quotes", the passages that say it best, best first; "known", the code of a known pain or None;
    "between", whether it belongs between services (``crossing``); "members" (number, name) of a broader theme.
    """

    number: int
    kind: str
    label: str
    terms: tuple[str, ...]
    firm: bool
    facts: Mapping[str, Any]
    named: bool = False


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence of the safe copy, with where it comes from.

    ``may_quote`` says whether its teller allowed quoting; ``may_leave`` whether a moderator also released this very
    sentence: nothing else that anybody wrote leaves the place.
    """

    text: str
    passage: int
    service: str | None
    need: str | None
    may_quote: bool
    may_leave: bool
    language: str


@dataclass(frozen=True, slots=True)
class ThemeSummary:
    """A theme under the filters in force. Counts are of journeys and are at least the threshold.

    ``share`` is of ``of_journeys``, the journeys that the filters let in, with its Wilson interval; ``severity`` is 0
    to 10, ``feeling`` -2 to 2; ``kind`` is hurts, mixed or helps;
    ``known`` pains carry a name from the list of common ones; ``members`` (number, name) are the themes in a broader
    one. ``trend`` is rising, falling or new where that is sure.
    """

    number: int
    label: str
    kind: str
    known: bool
    firm: bool
    terms: tuple[str, ...]
    journeys: int
    of_journeys: int
    share: float
    low: float
    high: float
    passages: int
    severity: float
    feeling: float
    priority: float
    services: tuple[tuple[str, int], ...]
    organisations: tuple[str, ...]
    months: tuple[int | None, ...]
    quote: Quote | None = None
    members: tuple[tuple[int, str], ...] = ()
    trend: str | None = None


@dataclass(frozen=True, slots=True)
class ToldAt:
    """Where the passages of a theme stand: the ids of their stories (p,), and the positions of their steps (p,), or -1.

    For other rooms, which hold the steps: the ids never leave the domain.
    """

    label: str
    kind: str
    story: npt.NDArray[np.int64]
    step: npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class HeatMap:
    """Journeys by service (columns) and theme (rows); None where the number is too small to show."""

    services: tuple[str, ...]
    themes: tuple[tuple[int, str], ...]
    counts: tuple[tuple[int | None, ...], ...]


@dataclass(frozen=True, slots=True)
class Fineness:
    """How many themes there are to see: as many as were ``found``, or any number from ``fewest`` to ``most``."""

    fewest: int
    found: int
    most: int


@dataclass(frozen=True, slots=True)
class Board:
    """All that the board shows: the themes that hurt, those that help, the rest, and what could not be placed."""

    run: Run
    filters: Filters
    journeys: int
    passages: int
    pain_points: tuple[ThemeSummary, ...]
    works_well: tuple[ThemeSummary, ...]
    mixed: tuple[ThemeSummary, ...]
    too_small: int
    unplaced: int
    months: tuple[str, ...]
    heat: HeatMap
    fineness: Fineness


@dataclass(frozen=True, slots=True)
class Evidence:
    """One passage in its surroundings: the words before and after it in the same answer, and where it was said.

    ``number`` is the passage's in its run. The teller's reference is not here: it opens their story to be changed.
    """

    number: int
    before: str
    passage: str
    after: str
    step: int | None
    field: str
    service: str | None
    organisation: str | None
    channel: str | None
    need: str | None
    teller: str | None
    source: str
    told_on: date
    feeling: int | None
    may_quote: bool
    language: str


@dataclass(frozen=True, slots=True)
class PainPointView:
    """One theme with its evidence: a page of ``evidence`` out of ``evidence_total`` passages.

    ``by_service``, ``by_channel``, ``by_need`` and ``by_teller`` are counts of journeys, large enough to show.
    """

    theme: ThemeSummary
    run: Run
    months: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    evidence_total: int
    by_service: tuple[tuple[str, int], ...]
    by_channel: tuple[tuple[str, int], ...]
    by_need: tuple[tuple[str, int], ...]
    by_teller: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class PassageMap:
    """A sample of passages laid out so that like stands beside like: (x, y, theme's number) each, and the labels."""

    points: tuple[tuple[float, float, int], ...]
    labels: Mapping[int, str]
    kinds: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class JourneyStep:
    """One step of a journey as it is read behind a pain point."""

    position: int
    service: str | None
    organisation: str | None
    channel: str | None
    happened_on: date | None
    precision: str | None
    waited_days: int | None
    promised_days: int | None
    feeling: int | None
    told_again: bool | None
    sent_elsewhere: bool | None
    sorted_out: str | None
    note: str | None


@dataclass(frozen=True, slots=True)
class JourneyView:
    """One journey as it was told."""

    told_on: date
    need: str | None
    need_met: str | None
    teller: str | None
    source: str
    what_happened: str | None
    what_better: str | None
    what_good: str | None
    steps: tuple[JourneyStep, ...]
    may_quote: bool
    language: str
