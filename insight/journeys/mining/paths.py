"""The paths of a log: which step follows which, which journeys took the same way, where they start, end and repeat.

W. van der Aalst, Process Mining (2016), calls these the directly-follows graph and the variants. All counts are exact.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from insight.columns import distinct
from insight.journeys.mining.log import BLOCK, WORD_BITS, Bools, Ints, Log, Longs

BETWEEN = " > "
ALONE = re.compile(r"(?<!\S)(\\*>)(?!\S)")  # what could be taken for the sign between two steps
NO_PATH = -1  # the variant of a journey without steps
TABLE = 1 << 22  # pairs of steps up to which counting in a table costs less than sorting


@dataclass(frozen=True)
class Edges:
    """Which step directly follows which, and how often; arrays of equal length, by ``source``, then ``target``."""

    source: Ints
    target: Ints
    count: Longs


@dataclass(frozen=True)
class Variants:
    """v ways that journeys took, most frequent first; among equals the one whose step codes come first.

    ``of_journey`` (n,) is each journey's variant, ``NO_PATH`` where it has no steps. ``count`` (v,) is journeys,
    ``example`` (v,) the first journey of each.
    """

    of_journey: Longs
    count: Longs
    example: Longs


@dataclass(frozen=True)
class Steps:
    """Per step code, (k,): how often it occurs (``events``), in how many ``journeys``, and how often it is rework.

    ``repeated`` counts the occurrences that the same journey has seen before; ``straight`` those right after itself.
    """

    events: Longs
    journeys: Longs
    repeated: Longs
    straight: Longs


def edges(log: Log) -> Edges:
    """The directly-follows graph."""
    names = len(log.names)
    span = names * names
    if span > TABLE:
        found, count = _counted(_pairs(log, 0, len(log.code)))
    else:
        table = np.zeros(span, np.int64)
        block = max(BLOCK, 4 * span)  # in parts that stay in the processor's cache, and need no memory to speak of
        for begin in range(0, len(log.code), block):
            table += np.bincount(_pairs(log, begin, begin + block), minlength=span)
        found = np.flatnonzero(table)
        count = table[found]
    return Edges((found // max(names, 1)).astype(np.int32), (found % max(names, 1)).astype(np.int32), count)


def _pairs(log: Log, begin: int, end: int) -> Longs:
    """The pairs that begin at these steps, each as one number."""
    after = log.code[begin + 1 : end + 1]
    source = log.code[begin : begin + len(after)].astype(np.int64)
    pairs: Longs = (source * len(log.names) + after)[log.followed[begin : begin + len(after)]]
    return pairs


def starts(log: Log) -> Longs:
    """How many journeys start with each step, (k,)."""
    return np.bincount(log.code[log.first[:-1][log.lengths > 0]], minlength=len(log.names))


def ends(log: Log) -> Longs:
    """How many journeys end with each step, (k,)."""
    return np.bincount(log.code[log.first[1:][log.lengths > 0] - 1], minlength=len(log.names))


def steps(log: Log) -> Steps:
    """How often each step occurs, and how often again."""
    names = len(log.names)
    events = np.bincount(log.code, minlength=names)
    met = distinct(log.journey * names + log.code)
    journeys = np.bincount(met % max(names, 1), minlength=names)
    again = log.followed[:-1] & (log.code[1:] == log.code[:-1])
    straight = np.bincount(log.code[1:][again], minlength=names)
    return Steps(events, journeys, events - journeys, straight)


def variants(log: Log) -> Variants:
    """Which journeys took the same way."""
    order, begins = _alike(log)
    of_journey = np.full(log.journeys, NO_PATH, np.int64)
    if not len(order):
        return Variants(of_journey, np.zeros(0, np.int64), np.zeros(0, np.int64))
    first = np.flatnonzero(begins)
    count = np.diff(first, append=len(order))
    ranked = np.argsort(-count, kind="stable")
    rank = np.empty_like(ranked)
    rank[ranked] = np.arange(len(ranked))
    of_journey[order] = np.repeat(rank, count)
    return Variants(of_journey, count[ranked], np.minimum.reduceat(order, first)[ranked])


def _alike(log: Log) -> tuple[Longs, Bools]:
    """The journeys in the order of their step codes, and where in it another path begins.

    As many codes as fit are read as one number; then only journeys that are still alike and go on are read further, so
    that one very long journey costs its own length and no more.
    """
    order = np.flatnonzero(log.lengths)
    begins = np.zeros(len(order), bool)
    begins[:1] = True
    undecided, read = np.arange(len(order)), 0
    bits = len(log.names).bit_length()
    while len(undecided):
        group = np.cumsum(begins[undecided])
        word = _word(log, order[undecided], read, bits)
        sorted_ = np.argsort(word) if not read else np.lexsort((word, group))
        order[undecided] = order[undecided][sorted_]
        word = word[sorted_]
        begins[undecided[1:]] |= word[1:] != word[:-1]
        read += WORD_BITS // bits
        undecided = undecided[_still_alike(begins[undecided], log.lengths[order[undecided]] > read)]
    return order, begins


def _word(log: Log, journeys: Longs, read: int, bits: int) -> npt.NDArray[np.uint64]:
    """The next codes of each journey as one number, the first ones highest; 0 stands where a journey has ended."""
    parts = range(0, len(journeys), BLOCK)
    return np.concatenate([_word_block(log, journeys[begin : begin + BLOCK], read, bits) for begin in parts])


def _word_block(log: Log, journeys: Longs, read: int, bits: int) -> npt.NDArray[np.uint64]:
    word = np.zeros(len(journeys), np.uint64)
    begin, left = log.first[journeys] + read, log.lengths[journeys] - read
    for place in range(WORD_BITS // bits):
        word <<= np.uint64(bits)
        going = np.flatnonzero(left > place)
        word[going] |= (log.code[begin[going] + place] + 1).astype(np.uint64)
    return word


def _still_alike(begins: Bools, goes_on: Bools) -> Bools:
    """Whether an entry shares its group with others of which one goes on; a group begins where ``begins`` is true."""
    group = np.cumsum(begins) - 1
    size = np.bincount(group)
    going = np.bincount(group[goes_on], minlength=len(size))
    alike: Bools = ((size > 1) & (going > 0))[group]
    return alike


def _counted(numbers: Longs) -> tuple[Longs, Longs]:
    """The different numbers among these, sorted, and how often each occurs."""
    ordered = np.sort(numbers)
    begins = np.flatnonzero(np.diff(ordered, prepend=ordered[:1] - 1))
    return ordered[begins], np.diff(begins, append=len(ordered))


def numbered(numbers: Longs, span: int) -> tuple[Longs, Longs]:
    """The different numbers among these, which are 0 to ``span`` - 1, sorted, and for each entry which one it is."""
    if span > TABLE:
        found = distinct(numbers)
        return found, np.searchsorted(found, numbers)
    occurs = np.zeros(span, bool)
    occurs[numbers] = True
    return np.flatnonzero(occurs), (np.cumsum(occurs) - 1)[numbers]


def joined(steps: Sequence[str]) -> str:
    """The steps of a path in one cell; a ">" that stands alone in a step's name gets a backslash before it."""
    return BETWEEN.join(map(_set_apart, steps))


@lru_cache(100_000)  # the same few names stand in every path
def _set_apart(step: str) -> str:
    return ALONE.sub(r"\\\1", step)
