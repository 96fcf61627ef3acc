"""What changed, who differs and told together: said with intervals, chosen groups kept, empty ones said."""

import pytest

from insight import intake, painpoints
from insight.access import SYSTEM
from insight.intake import Place
from insight.painpoints import Change, WhatChanged
from pages.pain import changed_view
from tests.pages.screen import Screen
from tests.stores.made_comparisons import AT_ONE, LABELS, MONTHS, SERVICES, WITH, add_compared


@pytest.fixture
def place(sqlite: str, monkeypatch: pytest.MonkeyPatch) -> Place:
    monkeypatch.setenv("INSIGHT_PLACE", "Testham")
    painpoints.forget_cached_runs()
    made = intake.add_place(SYSTEM, "Testham", organisations=[], services=[])
    add_compared(made)
    return made


def as_designer() -> None:
    from insight.access import Actor, Role
    from pages import pain_points

    pain_points.render(Actor(Role.DESIGNER, "designer one"))


def as_frontline() -> None:
    from insight.access import Actor, Role
    from pages import pain_points

    pain_points.render(Actor(Role.FRONTLINE, "worker one"))


def test_from_the_board_to_what_changed_and_to_the_page_of_what_rises(place: Place) -> None:
    screen = Screen(as_designer)
    assert screen.html.count("▲ rising") == 1
    screen.at.segmented_control(key="view").set_value("What changed")
    screen.run()
    assert screen.at.query_params["view"] == "What changed"
    assert [heading.value for heading in screen.at.subheader] == ["Rising: told more than before"]
    assert "Told by 36 of 72 journeys in the last 3 months, 9 of 216 in the 9 months before" in screen.html
    assert "about 12.0 times as often (" in screen.html
    assert "August 2026 to October 2026 (72 journeys), against November 2025 to July 2026" in screen.html
    assert "expect fewer than 1 false alarm" in screen.html
    assert "Rises &amp; &lt;rises&gt;</a>" in screen.html
    number = painpoints.what_changed(SYSTEM, place).rising[0].theme.number  # type: ignore[union-attr]
    assert f'href="/pain-points?theme={number}&amp;view=What+changed"' in screen.html


def test_the_groups_are_chosen_kept_in_the_address_and_let_go_with_the_grouping(place: Place) -> None:
    screen = Screen(as_designer, view="Who differs")
    assert f"At <strong>{SERVICES[0]}</strong> people tell of this more: <strong>" in screen.html
    assert f"At <strong>{SERVICES[1]}</strong>" in screen.html
    screen.at.selectbox(key="group").set_value(SERVICES[0])
    screen.run()
    assert screen.at.query_params["group"] == SERVICES[0]
    assert f"At <strong>{SERVICES[1]}</strong>" not in screen.html
    assert "view=Who+differs&amp;group=One+service" in screen.html
    screen.at.segmented_control(key="by").set_value("period")
    screen.run()
    assert "group" not in screen.at.query_params
    assert "<strong>From May 2026</strong> this is told more" in screen.html
    screen.at.selectbox(key="since").set_value("2026-01")
    screen.run()
    assert screen.at.query_params["since"] == "2026-01"
    assert "compared before and since January 2026" in screen.html


def test_what_is_told_together_names_both_and_links_only_for_those_who_may_read(place: Place) -> None:
    said = "36 journeys tell of both: about"
    screen = Screen(as_designer, view="Told together")
    assert said in screen.html
    assert f"{LABELS[AT_ONE]}</a>" in screen.html
    assert f"{LABELS[WITH]}</a>" in screen.html
    seen = Screen(as_frontline, view="Told together")
    assert said in seen.html
    assert "theme=" not in seen.html


def test_one_pain_point_says_who_tells_of_it_more_and_what_with(place: Place) -> None:
    themes = {theme.label: theme.number for theme in painpoints.board(SYSTEM, place).pain_points}
    screen = Screen(as_designer, theme=str(themes[LABELS[AT_ONE]]))
    assert "Who tells of this more" in [heading.value for heading in screen.at.subheader]
    assert f"At <strong>{SERVICES[0]}</strong> people tell of this more" in screen.html
    assert f"{LABELS[WITH]}</a>" in screen.html
    assert "No change beyond chance." in screen.html


@pytest.mark.parametrize(
    ("view", "said"),
    [
        ("What changed", "Too few journeys were heard to say what changed"),
        ("Who differs", "Fewer than two of these groups"),
        ("Told together", "Fewer than two themes"),
    ],
)
def test_where_nothing_can_be_said_it_is_said_why(place: Place, view: str, said: str) -> None:
    screen = Screen(as_designer, view=view, service=SERVICES[0], last_month=MONTHS[0])
    assert any(info.value.startswith(said) for info in screen.at.info), screen.at.info


def test_a_hidden_number_is_neither_said_nor_to_be_worked_out() -> None:
    change = Change(1, "falling", None, 40, None, None, None, None, sure=True)
    found = WhatChanged(("2026-08", "2026-10"), ("2026-07", "2026-07"), 72, 216, (), (), (), (), ())
    assert changed_view.sentence(found, change) == (
        "Told by fewer than 5 of 72 journeys in the last 3 months, 40 of 216 in the 1 month before."
    )
