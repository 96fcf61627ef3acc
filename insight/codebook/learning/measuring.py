"""How well the machine agrees with people on texts it was not taught with: rates with intervals."""

from dataclasses import dataclass

import numpy as np

from insight.codebook.learning.model import NOTHING, Bools, Exact, Overall, Rate, ThemeScore
from insight.themes.finding import wilson

DRAWS = 400
CHANCE = 0.025


@dataclass(frozen=True)
class Judged:
    """Coded texts (m,) and answers (k,): what the machine ``given`` and people ``said`` (m, k); ``right`` (m,)."""

    answers: tuple[int, ...]
    given: Bools
    said: Bools
    right: Bools


def theme_scores(judged: Judged) -> tuple[ThemeScore, ...]:
    """Precision and recall with Wilson's intervals (1927), F1 by a bootstrap of texts (Efron 1979), by theme."""
    f1, low, high = _f1_by_answer(judged)
    both = (judged.given & judged.said).sum(axis=0)
    found = []
    for place, theme in enumerate(judged.answers):
        if theme == NOTHING:
            continue
        given, said = int(judged.given[:, place].sum()), int(judged.said[:, place].sum())
        hits = int(both[place])
        rate = Rate(float(f1[place]), float(low[place]), float(high[place]), said)
        found.append(ThemeScore(theme, said, share(hits, given), share(hits, said), rate))
    return tuple(found)


def overall(judged: Judged, sure: Bools, sure_of_coded: Bools) -> Overall:
    """All themes together; ``sure`` of the uncoded texts, ``sure_of_coded`` (m,) of the coded ones."""
    n = len(judged.right)
    micro, macro = _f1_of_all(judged)
    return Overall(
        n=n,
        micro=micro,
        macro=macro,
        right=share(int(judged.right.sum()), n),
        sure=share(int(sure.sum()), len(sure)),
        right_when_sure=share(int(judged.right[sure_of_coded].sum()), int(sure_of_coded.sum())),
    )


def share(count: int, of: int) -> Rate:
    """A share with Wilson's interval; of nothing, nothing is known."""
    return Rate(*wilson(count, of), of) if of else Rate(0.0, 0.0, 1.0, 0)


def _f1_by_answer(judged: Judged) -> tuple[Exact, Exact, Exact]:
    drawn = _draws(judged)
    low, high = np.quantile(drawn[1:], [CHANCE, 1 - CHANCE], axis=0)
    return drawn[0], np.minimum(low, drawn[0]), np.maximum(high, drawn[0])


def _f1_of_all(judged: Judged) -> tuple[Rate, Rate]:
    themes = [place for place, theme in enumerate(judged.answers) if theme != NOTHING]
    n = len(judged.right)
    if not themes:
        return share(0, 0), share(0, 0)
    macro = _draws(judged)[:, themes].mean(axis=1)
    together = Judged((0,), judged.given[:, themes], judged.said[:, themes], judged.right)
    micro = _draws(together, pooled=True)[:, 0]
    return _rate(micro, n), _rate(macro, n)


def _rate(drawn: Exact, n: int) -> Rate:
    low, high = np.quantile(drawn[1:], [CHANCE, 1 - CHANCE])
    value = float(drawn[0])
    return Rate(value, min(float(low), value), max(float(high), value), n)


def _draws(judged: Judged, *, pooled: bool = False) -> Exact:
    """F1 of each answer: as counted, then in texts drawn with replacement, (1 + draws, k or 1)."""
    n = len(judged.right)
    weights = np.random.default_rng(0).multinomial(n, np.full(n, 1 / n), size=DRAWS)
    weights = np.vstack([np.ones(n), weights])
    both, either = judged.given & judged.said, judged.given.astype(float) + judged.said
    if pooled:
        both, either = both.sum(axis=1, keepdims=True), either.sum(axis=1, keepdims=True)
    return np.asarray(2 * (weights @ both) / np.maximum(weights @ either, 1))
