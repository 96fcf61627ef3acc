"""Sharpen themes: known pains claim what sounds like their examples, then every passage goes where it fits best.

Grouping by neighbours draws wide circles: in each there are passages that stand near nothing. Here each theme learns
its own vectors *and words* from its clearest passages (Rocchio 1971), and a passage that is not clearly like any theme
is left unplaced. Known pains (``known.py``) take part as themes that start from their examples.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from insight.painpoints.known import KnownPain
from insight.painpoints.model import UNPLACED
from insight.painpoints.rules import HELPS_ABOVE
from insight.text.tokens import stem, tokenize
from insight.themes import Findings

Labels = npt.NDArray[np.int32]
Reals = npt.NDArray[np.float64]
WORDS = 2.0  # weight of the words beside the vectors
CLAIM = 0.5  # a known pain takes a passage to start with from this likeness on
CLEAR = 0.4  # passages this near their theme's centre (cosine) teach it
PLACED = 0.6  # below this likeness a passage belongs to no theme
HEAD_START = 0.2  # of a known pain over a theme that is equally like a passage
ROUNDS = 3
FEW = 60  # different texts, below which there is nothing to learn words from
CHUNK = 20_000


@dataclass(frozen=True)
class Sharpened:
    """Theme of each passage (-1: none), its likeness 0 to 1, and which of the themes are known pains."""

    labels: Labels
    scores: npt.NDArray[np.float32]
    known: dict[int, KnownPain]


@dataclass(frozen=True)
class Space:
    """Different texts as vectors (n, d) and weighted words (n, w), both of length 1 a row."""

    vectors: Reals
    words: sp.csr_matrix

    def centres(self, labels: Labels, teach: npt.NDArray[np.bool_], count: int, seeds: "Space | None") -> "Space":
        """The middle of each theme's teaching texts; the first themes also hold their seeds."""
        rows = np.flatnonzero(teach & (labels >= 0))
        sums = sp.csr_matrix((np.ones(len(rows)), (labels[rows], rows)), shape=(count, len(labels)))
        vectors, words = np.asarray(sums @ self.vectors), sp.csr_matrix(sums @ self.words)
        if seeds is not None:
            more = count - len(seeds.vectors)
            vectors[: len(seeds.vectors)] += seeds.vectors
            words = words + sp.vstack([seeds.words, sp.csr_matrix((more, words.shape[1]))]).tocsr()
        return Space(_unit(vectors), _unit_rows(words))

    def likeness(self, centres: "Space", rows: slice) -> Reals:
        """How like each text is to each centre, (rows, centres), 0 to 1 + WORDS; rounded, so that machines agree."""
        near = self.vectors[rows] @ centres.vectors.T
        like: Reals = np.round(near + WORDS * (self.words[rows] @ centres.words.T).toarray(), 6)
        return like


def sharpen(texts: Sequence[str], findings: Findings, side: Reals, known: Sequence[KnownPain]) -> Sharpened:
    """Place every passage anew. Special groups of the findings (no answer) stay out of themes.

    ``side`` (n,) is -2 to 2: a glad passage is never put to a known pain.
    """
    first, copy_of = _different(texts)
    special = [theme.index for theme in findings.themes if theme.kind != "theme"]
    found = np.where(np.isin(findings.labels, special), UNPLACED, findings.labels).astype(np.int32)
    if len(first) < FEW:
        return Sharpened(found, findings.scores, {})
    space, seeds = _space([texts[row] for row in first], findings, first, known)
    labels, likeness = _place(space, seeds, found[first], side[first] > HELPS_ABOVE)
    labels[found[first] == UNPLACED] = UNPLACED
    scores = (likeness / (1 + WORDS)).astype(np.float32)
    return Sharpened(labels[copy_of], scores[copy_of], dict(enumerate(known)))


def _place(space: Space, seeds: Space, found: Labels, glad: npt.NDArray[np.bool_]) -> tuple[Labels, Reals]:
    """Claim, learn and place, a few rounds; known pains are themes 0 to k-1, found themes follow."""
    k = len(seeds.vectors)
    count = k + int(found.max(initial=UNPLACED)) + 1
    labels = np.where(found >= 0, found + k, UNPLACED).astype(np.int32)
    claimed, likeness = _best(space, seeds, glad, k, 0.0)
    own = space.centres(labels, np.ones(len(labels), bool), count, None)
    clear = np.einsum("ij,ij->i", space.vectors, own.vectors[np.maximum(labels, 0)]) >= CLEAR
    taken = (likeness >= CLAIM) & ~glad & (found >= 0)
    labels[taken] = claimed[taken]
    for _ in range(ROUNDS):
        centres = space.centres(labels, clear | (labels < k), count, seeds)
        labels, likeness = _best(space, centres, glad, k, HEAD_START)
        labels[likeness < PLACED] = UNPLACED
        near = np.einsum("ij,ij->i", space.vectors, centres.vectors[np.maximum(labels, 0)])
        clear = near >= CLEAR
    return labels, likeness


def _best(
    space: Space, centres: Space, glad: npt.NDArray[np.bool_], known: int, head_start: float
) -> tuple[Labels, Reals]:
    labels, best = np.empty(len(glad), np.int32), np.empty(len(glad))
    for start in range(0, len(glad), CHUNK):
        rows = slice(start, start + CHUNK)
        like = space.likeness(centres, rows)
        like[:, :known] += head_start
        like[:, :known][glad[rows]] = -1
        labels[rows] = like.argmax(axis=1)
        best[rows] = like.max(axis=1)
    return labels, best


def _different(texts: Sequence[str]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Rows of texts that differ in more than case and closing signs, and for each text which of these it copies."""
    numbers: dict[str, int] = {}
    copy_of = np.array([numbers.setdefault(text.lower().strip(" .!"), len(numbers)) for text in texts], np.int64)
    first = np.full(len(numbers), len(texts), np.int64)
    np.minimum.at(first, copy_of, np.arange(len(texts)))
    return first, copy_of


def _space(
    texts: Sequence[str], findings: Findings, first: npt.NDArray[np.int64], known: Sequence[KnownPain]
) -> tuple[Space, Space]:
    from sklearn.feature_extraction.text import TfidfVectorizer

    weigh = TfidfVectorizer(
        tokenizer=_stems, token_pattern=None, lowercase=False, ngram_range=(1, 2), min_df=3, sublinear_tf=True
    )
    words = weigh.fit_transform(texts)
    said = [sentence for pain in known for sentence in pain.say]
    pain_of = np.repeat(np.arange(len(known)), [len(pain.say) for pain in known])
    sums = sp.csr_matrix((np.ones(len(said)), (pain_of, np.arange(len(said)))), shape=(len(known), len(said)))
    vectors = _unit(findings.encoder.encode(said).astype(np.float64) - findings.centre)
    seeds = Space(_unit(np.asarray(sums @ vectors)), _unit_rows(sp.csr_matrix(sums @ weigh.transform(said))))
    return Space(findings.vectors[first].astype(np.float64), sp.csr_matrix(words)), seeds


def _stems(text: str) -> list[str]:
    return [stem(word) for word in tokenize(text)]


def _unit(rows: Reals) -> Reals:
    unit: Reals = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    return unit


def _unit_rows(rows: sp.csr_matrix) -> sp.csr_matrix:
    lengths = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
    return sp.csr_matrix(sp.diags_array(1 / np.maximum(lengths, 1e-9)) @ rows)
