"""Settle texts between themes after the graph was cut: their words, their nearness and their neighbours have a say."""

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from insight.themes.graph import LENGTH
from insight.themes.lists import centroids
from insight.themes.model import Floats, Labels

Exact = npt.NDArray[np.float64]

ROUNDS = 3
# What each witness weighs: a unit of log-likelihood ratio, of cosine, of the share of neighbours.
WORDS, NEAR, VOTE = 0.5, 10.0, 5.0
# A word no text of a theme has said is taken to be this share of the vocabulary times its overall frequency.
SMOOTHING = 0.05
# Scores are whole numbers of this size: sums of whole numbers are the same in any order, on any machine.
UNIT = 1000.0


def settle(
    grid: Floats, near: sp.csr_matrix, labels: Labels, words: sp.csr_matrix | None = None, rounds: int = ROUNDS
) -> Labels:
    """Themes after each text moved, ``rounds`` times, to the one that most of what is known of it speaks for, (n,).

    ``words`` (n, v): how often each text says each word; None leaves them unheard. A text is judged by what the
    *others* of a theme say: naive Bayes with own words left out, as in short-text clustering by classification
    (Rakib et al. 2020) and by Dirichlet mixtures (Yin and Wang 2014). Themes keep their numbers; one may empty.
    """
    count = int(labels.max()) + 1
    if count == 1:
        return labels
    said = None if words is None else shared_words(words)
    degree = np.maximum(np.asarray(near.sum(axis=1)).ravel(), 1e-9)
    for _ in range(rounds):
        score = NEAR * _nearness(grid, labels, count)
        score += VOTE * _votes(near, degree, labels, count)
        if said is not None:
            score += WORDS * _likelihood(said, labels, count)
        score[:, np.bincount(labels, minlength=count) == 0] = -np.inf
        moved = np.argmax(score, axis=1).astype(np.int32)
        if np.array_equal(moved, labels):
            break
        labels = moved
    return labels


def shared_words(words: sp.csr_matrix) -> sp.csr_matrix:
    """Only the words that two texts or more say: the others join nothing."""
    texts = np.bincount(words.indices, minlength=words.shape[1])
    return words[:, np.flatnonzero(texts > 1)].tocsr()


def member(labels: Labels, count: int) -> sp.csr_matrix:
    """Theme by text: 1 where the text is in the theme, (count, n)."""
    n = len(labels)
    return sp.csr_matrix((np.ones(n, np.float32), (labels, np.arange(n))), shape=(count, n))


def _nearness(grid: Floats, labels: Labels, count: int) -> Exact:
    """Cosine to each theme's centre, the text itself left out of its own, (n, count)."""
    texts = np.arange(len(grid))
    cosine = (grid @ centroids(grid, labels, count).T).astype(np.float64) / LENGTH**2
    own = cosine[texts, labels]
    # The rows of a theme add up to a vector as long as the sum of their cosines to its centre.
    length = np.bincount(labels, weights=own, minlength=count)[labels]
    rest = np.sqrt(np.maximum(length**2 - 2 * length * own + 1, 1e-9))
    cosine[texts, labels] = np.where(length > 1.001, (length * own - 1) / rest, 0)
    return cosine


def _votes(near: sp.csr_matrix, degree: Exact, labels: Labels, count: int) -> Exact:
    """Share of each text's neighbours, by weight, in each theme, (n, count)."""
    return np.asarray((near @ member(labels, count).T.tocsr()).toarray() / degree[:, None], np.float64)


def _likelihood(said: sp.csr_matrix, labels: Labels, count: int) -> Exact:
    """Log-likelihood ratio of each text's words in each theme to all texts, own words left out, (n, count)."""
    spoken = np.asarray((member(labels, count) @ said).toarray(), np.float64)
    overall = spoken.sum(axis=0)
    mass = SMOOTHING * len(overall)
    prior = overall / max(overall.sum(), 1.0)
    total = spoken.sum(axis=1)
    ratio = np.log((spoken + mass * prior) / (total[:, None] + mass)) - np.log(prior)
    score = np.asarray(said @ np.rint(UNIT * ratio).T, np.float64)
    cells = said.tocoo()
    theme, length = labels[cells.row], np.asarray(said.sum(axis=1)).ravel()
    others = spoken[theme, cells.col] - cells.data + mass * prior[cells.col]
    left = np.log(others / (total[theme] - length[cells.row] + mass)) - np.log(prior[cells.col])
    score[np.arange(len(labels)), labels] = np.bincount(
        cells.row, weights=cells.data * np.rint(UNIT * left), minlength=len(labels)
    )
    return score / UNIT
