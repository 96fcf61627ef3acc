"""The states of the screen of records and retention, for the accessibility tests.

Each state is a step on from the one before it. The stories are those of the site's small place; nothing is purged.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Act = Callable[[Any, Mapping[str, str]], None]


@dataclass(frozen=True)
class RecordState:
    """A state of the screen: how a tab gets there. ``drafts`` are the site's, by name."""

    name: str
    act: Act
    role: str = "admin"


def no_rule(tab: Any, _drafts: Mapping[str, str]) -> None:
    """Nothing was set yet."""
    tab.visit("/records")
    tab.page.get_by_text("No rule: they are kept").first.wait_for()


def wrong_days(tab: Any, _drafts: Mapping[str, str]) -> None:
    """Words in place of days."""
    tab.look_up("Which stories", "Stories outside of surveys")
    tab.write("Days after they were told", "two years")
    tab.press("Save the rule")
    tab.page.get_by_role("alert").wait_for()


def rule(tab: Any, _drafts: Mapping[str, str]) -> None:
    """A rule with its clock."""
    tab.write("Days after they were told", "730")
    tab.press("Save the rule")
    tab.page.locator("#records-saved").wait_for()


def wrong_reference(tab: Any, _drafts: Mapping[str, str]) -> None:
    """A reference under which nothing is held."""
    tab.visit("/records?view=person")
    tab.write("Their reference", "BCD-F34-GHJK")
    tab.press("Make the file")
    tab.page.get_by_role("alert").wait_for()


def processing(tab: Any, _drafts: Mapping[str, str]) -> None:
    """What is still open, and one document."""
    tab.visit("/records?view=processing")
    tab.page.get_by_text("Read it here").last.click()
    tab.page.get_by_role("heading", name="5. Risks to people").wait_for()
    tab.idle()


RECORD_STATES = [
    RecordState("records: no rule", no_rule),
    RecordState("records: wrong days", wrong_days),
    RecordState("records: a rule", rule),
    RecordState("records: wrong reference", wrong_reference),
    RecordState("records: processing", processing),
]
