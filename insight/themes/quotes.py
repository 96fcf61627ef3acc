"""Texts that say a group best: nearest its centre, and unlike one another."""

from collections.abc import Sequence

import numpy as np

from insight.themes.graph import unit
from insight.themes.model import Floats, Integers

CANDIDATES = 60
RELEVANCE = 0.7
QUOTE_WORDS = (4, 40)


def quotes_of(
    texts: Sequence[str], central: Sequence[Integers], grid: Floats, centres: Floats, quotes: int
) -> list[tuple[int, ...]]:
    """Rows that say each group best: nearest its centre and to no other's, then unlike those chosen already.

    ``central``: rows of each group, nearest its centre first.
    """
    return [
        _speak(texts, rows[: CANDIDATES * 5], grid, centres, group, quotes) if len(rows) else ()
        for group, rows in enumerate(central)
    ]


def _speak(
    texts: Sequence[str], nearest: Integers, grid: Floats, centres: Floats, group: int, quotes: int
) -> tuple[int, ...]:
    readable = [row for row in nearest.tolist() if QUOTE_WORDS[0] <= texts[row].count(" ") + 1 <= QUOTE_WORDS[1]]
    shown = np.array((readable or nearest.tolist())[:CANDIDATES])
    true = shown[np.argmax(grid[shown] @ centres.T, axis=1) == group]
    return _vary(texts, true if len(true) else shown, grid, centres[group], quotes)


def _vary(texts: Sequence[str], rows: Integers, grid: Floats, centre: Floats, quotes: int) -> tuple[int, ...]:
    """Maximal marginal relevance (Carbonell and Goldstein 1998), weight 0.7 on relevance; no text twice."""
    vectors = unit(grid[rows])
    relevance = np.round(vectors @ unit(centre), 5)
    alike = np.round(vectors @ vectors.T, 5)
    chosen: list[int] = []
    said: set[str] = set()
    while len(chosen) < min(quotes, len(rows)):
        worst = alike[:, chosen].max(axis=1) if chosen else np.zeros(len(rows))
        value = RELEVANCE * relevance - (1 - RELEVANCE) * worst
        for place in np.lexsort((rows, -value)).tolist():
            if place not in chosen and texts[rows[place]].strip().lower() not in said:
                break
        else:
            break
        chosen.append(place)
        said.add(texts[rows[place]].strip().lower())
    return tuple(int(rows[place]) for place in chosen)
