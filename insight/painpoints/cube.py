"""A run's facts as columns of numbers: any filter is answered by counting, in milliseconds, without SQL.

The columns hold codes only, never words of a story. A cube is written once by the analysis, and read once per process.
"""

from collections.abc import Collection
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from insight import columns
from insight.columns import NONE, distinct
from insight.painpoints.model import Filters

Ints = npt.NDArray[np.int32]
Bools = npt.NDArray[np.bool_]
GONE = -1  # in place of the id of a story that has left the run

STEP_FILTERS = ("service", "organisation", "channel")
STORY_FILTERS = ("need", "source", "teller")


@dataclass(frozen=True)
class Cube:
    """Three tables as columns: p passages, s stories, t steps; and the words behind the codes.

    Passages stand in the order of their stories. ``passage_story`` and ``step_story`` index the story columns;
    ``passage_step`` is the position in the story of the step that a passage is about, ``passage_service``,
    ``_organisation``, ``_channel`` are that step's; or -1. ``feeling`` is -2 to 2,
    ``side`` the same scale (which side the words take), ``severity`` 0 to 10. ``key`` names what a passage says from
    run to run (``gathering.passage_key``); ``leaf``, ``cuts`` and ``joins`` are ``branching.Branches``.
    ``map_*`` is a sample of passages with a place on the map. A story that has left keeps its rows, blanked, so that no
    number changes meaning.
    """

    theme: Ints
    leaf: Ints
    cuts: Ints
    joins: Ints
    key: npt.NDArray[np.int64]
    passage_story: Ints
    passage_step: Ints
    passage_service: Ints
    passage_organisation: Ints
    passage_channel: Ints
    feeling: npt.NDArray[np.float32]
    side: npt.NDArray[np.float32]
    severity: npt.NDArray[np.float32]
    score: npt.NDArray[np.float32]
    story_id: npt.NDArray[np.int64]
    story_need: Ints
    story_source: Ints
    story_teller: Ints
    story_month: Ints
    step_story: Ints
    step_service: Ints
    step_organisation: Ints
    step_channel: Ints
    map_passage: Ints
    map_xy: npt.NDArray[np.float32]
    words: dict[str, tuple[str, ...]]

    def to_bytes(self) -> bytes:
        """The cube as a compressed file of arrays (no pickle)."""
        return columns.packed({f.name: getattr(self, f.name) for f in fields(self) if f.name != "words"}, self.words)

    @classmethod
    def from_bytes(cls, body: bytes) -> "Cube":
        """Read what :meth:`to_bytes` wrote."""
        held, words = columns.unpacked(body)
        held.setdefault("passage_step", np.full(len(held["theme"]), NONE, np.int32))  # runs before journeys were read
        held.setdefault("key", np.zeros(len(held["theme"]), np.int64))  # runs before there was a codebook
        held.setdefault("leaf", held["theme"])
        held.setdefault("cuts", np.zeros((0, 3), np.int32))
        held.setdefault("joins", np.zeros((0, 3), np.int32))
        return cls(words=words, **held)

    def without(self, stories: Collection[int]) -> "Cube":
        """This cube as if these stories, by id, had told nothing; names that nobody else gave are blanked too."""
        gone = np.isin(self.story_id, np.fromiter(stories, np.int64))
        of_passage, of_step = gone[self.passage_story], gone[self.step_story]
        kept: dict[str, Any] = {"story_id": np.where(gone, GONE, self.story_id)}
        for name in ("story_need", "story_source", "story_teller", "story_month"):
            kept[name] = _blanked(getattr(self, name), gone, NONE)
        for name in ("theme", "leaf", "passage_step", "passage_service", "passage_organisation", "passage_channel"):
            kept[name] = _blanked(getattr(self, name), of_passage, NONE)
        for name in ("key", "feeling", "side", "severity", "score"):
            kept[name] = _blanked(getattr(self, name), of_passage, 0)
        for name in STEP_FILTERS:
            kept[f"step_{name}"] = _blanked(getattr(self, f"step_{name}"), of_step, NONE)
        on_map = ~of_passage[self.map_passage]
        kept["map_passage"], kept["map_xy"] = self.map_passage[on_map], self.map_xy[on_map]
        words = dict(self.words)
        for name in ("service", "organisation"):  # the other words are codes that the product gives itself
            used = set(np.unique(kept[f"step_{name}"]).tolist())
            words[name] = tuple(word if code in used else "" for code, word in enumerate(words[name]))
        return replace(self, words=words, **kept)

    @cached_property
    def crossings(self) -> dict[str, "Crossing"]:
        """Passages in the order of theme, a second code, and story: made once, so that a filter counts without sorting.

        "" crosses the theme with nothing else.
        """
        nothing = np.zeros(len(self.theme), np.int32)
        return {
            "": Crossing.of(self, nothing, 1),
            "service": Crossing.of(self, self.passage_service, len(self.words["service"])),
            "organisation": Crossing.of(self, self.passage_organisation, len(self.words["organisation"])),
            "month": Crossing.of(self, self.story_month[self.passage_story], len(self.words["month"])),
        }

    @property
    def themes(self) -> int:
        """How many themes the run has."""
        return int(self.theme.max(initial=NONE)) + 1

    def code(self, column: str, word: str) -> int:
        """The code of a word; -2, which nothing has, for a word the run does not know."""
        known = self.words[column]
        return known.index(word) if word in known else -2


def _blanked(column: npt.NDArray[Any], where: Bools, value: int) -> npt.NDArray[Any]:
    return np.where(where, np.asarray(value, column.dtype), column)


def stories_in(body: bytes) -> npt.NDArray[np.int64]:
    """The ids of the stories of a stored cube, read without the rest of it."""
    return columns.one_column(body, "story_id")


