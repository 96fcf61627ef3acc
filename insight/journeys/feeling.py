"""How a group of journeys feels on its way, and the step that goes with how it ended. Pure counting on a record."""

import numpy as np

from insight.columns import NONE
from insight.journeys.mining.feelings import emotion_curve, nearest_point, points_for, relative_position
from insight.journeys.mining.moments import WhyNot, weigh
from insight.journeys.record import NOT_FELT, Record
from insight.journeys.shares import Counted
from insight.journeys.views import CurvePoint, EmotionCurve, Moment
from insight.language import _, noted

OUTCOME = {"yes": 1.0, "partly": 0.5, "no": 0.0}
WHY_NOT = {
    WhyNot.FEW_VISITS: noted("Too few journeys told both how a step felt and how it all ended."),
    WhyNot.FEW_JOURNEYS: noted("There are too few journeys for so many different steps."),
    WhyNot.ONE_OUTCOME: noted("All these journeys ended alike, so no step can go with how they ended."),
    WhyNot.NO_CLEAR_FIRST: noted("No step is clearly ahead of the others."),
}


def curve_of(record: Record, counted: Counted, *, with_moment: bool = True) -> EmotionCurve:
    """Mean feeling along the journeys counted, with its band. No points where too few journeys told a feeling.

    ``with_moment`` also looks for the step that goes with how journeys ended, which takes most of the time.
    """
    felt = np.flatnonzero(record.feeling != NOT_FELT)
    whole, position = record.journey[felt], relative_position(record.first)[felt]
    inside = counted.mask[whole]
    steps, journey = felt[inside], whole[inside]
    n = counted.number(whole)
    if n is None:
        return EmotionCurve((), None, len(steps), None)
    count = points_for(journey, position[inside])
    curve = emotion_curve(journey, position[inside], record.feeling[steps].astype(float), count)
    cells = counted.told(whole, nearest_point(position, count), count)
    exact = counted.protection.base == 1
    points = tuple(
        CurvePoint(at, *((mean, low, high) if exact else (round(mean, 1), round(low, 1), round(high, 1))), told)
        for at, mean, low, high in zip(
            *(c.tolist() for c in (curve.at, curve.mean, curve.low, curve.high)), strict=True
        )
        if (told := cells.number(round(at * max(count - 1, 1)))) is not None
    )
    return EmotionCurve(points, n, len(steps), *(_moment(record, counted) if with_moment else (None, "")))


def _moment(record: Record, counted: Counted) -> tuple[Moment | None, str]:
    """The service whose feeling goes with how journeys ended most; else why none is named."""
    words = record.words["need_met"]
    table = np.array([OUTCOME.get(word, np.nan) for word in words] + [np.nan])
    outcome = table[record.need_met]
    felt = np.flatnonzero((record.feeling != NOT_FELT) & (record.service != NONE))
    steps = felt[counted.mask[record.journey[felt]]]
    found = weigh(
        record.journey[steps],
        record.service[steps],
        record.feeling[steps].astype(float),
        np.where(counted.mask, outcome, np.nan),
        np.diff(record.first),
    )
    if found.why_not is not None:
        return None, _(WHY_NOT[found.why_not])
    names = [record.words["service"][code] for code in found.touchpoint[:2].tolist()]
    there = felt[(record.service[felt] == found.touchpoint[0]) & ~np.isnan(outcome[record.journey[felt]])]
    visits = counted.number(record.journey[there])
    if visits is None:
        return None, _(WHY_NOT[WhyNot.FEW_VISITS])
    share, low, high = (float(column[0]) for column in (found.share, found.low, found.high))
    return Moment(names[0], share, low, high, visits, names[1] if len(names) > 1 else None), ""
