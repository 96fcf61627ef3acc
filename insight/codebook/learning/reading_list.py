"""Which texts to code next: those that would teach the machine most (worker only)."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from insight.codebook.learning.model import Exact, Floats, Ints, Learned
from insight.text.passages import is_non_answer
from insight.themes.sorting import same_for_all

# For each place on the list so many of the most telling texts are looked at, so that those taken differ.
WIDE = 10
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

    Each is the text with the highest ``learned.doubt`` times its distance from those already on the list (as in
    maximal marginal relevance: Carbonell and Goldstein 1998). Where nothing was learned yet, ``seed`` draws the order.
    """
    rows = _different(texts, coded)
    if not len(rows) or size < 1:
        return []
    rows = np.random.default_rng(seed).permutation(rows)
    doubt = learned.doubt[rows] if np.any(learned.doubt[rows] > 0) else np.ones(len(rows), np.float32)
    likely = rows[np.argsort(-doubt, kind="stable")[: size * WIDE]]
    telling = np.sort(-doubt, kind="stable")[: size * WIDE] * -1.0
    return _apart(likely, telling, _directions(vectors, likely), size)


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


def _directions(vectors: Floats, rows: Ints) -> Exact:
    centred = vectors[rows].astype(np.float64) - vectors.mean(axis=0, dtype=np.float64)
    return np.asarray(centred / np.maximum(np.sqrt((centred**2).sum(axis=1, keepdims=True)), 1e-9))


def _apart(rows: Ints, telling: npt.NDArray[np.floating], directions: Exact, size: int) -> list[int]:
    nearest = np.zeros(len(rows))
    left = np.ones(len(rows), bool)
    taken: list[int] = []
    while len(taken) < min(size, len(rows)):
        worth = np.where(left, np.round(telling * (1 - nearest), DECIMALS), -1)
        best = int(np.argmax(worth))
        left[best] = False
        taken.append(int(rows[best]))
        nearest = np.maximum(nearest, (directions * directions[best]).sum(axis=1))
    return taken
