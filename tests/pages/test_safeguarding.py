"""The safeguarding screen: no story before somebody asks for it, every asking recorded, every decision reasoned."""

from datetime import UTC, datetime, timedelta
from typing import Any, Self

import pytest

from insight import intake, safeguarding
from insight.access import RESIDENT, SYSTEM, Actor, Role
from insight.database import write_session
from insight.intake.tables import ConcernRow, StoryRow
from insight.moments import now
from insight.safeguarding import Decision, Event, Item, State, What, rules
from pages.guarding import words
from tests.pages.screen import Screen as Base

LEAD, SECOND = Actor(Role.SAFEGUARDING, "lead one"), Actor(Role.SAFEGUARDING, "lead two")
TOLD = "I am <b>scared</b> to go home"


def script() -> None:
    from insight.access import Actor, Role
    from pages.safeguarding import render

    render(Actor(Role.SAFEGUARDING, "lead one"))


@pytest.fixture
def number(sqlite: str) -> int:
    """An item that has been overdue for two hours."""
    place = intake.add_place(SYSTEM, "Testham")
    key = intake.start_draft(RESIDENT).key
    step = {"service": "Housing advice", "note": "Nobody rang", "feeling": "-2"}
    intake.save_draft(RESIDENT, key, {"what_happened": TOLD, "steps": [step], "consent": ["analyse"]})
    intake.submit(RESIDENT, key)
    due = now() - timedelta(hours=2, minutes=1)
    with write_session() as opened:
        opened.query(ConcernRow).delete()
        story_id = opened.query(StoryRow).one().id
        row = ConcernRow(place_id=place.id, story_id=story_id, kinds=["harm"], raised_by="rule", due_at=due)
        row.raised_at = due - timedelta(hours=4)
        opened.add(row)
        opened.flush()
        return row.id


class Screen(Base):
    """The screen, and what one can do there."""

    def __init__(self, **query: str) -> None:
        super().__init__(script, **query)

    def decide(self, decision: Decision | None, note: str) -> Self:
        if decision:
            self.at.radio[0].set_value(decision)
        self.at.text_area[0].set_value(note)
        return self.press("Record the decision")


def times_read(number: int) -> int:
    return safeguarding.item(LEAD, number).times_read


def test_the_queue_and_an_item_show_no_story_until_somebody_asks_and_that_is_recorded(number: int) -> None:
    screen = Screen()
    assert "Overdue by 2 hours" in screen.html and "Nobody has read it yet" in screen.html
    assert "scared" not in screen.html
    screen.press("Open")
    assert screen.at.query_params["item"] == str(number)
    assert "scared" not in screen.html and times_read(number) == 0
    screen.press("Read the story")
    assert "I am &lt;b&gt;scared&lt;/b&gt; to go home" in screen.html and "Nobody rang" in screen.html
    assert "Analysis with other journeys" in screen.html
    assert "Your reading is recorded" in screen.html and times_read(number) == 1
    assert "Read by lead one at" in screen.html
    assert screen.at.query_params["item"] == str(number)
    screen.run().press("Back to the queue")
    assert "scared" not in screen.html and times_read(number) == 1
    assert "scared" not in screen.press("Open").html


def test_the_sentences_that_raised_it_are_marked(number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "concerns_in", lambda texts: [text for text in texts if "scared" in text])
    html = Screen(item=str(number)).press("Read the story").html
    assert "<mark>I am &lt;b&gt;scared&lt;/b&gt; to go home</mark>" in html and html.count("<mark>") == 1


def test_a_reload_does_not_show_the_story_again(number: int) -> None:
    Screen(item=str(number)).press("Read the story")
    assert "scared" not in Screen(item=str(number)).html


