"""Staff key in paper and note calls: the same order and codes as on paper, nothing lost, one story per form."""

from typing import Any, Self

import pytest

from insight import intake, paper
from insight.access import SYSTEM, Actor, Role
from insight.concerns.model import Concern, ConcernKind
from insight.database import session
from insight.intake import reading_store, store
from insight.intake.questions import Steps
from pages.keyed.pad import Pad
from pages.keyed.script import with_steps
from tests.pages.screen import Screen as Base

WORKER = Actor(Role.FRONTLINE, "worker one")
TYPED = {
    "need": "2",
    "what_happened": "Sent round three offices",
    "steps.0.service": "housing ADVICE",
    "steps.0.channel": "1",
    "steps.0.when": "3 2026",
    "steps.0.waited": "3w",
    "steps.0.feeling": "1",
    "steps.0.told_again": "1",
    "steps.1.service": "The food bank",
    "steps.1.sorted_out": "3",
    "steps.1.pounds": "2.50",
    "need_met": "2",
    "teller_role": "2",
    "consent": "13",
}


def keying() -> None:
    from insight.access import Actor, Role
    from pages.keying import render

    render(Actor(Role.FRONTLINE, "worker one"))


def phone() -> None:
    from insight.access import Actor, Role
    from pages.phone import render

    render(Actor(Role.FRONTLINE, "worker one"))


@pytest.fixture
def place(sqlite: str) -> intake.Place:
    service = intake.NewService("housing", "Housing advice", "Testham Council", 95)
    return intake.add_place(SYSTEM, "Testham", organisations=[("Testham Council", "council")], services=[service])


class Screen(Base):
    """A screen, and what one can do there."""

    def field(self, path: str) -> Any:
        at = self.at
        kinds = (at.text_area, at.text_input, at.selectbox, at.radio, at.checkbox)
        return next(w for kind in kinds for w in kind if w.key and w.key.endswith("-" + path.replace(".", "-")))

    def fill(self, typed: dict[str, Any]) -> Self:
        for path, value in typed.items():
            self.field(path).set_value(value)
        return self


def stories() -> int:
    with session() as opened:
        return reading_store.count_stories(opened, intake.current_place().id)


def newest() -> intake.LogEntry:
    return intake.my_entries(WORKER)[0]


def test_a_form_is_keyed_by_the_codes_on_paper_and_the_next_one_starts_empty(place: intake.Place) -> None:
    screen = Screen(keying).fill(TYPED | {"language": "CY"}).press("Save")
    entry = newest()
    assert entry.reference in screen.html and 'id="saved"' in screen.html
    assert "1.service" in screen.html and "Housing advice" in screen.html, "what was saved is read back"
    assert entry.answers["steps"] == [
        {
            "service": "Housing advice",
            "channel": "phone",
            "when": {"month": "3", "year": "2026"},
            "waited": {"number": "3", "unit": "weeks"},
            "feeling": "-2",
            "told_again": "yes",
        },
        {"service": "The food bank", "sorted_out": "no", "pounds": "2.50"},
    ]
    with session() as opened:
        row = store.story_by_reference(opened, entry.reference)
        assert row is not None
        kept = (row.source, row.provenance, row.language, row.need, row.need_met, row.teller_role)
        assert kept == ("staff_paper", "own_words", "cy", "housing", "partly", "carer")
        consents = {
            c.scope: (c.given, c.how, c.wording, c.recorded_by) for c in reading_store.consents_of(opened, [row.id])
        }
    assert consents["analyse"] == (True, "written", "journey-2", "worker one")
    assert [scope for scope, consent in consents.items() if consent[0]] == ["analyse", "contact"]
    screen.press("Key in the next one")
    assert screen.field("need").value == "" and screen.field("language").value == "cy"


def test_the_screen_asks_in_the_order_of_the_paper_with_its_codes(place: intake.Place) -> None:
    screen, questions = Screen(keying), intake.question_set()
    form = paper.paper_form(questions, place, "en", steps=2)
    drawn = [w.key for w in screen.at.main if getattr(w, "key", None) and w.type in ("text_input", "text_area")]
    tails = [str(key).split("-", 2)[2] for key in drawn]
    wanted = [f"steps-{int(item.id[0]) - 1}-{item.id[2:]}" if item.id[0].isdigit() else item.id for item in form.items]
    assert tails == ["language", *wanted]
    assert paper.checksum(questions, "pl") in screen.html
    assert all(f"{box.code} {box.words}" in screen.html.replace("&#x27;", "'") for box in form.items[0].boxes)


def test_errors_stand_at_the_field_and_lose_nothing(place: intake.Place) -> None:
    wrong = {"need": "44", "steps.1.when": "last May", "consent": "9", "language": "xx"}
    screen = Screen(keying).fill(TYPED | wrong).press("Save")
    assert stories() == 0
    assert screen.html.count("Choose one of the answers") == 2
    assert screen.html.count("Type one of en, cy, pl, ur, ar") == 2
    assert "2.when: The month must be a number" in screen.html
    for path, value in wrong.items():
        assert screen.field(path).value == value
    screen.fill(dict.fromkeys(wrong, "") | {"language": "en"}).press("Save")
    assert stories() == 1


