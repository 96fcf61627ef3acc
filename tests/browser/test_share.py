"""A resident tells a journey in a real browser: reload, Back, double clicks, and the keyboard alone."""

import json
from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.browser
HEADINGS = {"wait": "How long did you wait?", "went": "How did this step go?", "words": "What happened at this step?"}
LIST = "The steps of your journey"


def tell_step(tab: Any, service: str, feeling: str, note: str) -> None:
    tab.on("Who did you deal with?").look_up("Service", service).press("Continue", HEADINGS["wait"])
    tab.write("How many. How long did you wait before this step?", "3")
    tab.pick("Unit: How long did you wait before this step?", "weeks").press("Continue", HEADINGS["went"])
    tab.pick("How did it feel?", feeling).press("Continue", HEADINGS["words"])
    tab.write("What happened, in your own words?", note).press("Continue", LIST)


def newest_story(site: Any) -> dict[str, Any]:
    answers: dict[str, Any] = json.loads(site.rows("select answers from story order by id desc limit 1")[0][0])
    return answers


def test_three_steps_with_reload_back_and_double_clicks_store_one_story(site: Any, tab_as: Callable[..., Any]) -> None:
    before = len(site.rows("select id from story"))
    tab = tab_as().visit("/share")
    tab.click_twice("Start now", apart=30).on("What did you need help with?").pick(
        "What did you need help with?", "Someone died"
    )
    tab.click_twice("Continue", apart=200)
    tab.on("What happened?").write("What happened?", "We had to tell eleven offices.").press("Continue", LIST)
    tab.press("Add the first step")
    tell_step(tab, "Discharge", "Bad", "They rang nobody.")
    tab.page.reload()
    tab.on(LIST).press("Add another step")
    tell_step(tab, "Housing", "Very bad", "The form got lost.")
    tab.page.go_back()
    tab.on(HEADINGS["words"])
    assert tab.page.get_by_role("textbox", name="What happened, in your own words?").input_value() == (
        "The form got lost."
    )
    tab.page.go_forward()
    tab.on(LIST).press("Add another step")
    tell_step(tab, "Repairs", "Good", "Fixed in a day.")
    assert tab.page.get_by_text("Passed on from Testham NHS Trust to Testham Council").is_visible()
    tab.press("Continue", "Did you get what you needed?").press("Continue", "What would have made it better?")
    tab.press("Continue", "What was good?").press_again_at_once("Continue").on("What was good?")
    tab.press("Continue", "Who are you").press("Continue", "What may we do")
    tab.page.get_by_text("Use my story").click()
    tab.press("Continue", "Check your answers")
    tab.click_twice("Send", apart=200)
    tab.on("Thank you")
    reference = tab.page.locator(".tl-reference [aria-hidden]").inner_text()
    tab.page.reload()
    tab.on("Thank you")
    assert tab.page.locator(".tl-reference [aria-hidden]").inner_text() == reference
    assert len(site.rows("select id from story")) == before + 1
    told = newest_story(site)
    assert (told["need"], told["what_happened"], told["consent"]) == (
        "bereavement",
        "We had to tell eleven offices.",
        ["analyse"],
    )
    assert [(s["service"], s["feeling"], s["waited"], s["note"]) for s in told["steps"]] == [
        ("Discharge team", "-1", {"number": "3", "unit": "weeks"}, "They rang nobody."),
        ("Housing advice", "-2", {"number": "3", "unit": "weeks"}, "The form got lost."),
        ("Repairs", "1", {"number": "3", "unit": "weeks"}, "Fixed in a day."),
    ]


def test_a_name_that_is_on_no_list_stays_when_one_moves_on(site: Any, tab_as: Callable[..., Any]) -> None:
    tab = tab_as().visit(f"/share?draft={site.drafts['empty']}&page=steps&step=1&part=where")
    for typed, leave in (("Some food bank", "Tab"), ("Another food bank", "click")):
        field = tab.page.get_by_role("combobox", name="Service", exact=True)
        field.fill(typed)
        tab.page.get_by_role("option").first.wait_for()
        if leave == "Tab":
            tab.page.keyboard.press("Tab")
        else:
            tab.page.locator("h1").click()
        tab.page.wait_for_timeout(300)
        assert field.input_value() == typed


def test_two_slow_clicks_on_remove_take_out_one_step(site: Any, tab_as: Callable[..., Any]) -> None:
    tab = tab_as().visit(f"/share?draft={site.drafts['whole']}&page=steps").on(LIST)
    tab.click_twice("Remove: step 1", apart=200)
    tab.page.get_by_role("button", name="Undo").wait_for()
    assert tab.page.get_by_role("button", name="Remove: step").count() == 2
    tab.press("Undo")
    tab.page.get_by_role("button", name="Remove: step 3").wait_for()


