"""The words of journeys: which are asked for, and what is said of them. None where too few to show."""

from dataclasses import dataclass, field
from enum import StrEnum

from insight.painpoints import Filters


class Grain(StrEnum):
    """What is called a step when paths are drawn."""

    SERVICE = "service"
    ORGANISATION = "organisation"
    CHANNEL = "channel"


TOLD = "told"  # the code of the journeys that people told, beside the codes of case logs


@dataclass(frozen=True, slots=True)
class Source:
    """Where journeys come from: what people told (``code`` "told"), or a case log that was brought in ("case-3").

    ``felt`` says whether its steps carry feelings and words; a case log's do not.
    """

    code: str
    name: str
    journeys: int
    felt: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """Which journeys count. ``theme``: a pain point of the run, by number, told anywhere in the journey.

    ``handoff``: passed on from the first organisation straight to the second; with a ``theme``, where that is told of
    one of the two steps. ``path``: a variant by its rank under
    the same grain. ``kind``: a kind of journey by number.
    """

    filters: Filters = field(default_factory=Filters)
    theme: int | None = None
    handoff: tuple[str, str] | None = None
    path: int | None = None
    kind: int | None = None
    grain: Grain = Grain.SERVICE


@dataclass(frozen=True, slots=True)
class Share:
    """``n`` of ``of`` journeys, with Wilson's 95 % interval; 0 to 1.

    ``n`` None: too few to say how many; ``share`` is then what it is under, and ``low`` is 0.
    """

    n: int | None
    of: int
    share: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean over ``n`` journeys with a 95 % interval."""

    mean: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class Days:
    """Days: the median, the 90th percentile, their sum, and over how many steps or journeys."""

    median: float
    p90: float
    total: float
    n: int
