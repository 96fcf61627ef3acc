"""The formulas of pain points against known values and laws, and the cube against counting by hand."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from insight.painpoints import rules
from insight.painpoints.asked_by_journeys import _more_than_elsewhere, _told_by_group
from insight.painpoints.cube import Cube, journeys_by_theme_and, scope, tally
from insight.painpoints.model import Filters


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"),
    # Newcombe (1998), Statistics in Medicine 17, table I, method 3.
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_is_as_published(hits: int, of: int, low: float, high: float) -> None:
    found_low, found_high = rules.wilson(hits, of)
    assert float(found_low) == pytest.approx(low, abs=5e-5)
    assert float(found_high) == pytest.approx(high, abs=5e-5)


def test_wilson_of_nothing_is_everything() -> None:
    assert [float(bound) for bound in rules.wilson(0, 0)] == [0.0, 1.0]


@given(st.integers(0, 500), st.integers(1, 500))
def test_wilson_holds_the_share_and_stays_a_share(hits: int, more: int) -> None:
    low, high = rules.wilson(hits, hits + more)
    assert 0 <= low <= hits / (hits + more) <= high <= 1


def test_difference_is_as_published() -> None:
    # Newcombe (1998), Statistics in Medicine 17, 873-890, table II (a), method 10: 56/70 against 48/80.
    assert np.round(rules.difference(56, 70, 48, 80), 4).tolist() == [0.2, 0.0524, 0.3339]


def test_severity_adds_up_what_hurt() -> None:
    nan = float("nan")
    found = rules.severity(
        [-2, -2, 2, 0, 0, -1], [1, 0, 0, 0, 0, 0], [1, 0, 0, 0, 0, 0], [30, nan, nan, 15, 3, 9], [10, 5, 5, 10, 0, nan]
    )
    assert found.tolist() == [10.0, 5.0, 0.0, 0.75, 1.5, 2.5]


@given(st.floats(-2, 2), st.booleans(), st.booleans(), st.integers(0, 900), st.integers(0, 900))
def test_severity_stays_between_nothing_and_ten(
    feeling: float, failed: bool, again: bool, waited: int, promised: int
) -> None:
    assert 0 <= float(rules.severity(feeling, failed, again, waited, promised)) <= 10


@given(st.integers(5, 200), st.integers(0, 200), st.floats(0.1, 10))
def test_priority_grows_with_reach(hits: int, more: int, severity: float) -> None:
    of = 500
    values = [float(rules.priority(severity, n, of)) for n in (hits, hits + more)]
    assert all(first <= second for first, second in pairwise(values))


def small_cube(seed: int = 1, passages: int = 400, stories: int = 60) -> Cube:
    """A cube of random facts, as an analysis would make it."""
    rng = np.random.default_rng(seed)
    steps = 150
    step_story = np.sort(rng.integers(0, stories, steps)).astype(np.int32)
    of_step = rng.integers(-1, steps, passages)
    story = np.where(of_step >= 0, step_story[of_step], rng.integers(0, stories, passages))
    order = np.argsort(story, kind="stable")
    of_step, story = of_step[order], story[order].astype(np.int32)

    def codes(size: int, kinds: int) -> np.ndarray:
        return rng.integers(-1, kinds, size).astype(np.int32)

    service, organisation, channel = codes(steps, 5), codes(steps, 3), codes(steps, 4)
    return Cube(
        theme=codes(passages, 7),
        leaf=codes(passages, 7),
        cuts=np.zeros((0, 3), np.int32),
        joins=np.zeros((0, 3), np.int32),
        key=np.arange(1, passages + 1),
        passage_story=story,
        passage_step=codes(passages, 4),
        passage_service=np.append(service, np.int32(-1))[of_step],
        passage_organisation=np.append(organisation, np.int32(-1))[of_step],
        passage_channel=np.append(channel, np.int32(-1))[of_step],
        feeling=rng.uniform(-2, 2, passages).astype(np.float32),
        side=rng.uniform(-2, 2, passages).astype(np.float32),
        severity=rng.uniform(0, 10, passages).astype(np.float32),
        score=rng.uniform(0, 1, passages).astype(np.float32),
        story_id=np.arange(stories, dtype=np.int64) + 100,
        story_need=codes(stories, 3),
        story_source=codes(stories, 2),
        story_teller=codes(stories, 2),
        story_month=codes(stories, 4),
        step_story=step_story,
        step_service=service,
        step_organisation=organisation,
        step_channel=channel,
        map_passage=np.zeros(0, np.int32),
        map_xy=np.zeros((0, 2), np.float32),
        words={
            "service": tuple("abcde"),
            "organisation": tuple("xyz"),
            "channel": tuple("pqrs"),
            "need": tuple("lmn"),
            "source": tuple("st"),
            "teller": tuple("uv"),
            "month": ("2026-01", "2026-02", "2026-03", "2026-04"),
        },
    )


FILTERS = [
    Filters(),
    Filters(service="b"),
    Filters(service="b", channel="q"),
    Filters(need="m", organisation="z"),
    Filters(first_month="2026-02", last_month="2026-03"),
    Filters(source="s", teller="v", service="a"),
    Filters(service="not there"),
]


@pytest.mark.parametrize("filters", FILTERS, ids=str)
def test_a_filter_counts_what_counting_by_hand_counts(filters: Filters) -> None:
    cube = small_cube()
    within = scope(cube, filters)
    stories = {s for s in range(len(cube.story_id)) if _story_fits(cube, s, filters)}
    stepped = any((filters.service, filters.organisation, filters.channel))
    if stepped:
        steps = range(len(cube.step_story))
        stories &= {int(cube.step_story[t]) for t in steps if _step_fits(cube, "step", t, filters)}
    assert within.journeys == len(stories)
    rows = [
        p
        for p in range(len(cube.theme))
        if int(cube.passage_story[p]) in stories and (not stepped or _step_fits(cube, "passage", p, filters))
    ]
    counted = tally(cube, within)
    for theme in range(cube.themes):
        inside = [p for p in rows if cube.theme[p] == theme]
        assert counted.passages[theme] == len(inside)
        assert counted.journeys[theme] == len({int(cube.passage_story[p]) for p in inside})
        if inside:
            assert counted.severity[theme] == pytest.approx(float(cube.severity[inside].mean()), rel=1e-5)
    crossed = journeys_by_theme_and(cube, within, "service")
    for theme, service in np.ndindex(crossed.shape):
        told = {
            int(cube.passage_story[p]) for p in rows if cube.theme[p] == theme and cube.passage_service[p] == service
        }
        assert crossed[theme, service] == len(told)


def _story_fits(cube: Cube, story: int, filters: Filters) -> bool:
    for name in ("need", "source", "teller"):
        wanted, code = getattr(filters, name), int(getattr(cube, f"story_{name}")[story])
        if wanted and (code < 0 or cube.words[name][code] != wanted):
            return False
    code = int(cube.story_month[story])
    month = cube.words["month"][code] if code >= 0 else ""
    if filters.first_month and month < filters.first_month:
        return False
    return not filters.last_month or (bool(month) and month <= filters.last_month)


def _step_fits(cube: Cube, kind: str, row: int, filters: Filters) -> bool:
    for name in ("service", "organisation", "channel"):
        wanted, code = getattr(filters, name), int(getattr(cube, f"{kind}_{name}")[row])
        if wanted and (code < 0 or cube.words[name][code] != wanted):
            return False
    return True


def test_a_cube_reads_back_as_written() -> None:
    cube = replace(small_cube(), words=small_cube().words | {"service": ("Ysbyty", "Council tax", "c", "d", "é")})
    again = Cube.from_bytes(cube.to_bytes())
    assert again.words == cube.words
    for name in ("theme", "story_id", "severity", "map_xy", "step_channel"):
        assert np.array_equal(getattr(again, name), getattr(cube, name))
        assert getattr(again, name).dtype == getattr(cube, name).dtype


def test_what_stands_out_in_a_group_is_counted_story_by_story() -> None:
    cube = small_cube()
    stories = np.random.default_rng(2).permutation(cube.story_id)[:50]
    group = np.arange(50, dtype=np.int32) % 3
    told = _told_by_group(cube, stories, group, 3)
    for theme in range(cube.themes):
        for number in range(3):
            mine = set(stories[group == number].tolist())
            tellers = set(cube.story_id[cube.passage_story[cube.theme == theme]].tolist())
            assert told[theme, number] == len(mine & tellers)
    counts = [
        ("always there", np.array([30, 2, 3])),
        ("everywhere", np.array([20, 20, 20])),
        ("few", np.array([4, 0, 0])),
    ]
    assert _more_than_elsewhere(counts, 0, np.array([40, 40, 40])) == ("always there",)
    assert _more_than_elsewhere(counts, 1, np.array([40, 40, 40])) == ()
