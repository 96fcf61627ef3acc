"""The kinds of journey of a run, counted in the journeys asked for. Pure counting on a record."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from insight.columns import NONE
from insight.journeys.listing import line_of
from insight.journeys.mining.log import Bools, Ints, Longs
from insight.journeys.record import NOT_FELT, Record
from insight.journeys.shares import mean_by_journey, mean_of, share
from insight.journeys.views import Kind, Kinds
from insight.privacy import shown

StandsOut = Callable[[Longs, Ints], tuple[tuple[str, ...], ...]]


def count_kinds(record: Record, kept: Bools, found: Mapping[str, Any], stands_out: StandsOut) -> Kinds:
    """Every kind that enough of the journeys kept are of, most first.

    ``found`` is what the analysis stored: the journey in the middle of each kind, and each view's weight and part.
    ``stands_out`` names, per group of stories, by key, the pain points told more often there than in the others.
    """
    of = int(kept.sum())
    kinds = []
    known = kept & (record.kind != NONE)
    terms = stands_out(record.key[known], record.kind[known])
    for number, middle in enumerate(found.get("middle", ())):
        inside = kept & (record.kind == number)
        whole = share(int(inside.sum()), of)
        if whole is None or whole.n is None:
            continue
        steps = np.flatnonzero(inside[record.journey] & (record.feeling != NOT_FELT))
        felt = mean_by_journey(record.journey[steps], record.feeling[steps].astype(float))
        path, need = line_of(record, middle).steps, _need(record, inside)
        kinds.append(Kind(number, path, whole, mean_of(felt), need, terms[number] if number < len(terms) else ()))
    kinds.sort(key=lambda kind: (-(kind.share.n or 0), kind.number))
    views = (tuple(sorted(found.get(name, {}).items())) for name in ("weights", "told_by"))
    return Kinds(tuple(kinds), *views)


def _need(record: Record, inside: Bools) -> str | None:
    """The need that most of them have, where that is at least half of those who named one."""
    codes = record.need[inside & (record.need != NONE)]
    if not len(codes):
        return None
    counts = np.bincount(codes)
    most = int(counts.argmax())
    return record.words["need"][most] if 2 * counts[most] >= len(codes) and shown(int(counts[most])) else None
