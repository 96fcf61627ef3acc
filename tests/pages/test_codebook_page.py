"""The codebook screen: themes renamed, merged, nested, split, passages moved; each said, undone, kept in history."""

from collections.abc import Sequence
from html import escape
from typing import Any

import pytest

from insight import codebook, coding, intake, painpoints
from insight.access import SYSTEM, Actor, Role
from insight.codebook import State
from insight.intake import Place
from insight.language import _, speaking
from pages.book import outcome
from tests.pages.screen import Screen
from tests.stores.made_runs import add_run, add_stories

BEN, DESIGNER = Actor(Role.DESIGNER, "Ben"), Actor(Role.DESIGNER, "designer one")


def script() -> None:
    from insight.access import Actor, Role
    from pages.codebook import render

    render(Actor(Role.DESIGNER, "designer one"))


@pytest.fixture
def place(sqlite: str) -> Place:
    """A place with a published run: themes 0 (8 passages), 1 (6), 2 (5), and two passages that fit none."""
    painpoints.forget_cached_runs()
    made = intake.add_place(SYSTEM, "Testham", organisations=[], services=[])
    themes = [0] * 8 + [1] * 6 + [2] * 5 + [-1] * 2
    told = add_stories(made, 0, [f"They said so for theme {theme}, {row}" for row, theme in enumerate(themes)])
    add_run(made, told, themes)
    return made


def themes(place: Place) -> Any:
    return codebook.book(DESIGNER, place.id).themes


def numbers(place: Place, theme: int | None) -> Sequence[int]:
    return [one.said.number for one in coding.passages_of(DESIGNER, place, theme).passages]


class Visit(Screen):
    """One browser tab on the codebook."""

    def __init__(self, **query: str) -> None:
        super().__init__(script, **query)

    def tick(self, *labels: str) -> "Visit":
        for label in labels:
            next(box for box in self.at.checkbox if box.label.startswith(label)).check()
        return self

    def write(self, label: str, text: str) -> "Visit":
        fields = [*self.at.text_input, *self.at.text_area]
        next(field for field in fields if field.label == label).set_value(text)
        return self

    def choose(self, label: str, number: int) -> "Visit":
        for field in (*self.at.selectbox, *self.at.multiselect):
            if field.label == label:
                field.set_value([number] if field.type == "multiselect" else number)
        return self

    def undo(self) -> "Visit":
        self.press("Undo", "book-undo")
        return self


def test_the_list_merges_what_is_ticked_under_the_name_that_was_chosen_and_undoes_it(place: Place) -> None:
    visit = Visit()
    assert "3 themes in use in Testham" in visit.html and "8 journeys, 8 passages" in visit.html
    assert "Named by the machine, firm" in visit.html and "fit no theme" not in visit.html
    visit.press("Merge them")
    assert "Tick at least two themes to merge." in visit.html
    visit.tick("Tick Machine's name 1", "Tick Machine's name 2").press("Merge them")
    assert visit.at.query_params["theme"] == "1.2" and visit.at.title[0].value == "Merge 2 themes"
    visit.at.radio[0].set_value(2)
    visit.press("Merge")
    assert "Merged “Machine&#x27;s name 1” into “Machine&#x27;s name 2”." in visit.html
    assert visit.at.title[0].value == "Machine's name 2" and "11 journeys, 11 passages" in visit.html
    assert themes(place)[1].state is State.MERGED and themes(place)[2].named
    visit.undo()
    assert "Undone: Merged" in visit.html and "5 journeys, 5 passages" in visit.html
    assert themes(place)[1].state is State.ACTIVE and not themes(place)[2].named


def test_what_a_button_led_to_is_said_in_the_language_of_the_visit(place: Place) -> None:
    with speaking("cy"):
        nothing, aside = _("Tick at least one theme first."), _("Set aside: {themes}.")
    told = escape(aside.format(themes="“Machine's name 0”"))
    assert not nothing.startswith("Tick") and not told.startswith("Set")
    assert nothing in Visit(lang="cy").press("Set aside").html
    assert told in Visit(lang="cy").tick("Tick Machine's name 0").press("Set aside").html


