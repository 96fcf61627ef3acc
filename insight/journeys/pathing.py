"""The paths of a group of journeys: flows, variants, where they start and end, what they come back to. Pure."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from insight.columns import NONE
from insight.journeys.mining.log import DAY, NO_TIME, Log, Longs
from insight.journeys.mining.paths import Variants
from insight.journeys.model import Grain, Share
from insight.journeys.record import NOT_FELT, Record
from insight.journeys.shares import Cells, Counted
from insight.journeys.views import Flow, Paths, Variant
from insight.language import _

FLOW_DEPTH, FLOW_NAMES = 6, 10
MOST_VARIANTS, MOST_ENDS = 40, 8
LOOKED_AT = 200  # paths among which others are found to be hidden beside one; those after them are few


def count_paths(record: Record, log: Log, paths: Variants, counted: Counted, grain: Grain) -> Paths:
    """Every path of the journeys counted. ``log`` and ``paths`` are of the whole record under the same grain."""
    walked = counted.within(log.lengths > 0)
    flows, hidden = _flows(log, walked)
    all_journeys = np.arange(log.journeys)
    found = walked.told(all_journeys, paths.of_journey, len(paths.count))
    most = np.argsort(-found.counts, kind="stable")[:LOOKED_AT]
    may = _of_these(found, most)
    variants = tuple(_variants(record, log, paths, walked, may, counted.all, most[:MOST_VARIANTS].tolist()))
    told = sum(int(found.counts[variant.rank]) for variant in variants)
    begun = np.flatnonzero(log.lengths > 0)
    return Paths(
        grain=grain,
        journeys=counted.all.number(),
        flows=flows,
        hidden_moves=hidden,
        variants=variants,
        all_variants=int(np.count_nonzero(found.counts)),
        hidden_variants=int(found.counts.sum()) - told,
        starts=_of_all(log, counted, begun, log.code[log.first[begun]]),
        ends=_of_all(log, counted, begun, log.code[log.first[begun + 1] - 1]),
        loops=_loops(log, counted),
    )


def _of_these(found: Cells, most: Longs) -> Cells:
    """The paths most taken with others hidden beside the small ones: each journey takes one, and all are counted."""
    some = Cells(found.counts[most], found.withheld[most], found.protection)
    withheld = found.withheld.copy()
    withheld[most] = some.of_one_sum(int(found.counts.sum() - some.counts.sum())).withheld
    return Cells(found.counts, withheld, found.protection, found.keys)


def _flows(log: Log, counted: Counted) -> tuple[tuple[Flow, ...], int]:
    """Moves among the first steps by place; rare names are one, and flows that are hidden are only counted."""
    often = np.bincount(log.code[counted.mask[log.journey]], minlength=len(log.names))
    common = np.argsort(-often, kind="stable")[:FLOW_NAMES]
    common = common[often[common] > 0]
    table = np.full(len(log.names), len(common))
    table[common] = np.arange(len(common))
    names = [*(log.names[code] for code in common), _("other steps")]
    width = len(names)
    place = np.arange(len(log.code)) - log.first[:-1][log.journey]
    step = np.flatnonzero(log.followed & (place < FLOW_DEPTH - 1))
    key = (place[step] * width + table[log.code[step]]) * width + table[log.code[step + 1]]
    cells = counted.told(log.journey[step], key, (FLOW_DEPTH - 1) * width * width)
    withheld = cells.withheld.copy()
    for moves in np.split(np.arange(len(withheld)), FLOW_DEPTH - 1):  # a journey makes one move at each place
        there = moves[cells.counts[moves] > 0]
        withheld[there] = Cells(cells.counts[there], withheld[there], cells.protection).of_one_sum().withheld
    may = Cells(cells.counts, withheld, cells.protection, cells.keys)
    flows, hidden = [], 0
    for code in np.flatnonzero(cells.counts).tolist():
        n = may.number(code)
        if n is None:
            hidden += int(cells.counts[code])
        else:
            at, start = divmod(code // width, width)
            flows.append(Flow(at, names[start], names[code % width], n))
    return tuple(flows), hidden


def _variants(
    record: Record, log: Log, paths: Variants, walked: Counted, found: Cells, whole: Cells, most: list[int]
) -> Iterator[Variant]:
    for number in most:
        taken = found.share(whole, number, of=0)
        if taken is not None and taken.n is not None:
            journeys = np.flatnonzero(paths.of_journey == number)
            steps = log.steps_of(int(paths.example[number]))
            feelings = _feelings(record, log, walked, journeys, len(steps))
            yield Variant(number, steps, taken, _days(log, walked, journeys), feelings)


def _days(log: Log, walked: Counted, journeys: Longs) -> float | None:
    """Median days from first to last step, where enough journeys are dated."""
    assert log.time is not None  # noqa: S101  # nosec B101  (a record's log has times)
    start, end = log.time[log.first[journeys]], log.time[log.first[journeys + 1] - 1]
    dated = (start != NO_TIME) & (end != NO_TIME) & (end >= start)
    found = walked.days(journeys[dated], (end[dated] - start[dated]) / DAY)
    return None if found is None else found.median


def _feelings(record: Record, log: Log, walked: Counted, journeys: Longs, length: int) -> tuple[float | None, ...]:
    """Mean feeling at each step of a path, where enough journeys told it."""
    assert log.row is not None  # noqa: S101  # nosec B101  (a record's log knows its rows)
    rows = log.row[log.first[journeys][:, None] + np.arange(length)]
    felt = record.feeling[rows].astype(float)
    place = np.broadcast_to(np.arange(length), felt.shape)
    cells = walked.told(np.repeat(journeys, length), np.where(felt == NOT_FELT, NONE, place).ravel(), length)
    told = (felt != NOT_FELT) & walked.mask[journeys][:, None]
    return tuple(float(felt[told[:, at], at].mean()) if cells.number(at) is not None else None for at in range(length))


def _of_all(log: Log, counted: Counted, journey: Longs, code: npt.NDArray[np.int32]) -> tuple[tuple[str, Share], ...]:
    """The commonest steps at one end of the journeys, of all journeys; each has one at most."""
    cells = counted.told(journey, code, len(log.names))
    return _as_shares(log, cells.of_one_sum(), counted.all, of=0)


def _loops(log: Log, counted: Counted) -> tuple[tuple[str, Share], ...]:
    """Of the journeys that took a step, how many came back to it after another, or took it again straight away."""
    width = max(len(log.names), 1)
    pairs = np.sort(log.journey * width + log.code)
    again = pairs[1:][pairs[1:] == pairs[:-1]]
    took = counted.told(log.journey, log.code, len(log.names))
    return _as_shares(log, counted.told(again // width, again % width, len(log.names)), took)


def _as_shares(log: Log, cells: Cells, whole: Cells, of: int | None = None) -> tuple[tuple[str, Share], ...]:
    order = np.argsort(-cells.counts, kind="stable")[:MOST_ENDS].tolist()
    shares = ((log.names[code], cells.share(whole, code, of)) for code in order)
    return tuple((name, one) for name, one in shares if one is not None and one.n is not None)
