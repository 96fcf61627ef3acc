"""Agreement of people: held to published examples, to what other programs work out, and to its own laws."""

from collections.abc import Iterable
from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from insight.codebook.agreement import Agreement, agreement, coefficients
from insight.codebook.model import Coding

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)

# Krippendorff (2011), "Computing Krippendorff's Alpha-Reliability", section C: four observers, twelve units, . missing.
OBSERVERS = {"a": "123321412...", "b": "1233224125.3", "c": ".3332342251.", "d": "12332441251."}


def coded(told: Iterable[tuple[str, int, tuple[int, ...] | None]]) -> list[Coding]:
    return [Coding(id=at, story=1, passage=p, themes=said, by=by, at=NOON) for at, (by, p, said) in enumerate(told)]


def both(yes: int, first: int, second: int, no: int) -> list[Coding]:
    """Two people on one theme, 1: how often both saw it, only one, only the other, and neither."""
    pairs = [((1,), (1,))] * yes + [((1,), ())] * first + [((), (1,))] * second + [((), ())] * no
    return coded((by, p, said) for p, pair in enumerate(pairs) for by, said in zip("ab", pair, strict=True))


def figures(found: Agreement, theme: int = 1) -> tuple[float, float | None, float]:
    agreed = next(agreed for agreed in found.themes if agreed.theme == theme)
    assert agreed.agreement is not None and agreed.ac1 is not None
    return agreed.agreement.value, agreed.alpha.value if agreed.alpha else None, agreed.ac1.value


def test_alpha_is_as_krippendorff_published_it() -> None:
    told = [(by, p, (int(x),)) for by, row in OBSERVERS.items() for p, x in enumerate(row) if x != "."]
    found = agreement(coded(told), range(1, 6))
    assert found.over_all.alpha is not None
    assert round(found.over_all.alpha.value, 3) == 0.743
    assert (found.people, found.over_all.passages, found.alone) == (("a", "b", "c", "d"), 11, 1)
    counts = np.array(
        [[[column.count(str(x)) for x in range(1, 6)]] for column in zip(*OBSERVERS.values(), strict=True)]
    )
    # irrCAC 0.4.4 has AC1 .7754: the unit that one alone answered counts towards what chance would have
    assert coefficients(np.ones((1, 12)), counts)[0][1:, 0, 0] == pytest.approx((0.7434, 0.7754), abs=5e-5)


@pytest.mark.parametrize(
    ("cells", "alpha", "ac1"),
    # Gwet's example of the paradox: people agree on 118 of 125, and kappa is below nothing. AC1 is his, alpha and the
    # other figures are those of the packages krippendorff 0.9.0 and irrCAC 0.4.4.
    [((118, 5, 2, 0), -0.0247, 0.9408), ((40, 9, 6, 45), 0.7008, 0.7007), ((80, 10, 5, 5), 0.3177, 0.808)],
)
def test_two_people_agree_as_other_programs_have_it(cells: tuple[int, int, int, int], alpha: float, ac1: float) -> None:
    found = figures(agreement(both(*cells), [1]))
    assert found == pytest.approx(((cells[0] + cells[3]) / sum(cells), alpha, ac1), abs=5e-5)


def test_intervals_are_near_those_worked_out_by_calculus() -> None:
    # irrCAC 0.4.4 for 40, 9, 6, 45: alpha .558 to .844, AC1 .558 to .843.
    found = agreement(both(40, 9, 6, 45), [1]).themes[0]
    assert found.alpha is not None and found.ac1 is not None
    assert (found.alpha.low, found.alpha.high) == pytest.approx((0.558, 0.844), abs=0.02)
    assert (found.ac1.low, found.ac1.high) == pytest.approx((0.558, 0.843), abs=0.02)
    assert agreement(both(40, 9, 6, 45), [1]).themes[0] == found


def test_what_somebody_left_blank_is_never_agreement() -> None:
    some = both(10, 3, 2, 5)
    more = coded((coding.by, coding.passage, coding.themes) for coding in some) + [
        Coding(1000 + p, 1, 500 + p, (), "a", NOON) for p in range(80)
    ]
    found = agreement(more, [1])
    assert found.themes == agreement(some, [1]).themes
    assert found.alone == 80
    taken_back = [*some, Coding(2000, 1, 0, None, "b", NOON)]
    assert agreement(taken_back, [1]).themes[0].passages == 19


def test_the_latest_answer_of_a_person_counts() -> None:
    found = agreement(coded([("a", 1, (5,)), ("b", 1, (4,)), ("a", 1, (4,))]), [4, 5])
    assert found.disagreements == ()
    assert [theme.positives for theme in found.themes] == [1, 0]


def test_where_nobody_varies_alpha_is_not_said_and_a_rare_theme_is_not_sure() -> None:
    none = agreement(both(0, 0, 0, 40), [1]).themes[0]
    assert none.alpha is None and none.ac1 is not None and none.agreement is not None
    assert (none.agreement.value, none.ac1.value) == (1, 1)
    assert none.agreement.low == pytest.approx(0.9124, abs=1e-4)  # Wilson's for 40 of 40
    rare = agreement(both(1, 0, 0, 99), [1]).themes[0]
    assert rare.alpha is not None and rare.alpha.value == 1 and rare.alpha.low < 0


def test_nothing_answered_twice_says_nothing() -> None:
    found = agreement(coded([("a", 1, (5,)), ("b", 2, (5,))]), [5])
    assert (found.over_all.alpha, found.themes[0].agreement, found.alone) == (None, None, 2)


def test_disagreements_tell_who_said_what() -> None:
    told: list[tuple[str, int, tuple[int, ...] | None]] = [
        ("ada", 1, (5, 6)), ("bob", 1, (5,)), ("cy", 1, ()),
        ("ada", 2, (5,)), ("bob", 2, (5,)),
        ("ada", 3, (5, 6)), ("bob", 3, (6, 5)),
    ]  # fmt: skip
    first, third = agreement(coded(told), [5, 6]).disagreements
    assert (first.passage, first.split) == (1, (5, 6))
    assert first.said == (("ada", (5, 6)), ("bob", (5,)), ("cy", ()))
    assert (third.passage, third.split) == (3, ())


@settings(deadline=None)
@given(st.lists(st.lists(st.integers(0, 2), max_size=4), min_size=1, max_size=12))
def test_alpha_is_one_less_disagreement_over_chance_whoever_answered(told: list[list[int]]) -> None:
    counts = np.array([[[answers.count(c) for c in range(3)]] for answers in told], float)
    alpha = coefficients(np.ones((1, len(told))), counts)[0][1, 0, 0]
    pairs = [
        (x, y, 1 / (len(answers) - 1))
        for answers in told
        for i, x in enumerate(answers)
        for j, y in enumerate(answers)
        if i != j
    ]
    values = [x for answers in told if len(answers) > 1 for x in answers]
    by_chance = sum(x != y for x in values for y in values)
    if not by_chance:
        assert np.isnan(alpha)
    else:
        observed = sum(weight for x, y, weight in pairs if x != y) / len(values)
        assert alpha == pytest.approx(1 - observed * len(values) * (len(values) - 1) / by_chance)
