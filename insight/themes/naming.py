"""Name groups of texts: terms that tell one from the others, a label made of them, and the texts that say it best."""

from collections.abc import Sequence

import numpy as np
from threadpoolctl import threadpool_limits

from insight.themes.labels import labels_of
from insight.themes.lists import centroids
from insight.themes.model import Floats, GroupName, Integers, Labels
from insight.themes.quotes import quotes_of
from insight.themes.terms import tell


def name(texts: Sequence[str], labels: Labels, grid: Floats, count: int, quotes: int) -> list[GroupName]:
    """Label, terms and quotes of groups 0..count-1; rows labelled -1 are left out."""
    centres = centroids(grid, labels, count)
    telling = tell(texts, labels, count)
    with threadpool_limits(1, "blas"):  # many small products, as in ``ThemeClusterer``
        central = nearest_first(grid, labels, centres)
        said = quotes_of(texts, central, grid, centres, quotes)
    written = labels_of(texts, labels, telling, central)
    return [
        GroupName(label, tuple(terms), rows) for label, terms, rows in zip(written, telling.terms, said, strict=True)
    ]


def nearest_first(grid: Floats, labels: Labels, centres: Floats) -> list[Integers]:
    """Rows of each group, nearest its centre first."""
    order = np.argsort(labels, kind="stable")
    starts = np.searchsorted(labels[order], np.arange(len(centres) + 1))
    found = []
    for group, centre in enumerate(centres):
        rows = order[starts[group] : starts[group + 1]]
        found.append(rows[np.lexsort((rows, -(grid[rows] @ centre)))])
    return found
