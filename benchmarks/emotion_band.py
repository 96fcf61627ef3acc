"""Does the emotion curve's band hold the whole true curve 95 times in 100, and what does it cost beside a bootstrap?

``python benchmarks/emotion_band.py``: journeys are drawn with replacement from 200,000 made ones, whose steps are alike
within a journey and whose lengths differ widely. One process, one thread of numpy's algebra is enough.
"""

import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from insight.journeys.mining import feelings  # noqa: E402
from insight.journeys.mining.log import offsets  # noqa: E402

Floats = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]

MADE = 200_000
DRAWS = 2_000
SIZES = (100, 300, 1_000)
BOOTSTRAPS = 500


@dataclass(frozen=True)
class Felt:
    """Journeys one after the other: where each begins (n + 1,), and each step's feeling (s,)."""

    first: Longs
    feeling: Floats

    def steps(self) -> tuple[Longs, Floats, Floats]:
        """Journey, position and feeling of each step."""
        journey = np.repeat(np.arange(len(self.first) - 1), np.diff(self.first))
        return journey, feelings.relative_position(self.first), self.feeling

    def drawn(self, random: np.random.Generator, n: int) -> "Felt":
        """``n`` journeys drawn with replacement."""
        rows = random.integers(0, len(self.first) - 1, n)
        lengths = np.diff(self.first)[rows]
        first = offsets(lengths)
        steps = np.arange(first[-1]) + np.repeat(self.first[rows] - first[:-1], lengths)
        return Felt(first, self.feeling[steps])


def many_steps(random: np.random.Generator, n: int) -> Longs:
    """Lengths from 1 to 40 with a heavy tail; half have 5 steps or more."""
    return np.clip(random.geometric(1 / 5.5, n), 1, 40)


def few_steps(random: np.random.Generator, n: int) -> Longs:
    """Lengths from 1 to 5, mostly 3."""
    return random.choice([1, 2, 3, 4, 5], n, p=[0.1, 0.2, 0.4, 0.2, 0.1])


def population(lengths: Callable[[np.random.Generator, int], Longs], n: int = MADE, seed: int = 1) -> Felt:
    """Journeys that dip in the middle; long ones feel worse, and each person is as glad or sad as people are."""
    random = np.random.default_rng(seed)
    length = lengths(random, n)
    first = offsets(length)
    journey = np.repeat(np.arange(n), length)
    dip = 0.4 - 1.2 * np.sin(3 * feelings.relative_position(first)) - 0.03 * length[journey]
    noise = random.normal(0, 0.8, n)[journey] + random.normal(0, 0.8, len(journey))
    return Felt(first, np.clip(np.rint(dip + noise), feelings.WORST, feelings.BEST))


def covered(everyone: Felt, n: int, draws: int, points: int | None = None, seed: int = 5) -> Iterator[bool]:
    """Of each draw of ``n`` journeys, whether its band holds the curve of everyone at every point shown."""
    random = np.random.default_rng(seed)
    true: dict[int, feelings.Curve] = {}
    for _ in range(draws):
        journey, position, feeling = everyone.drawn(random, n).steps()
        count = points or feelings.points_for(journey, position)
        if count not in true:
            true[count] = feelings.emotion_curve(*everyone.steps(), count)
        curve = feelings.emotion_curve(journey, position, feeling, count)
        there = true[count].mean[np.searchsorted(true[count].at, curve.at)]
        yield bool(((curve.low <= there) & (there <= curve.high)).all())


def bootstrap(journey: Longs, position: Floats, feeling: Floats, points: int) -> Floats:
    """The standard errors by drawing journeys again (Poisson weights), as products of matrices, (points,)."""
    point = np.floor(position * (points - 1) + 0.5).astype(np.int64)
    n = int(journey.max()) + 1
    cell = journey * points + point
    sums = np.bincount(cell, feeling, n * points).reshape(n, points)
    steps = np.bincount(cell, minlength=n * points).reshape(n, points).astype(float)
    weights = np.random.default_rng(0).poisson(1, (BOOTSTRAPS, n)).astype(float)
    errors: Floats = ((weights @ sums) / (weights @ steps)).std(axis=0)
    return errors


def cpu(work: Callable[[], object], times: int) -> float:
    """CPU seconds of one call, the least of several."""
    taken = []
    for _ in range(times):
        start = time.process_time()
        work()
        taken.append(time.process_time() - start)
    return min(taken)


def main() -> None:
    """Print the coverage of each case, then the cost."""
    print(f"| journeys of | drawn | points | band holds the curve, of {DRAWS:,} draws |\n|---|---|---|---|")
    for name, lengths in (("1 to 40 steps", many_steps), ("1 to 5 steps", few_steps)):
        everyone = population(lengths)
        for n in SIZES:
            for points in (None, feelings.POINTS):
                held = np.mean(list(covered(everyone, n, DRAWS, points)))
                print(f"| {name} | {n:,} | {points or 'as steps allow'} | {held:.1%} |", flush=True)
    journey, position, feeling = population(many_steps, 10_000).steps()
    ours = cpu(lambda: feelings.emotion_curve(journey, position, feeling, feelings.POINTS), 20)
    theirs = cpu(lambda: bootstrap(journey, position, feeling, feelings.POINTS), 3)
    print(f"\n10,000 journeys, CPU: band {ours * 1000:.1f} ms, {BOOTSTRAPS} bootstraps {theirs * 1000:.0f} ms", end="")
    print(f", ratio {theirs / ours:.0f}")


if __name__ == "__main__":
    main()
