"""What changed: formulas held to scipy's, alarms to what was planted, and small numbers hidden."""

from dataclasses import replace
from importlib import import_module
from typing import Any

import numpy as np
import pytest
from scipy import stats

from insight.painpoints import changing as screen
from insight.painpoints.changing import FALLING, NEW, RISING, STEADY, changes, changing
from insight.painpoints.cube import Cube, scope
from insight.painpoints.judging import at_least, fisher, q_values
from insight.painpoints.model import Filters
from tests.rules.test_differing import cube_of

made: Any = import_module("benchmarks.what_changed")
DRAW = np.random.default_rng(11)
MONTHS = tuple(f"2025-{month:02}" for month in range(9, 13)) + tuple(f"2026-{month:02}" for month in range(1, 11))


@pytest.mark.parametrize("times", [0.5, 1.0, 3.0])
def test_chances_of_counts_are_those_of_scipy(times: float) -> None:
    mean = DRAW.uniform(0.05, 200, 300)
    count = np.floor(mean * DRAW.uniform(0, 3, 300))
    variance = mean * times
    if times < 1:
        size = np.ceil(mean / 0.5)
        mean, variance = size * 0.5, size * 0.25
        expected = stats.binom.sf(count - 1, size, 0.5)
    elif times == 1:
        expected = stats.poisson.sf(count - 1, mean)
    else:
        expected = stats.nbinom.sf(count - 1, mean / 2, 1 / 3)
    assert at_least(count, mean, variance) == pytest.approx(expected, rel=1e-8, abs=1e-12)


def test_fishers_test_is_that_of_scipy() -> None:
    of = DRAW.integers(10, 30_000, 300)
    first, second = (np.floor(of * DRAW.uniform(0, 1, 300)).astype(int) for _ in range(2))
    both = np.clip(
        first * second // of + DRAW.integers(-9, 10, 300), np.maximum(0, first + second - of), np.minimum(first, second)
    )
    more, fewer = fisher(both, first, second, of)
    assert more == pytest.approx(stats.hypergeom.sf(both - 1, of, first, second), rel=1e-7, abs=1e-12)
    assert fewer == pytest.approx(stats.hypergeom.cdf(both, of, first, second), rel=1e-7, abs=1e-12)


def test_q_values_are_those_of_scipy() -> None:
    p = DRAW.random(200) ** 3
    assert q_values(p) == pytest.approx(stats.false_discovery_control(p))
    assert q_values(np.zeros(0)).tolist() == []


# alarms


def test_of_a_thousand_themes_the_fifty_that_burst_are_found_and_few_others() -> None:
    steady, swinging = made.score(4, 50, 0.0), made.score(4, 50, made.SWING)
    assert steady.recall >= 0.75
    assert swinging.recall >= 0.6
    assert max(steady.false_share, swinging.false_share) <= 0.07


def test_where_nothing_changes_hardly_any_family_has_an_alarm() -> None:
    assert made.score(6, 0, 0.0).with_wrong + made.score(6, 0, made.SWING).with_wrong <= 2


def counted(*themes: tuple[int, int]) -> np.ndarray:
    """Journeys now and before, spread over three and nine months."""
    rows = [
        [*np.diff(np.linspace(0, now, 4).astype(int)), *np.diff(np.linspace(0, old, 10).astype(int))]
        for now, old in themes
    ]
    return np.array(rows, np.int64)


HEARD = np.full(12, 200)


def test_a_change_comes_with_its_ratio_interval_and_plain_numbers() -> None:
    (rising,) = [change for change in changes([40, 70], counted((60, 45), (20, 60)), HEARD) if change.theme == 40]
    assert (rising.kind, rising.recent, rising.earlier, rising.sure) == (RISING, 60, 45, True)
    assert rising.ratio == pytest.approx(4.0)
    assert rising.low is not None and rising.high is not None and rising.low * rising.high == pytest.approx(16)
    assert rising.low == pytest.approx(4 * np.exp(-1.959964 * np.sqrt(1 / 60 - 1 / 600 + 1 / 45 - 1 / 1800)))


@pytest.mark.parametrize(
    ("numbers", "kind", "told"),
    [
        ((60, 45), RISING, (60, 45)),
        ((5, 180), FALLING, (5, 180)),
        ((2, 180), FALLING, (None, 180)),
        ((30, 0), NEW, (30, None)),
        ((40, 3), RISING, (40, None)),
        ((20, 60), STEADY, (20, 60)),
        ((250, 600), STEADY, (250, 600)),  # sure, but a quarter more is not much
        ((6, 4), STEADY, (6, None)),
    ],
)
def test_kinds_of_change_and_what_is_hidden(
    numbers: tuple[int, int], kind: str, told: tuple[int | None, int | None]
) -> None:
    (change,) = changes([9], counted(numbers), HEARD)
    assert (change.kind, change.recent, change.earlier) == (kind, *told)
    assert (change.ratio is None) == (None in told)
    assert (change.q is None) == (None in told and kind != NEW)


def test_what_nobody_may_see_is_left_out_and_what_comes_and_goes_is_no_alarm() -> None:
    assert changes([1], counted((4, 4)), HEARD) == ()
    swings = np.array([[20, 10, 6, 1, 0, 22, 0, 2, 18, 0, 1, 3]], np.int64)
    even = np.array([[20, 10, 6, 5, 5, 6, 5, 5, 6, 5, 5, 5]], np.int64)
    assert [changes([1], counts, HEARD)[0].sure for counts in (swings, even)] == [False, True]


def monthly(*told: tuple[int, int, int]) -> Cube:
    """A cube of (month, theme, journeys)."""
    cube = cube_of([(month, [(theme, 0)]) for month, theme, n in told for _ in range(n)], "story_month")
    return replace(cube, words={**cube.words, "month": MONTHS})


def test_a_cube_is_read_by_its_months_wherever_its_numbers_lie() -> None:
    cube = monthly(
        *((month, 4_000_000, 20) for month in range(14)), *((month, 77, 9) for month in (11, 12, 13)), (1, 77, 6)
    )
    found = changing(cube, scope(cube, Filters()))
    assert found is not None
    assert (found.recent_months, found.earlier_months) == (("2026-08", "2026-10"), ("2025-11", "2026-07"))
    assert (found.of_recent, found.of_earlier) == (87, 180)
    assert [(change.theme, change.kind, change.recent) for change in found.themes] == [
        (77, NEW, 27),
        (4_000_000, STEADY, 60),
    ]
    before = changing(cube, scope(cube, Filters(last_month="2026-07")), until="2026-07")
    assert before is not None and before.recent_months == ("2026-05", "2026-07")


def test_months_without_a_story_are_months() -> None:
    cube = replace(cube := monthly((0, 1, 30), (1, 1, 30)), words={**cube.words, "month": ("2026-01", "2026-06")})
    found = changing(cube, scope(cube, Filters()))
    assert found is not None and (found.of_recent, found.of_earlier) == (30, 30)


def test_too_little_heard_says_nothing() -> None:
    for cube in (monthly((13, 1, 30)), monthly((13, 1, 30), (2, 1, 4))):
        assert changing(cube, scope(cube, Filters())) is None
    assert screen.changes([], np.zeros((0, 12), np.int64), HEARD) == ()
