"""The survey builder: make one, shape it, write its words, publish it, take it out and bring one in, see results."""

from functools import partial
from typing import Self

import pytest

from insight import intake, surveys
from insight.access import RESIDENT, SYSTEM, Actor, Role
from insight.surveys import Working, phrases, rules, xlsform
from tests.pages.screen import Screen

DESIGNER = Actor(Role.DESIGNER, "designer one")
TITLE = "Winter in Testham"
CODE = "winter-in-testham"


def script() -> None:
    from insight.access import Actor, Role
    from pages.surveys import render

    render(Actor(Role.DESIGNER, "designer one"))


@pytest.fixture
def place(sqlite: str) -> intake.Place:
    return intake.add_place(SYSTEM, "Testham", organisations=[("Testham Council", "council")])


class Visit(Screen):
    """One browser tab on the screen."""

    def __init__(self, **query: str) -> None:
        super().__init__(script, **query)

    def write(self, label: str, text: str) -> Self:
        fields = [*self.at.text_input, *self.at.text_area]
        next(field for field in fields if field.label == label).set_value(text)
        return self

    def value(self, label: str) -> str:
        return str(next(field for field in [*self.at.text_input, *self.at.text_area] if field.label == label).value)

    def taken(self, label: str) -> bool:
        return any(getattr(button, "label", "") == label for button in self.at.get("download_button"))


def made(place: intake.Place) -> str:
    return surveys.create(DESIGNER, place, TITLE).code


def stored(place: intake.Place) -> Working:
    return surveys.survey(DESIGNER, place, CODE).working


def published(place: intake.Place) -> None:
    surveys.revise(DESIGNER, place, made(place), partial(rules.offer, languages=["en"]))
    surveys.publish(DESIGNER, place, CODE)


def test_a_survey_is_made_and_stands_in_the_list(place: intake.Place) -> None:
    visit = Visit()
    assert "There is none yet" in visit.html
    visit.press("Make the survey")
    assert "Give the survey a title" in visit.html and 'id="survey-title-error"' in visit.html
    visit.write("Title, as people will read it, in English", "<b>Winter</b>").press("Make the survey")
    assert (visit.at.query_params["survey"], visit.at.query_params["tab"]) == ("b-winter-b", "questions")
    assert "&lt;b&gt;Winter&lt;/b&gt;" in visit.html and "<b>Winter" not in visit.html
    assert "Nobody can answer it yet" in visit.html
    listed = Visit()
    assert "Not published" in listed.html and "?survey=b-winter-b" in listed.html


def test_questions_are_left_out_put_back_moved_and_added(place: intake.Place) -> None:
    made(place)
    visit = Visit(survey=CODE)
    assert visit.html.count("always asked") == len(rules.KEPT)
    visit.press("Leave out", "drop-steps-hours").press("Leave out", "drop-what_good")
    assert stored(place).dropped == ("steps.hours", "what_good")
    assert "Left out: What was good?" in visit.html
    visit.press("Put back", "restore-what_good").press("Move up", "up-what_good")
    order = [question.id for question in stored(place).question]
    assert order.index("what_good") < order.index("what_better") and stored(place).dropped == ("steps.hours",)
    visit.press("Add this question")
    assert "Choose the question to add" in visit.html
    next(box for box in visit.at.selectbox if "ready" in box.label).set_value("x_first_help")
    visit.press("Add this question")
    visit.write("One of your own, in English", "Which door?").press("Add your question")
    assert "at least two answers" in visit.html and visit.value("One of your own, in English") == "Which door?"
    visit.write("Answers to choose from, one on each line (for Choose one answer)", "Front\n\nBack\n")
    visit.press("Add your question")
    assert [question.id for question in stored(place).question][-3:] == ["x_first_help", "x_which_door", "consent"]
    assert visit.value("One of your own, in English") == ""


def test_an_added_question_is_changed_on_its_own_page(place: intake.Place) -> None:
    made(place)
    add = partial(rules.own_question, kind="choice", text="Which door?", options=["Front", "Back", "Side"])
    surveys.revise(DESIGNER, place, CODE, lambda working: rules.add(working, add(working)))
    visit = Visit(survey=CODE, tab="question", part="x_which_door")
    visit.press("Remove", "less-side").press("Move down", "down-option-front")
    visit.write("Another answer, in English", "The roof").press("Add this answer")
    visit.write("Question", "Which way in?").write("Answer 1", "At the back").press("Save the words")
    next(box for box in visit.at.checkbox if box.label == "It must be answered").check()
    visit.press("Save", "save-demands")
    question = stored(place).by_id("x_which_door")
    assert question.model_dump(exclude={"help", "why"}) == {
        "id": "x_which_door",
        "type": "choice",
        "text": {"en": "Which way in?"},
        "required": True,
        "options": (
            {"code": "back", "text": {"en": "At the back"}},
            {"code": "front", "text": {"en": "Front"}},
            {"code": "the_roof", "text": {"en": "The roof"}},
        ),
    }
    gone = Visit(survey=CODE, tab="question", part="x_nothing")
    assert "That question is not in this survey" in gone.html


def test_words_are_written_beside_the_english_and_only_what_changed_is_saved(place: intake.Place) -> None:
    made(place)
    visit = Visit(survey=CODE, tab="words", language="cy", part="survey")
    assert "1 text is missing in Welsh" in visit.html and TITLE in visit.html
    late = Visit(survey=CODE, tab="words", language="cy", part="need")
    surveys.revise(DESIGNER, place, CODE, partial(phrases.word, path="need:help", language="cy", text="Cymorth"))
    visit.write("Title in Welsh", "Gaeaf").press("Save the Welsh words")
    assert "Saved in Welsh" in visit.html and "All words are there" in visit.html
    late.write("Question in Welsh", "Beth?").press("Save the Welsh words")
    need = stored(place).by_id("need")
    assert (need.text["cy"], (need.help or {})["cy"], stored(place).title["cy"]) == ("Beth?", "Cymorth", "Gaeaf")
    consent = Visit(survey=CODE, tab="words", language="en", part="consent")
    consent.write("Answer 2", "").press("Save the words")
    assert "Write the words in English" in consent.html


