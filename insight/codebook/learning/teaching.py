"""Learn from what people coded, and say it of every text, with a confidence that keeps its word (worker only)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt
from scipy.special import expit
from threadpoolctl import threadpool_limits

from insight.codebook.learning.calibration import (
    FOLDS,
    bar_of,
    calibrate,
    fit_logistic,
    odds_without,
    thresholds,
    trust,
)
from insight.codebook.learning.features import Features, features
from insight.codebook.learning.measuring import Judged, overall, theme_scores
from insight.codebook.learning.model import NOTHING, Bools, Exact, Floats, Ints, Learned
from insight.codebook.learning.scoring import Examples
from insight.text.passages import is_non_answer
from insight.themes.sorting import same_for_all

# A theme is learned from this many different texts on; nothing is promised below so many coded texts.
LEAST = 2
ENOUGH = 50
# The kernel of more coded texts would not fit: as many are drawn.
MOST = 6_000
CHUNK = 4_000
DECIMALS = 5
# What it weighs in the reading list that no known answer fits, beside uncertainty between them.
NOVELTY = 1.0
Kind = TypeVar("Kind", bound=np.generic)


@dataclass(frozen=True)
class Corpus:
    """Texts ready to learn from: ``row_of`` (n,) the different text that each is, -1 where it says nothing."""

    row_of: Ints
    features: Features | None
    size: int


@dataclass(frozen=True)
class Taught:
    """Answers of the different texts that were coded: ``rows`` (m,), ``said`` (m, k) of 0 and 1, ``answers`` (k,)."""

    rows: Ints
    said: Exact
    answers: tuple[int, ...]
    fold: Ints


def learn(
    texts: Sequence[str],
    vectors: Floats,
    coded: npt.NDArray[np.int64],
    said: Sequence[tuple[int, ...]],
    *,
    start: npt.NDArray[np.integer] | None = None,
    seed: int = 0,
) -> Learned:
    """What people's answers teach about every text.

    ``vectors`` (n, d); ``coded`` (m,) rows of ``texts``; ``said``: the themes of each, () for none of them. ``start``
    (n,): the theme in which the machine itself put each text, or -1; never what people made of it, for each coded text
    is also judged as if nobody had coded it. Texts equal but for case, blanks and closing signs are one text.
    """
    with threadpool_limits(1):  # more threads would add up in another order, to other sums
        return teach(prepare(texts, vectors, start), coded, said, seed=seed)


def prepare(texts: Sequence[str], vectors: Floats, start: npt.NDArray[np.integer] | None = None) -> Corpus:
    """The different texts that say something, as features."""
    known: dict[str, int] = {}
    first: list[int] = []
    row_of = np.full(len(texts), -1, np.int64)
    for place, text in enumerate(texts):
        if not text.strip() or is_non_answer(text):
            continue
        row_of[place] = row = known.setdefault(same_for_all(text), len(known))
        if row == len(first):
            first.append(place)
    if not first:
        return Corpus(row_of, None, 0)
    group = None if start is None else np.asarray(start)[first]
    return Corpus(row_of, features([texts[place] for place in first], vectors[first], group), len(first))


def teach(corpus: Corpus, coded: npt.NDArray[np.int64], said: Sequence[tuple[int, ...]], *, seed: int = 0) -> Learned:
    """What the answers teach about a prepared corpus."""
    taught = _gather(corpus, coded, said, seed)
    if corpus.features is None or not taught.answers:
        return _nothing_learned(corpus, "examples")
    examples = Examples(corpus.features, taught.rows, taught.said)
    without = odds_without(examples.without, taught.said, taught.fold)
    odds = _odds_of_all(corpus, examples, taught)
    odds[taught.rows] = without
    odds = np.round(odds, DECIMALS)
    confidence = _confidence(odds, taught)
    return _learned(corpus, taught, odds, confidence)


def _gather(corpus: Corpus, coded: npt.NDArray[np.int64], said: Sequence[tuple[int, ...]], seed: int) -> Taught:
    """Answers by different text: a text coded more than once says what at least half of its codings say."""
    voices: dict[int, list[tuple[int, ...]]] = {}
    for place, themes in zip(coded, said, strict=True):
        if corpus.row_of[place] >= 0:
            voices.setdefault(int(corpus.row_of[place]), []).append(tuple(set(themes)) or (NOTHING,))
    draw = np.random.default_rng(seed)
    rows = np.sort(np.fromiter(voices, np.int64, len(voices)))
    if len(rows) > MOST:
        rows = np.sort(draw.choice(rows, MOST, replace=False))
    every = sorted({theme for row in rows for voice in voices[int(row)] for theme in voice})
    column = {theme: number for number, theme in enumerate(every)}
    spoken = np.zeros((len(rows), len(every)))
    for number, row in enumerate(rows):
        for voice in voices[int(row)]:
            spoken[number, [column[theme] for theme in voice]] += 1 / len(voices[int(row)])
    spoken = (spoken >= 0.5).astype(np.float64)
    enough = spoken.sum(axis=0) >= LEAST
    answers = tuple(theme for theme, kept in zip(every, enough, strict=True) if kept)
    return Taught(rows, spoken[:, enough], answers, draw.permutation(len(rows)) % FOLDS)


def _odds_of_all(corpus: Corpus, examples: Examples, taught: Taught) -> Exact:
    calibration = calibrate(examples.without, taught.said)
    odds = np.zeros((corpus.size, len(taught.answers)))
    for at in range(0, corpus.size, CHUNK):
        rows = slice(at, min(at + CHUNK, corpus.size))
        odds[rows] = calibration.odds(examples.score(rows))
    return odds


def _confidence(odds: Exact, taught: Taught) -> Exact:
    """Probability that the likeliest answer is among what people say; coded texts are judged from the other folds."""
    reasons = trust(odds)
    told = odds[taught.rows]
    right = taught.said[np.arange(len(told)), np.argmax(told, axis=1)]
    confidence = expit(reasons @ fit_logistic(reasons[taught.rows], right))
    for number in np.unique(taught.fold):
        kept = taught.fold != number
        weights = fit_logistic(reasons[taught.rows[kept]], right[kept])
        confidence[taught.rows[~kept]] = expit(reasons[taught.rows[~kept]] @ weights)
    return np.round(confidence, DECIMALS)


def _learned(corpus: Corpus, taught: Taught, odds: Exact, confidence: Exact) -> Learned:
    answers = np.asarray(taught.answers)
    uncoded = np.ones(corpus.size, bool)
    uncoded[taught.rows] = False
    needs = "kinds" if len(answers) < 2 else "coded" if len(taught.rows) < ENOUGH else ""
    others = confidence[uncoded] if uncoded.any() else confidence
    right = taught.said[np.arange(len(taught.rows)), np.argmax(odds[taught.rows], axis=1)] > 0
    bar = None if needs else bar_of(others, confidence[taught.rows], right)
    given = odds >= thresholds(odds[taught.rows], taught.said, odds)
    sure = confidence >= (2 if bar is None else bar)
    judged = Judged(taught.answers, _given(taught, odds), taught.said > 0, right)
    each = theme_scores(judged)
    on = corpus.row_of >= 0
    several = _several(given, odds, answers)
    return Learned(
        themes=tuple(theme for theme in taught.answers if theme != NOTHING),
        chosen=_spread(corpus, answers[np.argmax(odds, axis=1)], NOTHING),
        confidence=_spread(corpus, confidence.astype(np.float32), 1),
        sure=np.where(on, _spread(corpus, sure, False), bar is not None),
        bar=bar,
        scores=each,
        overall=overall(judged, sure[uncoded], sure[taught.rows]),
        several=tuple(several[row] if row >= 0 else () for row in corpus.row_of),
        probabilities=_spread(corpus, expit(odds[:, answers != NOTHING]).astype(np.float32), 0),
        doubt=_spread(corpus, _doubt(odds, taught), 0),
        needs=needs,
    )


def _given(taught: Taught, odds: Exact) -> Bools:
    """The answers that the machine gives each coded text, with thresholds from the other folds."""
    told = odds[taught.rows]
    given = np.zeros(told.shape, bool)
    for number in np.unique(taught.fold):
        out, kept = taught.fold == number, taught.fold != number
        given[out] = told[out] >= thresholds(told[kept], taught.said[kept], odds)
    return given


def _doubt(odds: Exact, taught: Taught) -> Floats:
    """What coding a text would teach, 0 to 2: uncertainty of rare answers, and how little any answer fits.

    The variance p (1 - p) of each answer over how often it was said; and the probability that no known answer holds.
    """
    believed = expit(odds)
    unsettled = (believed * (1 - believed)) @ (1 / (taught.said.sum(axis=0) + 1))
    unknown = np.prod(1 - believed, axis=1)
    doubt = unsettled / np.maximum(unsettled.max(), 1e-9) + NOVELTY * unknown / np.maximum(unknown.max(), 1e-9)
    return np.asarray(np.round(doubt, DECIMALS), np.float32)


def _several(given: Bools, odds: Exact, answers: Ints) -> list[tuple[int, ...]]:
    """Themes given to each text, the likeliest first."""
    shown = given & (answers != NOTHING)
    rows, places = np.nonzero(shown)
    order = np.lexsort((places, -odds[rows, places], rows))
    themes = answers[places[order]].tolist()
    ends = np.cumsum(shown.sum(axis=1)).tolist()
    return [tuple(themes[start:end]) for start, end in zip([0, *ends], ends, strict=False)]


def _spread(corpus: Corpus, values: npt.NDArray[Kind], silent: object) -> npt.NDArray[Kind]:
    """Values of different texts, for every text; ``silent`` for those that say nothing."""
    spread = np.full((len(corpus.row_of), *values.shape[1:]), silent, values.dtype)
    spread[corpus.row_of >= 0] = values[corpus.row_of[corpus.row_of >= 0]]
    return spread


def _nothing_learned(corpus: Corpus, needs: str) -> Learned:
    n = len(corpus.row_of)
    zeros = np.zeros(n, np.float32)
    judged = Judged((), np.zeros((0, 0), bool), np.zeros((0, 0), bool), np.zeros(0, bool))
    nobody = np.zeros(0, bool)
    return Learned(
        (),
        np.full(n, NOTHING, np.int64),
        zeros,
        np.zeros(n, bool),
        None,
        (),
        overall(judged, nobody, nobody),
        ((),) * n,
        np.zeros((n, 0), np.float32),
        zeros,
        needs,
    )
