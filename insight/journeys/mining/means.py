"""Small formulas with 95 % intervals: means, medians and shares, and how far two groups are apart. Pure, numpy only."""

from dataclasses import dataclass
from math import pi, tan

import numpy as np
import numpy.typing as npt

from insight.painpoints.rules import Z95, wilson

Floats = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]

NINE_IN_TEN = 0.9


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure over ``n`` journeys with its 95 % interval."""

    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class Difference:
    """How much larger the second figure is than the first, with a 95 % interval. ``differs``: it leaves out zero."""

    value: float
    low: float
    high: float

    @property
    def differs(self) -> bool:
        """Whether the interval leaves out that there is no difference."""
        return self.low > 0 or self.high < 0


def t95(freedom: float) -> float:
    """The 97.5 % point of Student's t with so many degrees of freedom (1 or more), to within 0.004.

    Exact for 1 and 2, else the expansion 26.7.5 of Abramowitz and Stegun (1964): scipy is more than pages may load.
    """
    if freedom <= 1:
        return tan(pi * 0.475)
    if freedom <= 2:
        return float(0.95 * np.sqrt(2 / (1 - 0.95**2)))
    z = Z95
    terms = (
        z,
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    return float(sum(term / freedom**power for power, term in enumerate(terms)))


def mean(values: npt.ArrayLike) -> Estimate | None:
    """The mean of one value per journey, with Student's t interval; None with fewer than two journeys."""
    x: Floats = np.asarray(values, float)
    return step_mean(x, np.ones(len(x), np.int64))


def step_mean(sums: npt.ArrayLike, steps: npt.ArrayLike) -> Estimate | None:
    """The mean over steps, with an interval that knows that the steps of one journey are alike.

    ``sums`` (n,) is each journey's sum over its steps and ``steps`` (n,) how many they are; journeys without a step do
    not count. Linearised ratio with journeys as clusters (Cochran 1977, 6.4), times n / (n - 1), and Student's t with
    n - 1 degrees of freedom. None with fewer than two journeys.
    """
    total, count = np.asarray(sums, float), np.asarray(steps, float)
    n = int((count > 0).sum())
    if n < 2:
        return None
    value = float(total.sum() / count.sum())
    off = total - value * count
    half = t95(n - 1) * float(np.sqrt(off @ off * n / (n - 1))) / float(count.sum())
    return Estimate(value, value - half, value + half, n)


def share(hits: int, of: int) -> Estimate:
    """A share with Wilson's interval (1927)."""
    low, high = wilson(hits, of)
    return Estimate(hits / max(of, 1), float(low), float(high), of)


def median(values: npt.ArrayLike) -> Estimate | None:
    """The median of one value per journey, with an interval of two of the values themselves; None without values.

    The values of ranks n/2 -+ 1.96 sqrt(n)/2, outwards (Conover 1999, 3.2): no shape is assumed, and many equal values,
    as days have, do no harm. With fewer than six values the interval is all of them.
    """
    x = np.sort(np.asarray(values, float))
    n = len(x)
    if not n:
        return None
    below = max(int(np.floor((n - Z95 * np.sqrt(n)) / 2)), 1)
    return Estimate(float(np.median(x)), float(x[below - 1]), float(x[n - below]), n)


def median_and_p90(values: npt.ArrayLike) -> tuple[float, float]:
    """The median and the 90th percentile of at least one value, between neighbours in proportion."""
    middle, late = np.quantile(np.asarray(values, float), [0.5, NINE_IN_TEN])
    return float(middle), float(late)


def apart(first: Estimate, second: Estimate) -> Difference:
    """Second less first, with an interval made of the two intervals, for groups that share no journey.

    Square and add the distances to the near bounds (Zou and Donner 2008): for two shares this is Newcombe's method 10,
    for two means close to Welch's interval, and for two medians it assumes no shape and no equal spread.
    """
    value = second.value - first.value
    down = float(np.hypot(second.value - second.low, first.high - first.value))
    up = float(np.hypot(second.high - second.value, first.value - first.low))
    return Difference(value, value - down, value + up)
