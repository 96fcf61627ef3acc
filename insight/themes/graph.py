"""Neighbour graph of sentence vectors: exact in whole numbers, so the same on every machine."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from insight.themes.model import Floats

Indices = npt.NDArray[np.int32]

# Vectors are rounded to whole numbers of this length: a dot product then stays under 2**24 = 16,777,216, below which
# float32 adds whole numbers exactly, in whatever order, with however many threads.
LENGTH = 4000.0
EXACT_UP_TO = 20_000
BLOCK = 12_000_000
# Rows this many times wider than k are searched by the maxima of groups of columns first.
WIDE, GROUP = 100, 32


def centre_of(vectors: Floats) -> Floats:
    """Mean of the rows that are not zero, (d,)."""
    total, count = np.zeros(vectors.shape[1]), 0
    for start in range(0, len(vectors), 50_000):
        part = vectors[start : start + 50_000]
        total += part.sum(axis=0, dtype=np.float64)
        count += int(np.any(part != 0, axis=1).sum())
    return np.asarray(total / max(count, 1), np.float32)


def to_grid(vectors: Floats, centre: Floats | None = None) -> Floats:
    """Rows less the centre, scaled to ``LENGTH`` and rounded to whole numbers in float32; zeros stay zeros."""
    grid = np.empty(vectors.shape, np.float32)
    for start in range(0, len(vectors), 50_000):
        part = vectors[start : start + 50_000].astype(np.float64)
        empty = ~np.any(part != 0, axis=1)
        if centre is not None:
            part -= centre
        part[empty] = 0
        lengths = np.sqrt(np.einsum("ij,ij->i", part, part))
        grid[start : start + 50_000] = np.rint(part * (LENGTH / np.maximum(lengths, 1e-9))[:, None])
    return grid


def unit(grid: Floats) -> Floats:
    """Grid rows as vectors of length 1."""
    return np.asarray(grid / np.float32(LENGTH), np.float32)


def largest(scores: Floats, k: int) -> Indices:
    """Columns of the k largest scores of each row, ties to the lower column; in column order, (rows, k)."""
    width = scores.shape[1]
    if width > WIDE * k:
        return _largest_of_many(scores, k)
    least = np.partition(scores, width - k, axis=1)[:, width - k, None]
    chosen = scores >= least
    for row in np.flatnonzero(chosen.sum(axis=1) > k):
        tied = np.flatnonzero(scores[row] == least[row])
        chosen[row, tied[k - np.count_nonzero(scores[row] > least[row]) :]] = False
    return np.nonzero(chosen)[1].astype(np.int32).reshape(len(scores), k)


def _largest_of_many(scores: Floats, k: int) -> Indices:
    """As ``largest``, from the few columns that reach the k-th largest of the maxima of groups of columns."""
    groups = scores.shape[1] // GROUP
    tops = scores[:, : groups * GROUP].reshape(len(scores), GROUP, groups).max(axis=1)
    row, column = np.nonzero(scores >= np.partition(tops, groups - k, axis=1)[:, groups - k, None])
    count = np.bincount(row, minlength=len(scores))
    place = np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count)
    few = np.full((len(scores), int(count.max())), -np.inf, np.float32)
    few[row, place] = scores[row, column]
    columns = np.zeros(few.shape, np.int32)
    columns[row, place] = column
    return np.take_along_axis(columns, largest(few, k), 1)


def exact_neighbours(grid: Floats, k: int) -> Indices:
    """The k nearest other rows of each row, (n, k)."""
    n = len(grid)
    rows = max(1, BLOCK // n)

    def block(start: int) -> Indices:
        scores = grid[start : start + rows] @ grid.T
        here = np.arange(len(scores))
        scores[here, start + here] = -np.inf
        return largest(scores, k)

    with ThreadPoolExecutor(2) as pool:
        return np.vstack(list(pool.map(block, range(0, n, rows))))


def neighbours(grid: Floats, k: int, seed: int) -> Indices:
    """Nearest rows: exact for up to ``EXACT_UP_TO`` rows, above through lists; -1 fills rows with fewer, (n, k)."""
    if len(grid) <= EXACT_UP_TO:
        return exact_neighbours(grid, min(k, len(grid) - 1))
    from insight.themes.lists import listed_neighbours

    return listed_neighbours(grid, k, seed)


def jaccard(near: Indices, rows: int = 50_000) -> sp.csr_matrix:
    """Graph of rows that name each other as neighbours (one way is enough), weighted by shared neighbours.

    Weight: shared / (all of both), counting each row as its own neighbour (Jarvis and Patrick 1973).
    """
    n = len(near)
    known = near >= 0
    names = sp.csr_matrix(
        (np.ones(known.sum(), np.float32), near[known], np.concatenate([[0], np.cumsum(known.sum(axis=1))])),
        shape=(n, n),
    )
    both = names.maximum(names.T).tocsr()
    own = (names + sp.eye(n, format="csr", dtype=np.float32)).tocsr()
    across = own.T.tocsr()
    sizes = known.sum(axis=1).astype(np.float32) + 1
    parts = []
    for start in range(0, n, rows):
        shared = (own[start : start + rows] @ across).multiply(both[start : start + rows]).tocoo()
        total = sizes[start + shared.row] + sizes[shared.col]
        weight = shared.data / (total - shared.data) + np.float32(1e-6)
        parts.append(sp.csr_matrix((weight.astype(np.float32), (shared.row, shared.col)), shape=shared.shape))
    graph = sp.vstack(parts).tocsr()
    graph.sort_indices()
    return graph


def balanced(graph: sp.csr_matrix) -> sp.csr_matrix:
    """Each weight over the root of what both its rows weigh in all (Ng, Jordan and Weiss 2001): no row outweighs."""
    scale = 1 / np.sqrt(np.maximum(np.asarray(graph.sum(axis=1)).ravel(), 1e-9))
    ends = graph.tocoo()
    weight = (ends.data * (scale[ends.row] * scale[ends.col])).astype(np.float32)
    return sp.csr_matrix((weight, graph.indices, graph.indptr), shape=graph.shape)
