"""From evidence to probabilities that keep their word; thresholds; the bar of the sure ones."""

from dataclasses import dataclass

import numpy as np
from scipy.special import expit, logit

from insight.codebook.learning.model import Bools, Exact, Ints
from insight.codebook.learning.scoring import Scores

# Variance of an answer's own shift of the log-odds around what all answers share.
SHIFT_VARIANCE = 0.25
FOLDS = 5
# A sure answer is right nine times in ten: so expected with so many standard errors to spare, of so many coded texts.
PROMISE, SPARE, FEWEST = 0.90, 0.5, 10
LIKELY = 0.5  # what is rather wrong than right is never sure, though the mean of all would keep the promise
STEPS = 50


@dataclass(frozen=True)
class Calibration:
    """Log-odds of every answer from its evidence and its rivals': weights that all answers share, a shift for each."""

    weights: Exact
    shift: Exact
    often: Exact

    def odds(self, scores: Scores) -> Exact:
        """Log-odds of each answer for each text, (n, k)."""
        return np.asarray(_evidence(scores, self.often) @ self.weights + self.shift)


def calibrate(scores: Scores, said: Exact) -> Calibration:
    """Platt's calibration (1999), pooled: rare answers borrow the slope from the others. ``said`` (m, k) of 0 and 1."""
    often = (said.sum(axis=0) + 0.5) / (len(said) + 1)
    evidence = _evidence(scores, often)
    weights = fit_logistic(evidence.reshape(-1, evidence.shape[2]), said.ravel())
    return Calibration(weights, _shifts(evidence @ weights, said), often)


def odds_without(scores: Scores, said: Exact, fold: Ints) -> Exact:
    """Log-odds of coded texts, each from a calibration that did not see its fold, (m, k)."""
    odds = np.zeros_like(said)
    for number in np.unique(fold):
        out, kept = fold == number, fold != number
        taught = calibrate(_some(scores, kept), said[kept])
        odds[out] = taught.odds(_some(scores, out))
    return odds


def _some(scores: Scores, rows: Bools) -> Scores:
    return Scores(scores.ridge[rows], scores.near[rows])


def _evidence(scores: Scores, often: Exact) -> Exact:
    """Six witnesses and a constant for each text and answer, (n, k, 7): own evidence, its best rival's, how often."""
    common = np.broadcast_to(logit(np.clip(often, 1e-4, 1 - 1e-4)), scores.ridge.shape)
    ridge, near = scores.ridge, scores.near
    rooted = np.sqrt(np.maximum(ridge, 0))
    return np.stack([np.ones_like(ridge), ridge, _rival(ridge), near, _rival(near), common, rooted], axis=2)


def _rival(scores: Exact) -> Exact:
    """The highest score of the other answers."""
    if scores.shape[1] < 2:
        return np.zeros_like(scores)
    ordered = np.sort(scores, axis=1)
    best = scores == ordered[:, -1:]
    return np.where(best, ordered[:, -2:-1], ordered[:, -1:])


def fit_logistic(witnesses: Exact, truth: Exact) -> Exact:
    """Weights of a logistic regression with a unit ridge on all but the first column, by Newton's method."""
    ridge = np.eye(witnesses.shape[1])
    ridge[0, 0] = 1e-2
    weights = np.zeros(witnesses.shape[1])
    for _ in range(STEPS):
        believed = expit(witnesses @ weights)
        slope = witnesses.T @ (truth - believed) - ridge @ weights
        bend = (witnesses * (believed * (1 - believed))[:, None]).T @ witnesses + ridge
        step = np.linalg.solve(bend, slope)
        weights += np.clip(step, -5, 5)
        if np.abs(step).max() < 1e-9:
            break
    return weights


def _shifts(odds: Exact, said: Exact) -> Exact:
    """What to add to each answer's log-odds so that it is found about as often as it is said."""
    shift = np.zeros(odds.shape[1])
    for _ in range(STEPS):
        believed = expit(odds + shift)
        spread = (believed * (1 - believed)).sum(axis=0) + 1 / SHIFT_VARIANCE
        shift += ((said - believed).sum(axis=0) - shift / SHIFT_VARIANCE) / spread
    return shift


def trust(odds: Exact) -> Exact:
    """What speaks for the likeliest answer being right: a constant, its log-odds, its lead, (n, 3)."""
    ordered = np.sort(odds, axis=1)
    second = ordered[:, -2] if odds.shape[1] > 1 else np.zeros(len(odds))
    return np.stack([np.ones(len(odds)), ordered[:, -1], ordered[:, -1] - second], axis=1)


def bar_of(others: Exact, coded: Exact, right: Bools) -> float | None:
    """The lowest confidence at and above which the promise is kept with ``SPARE`` standard errors; None where none is.

    Kept by the mean confidence of the ``others`` (texts to assign), the error being that of as many ``coded`` texts as
    reach the bar; and by the share of these that are ``right``, without spare.
    """
    bars = np.unique(coded)
    first = np.searchsorted(np.sort(coded), bars)
    reach = len(coded) - first
    counted = _mean_from(right[np.argsort(coded, kind="stable")].astype(np.float64), first)
    ordered = np.sort(others)
    expected = _mean_from(ordered, np.searchsorted(ordered, bars))
    spare = SPARE * np.sqrt(PROMISE * (1 - PROMISE) / reach)
    kept = (bars >= LIKELY) & (reach >= FEWEST) & (counted >= PROMISE) & (expected >= PROMISE + spare)
    return float(bars[kept][0]) if kept.any() else None


def _mean_from(values: Exact, first: Ints) -> Exact:
    """Mean of ``values[first:]`` for each ``first``; 0 where nothing is left."""
    sums = np.concatenate([np.cumsum(values[::-1])[::-1], [0.0]])
    return np.asarray(sums[first] / np.maximum(len(values) - first, 1))


def thresholds(coded: Exact, said: Exact, others: Exact) -> Exact:
    """Log-odds from which on each answer is given, (k,): half-way between two estimates of where its F1 is best.

    One is counted on the coded texts; the other expected from the probabilities of all (Lipton, Elkan and Narayanaswamy
    2014), which has no luck of the draw in it but trusts the calibration.
    """
    return (_counted(coded, said) + _expected(others)) / 2


GRID = np.linspace(-3.5, 3, 53)
WINDOW = 7


def _counted(odds: Exact, said: Exact) -> Exact:
    """Where the F1 counted on coded texts is best, smoothed over neighbouring thresholds."""
    given = odds[:, :, None] > GRID
    both = (given & (said[:, :, None] > 0)).sum(axis=0)
    f1 = 2 * both / np.maximum(given.sum(axis=0) + said.sum(axis=0)[:, None], 1)
    padded = np.pad(f1, ((0, 0), (WINDOW // 2, WINDOW // 2)))
    smooth = np.lib.stride_tricks.sliding_window_view(padded, WINDOW, axis=1).mean(axis=2)
    return np.asarray(GRID[np.argmax(np.round(smooth, 9), axis=1)])


def _expected(odds: Exact) -> Exact:
    """Where the F1 expected of the probabilities is best."""
    ordered = -np.sort(-expit(odds), axis=0)
    given = np.arange(1, len(odds) + 1)[:, None]
    f1 = 2 * np.cumsum(ordered, axis=0) / (given + ordered.sum(axis=0))
    best = ordered[np.argmax(np.round(f1, 9), axis=0), np.arange(odds.shape[1])]
    return np.asarray(logit(np.clip(best, 0.02, 0.98)))
