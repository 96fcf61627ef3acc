"""From likenesses of pairs of themes to groups of them, told in standard deviations so that one bar serves every run.

Each likeness is set against what the two themes have with all others (symmetric score normalisation: Auckenthaler,
Carey and Lloyd-Thomas 2000). Themes are gathered by average linkage (Sokal and Michener 1958), and each then moves to
where it fits best.
"""

import numpy as np
import numpy.typing as npt

Labels = npt.NDArray[np.int32]
Reals = npt.NDArray[np.float64]
Truths = npt.NDArray[np.bool_]

COHORT = 20.0  # pairs' worth of all pairs' middle and spread that a theme's own are shrunk towards
BAR = 1.2  # mean standard deviations of a theme to the others of its group; chosen in docs/crossing.md, as are these:
TOGETHER = 2.6  # and of a group: its mean x the root of its pairs, since two themes are alike by chance more than four
ROUNDS = 10
BARRED = -99.0


def standing_out(likeness: Reals, barred: Truths) -> Reals:
    """Likeness in standard deviations above what both themes have with the others that they may be joined with.

    The spread is that of the pairs below the mean (an empirical null: Efron 2004), since pairs that are alike would
    widen it; mean and spread are shrunk towards those of all pairs, as if each theme had ``COHORT`` pairs more.
    """
    free = ~barred
    if not free.any():
        return np.zeros_like(likeness)
    common = float(np.median(likeness[free]))
    below = np.minimum(likeness[free] - common, 0)
    width = float((below**2).sum() / max(np.count_nonzero(below), 1))
    number = free.sum(axis=1)
    middle = ((likeness * free).sum(axis=1) + COHORT * common) / (number + COHORT)
    under = np.minimum(likeness - middle[:, None], 0) * free
    spread = (2 * (under**2).sum(axis=1) + COHORT * width) / (number + COHORT)
    above = (likeness - middle[:, None]) / np.sqrt(np.maximum(spread, 1e-12))[:, None]
    return np.asarray((above + above.T) / 2, np.float64)


def gather(score: Reals, barred: Truths, bar: float = BAR, together: float = TOGETHER) -> Labels:
    """Group of each theme, (k,): merged while the mean score between two groups reaches ``bar``, then each theme moves
    to the group it fits best, or stands alone below ``bar``; groups whose mean x root of pairs is below ``together``
    fall apart. Groups hold no barred pair.
    """
    groups = _settled(score, barred, _merged(score, barred, bar), bar)
    for group in np.unique(groups):
        themes = np.flatnonzero(groups == group)
        if len(themes) > 1 and strength(score, themes) < together:
            groups[themes[1:]] = np.setdiff1d(np.arange(len(groups)), groups)[: len(themes) - 1]
    return groups


def strength(score: Reals, themes: npt.NDArray[np.int64]) -> float:
    """The mean score of a group's pairs times the root of their number (Stouffer's sum: 1949)."""
    pairs = score[np.ix_(themes, themes)][np.triu_indices(len(themes), 1)]
    return float(pairs.sum() / np.sqrt(len(pairs)))


def _merged(score: Reals, barred: Truths, bar: float) -> Labels:
    count = len(score)
    between = np.where(barred, BARRED, score).astype(np.float64)
    np.fill_diagonal(between, BARRED)
    groups, size = np.arange(count, dtype=np.int32), np.ones(count)
    while between.max(initial=BARRED) >= bar:
        i, j = (int(place) for place in np.unravel_index(int(between.argmax()), between.shape))
        merged = (size[i] * between[i] + size[j] * between[j]) / (size[i] + size[j])
        merged[(between[i] == BARRED) | (between[j] == BARRED)] = BARRED
        between[i], between[:, i], between[j], between[:, j] = merged, merged, BARRED, BARRED
        size[i] += size[j]
        groups[groups == j] = i
    return groups


def _settled(score: Reals, barred: Truths, groups: Labels, bar: float) -> Labels:
    """Each theme where its mean score to the others is best, until none moves (at most ``ROUNDS`` times)."""
    others = score.copy()
    np.fill_diagonal(others, 0)
    for _ in range(ROUNDS):
        before = groups.copy()
        for theme in range(len(groups)):
            inside = groups[None] == np.arange(len(groups))[:, None]
            inside[:, theme] = False
            size = inside.sum(axis=1)
            open_to = (size > 0) & ~(inside & barred[theme]).any(axis=1)
            mean = np.where(open_to, inside @ others[theme] / np.maximum(size, 1), BARRED)
            best = int(mean.argmax())
            alone = size[groups[theme]] == 0
            empty = np.setdiff1d(np.arange(len(groups)), groups)
            groups[theme] = best if mean[best] >= bar else groups[theme] if alone else empty[0]
        if (before == groups).all():
            break
    return groups
