"""The coding desk, blind rounds and what the machine learned, as screens: each change, and what must not happen."""

from collections.abc import Callable
from typing import Any

import pytest

from insight import codebook, intake, painpoints, worker
from insight.access import SYSTEM, Actor, Role
from insight.codebook import Coding, rounds
from insight.coding import comparing, desk, teaching
from insight.database import write_session
from insight.intake import Place
from pages.coding import keys
from tests.pages.screen import Screen as Base
from tests.stores.made_runs import Told, add_run, add_stories

ANA, BEN = Actor(Role.DESIGNER, "Ana"), Actor(Role.DESIGNER, "Ben")
LETTERS, WAITS = "The letter about the {} was jargon", "We waited weeks for the {}"
THINGS = ("bed", "ramp", "nurse", "rent", "grant", "pass", "van", "card", "ward", "school", "job", "door")


def at_desk() -> None:
    from insight.access import Actor, Role
    from insight.intake import current_place
    from pages.coding.desk_view import draw

    draw(Actor(Role.DESIGNER, "Ana"), current_place())


def ana_in_rounds() -> None:
    from insight.access import Actor, Role
    from insight.intake import current_place
    from pages.coding.rounds_view import draw

    draw(Actor(Role.DESIGNER, "Ana"), current_place())


def ben_in_rounds() -> None:
    from insight.access import Actor, Role
    from insight.intake import current_place
    from pages.coding.rounds_view import draw

    draw(Actor(Role.DESIGNER, "Ben"), current_place())


def at_machine() -> None:
    from insight.access import Actor, Role
    from insight.intake import current_place
    from pages.coding.machine_view import draw

    draw(Actor(Role.DESIGNER, "Ana"), current_place())


@pytest.fixture
def place(sqlite: str, monkeypatch: pytest.MonkeyPatch) -> Place:
    painpoints.forget_cached_runs()
    monkeypatch.setattr(teaching, "_work_on", lambda _learning: None)
    monkeypatch.setattr(keys, "draw", buttons)
    return intake.add_place(SYSTEM, "Testham", organisations=[], services=[])


@pytest.fixture
def told(place: Place) -> list[Told]:
    found = add_stories(place, 0, [line.format(thing) for line in (LETTERS, WAITS) for thing in THINGS])
    add_run(place, found, [0] * len(THINGS) + [1] * len(THINGS))
    return found


def buttons(choice: keys.Choice, act: keys.Act) -> None:
    """What the browser's component does, by buttons, since a screen under test has no browser."""
    import streamlit as st

    seen: list[keys.Choice] = st.session_state.setdefault("choices", [])
    seen.append(choice)
    for kind in ("save", "none", "skip", "back"):
        for theme in (None, *choice.likely):
            chosen = [] if theme is None else [theme]
            sent = {"kind": kind, "token": choice.token, "themes": chosen}
            st.button(f"{kind} {theme}", on_click=act, args=(sent,))
    st.button("late", on_click=act, args=({"kind": "save", "token": seen[0].token, "themes": [1]},))


class Screen(Base):
    """A coding screen."""

    @property
    def choice(self) -> keys.Choice:
        """What can be chosen on the desk."""
        found: keys.Choice = self.at.session_state["choices"][-1]
        return found

    @property
    def number(self) -> int:
        """The passage on the desk."""
        return int(self.choice.token.split("/")[0])


def codings(place: Place) -> list[Coding]:
    return sorted(codebook.coded(ANA, place.id).values(), key=lambda coding: coding.id)


