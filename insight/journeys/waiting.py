"""Where the waiting is, promised against real; and where journeys stop. Pure counting on a record."""

from collections.abc import Iterator
from itertools import islice

import numpy as np
import numpy.typing as npt

from insight.columns import NONE
from insight.journeys.mining.endings import survival
from insight.journeys.mining.log import DAY, NO_TIME, Bools, Longs
from insight.journeys.model import Share
from insight.journeys.record import Record
from insight.journeys.shares import Counted
from insight.journeys.views import Survival, WaitRow, Waits

MOST_ROWS, MOST_STOPS = 20, 8

Floats = npt.NDArray[np.float64]
MOST_POINTS = 40
SORTED_OUT, STILL_OPEN, GAVE_UP = ("yes", "partly"), ("too_early",), ("no",)


def count_waits(record: Record, counted: Counted) -> Waits:
    """All waiting of the journeys counted: before each service as told, and between pairs of services as dated."""
    told = np.flatnonzero((record.waited != NONE) & (record.service != NONE))
    dated = np.flatnonzero(
        record.whole.followed[:-1]
        & (record.service[:-1] != NONE)
        & (record.service[1:] != NONE)
        & (record.time[:-1] != NO_TIME)
        & (record.time[1:] != NO_TIME)
    )
    undated = record.journey[record.time == NO_TIME]
    return Waits(
        journeys=counted.all.number(),
        by_service=tuple(_by_service(record, told, counted)),
        between=tuple(_between(record, dated, counted)),
        stopped_at=_stopped(record, counted),
        survival=_survival(record, counted),
        undated=int(counted.mask[undated].sum()) if counted.number(undated) is not None else 0,
    )


def _ended(record: Record, words: tuple[str, ...]) -> Bools:
    """Which journeys ended so, as their tellers say, (n,)."""
    table = np.array([word in words for word in record.words["need_met"]] + [False])
    return np.take(table, record.need_met)


def _stopped(record: Record, counted: Counted) -> tuple[tuple[str, Share], ...]:
    """Where journeys that were not sorted out took their last step, of those who came there.

    A journey that is still open has not stopped at its latest step, nor gone past it: it counts at every step but that.
    """
    log = record.log("service")
    still_open, gave_up = (_ended(record, words) for words in (STILL_OPEN, GAVE_UP))
    known = counted.within(_ended(record, SORTED_OUT) | still_open | gave_up)
    ends = np.flatnonzero(~log.followed)
    last = np.full(log.journeys, NONE)
    last[log.journey[ends]] = log.code[ends]
    came = np.where(still_open[log.journey] & (log.code == last[log.journey]), NONE, log.code)
    stops = ends[gave_up[log.journey[ends]]]
    reached = known.told(log.journey, came, len(log.names))
    stopped = known.told(log.journey[stops], log.code[stops], len(log.names))
    order = np.argsort(-stopped.counts, kind="stable")[:MOST_STOPS].tolist()
    shares = ((log.names[code], stopped.share(reached, code)) for code in order)
    return tuple((name, one) for name, one in shares if one is not None and one.n is not None)


def _survival(record: Record, counted: Counted) -> Survival | None:
    """How many are not sorted out yet after so many days, at a few of the days."""
    resolved, still_open, gave_up = (_ended(record, words) for words in (SORTED_OUT, STILL_OPEN, GAVE_UP))
    timed = (resolved | still_open | gave_up) & (record.lasted >= 0)
    n, kept = counted.number(np.flatnonzero(timed)), counted.mask & timed
    found = survival(record.lasted[kept], resolved[kept], still_open[kept])
    if found is None or n is None:
        return None
    some = np.unique(np.linspace(0, len(found.days) - 1, MOST_POINTS).round().astype(int))
    columns = (found.days, found.share, found.low, found.high)
    steps = tuple(zip(*(column[some].tolist() for column in columns), strict=True))
    return Survival(steps, found.median_days, n, counted.number(np.flatnonzero(timed & still_open)))


def _by_service(record: Record, steps: Longs, counted: Counted) -> Iterator[WaitRow]:
    """Told waiting by service, where most days were waited first."""
    days, journey = record.waited[steps].astype(float), record.journey[steps]
    everything = float(days[counted.mask[journey]].sum())
    groups = _longest(days, journey, record.service[steps].astype(np.int64), counted)
    yield from _most(_row(record, steps[group], days[group], everything, None, n, counted) for group, n in groups)


def _between(record: Record, steps: Longs, counted: Counted) -> Iterator[WaitRow]:
    """Days by date from one service to the next, where most days passed first."""
    days = np.maximum(record.time[steps + 1] // DAY - record.time[steps] // DAY, 0).astype(float)
    journey = record.journey[steps]
    everything = float(days[counted.mask[journey]].sum())
    pair = record.service[steps].astype(np.int64) * len(record.words["service"]) + record.service[steps + 1]
    yield from _most(
        _row(record, steps[group] + 1, days[group], everything, int(record.service[steps[group[0]]]), n, counted)
        for group, n in _longest(days, journey, pair, counted)
    )


def _longest(days: Floats, journey: Longs, key: Longs, counted: Counted) -> list[tuple[Longs, int]]:
    """The places of equal keys together, with their journeys where that may be seen; where most days are, first."""
    if not len(days):
        return []
    keys, number = np.unique(key, return_inverse=True)
    cells = counted.told(journey, number, len(keys))
    waited = np.bincount(number, weights=days * counted.mask[journey], minlength=len(keys))
    order = np.argsort(number, kind="stable")
    groups = np.split(order, np.flatnonzero(np.diff(number[order])) + 1)
    first = np.argsort(-waited, kind="stable").tolist()
    return [(groups[at], n) for at in first if (n := cells.number(at)) is not None]


def _most(rows: Iterator[WaitRow | None]) -> list[WaitRow]:
    told = list(islice((row for row in rows if row is not None), MOST_ROWS))
    return sorted(told, key=lambda row: (-row.waited.total, row.start or "", row.end))


def _row(
    record: Record, steps: Longs, days: Floats, everything: float, start: int | None, n: int, counted: Counted
) -> WaitRow | None:
    """Waiting for one service, for which ``n`` journeys waited; None where their days are hidden."""
    journey = record.journey[steps]
    waited = counted.days(journey, days)
    if waited is None:
        return None
    promised = record.promised[steps] != NONE
    late = days > record.promised[steps]
    return WaitRow(
        start=None if start is None else record.words["service"][start],
        end=record.words["service"][record.service[steps[0]]],
        journeys=n,
        waited=waited,
        promised=counted.days(journey[promised], record.promised[steps][promised].astype(float)),
        late=counted.share(journey[promised], late[promised]),
        share_of_all=waited.total / everything if everything else 0.0,
    )
