"""How a group of journeys feels on its way, and the step that goes with how it ended. Pure counting on a record."""

import numpy as np

from insight.columns import NONE
from insight.journeys.mining.feelings import emotion_curve, relative_position
from insight.journeys.mining.log import Bools
from insight.journeys.mining.moments import WhyNot, weigh
from insight.journeys.record import NOT_FELT, Record
from insight.journeys.shares import distinct
from insight.journeys.views import CurvePoint, EmotionCurve, Moment
from insight.language import _, noted
from insight.privacy import shown

OUTCOME = {"yes": 1.0, "partly": 0.5, "no": 0.0}
WHY_NOT = {
    WhyNot.FEW_VISITS: noted("Too few journeys told both how a step felt and how it all ended."),
    WhyNot.FEW_JOURNEYS: noted("There are too few journeys for so many different steps."),
    WhyNot.ONE_OUTCOME: noted("All these journeys ended alike, so no step can go with how they ended."),
    WhyNot.NO_CLEAR_FIRST: noted("No step is clearly ahead of the others."),
}


def curve_of(record: Record, kept: Bools, *, with_moment: bool = True) -> EmotionCurve:
    """Mean feeling along the journeys kept, with its band. No points where too few journeys told a feeling.

    ``with_moment`` also looks for the step that goes with how journeys ended, which takes most of the time.
    """
    steps = np.flatnonzero(kept[record.journey] & (record.feeling != NOT_FELT))
    journey, felt = record.journey[steps], record.feeling[steps].astype(float)
    n = distinct(journey)
    if shown(n) is None:
        return EmotionCurve((), shown(n), len(steps), None)
    position = relative_position(record.first)[steps]
    curve = emotion_curve(journey, position, felt)
    columns = (curve.at, curve.mean, curve.low, curve.high, curve.journeys)
    points = tuple(
        CurvePoint(float(at), float(mean), float(low), float(high), int(journeys))
        for at, mean, low, high, journeys in zip(*columns, strict=True)
        if shown(int(journeys)) is not None
    )
    return EmotionCurve(points, n, len(steps), *(_moment(record, kept) if with_moment else (None, "")))


def _moment(record: Record, kept: Bools) -> tuple[Moment | None, str]:
    """The service whose feeling goes with how journeys ended most; else why none is named."""
    steps = np.flatnonzero(kept[record.journey] & (record.feeling != NOT_FELT) & (record.service != NONE))
    words = record.words["need_met"]
    table = np.array([OUTCOME.get(word, np.nan) for word in words] + [np.nan])
    outcome = np.where(kept, table[record.need_met], np.nan)
    felt = record.feeling[steps].astype(float)
    found = weigh(record.journey[steps], record.service[steps], felt, outcome, np.diff(record.first))
    if found.why_not is not None:
        return None, _(WHY_NOT[found.why_not])
    names = [record.words["service"][code] for code in found.touchpoint[:2].tolist()]
    share, low, high = (float(column[0]) for column in (found.share, found.low, found.high))
    return Moment(names[0], share, low, high, int(found.visits[0]), names[1] if len(names) > 1 else None), ""
