"""The paths of a group of journeys: flows, variants, where they start and end, what they come back to. Pure."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from insight.journeys.mining.log import DAY, NO_TIME, Bools, Log
from insight.journeys.mining.paths import Variants, ends, starts
from insight.journeys.model import Grain, Share
from insight.journeys.record import NOT_FELT, Record
from insight.journeys.shares import journeys_by_code, share
from insight.journeys.views import Flow, Paths, Variant
from insight.language import _
from insight.privacy import shown

FLOW_DEPTH, FLOW_NAMES = 6, 10
MOST_VARIANTS, MOST_ENDS = 40, 8


def count_paths(record: Record, log: Log, paths: Variants, kept: Bools, grain: Grain) -> Paths:
    """Every path of the journeys kept. ``log`` and ``paths`` are of the whole record under the same grain."""
    of = int(kept.sum())
    within = log.of_journeys(kept)
    flows, hidden = _flows(within)
    walked = kept & (log.lengths > 0)
    found = np.bincount(paths.of_journey[walked], minlength=len(paths.count))
    variants = tuple(_variants(record, log, paths, walked, found, of))
    told = [int(found[variant.rank]) for variant in variants]
    return Paths(
        grain=grain,
        journeys=shown(of),
        flows=flows,
        hidden_moves=hidden,
        variants=variants,
        all_variants=int(np.count_nonzero(found)),
        hidden_variants=int(found.sum()) - sum(told),
        starts=_of_all(within, starts(within), of),
        ends=_of_all(within, ends(within), of),
        loops=_loops(within),
    )


def _flows(log: Log) -> tuple[tuple[Flow, ...], int]:
    """Moves among the first steps by place; rare names are one, and flows of few journeys are only counted."""
    if not len(log.code):
        return (), 0
    common = np.argsort(-np.bincount(log.code, minlength=len(log.names)), kind="stable")[:FLOW_NAMES]
    table = np.full(len(log.names), len(common))
    table[common] = np.arange(len(common))
    names = [*(log.names[code] for code in common), _("other steps")]
    place = np.arange(len(log.code)) - log.first[:-1][log.journey]
    step = np.flatnonzero(log.followed & (place < FLOW_DEPTH - 1))
    width = len(names)
    key = (place[step] * width + table[log.code[step]]) * width + table[log.code[step + 1]]
    keys, counts = np.unique(key, return_counts=True)  # a journey is at each place once: moves are journeys
    flows, hidden = [], 0
    for code, n in zip(keys.tolist(), counts.tolist(), strict=True):
        if shown(n) is None:
            hidden += n
        else:
            at, start = divmod(code // width, width)
            flows.append(Flow(at, names[start], names[code % width], n))
    return tuple(flows), hidden


def _variants(
    record: Record, log: Log, paths: Variants, walked: Bools, found: npt.NDArray[np.int64], of: int
) -> Iterator[Variant]:
    for number in np.argsort(-found, kind="stable")[:MOST_VARIANTS].tolist():
        whole = share(int(found[number]), of)
        if whole is None or whole.n is None:
            return
        journeys = np.flatnonzero(walked & (paths.of_journey == number))
        steps = log.steps_of(int(paths.example[number]))
        yield Variant(number, steps, whole, _days(log, journeys), _feelings(record, log, journeys, len(steps)))


def _days(log: Log, journeys: npt.NDArray[np.int64]) -> float | None:
    """Median days from first to last step, where enough journeys are dated."""
    assert log.time is not None  # noqa: S101  # nosec B101  (a record's log has times)
    start, end = log.time[log.first[journeys]], log.time[log.first[journeys + 1] - 1]
    dated = (start != NO_TIME) & (end != NO_TIME) & (end >= start)
    if shown(int(dated.sum())) is None:
        return None
    return float(np.median((end[dated] - start[dated]) / DAY))


def _feelings(record: Record, log: Log, journeys: npt.NDArray[np.int64], length: int) -> tuple[float | None, ...]:
    """Mean feeling at each step of a path, where enough journeys told it."""
    assert log.row is not None  # noqa: S101  # nosec B101  (a record's log knows its rows)
    rows = log.row[log.first[journeys][:, None] + np.arange(length)]
    felt = record.feeling[rows].astype(float)
    told = felt != NOT_FELT
    return tuple(
        float(felt[told[:, place], place].mean()) if shown(int(told[:, place].sum())) is not None else None
        for place in range(length)
    )


def _of_all(log: Log, counts: npt.NDArray[np.int64], of: int) -> tuple[tuple[str, Share], ...]:
    """The commonest steps at one end of the journeys, of all journeys."""
    return _as_shares(log, counts, np.full(len(log.names), of))


def _loops(log: Log) -> tuple[tuple[str, Share], ...]:
    """Of the journeys that took a step, how many came back to it after another, or took it again straight away."""
    width = max(len(log.names), 1)
    key = log.journey * width + log.code
    pairs, times = np.unique(key, return_counts=True)
    again = np.bincount(pairs[times > 1] % width, minlength=len(log.names))
    return _as_shares(log, again, journeys_by_code(log.journey, log.code, len(log.names)))


def _as_shares(log: Log, counts: npt.NDArray[np.int64], of: npt.NDArray[np.int64]) -> tuple[tuple[str, Share], ...]:
    order = np.argsort(-counts, kind="stable")[:MOST_ENDS]
    shares = ((log.names[code], share(int(counts[code]), int(of[code]))) for code in order)
    return tuple((name, one) for name, one in shares if one is not None and one.n is not None)