def test_a_decision_says_what_is_missing_then_closes_the_item(number: int) -> None:
    screen = Screen(item=str(number)).press("Read the story").decide(None, " ")
    for message in ("Choose what happens with this story", "Say why, in a sentence or two"):
        assert screen.html.count(message) == 2, message
    screen.decide(Decision.REFER, "To the duty social worker")
    assert "Recorded: referred" in screen.html and "scared" in screen.html
    assert (screen.at.radio[0].value, screen.at.text_area[0].value) == (None, "")
    screen.decide(Decision.WITHHOLD, "It names a person")
    assert safeguarding.item(LEAD, number).state is State.WITHHELD
    assert "Withheld by lead one at" in screen.html and "It names a person" in screen.html
    assert 'role="alert"' not in screen.html
    screen.press("Back to the queue")
    assert "Nothing waits here today" in screen.html
    assert [expander.label for expander in screen.at.expander] == ["Decided before (1)"]


def test_a_decision_is_opened_again_with_a_reason(number: int) -> None:
    Screen(item=str(number)).press("Read the story").decide(Decision.RELEASE, "Long ago")
    screen = Screen(item=str(number)).press("Open again")
    assert safeguarding.item(LEAD, number).state is State.RELEASED
    screen.at.text_area[0].set_value("The teller rang")
    screen.press("Open again")
    assert safeguarding.item(LEAD, number).state is State.OPEN
    assert "Read by" in screen.html


def test_somebody_elses_decision_is_said_and_what_was_written_is_not_lost(number: int) -> None:
    screen = Screen(item=str(number)).press("Read the story")
    seen = safeguarding.read(SECOND, number).item.seen
    safeguarding.decide(SECOND, number, Decision.REFER, "To the police", seen)
    screen.decide(Decision.RELEASE, "My long reason")
    assert "Something changed since you opened this item" in screen.html
    assert safeguarding.item(LEAD, number).state is State.OPEN
    assert "scared" not in screen.html and "To the police" in screen.html
    screen.press("Read the story")
    assert screen.at.text_area[0].value == "My long reason"


def test_an_erased_story_leaves_the_screen_at_once(number: int) -> None:
    screen = Screen(item=str(number)).press("Read the story")
    with write_session() as opened:
        opened.delete(opened.query(StoryRow).one())
    screen.run()
    assert "scared" not in screen.html and "Erased by its teller" in screen.html
    assert [button.label for button in screen.at.button] == ["Back to the queue"]


@pytest.mark.parametrize("asked", ["999", "x", "²"])
def test_an_item_that_is_not_there(number: int, asked: str) -> None:
    assert ("no item with that number" in Screen(item=asked).html) == (asked == "999")


NOON = datetime(2026, 7, 14, 11, 0, tzinfo=UTC)  # noon in London


def item(**values: Any) -> Item:
    told = {
        "id": 1,
        "state": State.OPEN,
        "kinds": ("harm",),
        "raised_by": "rule",
        "raised_at": NOON - timedelta(hours=1),
        "due_at": NOON + timedelta(hours=3),
        "read_at": None,
        "left": timedelta(hours=3),
        "events": (),
    }
    return Item(**{**told, **values})


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({}, "Read by 15:00 today"),
        ({"due_at": NOON + timedelta(hours=21, minutes=5)}, "Read by 9:05 tomorrow"),
        ({"due_at": NOON + timedelta(days=3)}, "Read by 12:00 on 17 July 2026"),
        ({"left": timedelta(seconds=-20)}, "Overdue by 1 minute"),
        ({"left": timedelta(minutes=-40)}, "Overdue by 40 minutes"),
        ({"left": timedelta(hours=-2, minutes=-59)}, "Overdue by 2 hours"),
        ({"left": timedelta(hours=-49)}, "Overdue by 2 days"),
        ({"left": None, "read_at": NOON - timedelta(hours=1)}, "Read at 11:00 today. It waits for a decision"),
        ({"left": None, "state": State.ERASED}, "Erased by its teller"),
    ],
)
def test_the_clock_in_words(values: dict[str, Any], said: str) -> None:
    assert words.clock(item(**values), NOON) == said


def test_what_was_done_in_words() -> None:
    changed = Event(What.CHANGED, "teller", None, NOON - timedelta(days=1))
    assert words.event(changed, NOON) == "Changed by its teller at 12:00 yesterday"
    read = Event(What.READ, "lead one", None, NOON)
    assert words.readings(item(events=(read, read)), NOON) == "Read twice, last by lead one at 12:00 today"
