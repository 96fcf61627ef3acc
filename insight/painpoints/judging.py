"""What many themes are judged by at once: who told of each, chances of counts, false alarms kept rare. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from insight.painpoints.cube import Cube, Scope

Floats = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]

SURE = 0.05  # of all that is called different, at most this share by chance
SMALLEST_SHARE = 1e-16  # of a sum, below which further terms are not added
MOST_TERMS = 100_000


@dataclass(frozen=True)
class Told:
    """Which stories tell of which theme, each pair once, by theme and then story.

    ``numbers`` (k,) are the themes' own, ascending; ``theme`` (n,) says which of them, ``story`` (n,) the cube's row.
    """

    numbers: Longs
    theme: Longs
    story: Longs
    stories: int

    @cached_property
    def journeys(self) -> Longs:
        """Journeys that tell of each theme, (k,)."""
        return np.bincount(self.theme, minlength=len(self.numbers))

    def by(self, codes: npt.NDArray[np.integer], width: int) -> Longs:
        """Journeys per theme and code of the story, (k, width); stories without one (-1) count nowhere."""
        code = codes[self.story]
        kept = code >= 0
        cells = self.theme[kept] * width + code[kept]
        return np.bincount(cells, minlength=len(self.numbers) * width).reshape(len(self.numbers), width)


def told(cube: Cube, within: Scope) -> Told:
    """Who told of each theme under a scope."""
    stories = max(len(cube.story_id), 1)
    of, story = np.divmod(cube.crossings[""].once(within.passages), stories)
    numbers, theme = np.unique(of, return_inverse=True)
    return Told(numbers, theme, story, stories)


def q_values(p: Floats) -> Floats:
    """Benjamini and Hochberg (1995), JRSS B 57, 289-300: q_(i) = min over j >= i of p_(j) m / j, in the order given."""
    order = np.argsort(p)
    scaled = p[order] * len(p) / np.arange(1, len(p) + 1)
    q = np.empty(len(p))
    q[order] = np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1)
    return q


def log_gamma(x: npt.ArrayLike) -> Floats:
    """The logarithm of the gamma function for x > 0, by Stirling's series after a shift of 10: good to 1e-11."""
    at = np.asarray(x, float)
    y = at + 10
    series = (y - 0.5) * np.log(y) - y + 0.5 * np.log(2 * np.pi)
    series += 1 / (12 * y) - 1 / (360 * y**3) + 1 / (1260 * y**5) - 1 / (1680 * y**7)
    shifted = at.copy()
    for more in range(1, 10):
        shifted *= at + more
    return np.asarray(series - np.log(shifted))


def at_least(count: npt.ArrayLike, mean: npt.ArrayLike, variance: npt.ArrayLike) -> Floats:
    """P(X >= count) for X of this mean and variance, elementwise.

    X is negative binomial where the variance is above the mean, binomial below it, Poisson at it: the Panjer class
    (1981), in which p_k = (a + b / k) p_(k-1) with a = 1 - mean / variance and b = mean (1 - a) - a.
    """
    k, m, v = (np.asarray(x, float) for x in np.broadcast_arrays(count, mean, variance))
    upper = k > m
    start = np.where(upper, k, k - 1)
    possible = start >= 0
    a = 1 - m / v
    a = np.where(np.abs(a) < 1e-9, 0.0, a)
    b = m * (1 - a) - a
    first = np.where(possible, np.exp(_log_chance(np.maximum(start, 0), m, a, b)), 0)

    def ratio(step: int) -> Floats:
        up = a + b / np.maximum(start + step, 1)
        below = start - step + 1
        down = a + b / np.maximum(below, 1)
        safe = np.where(down > 0, down, 1)
        return np.where(upper, np.maximum(up, 0), np.where((below >= 1) & (down > 0), 1 / safe, 0))

    tail = _summed(first, ratio)
    return np.clip(np.where(upper, tail, 1 - tail), 0, 1)


def _log_chance(k: Floats, mean: Floats, a: Floats, b: Floats) -> Floats:
    """The logarithm of p_k in the Panjer class."""
    with np.errstate(divide="ignore", invalid="ignore"):
        size = np.where(a == 0, 1.0, (a + b) / np.where(a == 0, 1.0, a))  # r of a negative binomial, -n of a binomial
        poisson = k * np.log(mean) - mean - log_gamma(k + 1)
        wide = log_gamma(np.maximum(k + size, 1e-9)) - log_gamma(np.maximum(size, 1e-9))
        narrow = log_gamma(np.maximum(1 - size, 1e-9)) - log_gamma(np.maximum(1 - size - k, 1e-9))
        other = np.where(a > 0, wide, narrow) - log_gamma(k + 1) + size * np.log1p(-a) + k * np.log(np.abs(a))
    return np.where(a == 0, poisson, np.where((a < 0) & (k >= 1 - size), -np.inf, other))


def fisher(
    both: npt.ArrayLike, first: npt.ArrayLike, second: npt.ArrayLike, of: npt.ArrayLike
) -> tuple[Floats, Floats]:
    """Fisher's exact test (1935), elementwise: (P(X >= both), P(X <= both)).

    X is hypergeometric: of ``of`` stories, ``first`` have one thing and ``second`` another; ``both`` have the two.
    """
    x, a, b, n = (np.asarray(given, float) for given in np.broadcast_arrays(both, first, second, of))
    start = np.exp(_log_choose(a, x) + _log_choose(n - a, b - x) - _log_choose(n, b))
    spare = n - a - b

    def more(step: int) -> Floats:
        k = x + step - 1
        return np.asarray(np.maximum(a - k, 0) * np.maximum(b - k, 0) / ((k + 1) * np.maximum(spare + k + 1, 1)))

    def fewer(step: int) -> Floats:
        k = x - step + 1
        return np.asarray(np.maximum(k, 0) * np.maximum(spare + k, 0) / ((a - k + 1) * (b - k + 1)))

    above = x * n > a * b
    tail = np.clip(_summed(start, lambda step: np.where(above, more(step), fewer(step))), 0, 1)
    rest = np.clip(1 - tail + start, 0, 1)
    return np.where(above, tail, rest), np.where(above, rest, tail)


def _log_choose(n: Floats, k: Floats) -> Floats:
    return log_gamma(n + 1) - log_gamma(k + 1) - log_gamma(n - k + 1)


def _summed(first: Floats, ratio: Callable[[int], Floats]) -> Floats:
    """first x (1 + r1 + r1 r2 + ...), where the ratios fall: until no further term counts."""
    term, total = np.ones_like(first), np.ones_like(first)
    for step in range(1, MOST_TERMS):
        term = term * ratio(step)
        if not np.any(term > SMALLEST_SHARE * total):
            break
        total += term
    return first * total
