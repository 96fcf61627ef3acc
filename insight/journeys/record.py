"""The steps of journeys as columns of codes: a run's told journeys, or a case log, in one form that every view counts.

The columns hold codes only, never words of a story. Told journeys stand in the order of their stories.
"""

from collections.abc import Collection
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from insight import columns
from insight.columns import NONE
from insight.journeys.mining.handoffs import moved
from insight.journeys.mining.log import DAY, NO_TIME, Bools, Ints, Log, Longs

NOT_FELT = -128
GONE = -1  # in place of the id of a story that has left the run
JOURNEY_WORDS = ("need", "source", "teller", "month", "need_met")
STEP_WORDS = ("service", "organisation", "channel", "sorted_out")
BLANK = {"feeling": NOT_FELT, "time": NO_TIME}

Bytes = npt.NDArray[np.int8]


@dataclass(frozen=True)
class Record:
    """n journeys of e steps. Journey columns are (n,), step columns (e,), ``first`` (n + 1,) as in a ``Log``.

    ``key`` is the story's id, or a pseudonym for a case log's journey. ``need`` ... ``need_met``, ``service``,
    ``organisation``, ``channel`` and ``sorted_out`` are codes into ``words``, -1 where not told; ``kind`` is the number
    of the journey's kind or -1. ``position`` is the step's in its story; ``time`` nanoseconds since 1970, the smallest
    int64 where not dated; ``feeling`` -2 to 2, or -128; ``waited`` and ``promised`` days, or -1; ``told_again`` and
    ``sent_elsewhere`` 0 or 1, or -1. A story that has left keeps its rows, blanked, so that no number changes meaning.
    """

    key: Longs
    first: Longs
    need: Ints
    source: Ints
    teller: Ints
    month: Ints
    need_met: Ints
    kind: Ints
    position: Ints
    service: Ints
    organisation: Ints
    channel: Ints
    sorted_out: Ints
    time: Longs
    feeling: Bytes
    waited: Ints
    promised: Ints
    told_again: Bytes
    sent_elsewhere: Bytes
    words: dict[str, tuple[str, ...]]

    @property
    def journeys(self) -> int:
        """How many journeys there are, those that left among them."""
        return len(self.key)

    @cached_property
    def journey(self) -> Longs:
        """The number of each step's journey, (e,)."""
        return np.repeat(np.arange(self.journeys), np.diff(self.first))

    @cached_property
    def whole(self) -> Log:
        """Every step as an event log by organisation, -1 where none was told: for handoffs, where order is all."""
        return Log(self.organisation, self.first, self.words["organisation"], self.time, None)

    @cached_property
    def passed_on(self) -> Bools:
        """Whether the step after, in the same journey, was at another organisation: a handoff follows, (e,)."""
        passed = np.zeros(len(self.position), bool)
        passed[moved(self.whole, self.organisation)] = True
        return passed

    @cached_property
    def days_before(self) -> tuple[npt.NDArray[np.float64], Bools]:
        """Days waited before each step, and where they are known, (e,): as told; by date where nobody tells waits."""
        told = self.waited != NONE
        if told.any():
            return self.waited.astype(float), told
        dated = np.zeros(len(self.time), bool)
        dated[1:] = self.whole.followed[:-1] & (self.time[1:] != NO_TIME) & (self.time[:-1] != NO_TIME)
        days = np.zeros(len(self.time))
        days[dated] = np.maximum(np.diff(np.where(self.time == NO_TIME, 0, self.time))[dated[1:]] / DAY, 0)
        return days, dated

    @cached_property
    def lasted(self) -> npt.NDArray[np.float64]:
        """Days from a journey's first dated step to its last, (n,); NaN unless two, or its only one, are dated."""
        dated = self.time != NO_TIME
        journey, times = self.journey[dated], self.time[dated]
        low, high = np.full(self.journeys, np.iinfo(np.int64).max), np.full(self.journeys, NO_TIME)
        np.minimum.at(low, journey, times)
        np.maximum.at(high, journey, times)
        known = np.bincount(journey, minlength=self.journeys)
        enough = (known > 1) | ((known == 1) & (np.diff(self.first) == 1))
        return np.where(enough, (np.where(enough, high, 0) - np.where(enough, low, 0)) / DAY, np.nan)

    def log(self, grain: str) -> Log:
        """The event log in which a step is called by its service, organisation or channel.

        A step whose name is not told is left out of the paths; ``row`` of the log says which step each one was.
        """
        codes: Ints = getattr(self, grain)
        told = np.flatnonzero(codes >= 0)
        lengths = np.bincount(self.journey[told], minlength=self.journeys)
        first = np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths, dtype=np.int64)])
        return Log(codes[told], first, self.words[grain], self.time[told], told)

    def to_bytes(self) -> bytes:
        """The record as a compressed file of arrays (no pickle)."""
        return columns.packed({f.name: getattr(self, f.name) for f in fields(self) if f.name != "words"}, self.words)

    @classmethod
    def from_bytes(cls, body: bytes) -> "Record":
        """Read what :meth:`to_bytes` wrote."""
        held, words = columns.unpacked(body)
        return cls(words=words, **held)

    def without(self, stories: Collection[int]) -> "Record":
        """This record as if these stories, by id, had told nothing; names that nobody else gave are blanked too."""
        gone = np.isin(self.key, np.fromiter(stories, np.int64))
        of_step = gone[self.journey]
        kept: dict[str, Any] = {"key": np.where(gone, GONE, self.key)}
        for name in (*JOURNEY_WORDS, "kind"):
            kept[name] = _blanked(getattr(self, name), gone, NONE)
        for name in (*STEP_WORDS, "waited", "promised", "told_again", "sent_elsewhere", "time", "feeling"):
            kept[name] = _blanked(getattr(self, name), of_step, BLANK.get(name, NONE))
        words = dict(self.words)
        for name in ("service", "organisation"):  # the other words are codes that the product gives itself
            used = set(np.unique(kept[name]).tolist())
            words[name] = tuple(word if code in used else "" for code, word in enumerate(words[name]))
        return replace(self, words=words, **kept)

    def present(self) -> Bools:
        """The journeys that have not left, (n,)."""
        return np.not_equal(self.key, GONE)


def _blanked(column: npt.NDArray[Any], where: Bools, value: int) -> npt.NDArray[Any]:
    return np.where(where, np.asarray(value, column.dtype), column)
