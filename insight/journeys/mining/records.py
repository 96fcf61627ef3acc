"""What was counted in journeys, as the rows of tables and in a few numbers."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from insight.journeys.mining.histogram import Spread
from insight.journeys.mining.log import DAY
from insight.journeys.mining.parts import STEP_COUNTS, Mined
from insight.sheets import Cell

NOT_KNOWN = ""  # a cell without a number: no step had a time


@dataclass(frozen=True)
class CountedPath:
    """A path with its rank (1 is the commonest), how many journeys took it, and their share of all journeys."""

    rank: int
    count: int
    share: float
    steps: tuple[str, ...]


@dataclass(frozen=True)
class Summary:
    """Journeys in a few numbers; days from first to last step, None where no journey has times.

    ``rework_share`` is the share of events at a step where the same journey had been before.
    """

    journeys: int
    events: int
    steps: int
    edges: int
    variants: int
    handoffs: int
    median_days: float | None
    p90_days: float | None
    rework_share: float


def edge_records(mined: Mined) -> list[dict[str, Cell]]:
    """from, to, count, median_days, p90_days of every pair of steps, the most frequent first."""
    count, days = mined.edges.counts[:, 0], mined.edges.gap.spread(DAY)
    return [
        {**_pair(mined, i), "count": int(count[i]), **_median_and_p90(days, i)}
        for i in np.argsort(-count, kind="stable").tolist()
    ]


def wait_records(mined: Mined) -> list[dict[str, Cell]]:
    """from, to, count, median_days, p90_days, total_days, share_of_all of every timed pair, the longest in all first.

    ``count`` is of the moves whose days are known.
    """
    days = mined.edges.gap.spread(DAY)
    everything = float(days.total.sum())
    return [
        {
            **_pair(mined, i),
            "count": int(days.n[i]),
            **_median_and_p90(days, i),
            "total_days": float(days.total[i]),
            "share_of_all": float(days.total[i]) / everything if everything else 0.0,
        }
        for i in np.argsort(-days.total, kind="stable").tolist()
        if days.n[i]
    ]


def handoff_records(mined: Mined) -> list[dict[str, Cell]]:
    """from, to, count of every handoff from one organisation to another, the most frequent first."""
    pairs, count = mined.handoffs, mined.handoffs.counts[:, 0]
    names = mined.organisations
    return [
        {"from": names[pairs.start[i]], "to": names[pairs.end[i]], "count": int(count[i])}
        for i in np.argsort(-count, kind="stable")
    ]


def step_records(mined: Mined) -> list[dict[str, Cell]]:
    """step, events, journeys, repeated, straight_repeats, starts, ends of every step, the most frequent first."""
    order = np.argsort(-mined.steps[:, 0], kind="stable")
    counts = mined.steps.tolist()
    return [{"step": mined.names[i], **dict(zip(STEP_COUNTS, counts[i], strict=True))} for i in order]


def variant_records(mined: Mined) -> Iterator[CountedPath]:
    """Every path, the commonest first; of two as common the one whose steps come first in the alphabet."""
    taken, code = mined.variants, mined.variants.code.tolist()
    first = taken.first.tolist()
    for rank, i in enumerate(taken.ranked().tolist(), start=1):
        steps = tuple(mined.names[step] for step in code[first[i] : first[i + 1]])
        count = int(taken.count[i])
        yield CountedPath(rank, count, count / mined.journeys, steps)


def summary_of(mined: Mined) -> Summary:
    """The journeys in a few numbers."""
    events, repeated = int(mined.steps[:, 0].sum()), int(mined.steps[:, 2].sum())
    days = mined.lasted.spread(DAY)
    timed = bool(days.n[0])
    return Summary(
        journeys=mined.journeys,
        events=events,
        steps=len(mined.names),
        edges=len(mined.edges.start),
        variants=len(mined.variants.count),
        handoffs=int(mined.handoffs.counts[:, 0].sum()),
        median_days=float(days.median[0]) if timed else None,
        p90_days=float(days.p90[0]) if timed else None,
        rework_share=repeated / events if events else 0.0,
    )


def _pair(mined: Mined, i: int) -> dict[str, Cell]:
    return {"from": mined.names[mined.edges.start[i]], "to": mined.names[mined.edges.end[i]]}


def _median_and_p90(days: Spread, i: int) -> dict[str, Cell]:
    known = bool(days.n[i])
    return {
        "median_days": float(days.median[i]) if known else NOT_KNOWN,
        "p90_days": float(days.p90[i]) if known else NOT_KNOWN,
    }
