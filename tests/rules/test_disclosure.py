"""No hidden number can be worked out: the attacker's linear program against tables, filters and releases."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from benchmarks.disclosure import INSIDE, OUTSIDE, one_release, two_releases
from insight.privacy import Protection
from insight.privacy.audit_lp import Published, audit, audit_rows, sums_of
from insight.privacy.differencing import apart
from insight.privacy.rounding import KEYS, record_keys, rounded
from insight.privacy.tables import HIDDEN, Settled, Table, disclose, row

COUNTS = arrays(np.int64, array_shapes(min_dims=1, max_dims=3, max_side=3), elements=st.integers(0, 30))


def recovered(counts: np.ndarray, protection: Protection, secondary: bool = True) -> int:
    """How many hidden numbers of a table the attacker works out."""
    keys = np.random.default_rng(1).integers(0, KEYS, counts.shape)
    shown = disclose(Table.of(counts, None, keys), protection, secondary=secondary)
    return len(audit([Published(shown, sums_of(counts.shape, shown.adds))], counts).recovered)


@pytest.mark.parametrize("protection", [INSIDE, OUTSIDE, Protection(3, zeros=True)], ids=["inside", "outside", "zeros"])
@settings(max_examples=30, deadline=None)
@given(counts=COUNTS)
def test_no_hidden_number_of_a_table_can_be_worked_out(counts: np.ndarray, protection: Protection) -> None:
    assert recovered(counts, protection) == 0


def test_the_attacker_finds_what_is_not_protected() -> None:
    counts = np.array([[20, 3, 12], [14, 9, 30], [7, 8, 11]])
    assert recovered(counts, INSIDE, secondary=False) == 1
    assert recovered(counts, INSIDE) == 0


def test_the_cheapest_box_is_hidden_and_no_more() -> None:
    shown = disclose(Table.of([[20, 3, 12], [14, 9, 30], [7, 8, 11]]), INSIDE)
    assert shown.values.tolist() == [[20, -1, -1, 35], [14, 9, 30, 53], [7, -1, -1, 26], [41, 20, 53, 114]]
    assert shown.small.sum() == 1 and shown.number(0, 1) is None and shown.number(0, 0) == 20


@pytest.mark.parametrize("secondary", [True, False])
def test_one_release_under_random_filters(secondary: bool) -> None:
    draw = np.random.default_rng(6)
    found = [one_release(draw, INSIDE, secondary) for _turn in range(15)]
    assert sum(one.suppressed for one in found) > 100
    assert (sum(len(one.recovered) for one in found) == 0) is secondary, "the planted weakness must be found"


def test_two_releases_that_leave_the_place() -> None:
    draw = np.random.default_rng(6)
    found = [two_releases(draw, OUTSIDE) for _turn in range(6)]
    assert sum(one.suppressed for one in found) > 200 and not any(one.recovered for one in found)


@pytest.mark.parametrize("secondary", [True, False])
def test_rows_are_attacked_without_a_program_and_with_the_same_end(secondary: bool) -> None:
    draw = np.random.default_rng(6)
    for turn in range(40):
        counts = draw.poisson(draw.choice([1, 3, 8, 20]), (draw.integers(1, 5), draw.integers(2, 9))).astype(np.int64)
        keys = draw.integers(0, KEYS, counts.shape)
        shown = disclose(Table.of(counts, (False, True), keys), INSIDE if turn % 2 else OUTSIDE, secondary=secondary)
        one = Published(shown, sums_of(counts.shape, shown.adds))
        assert audit_rows(one, counts).facts() == audit([one], counts).facts()


def test_a_row_alone_hides_what_the_general_way_hides() -> None:
    draw = np.random.default_rng(6)
    for turn in range(200):
        counts = draw.poisson(draw.choice([1, 3, 6, 12]), draw.integers(2, 14)).astype(np.int64)
        asked = INSIDE if turn % 2 else Protection(3, zeros=True)
        known = np.append(np.zeros(len(counts), bool), True)
        whole = disclose(Table.of(counts), asked, Settled(known, ~known & known, ~known & known))
        assert row(counts, asked) == tuple(whole.number(at) for at in range(len(counts)))


def test_axes_that_do_not_add_hide_small_numbers_alone() -> None:
    shown = disclose(Table.of([[20, 3], [14, 9]], adds=(False, False)), INSIDE)
    assert shown.values.tolist() == [[20, HIDDEN], [14, 9]]


def test_a_row_hides_another_where_one_alone_would_be_known() -> None:
    assert row([40, 2, 11, 25], INSIDE) == (40, None, None, 25)
    assert row([40, 11, 25], INSIDE) == (40, 11, 25)
    assert row([40, 0, 25], INSIDE) == (40, None, 25)  # inside the place, that nobody said it is no secret
    assert row([40, 2, 1], INSIDE) == (40, None, None)
    assert row([40, 4, 4], INSIDE) == (None, None, None) or 40 in row([40, 4, 4], INSIDE)


def test_the_same_journeys_give_the_same_number() -> None:
    keys = record_keys(range(200))
    one, other = keys[:13].sum(), keys[np.random.default_rng(0).permutation(13)].sum()
    assert len(set(keys.tolist())) == 200 and (keys == record_keys(range(200))).all()
    assert rounded(np.array([13]), np.array([one]), 5) == rounded(np.array([13]), np.array([other]), 5)


def test_rounding_is_right_on_average_and_never_off_by_a_step() -> None:
    counts = np.repeat(np.arange(10, 20), 4_000)
    found = rounded(counts, np.random.default_rng(3).integers(0, KEYS, len(counts)), 5)
    assert (found % 5 == 0).all() and (abs(found - counts) < 5).all()
    assert np.allclose(found.reshape(10, -1).mean(1), np.arange(10, 20), atol=0.15)


def test_a_count_under_filters_is_hidden_where_another_tells_the_rest() -> None:
    # five things: told by as many under no filter, under each, and under both; the last is small anyway
    told = {
        (): np.array([30, 30, 30, 30, 9]),
        (0,): np.array([30, 28, 20, 18, 4]),
        (1,): np.array([20, 20, 20, 20, 9]),
        (0, 1): np.array([20, 20, 10, 17, 4]),
    }
    assert apart(lambda chosen: told[chosen], 2, INSIDE).tolist() == [True, False, True, False, True]
    assert apart(lambda chosen: told[chosen], 1, INSIDE).tolist() == [True, False, True, True, True]
    assert apart(lambda chosen: told[chosen], 0, INSIDE).all()