def test_a_passage_is_coded_skipped_taken_back_and_loading_the_page_again_loses_nothing(
    place: Place, told: list[Told]
) -> None:
    screen = Screen(at_desk)
    assert "Passage 1 of 20" in screen.html and f"<mark>{told[screen.number][1]}</mark>" in screen.html
    assert "The machine grouped it under: Machine&#x27;s name" in screen.html
    first = screen.number
    screen.press("save 1")
    assert [(one.story, one.themes, one.by) for one in codings(place)] == [(told[first][0], (1,), "Ana")]
    second = screen.number
    assert second != first and "Passage 2 of 20" in screen.html
    screen.press("skip None")
    assert screen.number not in (first, second)
    screen.press("back None")
    assert screen.number == second, "first what was skipped"
    screen.press("none None")
    assert codings(place)[-1].themes == ()
    screen.press("back None").press("back None")
    assert codings(place) == [] and screen.number == first
    assert screen.choice.chosen == (1,), "what was chosen stands there to be changed"
    screen.press("save 0")
    again = Screen(at_desk)
    assert again.number == second and "Passage 2 of 20" in again.html


def test_a_press_that_comes_twice_or_late_codes_once(place: Place, told: list[Told]) -> None:
    screen = Screen(at_desk)
    number = screen.number
    screen.press("save 0").press("late")
    assert len(codings(place)) == 1 and screen.number != number
    before = codings(place)
    assert desk.save(ANA, place, number, [0]) is False
    assert codings(place) == before, "saying the same again adds nothing"


