"""Pairs of steps and whole paths, counted in a form in which the counts of two groups of journeys add up."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from insight.journeys.mining.histogram import Histogram
from insight.journeys.mining.log import Bools, Ints, Log, Longs, offsets
from insight.journeys.mining.paths import numbered, variants


@dataclass(frozen=True)
class Pairs:
    """m ordered pairs that came straight after one another, in the order of their codes.

    ``start`` and ``end`` (m,) are codes. ``counts`` (m, c) says how often each came, then what else was counted of it.
    ``gap`` has one group per pair: the nanoseconds between the two, where both times are known.
    """

    start: Longs
    end: Longs
    counts: Longs
    gap: Histogram

    @classmethod
    def of(cls, start: Ints, end: Ints, size: int, gap: Longs, timed: Bools, marks: Sequence[Bools] = ()) -> "Pairs":
        """Count n pairs of codes below ``size``. Arrays are (n,); each of ``marks`` is counted in its own column."""
        keys, which = numbered(start.astype(np.int64) * size + end, size * size)
        columns = [np.bincount(which, minlength=len(keys))]
        columns += [np.bincount(which[mark], minlength=len(keys)) for mark in marks]
        days = Histogram.of(which[timed], gap[timed], len(keys))
        return cls(keys // max(size, 1), keys % max(size, 1), np.column_stack(columns), days)

    def together(self, place: Longs, other: "Pairs", other_place: Longs, size: int) -> "Pairs":
        """Both as one: code i of this one becomes ``place[i]``, code i of the other ``other_place[i]``."""
        mine = place[self.start] * size + place[self.end]
        theirs = other_place[other.start] * size + other_place[other.end]
        keys = np.union1d(mine, theirs)
        at, at_theirs = np.searchsorted(keys, mine), np.searchsorted(keys, theirs)
        counts = added(len(keys), self.counts, at, other.counts, at_theirs)
        days = self.gap.together(at, other.gap, at_theirs, len(keys))
        return Pairs(keys // max(size, 1), keys % max(size, 1), counts, days)


@dataclass(frozen=True)
class Taken:
    """v different paths: path i has the steps ``code[first[i]:first[i + 1]]`` and was taken by ``count[i]`` journeys.

    They stand in the order of their codes, a path before those that go on from it.
    """

    code: Ints
    first: Longs
    count: Longs

    @classmethod
    def of(cls, log: Log, count: Longs | None = None) -> "Taken":
        """The different paths of a log's n journeys, each taken ``count`` (n,) times, or once if left out."""
        found = variants(log)
        joined = found.count
        if count is not None:
            joined = np.zeros(len(found.example), np.int64)
            np.add.at(joined, found.of_journey, count)
        code, first = _picked(log.code, log.first, found.example)
        order = variants(Log(code, first, log.names)).example  # each path is there once, so only the codes decide
        return cls(*_picked(code, first, order), joined[order])

    def together(self, place: Longs, other: "Taken", other_place: Longs, names: tuple[str, ...]) -> "Taken":
        """Both as one: code i of this one becomes ``place[i]`` of ``names``, code i of the other ``other_place[i]``."""
        code = np.concatenate([place[self.code], other_place[other.code]]).astype(np.int32)
        first = np.concatenate([self.first, other.first[1:] + self.first[-1]])
        return Taken.of(Log(code, first, names), np.concatenate([self.count, other.count]))

    def ranked(self) -> Longs:
        """The numbers of the paths, the commonest first; of two as common the one that stands first here."""
        return np.argsort(-self.count, kind="stable")


def added(size: int, mine: Longs, place: Longs, theirs: Longs, their_place: Longs) -> Longs:
    """Rows of counts added up: row i of ``mine`` at ``place[i]``, row i of ``theirs`` at ``their_place[i]``."""
    counts = np.zeros((size, mine.shape[1]), np.int64)
    counts[place] += mine
    counts[their_place] += theirs
    return counts


def _picked(code: Ints, first: Longs, paths: Longs) -> tuple[Ints, Longs]:
    """The steps of some of the paths one after the other, and where each begins."""
    lengths = np.diff(first)[paths]
    begins = offsets(lengths)
    steps = np.arange(begins[-1]) + np.repeat(first[paths] - begins[:-1], lengths)
    return code[steps], begins
