"""Fewer and more themes from one run: every number asked for is answered, nothing is lost, parts lie inside wholes."""

from dataclasses import replace

import numpy as np
import pytest

from insight.codebook.rules import MACHINE, PERSON
from insight.painpoints.branching import LEAST, grow
from insight.painpoints.by_book import Seen
from insight.painpoints.cube import Cube
from insight.painpoints.fineness import Held, with_themes
from insight.painpoints.model import PART, RunTheme
from tests.rules.test_painpoint_rules import small_cube

THEMES, EACH = 5, 60


@pytest.fixture(scope="module")
def held() -> Held:
    """Five themes of two pieces each; the first two are near each other, the last is of another kind."""
    rng = np.random.default_rng(4)
    middle = rng.normal(size=(THEMES, 2, 32))
    middle[1] = middle[0] + 0.8 * rng.normal(size=(2, 32))
    labels = np.repeat(np.arange(THEMES), EACH).astype(np.int32)
    piece = np.tile(np.repeat([0, 1], EACH // 2), THEMES)
    vectors = middle[labels, piece] + 0.3 * rng.normal(size=(len(labels), 32))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    kinds = ["hurts"] * (THEMES - 1) + ["helps"]
    found = grow(vectors.astype(np.float32), labels, kinds)
    side = np.where(labels == THEMES - 1, 1.5, -1.5).astype(np.float32)
    cube = replace(small_cube(passages=len(labels)), theme=labels, leaf=found.leaf, cuts=found.cuts, joins=found.joins)
    themes = tuple(theme(number, kind) for number, kind in enumerate(kinds))
    parts = {int(number): theme(int(number), PART) for number in np.unique(found.leaf[found.leaf >= THEMES])}
    return Held(replace(cube, side=side), themes, parts)


def theme(number: int, kind: str) -> RunTheme:
    return RunTheme(number, kind, f"Name {number}", (f"term {number}",), True, {"quotes": [], "known": None})


def seen(held: Held, said_by: int = MACHINE) -> Seen:
    return Seen(held.machine, tuple(held.themes), np.full(len(held.machine.theme), said_by, np.uint8))


def groups(cube: Cube) -> list[set[int]]:
    return [set(np.flatnonzero(cube.theme == number).tolist()) for number in np.unique(cube.theme)]


def test_each_number_is_answered_and_finer_lies_within_coarser(held: Held) -> None:
    coarser: list[set[int]] = []
    for wanted in range(len(held.themes) - len(held.machine.joins), THEMES + len(held.machine.cuts) + 1):
        found = with_themes(seen(held), held, wanted)
        now = groups(found.cube)
        assert len(now) == len(found.themes) == wanted
        assert {theme.number for theme in found.themes} == set(np.unique(found.cube.theme).tolist())
        assert all(any(group <= whole for whole in coarser) for group in now) or not coarser
        coarser = now


def test_the_pieces_are_found_and_alike_join_first(held: Held) -> None:
    assert len(held.machine.cuts) >= THEMES - 1
    leaves = groups(replace(held.machine, theme=held.machine.leaf))
    planted = [set(range(start, start + EACH // 2)) for start in range(0, THEMES * EACH, EACH // 2)]
    assert sum(piece in leaves for piece in planted) >= 2 * THEMES - 2
    assert set(held.machine.joins[0, :2].tolist()) == {0, 1}
    assert THEMES - 1 in held.machine.joins[-1, :2], "praise joins complaint last"
    joined = with_themes(seen(held), held, THEMES - 1)
    broader = next(theme for theme in joined.themes if theme.label == "Name 0; Name 1")
    assert broader.facts["members"] == [(0, "Name 0"), (1, "Name 1")]


def test_what_people_placed_is_not_taken_apart(held: Held) -> None:
    most = THEMES + len(held.machine.cuts)
    assert np.array_equal(with_themes(seen(held, PERSON), held, most).cube.theme, held.machine.theme)


def test_few_passages_have_no_parts() -> None:
    alone = grow(np.eye(LEAST, dtype=np.float32), np.zeros(LEAST, np.int32), ["hurts"])
    assert len(alone.cuts) == len(alone.joins) == 0
    nothing = grow(np.zeros((0, 4), np.float32), np.zeros(0, np.int32), [])
    assert len(nothing.leaf) == 0
