"""Groups within a theme: passages that mean alike, and the words that tell a group from the others. Numpy only. Pure.

Spherical k-means (Dhillon and Modha 2001) seeded like k-means++ (Arthur and Vassilvitskii 2007); words by log-odds with
an informative Dirichlet prior (Monroe, Colaresi and Quinn 2008).
"""

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Groups = npt.NDArray[np.int64]

STARTS, STEPS = 2, 15
SAMPLE = 1_500  # rows on which centres are learned: more change them little
TELLING = 1.0  # standard deviations of log-odds, from which a word tells a group from the others
MOST_PRIOR = 100  # words
WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_STOPWORDS = (
    "a about after again all also am an and any are as at be because been before being but by came can come could did "
    "do does doing don't done down even every for from get getting go going got had has have having he her here him "
    "his how i i'd i'm i've if in into is it it's its just like made make me more most much my no not now of off on "
    "one only or other our out over own really said same say she should so some still such than that that's the their "
    "them then there these they thing things think this those through to too told up us very was wasn't we well went "
    "were what when where which while who why will with would you your"
)
STOPWORDS = frozenset(_STOPWORDS.split())


def clumps(vectors: Floats, number: int, seed: int = 0) -> tuple[Groups, Floats]:
    """The group of each row (n,), the biggest group 0, and the groups' centres (k, d); k may be below ``number``.

    Rows of ``vectors`` (n, d) have length 1. The same rows give the same groups.
    """
    drawn = np.random.default_rng(seed)
    sample = vectors
    if len(vectors) > SAMPLE:
        sample = vectors[np.sort(drawn.choice(len(vectors), SAMPLE, replace=False))]
    tries = [_settled(sample, _seeds(sample, number, drawn)) for _start in range(STARTS)]
    _fit, centres = max(tries, key=lambda one: one[0])
    nearest = np.argmax(vectors @ centres.T, axis=1)
    order = np.argsort(-np.bincount(nearest, minlength=len(centres)), kind="stable")
    filled = order[np.bincount(nearest, minlength=len(centres))[order] > 0]
    place = np.empty(len(centres), np.int64)
    place[order] = np.arange(len(order))
    return place[nearest], centres[filled]


def _seeds(sample: Floats, number: int, drawn: np.random.Generator) -> Floats:
    """Rows far from one another, drawn by their distance from those drawn already."""
    chosen = [int(drawn.integers(len(sample)))]
    apart = 1 - sample @ sample[chosen[0]]
    while len(chosen) < min(number, len(sample)):
        weight = np.cumsum(np.maximum(apart, 0).astype(np.float64))
        if weight[-1] <= 1e-6:  # nothing left that is not said already
            break
        chosen.append(int(np.searchsorted(weight, drawn.random() * weight[-1], side="right")))
        apart = np.minimum(apart, 1 - sample @ sample[chosen[-1]])
    return sample[chosen]


def _settled(sample: Floats, centres: Floats) -> tuple[float, Floats]:
    """Centres after the steps of k-means, and how near the rows are to them in all."""
    nearest = np.full(len(sample), -1)
    for _step in range(STEPS):
        likeness = sample @ centres.T
        now = np.argmax(likeness, axis=1)
        if (now == nearest).all():
            break
        nearest = now
        member = (nearest[None, :] == np.arange(len(centres))[:, None]).astype(np.float32)
        sums = member @ sample
        long = np.linalg.norm(sums, axis=1, keepdims=True)
        centres = np.where(long > 1e-6, sums / np.maximum(long, 1e-6), centres)
    return float((sample @ centres.T).max(axis=1).sum()), centres


def apartness(vectors: Floats, centres: Floats) -> float:
    """How well groups stand apart, -1 to 1: the simplified silhouette (Hruschka and others 2006), on a sample."""
    if len(centres) < 2:
        return -1.0
    step = max(len(vectors) // SAMPLE, 1)
    away = 1 - np.sort(vectors[::step] @ centres.T, axis=1)[:, ::-1][:, :2]
    return float(((away[:, 1] - away[:, 0]) / np.maximum(away[:, 1], 1e-6)).mean())


def telling_words(groups: Sequence[Sequence[str]], most: int = 6) -> list[tuple[str, ...]]:
    """For each group of texts, the words that it says more than the other groups do, the most telling first."""
    counted = [_texts_with(texts) for texts in groups]
    total: Counter[str] = Counter()
    for one in counted:
        total.update(one)
    everything = sum(total.values())
    return [_telling(one, total, everything)[:most] for one in counted]


def _texts_with(texts: Sequence[str]) -> Counter[str]:
    found: Counter[str] = Counter()
    for text in texts:
        words = WORD.findall(text.lower().replace("’", "'"))
        found.update({word for word in words if len(word) > 2 and word not in STOPWORDS})
    return found


def _telling(one: Counter[str], total: Counter[str], everything: int) -> tuple[str, ...]:
    inside, outside = sum(one.values()), everything - sum(one.values())
    weight = min(MOST_PRIOR, everything / 10)
    scores = {}
    for word, n in one.items():
        if n < 2:
            continue
        prior = total[word] / everything * weight  # as if so many words of the whole had been said on both sides
        other = total[word] - n
        here = np.log((n + prior) / max(inside + weight - n - prior, 1))
        there = np.log((other + prior) / max(outside + weight - other - prior, 1))
        scores[word] = (here - there) / np.sqrt(1 / (n + prior) + 1 / (other + prior))
    return tuple(word for word in sorted(scores, key=lambda w: (-scores[w], w)) if scores[word] >= TELLING)
