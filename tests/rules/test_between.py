"""A pain of the space between is told from one inside a service, and what too few tell is not said."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from insight.painpoints import between
from insight.painpoints.between import Steps, belonging, log_odds, signs_of_passages, signs_of_steps, spread

SERVICES = ("Council housing repairs", "GP surgery", "Library")


def steps(**asked: Any) -> Steps:
    held = {
        "story": [0, 0, 0, 1],
        "organisation": [5, 5, 6, 7],
        "sent_elsewhere": [False] * 4,
        "told_again": [False] * 4,
        "waited_days": [3, 3, 3, 3],
    }
    return Steps(**{name: np.array(column) for name, column in (held | asked).items()})


def test_a_handoff_is_between_two_organisations_of_one_journey() -> None:
    shown = signs_of_steps(steps())
    assert shown[:, 3].tolist() == [False, True, True, False]
    assert shown[:, 2].tolist() == [False, True, False, False]  # only who waits before the handoff waits for another
    assert not signs_of_steps(steps(organisation=[5, -1, 6, 7]))[:, 3].any()  # an unknown organisation is no other


@pytest.mark.parametrize(
    ("text", "service", "expected"),
    [
        ("They said the council had to do it", 1, [True, True]),
        ("The doctor was late", 1, [False, False]),
        ("The doctor was late", 0, [True, False]),
        ("I asked at the library", 1, [True, False]),
        ("Each blamed the other", 0, [False, True]),
        ("The police asked the hospital", -1, [True, False]),
        ("The hospital was cold", -1, [False, False]),
        ("The book was torn", 2, [False, False]),
    ],
)
def test_words_that_name_another_service_or_the_space_between(text: str, service: int, expected: list[bool]) -> None:
    assert signs_of_passages([text], np.array([service], np.int32), SERVICES)[0].tolist() == expected


def verdicts(shown: list[float], journeys: int) -> list[str]:
    """Themes of so many journeys, of which so large a share was sent elsewhere."""
    themes = np.repeat(np.arange(len(shown)), journeys).astype(np.int32)
    of_steps = np.zeros((len(themes), 4), bool)
    for theme, share in enumerate(shown):
        of_steps[np.flatnonzero(themes == theme)[: round(share * journeys)], 0] = True
    rows = np.arange(len(themes), dtype=np.int32)
    found = belonging(themes, rows, rows, of_steps, np.zeros((len(themes), 2), bool))
    return [one.verdict for one in found]


def test_what_stands_out_is_between_and_what_does_not_is_inside() -> None:
    assert verdicts([0.8, 0.1, 0.1, 0.1], 60) == ["between services", *["inside a service"] * 3]


def test_few_journeys_say_nothing() -> None:
    assert verdicts([0.8, 0.1], 6) == ["cannot say"] * 2
    assert verdicts([0.4, 0.3], 20)[0] == "cannot say"


def test_a_journey_counts_once_however_often_it_says_so() -> None:
    themes, stories = np.zeros(30, np.int32), np.zeros(30, np.int32)
    (found,) = belonging(themes, stories, np.zeros(30, np.int32), np.ones((1, 4), bool), np.ones((30, 2), bool))
    assert (found.overall.journeys, found.overall.of) == (1, 1)
    assert [sign.name for sign in found.signs] == list(between.SIGNS)


@given(st.integers(0, 50), st.integers(0, 50), st.integers(1, 50), st.integers(1, 50))
def test_odds_turn_round_with_the_two_sides(a: int, b: int, more_a: int, more_b: int) -> None:
    ratio, low, high = log_odds(a, a + more_a, b, b + more_b)
    back, back_low, back_high = log_odds(b, b + more_b, a, a + more_a)
    assert low < ratio < high
    assert (ratio, low, high) == pytest.approx((-back, -back_high, -back_low))


def test_spread_is_the_number_of_services_that_tell_equally_often() -> None:
    found = spread([[20, 20, 20, 0], [30, 0, 0, 3], [1, 2, 3, 4]], [40, 40, 40, 40], threshold=5)
    assert found.services.tolist() == [3, 1, 0]
    assert found.even == pytest.approx([3, 1, 0])
    assert found.share[0, 0] == 0.5
    assert found.low[0, 0] < 0.5 < found.high[0, 0]
    assert np.isnan(found.share[1, 3])  # three journeys are fewer than the threshold: nothing of them is told


@given(st.lists(st.integers(0, 200), min_size=1, max_size=8))
def test_spread_never_exceeds_the_services_that_are_shown(counts: list[int]) -> None:
    found = spread([counts], [200] * len(counts), threshold=5)
    assert 0 <= found.even[0] <= found.services[0] + 1e-9
