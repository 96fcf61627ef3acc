"""Which passages are near in meaning, and which say the words: numbers of a run's passages, best first."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from sqlalchemy.orm import Session

from insight.access import Actor
from insight.painpoints import evidence, meant, wording
from insight.painpoints.cube import Scope
from insight.painpoints.reading import Reading
from insight.painpoints.vectors import Floats, Meanings
from insight.search import rules
from insight.text import quick

NEAREST = 200
LEAST = 0.25  # the cosine below which a passage is not listed
MOST_PASSAGES = 10_000  # that are opened to look for words
CHUNK = 5_000


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


def saying(opened: Session, actor: Actor, run_id: int, read: Reading, within: Scope, asked: rules.Asked) -> Looked:
    """The passages that say all the words, those first that are most about them.

    What was written lies locked, so signatures choose the passages that are opened; of a run from before there were
    signatures, the first so many are.
    """
    if not asked.anything():
        return Looked((), said=frozenset())
    held = meant.signatures(opened, run_id, read)
    likely = within.passages if held is None else within.passages & wording.holding(held, rules.stems_of(asked))
    numbers = np.flatnonzero(likely).tolist()
    often: dict[int, int] = {}
    lengths: dict[int, int] = {}
    for start in range(0, min(len(numbers), MOST_PASSAGES), CHUNK):
        for number, passage in evidence.passages_of(opened, actor, run_id, numbers[start : start + CHUNK]).items():
            if n := rules.times(asked, passage):
                often[number], lengths[number] = n, len(passage)
    about = dict(zip(often, rules.ranked_by_words(list(often.values()), list(lengths.values())), strict=True))
    order = sorted(about, key=lambda number: (-about[number], number))
    return Looked(order, said=frozenset(order), often=len(numbers) > MOST_PASSAGES)
