"""The statistics of journeys: held to published figures, to other ways of working them out, and to what was planted."""

import itertools
from collections.abc import Sequence
from importlib import import_module
from math import factorial
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from scipy import stats

from insight.journeys.mining import feelings
from insight.journeys.mining.endings import stopped_at, survival
from insight.journeys.mining.feelings import Curve, emotion_curve, points_for, relative_position
from insight.journeys.mining.log import Log, offsets
from insight.journeys.mining.means import apart, mean, median, median_and_p90, share, step_mean, t95
from insight.journeys.mining.moments import WhyNot, relative_weights, weigh
from insight.painpoints.rules import difference

Floats = npt.NDArray[np.float64]
band: Any = import_module("benchmarks.emotion_band")

# Remission in weeks of 21 people on 6-mercaptopurine (Freireich et al. 1963), + still in remission; and the estimate
# with its log-log interval, as Kalbfleisch and Prentice (2002) and others work it out.
REMISSION = "6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+"
REMISSION_CURVE = [
    (6, 0.8571, 0.6197, 0.9516), (7, 0.8067, 0.5631, 0.9228), (10, 0.7529, 0.5032, 0.8894),
    (13, 0.6902, 0.4316, 0.8491), (16, 0.6275, 0.3675, 0.8049), (22, 0.5378, 0.2678, 0.7468),
    (23, 0.4482, 0.1881, 0.6801),
]  # fmt: skip


# means


@pytest.mark.parametrize("freedom", [1, 2, 3, 4, 7, 30, 1000])
def test_students_t_is_near_enough(freedom: int) -> None:
    assert t95(freedom) == pytest.approx(stats.t.ppf(0.975, freedom), abs=0.004)


def test_a_mean_has_students_interval_and_says_nothing_of_one_journey() -> None:
    values = np.array([1.0, 2.0, 2.0, 5.0, -1.0, 0.0])
    found = mean(values)
    assert found is not None
    expected = stats.t.interval(0.95, 5, values.mean(), stats.sem(values))
    assert (found.low, found.high) == pytest.approx(expected, abs=0.01)
    assert mean([3.0]) is None


def test_steps_that_only_repeat_their_journey_make_nothing_surer() -> None:
    each = np.array([2.0, -1.0, 0.0, 1.0, -2.0])
    once, often = step_mean(each, np.ones(5)), step_mean(each * 9, np.full(5, 9))
    assert once is not None and often is not None
    assert (often.low, often.high) == pytest.approx((once.low, once.high))


def test_shares_differ_by_newcombes_interval() -> None:
    found = apart(share(9, 40), share(30, 60))
    assert (found.value, found.low, found.high) == pytest.approx(difference(30, 60, 9, 40))
    assert found.differs
    assert not apart(share(9, 40), share(10, 40)).differs


def test_medians_and_their_differences_hold_the_truth_where_days_are_skew_and_tied() -> None:
    chance = np.random.default_rng(4)
    alone = both = 0
    for _ in range(600):
        first, second = (np.floor(chance.lognormal(2, 1, n)) for n in (40, 70))
        one, other = median(first), median(second * 2)
        assert one is not None and other is not None
        alone += one.low <= 7 <= one.high
        both += (found := apart(one, other)).low <= 7 <= found.high
    assert min(alone, both) / 600 > 0.93
    assert median([]) is None
    assert median_and_p90([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]) == (6, 10)


# feelings


def test_the_band_holds_the_whole_true_curve_about_95_times_in_100() -> None:
    draws = 600
    held = sum(band.covered(band.population(band.many_steps, 30_000), 150, draws))
    assert stats.binomtest(held, draws, 0.95).pvalue > 0.001
    assert held / draws > 0.92


def test_a_bootstrap_finds_the_same_width() -> None:
    journey, position, feeling = band.population(band.many_steps, 3_000).steps()
    curve = emotion_curve(journey, position, feeling, 10)
    widths = (curve.high - curve.low) / 2
    factors = widths / band.bootstrap(journey, position, feeling, 10)
    assert 2.5 < factors.mean() < 3.0  # wider than one point alone would be: 1.96
    assert np.ptp(factors) / factors.mean() < 0.25


def steps_of(lengths: list[int]) -> tuple[npt.NDArray[np.int64], Floats]:
    first = offsets(np.array(lengths, np.int64))
    return np.repeat(np.arange(len(lengths)), lengths), relative_position(first)