def test_a_name_of_ones_own_can_be_typed(site: Any, tab_as: Callable[..., Any]) -> None:
    tab = tab_as().visit(f"/share?draft={site.drafts['empty']}&page=steps&step=1&part=where")
    tab.page.get_by_role("combobox", name="Service", exact=True).fill("The lady at the library")
    tab.page.keyboard.press("Enter")
    tab.press("Finish this step", LIST)
    assert tab.page.get_by_role("heading", name="1. The lady at the library").is_visible()
    tab.press("Remove: step 1")


@pytest.mark.parametrize("address", ["page=what_good", "page=steps&step=1&part=own_words"])
def test_what_is_being_typed_survives_a_reload(site: Any, tab_as: Callable[..., Any], address: str) -> None:
    tab = tab_as().visit(f"/share?draft={site.drafts['whole']}&{address}")
    box = tab.page.get_by_role("textbox").first
    box.press_sequentially("The nurse stayed late")
    tab.page.wait_for_timeout(1300)
    tab.idle()
    assert box.input_value() == "The nurse stayed late", "saving must not disturb who is writing"
    box.press_sequentially(", twice")
    tab.page.wait_for_timeout(1300)
    tab.page.reload()
    tab.page.wait_for_selector("h1")
    tab.idle()
    assert box.input_value() == "The nurse stayed late, twice"


class Keys:
    """The keyboard, and nothing else."""

    def __init__(self, tab: Any) -> None:
        self.tab, self.keyboard = tab, tab.page.keyboard

    def to(self, wanted: str) -> "Keys":
        """Press Tab until the focus is on something with this name."""
        seen = []
        for _ in range(40):
            self.keyboard.press("Tab")
            seen.append(self.tab.focused)
            if seen[-1] == wanted:
                return self
        raise AssertionError(f"Tab never reached {wanted!r}: {seen}")

    def enter(self, heading: str) -> "Keys":
        self.tab.settle()
        self.keyboard.press("Enter")
        self.tab.on(heading)
        assert self.tab.focus_reaches(self.tab.page.locator("h1").inner_text()), self.tab.focused
        return self

    def type(self, text: str) -> "Keys":
        self.keyboard.type(text)
        return self

    def press(self, *names: str) -> "Keys":
        for name in names:
            self.keyboard.press(name)
        return self


def test_the_whole_journey_by_keyboard_alone(site: Any, tab_as: Callable[..., Any]) -> None:
    tab = tab_as().visit("/share")
    keys = Keys(tab)
    keys.to("Start now").enter("What did you need help with?")
    keys.to("Someone died").press("ArrowDown", "ArrowDown").to("Continue").enter("What happened?")
    keys.to("What happened?").type("The boiler broke.").to("Continue").enter(LIST)
    keys.to("Add the first step").enter("Who did you deal with?")
    keys.to("Service").type("Repa")
    tab.page.get_by_role("option", name="Repairs", exact=True).wait_for()
    tab.page.wait_for_timeout(150)
    keys.press("ArrowDown", "Enter").to("Year. When was it?").type("2026").to("Continue").enter(HEADINGS["wait"])
    keys.to("How many. How long did you wait before this step?").type("2").to("Continue").enter(HEADINGS["went"])
    keys.to("Very bad").press("Space").to("Yes").press("Space").to("Finish this step").enter(LIST)
    keys.to("Continue").enter("Did you get what you needed?")
    keys.to("Yes").press("Space").to("Continue").enter("What would have made it better?")
    for heading in ("What was good?", "Who are you in this story?", "What may we do with your story?"):
        keys.to("Continue").enter(heading)
    keys.to("Use my story to find out what should get better").press("Space").to("Continue").enter("Check your answers")
    keys.to("Change: What happened?").enter("What happened?")
    keys.to("What happened?").press("End").type(" Twice.").to("Continue").enter("Check your answers")
    keys.to("Send").enter("Thank you")
    told = newest_story(site)
    assert (told["need"], told["what_happened"], told["need_met"], told["consent"]) == (
        "repairs",
        "The boiler broke. Twice.",
        "yes",
        ["analyse"],
    )
    (step,) = told["steps"]
    assert (step["service"], step["feeling"], step["told_again"], step["when"]["year"]) == (
        "Repairs",
        "-2",
        "yes",
        "2026",
    )
