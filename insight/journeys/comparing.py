"""Two groups of journeys side by side: measures of each, and the intervals of their differences. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from insight.columns import NONE
from insight.journeys import feeling
from insight.journeys.mining.log import Bools, Longs
from insight.journeys.mining.means import Estimate, apart, mean, median, share
from insight.journeys.record import NOT_FELT, Record
from insight.journeys.shares import Counted
from insight.journeys.views import Comparison, Measure
from insight.language import _, noted

MET, ASKED = ("yes", "partly"), ("yes", "partly", "no")

STEPS = noted("Steps in a journey")
PASSED_ON = noted("Times passed on to another organisation")
BACK = noted("Journeys passed on at least once")
AGAIN = noted("Journeys that had to explain it all again")
LATE = noted("Journeys that waited longer than promised")
WAITED = noted("Days waited in a journey, the middle one")
LASTED = noted("Days from first to last step, the middle one")
FELT = noted("Feeling of a step, from -2 to +2")
NEEDS_MET = noted("Journeys that got what they needed, at least in part")

Floats = npt.NDArray[np.float64]


def compare_groups(record: Record, first: Counted, second: Counted) -> Comparison:
    """Every measure of two groups. A difference is judged as if the groups shared no journey.

    Nothing is shown where few journeys are in one group and not in the other: they would be the difference.
    """
    groups = _Groups(first, second)
    if not groups.apart(np.arange(record.journeys)):
        nobody = first.within(np.zeros(record.journeys, bool))
        groups = _Groups(nobody, nobody)
    curves = (feeling.curve_of(record, group, with_moment=False) for group in (groups.first, groups.second))
    whole = groups.first.all.number(), groups.second.all.number()
    return Comparison(*whole, tuple(_measures(record, groups)), (next(curves), next(curves)))


@dataclass(frozen=True)
class _Groups:
    """Two groups of journeys."""

    first: Counted
    second: Counted

    def apart(self, journeys: Longs) -> bool:
        """Whether of some journeys none, or enough, are in one of the groups and not in the other."""
        first, second = self.first.mask[journeys], self.second.mask[journeys]
        least = self.first.protection.threshold
        return not any(1 <= int(alone.sum()) < least for alone in (first & ~second, second & ~first))

    def told(self, values: Floats, journeys: Longs | None = None) -> tuple[Floats | None, Floats | None]:
        """What the journeys of each group told; None where it is hidden how many (or how many of ``journeys``)."""
        told = np.flatnonzero(~np.isnan(values))
        counts = [told] if journeys is None else [told, journeys]
        if not all(map(self.apart, counts)):
            return None, None
        first, second = (
            values[told[group.mask[told]]] if all(group.number(one) is not None for one in counts) else None
            for group in (self.first, self.second)
        )
        return first, second


def _measures(record: Record, groups: _Groups) -> Iterator[Measure]:
    per_journey = _PerJourney(record)
    for name, values in (
        (BACK, per_journey.said(record.passed_on, np.ones(len(record.position), bool))),
        (AGAIN, per_journey.said(record.told_again == 1, record.told_again != NONE)),
        (LATE, per_journey.said(record.waited > record.promised, (record.waited != NONE) & (record.promised != NONE))),
        (NEEDS_MET, per_journey.met()),
    ):
        told = groups.told(values, np.flatnonzero(values == 1))
        yield _measure(name, "share", *(None if one is None else share(int(one.sum()), len(one)) for one in told))
    for name, unit, values in (
        (STEPS, "number", np.diff(record.first).astype(float)),
        (PASSED_ON, "number", per_journey.total(record.passed_on, np.ones(len(record.position), bool))),
        (FELT, "feeling", per_journey.average(record.feeling, record.feeling != NOT_FELT)),
    ):
        yield _measure(name, unit, *(None if one is None else mean(one) for one in groups.told(values)))
    for name, values in (
        (WAITED, per_journey.total(record.waited, record.waited != NONE)),
        (LASTED, record.lasted),
    ):
        yield _measure(name, "days", *(None if one is None else median(one) for one in groups.told(values)))


class _PerJourney:
    """One value per journey from its steps; NaN where none told it."""

    def __init__(self, record: Record) -> None:
        self.record = record

    def total(self, values: npt.NDArray[np.generic], told: Bools) -> Floats:
        """The sum over the steps that told it."""
        n, journey = self.record.journeys, self.record.journey[told]
        sums = np.bincount(journey, weights=np.asarray(values[told], float), minlength=n)
        return np.where(np.bincount(journey, minlength=n) > 0, sums, np.nan)

    def average(self, values: npt.NDArray[np.generic], told: Bools) -> Floats:
        """The mean over the steps that told it."""
        count = np.bincount(self.record.journey[told], minlength=self.record.journeys)
        return self.total(values, told) / np.maximum(count, 1)

    def said(self, yes: Bools, told: Bools) -> Floats:
        """1 where any step that told it says yes, else 0."""
        return np.minimum(self.total(yes & told, told), 1)

    def met(self) -> Floats:
        """1 where the need was met, at least in part; NaN where it is too early to say."""
        words = self.record.words["need_met"]
        table = np.array([1.0 if w in MET else 0.0 if w in ASKED else np.nan for w in words] + [np.nan])
        return table[self.record.need_met]


def _measure(name: str, unit: str, first: Estimate | None, second: Estimate | None) -> Measure:
    values = (first.value if first else None, second.value if second else None)
    if first is None or second is None:
        return Measure(_(name), unit, *values, None, None, False)
    found = apart(first, second)
    return Measure(_(name), unit, *values, found.low, found.high, found.differs)
