"""Communities of a graph, and how firm each is."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from scipy.sparse.csgraph import connected_components
from sknetwork.clustering.louvain_core import optimize_core

from insight.themes.model import Labels

TOLERANCE = 1e-3
THINNED = 0.8

# What one level of aggregation keeps: the graph, its node weights, and each node's community in the next level.
Level = tuple[sp.csr_matrix, npt.NDArray[np.float32], Labels]


def communities(graph: sp.csr_matrix, resolution: float, start: Labels | None = None) -> Labels:
    """Communities by modularity, biggest first, (n,). From a ``start`` of finer ones, it takes a fifth of the time.

    Louvain (Blondel et al. 2008) with refinement at each level on the way back down (Rotta and Noack 2011), and each
    community connected, as Leiden asks (Traag et al. 2019). No chance in it: scikit-network's own Leiden draws from
    the C library's shared rand(), so its answer depends on what ran before.
    """
    if graph.shape[0] == 0 or graph.nnz == 0:
        return np.arange(graph.shape[0], dtype=np.int32)
    adjacency = sp.csr_matrix(graph / graph.data.sum(dtype=np.float64), dtype=np.float32)
    levels = _climb(adjacency, resolution, start)
    labels = np.arange(levels[-1][2].max() + 1, dtype=np.int32)
    for level, weights, up in reversed(levels):
        labels = _move(level, weights, labels[up], resolution)[0]
    return by_size(_connected(graph, labels))


def _climb(adjacency: sp.csr_matrix, resolution: float, start: Labels | None) -> list[Level]:
    weights: npt.NDArray[np.float32] = np.asarray(adjacency.sum(axis=1), np.float32).ravel()
    levels: list[Level] = []
    if start is not None:
        levels.append((adjacency, weights, start))
        adjacency, weights = _gathered(adjacency, weights, start)
    while True:
        alone = np.arange(adjacency.shape[0], dtype=np.int32)
        up, gain = _move(adjacency, weights, alone, resolution)
        levels.append((adjacency, weights, up))
        if gain <= TOLERANCE or up.max() == 0 or up.max() + 1 == len(up):
            return levels
        adjacency, weights = _gathered(adjacency, weights, up)


def _gathered(
    adjacency: sp.csr_matrix, weights: npt.NDArray[np.float32], up: Labels
) -> tuple[sp.csr_matrix, npt.NDArray[np.float32]]:
    """The graph whose nodes are the communities of another, and their weights."""
    member = sp.csr_matrix((np.ones(len(up), np.float32), (np.arange(len(up)), up)))
    gathered = (member.T.tocsr() @ (adjacency @ member)).tocsr()
    gathered.sort_indices()
    return gathered, np.asarray(member.T @ weights, np.float32).ravel()


def _move(
    adjacency: sp.csr_matrix, weights: npt.NDArray[np.float32], labels: Labels, resolution: float
) -> tuple[Labels, float]:
    """Move single nodes while modularity gains; labels come back numbered from 0, with the gain."""
    inside = np.zeros(len(weights), np.float32)
    sums = np.bincount(labels, weights=weights).astype(np.float32)
    inside[: len(sums)] = sums
    numbers = [labels.astype(np.int64), adjacency.indices.astype(np.int64), adjacency.indptr.astype(np.int64)]
    spare = np.zeros_like(inside)
    loops = adjacency.diagonal().astype(np.float32)
    moved, gain = optimize_core(
        *numbers, adjacency.data, weights, weights, inside, inside.copy(), spare, loops, resolution, TOLERANCE
    )
    return np.unique(np.asarray(moved), return_inverse=True)[1].astype(np.int32), float(gain)


def _connected(graph: sp.csr_matrix, labels: Labels) -> Labels:
    """Communities that hang together only through others are taken apart."""
    pairs = graph.tocoo()
    same = labels[pairs.row] == labels[pairs.col]
    within = sp.csr_matrix((np.ones(same.sum(), np.int8), (pairs.row[same], pairs.col[same])), shape=graph.shape)
    return np.asarray(connected_components(within, directed=False)[1], np.int32)


def by_size(labels: Labels) -> Labels:
    """Numbered from 0, the biggest first; of equal ones the one met first."""
    _, first, numbers, sizes = np.unique(labels, return_index=True, return_inverse=True, return_counts=True)
    place = np.empty(len(sizes), np.int32)
    place[np.lexsort((first, -sizes))] = np.arange(len(sizes), dtype=np.int32)
    return np.asarray(place[numbers], np.int32)


def thinned(graph: sp.csr_matrix, copies: int, seed: int) -> list[tuple[npt.NDArray[np.intp], sp.csr_matrix]]:
    """Copies of the graph with a random fifth of the nodes gone: (nodes kept, graph of them)."""
    chance = np.random.default_rng(seed)
    n = graph.shape[0]
    kept = [np.sort(chance.choice(n, max(1, int(THINNED * n)), replace=False)) for _ in range(copies)]
    return [(nodes, graph[nodes][:, nodes]) for nodes in kept]


def firmness(graph: sp.csr_matrix, labels: Labels, resolution: float, seed: int, copies: int = 8) -> Sequence[float]:
    """Mean best-match Jaccard of each community over thinned copies (Hennig 2007), 0 to 1."""
    count = int(labels.max()) + 1
    total = np.zeros(count)
    for nodes, part in thinned(graph, copies, seed + 1):
        total += _best_jaccard(labels[nodes], communities(part, resolution), count)
    return [round(float(value), 4) for value in total / copies]


def _best_jaccard(ours: Labels, theirs: Labels, count: int) -> npt.NDArray[np.float64]:
    shape = (count, int(theirs.max()) + 1)
    shared = sp.coo_matrix((np.ones(len(ours)), (ours, theirs)), shape=shape).tocsr()
    rows, columns = shared.nonzero()
    both = np.asarray(shared[rows, columns]).ravel()
    ratio = both / (np.bincount(ours, minlength=count)[rows] + np.bincount(theirs)[columns] - both)
    best = np.zeros(count)
    np.maximum.at(best, rows, ratio)
    return best
