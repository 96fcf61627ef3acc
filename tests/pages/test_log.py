"""Staff log a story: save, errors that lose nothing, the next one, and changing an entry."""

from typing import Any, Self

import pytest

from insight import intake
from insight.access import SYSTEM, Actor, Role
from insight.database import session
from insight.intake import reading_store, store
from tests.pages.screen import Screen as Base

WORKER = Actor(Role.FRONTLINE, "worker one")
LOGGED: dict[str, Any] = {
    "what_happened": "He was sent round three offices " * 5,
    "steps": [{"service": "Housing advice", "organisation": "Testham Council", "told_again": "no", "hours": "2"}],
    "source": "staff_paper",
    "consent": ["analyse"],
    "consent_how": "written",
}


def script() -> None:
    from insight.access import Actor, Role
    from pages.log import render

    render(Actor(Role.FRONTLINE, "worker one"))


@pytest.fixture
def place(sqlite: str) -> intake.Place:
    return intake.add_place(
        SYSTEM,
        "Testham",
        organisations=[("Testham Council", "council")],
        services=[
            intake.NewService("housing", "Housing advice", "Testham Council", 95),
            intake.NewService("tax", "Council tax", "Testham Council", 57),
        ],
    )


class Screen(Base):
    """The one screen, and what one can do there."""

    def __init__(self) -> None:
        super().__init__(script)

    def press(self, words: str, name: str = "") -> Self:
        next(b for b in self.at.button if words in b.label and name in (b.key or "")).click()
        return self.run()

    def field(self, path: str) -> Any:
        kinds = (self.at.text_area, self.at.text_input, self.at.selectbox, self.at.checkbox)
        return next(w for kind in kinds for w in kind if w.key and w.key.endswith("-" + path.replace(".", "-")))

    def fill(self, **values: Any) -> Self:
        for path, value in values.items():
            self.field(path.replace("__", ".")).set_value(value)
        return self


def stories() -> int:
    with session() as opened:
        return reading_store.count_stories(opened, intake.current_place().id)


def entry() -> intake.LogEntry:
    return intake.my_entries(WORKER)[0]


def test_a_story_is_saved_with_what_staff_add_and_the_form_is_empty_for_the_next(place: intake.Place) -> None:
    screen = Screen().fill(
        source="staff_face_to_face",
        provenance="own_words",
        teller_role="carer",
        need="housing",
        what_happened="Sent round three offices",
        steps__0__service="Housing advice",
        steps__0__channel="phone",
        steps__0__feeling="-2",
        steps__0__waited="3w",
        steps__0__told_again=True,
        steps__2__note="Nobody rang back",
        need_met="no",
        obstacle_text="Two systems that do not talk",
        obstacles__systems=True,
        consent__analyse=True,
        consent_how="proxy",
        consent_given_by="her son",
    )
    screen.press("Save story")
    saved = entry()
    assert saved.reference in screen.html
    assert screen.field("what_happened").value == ""
    assert screen.field("steps.0.service").value is None
    assert screen.field("source").value == "staff_face_to_face", "the next one often reaches the same way"
    with session() as opened:
        row = store.story_by_reference(opened, saved.reference)
        assert row is not None
        assert (row.source, row.provenance, row.teller_role, row.need) == (
            "staff_face_to_face",
            "own_words",
            "carer",
            "housing",
        )
        assert (row.need_met, row.obstacles, row.obstacle_text) == ("no", ["systems"], "Two systems that do not talk")
        first, last = reading_store.steps_of(opened, [row.id])
        assert (first.organisation_name, first.channel, first.feeling, first.waited_days, first.told_again) == (
            "Testham Council",
            "phone",
            -2,
            21,
            True,
        )
        assert last.note == "Nobody rang back"
        consents = {
            c.scope: (c.given, c.how, c.wording, c.recorded_by) for c in reading_store.consents_of(opened, [row.id])
        }
    assert consents["analyse"] == (True, "proxy", "staff-2", "worker one")
    assert consents["quote"][0] is False


def test_the_wording_to_read_out_stands_on_the_screen(place: intake.Place) -> None:
    html = Screen().html
    assert "staff-2" in html
    assert "May we quote sentences from it, without your name?" in html


