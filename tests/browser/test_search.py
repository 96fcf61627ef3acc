"""Search by keyboard: what is typed stays out of the address, the focus goes along, Back comes back."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.axe import violations

pytestmark = pytest.mark.browser
WIDTH = 320
BOX = "What are you looking for?"


def test_search_read_and_come_back(demo_tab_as: Callable[..., Any]) -> None:
    tab = demo_tab_as("designer", WIDTH).visit("/search").on("Search")
    tab.write(BOX, "nobody rang back")
    tab.page.keyboard.press("Enter")
    tab.page.locator("#found").wait_for()
    assert tab.idle().focus_reaches("found")
    assert tab.page.url.endswith("/search")
    assert violations(tab.page) == []
    first = tab.page.locator(".tl-said mark").first.inner_text()
    assert tab.page.evaluate("document.documentElement.scrollWidth") <= WIDTH
    tab.settle().page.get_by_role("button", name="Read the whole journey").first.click()
    tab.on("A journey: ")
    tab.page.go_back()
    tab.page.locator("#found").wait_for()
    assert tab.idle().page.locator(".tl-said mark").first.inner_text() == first
    assert tab.page.get_by_role("textbox", name=BOX).input_value() == "nobody rang back"
    tab.settle().page.get_by_role("button", name="More like this").first.click()
    tab.page.get_by_role("heading", name="More like this passage").wait_for()
    assert "like=" in tab.page.url and "rang" not in tab.page.url
    tab.visit("/search").on("Search")
    assert tab.page.get_by_role("textbox", name=BOX).input_value() == "", "a reload forgets what was typed"
