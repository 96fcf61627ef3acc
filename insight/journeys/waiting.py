"""Where the waiting is, promised against real; and where journeys stop. Pure counting on a record."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from insight.columns import NONE
from insight.journeys.mining.endings import stopped_at, survival
from insight.journeys.mining.log import DAY, NO_TIME, Bools, Longs
from insight.journeys.model import Share
from insight.journeys.record import Record
from insight.journeys.shares import any_by_journey, days_of, distinct
from insight.journeys.shares import share as share_of
from insight.journeys.views import Survival, WaitRow, Waits
from insight.privacy import shown

MOST_ROWS, MOST_STOPS = 20, 8

Floats = npt.NDArray[np.float64]
MOST_POINTS = 40
SORTED_OUT, STILL_OPEN, GAVE_UP = ("yes", "partly"), ("too_early",), ("no",)


def count_waits(record: Record, kept: Bools) -> Waits:
    """All waiting of the journeys kept: before each service as told, and between pairs of services as dated."""
    within = kept[record.journey]
    told = np.flatnonzero(within & (record.waited != NONE) & (record.service != NONE))
    dated = np.flatnonzero(
        within[:-1]
        & record.whole.followed[:-1]
        & (record.service[:-1] != NONE)
        & (record.service[1:] != NONE)
        & (record.time[:-1] != NO_TIME)
        & (record.time[1:] != NO_TIME)
    )
    resolved, still_open, gave_up = (_ended(record, words) for words in (SORTED_OUT, STILL_OPEN, GAVE_UP))
    known = resolved | still_open | gave_up
    return Waits(
        journeys=shown(int(kept.sum())),
        by_service=tuple(_by_service(record, told)),
        between=tuple(_between(record, dated)),
        stopped_at=_stopped(record, kept & known, resolved, still_open),
        survival=_survival(record.lasted[kept & known], resolved[kept & known], still_open[kept & known]),
        undated=int((within & (record.time == NO_TIME)).sum()),
    )


def _ended(record: Record, words: tuple[str, ...]) -> Bools:
    """Which journeys ended so, as their tellers say, (n,)."""
    table = np.array([word in words for word in record.words["need_met"]] + [False])
    return np.take(table, record.need_met)


def _stopped(record: Record, kept: Bools, resolved: Bools, still_open: Bools) -> tuple[tuple[str, Share], ...]:
    """Where journeys that were not sorted out took their last step, of those who came there."""
    log = record.log("service").of_journeys(kept)
    found = stopped_at(log, resolved[kept], still_open[kept])
    order = np.argsort(-found.stopped, kind="stable")[:MOST_STOPS]
    shares = ((log.names[code], share_of(int(found.stopped[code]), int(found.reached[code]))) for code in order)
    return tuple((name, one) for name, one in shares if one is not None and one.n is not None)


def _survival(days: Floats, resolved: Bools, still_open: Bools) -> Survival | None:
    """How many are not sorted out yet after so many days, at a few of the days."""
    found = survival(days, resolved, still_open)
    if found is None or shown(found.journeys) is None:
        return None
    some = np.unique(np.linspace(0, len(found.days) - 1, MOST_POINTS).round().astype(int))
    columns = (found.days, found.share, found.low, found.high)
    steps = tuple(zip(*(column[some].tolist() for column in columns), strict=True))
    return Survival(steps, found.median_days, found.journeys, found.open)


def _by_service(record: Record, steps: Longs) -> Iterator[WaitRow]:
    """Told waiting by service, where most days were waited first."""
    everything = float(record.waited[steps].sum())
    rows = [
        _row(record, group, record.waited[group].astype(float), everything, None)
        for group in _groups(steps, record.service[steps].astype(np.int64))
    ]
    yield from _most(rows)


def _between(record: Record, steps: Longs) -> Iterator[WaitRow]:
    """Days by date from one service to the next, where most days passed first."""
    days = np.maximum(record.time[steps + 1] // DAY - record.time[steps] // DAY, 0).astype(float)
    pair = record.service[steps].astype(np.int64) * len(record.words["service"]) + record.service[steps + 1]
    rows = [
        _row(record, steps[group] + 1, days[group], float(days.sum()), int(record.service[steps[group[0]]]))
        for group in _groups(np.arange(len(steps)), pair)
    ]
    yield from _most(rows)


def _groups(values: Longs, key: Longs) -> list[Longs]:
    """Values of equal keys together."""
    if not len(values):
        return []
    order = np.argsort(key, kind="stable")
    return np.split(values[order], np.flatnonzero(np.diff(key[order])) + 1)


def _most(rows: list[WaitRow | None]) -> list[WaitRow]:
    told = [row for row in rows if row is not None]
    return sorted(told, key=lambda row: (-row.waited.total, row.start or "", row.end))[:MOST_ROWS]


def _row(record: Record, steps: Longs, days: Floats, everything: float, start: int | None) -> WaitRow | None:
    """Waiting for one service; None where too few journeys waited for it."""
    journey = record.journey[steps]
    waited = days_of(days, distinct(journey))
    if waited is None:
        return None
    promised = record.promised[steps] != NONE
    late = days > record.promised[steps]
    return WaitRow(
        start=None if start is None else record.words["service"][start],
        end=record.words["service"][record.service[steps[0]]],
        journeys=distinct(journey),
        waited=waited,
        promised=days_of(record.promised[steps][promised].astype(float), distinct(journey[promised])),
        late=share_of(*any_by_journey(journey[promised], late[promised])),
        share_of_all=waited.total / everything if everything else 0.0,
    )
