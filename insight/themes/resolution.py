"""How finely to cut: of several cuts, the one whose themes stand apart and agree with the other cuts."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
from sklearn.metrics import adjusted_rand_score

from insight.themes.graph import LENGTH
from insight.themes.lists import centroids
from insight.themes.model import Floats, Labels

RESOLUTIONS = (0.5, 0.7, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0)
# What agreement weighs beside separation. At 1, samples of the same texts are cut now finely, now coarsely.
AGREEMENT = 0.65
# A worth this near to the best is as good; the resolution to lean to then, else more texts would be cut differently.
NOISE = 0.02
USUAL = 2.0


def worth(grid: Floats, cuts: Mapping[float, Labels]) -> dict[float, float]:
    """How good each cut is: its separation plus ``AGREEMENT`` times its agreement, each over the best of all cuts.

    ``cuts``: resolution -> labels (n,). A cut that is too coarse or too fine agrees with few others, and one that joins
    two subjects or splits one has themes that do not stand apart. No labels are needed, nor any copies of the graph.
    """
    apart = np.array([separation(grid, labels) for labels in cuts.values()])
    agree = agreement(list(cuts.values()))
    value = np.maximum(apart, 0) / max(apart.max(), 1e-9) + AGREEMENT * agree / agree.max()
    return {resolution: round(float(one), 6) for resolution, one in zip(cuts, value, strict=True)}


def choose(worths: Mapping[float, float]) -> float:
    """Of the resolutions within ``NOISE`` of the best, the nearest to ``USUAL``."""
    good = [resolution for resolution, value in worths.items() if value >= max(worths.values()) - NOISE]
    return min(good, key=lambda resolution: abs(np.log(resolution / USUAL)))


def separation(grid: Floats, labels: Labels) -> float:
    """Mean of the cosine to the centre of the own theme less that to the nearest other (a silhouette of centres)."""
    count = int(labels.max()) + 1
    if count == 1:
        return 0.0
    cosine = (grid @ centroids(grid, labels, count).T) / np.float32(LENGTH**2)
    rows = np.arange(len(grid))
    own = cosine[rows, labels]
    cosine[rows, labels] = -np.inf
    return float(np.mean(own - cosine.max(axis=1), dtype=np.float64))


def agreement(cuts: Sequence[Labels]) -> npt.NDArray[np.float64]:
    """Mean adjusted Rand index of each cut with all of them, itself among them."""
    found = np.eye(len(cuts))
    for one in range(len(cuts)):
        for other in range(one):
            found[one, other] = found[other, one] = adjusted_rand_score(cuts[one], cuts[other])
    return np.asarray(found.mean(axis=1))
