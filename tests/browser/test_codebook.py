"""The codebook by keyboard alone: themes merged and the merge undone, a passage moved, the focus going along."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.axe import Looker
from tests.browser.test_journeys import on_heading, reach

pytestmark = pytest.mark.browser


def key(tab: Any, name: str, pressed: str = "Enter") -> None:
    """Reach something with the Tab key and press a key on it."""
    reach(tab.idle(), name)
    tab.settle().page.keyboard.press(pressed)


def test_a_designer_makes_the_codebook_theirs_by_keyboard(
    demo_tab_as: Callable[..., Any], record_property: Callable[[str, object], None]
) -> None:
    tab, looker = demo_tab_as("designer").visit("/codebook").on("Codebook"), Looker(record_property)
    names = tab.page.locator(".tl-theme h3 a").all_inner_texts()[:2]
    looker.look(tab.page)
    for name in names:
        key(tab, f"Tick {name}", "Space")
    key(tab, "Merge them")
    tab.on("Merge 2 themes")
    assert on_heading(tab)
    key(tab, "Or give it a new name")
    tab.page.keyboard.type("Two pains in one")
    tab.page.keyboard.press("Tab")
    reach(tab, "Merge")
    key(tab, "Merge")
    tab.on("Two pains in one")
    assert tab.focus_reaches("saved")
    looker.look(tab.page)
    key(tab, "Undo: Merged")
    tab.on(names[0])
    assert tab.focus_reaches("saved") and "Undone" in tab.page.locator("#saved").inner_text()

    tab.page.locator("h1").evaluate("node => { node.tabIndex = -1; node.focus(); }")
    key(tab, "Tick: ", "Space")
    key(tab, "Or to a new theme called")
    tab.page.keyboard.type("By hand")
    key(tab, "Move")
    tab.page.get_by_text("Moved 1 passage to “By hand”.").wait_for()
    tab.visit("/codebook?view=history").on("Codebook")
    tab.page.get_by_text("demo designer made “By hand”").wait_for()
    looker.look(tab.page)
    tab.settle().page.get_by_role("button", name="Undo: demo designer made “By hand”").click()
    tab.page.get_by_text("demo designer undid: demo designer made “By hand”").wait_for()


def test_a_pain_point_leads_to_its_theme_in_the_codebook(demo_tab_as: Callable[..., Any]) -> None:
    tab = demo_tab_as("designer").visit("/codebook").on("Codebook")
    address = tab.page.locator(".tl-theme h3 a").first.get_attribute("href")
    name = tab.page.locator(".tl-theme h3 a").first.inner_text()
    tab.visit(str(address).replace("/codebook", "/pain-points")).on(name)
    tab.page.get_by_role("link", name="Rename, merge or split this in the codebook").click()
    tab.page.get_by_role("heading", name="With the passages you ticked").wait_for()
    assert tab.on(name).page.url.endswith(str(address))
