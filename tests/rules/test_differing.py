"""Who differs and what is told together: against counting by hand, and against what was planted and what was not."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from importlib import import_module
from math import log, sqrt
from typing import Any

import numpy as np
import pytest

from insight.columns import packed
from insight.painpoints import rules
from insight.painpoints.cube import Cube, scope
from insight.painpoints.differing import Difference, Groups, differing, groups_of, periods
from insight.painpoints.model import Filters
from insight.painpoints.together import Pair, together

made: Any = import_module("benchmarks.made_cube")

EVERY = Filters()
Story = tuple[int, list[tuple[int, int]]]  # a code of the story, and (theme, service) of its passages


def cube_of(stories: Iterable[Story], story_column: str = "story_need") -> Cube:
    """A cube of these stories: the code goes to one column of the story."""
    told = list(stories)
    passages = [(row, *passage) for row, (_, said) in enumerate(told) for passage in said]
    story, theme, service = (np.array(column, np.int32) for column in zip(*passages, strict=True))
    base, nowhere = made.made_cube(1, 20, 10), np.full(len(theme), -1, np.int32)
    held = {
        "theme": theme,
        "passage_story": story,
        "passage_service": service,
        **dict.fromkeys(("passage_organisation", "passage_channel"), nowhere),
        **dict.fromkeys(("feeling", "side", "severity", "score"), np.zeros(len(theme), np.float32)),
        "story_id": np.arange(len(told), dtype=np.int64),
        **dict.fromkeys(("story_need", "story_source", "story_teller", "story_month"), np.zeros(len(told), np.int32)),
        **{name: getattr(base, name) for name in ("step_story", "step_service", "step_organisation", "step_channel")},
        "map_passage": base.map_passage,
        "map_xy": base.map_xy,
        story_column: np.array([code for code, _ in told], np.int32),
    }
    return Cube.from_bytes(packed(held, base.words))


def found_by(cells: tuple[Difference, ...], theme: int, group: str) -> Difference:
    return next(cell for cell in cells if (cell.theme, cell.group) == (theme, group))


def differ(cube: Cube, groups: Groups) -> tuple[Difference, ...]:
    return differing(cube, scope(cube, EVERY), groups)


# 30 of 40 stories of need a tell of theme 900, 12 of 40 of b, 8 of 20 of c; theme 7 is told by all alike.
NEEDS: list[Story] = [
    (need, [(900, 0), (900, 1)] if at < yes else [(7, 0)])
    for need, (yes, of) in enumerate([(30, 40), (12, 40), (8, 20)])
    for at in range(of)
]


def test_a_group_is_held_to_all_others_and_never_without_its_interval() -> None:
    cell = found_by(differ(cube_of(NEEDS), groups_of(cube_of(NEEDS), "need")), 900, "a")
    assert (cell.told, cell.of, cell.told_elsewhere, cell.of_elsewhere) == (30, 40, 20, 60)
    assert (cell.difference, cell.low, cell.high) == pytest.approx(rules.difference(30, 40, 20, 60))
    a = 10 * 50 / 100
    numbers = (30 + a, 10 + 10 - a, 20 + a, 40 + 10 - a)
    delta = log(numbers[0] / numbers[1]) - log(numbers[2] / numbers[3])
    assert cell.log_odds == pytest.approx(delta)
    assert cell.z == pytest.approx(delta / sqrt(sum(1 / number for number in numbers)))
    assert cell.log_odds_low < cell.log_odds < cell.log_odds_high
    assert cell.differs
    assert cell.q < 0.001


def test_the_most_unlike_come_first() -> None:
    cells = differ(cube_of(NEEDS), groups_of(cube_of(NEEDS), "need"))
    assert [abs(cell.z) for cell in cells] == sorted((abs(cell.z) for cell in cells), reverse=True)
    assert {cell.theme for cell in cells} == {7, 900}


def test_a_story_counts_once_at_each_service() -> None:
    stories: list[Story] = [(0, [(5, 0), (5, 0), (5, 1), (5, 2)])] * 6 + [(0, [(8, 1)])] * 20
    cube = cube_of(stories)
    cell = found_by(differ(cube, groups_of(cube, "service")), 5, "service 0")
    assert (cell.told, cell.of, cell.told_elsewhere, cell.of_elsewhere) == (6, 6, 12, 32)


def test_too_few_stories_are_not_told_however_often_they_count_elsewhere() -> None:
    few: list[Story] = [(0, [(5, 1), (5, 2), (5, 3)])] * 4  # twelve times elsewhere, and four people
    cube = cube_of([*[(0, [(5, 0)])] * 30, *few, *[(0, [(8, 1)])] * 40])
    assert not [cell for cell in differ(cube, groups_of(cube, "service")) if cell.theme == 5]
    four: list[Story] = [(0, [(5, 0)])] * 4 + [(1, [(5, 0)])] * 30 + [(0, [(8, 0)])] * 40 + [(1, [(8, 0)])] * 40
    cube = cube_of(four)
    assert {cell.theme for cell in differ(cube, groups_of(cube, "need"))} == {8}


def test_of_two_groups_one_is_told() -> None:
    cube = cube_of([(code, [(5, 0)] if at % (2 + code) else [(6, 0)]) for code in (0, 1) for at in range(60)])
    cells = differ(cube, Groups(cube.story_need, ("yes", "no")))
    assert {cell.group for cell in cells} == {"yes"}


def test_periods_are_groups() -> None:
    cube = cube_of([(month, [(month, 0)]) for month in (0, 1, 2, 3, -1) for _ in range(6)], "story_month")
    groups = periods(cube, ("2025-03", "2025-04"), ("2025-01", "2025-01"))
    assert groups.codes.tolist() == [1] * 6 + [-1] * 6 + [0] * 12 + [-1] * 6


@pytest.mark.parametrize("name", ["service", "organisation", "need", "month"])
def test_cells_count_what_counting_by_hand_counts(name: str) -> None:
    cube = made.made_cube(3, 3000, 600)
    cube = replace(cube, passage_service=np.where(cube.passage_channel == 0, -1, cube.passage_service))
    within = scope(cube, Filters(source="x"))
    groups = groups_of(cube, name)
    of_passage = groups.codes if groups.by_passage else groups.codes[cube.passage_story]
    told = {
        (int(cube.theme[p]), int(of_passage[p]), int(cube.passage_story[p]))
        for p in np.flatnonzero(within.passages)
        if of_passage[p] >= 0
    }
    if groups.by_passage:
        sizes = {(code, story) for _, code, story in told}
    else:
        sizes = {(int(groups.codes[s]), int(s)) for s in np.flatnonzero(within.stories) if groups.codes[s] >= 0}
    cells = differing(cube, within, groups)
    assert cells
    for cell in cells:
        code = groups.names.index(cell.group)
        here = {key for key in told if key[0] == cell.theme}
        assert cell.told == sum(key[1] == code for key in here)
        assert cell.told_elsewhere == sum(key[1] != code for key in here)
        assert cell.of == sum(size[0] == code for size in sizes)
        assert cell.of_elsewhere == sum(size[0] != code for size in sizes)


def random_stories(seed: int, n: int, planted: Callable[[np.random.Generator, list[int]], None] | None) -> list[Story]:
    """Stories of one to eight passages on 40 themes of unlike size, at eight services, whatever the theme."""
    draw = np.random.default_rng(seed)
    share = draw.gamma(0.8, 1, 40)
    stories: list[Story] = []
    for _ in range(n):
        themes = draw.choice(40, draw.integers(1, 9), p=share / share.sum()).tolist()
        if planted:
            planted(draw, themes)
        stories.append((0, [(theme, int(draw.integers(0, 5))) for theme in themes]))
    return stories


def test_where_nothing_differs_and_nothing_goes_together_nothing_is_said() -> None:
    wrong: list[Difference | Pair] = []
    lifts: list[Pair] = []
    for seed in range(4):
        cube = cube_of(random_stories(seed, 1200, None))
        pairs = together(cube, scope(cube, EVERY))
        lifts += [pair for pair in pairs if pair.expected > 8]
        wrong += [pair for pair in pairs if pair.together]
        wrong += [cell for cell in differ(cube, groups_of(cube, "service")) if cell.differs]
    assert len(wrong) <= 1
    assert np.median([pair.lift for pair in lifts]) == pytest.approx(1, abs=0.05)
    assert np.mean([pair.low <= 1 <= pair.high for pair in lifts]) > 0.93


def test_themes_that_go_together_are_found_first() -> None:
    def planted(draw: np.random.Generator, themes: list[int]) -> None:
        if draw.random() < 0.03:
            themes += [100, 200]

    cube = cube_of(random_stories(5, 1500, planted))
    first = together(cube, scope(cube, EVERY))[0]
    assert (first.first, first.second, first.together) == (100, 200, True)
    assert first.journeys == first.of_first == first.of_second
    assert first.low > 4


def test_pairs_count_what_counting_by_hand_counts_and_few_are_not_told() -> None:
    cube = made.made_cube(2, 700, 150)
    within = scope(cube, Filters(teller="u"))
    themes: dict[int, set[int]] = {}
    for p in np.flatnonzero(within.passages & (cube.theme >= 0)):
        themes.setdefault(int(cube.theme[p]), set()).add(int(cube.passage_story[p]))
    by_hand = {
        (a, b): len(themes[a] & themes[b]) for a in themes for b in themes if a < b and len(themes[a] & themes[b]) >= 5
    }
    found = together(cube, within)
    assert {(pair.first, pair.second): pair.journeys for pair in found} == by_hand
    assert all(pair.of_first == len(themes[pair.first]) for pair in found)


@pytest.mark.parametrize("stories", [[(0, [(-1, 0)])], [(0, [(3, 0)])], [(0, [(3, 0), (4, 0)])] * 8])
def test_little_to_count_is_no_fault(stories: list[Story]) -> None:
    cube = cube_of(stories)
    assert not any(pair.together for pair in together(cube, scope(cube, EVERY)))
    assert differ(cube, groups_of(cube, "service")) == ()