def test_saving_twice_keeps_one_story_and_an_empty_form_none(place: intake.Place) -> None:
    screen = Screen(keying).press("Save")
    assert stories() == 0 and "Tell us what happened" in screen.html
    pad = screen.at.session_state["paper-pad"]
    screen.fill({"what_happened": "Once"}).press("Save")
    screen.at.session_state["paper-pad"] = pad  # the second press of a double click still holds the first form
    del screen.at.session_state["paper-outcome"]
    screen.run().fill({"what_happened": "Once"}).press("Save")
    assert stories() == 1


def test_a_step_is_added_without_losing_what_was_typed(place: intake.Place) -> None:
    screen = Screen(keying).fill({"steps.1.note": "Second"}).press("Add a step").fill({"steps.2.note": "Third"})
    screen.press("Save")
    assert newest().answers["steps"] == [{}, {"note": "Second"}, {"note": "Third"}]


@pytest.mark.parametrize("script", [keying, phone])
def test_a_failure_to_save_keeps_the_screen(place: intake.Place, monkeypatch: pytest.MonkeyPatch, script: Any) -> None:
    screen = Screen(script).fill({"what_happened": "Precious"})
    monkeypatch.setattr(intake, "log_story", lambda *_: 1 / 0)
    screen.press("Save")
    assert "could not be saved just now" in screen.html
    assert screen.field("what_happened").value == "Precious"


def test_a_call_is_read_out_in_the_callers_language_and_kept_as_told_by_phone(place: intake.Place) -> None:
    screen = Screen(phone)
    next(box for box in screen.at.selectbox if box.label == "Read out in").set_value("pl")
    screen.run()
    questions = intake.question_set()
    for question in questions.question:
        words = question.read_out if question.type == "consent" else question.text
        assert words["pl"].replace("'", "&#x27;") in screen.html, question.id
    assert all(part.text["pl"] in screen.html for part in questions.steps.page)
    channel = questions.steps.by_id("channel")
    assert all(option.text["pl"] in screen.html for option in channel.options)  # type: ignore[union-attr]
    assert "999" in screen.html.split("<h2")[0]
    screen.fill({"need": "safety", "what_happened": "Told twice", "steps.0.feeling": "-1", "consent-analyse": True})
    screen.fill({"steps.0.service": "housing advice"})
    screen.press("Add a step").fill({"steps.1.waited.number": "3", "steps.1.waited.unit": "weeks"}).press("Save")
    entry = newest()
    assert entry.reference in screen.html
    assert entry.answers["steps"] == [
        {"service": "Housing advice", "feeling": "-1"},
        {"waited": {"number": "3", "unit": "weeks"}},
    ]
    with session() as opened:
        row = store.story_by_reference(opened, entry.reference)
        assert row is not None
        assert (row.source, row.language, row.need) == ("staff_phone", "pl", "safety")
        consent = next(c for c in reading_store.consents_of(opened, [row.id]) if c.scope == "analyse")
    assert (consent.given, consent.how, consent.wording) == (True, "verbal", "staff-2")
    screen.press("Next call")
    assert screen.field("what_happened").value == "" and stories() == 1


def test_words_that_raise_a_concern_bring_up_who_to_call_below_the_answer(
    place: intake.Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    concern = Concern(ConcernKind.HARM, "harm")
    monkeypatch.setattr("pages.keyed.script.concerns_in", lambda texts: (concern,) * ("afraid" in " ".join(texts)))
    screen = Screen(phone)
    assert "may mean that somebody is at risk" not in screen.html
    heard = screen.at.session_state[screen.at.session_state["phone-pad"].key("heard")]
    heard["what_happened"] = "I am afraid of him"  # as the browser hands it over a second after it was typed
    warned = screen.run().html.split("may mean that somebody is at risk")
    assert len(warned) == 2 and 'role="alert"' in warned[0] and "999" in warned[1]


def test_a_wrong_answer_in_a_call_is_named_at_its_field(place: intake.Place) -> None:
    screen = Screen(phone).fill({"what_happened": "A story", "steps.0.when.year": "3026"}).press("Save")
    assert screen.html.count("The year must be between") == 2
    assert stories() == 0 and screen.field("steps.0.when.year").value == "3026"


def test_paths_and_steps_come_back_together() -> None:
    questions = intake.question_set()
    pad = Pad("phone", rows=3)
    paths = pad.paths(questions)
    steps = next(question for question in questions.question if isinstance(question, Steps))
    assert len(paths) == len(set(paths)) == len(questions.question) - 1 + 3 * len(steps.question)
    noted = dict.fromkeys(paths) | {"steps.1.note": "Second", "need": "money"}
    assert with_steps(noted) == {"need": "money", "steps": [{}, {"note": "Second"}]}