def test_positions_run_from_first_to_last_and_points_are_as_many_as_steps_allow() -> None:
    journey, position = steps_of([1, 2, 5])
    assert position.tolist() == [0, 0, 1, 0, 0.25, 0.5, 0.75, 1]
    assert points_for(journey, position) == 3
    assert points_for(*steps_of([3] * 9 + [40])) == 3
    assert points_for(*steps_of([2, 2, 6, 6])) == 6
    assert points_for(*steps_of([50] * 9)) == feelings.POINTS
    assert points_for(*steps_of([1] * 9)) == 1


def curve_of(lengths: list[int], feeling: Sequence[float]) -> Curve:
    return emotion_curve(*steps_of(lengths), np.array(feeling))


def test_points_of_too_few_journeys_are_left_out() -> None:
    curve = curve_of([2] * 12 + [3] * 4, [1, -1] * 12 + [1, 0, -1] * 4)
    assert curve.at.tolist() == [0, 1]
    assert len(curve_of([3] * 4, [0, 1, 2] * 4).at) == 0
    assert len(curve_of([], []).at) == 0


def test_one_mind_is_not_certainty_and_nothing_leaves_the_scale() -> None:
    """30 journeys that all felt the same do not show that nobody feels otherwise: at most 3 in 30 do."""
    curve = curve_of([2] * 30, [-2, 1] * 30)
    assert curve.low.tolist() == pytest.approx([-2, 1 - 3 * 0.1])
    assert curve.high.tolist() == pytest.approx([-2 + 4 * 0.1, 1 + 0.1])
    wild = curve_of([1] * 12, [2] * 11 + [-2])
    assert wild.high.max() <= 2


def test_points_that_say_exactly_the_same_have_a_band() -> None:
    felt = [value for value in np.random.default_rng(1).integers(-2, 3, 40).tolist() for _ in range(3)]
    curve = curve_of([3] * 40, felt)
    assert np.isfinite(curve.low).all()
    assert (curve.low < curve.mean).all()
    again = curve_of([3] * 40, felt)
    assert again.low.tolist() == curve.low.tolist()


# moments


def test_relative_weights_are_near_the_mean_over_all_orders() -> None:
    """Against R squared split by every order of entry (Lindeman, Merenda and Gold 1980), which takes m! fits."""
    chance = np.random.default_rng(3)
    common = chance.normal(size=(4_000, 1))
    x = 0.6 * common + chance.normal(size=(4_000, 5))
    y = x @ np.array([0.5, 0.3, 0.0, 0.2, 0.1]) + chance.normal(size=4_000)
    whole = np.corrcoef(np.column_stack([x, y]), rowvar=False)
    correlation, with_y = whole[:-1, :-1], whole[:-1, -1]

    def explained(chosen: tuple[int, ...]) -> float:
        rows = list(chosen)
        return float(with_y[rows] @ np.linalg.solve(correlation[np.ix_(rows, rows)], with_y[rows])) if rows else 0.0

    exact = np.zeros(5)
    for order in itertools.permutations(range(5)):
        for place, predictor in enumerate(order):
            exact[predictor] += explained(order[: place + 1]) - explained(order[:place])
    exact /= factorial(5)
    found = relative_weights(correlation, with_y)
    assert found.sum() == pytest.approx(explained(tuple(range(5))))
    assert np.abs(found - exact).max() < 0.01


def felt_journeys(seed: int, slope: float, journeys: int = 1_200, touchpoints: int = 6) -> Any:
    """Steps through touchpoints, and an outcome that goes with the feeling at touchpoint 2 by ``slope``."""
    chance = np.random.default_rng(seed)
    lengths = np.clip(chance.geometric(0.25, journeys), 1, 12)
    journey = np.repeat(np.arange(journeys), lengths)
    touchpoint = chance.integers(0, touchpoints, len(journey)).astype(np.int32)
    mood = chance.normal(0, 0.5, journeys)
    feeling = np.clip(np.rint(mood[journey] + chance.normal(0, 0.9, len(journey))), -2, 2)
    there = touchpoint == 2
    visits = np.bincount(journey[there], minlength=journeys)
    felt = np.bincount(journey[there], feeling[there], journeys) / np.maximum(visits, 1)
    likely = slope * felt + chance.normal(0, 1, journeys)
    return journey, touchpoint, feeling, np.digitize(likely, [-0.3, 0.4]) / 2, lengths


def test_a_planted_moment_is_found_and_the_order_of_journeys_does_not_matter() -> None:
    journey, touchpoint, feeling, outcome, lengths = felt_journeys(1, slope=0.5)
    found = weigh(journey, touchpoint, feeling, outcome, lengths)
    assert found.why_not is None
    assert found.touchpoint[0] == 2
    assert found.low[0] <= found.share[0] <= found.high[0]
    assert found.share.sum() == pytest.approx(1)
    turned = weigh(len(lengths) - 1 - journey[::-1], touchpoint[::-1], feeling[::-1], outcome[::-1], lengths[::-1])
    assert turned.share.tolist() == pytest.approx(found.share.tolist(), abs=1e-5)


