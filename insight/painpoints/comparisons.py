"""What changed, who differs and what is told together on the board: only what is unlikely to be chance."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from insight.access import Actor, Permission, use_case
from insight.errors import BadInput
from insight.intake import Place
from insight.language import _
from insight.painpoints import counting
from insight.painpoints.changing import FALLING, NEW, RISING, STEADY, Change, changed_under
from insight.painpoints.cube import STEP_FILTERS, STORY_FILTERS, scope
from insight.painpoints.differing import Difference, Groups, differing, groups_of, periods
from insight.painpoints.model import Filters, ThemeSummary
from insight.painpoints.reading import View, reading, run_of
from insight.painpoints.rules import wilson
from insight.painpoints.together import together

PERIOD = "period"
SET_APART_BY = (*STEP_FILTERS, *STORY_FILTERS, PERIOD)
ASKED_OF_ONE = ("service", "channel", "need", "teller")  # as its evidence page tells where it is told
MOST_WATCHED, WATCHED = 5, 0.2  # the share of false alarms up to which a change that is not sure is worth watching
WATCHED_RATIO = 1.5


@dataclass(frozen=True, slots=True)
class Changed:
    """A theme, and how it changed."""

    theme: ThemeSummary
    change: Change


@dataclass(frozen=True)
class WhatChanged:
    """The themes that rise, fall or are new, the surest first; ``watched`` may yet be chance; ``steady`` are the rest.

    Months are (first, last) as 2026-03, the earlier ones from the first month of which anything is known. The numbers
    of all journeys heard in both periods are large enough to show.
    """

    recent_months: tuple[str, str]
    earlier_months: tuple[str, str]
    of_recent: int
    of_earlier: int
    rising: tuple[Changed, ...]
    falling: tuple[Changed, ...]
    new: tuple[Changed, ...]
    watched: tuple[Changed, ...]
    steady: tuple[Changed, ...]

    @property
    def tested(self) -> int:
        """How many themes were looked at."""
        return len(self.rising) + len(self.falling) + len(self.new) + len(self.watched) + len(self.steady)

    def of(self, number: int) -> Changed | None:
        """How one theme changed."""
        every = (*self.rising, *self.falling, *self.new, *self.watched, *self.steady)
        return next((one for one in every if one.theme.number == number), None)


@dataclass(frozen=True, slots=True)
class Side:
    """Journeys that tell of a theme, of those that could, with the share's Wilson interval."""

    told: int
    of: int
    share: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Contrast:
    """A theme that one group tells of more or less than all others: both sides, their difference with its interval."""

    theme: ThemeSummary
    by: str
    group: str
    here: Side
    elsewhere: Side
    difference: float
    low: float
    high: float

    @property
    def more(self) -> bool:
        """Whether the group tells of it more, not less."""
        return self.difference > 0


@dataclass(frozen=True, slots=True)
class WhoDiffers:
    """What differs between groups, most unlike first, of so many ``themes``; ``groups`` are those that can be compared.

    ``since`` is the first month of the second of two periods, which is then the one group that is told of.
    """

    by: str
    groups: tuple[str, ...]
    themes: int
    differences: tuple[Contrast, ...]
    since: str | None = None


@dataclass(frozen=True, slots=True)
class Couple:
    """Two themes told together: in how many journeys, of how many of each, and how many times as many as by chance."""

    first: ThemeSummary
    second: ThemeSummary
    journeys: int
    lift: float
    low: float
    high: float

    def beside(self, number: int) -> ThemeSummary:
        """The other of the two."""
        return self.second if self.first.number == number else self.first


@dataclass(frozen=True, slots=True)
class ToldTogether:
    """The couples that go together, the surest first, of so many that were looked at."""

    themes: int
    tested: int
    couples: tuple[Couple, ...]

    def of(self, number: int) -> tuple[Couple, ...]:
        """The couples of one theme."""
        return tuple(one for one in self.couples if number in (one.first.number, one.second.number))


@use_case(Permission.SEE_INSIGHT)
def what_changed(
    actor: Actor, place: Place, filters: Filters | None = None, run_id: int | None = None
) -> WhatChanged | None:
    """The last three months under the filters against the nine before; None where too few journeys were heard.

    The filter of the first month is passed over: what is new is only seen beside what was before.
    """
    wanted = replace(filters or Filters(), first_month=None)
    view = reading(run_of(actor, place, run_id)).under(wanted)
    found = changed_under(view.cube, wanted)
    if found is None:
        return None
    summaries = _summaries(view, wanted)
    themes = [Changed(summaries[one.theme], one) for one in found.themes if one.theme in summaries]
    watched = [one for one in themes if _worth_watching(one.change)][:MOST_WATCHED]
    first, last = found.earlier_months
    return WhatChanged(
        found.recent_months,
        (max(first, view.cube.words["month"][0]), last),
        found.of_recent,
        found.of_earlier,
        rising=_of_kind(themes, RISING),
        falling=_of_kind(themes, FALLING),
        new=_of_kind(themes, NEW),
        watched=tuple(watched),
        steady=tuple(one for one in _of_kind(themes, STEADY) if one not in watched),
    )


