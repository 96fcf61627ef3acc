"""Texts as features: words and pairs, parts of words, meaning, and the machine's own themes (worker only: scipy)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from insight.codebook.learning.model import Exact, Floats, Ints
from insight.text import wordpiece

# Lengths of the four blocks of a text's row: what each has to say in the dot product of two texts.
WORDING, SPELLING, MEANING, GROUPING = 1.0, 1.0, 1.25, 0.3
# What the square of the cosine of meanings weighs beside them: texts that mean nearly the same count for more.
CLOSENESS = 1.0
SHORTEST_PART, LONGEST_PART = 3, 5


@dataclass(frozen=True)
class Features:
    """``wide`` (n, v) sparse: words, parts of words, machine's theme; ``dense`` (n, d): vectors, centred, length 1."""

    wide: sp.csr_matrix
    dense: Exact

    def like(self, rows: Ints) -> Exact:
        """How alike ``rows`` are, each with each: a kernel, (m, m)."""
        wide = self.wide[rows]
        return np.asarray((wide @ wide.T).toarray() + self._meaning(rows, rows), np.float64)

    def heads(self, rows: Ints, weights: Exact) -> Exact:
        """Sums of the sparse features of ``rows`` weighted by each column of ``weights`` (m, k), as columns."""
        return np.asarray(self.wide[rows].T @ weights)

    def score(self, rows: slice, examples: Ints, weights: Exact, heads: Exact) -> Exact:
        """How alike ``rows`` are to ``examples`` (m,), summed by ``weights`` (m, k) whose ``heads`` are known."""
        return np.asarray(self.wide[rows] @ heads + self._meaning(rows, examples) @ weights)

    def lengths(self, rows: slice) -> Exact:
        """Roots of how alike ``rows`` are to themselves."""
        wide = self.wide[rows]
        own = (self.dense[rows] ** 2).sum(axis=1)
        squares = np.asarray(wide.multiply(wide).sum(axis=1)).ravel() + _closeness(own)
        return np.asarray(np.sqrt(np.maximum(squares, 1e-9)))

    def _meaning(self, rows: Ints | slice, others: Ints) -> Exact:
        return _closeness(self.dense[rows] @ self.dense[others].T)


def _closeness(cosine: Exact) -> Exact:
    """A polynomial kernel of second degree without its constant."""
    return cosine * (MEANING**2 + CLOSENESS * cosine)


def features(texts: Sequence[str], vectors: Floats, start: npt.NDArray[np.integer] | None = None) -> Features:
    """Features of different texts. ``vectors`` (n, d) any length; ``start`` (n,) the machine's theme or -1.

    Weights are those of TF-IDF with sublinear frequency (Salton and Buckley 1988); parts of words within words only.
    """
    numbers, ends, found = wordpiece.number_words(texts)
    words = np.asarray(numbers, np.int64)
    starts = np.concatenate([[0], np.asarray(ends, np.int64)])
    single = _counts(words, starts, len(found))
    blocks = [WORDING * _weighted(sp.hstack([single, _pairs(words, starts, len(found))], "csr"), 2)]
    blocks.append(SPELLING * _weighted((single @ _parts(found)).tocsr(), 3))
    if start is not None:
        blocks.append(GROUPING * _grouping(start))
    centred = np.asarray(vectors, np.float64) - np.mean(vectors, axis=0, dtype=np.float64)
    length = np.sqrt((centred**2).sum(axis=1, keepdims=True))
    return Features(sp.hstack(blocks, "csr"), centred / np.maximum(length, 1e-9))


def _counts(numbers: Ints, starts: Ints, columns: int) -> sp.csr_matrix:
    """Counts of numbers per run: run i is ``numbers[starts[i]:starts[i + 1]]``."""
    bag = sp.csr_matrix((np.ones(len(numbers), np.float32), numbers, starts), shape=(len(starts) - 1, columns))
    bag.sum_duplicates()
    return bag


def _pairs(words: Ints, starts: Ints, known: int) -> sp.csr_matrix:
    """Counts of neighbouring words of a text."""
    within = np.ones(max(len(words) - 1, 0), bool)
    ends = starts[1:-1]
    within[ends[(ends > 0) & (ends < len(words))] - 1] = False
    pairs, numbers = np.unique((words[:-1] * known + words[1:])[within], return_inverse=True)
    before = np.concatenate([[0], np.cumsum(within)])
    return _counts(numbers.astype(np.int64), before[np.minimum(starts, len(within))], max(len(pairs), 1))


def _parts(found: Sequence[str]) -> sp.csr_matrix:
    """Which runs of 3 to 5 characters each word has, its ends marked with a blank, (words, parts)."""
    known: dict[str, int] = {}
    numbers: list[int] = []
    ends = [0]
    for word in found:
        marked = f" {word[: wordpiece.LONGEST_WORD]} "
        for size in range(SHORTEST_PART, LONGEST_PART + 1):
            numbers += [known.setdefault(marked[at : at + size], len(known)) for at in range(len(marked) - size + 1)]
        ends.append(len(numbers))
    return _counts(np.asarray(numbers, np.int64), np.asarray(ends, np.int64), max(len(known), 1))


def _weighted(counts: sp.csr_matrix, least: int) -> sp.csr_matrix:
    """TF-IDF rows of length 1 of the columns that ``least`` texts have or more."""
    texts = np.bincount(counts.indices, minlength=counts.shape[1])
    kept = counts[:, np.flatnonzero(texts >= min(least, counts.shape[0]))].tocsr().astype(np.float64)
    rare = np.log((1 + counts.shape[0]) / (1 + np.bincount(kept.indices, minlength=kept.shape[1]))) + 1
    kept.data = (1 + np.log(kept.data)) * rare[kept.indices]
    length = np.sqrt(np.asarray(kept.multiply(kept).sum(axis=1)).ravel())
    return sp.csr_matrix(sp.diags_array(1 / np.maximum(length, 1e-9)) @ kept)


def _grouping(start: npt.NDArray[np.integer]) -> sp.csr_matrix:
    """One column a theme of the machine's: those it put together are alike (Chapelle et al. 2003)."""
    rows = np.flatnonzero(start >= 0)
    groups, columns = np.unique(start[rows], return_inverse=True)
    return sp.csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(len(start), max(len(groups), 1)))
