"""Kinds of journey: alike in path, words and feeling together. Worker only (sklearn).

Formulas and sources: docs/methods.md, "Journeys".
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np

from insight.columns import NONE
from insight.errors import NotReady
from insight.journeys import clusters
from insight.journeys.clusters import Floats
from insight.journeys.mining.feelings import relative_position
from insight.journeys.mining.log import Ints, Longs
from insight.journeys.record import NOT_FELT, Record
from insight.text.vectors import StaticTable

PATH, WORDS, FEELING = "path", "words", "feeling"
STRETCHES = 3  # beginning, middle and end


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each view counts, 0 or more; by how they stand to each other.

    Feelings have few dimensions, and so pull hard: at the weight of words they alone part the glad from the sorry.
    """

    path: float = 1.0
    words: float = 0.5
    feeling: float = 0.1


@dataclass(frozen=True)
class KindsFound:
    """``kind`` (n,) is each journey's, from 0 and the biggest first, -1 for a journey without a step.

    ``medoid`` (kinds,) is the journey in the middle of each. Per view
    that was there, ``told_by`` is the share of its variance that lies between kinds, 0 to 1. ``firmness`` 0 to 1.
    """

    kind: Ints
    medoid: Longs
    told_by: dict[str, float]
    weights: Weights
    firmness: float


def find_kinds(
    record: Record, texts_by_journey: Sequence[str] | None = None, weights: Weights | None = None, seed: int = 0
) -> KindsFound:
    """Kinds of the journeys of a record; ``texts_by_journey`` (n,) are what each teller wrote, None for a case log.

    Views without anything to tell (no texts, no feelings, or a weight of 0) are left out.
    """
    weights = weights or Weights()
    log = record.log("service")
    rows = np.flatnonzero(record.present() & (log.lengths > 0))
    kind = np.full(record.journeys, NONE, np.int32)
    if not len(rows):
        return KindsFound(kind, np.zeros(0, np.int64), {}, weights, 0.0)
    views = {PATH: clusters.path_vectors(log, seed)[rows], FEELING: _felt(record)[rows]}
    if texts_by_journey is not None:
        views[WORDS] = _said([texts_by_journey[row] for row in rows.tolist()], seed)
    scaled = {name: even for name, view in views.items() if (even := _even(view)) is not None}
    told = {name: view * np.sqrt(asdict(weights)[name]) for name, view in scaled.items() if asdict(weights)[name] > 0}
    found = clusters.group(np.hstack(list(told.values())) if told else np.zeros((len(rows), 1)), seed)
    kind[rows] = found.group
    return KindsFound(
        kind=kind,
        medoid=clusters.medoids(log, kind),
        told_by={name: _between(view, found.group) for name, view in told.items()},
        weights=weights,
        firmness=found.firmness,
    )


def _even(view: Floats) -> Floats | None:
    """A view about its mean, scaled to a mean squared distance of 1 between two journeys; None if all are alike."""
    centred = view - view.mean(axis=0)
    spread = 2 * float((centred**2).sum()) / len(view)
    return centred / np.sqrt(spread) if spread > 1e-9 else None


def _between(view: Floats, group: Ints) -> float:
    """The share of a view's variance that lies between groups (correlation ratio, Fisher 1925)."""
    sizes = np.bincount(group)
    sums = np.stack([np.bincount(group, weights=column) for column in view.T], axis=1)
    return round(float((sums**2 / sizes[:, None]).sum() / (view**2).sum()), 4)


def _said(texts: Sequence[str], seed: int) -> Floats:
    """What was written as one vector per journey, in 24 dimensions; at the mean where nothing was, or no table is."""
    try:
        vectors = StaticTable.load().encode(texts).astype(np.float64)
    except NotReady:
        return np.zeros((len(texts), 1))
    wordless = ~np.any(vectors != 0, axis=1)
    if wordless.all():
        return np.zeros((len(texts), 1))
    vectors -= vectors[~wordless].mean(axis=0)
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    vectors[wordless] = 0
    return clusters.reduced(vectors, seed)


def _felt(record: Record) -> Floats:
    """Each journey's feeling at its beginning, middle and end, and at its lowest, (n, 4).

    A stretch without a feeling has the mean of the journey, and a journey without any the mean of all.
    """
    steps = np.flatnonzero(record.feeling != NOT_FELT)
    n, journey, feeling = record.journeys, record.journey[steps], record.feeling[steps].astype(np.float64)
    place = np.rint(relative_position(record.first)[steps] * (STRETCHES - 1)).astype(np.int64)
    counts = np.bincount(journey * STRETCHES + place, minlength=n * STRETCHES).reshape(n, STRETCHES)
    sums = np.bincount(journey * STRETCHES + place, feeling, n * STRETCHES).reshape(n, STRETCHES)
    felt = counts.sum(axis=1) > 0
    everyone = float(feeling.mean()) if len(feeling) else 0.0
    own = np.where(felt, sums.sum(axis=1) / np.maximum(counts.sum(axis=1), 1), everyone)
    lowest = np.where(felt, np.inf, everyone)
    np.minimum.at(lowest, journey, feeling)
    stretches = np.where(counts > 0, sums / np.maximum(counts, 1), own[:, None])
    return np.column_stack([stretches, lowest])