@use_case(Permission.SEE_INSIGHT)
def who_differs(
    actor: Actor,
    place: Place,
    filters: Filters | None = None,
    by: str = "service",
    since: str | None = None,
    run_id: int | None = None,
) -> WhoDiffers:
    """What the services, organisations, channels, needs, tellers, sources or two periods tell of more or less.

    Two periods meet at ``since`` (2026-03), else in the middle. Raises BadInput where stories are not set apart so.
    """
    wanted = filters or Filters()
    view = reading(run_of(actor, place, run_id)).under(wanted)
    if by == PERIOD:
        return _between_periods(view, wanted, since)
    if by not in SET_APART_BY:
        raise BadInput(_("Journeys cannot be compared by this. Choose one of the groups that are offered."))
    return _who_differs(view, wanted, by, groups_of(view.cube, by))


@use_case(Permission.SEE_INSIGHT)
def who_tells_more(
    actor: Actor, place: Place, number: int, filters: Filters | None = None, run_id: int | None = None
) -> tuple[Contrast, ...]:
    """For one theme, the group by service, channel, need and teller that tells of it more, the most unlike first."""
    wanted = filters or Filters()
    view = reading(run_of(actor, place, run_id)).under(wanted)
    within, found = scope(view.cube, wanted), []
    for by in ASKED_OF_ONE:
        cells = differing(view.cube, within, groups_of(view.cube, by))
        more = [one for one in cells if one.theme == number and _borne_out(one) and one.difference > 0]
        found += [(one, by) for one in more[:1]]
    summaries = _summaries(view, wanted) if found else {}
    ranked = sorted(found, key=lambda item: -item[0].z)
    return tuple(_contrast(summaries[number], by, one) for one, by in ranked if number in summaries)


@use_case(Permission.SEE_INSIGHT)
def told_together(
    actor: Actor, place: Place, filters: Filters | None = None, run_id: int | None = None
) -> ToldTogether:
    """Which themes the same journeys tell of, more often than chance would have it."""
    wanted = filters or Filters()
    view = reading(run_of(actor, place, run_id)).under(wanted)
    within, summaries = scope(view.cube, wanted), _summaries(view, wanted)
    large = len(summaries)
    couples = [
        Couple(summaries[one.first], summaries[one.second], one.journeys, one.lift, one.low, one.high)
        for one in together(view.cube, within)
        if one.together and one.low > 1 and {one.first, one.second} <= summaries.keys()
    ]
    return ToldTogether(large, large * (large - 1) // 2, tuple(couples))


def _summaries(view: View, filters: Filters) -> dict[int, ThemeSummary]:
    """The themes that enough journeys tell of, so that they are looked at, by number."""
    return {theme.number: theme for theme in counting.count(view.cube, view.themes, filters).themes}


def _of_kind(themes: Collection[Changed], kind: str) -> tuple[Changed, ...]:
    return tuple(one for one in themes if one.change.kind == kind)


def _worth_watching(change: Change) -> bool:
    """Not sure, but not far from it, and large if it is true."""
    if change.kind != STEADY or change.ratio is None or change.q is None or change.q >= WATCHED:
        return False
    return not 1 / WATCHED_RATIO < change.ratio < WATCHED_RATIO


def _between_periods(view: View, filters: Filters, since: str | None) -> WhoDiffers:
    """The months under the filters in two parts; the later one is told of."""
    first, last = filters.first_month or "", filters.last_month or "9999-12"
    months = [month for month in view.cube.words["month"] if first <= month <= last]
    if len(months) < 2:
        return WhoDiffers(PERIOD, (), 0, ())
    start = since if since in months[1:] else months[len(months) // 2]
    before = months[months.index(start) - 1]
    groups = periods(view.cube, (start, months[-1]), (months[0], before))
    return replace(_who_differs(view, filters, PERIOD, groups), since=start)


def _who_differs(view: View, filters: Filters, by: str, groups: Groups) -> WhoDiffers:
    within = scope(view.cube, filters)
    cells, summaries = differing(view.cube, within, groups), _summaries(view, filters)
    found = [_contrast(summaries[one.theme], by, one) for one in cells if _borne_out(one) and one.theme in summaries]
    compared = {one.group for one in cells}
    names = tuple(name for name in groups.names if name in compared)
    return WhoDiffers(by, names, len(summaries), tuple(found))


def _borne_out(one: Difference) -> bool:
    """Unlikely to be chance among all that were looked at, and the interval of the difference leaves out none."""
    return one.differs and not one.low <= 0 <= one.high


def _contrast(theme: ThemeSummary, by: str, one: Difference) -> Contrast:
    return Contrast(
        theme,
        by,
        one.group,
        _side(one.told, one.of),
        _side(one.told_elsewhere, one.of_elsewhere),
        one.difference,
        one.low,
        one.high,
    )


def _side(hits: int, of: int) -> Side:
    low, high = wilson(hits, of)
    return Side(hits, of, hits / of, float(low), float(high))


def comparable(choices: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """What journeys can be set apart by, where these are the choices of the filters."""
    offered = [name for name in SET_APART_BY if len(choices.get(name, ())) > 1]
    return (*offered, PERIOD) if len(choices.get("month", ())) > 1 else tuple(offered)
