"""How many real bursts are found among many themes, how many alarms are false, and how fast the answers come.

``python benchmarks/what_changed.py``: families of 1,000 made themes over twelve months, of which 50 are told three
times as often in the last three; and families in which nothing changes. Once with chance alone, once with months that
swing. Then made places of 60 themes and 20 services in which nobody differs and nothing goes together.
"""

import sys
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import numpy as np
import numpy.typing as npt

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.made_cube import made_cube  # noqa: E402
from insight.painpoints.changing import ALL_MONTHS, FALLING, NEW, RECENT_MONTHS, RISING, changes, changing  # noqa: E402
from insight.painpoints.cube import scope  # noqa: E402
from insight.painpoints.differing import differing, groups_of  # noqa: E402
from insight.painpoints.model import Filters  # noqa: E402
from insight.painpoints.together import together  # noqa: E402

Longs = npt.NDArray[np.int64]

THEMES, PLANTED, BURST = 1_000, 50, 3.0
STORIES_A_MONTH = 2_000
USUAL, WIDTH = 6.0, 0.8  # journeys a month: the theme in the middle, and the spread of themes' logarithms
ENOUGH = 8  # expected journeys of a pair, from which its interval is looked at
SWING = 0.3  # standard deviation of a month's share over its mean, where months swing


@dataclass(frozen=True)
class Score:
    """Alarms over some families: how many are right, how many wrong, of how many planted; families with any wrong."""

    right: int
    wrong: int
    planted: int
    families: int
    with_wrong: int

    @property
    def false_share(self) -> float:
        """The share of alarms that are false."""
        return self.wrong / max(self.right + self.wrong, 1)

    @property
    def recall(self) -> float:
        """The share of planted bursts that are found."""
        return self.right / max(self.planted, 1)


def family(draw: np.random.Generator, planted: int, swing: float) -> tuple[Longs, Longs]:
    """Journeys per theme and month (1,000, 12), newest first, of those heard (12,); the first ``planted`` burst."""
    heard = draw.poisson(STORIES_A_MONTH * draw.uniform(0.7, 1.3, ALL_MONTHS))
    share = np.exp(draw.normal(np.log(USUAL / STORIES_A_MONTH), WIDTH, (THEMES, 1))) * np.ones(ALL_MONTHS)
    if swing:
        share = share * draw.gamma(1 / swing**2, swing**2, share.shape)
    share[:planted, :RECENT_MONTHS] *= BURST
    return draw.binomial(heard, np.minimum(share, 0.9)), heard


def score(families: int, planted: int, swing: float, seed: int = 4) -> Score:
    """Judge made families."""
    draw = np.random.default_rng(seed)
    right = wrong = with_wrong = 0
    for _ in range(families):
        counts, heard = family(draw, planted, swing)
        found = changes(range(THEMES), counts, heard)
        alarms = [change for change in found if change.sure and change.kind in (RISING, FALLING, NEW)]
        hits = sum(change.theme < planted and change.kind != FALLING for change in alarms)
        right, wrong, with_wrong = right + hits, wrong + len(alarms) - hits, with_wrong + (hits < len(alarms))
    return Score(right, wrong, families * planted, families, with_wrong)


def by_chance(places: int, passages: int, stories: int) -> None:
    """Print how often somebody differs, or themes go together, where all is chance."""
    differ = pairs = holding = counted = 0
    for seed in range(places):
        cube = made_cube(seed, passages, stories)
        within = scope(cube, Filters())
        found = together(cube, within)
        differ += any(cell.differs for cell in differing(cube, within, groups_of(cube, "service")))
        pairs += any(pair.together for pair in found)
        likely = [pair for pair in found if pair.expected > ENOUGH]
        holding, counted = holding + sum(pair.low <= 1 <= pair.high for pair in likely), counted + len(likely)
    print(
        f"{passages:,} passages, {stories:,} stories, {places} places: somebody differs in {differ}, themes go ", end=""
    )
    print(f"together in {pairs}; {holding / counted:.3f} of the intervals of lift hold 1")


def speed(passages: int, stories: int) -> None:
    """Print the milliseconds of a processor that each answer takes: the middle one of seven."""
    cube = made_cube(1, passages, stories)
    within = scope(cube, Filters())
    for name, act in (
        ("what changed", lambda: changing(cube, within)),
        ("who differs, by service", lambda: differing(cube, within, groups_of(cube, "service"))),
        ("who differs, by month", lambda: differing(cube, within, groups_of(cube, "month"))),
        ("told together", lambda: together(cube, within)),
    ):
        took = []
        for _ in range(7):
            started = time.process_time()
            act()
            took.append((time.process_time() - started) * 1000)
        print(f"{name}: {median(took):.0f} ms of one processor at {passages:,} passages")


def main() -> None:
    """Print the figures of docs/what-changed.md."""
    print(f"{'months':8} {'planted':>8} {'families':>9} {'found':>7} {'false alarms':>13} {'families with one':>18}")
    for name, swing in (("chance", 0.0), ("swinging", SWING)):
        for planted, families in ((PLANTED, 40), (0, 200)):
            s = score(families, planted, swing)
            found, false = (f"{s.recall:.3f}", f"{s.false_share:.3f}") if planted else ("-", str(s.wrong))
            print(f"{name:8} {planted:8} {families:9} {found:>7} {false:>13} {s.with_wrong / families:18.3f}")
    by_chance(40, 4_000, 2_000)
    by_chance(40, 20_000, 3_000)
    speed(100_000, 25_000)


if __name__ == "__main__":
    main()
