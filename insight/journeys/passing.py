"""The handoff X-ray: who passes people on to whom, and what it does to them. Pure counting on a record."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from insight.columns import NONE
from insight.journeys.mining.handoffs import Handoffs as Moves
from insight.journeys.mining.handoffs import handoffs
from insight.journeys.mining.log import DAY, NO_TIME, Bools, Longs
from insight.journeys.record import NOT_FELT, Record
from insight.journeys.shares import Counted
from insight.journeys.views import Handoffs, Junction

MOST_BOUNCES = 12


def count_handoffs(record: Record, counted: Counted) -> Handoffs:
    """Every handoff of the journeys counted: two steps in a row at different organisations."""
    before = np.flatnonzero(record.passed_on)
    journey, pairs, pair = record.journey[before], *np.unique(_pair(record, before), return_inverse=True)
    cells = counted.told(journey, pair, len(pairs))
    order = np.argsort(pair, kind="stable")
    groups = np.split(order, np.flatnonzero(np.diff(pair[order])) + 1) if len(order) else []
    told = [(before[group], n) for at, group in enumerate(groups) if (n := cells.number(at)) is not None]
    junctions = [_junction(record, rows, n, counted) for rows, n in told]
    junctions.sort(key=lambda one: (-one.score, -one.journeys, one.start, one.end))
    names = _organisations(record, counted)
    log = record.log("organisation")
    moves = handoffs(log, log.code)  # across steps that name no organisation: one may come back over them
    of, passed_on = counted.all.number(), counted.share_of_all(journey)
    times = int(counted.mask[journey].sum())
    return Handoffs(
        journeys=of,
        organisations=names,
        matrix=_matrix(junctions, names),
        junctions=tuple(junctions),
        worst=_worst(junctions),
        per_journey=times / of if of and passed_on else 0.0,
        passed_on=passed_on,
        bounces=tuple(_bounced_pairs(record, moves, counted)),
        bounced=counted.share_of_all(moves.journey[moves.bounce]),
    )


def _pair(record: Record, before: Longs) -> Longs:
    start, end = record.organisation[before].astype(np.int64), record.organisation[before + 1]
    return np.asarray(start * len(record.words["organisation"]) + end, np.int64)


def _worst(junctions: list[Junction]) -> Junction | None:
    """The junction that surely hurt most journeys; where nobody tells of hurt, the one at which most days passed."""
    if junctions and junctions[0].score > 0:
        return junctions[0]
    slow = [one for one in junctions if one.days is not None and one.days.total > 0]
    return max(slow, key=lambda one: one.days.total if one.days else 0.0, default=None)


def _organisations(record: Record, counted: Counted) -> tuple[str, ...]:
    """The organisations of most journeys first; those that are hidden are left out."""
    names = record.words["organisation"]
    return tuple(name for name, _n in counted.ranked(record.journey, record.organisation, names, len(names)))


def _matrix(junctions: list[Junction], names: tuple[str, ...]) -> tuple[tuple[int | None, ...], ...]:
    journeys = {(one.start, one.end): one.journeys for one in junctions}
    return tuple(tuple(journeys.get((start, end)) for end in names) for start in names)


def _junction(record: Record, before: Longs, n: int, counted: Counted) -> Junction:
    """One pair of organisations that ``n`` journeys took, given the steps before each of its handoffs."""
    journey, after = record.journey[before], before + 1
    again, sent = record.told_again[after], record.sent_elsewhere[before]
    felt = (record.feeling[before] != NOT_FELT) & (record.feeling[after] != NOT_FELT)
    change = record.feeling[after].astype(float) - record.feeling[before]
    days, dated = waited_between(record, before)
    hurts, known = hurt_by_it(record, before)
    hurt = counted.share(journey[known], hurts[known])
    times = int(counted.mask[journey].sum())
    return Junction(
        start=record.words["organisation"][record.organisation[before[0]]],
        end=record.words["organisation"][record.organisation[after[0]]],
        journeys=n,
        times=times - times % counted.protection.base,
        hurt=hurt,
        told_again=counted.share(journey[again != NONE], again[again != NONE] == 1),
        sent_elsewhere=counted.share(journey[sent != NONE], sent[sent != NONE] == 1),
        days=counted.days(journey[dated], days[dated]),
        change=counted.mean(journey[felt], change[felt]),
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


def _bounced_pairs(record: Record, found: Moves, counted: Counted) -> Iterator[tuple[str, str, int]]:
    """(came back to, from, journeys), most first."""
    names, back = record.words["organisation"], found.bounce
    width = max(len(names), 1)
    codes, pair = np.unique(found.target[back].astype(np.int64) * width + found.source[back], return_inverse=True)
    cells = counted.told(found.journey[back], pair, len(codes))
    for at in np.lexsort((codes, -cells.counts))[:MOST_BOUNCES].tolist():
        n = cells.number(at)
        if n is not None:
            yield names[int(codes[at]) // width], names[int(codes[at]) % width], n
