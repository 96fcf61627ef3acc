"""Pains told in other words in other services are joined, unlike ones are not, and nothing is forced."""

from dataclasses import replace

import numpy as np
import pytest

from insight.painpoints import linking
from insight.painpoints.joining import SPEAK, Free, Joined, Told, join
from insight.text.tokens import is_stopword, stem, tokenize
from insight.text.vectors import StaticTable
from tests.analyses.crossing_place import Planted, as_told, place, shares_joined


@pytest.fixture(scope="module")
def encoder() -> StaticTable:
    return StaticTable.load()


@pytest.fixture(scope="module")
def aside() -> Planted:
    return place("kept_aside")


@pytest.fixture(scope="module")
def told(aside: Planted, encoder: StaticTable) -> Told:
    return as_told(aside, encoder)


@pytest.fixture(scope="module")
def joined(told: Told, encoder: StaticTable) -> list[Joined]:
    return join(told, encoder)


def themes_of(found: list[Joined]) -> list[tuple[int, ...]]:
    return [one.themes for one in found]


def test_nine_in_ten_planted_pairs_are_joined_and_few_unlike_ones(aside: Planted, joined: list[Joined]) -> None:
    like, unlike, _ = shares_joined(aside.cells, themes_of(joined))
    assert like >= 0.9
    assert unlike <= 0.05


def test_the_services_of_a_planted_pain_share_few_words(aside: Planted) -> None:
    said: dict[tuple[str, str], set[str]] = {}
    for text, pain, service in zip(aside.texts, aside.pains, aside.services, strict=True):
        words = {stem(word) for word in tokenize(text) if not is_stopword(word)}
        said.setdefault((pain, service), set()).update(words)
    overlaps = [
        len(said[a] & said[b]) / min(len(said[a]), len(said[b]))
        for a in aside.cells
        for b in aside.cells
        if a < b and a[0] == b[0]
    ]
    assert np.mean(overlaps) < 0.12


def test_where_nothing_is_shared_little_is_joined(encoder: StaticTable) -> None:
    apart = [place("worked_on", seed, told_in=1) for seed in range(3)]
    unlike = [shares_joined(one.cells, themes_of(join(as_told(one, encoder), encoder)))[1] for one in apart]
    assert np.mean(unlike) <= 0.05


def test_a_joined_pain_brings_its_evidence(aside: Planted, told: Told, joined: list[Joined]) -> None:
    for one in joined:
        assert len(one.pairs) == len(one.members) * (len(one.members) - 1) / 2
        assert any(pair.words for pair in one.pairs)
        for member in one.members:
            for service, rows in member.quotes:
                assert rows
                assert (told.themes[list(rows)] == member.theme).all()
                assert (told.services[list(rows)] == service).all()


def test_the_order_of_the_passages_changes_nothing(told: Told, joined: list[Joined], encoder: StaticTable) -> None:
    order = np.random.default_rng(1).permutation(len(told.texts))
    shuffled = Told(
        told.vectors[order],
        told.themes[order],
        told.services[order],
        told.side[order],
        [told.texts[row] for row in order],
    )
    assert set(themes_of(join(shuffled, encoder))) == set(themes_of(joined))


def test_praise_is_not_joined_to_complaint_nor_one_named_pain_to_another(
    told: Told, joined: list[Joined], encoder: StaticTable
) -> None:
    first, second = joined[0].themes[:2]
    praised = replace(told, side=np.where(told.themes == first, 1.0, told.side))
    named = replace(told, named=(first, second))
    for changed in (praised, named):
        assert not any({first, second} <= set(themes) for themes in themes_of(join(changed, encoder)))


def test_few_themes_or_no_services_join_nothing(told: Told, encoder: StaticTable) -> None:
    assert join(replace(told, services=np.full(len(told.texts), -1, np.int32)), encoder) == []
    assert join(replace(told, themes=np.where(told.themes < 4, told.themes, -1).astype(np.int32)), encoder) == []


def test_a_large_theme_speaks_through_a_spaced_sample() -> None:
    count = 10 * SPEAK
    themes = np.zeros(count, np.int32)
    free = Free(Told(np.ones((count, 2)), themes, themes, np.full(count, -1.0), ["a"] * count))
    assert len(free.rows) == SPEAK
    assert free.by_service.tolist() == [[count]]
    assert free.rows[-1] > count * 0.98


def test_a_group_holds_no_barred_pair_and_a_theme_moves_to_where_it_fits() -> None:
    score = np.array([[0, 4, 3, 0], [4, 0, 3, 0], [3, 3, 0, 9], [0, 0, 9, 0]], float)
    barred = np.eye(4, dtype=bool)
    assert len(set(linking.gather(score, barred)[:2])) == 1
    barred[2, 3] = barred[3, 2] = True
    groups = linking.gather(score, barred)
    assert groups[2] != groups[3]
    assert groups[0] == groups[1] == groups[2]
