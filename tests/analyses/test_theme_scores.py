"""Scores of themes against labels are those of the books, and count every row once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import (
    adjusted_rand_score,
    homogeneity_completeness_v_measure,
    normalized_mutual_info_score,
)

from insight.themes.scoring import agreement, best_matches, in_words, macro_f1, score


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=20))
def test_agreement_is_that_of_scikit_learn(pairs: list[tuple[int, int]]) -> None:
    labels, themes = zip(*pairs, strict=True)
    measures = agreement(pairs)
    assert measures["NMI"] == pytest.approx(normalized_mutual_info_score(labels, themes), abs=2e-6)
    assert measures["ARI"] == pytest.approx(adjusted_rand_score(labels, themes), abs=2e-6)
    parts = homogeneity_completeness_v_measure(labels, themes)[:2]
    assert [measures["homogeneity"], measures["completeness"]] == pytest.approx(parts, abs=2e-6)


def test_best_match_by_hand() -> None:
    rows = [({"bus"}, (0,)), ({"bus", "bin"}, (0, 1)), ({"bus"}, (1,)), ({"bin"}, (1,)), ({"tax"}, (1,))]
    bus, bin_, tax = best_matches(rows)
    assert (bus.label, bus.rows, bus.theme) == ("bus", 3, 0)
    assert [bus.precision, bus.recall, bus.f1] == pytest.approx([1, 2 / 3, 4 / 5])
    assert (bin_.label, bin_.theme, bin_.precision, bin_.recall) == ("bin", 1, 0.5, 1)
    assert (tax.label, tax.theme) == ("tax", 1)
    assert tax.f1 == pytest.approx(2 / 5)
    assert macro_f1([bus, bin_, tax]) == pytest.approx((4 / 5 + 2 / 3 + 2 / 5) / 3, abs=1e-6)


def test_equal_matches_fall_to_the_lower_theme() -> None:
    assert best_matches([({"bus"}, (7,)), ({"bus"}, (2,))])[0].theme == 2


def test_agreement_takes_rows_with_one_label_and_the_rest_is_counted() -> None:
    labels = [{"bus"}, {"bus", "bin"}, {"bin"}, set(), {"bin"}, set()]
    scored = score(labels, [(0,), (1, 0), (1,), (2,), (), ()])
    assert (scored.rows, scored.single, scored.themes) == (3, 2, 2)
    assert scored.left_out == {"nothing written": 2, "no label": 1}
    record = scored.as_record("subject")
    assert (record["NMI"], record["ARI"], record["macro F1"]) == (1, 1, pytest.approx(1))
    assert in_words(record) == (
        "Against 'subject' (3 rows, 2 labels, 2 themes): NMI 1.000, ARI 1.000, homogeneity 1.000, completeness 1.000 "
        "on the 2 rows with one label, best-match macro-F1 1.000. Rows left out: nothing written 2, no label 1."
    )


def test_without_a_row_of_one_label_there_is_no_agreement_to_tell() -> None:
    record = score([{"bus", "bin"}], [(0,)]).as_record("subject")
    assert record["NMI"] is None
    assert in_words(record) == "Against 'subject' (1 rows, 2 labels, 1 themes): best-match macro-F1 1.000."