def test_no_moment_is_shown_where_none_was_planted() -> None:
    shown = [weigh(*felt_journeys(seed, slope=0.0, touchpoints=2 + seed % 3)).why_not is None for seed in range(60)]
    assert sum(shown) <= 3


def test_why_no_moment_is_shown_is_said() -> None:
    journey, touchpoint, feeling, outcome, lengths = felt_journeys(1, slope=0.5)
    none_told = np.full(len(outcome), np.nan)
    assert weigh(journey, touchpoint, feeling, none_told, lengths).why_not is WhyNot.FEW_VISITS
    assert weigh(journey, touchpoint * 0, feeling, outcome, lengths).why_not is WhyNot.FEW_VISITS
    assert weigh(journey, touchpoint, feeling, outcome * 0, lengths).why_not is WhyNot.ONE_OUTCOME
    everyone, everywhere = np.repeat(np.arange(40), 20), np.tile(np.arange(20, dtype=np.int32), 40)
    few = weigh(everyone, everywhere, np.ones(800), np.tile([0.0, 1.0], 20), np.full(40, 20))
    assert few.why_not is WhyNot.FEW_JOURNEYS
    rarely = weigh(everyone[:580], everywhere[:580], np.ones(580), np.tile([0.0, 1.0], 20), np.full(40, 20))
    assert rarely.why_not is WhyNot.FEW_VISITS  # 29 journeys at each
    nothing = np.zeros(0, np.int64)
    assert weigh(nothing, nothing.astype(np.int32), np.zeros(0), np.zeros(0), nothing).why_not is WhyNot.FEW_VISITS


# endings


def test_kaplan_and_meier_as_in_the_books() -> None:
    weeks = np.array([float(week.rstrip("+")) for week in REMISSION.split()])
    still = np.array([week.endswith("+") for week in REMISSION.split()])
    found = survival(weeks, ~still, still)
    assert found is not None
    rows = np.column_stack([found.days, found.share, found.low, found.high]).round(4)
    assert rows[0].tolist() == [0, 1, 1, 1]
    assert rows[1:].tolist() == [list(row) for row in REMISSION_CURVE]
    assert (found.median_days, found.journeys, found.open) == (23, 21, 12)


def test_a_journey_that_stopped_is_never_sorted_out() -> None:
    """Without open journeys the curve is simply the share sorted out by then, with the variance of a share."""
    chance = np.random.default_rng(2)
    days, resolved = chance.integers(0, 60, 500).astype(float), chance.random(500) < 0.6
    found = survival(days, resolved, np.zeros(500, bool))
    assert found is not None
    last = float(resolved.mean())
    assert found.share[-1] == pytest.approx(1 - last)
    middle = len(found.days) // 2
    by_then = float((resolved & (days <= found.days[middle])).mean())
    assert found.share[middle] == pytest.approx(1 - by_then)
    error = np.sqrt(by_then * (1 - by_then) / 500)
    assert found.high[middle] - found.low[middle] == pytest.approx(2 * 1.96 * error, rel=0.02)


def test_survival_without_a_known_day_or_an_ending() -> None:
    assert survival(np.array([np.nan, -1.0]), np.ones(2, bool), np.zeros(2, bool)) is None
    nobody = survival(np.array([3.0, 9.0]), np.zeros(2, bool), np.ones(2, bool))
    assert nobody is not None
    assert (nobody.share.tolist(), nobody.median_days, nobody.open) == ([1.0], None, 2)
    all_at_once = survival(np.zeros(4), np.ones(4, bool), np.zeros(4, bool))
    assert all_at_once is not None
    assert (all_at_once.share[-1], all_at_once.median_days) == (0, 0)


def test_open_journeys_have_neither_stopped_at_their_latest_step_nor_gone_past_it() -> None:
    paths = [[0, 1], [0, 1, 1], [0, 1, 2], [0], [0, 2], []]  # stopped, stopped, resolved, open, open, stopped unknown
    log = Log(
        np.concatenate([np.array(path, np.int32) for path in paths]),
        offsets(np.array([2, 3, 3, 1, 2, 0])),
        ("a", "b", "c"),
    )
    resolved, still = np.array([0, 0, 1, 0, 0, 0], bool), np.array([0, 0, 0, 1, 1, 0], bool)
    found = stopped_at(log, resolved, still)
    assert found.reached.tolist() == [4, 3, 1]
    assert found.stopped.tolist() == [0, 2, 0]
