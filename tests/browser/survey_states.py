"""The states of the survey builder, for the accessibility tests.

``SEED`` goes at the end of the script that fills the site's database (it uses its ``intake`` and its actors). Each
state is a step on from the one before it with the same role.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

CODE = "rain-in-testham"
SEED = """
from functools import partial
from insight import surveys
from insight.surveys import phrases, rules
designer, here = Actor(Role.DESIGNER, "demo designer"), intake.current_place()
def shape(*edits):
    for edit in edits:
        surveys.revise(designer, here, "rain-in-testham", edit)
surveys.create(designer, here, "Rain in Testham")
shape(partial(rules.offer, languages=["en", "cy", "ar"]),
      *(partial(phrases.word, path="survey:title", language=code, text="Rain") for code in ("cy", "ar")),
      partial(rules.add, question=surveys.library()[0]), partial(rules.drop, path="what_good"),
      partial(rules.drop, path="steps.hours"), partial(phrases.word, path="survey:welcome", language="en", text=""))
surveys.publish(designer, here, "rain-in-testham")
for number in range(18):
    key = intake.start_draft(RESIDENT, survey="rain-in-testham", campaign="library").key
    chosen = "easy" if number > 5 else "hard"
    answers = {"what_happened": "It rained.", "x_knew_who_to_ask": chosen, "consent": ["analyse"]}
    intake.save_draft(RESIDENT, key, answers, "need")
    if number < 12:
        intake.submit(RESIDENT, key)
shape(lambda working: rules.add(working, rules.own_question(working, "choice", "Which door?", ["Front", "Back"])))
"""

Act = Callable[[Any, Mapping[str, str]], None]


@dataclass(frozen=True)
class SurveyState:
    """A state of the builder: how a tab of a role gets there. ``drafts`` are the site's, by name; none is needed."""

    name: str
    act: Act
    role: str = "designer"


def tab_of(name: str, more: str = "") -> Act:
    """A tab of the survey, as it opens."""

    def act(tab: Any, _drafts: Mapping[str, str]) -> None:
        path = f"/surveys?survey={CODE}&tab={name}{more}"
        if "/surveys" in tab.page.url:
            tab.go(path)
        else:
            tab.visit(path)
        tab.page.locator(".tl-tabs [aria-current], .tl-error").first.wait_for()

    return act


def the_list(tab: Any, _drafts: Mapping[str, str]) -> None:
    """All surveys, with posters for the place open."""
    tab.visit("/surveys").on("Surveys")
    tab.page.get_by_text("Posters for this place").click()
    tab.page.get_by_role("button", name="QR code (PNG)").wait_for()


def no_title(tab: Any, _drafts: Mapping[str, str]) -> None:
    """A survey without a title."""
    tab.press("Make the survey")
    tab.page.get_by_role("alert").wait_for()


def step_questions(tab: Any, drafts: Mapping[str, str]) -> None:
    """The questions, and those about each step, one of which was left out just now."""
    tab_of("questions")(tab, drafts)
    tab.page.get_by_text("The questions about each step").click()
    tab.page.wait_for_timeout(600)  # the part unfolds slowly, and what is pressed meanwhile moves away
    tab.press("Leave out: Money it cost you, in pounds")
    tab.page.locator("#saved").wait_for()


def nothing_to_add(tab: Any, _drafts: Mapping[str, str]) -> None:
    """A question without words."""
    tab.press("Add your question")
    tab.page.get_by_role("alert").wait_for()


def wrong_day(tab: Any, drafts: Mapping[str, str]) -> None:
    """A date that does not exist."""
    tab_of("dates")(tab, drafts)
    tab.write("Day. First day", "31").write("Month. First day", "2").write("Year. First day", "2027")
    tab.press("Save the dates")
    tab.page.get_by_role("alert").wait_for()


def missing_words(tab: Any, _drafts: Mapping[str, str]) -> None:
    """Which words are missing."""
    tab.page.get_by_text("texts are missing in").click()
    tab.page.get_by_role("link", name="Which door?").wait_for()


def bring(data: bytes) -> Act:
    """A file that was brought in."""

    def act(tab: Any, _drafts: Mapping[str, str]) -> None:
        tab.go(f"/surveys?survey={CODE}&tab=xlsform")
        file = {"name": "form.xlsx", "mimeType": "application/octet-stream", "buffer": data}
        tab.page.locator("input[type=file]").set_input_files(file)
        tab.page.locator("[role=alert], h2:has-text('What does not come in')").first.wait_for()
        tab.idle()

    return act


SURVEY_STATES = [
    SurveyState("surveys: list", the_list),
    SurveyState("surveys: no title", no_title),
    SurveyState("survey: questions, one left out", step_questions),
    SurveyState("survey: nothing to add", nothing_to_add),
    SurveyState("survey: an added question", tab_of("question", "&part=x_which_door")),
    SurveyState("survey: the steps' words", tab_of("question", "&part=steps")),
    SurveyState("survey: words in Welsh", tab_of("words", "&language=cy&part=x_which_door")),
    SurveyState("survey: missing words", missing_words),
    SurveyState("survey: words in Arabic", tab_of("words", "&language=ar&part=need")),
    SurveyState("survey: languages", tab_of("languages")),
    SurveyState("survey: wrong date", wrong_day),
    SurveyState("survey: preview from right to left", tab_of("preview", "&language=ar")),
    SurveyState("survey: preview of the light form", tab_of("preview", "&language=ar&form=light")),
    SurveyState("survey: publish", tab_of("publish")),
    SurveyState("survey: posters", tab_of("posters")),
    SurveyState("survey: a broken file", bring(b"PK\x03\x04")),
    SurveyState("survey: results", tab_of("results")),
]
