"""What the journeys screens show, one frozen view each. Counts are of journeys, and None where too few to show."""

from dataclasses import dataclass
from datetime import date

from insight.journeys.model import Days, Grain, Mean, Share, Source
from insight.painpoints import Quote


@dataclass(frozen=True, slots=True)
class Phase:
    """One column of the journey map: what happened to the journeys that came this far.

    ``journeys`` None: too few to show, and everything else is empty. ``services``, ``organisations`` and ``channels``
    are (name, journeys), most first, small ones left out. ``wait`` is waiting before these steps,
    as told; by date in a case log. ``intended``
    are the intended journey's steps that belong here, with their promised days.
    """

    name: str
    journeys: int | None
    reached: Share | None = None
    services: tuple[tuple[str, int], ...] = ()
    organisations: tuple[tuple[str, int], ...] = ()
    channels: tuple[tuple[str, int], ...] = ()
    feeling: Mean | None = None
    wait: Days | None = None
    late: Share | None = None
    told_again: Share | None = None
    passed_on: Share | None = None
    ended_here: Share | None = None
    quote: Quote | None = None
    pain: tuple[int, str, int] | None = None
    intended: tuple[tuple[str, int | None], ...] = ()


@dataclass(frozen=True, slots=True)
class JourneyMap:
    """The map of a group of journeys. ``own_phases`` says whether somebody named the phases."""

    source: Source
    need: str | None
    journeys: int | None
    steps: int
    phases: tuple[Phase, ...]
    own_phases: bool
    felt: bool
    intended: str | None = None


@dataclass(frozen=True, slots=True)
class Flow:
    """Journeys that went from one step at ``place`` (0 is the first) to another at the place after."""

    place: int
    start: str
    end: str
    journeys: int


