"""Staff log a story in a real browser, mostly by keyboard, and change it."""

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.browser


def test_a_story_is_logged_and_then_changed(site: Any, tab_as: Callable[..., Any]) -> None:
    before = len(site.rows("select id from story"))
    tab = tab_as("frontline").visit("/log").on("Log a story")
    tab.write("What happened?", "She was asked for the same letter twice.")
    tab.look_up("1. Service", "Hous").look_up("1. How it felt", "Very bad").write("1. Waited", "3w")
    tab.look_up("2. Service", "GP")
    tab.page.get_by_text("Use my story").click()
    tab.press("Save story")
    tab.page.get_by_role("alert").get_by_text("Choose how they agreed").wait_for()
    assert tab.focus_reaches("error-summary"), tab.focused
    assert tab.page.get_by_role("textbox", name="What happened?", exact=True).input_value().startswith("She was asked")
    tab.look_up("How they agreed", "They said")
    tab.click_twice("Save story", apart=200)
    saved = tab.page.locator("#saved strong")
    saved.wait_for()
    reference = saved.inner_text()
    assert tab.focus_reaches("saved"), tab.focused
    assert tab.page.get_by_role("textbox", name="What happened?", exact=True).input_value() == ""
    assert len(site.rows("select id from story")) == before + 1
    tab.press(f"Edit {reference}", f"Change entry {reference}")
    assert tab.page.get_by_role("textbox", name="1. Waited").input_value() == "3 weeks"
    tab.write("What happened?", "She was asked for the same letter three times.").press("Save changes", "Log a story")
    assert site.rows(f"select what_happened, version from story where reference = '{reference}'") == [
        ("She was asked for the same letter three times.", 2)
    ]
    assert site.rows(
        "select service_name, waited_days from step join story on story.id = story_id "
        f"where reference = '{reference}' order by position"
    ) == [("Housing advice", 21), ("GP surgery", None)]
