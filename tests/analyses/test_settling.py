"""Texts settle where their words, their nearness and their neighbours say; the truest cut is chosen."""

import numpy as np
import pytest
import scipy.sparse as sp
from sklearn.metrics import adjusted_rand_score

from insight.text.vectors import word_counts
from insight.themes import graph
from insight.themes.model import Floats, Labels
from insight.themes.resolution import agreement, choose, separation, worth
from insight.themes.settling import member, settle, shared_words

BINS = ["the bin was missed", "missed bin again", "bin not emptied", "they missed the bin", "bin still full"] * 3
BUSES = ["the bus was late", "late bus again", "bus not coming", "they said bus late", "bus still late"] * 3
SUBJECTS = np.repeat([0, 1], 15).astype(np.int32)


def blobs(count: int = 6, each: int = 40) -> tuple[Floats, Labels]:
    """Whole-number vectors around ``count`` centres, and the centre of each."""
    chance = np.random.default_rng(4)
    truth = np.repeat(np.arange(count), each).astype(np.int32)
    vectors = chance.normal(size=(count, 24))[truth] * 1.5 + chance.normal(size=(count * each, 24))
    return graph.to_grid(vectors.astype(np.float32)), truth


def linked(grid: Floats) -> sp.csr_matrix:
    return graph.balanced(graph.jaccard(graph.neighbours(grid, 8, 0)))


def test_words_of_the_others_bring_a_text_home() -> None:
    """All texts lie in one direction and none has a neighbour: only what they say tells them apart."""
    grid = np.full((30, 4), 2000, np.float32)
    near = sp.csr_matrix(np.zeros((30, 30), np.float32))
    astray = SUBJECTS.copy()
    astray[[0, 17]] = [1, 0]
    words = word_counts(BINS + BUSES)
    np.testing.assert_array_equal(settle(grid, near, astray, words), SUBJECTS)


def test_words_said_once_join_nothing() -> None:
    words = word_counts(["alpha beta", "beta gamma", "delta delta"])
    np.testing.assert_array_equal(shared_words(words).toarray(), [[1], [1], [0]])


def test_nearness_and_neighbours_mend_a_wrong_start() -> None:
    grid, truth = blobs()
    start = truth.copy()
    start[::9] = (start[::9] + 1) % 6
    assert (settle(grid, linked(grid), start) == truth).mean() > 0.98 > (start == truth).mean()


def test_each_witness_alone_brings_texts_home() -> None:
    """Nearness without neighbours; then neighbours of texts that all lie in one direction."""
    grid, truth = blobs()
    start = truth.copy()
    start[::9] = (start[::9] + 1) % 6
    nobody = sp.csr_matrix(np.zeros((240, 240), np.float32))
    assert (settle(grid, nobody, start) == truth).mean() > 0.98
    alike = np.full((len(truth), 4), 2000, np.float32)
    np.testing.assert_array_equal(settle(alike, member(truth, 6).T @ member(truth, 6), start), truth)


def test_what_a_text_says_itself_does_not_keep_it() -> None:
    """It goes where another text says its word, and where the others of a theme lie."""
    texts = [*BINS, "missed bin zebra", *BUSES, "zebra zebra zebra"]
    start = np.repeat([0, 1], 16).astype(np.int32)
    alike, nobody = np.full((32, 4), 2000, np.float32), sp.csr_matrix(np.zeros((32, 32), np.float32))
    assert settle(alike, nobody, start, word_counts(texts), rounds=1)[-1] == 0
    grid = graph.to_grid(np.array([[0.5, 0.75**0.5], [0.5, 0.75**0.5], [1, 0], [0, 1]], np.float32))
    assert settle(grid, nobody[:4, :4], np.array([0, 0, 1, 1], np.int32))[2] == 0


def test_order_changes_nothing() -> None:
    grid, truth = blobs(3, 30)
    said = word_counts([f"subject{theme} word{row % 7}" for row, theme in enumerate(truth.tolist())])
    start = np.where(np.arange(90) % 5 == 0, 0, truth).astype(np.int32)
    order = np.random.default_rng(1).permutation(90)
    near = linked(grid)
    mixed = settle(grid[order], near[order][:, order], start[order], said[order])
    np.testing.assert_array_equal(mixed, settle(grid, near, start, said)[order])


def test_balanced_weights() -> None:
    pair = sp.csr_matrix(np.array([[0, 4, 0], [4, 0, 12], [0, 12, 0]], np.float32))
    weight = graph.balanced(pair).toarray()
    assert weight[0, 1] == weight[1, 0] == pytest.approx(4 / np.sqrt(4 * 16))
    assert weight[1, 2] == pytest.approx(12 / np.sqrt(16 * 12))


def test_the_cut_that_shows_the_subjects_is_worth_most() -> None:
    grid, truth = blobs()
    halves = (truth * 2 + np.arange(len(truth)) % 2).astype(np.int32)
    cuts = {0.5: (truth // 2).astype(np.int32), 1.0: truth, 2.0: halves}
    found = worth(grid, cuts)
    assert choose(found) == 1.0
    assert found[1.0] == pytest.approx(1.65)
    agreed = agreement(list(cuts.values()))
    assert agreed[2] == pytest.approx(np.mean([adjusted_rand_score(halves, cut) for cut in cuts.values()]))
    expected = separation(grid, halves) / separation(grid, truth) + 0.65 * agreed[2] / agreed[1]
    assert found[2.0] == pytest.approx(expected)


def test_one_theme_is_worth_something() -> None:
    grid, truth = blobs(2, 10)
    none = np.zeros_like(truth)
    assert separation(grid, none) == 0
    np.testing.assert_allclose(agreement([none, none]), [1, 1])
    assert worth(grid, {1.0: none}) == {1.0: 0.65}


def test_of_equally_good_cuts_the_usual_one_is_taken() -> None:
    assert choose({0.5: 1.9, 1.5: 1.885, 2.0: 1.0, 6.0: 1.89}) == 1.5
