"""The handoff X-ray: who passes people on to whom, and what it does to them. Pure counting on a record."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from insight.columns import NONE
from insight.journeys.mining.handoffs import Handoffs as Moves
from insight.journeys.mining.handoffs import bounces, handoffs
from insight.journeys.mining.log import DAY, NO_TIME, Bools, Longs
from insight.journeys.record import NOT_FELT, Record
from insight.journeys.shares import any_by_journey, days_of, distinct, mean_by_journey, mean_of, share
from insight.journeys.views import Handoffs, Junction
from insight.privacy import shown

MOST_BOUNCES = 12


def count_handoffs(record: Record, kept: Bools) -> Handoffs:
    """Every handoff of the journeys kept: two steps in a row at different organisations."""
    within = kept[record.journey]
    before = np.flatnonzero(record.passed_on & within)
    start, end = record.organisation[before].astype(np.int64), record.organisation[before + 1].astype(np.int64)
    journey, of, width = record.journey[before], int(kept.sum()), len(record.words["organisation"])
    order = np.argsort(start * width + end, kind="stable")
    groups = np.split(order, np.flatnonzero(np.diff((start * width + end)[order])) + 1) if len(order) else []
    junctions = [made for group in groups if (made := _junction(record, before[group])) is not None]
    junctions.sort(key=lambda one: (-one.score, -one.journeys, one.start, one.end))
    names = _organisations(record, within)
    log = record.log("organisation").of_journeys(kept)
    moves = handoffs(log, log.code)  # across steps that name no organisation: one may come back over them
    return Handoffs(
        journeys=shown(of),
        organisations=names,
        matrix=_matrix(junctions, names),
        junctions=tuple(junctions),
        worst=_worst(junctions),
        per_journey=len(before) / of if shown(of) else 0.0,
        passed_on=share(distinct(journey), of),
        bounces=tuple(_bounced_pairs(record, moves)),
        bounced=share(int(np.count_nonzero(moves.bounces_per_journey)), of),
    )


def _worst(junctions: list[Junction]) -> Junction | None:
    """The junction that surely hurt most journeys; where nobody tells of hurt, the one at which most days passed."""
    if junctions and junctions[0].score > 0:
        return junctions[0]
    slow = [one for one in junctions if one.days is not None and one.days.total > 0]
    return max(slow, key=lambda one: one.days.total if one.days else 0.0, default=None)


def _organisations(record: Record, within: Bools) -> tuple[str, ...]:
    """The organisations with the most steps first; those of too few journeys are left out."""
    codes, journeys = record.organisation[within], record.journey[within]
    told = codes != NONE
    width = len(record.words["organisation"])
    pairs = np.unique(journeys[told] * max(width, 1) + codes[told])
    counts = np.bincount(pairs % max(width, 1), minlength=width)
    order = np.argsort(-counts, kind="stable")
    return tuple(record.words["organisation"][code] for code in order if shown(int(counts[code])) is not None)


def _matrix(junctions: list[Junction], names: tuple[str, ...]) -> tuple[tuple[int | None, ...], ...]:
    journeys = {(one.start, one.end): one.journeys for one in junctions}
    return tuple(tuple(journeys.get((start, end)) for end in names) for start in names)


def _junction(record: Record, before: Longs) -> Junction | None:
    """One pair of organisations, given the steps before each of its handoffs; None where few journeys took it."""
    journey, after = record.journey[before], before + 1
    n = distinct(journey)
    if shown(n) is None:
        return None
    again, sent = record.told_again[after], record.sent_elsewhere[before]
    felt = (record.feeling[before] != NOT_FELT) & (record.feeling[after] != NOT_FELT)
    change = record.feeling[after].astype(float) - record.feeling[before]
    days, dated = waited_between(record, before)
    hurts, known = hurt_by_it(record, before)
    hurt = share(*any_by_journey(journey[known], hurts[known]))
    return Junction(
        start=record.words["organisation"][record.organisation[before[0]]],
        end=record.words["organisation"][record.organisation[after[0]]],
        journeys=n,
        times=len(before),
        hurt=hurt,
        told_again=share(*any_by_journey(journey[again != NONE], again[again != NONE] == 1)),
        sent_elsewhere=share(*any_by_journey(journey[sent != NONE], sent[sent != NONE] == 1)),
        days=days_of(days[dated], distinct(journey[dated])),
        change=mean_of(mean_by_journey(journey[felt], change[felt])),
        score=round(hurt.low * n, 3) if hurt else 0.0,
    )


def waited_between(record: Record, before: Longs) -> tuple[npt.NDArray[np.float64], Bools]:
    """Days between steps and the ones after: the wait as told, else by their dates; and where either is known."""
    after = before + 1
    told = record.waited[after] != NONE
    dated = (record.time[before] != NO_TIME) & (record.time[after] != NO_TIME)
    between = np.where(dated, (record.time[after] // DAY - record.time[before] // DAY), 0)
    return np.where(told, record.waited[after], np.maximum(between, 0)).astype(float), told | dated


def hurt_by_it(record: Record, before: Longs) -> tuple[Bools, Bools]:
    """Whether a handoff hurt: told all again, felt worse, or waited longer than promised; and where that is known."""
    after = before + 1
    again = record.told_again[after]
    felt = (record.feeling[before] != NOT_FELT) & (record.feeling[after] != NOT_FELT)
    timed = (record.waited[after] != NONE) & (record.promised[after] != NONE)
    worse = felt & (record.feeling[after] < record.feeling[before])
    late = timed & (record.waited[after] > record.promised[after])
    return (again == 1) | worse | late, (again != NONE) | felt | timed


def _bounced_pairs(record: Record, found: Moves) -> Iterator[tuple[str, str, int]]:
    """(came back to, from, journeys), most first."""
    names, pairs = record.words["organisation"], bounces(found)
    to, start = pairs.target.astype(np.int64), pairs.source.astype(np.int64)
    for place in np.lexsort((to * len(names) + start, -pairs.journeys))[:MOST_BOUNCES].tolist():
        if shown(int(pairs.journeys[place])) is not None:
            yield names[to[place]], names[start[place]], int(pairs.journeys[place])