def test_what_is_ticked_is_set_aside_at_once_and_comes_back_with_one_press(place: Place) -> None:
    visit = Visit()
    visit.press("Set aside")
    assert "Tick at least one theme first." in visit.html
    visit.press("Tick all shown, or none").tick("Tick Machine's name 0")
    assert [box.value for box in visit.at.checkbox].count(True) >= 2
    visit.press("Set aside")
    aside = [number for number, theme in themes(place).items() if theme.state is State.SET_ASIDE]
    assert aside and "Set aside: " in visit.html
    visit.undo()
    assert all(theme.state is State.ACTIVE for theme in themes(place).values())


def test_a_theme_is_renamed_described_set_aside_and_brought_back(place: Place) -> None:
    visit = Visit(theme="0")
    visit.write("Name", "Nobody rings back").write("What is out", "Letters").write(
        "Why (if you want to say)", "clearer"
    )
    visit.press("Save")
    assert visit.at.title[0].value == "Nobody rings back" and "<dt>Out</dt><dd>Letters</dd>" in visit.html
    assert "Named by people" in visit.html
    visit.write("Name", "machine's NAME 1").press("Save")
    assert "There is a theme called “Machine&#x27;s name 1” already." in visit.html
    assert themes(place)[0].label == "Nobody rings back"
    visit.press("Set aside")
    assert "This theme is set aside" in visit.html and themes(place)[0].state is State.SET_ASIDE
    visit.press("Bring it back").press("Undo", "book-undo")
    assert themes(place)[0].state is State.SET_ASIDE
    aside = Visit()
    assert "2 themes in use" in aside.html and "Nobody rings back" in aside.html
    assert "10 of 21 passages fit no theme" in aside.html


def test_passages_are_moved_taken_out_and_made_a_theme_of(place: Place) -> None:
    visit = Visit(theme="0")
    visit.press("Move")
    assert "Tick at least one passage first." in visit.html
    visit.tick("Tick: They said so for theme 0, 3").press("Move")
    assert "Choose a theme, or name a new one." in visit.html
    visit.choose("Move to these themes, the main one first", 2).press("Move")
    assert "Moved 1 passage to “Machine&#x27;s name 2”." in visit.html and numbers(place, 2)[0] == 3
    visit.undo()
    assert numbers(place, 0) == list(range(8)) and not codebook.coded(DESIGNER, place.id)
    visit.tick("Tick: They said so for theme 0, 0", "Tick: They said so for theme 0, 1")
    visit.write("Or to a new theme called", "Calls").press("Move")
    assert numbers(place, 3) == [0, 1] and themes(place)[3].label == "Calls"
    assert "<strong>Placed by designer one" in Visit(theme="3").html
    visit.undo()
    assert numbers(place, 0) == list(range(8)) and themes(place)[3].state is State.SET_ASIDE
    visit.tick("Tick: They said so for theme 0, 7").press("Out of all themes")
    assert 7 in numbers(place, None) and "Taken out of all themes by designer one" in Visit(theme="none").html


