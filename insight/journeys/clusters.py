"""Groups of journeys that go alike, how many there are, and the journey in the middle of each. Worker only (sklearn).

Formulas, sources and measured agreement: docs/methods.md, "Journeys".
"""

from collections import Counter
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp
from rapidfuzz.distance import Indel
from rapidfuzz.process import cdist
from sklearn.cluster import KMeans
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.metrics import adjusted_rand_score
from sklearn.preprocessing import normalize
from threadpoolctl import threadpool_limits

from insight.journeys.mining.log import Ints, Log, Longs
from insight.themes.communities import by_size

Floats = npt.NDArray[np.float64]

DIMENSIONS = 24
MOST_GROUPS = 20  # more kinds than people can keep in mind
LEAST_EACH = 20  # journeys to each group on average; below twice that, all journeys are one group
FIRM = 0.6  # groups that halves of the journeys agree on less than this are chance: then all are one group
HALF = 1_000
HALVINGS = 2
STARTS, LAST_STARTS = 4, 8
FITTED_ON = 10_000
MEDOID_AMONG = 200
FIRST_CHARACTER = 0x10000  # beyond the surrogates, so that any step code makes a character


@dataclass(frozen=True)
class Grouped:
    """``group`` (n,) from 0, the biggest first; ``firmness`` 0 to 1 is how well two halves agree on so many groups."""

    group: Ints
    firmness: float

    @property
    def count(self) -> int:
        """How many groups there are."""
        return int(self.group.max(initial=-1)) + 1


def path_vectors(log: Log, seed: int = 0) -> Floats:
    """Each journey's path as a vector of length 1, (n, up to 24); zeros for a journey without a step.

    Counts of steps and of steps straight after each other, by sublinear tf-idf (Salton and Buckley 1988), reduced by
    truncated singular values as in latent semantic analysis (Deerwester et al. 1990).
    """
    counts = _counts(log)
    if counts.shape[1] == 0:
        return np.zeros((log.journeys, 1))
    return np.asarray(normalize(reduced(TfidfTransformer(sublinear_tf=True).fit_transform(counts), seed)))


def reduced(table: sp.csr_matrix | Floats, seed: int) -> Floats:
    """The rows of a table (n, d) in at most 24 dimensions."""
    wide = min(table.shape)
    if wide <= DIMENSIONS:
        return np.asarray(table.toarray() if sp.issparse(table) else table, np.float64)
    with threadpool_limits(1):  # more threads would add up in another order, to other sums
        return np.asarray(TruncatedSVD(DIMENSIONS, algorithm="arpack", random_state=seed).fit_transform(table))


def group(vectors: Floats, seed: int = 0) -> Grouped:
    """Group the rows of ``vectors`` (n, d); how many groups there are comes out of the rows themselves.

    K-means (Lloyd 1982) for 2 to 20 groups. The number is the one with the highest product of stability and
    separation; see :func:`_merit`. The same rows and seed give the same groups, whatever the number of threads.
    """
    with threadpool_limits(1):
        chance = np.random.default_rng(seed)
        tries = [chance.permutation(len(vectors))[: 2 * HALF] for _ in range(HALVINGS)]
        most = min(MOST_GROUPS, len(vectors) // LEAST_EACH, *(_different(vectors, rows) for rows in tries))
        merits = {count: _merit(vectors, tries, count) for count in range(2, most + 1)}
        best = max(merits, key=lambda count: merits[count][0] * merits[count][1], default=1)
        if best == 1 or merits[best][0] < FIRM:
            return Grouped(np.zeros(len(vectors), np.int32), 1.0)
        rows = np.sort(chance.permutation(len(vectors))[:FITTED_ON])
        fitted = KMeans(best, n_init=LAST_STARTS, random_state=seed).fit(vectors[rows])
        return Grouped(by_size(np.asarray(fitted.predict(vectors), np.int32)), round(merits[best][0], 4))


def _different(vectors: Floats, rows: Longs) -> int:
    """How many different rows the poorer half has: there can be no more groups."""
    halves = np.array_split(vectors[rows].round(9), 2)
    return min(len(np.unique(half, axis=0)) for half in halves)


def _merit(vectors: Floats, tries: list[Longs], count: int) -> tuple[float, float]:
    """How well ``count`` groups serve: stability and separation, each at most 1.

    Stability: adjusted Rand index of the groups that two halves of the rows make of both halves (Lange et al. 2004).
    Separation: the simplified silhouette, by distances to the centres (Hruschka et al. 2004), squared.
    """
    agreed, apart = [], []
    for number, rows in enumerate(tries):
        sample = vectors[rows]
        halves = np.array_split(sample, 2)
        fits = [KMeans(count, n_init=STARTS, random_state=number).fit(half) for half in halves]
        agreed.append(adjusted_rand_score(*(fit.predict(sample) for fit in fits)))
        apart += [_separation(fit.transform(sample)) for fit in fits]
    return float(np.mean(agreed)), float(np.mean(apart))


def _separation(distances: Floats) -> float:
    near = np.partition(distances**2, 1, axis=1)[:, :2]
    return float((1 - near[:, 0] / np.maximum(near[:, 1], 1e-12)).mean())


def medoids(log: Log, groups: Ints) -> Longs:
    """The journey in the middle of each group, (groups,): its path is least far from the others' paths.

    Far is the share of steps to put in or take out (indel distance over both lengths); paths count as often as they
    were taken, the 200 most frequent of a group. ``groups`` (n,) from 0, -1 for none.
    """
    return np.array([_medoid(log, np.flatnonzero(groups == g)) for g in range(int(groups.max(initial=-1)) + 1)])


def _medoid(log: Log, journeys: Longs) -> int:
    paths = [_as_text(log, journey) for journey in journeys.tolist()]
    common = Counter(paths).most_common(MEDOID_AMONG)
    far = cdist([path for path, _ in common], [path for path, _ in common], scorer=Indel.normalized_distance)
    middle = int(np.argmin(far.astype(np.float64) @ np.array([times for _, times in common], np.float64)))
    return int(journeys[paths.index(common[middle][0])])


def _as_text(log: Log, journey: int) -> str:
    return "".join(chr(FIRST_CHARACTER + code) for code in log.code[log.first[journey] : log.first[journey + 1]])


def _counts(log: Log) -> sp.csr_matrix:
    """How often each step, and each pair of steps in a row, stands in each journey; rare ones tell nothing."""
    width = len(log.names)
    inside = np.flatnonzero(log.followed)
    pairs = width + log.code[inside].astype(np.int64) * width + log.code[inside + 1]
    rows = np.concatenate([log.journey, log.journey[inside]])
    seen, columns = np.unique(np.concatenate([log.code.astype(np.int64), pairs]), return_inverse=True)
    table = sp.csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(log.journeys, len(seen)))
    least = max(2, min(5, log.journeys // 500))
    return table[:, np.flatnonzero(np.bincount(table.indices, minlength=len(seen)) >= least)]
