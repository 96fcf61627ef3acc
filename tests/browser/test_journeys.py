"""From a pain point to the handoff it sits on, to the journeys, to one story and back: by mouse, and by keyboard."""

import codecs
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import pytest

from insight import intake, journeys, painpoints
from insight.access import SYSTEM
from insight.database import dispose
from insight.settings import settings
from tests.browser.conftest import Site
from tests.conftest import use_database

pytestmark = pytest.mark.browser
MOST_TABS = 120
LONGEST = 150  # beyond it, it is the words of the whole page: nothing has the focus


@pytest.fixture
def pain(demo_site: Site, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[int, str]]:
    """The first pain point of the board that sits on a handoff: its number and its name."""
    monkeypatch.setenv("INSIGHT_PLACE", "Ottermarsh")
    use_database(monkeypatch, f"sqlite:///{demo_site.database}")
    place = intake.current_place()
    themes = painpoints.board(SYSTEM, place).pain_points
    yield next((t.number, t.label) for t in themes if journeys.places_of_pain(SYSTEM, place, t.number).junctions)
    dispose()
    settings.cache_clear()


def on_heading(tab: Any) -> bool:
    """Whether the focus comes to be on the page's heading."""
    tab.page.wait_for_function("document.activeElement.tagName === 'H1'")
    return True


def count_of(text: str) -> int:
    return int("".join(sign for sign in text.split(" journey", maxsplit=1)[0].rsplit(" ", 1)[-1] if sign.isdigit()))


def test_from_a_pain_point_to_one_story_and_back_by_mouse(
    demo_tab_as: Callable[..., Any], pain: tuple[int, str]
) -> None:
    number, label = pain
    tab = demo_tab_as("designer").visit(f"/pain-points?theme={number}").on(label)
    way = tab.page.get_by_role("link", name="Passed on from").first
    start, end = way.inner_text().removeprefix("Passed on from ").split(" to ")
    told = count_of(way.locator("xpath=..").inner_text().removeprefix(way.inner_text()))
    way.click()
    tab.on("Journeys")
    tab.page.get_by_role("heading", name=f"{start} to {end}").first.wait_for()
    here = f"See the {told} journeys that tell of it here from {start} to {end}"
    tab.settle().idle().page.get_by_role("button", name=here).first.click()
    back = tab.page.get_by_role("button", name="Back to the handoffs")
    back.wait_for()
    tab.idle()
    assert tab.page.get_by_role("button", name=f"Only journeys that tell of: {label}").count() == 1
    there = f"Only where they tell of it as they were passed on from {start} to {end}"
    assert tab.page.get_by_role("button", name=there).count() == 1
    total = count_of(tab.page.get_by_role("heading", name="journeys").last.inner_text())
    assert total == told >= 5
    tab.settle().page.get_by_role("button", name="Read this journey").nth(1).click()
    tab.on("A journey: ")
    services = tab.page.locator(".tl-step h3").all_inner_texts()
    assert any(f"({start})" in step and f"({end})" in after for step, after in pairwise(services))
    tab.press("Back to the journeys", "Journeys")
    tab.press("Back to the handoffs", "Journeys")
    tab.page.get_by_role("heading", name="Who passes on to whom").wait_for()
    tab.page.get_by_role("link", name=f"Back to the pain point: {label}").click()
    tab.on(label)
    assert tab.page.get_by_role("heading", name="What people say").count() == 1


def reach(tab: Any, name: str) -> None:
    """Move the focus with the Tab key until it is on what is called so."""
    for _ in range(MOST_TABS):
        if name in tab.focused and len(tab.focused) < LONGEST:
            return
        tab.page.keyboard.press("Tab")
    raise AssertionError(f"{name!r} was not reached by the keyboard; the focus is on {tab.focused!r}")


def enter(tab: Any, name: str) -> str:
    """Reach something by the keyboard and press Enter; gives what it was called."""
    reach(tab.idle(), name)
    whole = str(tab.focused)
    tab.settle().page.keyboard.press("Enter")
    return whole


def test_the_same_way_by_keyboard_with_the_focus_going_along(
    demo_tab_as: Callable[..., Any], pain: tuple[int, str]
) -> None:
    number, label = pain
    tab = demo_tab_as("designer").visit(f"/pain-points?theme={number}").on(label)
    enter(tab, "Passed on from")
    tab.on("Journeys")
    assert on_heading(tab)
    opened = enter(tab, "journeys that tell of it here")
    tab.page.get_by_role("button", name="Back to the handoffs").wait_for()
    read = enter(tab, "Read this journey")
    tab.on("A journey: ")
    assert on_heading(tab)
    tab.page.keyboard.press("Shift+Tab")
    enter(tab, "Back to the journeys")
    tab.on("Journeys")
    assert tab.focus_reaches(read), tab.focused
    tab.page.locator("h1").focus()
    enter(tab, "Back to the handoffs")
    tab.page.get_by_role("heading", name="Who passes on to whom").wait_for()
    assert tab.focus_reaches(opened), tab.focused
    tab.page.locator("h1").focus()
    enter(tab, "Back to the pain point")
    tab.on(label)
    assert on_heading(tab)


def test_a_table_to_download_holds_what_its_button_says(demo_tab_as: Callable[..., Any]) -> None:
    tab = demo_tab_as("designer").visit("/journeys?view=Paths").on("Journeys")
    for label, columns in (("the moves", b"place,from,to,"), ("the paths", b"steps,")):
        with tab.idle().settle().page.expect_download(timeout=30_000) as brought:
            tab.page.get_by_role("button", name=f"Download {label} (CSV)", exact=True).click()
        assert brought.value.path().read_bytes().removeprefix(codecs.BOM_UTF8).startswith(columns), label


def test_a_narrowing_is_said_and_taken_away_and_lives_in_the_address(demo_tab_as: Callable[..., Any]) -> None:
    tab = demo_tab_as("designer").visit("/journeys?view=Paths&grain=organisation").on("Journeys")
    tab.settle().page.get_by_role("button", name="See these journeys on path 1", exact=True).click()
    tab.page.get_by_role("button", name="Back to the paths").wait_for()
    again = demo_tab_as("designer")
    again.page.goto(tab.idle().page.url)
    chip = again.on("Journeys").page.get_by_role("button", name="Only journeys on path 1. Remove")
    chip.wait_for()
    fewer = count_of(again.page.get_by_role("heading", name="journeys").last.inner_text())
    again.settle().page.get_by_role("button", name="Only journeys on path 1. Remove").click()
    chip.wait_for(state="detached")
    all_of_them = count_of(again.idle().page.get_by_role("heading", name="journeys").last.inner_text())
    assert 5 <= fewer < all_of_them
    assert "path=" not in again.page.url


def test_frontline_staff_see_the_views_but_no_journey_and_no_words(demo_tab_as: Callable[..., Any]) -> None:
    tab = demo_tab_as("frontline").visit("/journeys?view=Handoffs").on("Journeys")
    tab.page.get_by_role("heading", name="Who passes on to whom").wait_for()
    assert tab.page.get_by_role("button", name="See these journeys").count() == 0
    assert tab.page.get_by_role("radio", name="Journeys").count() == 0
    for address in ("/journeys?journey=1", "/journeys?view=Journeys"):
        tab.visit(address).on("Journeys")
        assert tab.page.locator(".tl-said, .tl-step").count() == 0
        assert tab.page.get_by_role("button", name="Read this journey").count() == 0
