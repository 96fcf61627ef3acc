"""Planted themes come out, the same on every run; small and odd inputs have an answer."""

import itertools
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.base import clone
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score
from sklearn.utils.estimator_checks import check_estimator

from insight.themes import (
    Findings,
    SentenceVectors,
    ThemeClusterer,
    find_themes,
    graph,
    lists,
    name_groups,
    theme_pipeline,
)
from insight.themes.communities import by_size, communities
from insight.themes.finding import wilson
from tests.conftest import shared

ROOT = Path(__file__).resolve().parents[2]

SUBJECTS = {
    "bins": (["the bin", "our recycling", "my rubbish", "the green waste bin", "household waste"],
             ["was not collected", "was missed again", "is still on the street", "was left behind by the crew"]),
    "doctor": (["the doctor's appointment", "the GP surgery", "my GP appointment", "the medical practice"],
               ["was fully booked", "had no slot this week", "was cancelled by the surgery", "had no doctor free"]),
    "bus": (["the bus", "the number nine bus", "our village bus", "the evening bus"],
            ["came an hour late", "did not turn up at the stop", "was full of passengers", "skipped our stop"]),
    "mould": (["the damp", "black mould", "the wet wall", "mould in the bedroom"],
              ["came back after the repair", "spread over the ceiling", "is making our flat cold", "ruined the house"]),
    "tax": (["my council tax bill", "the tax letter", "the tax demand", "council tax"],
            ["had the wrong amount", "charged me twice", "did not show my payment", "was too expensive to pay"]),
    "school": (["the school place", "my son's school", "the teacher", "the classroom"],
               ["was too far for the children", "had too many pupils", "taught them well", "was closed to parents"]),
}  # fmt: skip
ENDINGS = ["", " this week", " and I had to ring", ", honestly", " as always", " in March"]


def planted(each: int = 40) -> tuple[list[str], list[int]]:
    """Texts on six subjects, mixed, with the subject of each."""
    texts, truth = [], []
    for number, (things, happenings) in enumerate(SUBJECTS.values()):
        made = [a + b + c for c, a, b in itertools.product(ENDINGS, things, happenings)][:each]
        texts += made
        truth += [number] * len(made)
    order = np.random.default_rng(3).permutation(len(texts))
    return [texts[i] for i in order], [truth[i] for i in order]


@pytest.fixture(scope="module")
def found() -> Findings:
    return find_themes(planted()[0])


def test_planted_subjects_come_out(found: Findings) -> None:
    _, truth = planted()
    assert normalized_mutual_info_score(truth, found.labels) > 0.75
    purity = sum(np.bincount(np.array(truth)[found.labels == t.index]).max() for t in found.themes) / len(truth)
    assert purity > 0.9


def test_findings_agree_with_themselves(found: Findings) -> None:
    texts, _ = planted()
    assert [theme.index for theme in found.themes] == list(range(len(found.themes)))
    assert [theme.size for theme in found.themes] == np.bincount(found.labels).tolist()
    assert sorted((t.size for t in found.themes), reverse=True) == [t.size for t in found.themes]
    assert sum(theme.share for theme in found.themes) == pytest.approx(1, abs=1e-4)
    assert all(theme.low < theme.share < theme.high for theme in found.themes)
    assert all(found.labels[row] == theme.index for theme in found.themes for row in theme.quotes)
    assert all(len(set(theme.quotes)) == len(theme.quotes) > 0 for theme in found.themes)
    labels = [theme.label for theme in found.themes]
    assert len(set(labels)) == len(labels)
    assert found.vectors.shape[0] == len(texts)
    np.testing.assert_allclose(np.linalg.norm(found.vectors, axis=1), 1, atol=2e-3)


def test_terms_name_the_subject(found: Findings) -> None:
    _, truth = planted()
    words = {"bins": "bin waste rubbish recycling", "doctor": "doctor gp surgery appointment practice", "bus": "bus",
             "mould": "mould damp wall ceiling", "tax": "tax", "school": "school teacher classroom"}  # fmt: skip
    for theme in found.themes:
        subject = list(SUBJECTS)[int(np.bincount(np.array(truth)[found.labels == theme.index]).argmax())]
        said = " ".join(theme.terms)
        assert any(word in said for word in words[subject].split()), (said, subject)


def test_quotes_are_true_to_their_theme(found: Findings) -> None:
    rows = [row for theme in found.themes for row in theme.quotes]
    placed, _ = found.place([planted()[0][row] for row in rows])
    np.testing.assert_array_equal(placed, found.labels[rows])


def test_order_matters_little(found: Findings) -> None:
    texts, _ = planted()
    order = np.random.default_rng(0).permutation(len(texts))
    again = find_themes([texts[i] for i in order])
    assert adjusted_rand_score(found.labels[order], again.labels) > 0.85