def test_two_people_at_once_get_a_clear_message_and_nothing_is_done_twice(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    visit = Visit(theme="0")
    coding.move(BEN, place, [2], [1])
    visit.tick("Tick: They said so for theme 0, 2").choose("Move to these themes, the main one first", 2).press("Move")
    assert "Somebody moved one of these passages meanwhile." in visit.html and 2 in numbers(place, 1)
    other = Visit(theme="1")
    codebook.merge(BEN, place.id, 1, 0)
    other.press("Set aside")
    assert "is not in use any more. Somebody may have changed it" in other.html

    listed = Visit().write("Name of the new theme", "Twice").press("Make it")
    again = listed.at.session_state["book-outcome"].form
    monkeypatch.setattr(outcome, "_now", lambda: listed.at.session_state["book-outcome"])
    assert not outcome.act(DESIGNER, place, again - 1, lambda: pytest.fail("done twice"))
    assert [theme.label for theme in themes(place).values()].count("Twice") == 1


def test_themes_stand_under_broader_ones_and_are_split(place: Place) -> None:
    visit = Visit().tick("Tick Machine's name 1", "Tick Machine's name 2")
    visit.press("Put under a broader theme").write("Or make a new broader theme called", "Getting about")
    visit.press("Put under it")
    assert "Put “Machine&#x27;s name 1” and “Machine&#x27;s name 2” under “Getting about”." in visit.html
    assert "No passage of its own. 11 journeys with the themes under it" in visit.html
    one = Visit(theme="1").choose("Put it under", 0).press("Put under it")
    assert themes(place)[1].parents == (3, 0)
    twice = Visit()
    assert "Stands under “Getting about” and “Machine&#x27;s name 0”. Told above." in twice.html
    one.press("Take it out from under “Getting about”")
    assert themes(place)[1].parents == (0,)
    assert "Group 1: 2 passages" in Visit(theme="none", do="split").html
    assert "These passages are too alike to make groups of." in Visit(theme="1", do="split").html
    several = Visit(theme="1.99", do="nest")
    assert "Put under a broader theme" in several.at.title[0].value


def test_splitting_names_groups_and_goes_back_to_the_theme(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = coding.passages_of(DESIGNER, place, 0)
    quotes = tuple(one.said for one in seen.passages[:1])
    groups = (coding.Group((0, 1, 2), quotes, ("rang",)), coding.Group((3, 4, 5, 6, 7), (), ()))
    monkeypatch.setattr(coding, "groups_within", lambda *_asked: coding.Proposal(seen.shown, groups, 0))
    visit = Visit(theme="0", do="split")
    assert "Words that tell it from the others: rang" in visit.html
    visit.press("Make themes of the named groups")
    assert "Name at least one group." in visit.html and len(themes(place)) == 3
    visit.write("Name of group 1", "Calls").write("Why (if you want to say)", "two things")
    visit.press("Make themes of the named groups")
    assert "Made “Calls”." in visit.html and visit.at.title[0].value == "Machine's name 0"
    assert numbers(place, 3) == [0, 1, 2]
    visit.undo()
    assert numbers(place, 0) == list(range(8))


def test_history_says_who_did_what_and_undoes_the_undo(place: Place) -> None:
    codebook.rename(BEN, place.id, 0, "Calls", "read all of them")
    coding.move(BEN, place, [9, 10], [0])
    visit = Visit(view="history")
    assert "Ben renamed “Machine&#x27;s name 0” to “Calls”: read all of them" in visit.html
    assert "Ben placed 2 passages in “Calls”" in visit.html
    assert "<b>Machine</b>" in visit.html and "An analysis found 3 new themes" in visit.html
    rename = codebook.book(BEN, place.id).decisions[0].id
    visit.press("Undo", f"book-undo-{rename}")
    assert themes(place)[0].label == "Machine's name 0"
    assert "designer one undid: Ben named a theme “Calls”" in visit.html and "(undone)" in visit.html
    visit.press("Undo the undo")
    assert themes(place)[0].label == "Calls"
    visit.press("Undo", "book-uncode")
    assert numbers(place, 1) == [8, 9, 10, 11, 12, 13]


def test_a_codebook_that_comes_in_is_shown_before_anything_changes(place: Place) -> None:
    visit = Visit(view="files")
    table = b"name,description,broader themes\nmachine's name 0,About calls,\nBuses,,machine's name 0\n"
    visit.at.file_uploader[0].upload("theirs.csv", table, "text/csv")
    visit.run()
    assert "This file would add 1 theme and change 1; 0 are as they are here already." in visit.html
    assert "under “machine&#x27;s name 0”" in visit.html and len(themes(place)) == 3
    visit.press("Make these changes")
    assert "Brought in: 1 theme added, 1 changed." in visit.html
    assert themes(place)[0].description == "About calls" and themes(place)[3].parents == (0,)
    visit.undo()
    assert themes(place)[0].description == "" and themes(place)[3].state is State.SET_ASIDE


def test_what_changed_since_the_last_analysis_is_said(place: Place) -> None:
    told = add_stories(place, 50, [f"Something else entirely, {row}" for row in range(12)])
    add_run(place, told, [0] * 6 + [1] * 6)
    visit = Visit()
    assert "What changed since the last analysis" in visit.html
    assert "<strong>New:</strong>" in visit.html and "<strong>Gone:</strong>" in visit.html
    assert "2 themes in use" in visit.html and any(
        "Not found in this analysis (3)" in one.label for one in visit.at.expander
    )
