"""Which passages are near in meaning, and which say the words: numbers of a run's passages, best first."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from sqlalchemy.orm import Session

from insight.intake import Place
from insight.painpoints import store as painpoints_store
from insight.painpoints.cube import Scope
from insight.painpoints.reading import Reading
from insight.painpoints.vectors import Floats, Meanings
from insight.search import rules, store
from insight.text import quick

NEAREST = 200
LEAST = 0.25  # the cosine below which a passage is not listed
MOST_TEXTS = 10_000  # stories, and notes on steps, that are looked through for words
CHUNK = 5_000
STEPS = 1 << 20  # more than a story can have


@dataclass(frozen=True)
class Looked:
    """Passage numbers, best first; how near in meaning those are that were looked for so; which say the words.

    ``often``: the words are said so often that not everything was looked at.
    """

    order: Sequence[int]
    near: dict[int, float] = field(default_factory=dict)
    said: frozenset[int] | None = None
    often: bool = False


def meaning_of(known: Meanings, typed: str) -> Floats:
    """What was typed as the run's passages are kept, (d,): of length 1, or zeros."""
    return np.asarray(known.apart(quick.table().encode([typed]))[0])


def nearest(known: Meanings, vector: Floats, within: Scope, but: int | None = None) -> Looked:
    """The nearest passages within a scope, as many as ``NEAREST``; none for a vector of zeros."""
    near = np.where(within.passages, known.likeness(vector), 0)
    if but is not None:
        near[but] = 0
    top = np.argpartition(-near, min(NEAREST, len(near)) - 1)[:NEAREST] if len(near) else np.zeros(0, np.int64)
    top = top[near[top] >= LEAST]
    order = top[np.lexsort((top, -near[top]))].tolist()
    return Looked(order, dict(zip(order, near[order].tolist(), strict=True)))


def saying(opened: Session, run_id: int, place: Place, read: Reading, within: Scope, asked: rules.Asked) -> Looked:
    """The passages that say all the words, those first that are most about them."""
    if not asked.anything():
        return Looked((), said=frozenset())
    rows_within = np.flatnonzero(within.stories)
    stories = dict(zip(read.cube.story_id[rows_within].tolist(), rows_within.tolist(), strict=True))
    likely = list(store.texts_like(opened, place.id, rules.likely(asked), MOST_TEXTS))
    texts = {at: (version, text) for at, version, text in likely if at[0] in stories and rules.times(asked, text)}
    often: dict[int, int] = {}
    lengths: dict[int, int] = {}
    numbers = _numbers_at(read, within, [(stories[story], step) for story, _field, step in texts])
    for start in range(0, len(numbers), CHUNK):
        rows = painpoints_store.passages_by_number(opened, run_id, numbers[start : start + CHUNK])
        for number, row in rows.items():
            version, text = texts.get((row.story_id, row.field, row.step), (0, ""))
            passage = text[row.start : row.end]
            if version == row.story_version and (n := rules.times(asked, passage)):
                often[number], lengths[number] = n, len(passage)
    about = dict(zip(often, rules.ranked_by_words(list(often.values()), list(lengths.values())), strict=True))
    order = sorted(about, key=lambda number: (-about[number], number))
    return Looked(order, said=frozenset(order), often=_was_cut([at for at, _version, _text in likely]))


def _was_cut(places: Sequence[store.Where]) -> bool:
    """Whether the database had more to give."""
    notes = sum(1 for _story, answer, _step in places if answer == "note")
    return max(notes, len({story for story, answer, _step in places if answer != "note"})) >= MOST_TEXTS


def _numbers_at(read: Reading, within: Scope, places: Sequence[tuple[int, int | None]]) -> list[int]:
    """The passages that stand in stories (rows of the cube) at steps, or in their other answers (None)."""
    cube = read.cube
    steps_known = bool((cube.passage_step >= 0).any())  # not in runs from before journeys were read
    at = [story * STEPS + (step + 1 if steps_known and step is not None else 0) for story, step in places]
    there = cube.passage_story.astype(np.int64) * STEPS + cube.passage_step + 1
    return np.flatnonzero(within.passages & np.isin(there, np.array(at, np.int64))).tolist()
