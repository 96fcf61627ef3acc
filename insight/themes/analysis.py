"""Cluster sentence vectors into themes: a scikit-learn clusterer over the neighbour graph."""

from collections.abc import Callable
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from sklearn.base import BaseEstimator, ClusterMixin
from sklearn.utils.validation import check_is_fitted, validate_data
from threadpoolctl import threadpool_limits

from insight.themes import communities as cut
from insight.themes import graph
from insight.themes.lists import Lists, centroids, nearest
from insight.themes.model import Floats, Labels, Progress
from insight.themes.resolution import RESOLUTIONS, choose, worth
from insight.themes.settling import settle

Rows = npt.NDArray[np.intp]
Words = Callable[[Rows], sp.csr_matrix]

# Fewer rows than this are one theme: people should read them all.
ONE_THEME_BELOW = 8
FEW, MANY = 500, 5_000
# Cuts at this resolution are the start of all coarser ones.
FINE = 12.0
VOTERS = 10


class ThemeClusterer(ClusterMixin, BaseEstimator):  # type: ignore[misc]
    """Themes of sentence vectors: kNN graph, shared-neighbour weights, communities by modularity, texts settled.

    ``resolution``: None chooses it (``insight.themes.resolution``); more gives more themes. Above ``sample_size`` rows
    the graph is built on a seeded sample and the rest is placed by the vote of its nearest sampled rows. No row is left
    out. Fitted: ``labels_`` (n,), ``centre_`` (d,), ``centroids_`` (themes, d), ``resolution_``, ``worth_``
    {resolution: how good its cut is}, ``stability_`` (themes,) 0 to 1 or None.
    """

    def __init__(
        self,
        *,
        n_neighbors: int = 15,
        resolution: float | None = None,
        sample_size: int = 60_000,
        random_state: int = 0,
        progress: Progress | None = None,
    ) -> None:
        self.n_neighbors = n_neighbors
        self.resolution = resolution
        self.sample_size = sample_size
        self.random_state = random_state
        self.progress = progress

    def fit(self, X: Any, y: Any = None) -> Self:  # noqa: N803  (scikit-learn's names)
        """Find the themes of the rows of X (n, d)."""
        vectors = validate_data(self, X, dtype=[np.float32, np.float64])
        self.centre_ = graph.centre_of(vectors) if len(vectors) >= ONE_THEME_BELOW else np.zeros_like(vectors[0])
        self._fit_grid(graph.to_grid(vectors, self.centre_))
        return self

    def predict(self, X: Any) -> Labels:  # noqa: N803
        """Nearest theme of each row, (n,)."""
        check_is_fitted(self)
        vectors = validate_data(self, X, reset=False, dtype=[np.float32, np.float64])
        return nearest(graph.to_grid(vectors, self.centre_), self.centroids_)

    def fit_grid(self, grid: Floats, centre: Floats, words: Words | None = None) -> Self:
        """As ``fit``, for vectors already centred and on the grid (``graph.to_grid``): no copy is made.

        ``words``: rows (k,) to how often the text of each says each word, (k, v): they help to settle texts.
        """
        self.n_features_in_ = grid.shape[1]
        self.centre_ = centre
        self._fit_grid(grid, words)
        return self

    def _fit_grid(self, grid: Floats, words: Words | None = None) -> None:
        self.worth_: dict[float, float] = {}
        self.stability_: list[float] | None = None
        if len(grid) < ONE_THEME_BELOW:
            self.resolution_ = self.resolution or 1.0
            self.labels_: Labels = np.zeros(len(grid), np.int32)
        else:
            with threadpool_limits(1, "blas"):  # many small products: threads that wait for one another cost the most
                self._fit_sample(grid, words)
        self.centroids_ = centroids(grid, self.labels_, int(self.labels_.max()) + 1)

    def _fit_sample(self, grid: Floats, words: Words | None) -> None:
        rows = self._sample(len(grid))
        part = grid if rows is None else grid[rows]
        said = words(np.arange(len(grid)) if rows is None else rows) if words else None
        near = self._graph(part)
        self._report("themes", 0, 10)
        fine = cut.communities(near, FINE)
        self.resolution_ = self.resolution or self._choose(part, near, fine, said)
        self._report("themes", 8, 10)
        rough = _cut(part, near, self.resolution_, fine)
        firm = cut.firmness(near, rough, self.resolution_, self.random_state, self._copies(len(part)))
        # A theme may empty when texts settle: the others are numbered anew.
        kept, found = np.unique(settle(part, near, rough, said), return_inverse=True)
        self.stability_ = [firm[theme] for theme in kept.tolist()]
        self._report("themes", 10, 10)
        settled = found.astype(np.int32)
        self.labels_ = settled if rows is None else self._place_rest(grid, rows, settled)

    def _graph(self, grid: Floats) -> sp.csr_matrix:
        """Shared-neighbour graph; few rows have fewer neighbours, else all would be one another's."""
        self._report("neighbours", 0, 1)
        k = max(2, min(self.n_neighbors, len(grid) // 4))
        weighed = graph.balanced(graph.jaccard(graph.neighbours(grid, k, self.random_state)))
        self._report("neighbours", 1, 1)
        return weighed

    def _choose(self, grid: Floats, near: sp.csr_matrix, fine: Labels, words: sp.csr_matrix | None) -> float:
        tried = [r for r in RESOLUTIONS if r <= 1.5 or len(grid) >= FEW]
        cuts = {}
        for done, resolution in enumerate(tried):
            self._report("themes", 8 * done // len(tried), 10)
            cuts[resolution] = settle(grid, near, _cut(grid, near, resolution, fine), words, rounds=1)
        self.worth_ = worth(grid, cuts)
        return choose(self.worth_)

    def _sample(self, n: int) -> Rows | None:
        """Rows of a seeded sample in order; None where all are taken."""
        if n <= self.sample_size:
            return None
        return np.sort(np.random.default_rng(self.random_state).choice(n, self.sample_size, replace=False))

    @staticmethod
    def _copies(n: int) -> int:
        return 8 if n <= MANY else 4

    def _place_rest(self, grid: Floats, rows: Rows, found: Labels) -> Labels:
        """Each row's theme by the vote of its nearest sampled rows, weighted by the square of their cosine."""
        lists = Lists(grid[rows], self.random_state)
        labels = np.empty(len(grid), np.int32)
        for start in range(0, len(grid), 50_000):
            self._report("placing", start, len(grid))
            near, cosines = lists.search(grid[start : start + 50_000], VOTERS)
            labels[start : start + 50_000] = _vote(np.where(near >= 0, found[near], 0), cosines)
        labels[rows] = found
        return labels

    def _report(self, stage: str, done: int, total: int) -> None:
        if self.progress:
            self.progress(stage, done, total)


def _vote(themes: Labels, cosines: Floats) -> Labels:
    """The theme with most weight in each row, ties to the lower number; whole weights, so order changes nothing."""
    weights = np.rint(np.maximum(cosines, 0.03).astype(np.float64) ** 2 * 1e6).astype(np.int64)
    total = np.zeros(themes.shape, np.int64)
    for voter in range(themes.shape[1]):
        total += weights[:, voter, None] * (themes == themes[:, voter, None])
    leading = total == total.max(axis=1, keepdims=True)
    return np.asarray(np.where(leading, themes, np.iinfo(np.int32).max).min(axis=1), np.int32)


def _cut(grid: Floats, near: sp.csr_matrix, resolution: float, fine: Labels) -> Labels:
    """Communities at a resolution, from ``fine`` ones; those of one or two rows join the nearest theme."""
    start = fine if resolution < FINE else None
    return _join_small(grid, cut.communities(near, resolution, start), 3 if len(grid) >= 30 else 2)


def _join_small(grid: Floats, labels: Labels, least: int) -> Labels:
    """Communities of fewer than ``least`` rows join the nearest bigger theme."""
    sizes = np.bincount(labels)
    big = int((sizes >= least).sum())
    if big in (0, len(sizes)):
        return labels
    joined = labels.copy()
    small = labels >= big
    joined[small] = nearest(grid[small], centroids(grid, np.where(small, -1, labels).astype(np.int32), big))
    return cut.by_size(joined)
