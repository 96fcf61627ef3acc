"""Staff key in a paper form by keyboard alone, fast enough, and note a call, in a real browser."""

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.browser
KEY_SECONDS = 0.28  # one keystroke of an average typist (Card, Moran and Newell, 1980)
TOLD = "I rang the council ten times about the damp, and each time I told it all again. Nobody wrote anything down."
STEPS = [
    [
        "Housing advice",
        "",
        "1",
        "3 2026",
        "3w",
        "1w",
        "1",
        "1",
        "2",
        "3",
        "They said somebody would ring.",
        "4",
        "12.50",
    ],
    ["GP surgery", "", "2", "14 4 2026", "10d", "?", "4", "2", "2", "1", "The doctor wrote a letter.", "1", ""],
]
ENDING = ["2", "One person to ring", "The doctor", "1", "12"]


class Hands:
    """Two hands on a keyboard, counted."""

    def __init__(self, tab: Any) -> None:
        self.tab, self.keys = tab, 0

    def press(self, key: str) -> "Hands":
        self.tab.page.keyboard.press(key)
        self.keys += 1
        return self

    def fill(self, *fields: str) -> "Hands":
        """Type into one field after another."""
        for words in fields:
            self.tab.page.keyboard.insert_text(words)
            self.keys += len(words)
            self.press("Tab")
        return self


def test_a_form_of_two_steps_is_keyed_in_under_two_minutes_by_keyboard_alone(
    site: Any, tab_as: Callable[..., Any]
) -> None:
    before = len(site.rows("select id from story"))
    tab = tab_as("frontline").visit("/keying").on("Key in paper forms")
    tab.page.get_by_role("textbox", name="Language at the foot of the paper").focus()
    hands = Hands(tab).press("Tab").fill("2", TOLD, *STEPS[0], *STEPS[1])
    echoes = [words for words in tab.page.locator(".tl-echo").all_inner_texts() if words]
    assert echoes[:2] == ["Having somewhere to live", "Phone · Very bad · Yes · No · No"]
    assert tab.focused == "Add a step"
    hands.press("Tab").fill(*ENDING)
    assert tab.focused == "Save"
    hands.press("Enter").press("Enter")  # as impatient people do
    saved = tab.page.locator("#saved .tl-reference span").first
    saved.wait_for()
    assert tab.focus_reaches("saved"), tab.focused
    assert hands.keys * KEY_SECONDS < 120, hands.keys
    row = site.rows(f"select source, need, what_happened from story where reference = '{saved.inner_text()}'")
    assert row == [("staff_paper", "housing", TOLD)]
    assert len(site.rows("select id from story")) == before + 1
    steps = site.rows(
        "select channel, waited_days, promised_days, feeling, pence from step order by story_id desc, position"
    )
    assert steps[:2] == [("phone", 21, 7, -2, 1250), ("face_to_face", 10, None, 1, None)]
    tab.settle().page.get_by_role("button", name="Key in the next one").press("Enter")
    tab.page.get_by_role("textbox", name="need.").wait_for()
    assert tab.focus_reaches("Language at the foot of the paper"), tab.focused


def test_a_step_added_gets_the_focus_and_names_come_from_the_list(site: Any, tab_as: Callable[..., Any]) -> None:
    tab = tab_as("frontline").visit("/keying")
    service = tab.page.get_by_role("combobox", name="1.service. Service")
    listed = tab.page.locator("#tl-list-service option")
    listed.first.wait_for(state="attached")
    assert {option.get_attribute("value") for option in listed.all()} >= {"Housing advice", "GP surgery"}
    service.fill("The food bank")
    tab.page.keyboard.press("Tab")
    tab.press("Add a step")
    assert tab.focus_reaches("3.service. Service"), tab.focused
    assert service.input_value() == "The food bank"


def test_the_page_to_print_has_each_question_once_and_prints_each_step_on_a_page(tab_as: Callable[..., Any]) -> None:
    page = tab_as("resident").page
    page.goto(tab_as("resident").url + "/tell/paper?lang=ar&size=large")
    codes = page.locator(".code").all_inner_texts()
    assert len(codes) == len(set(codes)) == 7 + 4 * 13
    assert page.evaluate("getComputedStyle(document.querySelector('h1')).direction") == "rtl"
    assert page.evaluate("getComputedStyle(document.querySelector('.lines i')).borderBottomStyle") == "solid", "styled"
    assert len(page.pdf(prefer_css_page_size=True).split(b"/Type /Page\n")) - 1 >= 8
