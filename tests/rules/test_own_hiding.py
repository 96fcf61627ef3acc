"""The counts of equality answers and of surveys, which hide by rules of their own, against the attacker."""

from collections.abc import Sequence

import numpy as np
import pytest

from insight.equality.rules import counts_shown
from insight.privacy import Protection
from insight.privacy.audit_lp import Published, audit, sums_of
from insight.privacy.tables import HIDDEN, Disclosed
from insight.surveys.results import hide_small

LEAST = Protection(5, zeros=True)


def recovered(counts: Sequence[int], seen: Sequence[int | None], *, told_which: bool) -> int:
    """How many small counts are worked out from those shown and their sum, which all know.

    ``told_which``: the attacker knows which hidden counts are small; else only that some are.
    """
    whole = np.array([*counts, sum(counts)])
    hidden = np.array([*(one is None for one in seen), False])
    values = np.where(hidden, HIDDEN, whole)
    shown = Disclosed(values, hidden, whole < LEAST.threshold, (True,), LEAST, refused=not told_which)
    return len(audit([Published(shown, sums_of((len(counts),), (True,)))], counts).recovered)


def random_counts() -> list[list[int]]:
    draw = np.random.default_rng(6)
    return [[*draw.integers(0, draw.choice([6, 12, 40]), draw.integers(3, 9)).tolist(), 30] for _turn in range(80)]


def survey(counts: Sequence[int]) -> list[int | None]:
    return list(hide_small({str(place): n for place, n in enumerate(counts)}, LEAST.threshold)[0].values())


@pytest.mark.parametrize("counts", [[4, 4, 20], [4, 4, 4, 9, 30], [0, 0, 5, 40], [1, 40, 60]])
def test_small_counts_of_a_survey_that_stand_at_their_most_or_least(counts: list[int]) -> None:
    assert recovered(counts, survey(counts), told_which=True) == 0


def test_no_small_count_of_a_survey_is_worked_out() -> None:
    found = [(counts, survey(counts)) for counts in random_counts()]
    assert sum(one is None for _counts, seen in found for one in seen) > 100
    assert sum(one is not None for _counts, seen in found for one in seen) > 50
    assert not any(recovered(counts, seen, told_which=True) for counts, seen in found)


def test_no_small_count_of_who_we_heard_is_worked_out() -> None:
    found = [(counts, counts_shown(counts, LEAST.threshold)) for counts in random_counts()]
    assert sum(one is None for _counts, seen in found for one in seen) > 100
    assert not any(recovered(counts, seen, told_which=False) for counts, seen in found)


def test_the_attacker_finds_a_count_that_is_hidden_alone() -> None:
    assert recovered([2, 20, 30], [None, 20, 30], told_which=True) == 1
    assert recovered([4, 4, 30], [None, None, 30], told_which=True) == 2
