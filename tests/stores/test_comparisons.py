"""What changed, who differs and what is told together, by the use cases: found where planted, hidden where small."""

from dataclasses import fields
from typing import Any

import pytest

from insight import intake, painpoints
from insight.access import RESIDENT, SYSTEM, Actor, Role
from insight.errors import BadInput, NotAllowed, NotFound, NotReady
from insight.intake import Place
from insight.painpoints import Filters
from tests.stores.made_comparisons import (
    AT_ONE,
    HIDDEN_SERVICE,
    LABELS,
    RARE,
    RISES,
    SERVICES,
    USUAL,
    WITH,
    add_compared,
)

DESIGNER, FRONTLINE = Actor(Role.DESIGNER, "designer one"), Actor(Role.FRONTLINE, "worker one")


@pytest.fixture
def place(sqlite: str) -> Place:
    painpoints.forget_cached_runs()
    made = intake.add_place(SYSTEM, "Testham", organisations=[], services=[])
    add_compared(made)
    return made


def numbers(themes: Any) -> list[int]:
    return [one.theme.number for one in themes]


def lasting(place: Place) -> dict[int, int]:
    """The codebook's numbers of the made themes."""
    themes = painpoints.board(DESIGNER, place).pain_points
    return {LABELS.index(theme.label): theme.number for theme in themes}


def test_the_theme_that_rises_is_the_only_one_called_so_on_the_view_and_on_its_card(place: Place) -> None:
    number = lasting(place)
    found = painpoints.what_changed(FRONTLINE, place)
    assert found is not None
    assert numbers(found.rising) == [number[RISES]]
    assert (found.recent_months, found.earlier_months) == (("2026-08", "2026-10"), ("2025-11", "2026-07"))
    change = found.rising[0].change
    assert (change.recent, change.earlier, found.of_recent, found.of_earlier) == (36, 9, 72, 216)
    assert change.low is not None and change.low > 1.5
    assert numbers(found.falling) + numbers(found.new) + numbers(found.watched) == []
    said = {theme.number: theme.trend for theme in painpoints.board(DESIGNER, place).pain_points}
    assert {number for number, trend in said.items() if trend} == {number[RISES]}
    assert said[number[RISES]] == "rising"
    assert painpoints.pain_point(DESIGNER, place, number[RISES]).theme.trend == "rising"


def test_what_changed_looks_at_the_months_before_the_last_that_is_asked_for(place: Place) -> None:
    then = painpoints.what_changed(DESIGNER, place, Filters(last_month="2026-07", first_month="2026-07"))
    assert then is not None
    assert (then.recent_months, then.earlier_months) == (("2026-05", "2026-07"), ("2025-11", "2026-04"))
    assert not then.rising
    for filters in (Filters(last_month="2025-12"), Filters(last_month="1066-10"), Filters(service="nobody's")):
        assert painpoints.what_changed(DESIGNER, place, filters) is None


def test_the_service_that_differs_is_named_with_both_shares_and_their_intervals(place: Place) -> None:
    number = lasting(place)
    found = painpoints.who_differs(FRONTLINE, place)
    (first,) = [one for one in found.differences if one.theme.number == number[AT_ONE] and one.more]
    assert first.group == SERVICES[0]
    for side in (first.here, first.elsewhere):
        assert side.low <= side.share <= side.high
        assert side.share == side.told / side.of
    assert first.elsewhere.high < first.here.low
    assert 0 < first.low < first.difference < first.high
    (more,) = painpoints.who_tells_more(DESIGNER, place, number[AT_ONE])
    assert (more.by, more.group) == ("service", SERVICES[0])
    assert painpoints.who_tells_more(DESIGNER, place, number[USUAL], Filters(service=SERVICES[0])) == ()


def test_two_periods_differ_in_what_rises_and_a_month_that_nobody_knows_is_the_middle(place: Place) -> None:
    number = lasting(place)
    found = painpoints.who_differs(DESIGNER, place, by="period", since="2026-08")
    assert found.since == "2026-08"
    assert (found.differences[0].theme.number, found.differences[0].more) == (number[RISES], True)
    assert painpoints.who_differs(DESIGNER, place, by="period", since="never").since == "2026-05"
    one_month = Filters(first_month="2026-08", last_month="2026-08")
    assert painpoints.who_differs(DESIGNER, place, one_month, by="period").groups == ()


def test_two_themes_of_the_same_journeys_are_told_together(place: Place) -> None:
    number = lasting(place)
    found = painpoints.told_together(FRONTLINE, place)
    assert found.themes == 4
    assert found.tested == 6
    (couple,) = [one for one in found.couples if number[AT_ONE] in (one.first.number, one.second.number)]
    assert couple.beside(number[AT_ONE]).number == number[WITH]
    assert couple.journeys == couple.first.journeys == couple.second.journeys
    assert 1 < couple.low < couple.lift < couple.high


def test_what_fewer_than_five_tell_of_is_nowhere(place: Place) -> None:
    assert RARE not in lasting(place)
    changed = painpoints.what_changed(DESIGNER, place)
    everything: list[object] = [changed, painpoints.told_together(DESIGNER, place)]
    everything += [painpoints.who_differs(DESIGNER, place, by=by) for by in ("service", "need", "period")]
    assert LABELS[RARE] not in str(everything)
    assert HIDDEN_SERVICE not in str(everything)
    assert changed is not None
    for one in (*changed.rising, *changed.steady):
        for field in fields(one.change):
            assert field.name not in ("recent", "earlier") or (getattr(one.change, field.name) or 5) >= 5


def test_who_may_not_see_and_what_cannot_be_compared_is_refused(place: Place) -> None:
    for use_case in (painpoints.what_changed, painpoints.who_differs, painpoints.told_together):
        with pytest.raises(NotAllowed):
            use_case(RESIDENT, place)
        with pytest.raises(NotFound):
            use_case(DESIGNER, place, run_id=99)
    with pytest.raises(NotAllowed):
        painpoints.who_tells_more(RESIDENT, place, 1)
    for by in ("ethnicity", "story_id", ""):
        with pytest.raises(BadInput):
            painpoints.who_differs(DESIGNER, place, by=by)
    empty = intake.add_place(SYSTEM, "Emptyham", organisations=[], services=[])
    with pytest.raises(NotReady):
        painpoints.what_changed(DESIGNER, empty)
