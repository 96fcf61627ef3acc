"""The states of the print page, of keying in paper and of the phone script, for the accessibility tests.

Each state is a step on from the one before it with the same role; the print page's stand on their own.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Act = Callable[[Any, Mapping[str, str]], None]


@dataclass(frozen=True)
class PaperState:
    """A state of a page: how a tab of a role gets there. ``drafts`` are the site's, by name; none is needed here."""

    name: str
    role: str
    act: Act


def printed(address: str) -> Act:
    """A page to print."""

    def act(tab: Any, _drafts: Mapping[str, str]) -> None:
        tab.page.goto(tab.url + address)
        tab.page.wait_for_selector("h1")

    return act


def opened(path: str) -> Act:
    """A screen as it opens."""

    def act(tab: Any, _drafts: Mapping[str, str]) -> None:
        tab.visit(path)

    return act


def keyed_wrong(tab: Any, _drafts: Mapping[str, str]) -> None:
    """Errors at a question, in the grid and at the consent; numbers said in words."""
    for name, typed in (("need.", "44"), ("1.channel.", "1"), ("1.when.", "soon"), ("consent.", "9")):
        tab.page.get_by_role("textbox", name=name).first.fill(typed)
    tab.press("Save")
    tab.page.get_by_role("alert").first.wait_for()


def step_added(tab: Any, _drafts: Mapping[str, str]) -> None:
    """One more row."""
    tab.press("Add a step")
    tab.page.get_by_role("combobox", name="3.service.").wait_for()


def keyed(tab: Any, _drafts: Mapping[str, str]) -> None:
    """A form was saved, and is read back."""
    for name, typed in (("need.", "2"), ("1.when.", "2026"), ("consent.", "12")):
        tab.page.get_by_role("textbox", name=name).first.fill(typed)
    tab.press("Save")
    tab.page.locator("#saved").wait_for()
    tab.page.get_by_text("Read back what was saved").click()


def in_arabic(tab: Any, _drafts: Mapping[str, str]) -> None:
    """The script in a language that runs from right to left, in a page that does not."""
    tab.page.get_by_role("combobox", name="Read out in").fill("العربية")
    tab.page.get_by_role("option").first.click()
    tab.page.locator(".tl-say [dir=rtl]").first.wait_for()
    tab.idle()


def noted_wrong(tab: Any, _drafts: Mapping[str, str]) -> None:
    """An error in a call, and words that raise a concern."""
    tab.page.get_by_role("textbox", name="What happened?", exact=True).fill("My partner hits me and I am afraid of him")
    tab.page.get_by_role("textbox", name="Year. When was it?").first.fill("3026")
    tab.press("Save")
    tab.page.locator("#error-summary").wait_for()


def noted(tab: Any, _drafts: Mapping[str, str]) -> None:
    """A call was saved."""
    tab.page.get_by_role("textbox", name="Year. When was it?").first.fill("2026")
    tab.press("Save")
    tab.page.locator("#saved").wait_for()


PAPER_STATES = [
    PaperState("paper: to print", "resident", printed("/tell/paper")),
    PaperState("paper: large print", "resident", printed("/tell/paper?lang=cy&size=large")),
    PaperState("paper: right to left", "resident", printed("/tell/paper?lang=ar")),
    PaperState("keying: empty", "frontline", opened("/keying")),
    PaperState("keying: errors", "frontline", keyed_wrong),
    PaperState("keying: a step added", "frontline", step_added),
    PaperState("keying: saved", "frontline", keyed),
    PaperState("phone: empty", "frontline", opened("/phone")),
    PaperState("phone: in another language", "frontline", in_arabic),
    PaperState("phone: errors", "frontline", noted_wrong),
    PaperState("phone: saved", "frontline", noted),
]
