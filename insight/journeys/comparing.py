"""Two groups of journeys side by side: measures of each, and the intervals of their differences. Pure."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from insight.columns import NONE
from insight.journeys import feeling
from insight.journeys.mining.log import Bools
from insight.journeys.mining.means import Estimate, apart, mean, median, share
from insight.journeys.record import NOT_FELT, Record
from insight.journeys.views import Comparison, Measure
from insight.language import _, noted
from insight.privacy import shown

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


def compare_groups(record: Record, first: Bools, second: Bools) -> Comparison:
    """Every measure of two groups. A difference is judged as if the groups shared no journey."""
    measures = tuple(_measures(record, first, second))
    curves = tuple(feeling.curve_of(record, group, with_moment=False) for group in (first, second))
    return Comparison(shown(int(first.sum())), shown(int(second.sum())), measures, (curves[0], curves[1]))


def _measures(record: Record, first: Bools, second: Bools) -> Iterator[Measure]:
    per_journey = _PerJourney(record)
    for name, values in (
        (BACK, per_journey.said(record.passed_on, np.ones(len(record.position), bool))),
        (AGAIN, per_journey.said(record.told_again == 1, record.told_again != NONE)),
        (LATE, per_journey.said(record.waited > record.promised, (record.waited != NONE) & (record.promised != NONE))),
        (NEEDS_MET, per_journey.met()),
    ):
        yield _measure(name, "share", *(_share(values[group]) for group in (first, second)))
    for name, unit, values in (
        (STEPS, "number", np.diff(record.first).astype(float)),
        (PASSED_ON, "number", per_journey.total(record.passed_on, np.ones(len(record.position), bool))),
        (FELT, "feeling", per_journey.average(record.feeling, record.feeling != NOT_FELT)),
    ):
        yield _measure(name, unit, *(_mean(values[group]) for group in (first, second)))
    for name, values in (
        (WAITED, per_journey.total(record.waited, record.waited != NONE)),
        (LASTED, record.lasted),
    ):
        yield _measure(name, "days", *(_median(values[group]) for group in (first, second)))


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


def _told(values: Floats) -> Floats | None:
    told = values[~np.isnan(values)]
    return told if shown(len(told)) is not None else None


def _share(values: Floats) -> Estimate | None:
    told = _told(values)
    if told is None or shown(int(told.sum())) is None:
        return None
    return share(int(told.sum()), len(told))


def _mean(values: Floats) -> Estimate | None:
    told = _told(values)
    return None if told is None else mean(told)


def _median(values: Floats) -> Estimate | None:
    told = _told(values)
    return None if told is None else median(told)


def _measure(name: str, unit: str, first: Estimate | None, second: Estimate | None) -> Measure:
    values = (first.value if first else None, second.value if second else None)
    if first is None or second is None:
        return Measure(_(name), unit, *values, None, None, False)
    found = apart(first, second)
    return Measure(_(name), unit, *values, found.low, found.high, found.differs)
