"""Every state of the plain form: how it is reached. Tests of accessibility walk this table."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


def nothing(_page: Any) -> None:
    """The state is there as soon as the page is."""


def press(*names: str) -> Callable[[Any], None]:
    """A state that buttons lead to."""

    def act(page: Any) -> None:
        for name in names:
            page.wait_for_timeout(30)
            page.get_by_role("button", name=name, exact=True).last.click()
            page.wait_for_load_state()

    return act


def typed(fields: dict[str, str], button: str = "Continue") -> Callable[[Any], None]:
    """A state that filling in fields, by their ids, leads to."""

    def act(page: Any) -> None:
        for field, text in fields.items():
            page.locator(f"#{field}").fill(text)
        press(button)(page)

    return act


def with_reference(page: Any) -> None:
    """What is held under the reference of the journey that was sent."""
    reference = page.locator(".ref span").first.inner_text()
    page.goto(page.url.replace("/tell/sent", "/tell/receipt"))
    typed({"reference": reference})(page)


def before_erasing(page: Any) -> None:
    """The question before everything is erased."""
    with_reference(page)
    page.goto(page.url.rsplit("/tell/", 1)[0] + "/tell/receipt/erase")


def without_cookie(page: Any) -> None:
    """A page whose cookie was lost before its button was pressed."""
    page.context.clear_cookies()
    press("Continue")(page)


def opened(page: Any) -> None:
    """What can be opened is open."""
    page.locator("summary").first.click()


@dataclass(frozen=True)
class FormState:
    """A state of the form: which of the site's drafts is told in this browser, which address, what is done there."""

    name: str
    path: str
    draft: str = ""
    act: Callable[[Any], None] = nothing


def of_step(part: str, step: int = 2) -> str:
    """The address of a page of a step."""
    return f"/tell/q/steps/{step}/{part}"


FORM_STATES = [
    FormState("start", "/tell"),
    FormState("start, with a journey begun", "/tell", "whole"),
    FormState("start in Arabic", "/tell?lang=ar"),
    FormState("privacy", "/tell/privacy"),
    FormState("four words", "/tell/resume"),
    FormState("four words, none", "/tell/resume", act=press("Continue")),
    FormState("four words, wrong ones", "/tell/resume", act=typed({"words": "one two three four"})),
    FormState("a link that opens a journey", "/tell/r/one-two-three-four"),
    FormState("a link that opens nothing", "/tell/r/one-two-three-four", act=press("Continue")),
    FormState("no journey", "/tell/q/need"),
    FormState("no such page", "/tell/nonsense"),
    FormState("a choice", "/tell/q/need", "whole", opened),
    FormState("own words", "/tell/q/what_happened", "whole"),
    FormState("too long", "/tell/q/what_happened", "empty", typed({"what_happened": "x" * 20_001})),
    FormState("no steps yet", "/tell/q/steps", "empty"),
    FormState("steps", "/tell/q/steps", "whole"),
    FormState("a step moved there and back", "/tell/q/steps", "whole", press("Move down step 1", "Move up step 2")),
    FormState("a step removed", "/tell/q/steps", "whole", press("Remove step 1")),
    FormState("a step put back", "/tell/q/steps?done=removed&step=1", "whole", press("Undo")),
    FormState("a list that changed meanwhile", "/tell/q/steps?done=stale", "whole"),
    FormState("step, who", of_step("where"), "whole"),
    FormState("step, a new one", of_step("where", 9), "whole"),
    FormState("step, wrong date", of_step("where", 1), "broken", press("Continue")),
    FormState("step, wait", of_step("wait"), "whole"),
    FormState("step, wrong wait", of_step("wait", 1), "broken", typed({"waited-number": "ages"})),
    FormState("step, how it went", of_step("how_it_went"), "whole"),
    FormState("step, words", of_step("own_words"), "whole"),
    FormState("step, wrong numbers", of_step("own_words", 1), "broken", typed({"hours": "many", "pounds": "-1"})),
    FormState("consent", "/tell/q/consent", "whole"),
    FormState("check", "/tell/check", "whole"),
    FormState("check in Urdu", "/tell/check?lang=ur", "whole"),
    FormState("check, nothing told", "/tell/check", "empty"),
    FormState("cannot be sent", "/tell/check", "broken", press("Send")),
    FormState("come back later", "/tell/later", "whole"),
    FormState("a lost cookie", "/tell/q/what_good", "whole", without_cookie),
    FormState("sent", "/tell/sent", "sent"),
    FormState("receipt: which reference", "/tell/receipt"),
    FormState("receipt: a wrong reference", "/tell/receipt", act=typed({"reference": "nonsense"})),
    FormState("receipt: what is held", "/tell/sent", "sent", with_reference),
    FormState("receipt: before erasing", "/tell/sent", "sent", before_erasing),
    FormState("questions about you", "/tell/about-you", "sent"),
    FormState("accessibility statement", "/tell/accessibility"),
    FormState("kiosk: start", "/tell/kiosk"),
    FormState("kiosk: a question", "/tell/kiosk", act=press("Start now")),
]


def reach(page: Any, url: str, drafts: dict[str, str], state: FormState) -> None:
    """Lead a browser to a state, from wherever it is; it speaks English unless the state says otherwise."""
    page.context.clear_cookies()
    if state.draft:
        page.goto(f"{url}/tell/continue?draft={drafts[state.draft]}")
        page.locator("form .button").first.click()
        page.wait_for_load_state()
        page.goto(f"{url}/tell/check?lang=en")
    page.goto(url + state.path)
    state.act(page)
