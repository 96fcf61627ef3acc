"""What speaks for each answer: a ridge classifier and nearness to examples, each text judged without itself."""

from dataclasses import dataclass

import numpy as np
from scipy.linalg import lapack

from insight.codebook.learning.features import Features
from insight.codebook.learning.model import Exact, Ints

RIDGE = 2.5


@dataclass(frozen=True)
class Scores:
    """Evidence of each answer for each text, (n, k): ``ridge``; ``near``, the cosine to the mean of its examples."""

    ridge: Exact
    near: Exact


class Examples:
    """Coded texts ``rows`` (m,) of ``features``, with their answers ``said`` (m, k) of 0 and 1.

    Kernel ridge regression on the answers (Rifkin, Yeo and Poggio 2003). Leaving one out is exact and needs no new fit:
    the residual of i is weights_i / G_ii with G the inverse of the ridged kernel (Allen 1974).
    """

    def __init__(self, features: Features, rows: Ints, said: Exact) -> None:
        like = features.like(rows)
        kernel = like + 1 + RIDGE * np.eye(len(rows))
        factor = lapack.dpotrf(kernel, lower=True, overwrite_a=True)[0]
        weights = lapack.dpotrs(factor, said, lower=True)[0]
        residual = weights / np.diagonal(lapack.dpotri(factor, lower=True, overwrite_c=True)[0])[:, None]
        sums = like @ said
        own = np.diagonal(like)[:, None]
        squares = np.einsum("ij,ij->j", said, sums)
        self.features = features
        self.rows = rows
        self.offset = weights.sum(axis=0)
        self.lengths = np.sqrt(np.maximum(squares, 1e-9))
        self.weights = np.hstack([weights, said])
        self.heads = features.heads(rows, self.weights)
        self.without = Scores(said - residual, _near_without(sums, own, squares, said))

    def score(self, rows: slice) -> Scores:
        """Evidence for other texts."""
        both = self.features.score(rows, self.rows, self.weights, self.heads)
        answers = len(self.offset)
        near = both[:, answers:] / self.lengths / self.features.lengths(rows)[:, None]
        return Scores(both[:, :answers] + self.offset, near)


def _near_without(sums: Exact, own: Exact, squares: Exact, said: Exact) -> Exact:
    """Cosine of each example to the mean of each answer's others."""
    others = sums - said * own
    length = np.sqrt(np.maximum(squares - said * (2 * sums - own), 1e-9)) * np.sqrt(np.maximum(own, 1e-9))
    return np.where(said.sum(axis=0) - said > 0, others / length, 0)