def test_languages_and_dates_are_kept_and_wrong_dates_are_said(place: intake.Place) -> None:
    made(place)
    visit = Visit(survey=CODE, tab="languages")
    for box in visit.at.checkbox:
        if not box.label.startswith("Welsh"):
            box.uncheck()
    visit.press("Save the languages")
    assert stored(place).languages == ("en", "cy")
    dates = Visit(survey=CODE, tab="dates")
    first, last = dates.at.text_input[:3], dates.at.text_input[3:6]
    for field, text in zip([*first, *last], ["31", "2", "2027", "", "", ""], strict=True):
        field.set_value(text)
    dates.press("Save the dates")
    assert "The first day must be a real date" in dates.html and dates.at.text_input[0].value == "31"
    for field, text in zip(dates.at.text_input[:6], ["28", "2", "2027", "1", "2", "2027"], strict=True):
        field.set_value(text)
    dates.press("Save the dates")
    assert "must not be before" in dates.html
    dates.at.text_input[4].set_value("3")
    dates.press("Save the dates")
    kept = surveys.survey(DESIGNER, place, CODE)
    assert (str(kept.opens_on), str(kept.closes_on)) == ("2027-02-28", "2027-03-01")


def test_publishing_says_what_is_missing_and_what_changes(place: intake.Place) -> None:
    made(place)
    visit = Visit(survey=CODE, tab="publish")
    assert "What is missing" in visit.html and not [b for b in visit.at.button if b.label.startswith("Publish")]
    surveys.revise(DESIGNER, place, CODE, partial(rules.offer, languages=["en"]))
    visit.run().press("Publish")
    assert "Version 1 is published" in visit.html
    surveys.revise(DESIGNER, place, CODE, partial(rules.drop, path="what_good"))
    visit.run()
    assert "Left out: What was good?" in visit.html
    visit.press("Publish version 2")
    assert "Nothing has changed since version 2" in visit.html
    visit.press("Close it now")
    assert surveys.survey(DESIGNER, place, CODE).state is surveys.State.CLOSED
    visit.press("Open it again")
    assert surveys.survey(DESIGNER, place, CODE).state is surveys.State.OPEN


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_preview_asks_every_question_in_a_language(place: intake.Place, language: str) -> None:
    made(place)
    visit = Visit(survey=CODE, tab="preview", language=language)
    need = stored(place).by_id("need")
    assert need.text[language] in visit.html
    assert need.model_dump()["options"][0]["text"][language] in visit.at.radio[0].options
    light = Visit(survey=CODE, tab="preview", language=language, form="light")
    assert not light.at.radio, "it is drawn by the form's own templates"


def test_posters_need_a_published_survey_and_say_where_they_lead(
    place: intake.Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    made(place)
    assert "Publish the survey first" in Visit(survey=CODE, tab="posters").html
    surveys.revise(DESIGNER, place, CODE, partial(rules.offer, languages=["en"]))
    surveys.publish(DESIGNER, place, CODE)
    visit = Visit(survey=CODE, tab="posters")
    assert "The public address is not set" in visit.html
    visit.write("Where will it hang?", "Library at the bridge").run()
    assert f"/tell/s/{CODE}?from=library-at-the-bridge" in visit.html
    assert visit.taken("Poster (PDF, A4)") and visit.taken("QR code (PNG)")
    whole = Visit()
    next(box for box in whole.at.selectbox if box.label == "Language").set_value("ar")
    whole.run()
    assert "There is no PDF" in whole.html and not whole.taken("Poster (PDF, A4)")


def test_a_form_goes_out_and_comes_in_with_what_it_loses(place: intake.Place) -> None:
    published(place)
    out = xlsform.to_xlsform(surveys.preview(DESIGNER, place, CODE))
    surveys.revise(DESIGNER, place, CODE, partial(rules.drop, path="what_good"))
    visit = Visit(survey=CODE, tab="xlsform")
    assert visit.taken("Take the survey as XLSForm")
    visit.at.file_uploader[0].upload("broken.xlsx", b"PK\x03\x04")
    assert "damaged or is not XLSX" in visit.run().html
    visit.at.file_uploader[0].upload("form.xlsx", out)
    assert "Everything in the file comes in" in visit.run().html
    visit.press("Use these questions")
    assert stored(place).dropped == ()


def test_results_say_how_many_are_needed_and_show_them_from_there(place: intake.Place) -> None:
    assert "publish it first" in Visit(survey=made(place), tab="results").html
    surveys.revise(DESIGNER, place, CODE, partial(rules.offer, languages=["en"]))
    surveys.publish(DESIGNER, place, CODE)
    for number in range(5):
        if number == 4:
            assert "Results show from 5 on" in Visit(survey=CODE, tab="results").html
        key = intake.start_draft(RESIDENT, survey=CODE, campaign="library").key
        intake.save_draft(RESIDENT, key, {"what_happened": "I waited", "consent": ["analyse"]}, "consent")
        intake.submit(RESIDENT, key)
    html = Visit(survey=CODE, tab="results").html
    assert "Answers so far" in html and "library" in html and "I waited" not in html


def test_a_survey_that_is_not_there_is_said_kindly(place: intake.Place) -> None:
    assert "no survey with that code" in Visit(survey="nothing").html