@dataclass(frozen=True)
class Crossing:
    """Rows of passages that have a theme and a second code, sorted by (theme, code, story), with that as one number."""

    rows: npt.NDArray[np.int64]
    keys: npt.NDArray[np.int64]
    width: int

    @classmethod
    def of(cls, cube: Cube, codes: Ints, width: int) -> "Crossing":
        """Sort once."""
        rows = np.flatnonzero((cube.theme >= 0) & (codes >= 0))
        cells = cube.theme[rows].astype(np.int64) * max(width, 1) + codes[rows]
        keys = cells * max(len(cube.story_id), 1) + cube.passage_story[rows]
        order = np.argsort(keys, kind="stable")
        return cls(rows[order], keys[order], width)

    def once(self, passages: Bools) -> npt.NDArray[np.int64]:
        """The keys of some passages, each once: (theme x width + code) x stories + story, ascending."""
        keys = self.keys[passages[self.rows]]
        first = np.ones(len(keys), bool)
        first[1:] = keys[1:] != keys[:-1]
        return keys[first]


@dataclass(frozen=True)
class Scope:
    """What a filter lets through, as masks over the stories, steps and passages of a cube."""

    stories: Bools
    steps: Bools
    passages: Bools

    @property
    def journeys(self) -> int:
        """How many journeys count."""
        return int(self.stories.sum())


def scope(cube: Cube, filters: Filters) -> Scope:
    """Apply filters: those of the story to the whole journey, those of a step to its steps and their passages.

    A journey counts if it fits the story's filters and, where a step is filtered, has such a step.
    """
    stories = cube.story_id != GONE
    for name in STORY_FILTERS:
        wanted = getattr(filters, name)
        if wanted:
            stories &= getattr(cube, f"story_{name}") == cube.code(name, wanted)
    stories &= _in_period(cube, filters)
    steps = stories[cube.step_story]
    passages = stories[cube.passage_story]
    if any(getattr(filters, name) for name in STEP_FILTERS):
        for name in STEP_FILTERS:
            wanted = getattr(filters, name)
            if wanted:
                code = cube.code(name, wanted)
                steps &= getattr(cube, f"step_{name}") == code
                passages &= getattr(cube, f"passage_{name}") == code
        stories = np.zeros_like(stories)
        stories[cube.step_story[steps]] = True
    return Scope(stories, steps, passages)


def _in_period(cube: Cube, filters: Filters) -> Bools:
    months = cube.words["month"]
    inside = [
        (not filters.first_month or month >= filters.first_month)
        and (not filters.last_month or month <= filters.last_month)
        for month in months
    ]
    if all(inside) and not (filters.first_month or filters.last_month):
        return np.ones(len(cube.story_id), bool)
    return np.append(np.array(inside, bool), False)[cube.story_month]  # code -1 reads the appended False


@dataclass(frozen=True)
class Tally:
    """Per theme of a cube under a scope: passages, journeys, and means over its passages; arrays of length k."""

    passages: npt.NDArray[np.int64]
    journeys: npt.NDArray[np.int64]
    feeling: npt.NDArray[np.float64]
    side: npt.NDArray[np.float64]
    severity: npt.NDArray[np.float64]


def tally(cube: Cube, within: Scope) -> Tally:
    """Count every theme at once."""
    kept = within.passages & (cube.theme >= 0)
    k, themes = cube.themes, cube.theme[kept]
    passages = np.bincount(themes, minlength=k)
    some = np.maximum(passages, 1)
    return Tally(
        passages,
        journeys_by_theme_and(cube, within, "")[:, 0],
        np.bincount(themes, weights=cube.feeling[kept], minlength=k) / some,
        np.bincount(themes, weights=cube.side[kept], minlength=k) / some,
        np.bincount(themes, weights=cube.severity[kept], minlength=k) / some,
    )


def journeys_by_theme_and(cube: Cube, within: Scope, name: str) -> npt.NDArray[np.int64]:
    """Distinct journeys per theme and code of a crossing, (themes, codes): the counts behind a heat map."""
    crossing = cube.crossings[name]
    cells = crossing.once(within.passages) // max(len(cube.story_id), 1)
    return np.bincount(cells, minlength=cube.themes * crossing.width).reshape(cube.themes, crossing.width)


def journeys_by(cube: Cube, kept: Bools, codes: Ints, length: int) -> npt.NDArray[np.int64]:
    """Distinct journeys per code of passages, among the kept ones with a code."""
    return _journeys_per_code(cube, cube.passage_story, kept, codes, length)


def journeys_through(cube: Cube, kept: Bools, name: str) -> npt.NDArray[np.int64]:
    """Distinct journeys per code of a step column, among the kept steps with a code."""
    codes = getattr(cube, f"step_{name}")
    return _journeys_per_code(cube, cube.step_story, kept, codes, len(cube.words[name]))


def _journeys_per_code(cube: Cube, story: Ints, kept: Bools, codes: Ints, length: int) -> npt.NDArray[np.int64]:
    rows = np.flatnonzero(kept & (codes >= 0))
    pairs = distinct(codes[rows].astype(np.int64) * len(cube.story_id) + story[rows])
    return np.bincount(pairs // max(len(cube.story_id), 1), minlength=length)


def journeys_with(cube: Cube, name: str) -> npt.NDArray[np.int64]:
    """How many journeys of a whole run have each code of a step or story column."""
    if name in STORY_FILTERS:
        codes = getattr(cube, f"story_{name}")
        return np.bincount(codes[codes >= 0], minlength=len(cube.words[name]))
    return journeys_through(cube, np.ones(len(cube.step_story), bool), name)