def test_a_higher_resolution_gives_more_themes() -> None:
    texts, _ = planted()
    few, many = (find_themes(texts, resolution=r) for r in (0.3, 4.0))
    assert len(few.themes) < len(many.themes)
    assert few.parameters["resolution"] == 0.3


def test_repeats_are_clustered_once_and_counted_each(found: Findings) -> None:
    texts, _ = planted()
    again = find_themes(texts + [texts[0].upper() + "  !"] * 500)
    np.testing.assert_array_equal(again.labels[len(texts) :], again.labels[0])
    assert again.themes[0].size >= 501
    assert adjusted_rand_score(found.labels, again.labels[: len(texts)]) > 0.99
    assert again.left_out["same as another"] == 500


def test_non_answers_are_kept_apart() -> None:
    texts, _ = planted(10)
    found = find_themes([*texts, "n/a", "Nothing.", "", "  ", "👍"])
    last = found.themes[-1]
    assert (last.kind, last.size, last.label) == ("no answer", 3, "No comment")
    assert found.labels[-5:].tolist() == [last.index, last.index, -1, -1, last.index]
    assert found.left_out["nothing written"] == 2
    assert found.left_out["no answer"] == 3


@pytest.mark.parametrize(
    ("texts", "themes"),
    [
        ([], 0),
        ([""], 0),
        (["n/a"], 1),
        (["The bus was late"], 1),
        (["The bus was late"] * 40, 1),
        (["The bus was late", "Rude clerk", "Mould", "No reply", "Lost form"], 1),
        (["ፊደል ፊደል"], 1),
    ],
)
def test_small_inputs_have_an_answer(texts: list[str], themes: int) -> None:
    found = find_themes(texts)
    assert len(found.themes) == themes
    assert len(found.labels) == len(found.scores) == len(texts)
    assert all((label >= 0) == bool(text.strip()) for text, label in zip(texts, found.labels, strict=True))


ODD = st.sampled_from(["", "n/a", "bus late", "late bus", "mould", "ፊደል", "a", "the", "rude staff", "?"])


@given(st.lists(ODD | st.text(max_size=20), max_size=24))
@settings(max_examples=40, deadline=None)
def test_never_raises_and_leaves_nothing_written_out(texts: list[str]) -> None:
    found = find_themes(texts)
    assert all((label >= 0) == bool(text.strip()) for text, label in zip(texts, found.labels, strict=True))
    assert sum(theme.size for theme in found.themes) == sum(bool(text.strip()) for text in texts)


def test_new_texts_are_placed(found: Findings) -> None:
    labels, scores = found.place(["the bus never came to the stop", "", "n/a"])
    assert "bus" in found.themes[labels[0]].label.lower()
    assert 0 < scores[0] <= 1
    assert labels[1:].tolist() == [-1, -1]


def test_any_grouping_can_be_named(found: Findings) -> None:
    texts, truth = planted()
    groups = [-1 if subject == 5 else subject for subject in truth]
    names = name_groups(texts, groups, vectors=found.vectors)
    assert len(names) == 5
    assert len({name.label for name in names}) == 5
    assert "bus" in names[2].label.lower()
    assert all(groups[row] == number for number, name in enumerate(names) for row in name.quotes)
    assert name_groups([], []) == []
    assert name_groups(["a", "b"], [-1, -1]) == []


def test_progress_is_told() -> None:
    heard: list[tuple[str, int, int]] = []
    find_themes(planted(10)[0], progress=lambda stage, done, total: heard.append((stage, done, total)))
    assert [stage for stage, done, _ in heard if done == 0][:3] == ["reading", "vectors", "clustering"]
    assert all(0 <= done <= total for _, done, total in heard)


THREADS = """
import hashlib, sys
sys.path.insert(0, {root!r})
from tests.analyses.test_themes import planted
from insight.themes import find_themes
found = find_themes(planted(80)[0], seed=5)
print(hashlib.sha256(found.labels.tobytes() + found.scores.tobytes() + repr(found.themes).encode()).hexdigest())
"""


def test_equal_to_the_byte_with_one_and_two_threads() -> None:
    prints = set()
    for threads in ("1", "2"):
        settings_ = {"OPENBLAS_NUM_THREADS": threads, "OMP_NUM_THREADS": threads, "PYTHONHASHSEED": threads}
        code = THREADS.format(root=str(ROOT))
        done = subprocess.run(
            [sys.executable, "-c", code], env=os.environ | settings_, capture_output=True, text=True, check=True
        )
        prints.add(done.stdout)
    assert len(prints) == 1


def test_similarities_are_exact_in_float32() -> None:
    vectors = np.random.default_rng(0).normal(size=(300, 256)).astype(np.float32)
    grid = graph.to_grid(vectors)
    exact = grid.astype(np.int64) @ grid.astype(np.int64).T
    np.testing.assert_array_equal((grid @ grid.T).astype(np.int64), exact)
    assert np.abs(exact).max() < 2**24


