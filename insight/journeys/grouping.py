"""The kinds of journey of a run, counted in the journeys asked for. Pure counting on a record."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from insight.columns import NONE
from insight.journeys.listing import line_of
from insight.journeys.mining.log import Bools, Ints, Longs
from insight.journeys.record import NOT_FELT, Record
from insight.journeys.shares import Counted
from insight.journeys.views import Kind, Kinds

StandsOut = Callable[[Longs, Ints], tuple[tuple[str, ...], ...]]


def count_kinds(record: Record, counted: Counted, found: Mapping[str, Any], stands_out: StandsOut) -> Kinds:
    """Every kind that enough of the journeys counted are of, most first.

    ``found`` is what the analysis stored: the journey in the middle of each kind, and each view's weight and part.
    ``stands_out`` names, per group of stories, by key, the pain points told more often there than in the others.
    """
    middles = found.get("middle", ())
    kinds = []
    known = counted.mask & (record.kind != NONE)
    terms = stands_out(record.key[known], record.kind[known])
    cells = counted.told(np.arange(record.journeys), record.kind, len(middles))
    cells = cells.of_one_sum(int(counted.all.counts[0] - cells.counts.sum()))  # some journeys are of no kind
    felt = np.flatnonzero(record.feeling != NOT_FELT)
    for number, middle in enumerate(middles):
        whole = cells.share(counted.all, number, of=0)
        if whole is None or whole.n is None:
            continue
        steps = felt[record.kind[record.journey[felt]] == number]
        feeling = counted.mean(record.journey[steps], record.feeling[steps].astype(float))
        path, need = line_of(record, middle).steps, _need(record, counted, record.kind == number)
        kinds.append(Kind(number, path, whole, feeling, need, terms[number] if number < len(terms) else ()))
    kinds.sort(key=lambda kind: (-(kind.share.n or 0), kind.number))
    views = (tuple(sorted(found.get(name, {}).items())) for name in ("weights", "told_by"))
    return Kinds(tuple(kinds), *views)


def _need(record: Record, counted: Counted, inside: Bools) -> str | None:
    """The need that most of them have, where that is at least half of those who named one."""
    numbers = np.flatnonzero(inside)
    cells = counted.told(numbers, record.need[numbers], len(record.words["need"]))
    if not cells.counts.any():
        return None
    most = int(cells.counts.argmax())
    enough = 2 * cells.counts[most] >= cells.counts.sum() and cells.number(most) is not None
    return record.words["need"][most] if enough else None
