"""The moderation screen: no word before somebody asks, marks named in words, and every way on from an open story."""

from typing import Any

import pytest

from insight import intake, moderation
from insight.access import RESIDENT, SYSTEM, Actor, Role
from insight.database import session, write_session
from insight.identifiers import Kind
from insight.intake.tables import StoryRow
from insight.moderation import Pile, Reason
from tests.pages.screen import Screen as Base

MODERATOR, SECOND = Actor(Role.MODERATOR, "moderator one"), Actor(Role.MODERATOR, "moderator two")
TOLD = "I rang on 07700 900123. The <b>lady</b> at the blue desk was kind. I am 83 and *live* in a village."


def script() -> None:
    from insight.access import Actor, Role
    from pages.moderation import render

    render(Actor(Role.MODERATOR, "moderator one"))


def tell(words: str) -> int:
    key = intake.start_draft(RESIDENT).key
    intake.save_draft(RESIDENT, key, {"what_happened": words, "consent": ["analyse", "quote"]})
    reference = intake.submit(RESIDENT, key).reference
    with session() as opened:
        return opened.query(StoryRow).filter_by(reference=reference).one().id


@pytest.fixture
def place(sqlite: str) -> intake.Place:
    return intake.add_place(SYSTEM, "Testham")


@pytest.fixture
def story(place: intake.Place) -> int:
    return tell(TOLD)


class Screen(Base):
    """The screen, and what one can do there."""

    def __init__(self, **query: str) -> None:
        super().__init__(script, **query)

    @property
    def labels(self) -> list[str]:
        return [button.label for button in self.at.button]


def test_a_story_is_shown_when_somebody_asks_with_its_marks_named(place: intake.Place, story: int) -> None:
    screen = Screen()
    assert "desk" not in screen.html and f"Story {story}" in screen.html
    screen.press("Read the story")
    assert screen.at.query_params["story"] == str(story)
    assert "<mark>07700 900123 <span" in screen.html and "[phone number]</span></mark>" in screen.html
    assert "&lt;b&gt;lady&lt;/b&gt;" in screen.html and "found by the machine" in screen.html
    assert "Accept the story first" in screen.html and not screen.at.checkbox
    assert "desk" not in Screen(story=str(story)).html, "a reload does not show it again"
    screen.press("Back to the queue")
    assert "desk" not in screen.html


def test_words_are_hidden_and_shown_again(place: intake.Place, story: int) -> None:
    screen = Screen(story=str(story)).press("Read the story").press("Hide these words")
    assert screen.html.count("Write the words to hide as they stand in the story.") == 2
    screen.at.text_input[0].set_value("blue desk")
    screen.at.selectbox[0].set_value(Kind.STREET)
    screen.press("Hide these words")
    assert "set by moderator one" in screen.html and "[street]" in screen.html and "Hidden." in screen.html
    assert screen.at.text_input[0].value == ""
    screen.press("Show again", key="1")
    assert "set by moderator one" not in screen.html and "The mark is gone" in screen.html


def test_accepting_then_ticking_what_may_leave_with_its_hints(place: intake.Place, story: int) -> None:
    screen = Screen(story=str(story)).press("Read the story").press("Accept the story")
    assert "It says how old somebody is: I am 83." in screen.html
    assert "It names a small place: village." in screen.html and "together they may point" in screen.html
    assert "There are too few stories here to say which words are rare." in screen.html
    ticks: list[Any] = list(screen.at.checkbox)
    assert ticks[2].label == r"I am 83 and \*live\* in a village\."
    assert ticks[0].label == r"I rang on \[phone\]\."
    ticks[1].check()
    screen.press("Keep what may leave")
    assert [tick.value for tick in screen.at.checkbox] == [False, True, False]
    kept = moderation.read(MODERATOR, place, story)
    assert [one.released for one in kept.sentences] == [False, True, False]


def test_rejecting_asks_why_and_is_taken_back_from_its_list(place: intake.Place, story: int) -> None:
    screen = Screen(story=str(story)).press("Read the story").press("Reject the story")
    assert screen.html.count("Choose why the story is rejected") == 2
    screen.at.selectbox[1].set_value(Reason.TEST)
    screen.press("Reject the story")
    assert "Rejected: It is a test" in screen.html and "Reject the story" not in screen.labels
    assert moderation.queue(MODERATOR, place).counts[Pile.REJECTED] == 1
    screen.press("Let it wait again")
    assert moderation.queue(MODERATOR, place).counts[Pile.WAITING] == 1


def test_what_somebody_else_did_meanwhile_is_said(place: intake.Place, story: int) -> None:
    screen = Screen(story=str(story)).press("Read the story")
    moderation.accept(SECOND, place, story, moderation.read(SECOND, place, story).seen)
    screen.press("Accept the story")
    assert "changed or moderated since you opened it" in screen.html
    with write_session() as opened:
        opened.delete(opened.query(StoryRow).one())
    screen.press("Accept the story")
    assert "There is no such story here" in screen.html


@pytest.mark.parametrize("asked", ["999", "x", "²", "-1"])
def test_a_story_that_is_not_there(place: intake.Place, story: int, asked: str) -> None:
    screen = Screen(story=asked)
    assert "desk" not in screen.html
    if asked == "999":
        assert "There is no such story here" in screen.press("Read the story").html


def test_a_long_queue_comes_in_pages_and_in_piles(place: intake.Place) -> None:
    stories = [tell(f"Story {number}") for number in range(22)]
    screen = Screen()
    assert screen.labels.count("Read the story") == 20
    screen.press("Next")
    assert screen.labels.count("Read the story") == 2
    moderation.accept(MODERATOR, place, stories[0], moderation.read(MODERATOR, place, stories[0]).seen)
    screen.at.segmented_control(key="moderation-pile").set_value(Pile.ACCEPTED)
    screen.run()
    assert screen.labels.count("Read the story") == 1 and f"Story {stories[0]}<" in screen.html
