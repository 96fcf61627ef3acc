"""What an attacker works out of random tables under random filters, alone and from two releases together.

``python benchmarks/disclosure.py [--tables 1000] [--seed 6]``. Each table has one or two sides and one or two filters
that cut its journeys at random; all of it is published at once: the whole, and the view under every choice of filters.
The attacker is ``insight.privacy.audit_lp``. As a check that it can see anything, a tenth of the tables go to it once
more without secondary suppression.
"""

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array, hstack

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from insight.privacy.audit_lp import Audit, Published, audit, sums_of
from insight.privacy.differencing import asked_of, views
from insight.privacy.rounding import KEYS
from insight.privacy.rules import Protection

Longs = npt.NDArray[np.int64]
INSIDE, OUTSIDE = Protection(5), Protection(10, 5, zeros=True)


@dataclass(frozen=True)
class Made:
    """Journeys in groups (..., 2, ..., 2), the last axes one for each filter, with the sums of their record keys."""

    counts: Longs
    keys: Longs
    filters: int

    def grown(self, draw: np.random.Generator) -> "Made":
        """The same with a few journeys more, as a later release has them."""
        more = draw.poisson(draw.choice([0.1, 0.5, 2.0]), self.counts.shape)
        return Made(self.counts + more, self.keys + _keys(draw, more), self.filters)


def made(draw: np.random.Generator) -> Made:
    """A random table: empty, thin and full ones, even and skewed, filters that take a little or a lot."""
    own, filters = int(draw.integers(1, 3)), int(draw.integers(1, 3))
    shape = tuple(draw.integers(2, 6, own).tolist())
    mean = draw.choice([1.0, 4.0, 12.0, 40.0])
    table = draw.negative_binomial(draw.choice([0.4, 1.0, 5.0]), 0.5, shape) * draw.poisson(mean, shape)
    for _turn in range(filters):
        inside = draw.binomial(table, draw.choice([0.1, 0.5, 0.9, 0.98]))
        table = np.stack([inside, table - inside], -1)
    return Made(table, _keys(draw, table), filters)


def _keys(draw: np.random.Generator, counts: Longs) -> Longs:
    each = [int(draw.integers(0, KEYS, n).sum()) for n in counts.ravel()]
    return np.array(each, np.int64).reshape(counts.shape)


def published(one: Made, protection: Protection, secondary: bool) -> Iterator[Published]:
    """All views of a table as they are shown, each with the groups that its cells sum."""
    own = one.counts.ndim - one.filters
    for chosen, shown in views(one.counts, one.filters, protection, one.keys, secondary).items():
        groups = _groups(one.counts.shape, own, chosen)
        yield Published(shown, groups, asked_of(shown, own))


def _groups(shape: tuple[int, ...], own: int, chosen: tuple[int, ...]) -> csr_array:
    """Which groups the cells of a view sum: with its sums, those filters that were not chosen summed away."""
    whole = sums_of(shape, (True,) * len(shape))
    places = np.arange(whole.shape[0]).reshape(tuple(length + 1 for length in shape))
    left = tuple(2 if at >= own and at - own not in chosen else slice(None) for at in range(len(shape)))
    return csr_array(whole[places[left].ravel()])


def one_release(draw: np.random.Generator, protection: Protection, secondary: bool = True) -> Audit:
    """The attack on one release."""
    one = made(draw)
    return audit(list(published(one, protection, secondary)), one.counts)


def two_releases(draw: np.random.Generator, protection: Protection, secondary: bool = True) -> Audit:
    """The attack on two releases, the second of which holds all journeys of the first."""
    first = made(draw)
    second = first.grown(draw)
    seen = []
    for turn, one in enumerate((first, second)):
        for view in published(one, protection, secondary):
            added = view.groups if turn else csr_array(view.groups.shape)
            seen.append(Published(view.shown, csr_array(hstack([view.groups, added])), view.asked))
    return audit(seen, np.concatenate([first.counts.ravel(), (second.counts - first.counts).ravel()]))


ATTACKS: tuple[tuple[str, Callable[..., Audit], Protection], ...] = (
    ("inside, one release", one_release, INSIDE),
    ("outside, one release", one_release, OUTSIDE),
    ("outside, two releases", two_releases, OUTSIDE),
    ("inside, two runs (not promised)", two_releases, INSIDE),
)


def main() -> None:
    """Attack, and print what came of it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--tables", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=6)
    asked = parser.parse_args()
    for name, attack, protection in ATTACKS:
        for secondary, tables in ((True, asked.tables), (False, asked.tables // 10)):
            draw, started = np.random.default_rng(asked.seed), time.perf_counter()
            found = [attack(draw, protection, secondary) for _turn in range(tables)]
            print(
                f"{name}{'' if secondary else ', no secondary suppression'}: {tables:,} tables, "
                f"{sum(one.tables for one in found):,} views, {sum(one.cells for one in found):,} cells, "
                f"{sum(one.suppressed for one in found):,} that nobody may know, "
                f"{sum(len(one.recovered) for one in found):,} recovered; "
                f"{time.perf_counter() - started:.0f} s",
                flush=True,
            )


if __name__ == "__main__":
    main()
