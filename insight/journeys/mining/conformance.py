"""How real journeys differ from an intended one: the steps they took besides, and those they missed.

An optimal alignment in which a step may be taken, extra or missing (the indel distance; Adriansyah, Aligning Observed
and Modeled Behavior, 2014): cost = extra steps + missing steps, optional steps missing at no cost. Of several paths the
one that costs least is compared with, of equal ones the first written. Fitness = 1 - cost / (steps of the journey +
steps of the path that are not optional). For a linear intended journey without optional steps, cost and fitness are
those of an optimal alignment of Petri nets with unit costs.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from insight.journeys.mining.intended import Intended
from insight.journeys.mining.log import Bools, Ints, Log, Longs, offsets
from insight.journeys.mining.paths import Variants, joined

EXTRA = -1  # in place of the number of an intended step
CELLS = 4_000_000  # of the table of one chunk, 16 bits each
NEVER = np.int64(1) << 40

Scores = npt.NDArray[np.int16]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Aligned:
    """v journeys of e steps beside an intended journey of s steps and several paths.

    ``cost`` and ``fitness`` (v,); ``path`` (v,) is the number of the path compared with. ``taken`` (e,) is the number
    of the intended step that each step was, or ``EXTRA``; ``missing`` (v, s) marks the steps of that path, not
    optional, that were not taken.
    """

    cost: Longs
    fitness: Floats
    path: Ints
    taken: Ints
    missing: Bools


@dataclass(frozen=True, slots=True)
class Move:
    """One step of a journey beside the intended one: "taken", "extra" or "missing"."""

    kind: str
    step: str


def align(log: Log, intended: Intended) -> Aligned:
    """Compare every journey of a log with an intended one. How many blanks stand in a name does not matter."""
    called = {" ".join(name.split()): code for code, name in reversed(list(enumerate(log.names)))}
    codes = np.array([called.get(step.name, -1) for step in intended.steps], np.int64)
    mandatory = np.array([not step.optional for step in intended.steps])
    known = np.isin(log.code, codes)
    shared = _only(log, known)  # a step that is in no path is extra, whatever comes before and after it
    path = _best_path(shared, intended.paths, codes, mandatory)
    matched, missing = _matches(shared, intended.paths, path, codes, mandatory)
    taken = np.full(len(log.code), EXTRA, np.int32)
    taken[known] = matched
    cost = log.lengths - np.bincount(log.journey[taken != EXTRA], minlength=log.journeys) + missing.sum(axis=1)
    worst = log.lengths + np.array([mandatory[list(steps)].sum() for steps in intended.paths])[path]
    return Aligned(cost, 1 - cost / np.maximum(worst, 1), path, taken, missing)


def examples(log: Log, journeys: Longs) -> Log:
    """The log of these journeys, by number and in this order."""
    lengths = log.lengths[journeys]
    first = offsets(lengths)
    rows = np.repeat(log.first[journeys] - first[:-1], lengths) + np.arange(int(first[-1]))
    return Log(log.code[rows], first, log.names, row=rows)


def conformance_records(log: Log, variants: Variants, intended: Intended) -> list[dict[str, object]]:
    """A row for each variant, in their order: variant (its rank, from 1), count, cost, fitness, extra, missing.

    The steps of ``extra`` and ``missing`` stand in their order, joined as in :func:`joined`.
    """
    shown = examples(log, variants.example)
    found = align(shown, intended)
    wrote = [step.name for step in intended.steps]
    rows: list[dict[str, object]] = []
    for place in range(shown.journeys):
        steps = slice(shown.first[place], shown.first[place + 1])
        extra = shown.code[steps][found.taken[steps] == EXTRA]
        rows.append(
            {
                "variant": place + 1,
                "count": int(variants.count[place]),
                "cost": int(found.cost[place]),
                "fitness": round(float(found.fitness[place]), 6),
                "extra": joined([log.names[code] for code in extra]),
                "missing": joined([wrote[number] for number in np.flatnonzero(found.missing[place])]),
            }
        )
    return rows


def moves(steps: Sequence[str], intended: Intended) -> tuple[Move, ...]:
    """One journey beside the intended one, move by move; what is missing stands where it was due."""
    names = tuple(dict.fromkeys(steps))
    code = np.array([names.index(step) for step in steps], np.int32)
    log = Log(code, np.array([0, len(steps)], np.int64), names)
    return tuple(moves_of(log, align(log, intended), 0, intended))


def moves_of(log: Log, found: Aligned, place: int, intended: Intended) -> Iterator[Move]:
    """The moves of the journey at a place of an aligned log."""
    due = [int(number) for number in np.flatnonzero(found.missing[place])]
    for step in range(int(log.first[place]), int(log.first[place + 1])):
        number = int(found.taken[step])
        if number == EXTRA:
            yield Move("extra", log.names[log.code[step]])
            continue
        while due and due[0] < number:
            yield Move("missing", intended.steps[due.pop(0)].name)
        yield Move("taken", intended.steps[number].name)
    yield from (Move("missing", intended.steps[number].name) for number in due)


def _only(log: Log, kept: Bools) -> Log:
    before = np.concatenate([[0], np.cumsum(kept)])
    return Log(log.code[kept], before[log.first].astype(np.int64), log.names)


def _best_path(shared: Log, paths: Sequence[tuple[int, ...]], codes: Longs, mandatory: Bools) -> Ints:
    """The number of the path that each journey is nearest to, (v,).

    Extra and missing steps together are the journey's steps and the path's that are not optional, less two for each of
    those taken and less one for each optional step taken: the heaviest common subsequence gives the least cost.
    """
    path = np.zeros(shared.journeys, np.int32)
    if len(paths) == 1:
        return path
    least = np.full(shared.journeys, NEVER)
    for number, steps in enumerate(paths):
        chosen = list(steps)
        cost = int(mandatory[chosen].sum()) - _heaviest(shared, codes[chosen], mandatory[chosen])
        better = cost < least
        least[better], path[better] = cost[better], number
    return path


def _heaviest(log: Log, codes: Longs, mandatory: Bools) -> Longs:
    """The weight of the heaviest common subsequence of each journey with a path, (v,)."""
    weights = _weights(len(log.names), codes, mandatory)
    heaviest = np.zeros(log.journeys, np.int64)
    for journeys in _chunks(log, len(codes)):
        heaviest[journeys] = _table(log, journeys, weights)[-1][:, -1]
    return heaviest


def _matches(
    log: Log, paths: Sequence[tuple[int, ...]], path: Ints, codes: Longs, mandatory: Bools
) -> tuple[Ints, Bools]:
    """Which intended step each step of the log was, (e,), and which steps of its path each journey missed, (v, s)."""
    taken = np.full(len(log.code), EXTRA, np.int32)
    missing = np.zeros((log.journeys, len(codes)), bool)
    for number, steps in enumerate(paths):
        mine = np.flatnonzero(path == number)
        chosen = np.array(steps)
        missing[np.ix_(mine, chosen)] = mandatory[chosen]
        weights = _weights(len(log.names), codes[chosen], mandatory[chosen])
        for journeys in _chunks(log, len(steps), mine):
            _trace_back(log, journeys, chosen, weights, taken, missing)
    return taken, missing


def _trace_back(log: Log, journeys: Longs, steps: Longs, weights: Scores, taken: Ints, missing: Bools) -> None:
    """From the last step to the first: a step is taken at the earliest place where the rest weighs as much.

    A row of the table never falls, so the place within the path is the number of columns below what is still owed.
    """
    table = _table(log, journeys, weights)
    owed = table[-1][:, -1].copy()
    for position in range(len(table) - 1, 0, -1):
        place = (table[position] < owed[:, None]).sum(axis=1)
        before = np.take_along_axis(table[position - 1], place[:, None], axis=1)[:, 0]
        here = np.flatnonzero(before < owed)
        rows = log.first[journeys[here]] + position - 1
        number = place[here] - 1
        taken[rows] = steps[number]
        missing[journeys[here], steps[number]] = False
        owed[here] -= weights[log.code[rows], number]


def _table(log: Log, journeys: Longs, weights: Scores) -> Scores:
    """Common subsequences of journeys with a path by length: (longest + 1, v, m + 1); a short journey's rows repeat."""
    lengths = log.lengths[journeys]
    table = np.zeros((int(lengths.max(initial=0)) + 1, len(journeys), weights.shape[1] + 1), np.int16)
    first = log.first[journeys]
    for position in range(len(table) - 1):
        live = int(np.searchsorted(-lengths, -position))  # the longest journeys come first
        before, after = table[position], table[position + 1]
        after[live:] = before[live:]
        gain = weights[log.code[first[:live] + position]]
        np.maximum(before[:live, 1:], before[:live, :-1] + gain, out=after[:live, 1:])
        np.maximum.accumulate(after[:live], axis=1, out=after[:live])
    return table


def _weights(names: int, codes: Longs, mandatory: Bools) -> Scores:
    """What it is worth to take each step of a path, by the step's code: 2, or 1 for an optional one; (names, m)."""
    weights: Scores = ((np.arange(names)[:, None] == codes) * (1 + mandatory)).astype(np.int16)
    return weights


def _chunks(log: Log, steps: int, journeys: Longs | None = None) -> Iterator[Longs]:
    """Journeys in parts whose tables fit into memory, the longest first."""
    chosen = np.arange(log.journeys) if journeys is None else journeys
    ordered = chosen[np.argsort(-log.lengths[chosen], kind="stable")]
    start = 0
    while start < len(ordered):
        longest = int(log.lengths[ordered[start]])
        size = max(1, CELLS // ((longest + 1) * (steps + 1)))
        yield ordered[start : start + size]
        start += size
