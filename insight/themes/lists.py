"""Nearest rows among many: rows are kept in lists around centres, and only the nearest lists are searched."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import scipy.sparse as sp

from insight.themes.graph import LENGTH, Indices, largest, to_grid
from insight.themes.model import Floats, Integers, Labels

PROBES = 6
ROUNDS = 4
SAMPLE_PER_LIST = 30
ROWS = 10_000
# A similarity and a row number packed into one whole number, so that equal similarities fall to the lower row.
PLACES = 1 << 31


class Lists:
    """An inverted file (Sivic and Zisserman 2003) over grid rows: 2 sqrt(n) lists by spherical k-means."""

    def __init__(self, grid: Floats, seed: int) -> None:
        self.grid = grid
        self.centres = _centres(grid, int(2 * np.sqrt(len(grid))), seed)
        own = nearest(grid, self.centres)
        self.members = np.argsort(own, kind="stable")
        self.starts = np.concatenate([[0], np.cumsum(np.bincount(own, minlength=len(self.centres)))])

    def search(self, queries: Floats, k: int) -> tuple[Indices, Floats]:
        """Up to k nearest rows of each query, best first, and their cosines; -1 and 0 where there are fewer."""
        found = np.full((len(queries), k), -1, np.int32)
        cosines = np.zeros((len(queries), k), np.float32)
        starts = range(0, len(queries), ROWS)
        with ThreadPoolExecutor(2) as pool:
            packed_rows = pool.map(lambda at: self._packed(queries[at : at + ROWS], k), starts)
            for start, packed in zip(starts, packed_rows, strict=True):
                rows = slice(start, start + len(packed))
                found[rows] = np.where(packed >= 0, PLACES - 1 - packed % PLACES, -1)
                cosines[rows] = np.where(packed >= 0, packed // PLACES, 0) / LENGTH**2
        return found, cosines

    def _packed(self, queries: Floats, k: int) -> Integers:
        probes = min(PROBES, len(self.centres))
        best = np.full((len(queries), probes * k), -1, np.int64)
        filled = np.zeros(len(queries), np.int64)
        for asking, members in self._pairs(queries, probes):
            scores = queries[asking] @ self.grid[members].T
            take = min(k, len(members))
            columns = largest(scores, take)
            similar = np.maximum(np.take_along_axis(scores, columns, 1), 0).astype(np.int64)
            places = filled[asking, None] + np.arange(take)
            best[asking[:, None], places] = similar * PLACES + (PLACES - 1 - members[columns])
            filled[asking] += take
        best.partition(best.shape[1] - k, axis=1)
        return -np.sort(-best[:, -k:], axis=1)

    def _pairs(self, queries: Floats, probes: int) -> Iterator[tuple[Integers, Integers]]:
        """For each list: the queries that search it, and its members; neither is empty."""
        chosen = np.vstack([largest(part @ self.centres.T, probes) for part in _blocks(queries)]).ravel()
        order = np.argsort(chosen, kind="stable")
        starts = np.concatenate([[0], np.cumsum(np.bincount(chosen, minlength=len(self.centres)))])
        for number in range(len(self.centres)):
            members = self.members[self.starts[number] : self.starts[number + 1]]
            asking = order[starts[number] : starts[number + 1]] // probes
            if len(members) and len(asking):
                yield asking, members


def listed_neighbours(grid: Floats, k: int, seed: int) -> Indices:
    """About nine in ten of the k nearest other rows of each row; -1 fills rows with fewer, (n, k)."""
    found, _ = Lists(grid, seed).search(grid, k + 1)
    found[found == np.arange(len(grid))[:, None]] = -1
    order = np.argsort(found < 0, axis=1, kind="stable")
    return np.take_along_axis(found, order, 1)[:, :k]


def nearest(grid: Floats, centres: Floats) -> Labels:
    """Nearest centre of each row, ties to the lower number, (n,)."""
    return np.concatenate([np.argmax(part @ centres.T, axis=1) for part in _blocks(grid)]).astype(np.int32)


def centroids(grid: Floats, labels: Labels, count: int) -> Floats:
    """Mean direction of each group's rows, as grid rows, (count, d); zeros for an empty group."""
    totals = np.zeros((count, grid.shape[1]), np.float64)
    for start in range(0, len(grid), 50_000):
        part = labels[start : start + 50_000]
        known = np.flatnonzero(part >= 0)
        member = sp.csr_matrix((np.ones(len(known)), (part[known], known)), shape=(count, len(part)))
        totals += member @ grid[start : start + 50_000].astype(np.float64)
    return to_grid(np.asarray(totals))


def _blocks(grid: Floats) -> Iterator[Floats]:
    for start in range(0, max(1, len(grid)), ROWS):
        yield grid[start : start + ROWS]


def _centres(grid: Floats, count: int, seed: int) -> Floats:
    chance = np.random.default_rng(seed)
    sample = grid[np.sort(chance.choice(len(grid), min(len(grid), SAMPLE_PER_LIST * count), replace=False))]
    centres = sample[np.sort(chance.choice(len(sample), count, replace=False))]
    for _ in range(ROUNDS):
        moved = centroids(sample, nearest(sample, centres), count)
        centres = np.where(np.any(moved != 0, axis=1)[:, None], moved, centres)
    return centres