def test_saving_twice_with_one_form_keeps_one_story(place: intake.Place, monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Screen().fill(what_happened="Once")
    sheet = screen.at.session_state["log-sheet"]
    screen.press("Save story")
    screen.at.session_state["log-sheet"] = sheet  # the second press of a double click still holds the first form
    screen.run().fill(what_happened="Once").press("Save story")
    assert stories() == 1


def test_errors_are_named_at_the_field_and_lose_nothing(place: intake.Place) -> None:
    screen = Screen().fill(what_happened="A story", steps__1__waited="ages", consent__quote=True).press("Save story")
    assert stories() == 0
    for message in ("Give a number of days, weeks or months", "Choose how they agreed"):
        assert screen.html.count(message) == 2, message
    assert screen.field("what_happened").value == "A story"
    assert screen.field("steps.1.waited").value == "ages"
    screen.fill(steps__1__waited="2 weeks", consent_how="verbal").press("Save story")
    assert stories() == 1
    assert 'role="alert"' not in screen.html


def test_an_empty_form_is_not_saved(place: intake.Place) -> None:
    screen = Screen().press("Save story")
    assert stories() == 0
    assert "Tell us what happened" in screen.html


def test_rows_can_be_added_without_losing_what_was_typed(place: intake.Place) -> None:
    screen = Screen().fill(steps__2__note="Third").press("Add more steps")
    assert screen.field("steps.2.note").value == "Third"
    screen.fill(steps__4__note="Fifth").press("Save story")
    assert [step.get("note") for step in entry().answers["steps"]] == [None, None, "Third", None, "Fifth"]


def test_an_entry_is_changed_and_keeps_what_the_form_does_not_show(place: intake.Place) -> None:
    receipt = intake.log_story(WORKER, place, "token", LOGGED)
    screen = Screen().press("Edit", receipt.reference)
    assert screen.field("what_happened").value == LOGGED["what_happened"]
    assert screen.field("source").value == "staff_paper"
    assert screen.field("consent.analyse").value is True
    screen.fill(need_met="yes", steps__1__service="Council tax").press("Save changes")
    changed = entry()
    assert (changed.reference, changed.version, stories()) == (receipt.reference, 2, 1)
    assert changed.answers["need_met"] == "yes"
    assert changed.answers["steps"] == [LOGGED["steps"][0], {"service": "Council tax"}]
    assert "Changed. The reference" in screen.html
    assert screen.field("what_happened").value == ""


def test_stopping_leaves_the_entry_as_it_was(place: intake.Place) -> None:
    receipt = intake.log_story(WORKER, place, "token", LOGGED)
    screen = Screen().press("Edit", receipt.reference).fill(what_happened="Other").press("Stop without saving")
    assert (entry().version, entry().answers["what_happened"]) == (1, LOGGED["what_happened"])
    assert screen.field("what_happened").value == ""


def test_a_change_made_meanwhile_is_said_kindly_and_nothing_is_lost(place: intake.Place) -> None:
    receipt = intake.log_story(WORKER, place, "token", LOGGED)
    screen = Screen().press("Edit", receipt.reference).fill(what_happened="Mine")
    intake.amend_entry(WORKER, receipt.reference, 1, {**LOGGED, "what_happened": "Theirs"})
    screen.press("Save changes")
    assert "changed meanwhile" in screen.html
    assert screen.field("what_happened").value == "Mine"
    assert entry().answers["what_happened"] == "Theirs"
    screen.press("Open the newest version")
    assert screen.field("what_happened").value == "Theirs"


def test_recent_entries_show_reference_and_first_words_escaped(place: intake.Place) -> None:
    receipt = intake.log_story(WORKER, place, "token", {**LOGGED, "what_happened": "<b>x</b> " * 40})
    html = Screen().html
    assert receipt.reference in html
    assert "&lt;b&gt;x" in html and "<b>x" not in html
    assert " …" in html


def test_the_list_shows_ones_own_entries_only(place: intake.Place) -> None:
    receipt = intake.log_story(Actor(Role.FRONTLINE, "worker two"), place, "token", LOGGED)
    assert receipt.reference not in Screen().html


def test_a_failure_to_save_keeps_the_form(place: intake.Place, monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Screen().fill(what_happened="Precious")
    monkeypatch.setattr(intake, "log_story", lambda *_: 1 / 0)
    screen.press("Save story")
    assert "could not be saved just now" in screen.html
    assert screen.field("what_happened").value == "Precious"