def test_ties_fall_to_the_lower_row() -> None:
    scores = np.array([[1, 3, 3, 3, 0], [5, 4, 3, 2, 1]], np.float32)
    np.testing.assert_array_equal(graph.largest(scores, 2), [[1, 2], [0, 1]])


@pytest.mark.parametrize("most", [3, 40, 10**6])
def test_wide_rows_are_searched_as_narrow_ones(most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    scores = np.random.default_rng(most).integers(0, most, (40, 1_111)).astype(np.float32)
    quick = graph.largest(scores, 5)
    monkeypatch.setattr(graph, "WIDE", 1_000)
    np.testing.assert_array_equal(quick, graph.largest(scores, 5))


def test_lists_find_most_neighbours() -> None:
    grid = graph.to_grid(np.random.default_rng(1).normal(size=(3000, 12)).astype(np.float32))
    exact = graph.exact_neighbours(grid, 10)
    near = lists.listed_neighbours(grid, 10, seed=0)
    recall = np.mean([len(set(a) & set(b)) / 10 for a, b in zip(exact.tolist(), near.tolist(), strict=True)])
    assert recall > 0.65
    assert all(row not in found for row, found in enumerate(near.tolist()))


def test_a_sample_with_the_rest_placed_agrees_with_the_whole() -> None:
    chance = np.random.default_rng(2)
    truth = chance.integers(0, 6, 1500)
    vectors = chance.normal(size=(6, 32))[truth] * 2 + chance.normal(size=(1500, 32))
    whole = ThemeClusterer(resolution=1.0).fit(vectors)
    sampled = ThemeClusterer(resolution=1.0, sample_size=500).fit(vectors)
    assert adjusted_rand_score(truth, whole.labels_) > 0.95
    assert adjusted_rand_score(truth, sampled.labels_) > 0.95
    assert adjusted_rand_score(sampled.labels_, sampled.predict(vectors)) > 0.95


def test_communities_of_two_cliques() -> None:
    import scipy.sparse as sp

    clique = np.ones((6, 6)) - np.eye(6)
    pair = np.block([[clique, np.zeros((6, 6))], [np.zeros((6, 6)), clique]])
    pair[0, 6] = pair[6, 0] = 0.1
    np.testing.assert_array_equal(communities(sp.csr_matrix(pair, dtype=np.float32), 1.0), [0] * 6 + [1] * 6)
    np.testing.assert_array_equal(by_size(np.array([7, 7, 2, 9, 9, 9], np.int32)), [1, 1, 2, 0, 0, 0])


def test_the_clusterer_is_a_good_citizen_of_scikit_learn() -> None:
    import warnings

    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", category=Warning, module="sklearn")
        check_estimator(ThemeClusterer())
        check_estimator(SentenceVectors())


def test_texts_to_themes_as_one_pipeline(found: Findings) -> None:
    texts, _ = planted()
    pipeline = theme_pipeline(resolution=1.0)
    labels = pipeline.fit_predict(texts)
    assert adjusted_rand_score(found.labels, labels) > 0.7
    assert adjusted_rand_score(pipeline.predict(np.array(texts)), labels) > 0.9
    assert clone(pipeline).set_params(themes__resolution=4.0).fit_predict(texts).max() > labels.max()
    for wrong, message in (
        ("one text", "list of texts"),
        ([1.5, 2.0], "Expected texts"),
        ([["a"], ["b"]], "one text a"),
    ):
        with pytest.raises(ValueError, match=message):
            pipeline.fit(wrong)


def test_cuts_from_fine_communities_are_as_good_as_cuts_from_nothing() -> None:
    chance = np.random.default_rng(2)
    truth = chance.integers(0, 6, 900)
    vectors = chance.normal(size=(6, 32))[truth] * 2 + chance.normal(size=(900, 32))
    near = graph.jaccard(graph.exact_neighbours(graph.to_grid(vectors.astype(np.float32)), 15))
    fine = communities(near, 12.0)
    assert fine.max() > 12
    np.testing.assert_array_equal(communities(near, 1.0, fine), communities(near, 1.0))


def test_wilson_interval() -> None:
    assert wilson(10, 100) == pytest.approx((0.1, 0.055229, 0.174367), abs=1e-5)
    assert wilson(0, 0) == (0.0, 0.0, 1.0)
    assert wilson(5, 5)[0] == 1.0


@pytest.mark.parametrize(
    ("file", "nmi", "ari"), [("bank_queries.csv", 0.70, 0.33), ("polis_conversations.csv", 0.30, 0.05)]
)
def test_real_texts(file: str, nmi: float, ari: float) -> None:
    frame = pd.read_csv(shared(f"feedback/{file}")).dropna().sample(4000, random_state=0)
    found = find_themes(frame["text"].tolist(), resolution=1.5)
    assert (found.labels >= 0).all()
    assert normalized_mutual_info_score(frame["label"], found.labels) > nmi
    assert adjusted_rand_score(frame["label"], found.labels) > ari