@dataclass(frozen=True, slots=True)
class Variant:
    """One path that journeys really took, with how many did; ``days`` from first to last step."""

    rank: int
    steps: tuple[str, ...]
    share: Share
    days: float | None
    feelings: tuple[float | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Paths:
    """The paths of a group of journeys: flows for the picture, variants for the list, where they start and end.

    ``hidden_flows`` and ``hidden_variants`` are journeys (or moves) in flows and variants that too few share.
    """

    grain: Grain
    journeys: int | None
    flows: tuple[Flow, ...]
    hidden_moves: int
    variants: tuple[Variant, ...]
    all_variants: int
    hidden_variants: int
    starts: tuple[tuple[str, Share], ...]
    ends: tuple[tuple[str, Share], ...]
    loops: tuple[tuple[str, Share], ...]


@dataclass(frozen=True, slots=True)
class Junction:
    """A handoff from one organisation to another: how many journeys, and what it did to them.

    ``hurt`` is the share that had to explain it all again, felt worse after it, or waited longer than promised;
    ``score`` is its lower bound times ``journeys``: at least so many were hurt here. ``days`` is the wait for the
    second step as told, else the days between the two; ``change`` is that of feeling across it (-4 to 4).
    """

    start: str
    end: str
    journeys: int
    times: int
    hurt: Share | None
    told_again: Share | None
    sent_elsewhere: Share | None
    days: Days | None
    change: Mean | None
    score: float


@dataclass(frozen=True, slots=True)
class Handoffs:
    """The handoff X-ray. ``matrix[i][j]`` is journeys passed on from organisation i to j; None: too few to show."""

    journeys: int | None
    organisations: tuple[str, ...]
    matrix: tuple[tuple[int | None, ...], ...]
    junctions: tuple[Junction, ...]
    worst: Junction | None
    per_journey: float
    passed_on: Share | None
    bounces: tuple[tuple[str, str, int], ...]
    bounced: Share | None


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """Mean feeling in one stretch of the journey (``at`` 0 to 1), with the simultaneous 95 % band."""

    at: float
    mean: float
    low: float
    high: float
    journeys: int


@dataclass(frozen=True, slots=True)
class Moment:
    """The step whose feeling goes with the outcome most. ``share`` of what feelings explain, with its interval.

    It goes with the outcome; it is not shown to cause it.
    """

    step: str
    share: float
    low: float
    high: float
    visits: int
    runner_up: str | None


@dataclass(frozen=True, slots=True)
class EmotionCurve:
    """How journeys feel from their first step (0) to their last (1). ``points`` empty: too few feelings to show."""

    points: tuple[CurvePoint, ...]
    journeys: int | None
    feelings: int
    moment: Moment | None
    moment_why_not: str = ""


@dataclass(frozen=True, slots=True)
class WaitRow:
    """Waiting before one service (or between two): days waited, days promised, how often it took longer."""

    start: str | None
    end: str
    journeys: int
    waited: Days
    promised: Days | None
    late: Share | None
    share_of_all: float


@dataclass(frozen=True, slots=True)
class Survival:
    """Journeys not sorted out yet after so many days (Kaplan and Meier), journeys still open counted as long as seen.

    ``steps`` are (days, share not yet sorted out, low, high).
    """

    steps: tuple[tuple[float, float, float, float], ...]
    median_days: float | None
    journeys: int
    open: int | None


@dataclass(frozen=True, slots=True)
class Waits:
    """Where the waiting is: by service as told, between pairs of steps as dated, and where journeys stop."""

    journeys: int | None
    by_service: tuple[WaitRow, ...]
    between: tuple[WaitRow, ...]
    stopped_at: tuple[tuple[str, Share], ...]
    survival: Survival | None
    undated: int


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of journey: alike in path, words and feeling. ``name`` is the path in its middle."""

    number: int
    path: tuple[str, ...]
    share: Share
    feeling: Mean | None
    need: str | None
    terms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Kinds:
    """All kinds of a run; ``weights`` are those of the views, ``told_by`` how much of the grouping each explains."""

    kinds: tuple[Kind, ...]
    weights: tuple[tuple[str, float], ...]
    told_by: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure of two groups. ``low`` and ``high`` bound the difference second less first; None: too few.

    ``unit`` is share, days, number or feeling. ``differs`` only where the interval excludes no difference.
    """

    name: str
    unit: str
    first: float | None
    second: float | None
    low: float | None
    high: float | None
    differs: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two groups of journeys side by side."""

    first: int | None
    second: int | None
    measures: tuple[Measure, ...]
    curves: tuple[EmotionCurve, EmotionCurve]


@dataclass(frozen=True, slots=True)
class JourneyLine:
    """One journey in a list: its number in the run, when it was told, and its path."""

    number: int
    month: str | None
    need: str | None
    steps: tuple[str, ...]
    feelings: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class JourneyList:
    """A page of journeys."""

    lines: tuple[JourneyLine, ...]
    total: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class PlaceOfPain:
    """Where in journeys a pain point is told: at which services, and on which handoffs (journeys each)."""

    theme: int
    label: str
    journeys: int
    services: tuple[tuple[str, int], ...]
    junctions: tuple[tuple[str, str, int], ...]
    whole_story: int | None


@dataclass(frozen=True, slots=True)
class IntendedVersion:
    """A saved version of an intended journey."""

    code: str
    name: str
    need: str | None
    version: int
    saved_by: str
    saved_on: date
    toml: str


@dataclass(frozen=True, slots=True)
class StepCheck:
    """How one intended step fared: journeys that took it, and what became of its promise."""

    step: str
    optional: bool
    taken: Share | None
    promised_days: int | None
    waited: Days | None
    late: Share | None


@dataclass(frozen=True, slots=True)
class Conformance:
    """How journeys compare with an intended one. ``fitness`` 0 to 1 is the mean over journeys.

    ``extra`` and ``missing`` are (step, journeys); ``variants`` are (variant, extra steps, missing steps, fitness).
    """

    intended: str
    version: int
    journeys: int | None
    as_intended: Share | None
    fitness: Mean | None
    steps: tuple[StepCheck, ...]
    extra: tuple[tuple[str, int], ...]
    missing: tuple[tuple[str, int], ...]
    variants: tuple[tuple[Variant, tuple[str, ...], tuple[str, ...], float], ...]
