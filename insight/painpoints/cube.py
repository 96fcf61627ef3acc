"""A run's facts as columns of numbers: any filter is answered by counting, in milliseconds, without SQL.

The columns hold codes only, never words of a story. A cube is written once by the analysis, and read once per process.
"""

import io
import json
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from insight.painpoints.model import Filters

Ints = npt.NDArray[np.int32]
Bools = npt.NDArray[np.bool_]
NONE = -1  # the code of "not told"

STEP_FILTERS = ("service", "organisation", "channel")
STORY_FILTERS = ("need", "source", "teller")


@dataclass(frozen=True)
class Cube:
    """Three tables as columns: p passages, s stories, t steps; and the words behind the codes.

    Passages stand in the order of their stories. ``passage_story`` and ``step_story`` index the story columns;
    ``passage_service``, ``_organisation``, ``_channel`` are those of the passage's step, or -1. ``feeling`` is -2 to 2,
    ``side`` the same scale (which side the words take), ``severity`` 0 to 10. ``map_*`` is a sample of
    passages with a place on the map.
    """

    theme: Ints
    passage_story: Ints
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
        columns = {f.name: getattr(self, f.name) for f in fields(self) if f.name != "words"}
        words = np.frombuffer(json.dumps(self.words).encode(), np.uint8)
        body = io.BytesIO()
        np.savez_compressed(body, words=words, **columns)
        return body.getvalue()

    @classmethod
    def from_bytes(cls, body: bytes) -> "Cube":
        """Read what :meth:`to_bytes` wrote."""
        with np.load(io.BytesIO(body), allow_pickle=False) as held:
            words = {name: tuple(codes) for name, codes in json.loads(held["words"].tobytes()).items()}
            columns: dict[str, Any] = {name: held[name] for name in held.files if name != "words"}
        return cls(words=words, **columns)

    @cached_property
    def by_theme(self) -> npt.NDArray[np.int64]:
        """Passages in the order of theme, then story: journeys of a theme are then runs of equal stories."""
        return np.lexsort((self.passage_story, self.theme))

    @property
    def themes(self) -> int:
        """How many themes the run has."""
        return int(self.theme.max(initial=NONE)) + 1

    def code(self, column: str, word: str) -> int:
        """The code of a word; -2, which nothing has, for a word the run does not know."""
        known = self.words[column]
        return known.index(word) if word in known else -2


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
    stories = np.ones(len(cube.story_id), bool)
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
        journeys_by(cube, kept, cube.theme, k),
        np.bincount(themes, weights=cube.feeling[kept], minlength=k) / some,
        np.bincount(themes, weights=cube.side[kept], minlength=k) / some,
        np.bincount(themes, weights=cube.severity[kept], minlength=k) / some,
    )


def journeys_by(cube: Cube, kept: Bools, codes: Ints, length: int) -> npt.NDArray[np.int64]:
    """Distinct journeys per code of passages, among the kept ones with a code."""
    if codes is cube.theme:
        order = cube.by_theme[kept[cube.by_theme]]
        pair_code, pair_story = codes[order], cube.passage_story[order]
        first = np.ones(len(order), bool)
        first[1:] = (pair_code[1:] != pair_code[:-1]) | (pair_story[1:] != pair_story[:-1])
        return np.bincount(pair_code[first], minlength=length)
    kept = kept & (codes >= 0)
    pairs = np.unique(codes[kept].astype(np.int64) * len(cube.story_id) + cube.passage_story[kept])
    return np.bincount(pairs // max(len(cube.story_id), 1), minlength=length)


def journeys_by_theme_and(cube: Cube, within: Scope, codes: Ints, length: int) -> npt.NDArray[np.int64]:
    """Distinct journeys per theme and code, (themes, length): the counts behind a heat map."""
    kept = within.passages & (cube.theme >= 0) & (codes >= 0)
    both = (cube.theme[kept].astype(np.int64) * max(length, 1) + codes[kept]).astype(np.int64)
    pairs = np.unique(both * len(cube.story_id) + cube.passage_story[kept])
    counts = np.bincount(pairs // max(len(cube.story_id), 1), minlength=cube.themes * length)
    return counts.reshape(cube.themes, length)
