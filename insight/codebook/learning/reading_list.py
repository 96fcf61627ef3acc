"""Which texts to code next: those that would teach the machine most (worker only)."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from threadpoolctl import threadpool_limits

from insight.codebook.learning.model import Exact, Floats, Ints, Learned
from insight.text.passages import is_non_answer
from insight.themes.sorting import same_for_all

# For each place on the list so many of the most telling texts are looked at, so that those taken differ.
WIDE = 10
# How usual a text is: its mean cosine to the nearest 10 of 2,000 uncoded texts.
DRAWN, NEAREST = 2_000, 10
LEAST_USUAL = 0.01
CHUNK = 10_000
DECIMALS = 6


def reading_list(
    texts: Sequence[str],
    vectors: Floats,
    learned: Learned,
    coded: npt.NDArray[np.int64],
    *,
    size: int = 20,
    seed: int = 0,
) -> list[int]:
    """Up to ``size`` rows of ``texts`` to code next, the most telling first; never one whose words were coded already.

    Each is the text with the highest ``learned.doubt``, times how usual it is (information density: Settles and Craven
    2008), times its distance from those already on the list (as in maximal marginal relevance: Carbonell and Goldstein
    1998). ``seed`` draws the texts that say what is usual; where nothing was learned yet that alone counts.
    """
    rows = _different(texts, coded)
    if not len(rows) or size < 1:
        return []
    rows = np.random.default_rng(seed).permutation(rows)
    with threadpool_limits(1):  # more threads would add up in another order, to other sums
        centre = vectors.mean(axis=0, dtype=np.float64)
        doubt = learned.doubt[rows] if np.any(learned.doubt[rows] > 0) else np.ones(len(rows))
        telling = doubt * _usual(vectors, centre, rows)
        likely = np.argsort(-telling, kind="stable")[: size * WIDE]
        chosen = _apart(telling[likely], _directions(vectors[rows[likely]], centre), size)
        return [int(row) for row in rows[likely[chosen]]]


def _usual(vectors: Floats, centre: Exact, rows: Ints) -> Exact:
    """Mean cosine of each of ``rows`` to the nearest of those drawn (the first), itself not counted; rounded."""
    drawn = _directions(vectors[rows[:DRAWN]], centre)
    nearest = min(NEAREST, len(drawn) - 1)
    if not nearest:
        return np.ones(1)
    usual = np.zeros(len(rows))
    for at in range(0, len(rows), CHUNK):
        cosines = _directions(vectors[rows[at : at + CHUNK]], centre) @ drawn.T
        own = np.arange(min(len(drawn) - at, len(cosines)))  # of chunks beyond those drawn: none
        cosines[own, own + at] = -1
        usual[at : at + CHUNK] = np.partition(cosines, -nearest, axis=1)[:, -nearest:].mean(axis=1)
    return np.asarray(np.round(np.maximum(usual, LEAST_USUAL), DECIMALS))


def _different(texts: Sequence[str], coded: npt.NDArray[np.int64]) -> Ints:
    """The first row of each wording that says something and that nobody coded."""
    seen = {same_for_all(texts[row]) for row in coded}
    found = []
    for row, text in enumerate(texts):
        key = same_for_all(text)
        if key and key not in seen and not is_non_answer(text):
            seen.add(key)
            found.append(row)
    return np.asarray(found, np.int64)


def _directions(vectors: Floats, centre: Exact) -> Exact:
    centred = vectors.astype(np.float64) - centre
    return np.asarray(centred / np.maximum(np.sqrt((centred**2).sum(axis=1, keepdims=True)), 1e-9))


def _apart(telling: Exact, directions: Exact, size: int) -> list[int]:
    """Places of the most telling texts that differ from each other."""
    nearest = np.zeros(len(telling))
    left = np.ones(len(telling), bool)
    taken: list[int] = []
    while len(taken) < min(size, len(telling)):
        worth = np.where(left, np.round(telling * (1 - nearest), DECIMALS), -1)
        best = int(np.argmax(worth))
        left[best] = False
        taken.append(best)
        nearest = np.maximum(nearest, (directions * directions[best]).sum(axis=1))
    return taken
