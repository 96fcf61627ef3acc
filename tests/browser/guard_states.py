"""The states of the safeguarding, moderation, equality and "who we heard" pages, for the accessibility tests.

``SEED`` goes at the end of the script that fills the site's database (it uses its ``keys``); each state is a step on
from the one before it with the same role.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

SEED = """
from datetime import timedelta
from insight import equality
from insight.database import write_session
from insight.intake.tables import ConcernRow, StoryRow
from insight.moments import now
with write_session() as opened:
    told = opened.query(StoryRow).order_by(StoryRow.id).first()
    opened.query(ConcernRow).delete()
    opened.add(ConcernRow(place_id=told.place_id, story_id=told.id, kinds=["harm", "child"], raised_by="rule",
                          raised_at=now() - timedelta(hours=7), due_at=now() - timedelta(hours=3), state="open"))
key = intake.start_draft(RESIDENT).key
words = "My daughter Zofia Nowak rang 07700 900123. I am 83 and live in a village. It took nine weeks."
intake.save_draft(RESIDENT, key, {"what_happened": words, "consent": ["analyse", "quote"]})
reference = intake.submit(RESIDENT, key).reference
with write_session() as opened:
    keys["moderated"] = str(opened.query(StoryRow).filter_by(reference=reference).one().id)
for number in range(20):
    key = intake.start_draft(RESIDENT).key
    intake.save_draft(RESIDENT, key, {"what_happened": "I waited."})
    intake.submit(RESIDENT, key)
    equality.keep(RESIDENT, key, {"sex": "female" if number > 2 else "male", "age_band": "25_34"})
"""

Act = Callable[[Any, Mapping[str, str]], None]


@dataclass(frozen=True)
class GuardState:
    """A state of a page: how a tab of a role gets there. ``drafts`` are the site's, by name."""

    name: str
    role: str
    act: Act


def queue(tab: Any, _drafts: Mapping[str, str]) -> None:
    """What waits."""
    tab.visit("/safeguarding")
    tab.page.get_by_text("Overdue by").wait_for()


def item(tab: Any, _drafts: Mapping[str, str]) -> None:
    """One item, without its story."""
    tab.page.get_by_role("button", name="Open item").first.click()
    tab.page.get_by_role("button", name="Read the story").wait_for()
    tab.idle()


def story(tab: Any, _drafts: Mapping[str, str]) -> None:
    """The story, and the decision to make."""
    tab.press("Read the story")
    tab.page.get_by_role("heading", name="Your decision").wait_for()


def nothing_chosen(tab: Any, _drafts: Mapping[str, str]) -> None:
    """Neither a decision nor a reason."""
    tab.press("Record the decision")
    tab.page.get_by_role("alert").wait_for()


def decided(tab: Any, _drafts: Mapping[str, str]) -> None:
    """The story was withheld."""
    tab.page.get_by_text("Withhold the story").click()
    tab.page.get_by_role("textbox").fill("It names a person")
    tab.press("Record the decision")
    tab.page.locator("#saved").wait_for()


def decided_before(tab: Any, _drafts: Mapping[str, str]) -> None:
    """Nothing waits, and the list of what was decided is open."""
    tab.press("Back to the queue", "Safeguarding")
    tab.page.get_by_text("Decided before").click()
    tab.page.get_by_role("button", name="Open item").first.wait_for()


def to_moderate(tab: Any, _drafts: Mapping[str, str]) -> None:
    """The stories that wait to be looked through."""
    tab.visit("/moderation")
    tab.page.get_by_role("button", name="Read story").first.wait_for()


def story_to_moderate(tab: Any, drafts: Mapping[str, str]) -> None:
    """A story as it was told, with its marks."""
    tab.page.get_by_role("button", name=f"Read story {drafts['moderated']}", exact=True).click()
    tab.page.get_by_role("heading", name="The story as it was told").wait_for()
    tab.page.get_by_role("button", name="Show again: 07700 900123").wait_for()
    tab.idle()


def no_words_to_hide(tab: Any, _drafts: Mapping[str, str]) -> None:
    """Nothing was written to be hidden."""
    tab.press("Hide these words")
    tab.page.get_by_role("alert").wait_for()


def accepted(tab: Any, _drafts: Mapping[str, str]) -> None:
    """The story was accepted: its sentences with hints, to be ticked."""
    tab.press("Accept the story")
    tab.page.get_by_role("button", name="Keep what may leave").wait_for()


def heard(tab: Any, _drafts: Mapping[str, str]) -> None:
    """Counts, some of them hidden."""
    tab.visit("/heard")
    tab.page.get_by_role("table").first.wait_for()


def questions_after_receipt(tab: Any, drafts: Mapping[str, str]) -> None:
    """All questions about the teller on the Streamlit page."""
    tab.visit(f"/share?draft={drafts['sent']}&page=about-you")
    tab.page.get_by_role("button", name="Save these answers").wait_for()


def intro(tab: Any, drafts: Mapping[str, str]) -> None:
    """Why the light form asks questions about the teller."""
    tab.page.goto(f"{tab.url}/tell/continue?draft={drafts['sent']}")
    tab.page.locator("main .button").first.click()
    tab.page.get_by_role("link", name="Answer questions about you").click()
    tab.page.get_by_role("heading", name="Questions about you").wait_for()


def question(tab: Any, _drafts: Mapping[str, str]) -> None:
    """One question of the light form."""
    tab.page.get_by_role("link", name="Answer the questions").click()
    tab.page.get_by_role("heading", name="How old are you?").wait_for()


def question_in_arabic(tab: Any, _drafts: Mapping[str, str]) -> None:
    """The same from right to left, with an answer chosen."""
    tab.page.get_by_role("radio").first.check()
    tab.page.get_by_role("button", name="العربية").click()
    tab.page.locator("html[dir=rtl]").wait_for()


GUARD_STATES = [
    GuardState("safeguarding: queue", "safeguarding", queue),
    GuardState("safeguarding: item", "safeguarding", item),
    GuardState("safeguarding: story", "safeguarding", story),
    GuardState("safeguarding: nothing chosen", "safeguarding", nothing_chosen),
    GuardState("safeguarding: decided", "safeguarding", decided),
    GuardState("safeguarding: decided before", "safeguarding", decided_before),
    GuardState("moderation: queue", "moderator", to_moderate),
    GuardState("moderation: story", "moderator", story_to_moderate),
    GuardState("moderation: no words to hide", "moderator", no_words_to_hide),
    GuardState("moderation: accepted", "moderator", accepted),
    GuardState("who we heard", "designer", heard),
    GuardState("share: questions about you", "resident", questions_after_receipt),
    GuardState("form: questions about you", "resident", intro),
    GuardState("form: a question about you", "resident", question),
    GuardState("form: a question about you in Arabic", "resident", question_in_arabic),
]