def test_what_cannot_be_saved_stays_on_the_desk_with_the_reason(
    place: Place, told: list[Told], monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = Screen(at_desk)
    number = screen.number
    screen.press("save None")
    assert "Choose a theme first" in screen.html and screen.number == number
    codebook.set_aside(BEN, place.id, 0)
    screen.press("save 0")
    assert "is not in use any more" in screen.html and screen.number == number
    monkeypatch.setattr(desk, "save", lambda *_: 1 / 0)
    screen.run().press("save 1")
    assert "could not be saved just now" in screen.html and screen.choice.chosen == (1,)
    assert codings(place) == []


def test_what_somebody_else_coded_meanwhile_leaves_the_desk(place: Place, told: list[Told]) -> None:
    screen = Screen(at_desk)
    number = screen.number
    assert screen.run().number == number, "it stays until something is done with it"
    desk.save(BEN, place, number, [1])
    assert screen.run().number != number


def test_a_story_that_leaves_is_not_coded_and_the_desk_goes_on(place: Place, told: list[Told]) -> None:
    screen = Screen(at_desk)
    number = screen.number
    with write_session() as opened:
        painpoints.leave_runs(opened, place.id, told[number][0])
    screen.press("save 0")
    assert "no longer here" in screen.html and screen.number != number
    assert codings(place) == []


def test_the_list_is_worked_through_and_what_was_skipped_can_be_brought_back(place: Place, told: list[Told]) -> None:
    for number in range(1, len(told)):
        desk.save(ANA, place, number, [0])
    screen = Screen(at_desk).press("skip None")
    assert "but for what you skipped" in "".join(text.value for text in screen.at.markdown)
    screen.press("Bring back what I skipped").press("save 0")
    assert "nothing left to code" in "".join(text.value for text in screen.at.markdown)


def answer_all(place: Place, actor: Actor, round_id: int, choose: Callable[[int], list[int]]) -> None:
    while (card := comparing.blind_turn(actor, place, round_id).card) is not None:
        comparing.answer(actor, place, round_id, card.number, choose(card.number))


def test_a_round_is_blind_until_it_is_opened_then_settled(place: Place, told: list[Told]) -> None:
    screen = Screen(ana_in_rounds)
    screen.press("Start the round")
    assert "Give the round a name" in screen.html
    screen.at.text_input(key="round-name").set_value("First try")
    screen.at.number_input(key="round-number").set_value(6)
    screen.press("Start the round")
    one = rounds.every(ANA, place.id)[0]
    assert len(one.passages) == 6 and "Passage 1 of 6" in screen.html
    assert "The machine" not in screen.html
    likely = screen.choice.likely
    screen.press("save 0").press("save 0").press("back None")
    assert screen.choice.chosen == (0,) and screen.choice.likely == likely
    screen.press("save 1")
    assert codings(place) == [], "blind answers are not codings"
    other = Screen(ben_in_rounds, round=str(one.id))
    assert "Ana answered 2" in other.html and other.choice.chosen == ()
    assert "Machine" not in other.html and len(rounds.answers(BEN, place.id, one.id)) == 0
    assert not any(button.label == "Open the answers to all" for button in other.at.button)
    first = one.passages[0]
    answer_all(place, ANA, one.id, lambda number: [0])
    answer_all(place, BEN, one.id, lambda number: [1] if told[number][0] == first[0] else [0])
    screen.run().press("Open the answers to all")
    assert "Too few" in screen.html and "Only 6 passages" in screen.html
    assert screen.html.count("What they said") == 2, "the first passage, and the one that Ana changed her mind on"


def test_agreed_answers_are_kept_once_and_disputes_are_settled_with_a_note(place: Place, told: list[Told]) -> None:
    one = comparing.start(ANA, place, "Second", 8)
    answer_all(place, ANA, one.id, lambda number: [0])
    answer_all(place, BEN, one.id, lambda number: [1, 0] if told[number][0] == one.passages[0][0] else [0])
    rounds.open_answers(ANA, place.id, one.id)
    screen = Screen(ana_in_rounds, round=str(one.id))
    assert "Ana" in screen.html and "Ben" in screen.html
    screen.press("Put what all agree on into the codebook")
    assert len(codings(place)) == 7 and all(coding.themes == (0,) for coding in codings(place))
    assert comparing.keep_agreed(BEN, place, one.id) == 0, "done again, it changes nothing"
    screen.press("Settle :gray[number 1]")
    assert "Write a note" in screen.html and len(codings(place)) == 7
    next(box for box in screen.at.multiselect if "main theme first" in box.label).set_value([1])
    next(box for box in screen.at.text_input if box.label == "Why").set_value("It is the waiting that hurts")
    screen.press("Settle :gray[number 1]")
    assert codings(place)[-1].themes == (1,) and codings(place)[-1].why == "It is the waiting that hurts"
    assert "Ana settled it: Machine&#x27;s name 1. It is the waiting that hurts" in screen.html


def test_in_demo_mode_two_people_are_told_apart_by_their_initials(
    place: Place, told: list[Told], monkeypatch: pytest.MonkeyPatch
) -> None:
    from insight.settings import settings

    monkeypatch.setenv("INSIGHT_DEMO_MODE", "1")
    settings.cache_clear()
    one = comparing.start(ANA, place, "Demo", 5)
    screen: Any = Screen(ana_in_rounds, round=str(one.id))
    assert "Type your initials" in "".join(text.value for text in screen.at.markdown)
    screen.at.text_input(key="who").set_value("ab")
    screen.run().press("save 0")
    assert rounds.one(ANA, place.id, one.id).coders == (("Ana AB", 1),)


def test_how_well_the_machine_agrees_is_said_with_numbers(place: Place, told: list[Told]) -> None:
    screen = Screen(at_machine).press("Let the machine learn from these")
    assert "Nobody has coded a passage yet" in screen.html
    for number in range(len(told)):
        desk.save(ANA, place, number, [number // len(THINGS)])
    last = teaching.teaching(ANA, place).last
    assert last is not None and last.open
    screen.run()
    assert "The machine is learning" in screen.html
    worker.learn(last.id)
    screen = Screen(at_machine)
    assert f"{len(told)} coded passages" in screen.html, "what was coded while it waited counts too"
    assert "Fewer than 50" in screen.html and "Does it keep its word?" in screen.html
    assert screen.html.count("Machine&#x27;s name") == 2
    assert "coded since" not in "".join(text.value for text in screen.at.markdown)
    codebook.take_back(ANA, place.id, [(coding.story, coding.passage) for coding in codings(place)[:1]])
    assert "1 passage was coded since" in "".join(text.value for text in screen.run().at.markdown)
