"""A resident's journey, page by page: forward, back, change, errors, coming back, wrong keys, and after sending."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

import pytest

from insight import intake
from insight.access import RESIDENT, SYSTEM
from insight.database import session
from insight.intake import reading_store
from pages.sharing.moves import fingerprint
from tests.pages.screen import Screen

ROOT = Path(__file__).resolve().parents[2]


def script() -> None:
    from insight.access import RESIDENT
    from pages.share import render

    render(RESIDENT)


@pytest.fixture
def place(sqlite: str) -> intake.Place:
    return intake.add_place(
        SYSTEM,
        "Testham",
        organisations=[("Testham Council", "council"), ("Testham NHS Trust", "nhs")],
        services=[
            intake.NewService("housing", "Housing advice", "Testham Council", 95),
            intake.NewService("discharge", "Discharge team", "Testham NHS Trust"),
        ],
    )


class Visit(Screen):
    """One browser tab: what is on the page, and what one can do there."""

    def __init__(self, **query: str) -> None:
        super().__init__(script, **query)

    @property
    def query(self) -> dict[str, str]:
        return {
            name: values[0] if isinstance(values, list) else values for name, values in self.at.query_params.items()
        }

    def press(self, words: str, name: str = "") -> Self:
        next(b for b in self.at.button if words in b.label and name in (b.key or "")).click()
        return self.run()

    def fill(self, question: str, value: Any) -> Self:
        kinds = (self.at.text_area, self.at.text_input, self.at.radio, self.at.selectbox, self.at.checkbox)
        field: Any = next(w for kind in kinds for w in kind if w.key and w.key.endswith(f"-{question}"))
        field.set_value(value)
        return self

    def value(self, question: str) -> Any:
        kinds = (self.at.text_area, self.at.text_input, self.at.radio, self.at.selectbox, self.at.checkbox)
        return next(w for kind in kinds for w in kind if w.key and w.key.endswith(f"-{question}")).value

    def saved(self) -> dict[str, Any]:
        return intake.open_draft(RESIDENT, self.query["draft"]).answers


Draft = Callable[..., Visit]


@pytest.fixture
def at_page(place: intake.Place) -> Draft:
    """Opens a page of a draft that holds some answers."""

    def open_at(page: str, answers: dict[str, Any] | None = None, **more: str) -> Visit:
        key = intake.start_draft(RESIDENT).key
        intake.save_draft(RESIDENT, key, answers or {})
        return Visit(draft=key, page=page, **more)

    return open_at


def stories() -> int:
    with session() as opened:
        return reading_store.count_stories(opened, intake.current_place().id)


STEPS: list[dict[str, Any]] = [
    {"service": "Discharge team", "feeling": "-1"},
    {"service": "Housing advice", "feeling": "-2", "told_again": "yes", "waited": {"number": "3", "unit": "weeks"}},
    {"service": "The food bank", "feeling": "2"},
]


@pytest.mark.parametrize("page", ["start", "check", "need", "steps", "what_happened"])
def test_another_language_is_chosen_on_any_page(at_page: Draft, page: str) -> None:
    visit = at_page(page, {"need": "hospital_discharge", "steps": STEPS}).press("Cymraeg")
    assert intake.open_draft(RESIDENT, visit.query["draft"]).language == "cy"


def test_the_start_says_what_this_is_before_anything_is_kept(place: intake.Place) -> None:
    visit = Visit()
    for words in (
        "Tell us about your journey",
        "Testham",
        "five minutes",
        "Who reads it",
        "What is kept",
        "999",
        "leave out names",
    ):
        assert words in visit.html
    assert "draft" not in visit.query


def test_start_opens_one_draft_even_when_pressed_twice(place: intake.Place) -> None:
    visit = Visit().press("Start")
    first = visit.query
    assert first["page"] == "need"
    visit.at.query_params.clear()
    visit.run().press("Start")
    assert visit.query == first


def test_every_question_can_be_passed_by_and_the_order_is_the_question_sets(place: intake.Place) -> None:
    visit, seen = Visit().press("Start"), []
    while visit.query["page"] != "check":
        seen.append(visit.query["page"])
        visit.press("Continue")
    assert seen == [question.id for question in intake.question_set().question]


def test_back_keeps_what_was_typed_and_continue_shows_it_again(at_page: Draft) -> None:
    visit = at_page("what_happened").fill("what_happened", "Nobody rang back").press("Back")
    assert visit.query["page"] == "need"
    assert visit.saved()["what_happened"] == "Nobody rang back"
    assert visit.press("Continue").value("what_happened") == "Nobody rang back"


def test_a_choice_can_be_taken_back(at_page: Draft) -> None:
    visit = at_page("need", {"need": "housing"})
    assert visit.value("need") == "housing"
    visit.fill("need", "").press("Continue")
    assert visit.saved()["need"] is None


def test_a_reload_in_another_tab_finds_every_answer(at_page: Draft) -> None:
    first = at_page("need").fill("need", "money").press("Continue").fill("what_happened", "Text").press("Continue")
    again = Visit(**first.query)
    assert again.query["page"] == "steps"
    assert again.press("Back").value("what_happened") == "Text"
    assert again.press("Back").value("need") == "money"


def test_a_step_is_added_page_by_page(at_page: Draft) -> None:
    visit = at_page("steps").press("Add the first step")
    visit.fill("service", "Housing advice").fill("channel", "phone").fill("when-year", "2026").press("Continue")
    visit.fill("waited-number", "3").fill("waited-unit", "weeks").fill("promised-unit", "unknown").press("Continue")
    visit.fill("feeling", "-2").fill("told_again", "yes").press("Continue")
    visit.fill("note", "Waited on hold").fill("hours", "1.5").press("Continue")
    assert visit.query["page"] == "steps" and "step" not in visit.query
    (step,) = visit.saved()["steps"]
    assert {name: value for name, value in step.items() if value is not None} == {
        "service": "Housing advice",
        "channel": "phone",
        "when": {"day": "", "month": "", "year": "2026"},
        "waited": {"number": "3", "unit": "weeks"},
        "promised": "unknown",
        "feeling": "-2",
        "told_again": "yes",
        "note": "Waited on hold",
        "hours": "1.5",
    }
    for words in (
        "1. <bdi>Housing advice",
        "Testham Council",
        "Waited 3 weeks",
        "Felt very bad",
        "Explained it all again",
    ):
        assert words in visit.html


def test_a_step_that_was_passed_by_is_no_step(at_page: Draft) -> None:
    visit = at_page("steps").press("Add the first step")
    for _ in range(4):
        visit.press("Continue")
    assert visit.query["page"] == "steps"
    assert not visit.saved().get("steps")


def test_finish_this_step_leaves_the_rest_out(at_page: Draft) -> None:
    visit = at_page("steps").press("Add the first step").fill("service", "Discharge team").press("Finish this step")
    assert "step" not in visit.query
    assert [step["service"] for step in visit.saved()["steps"]] == ["Discharge team"]


def test_steps_move_and_the_line_follows(at_page: Draft) -> None:
    visit = at_page("steps", {"steps": STEPS}).press("Move up", "up-2")
    assert [step["service"] for step in visit.saved()["steps"]] == ["Discharge team", "The food bank", "Housing advice"]
    assert "Step 3 is now step 2." in visit.html
    assert visit.html.index("2. <bdi>The food bank") < visit.html.index("3. <bdi>Housing advice")
    visit.press("Move down", "down-0")
    assert [step["service"] for step in visit.saved()["steps"]] == ["The food bank", "Discharge team", "Housing advice"]


def test_a_removed_step_can_be_put_back_where_it_was(at_page: Draft) -> None:
    visit = at_page("steps", {"steps": STEPS}).press("Remove", "remove-1")
    assert [step["service"] for step in visit.saved()["steps"]] == ["Discharge team", "The food bank"]
    assert "Step 2 was removed." in visit.html
    assert visit.press("Undo").saved()["steps"] == STEPS


def test_a_button_of_an_older_drawing_does_nothing(at_page: Draft) -> None:
    visit = at_page("steps", {"steps": STEPS})
    intake.save_draft(RESIDENT, visit.query["draft"], {"steps": STEPS[1:]})  # from another tab, meanwhile
    visit.press("Remove", "remove-0")
    assert visit.saved()["steps"] == STEPS[1:]
    assert fingerprint(STEPS) != fingerprint(STEPS[1:])


def test_a_date_that_is_none_is_named_at_the_top_and_at_the_field(at_page: Draft) -> None:
    visit = at_page("steps", {"steps": STEPS}, step="1", part="where")
    visit.fill("when-day", "31").fill("when-month", "2").fill("when-year", "2026").press("Continue")
    message = "That is not a real date. Check the day and the month"
    assert visit.query["part"] == "where"
    assert visit.html.count(message) == 2
    assert 'role="alert"' in visit.html
    assert visit.value("when-day") == "31"
    assert visit.saved()["steps"][0]["when"]["day"] == "31"
    visit.fill("when-day", "28").press("Continue")
    assert visit.query["part"] == "wait"
    assert 'role="alert"' not in visit.html


def test_an_error_does_not_follow_to_another_page(at_page: Draft) -> None:
    visit = at_page("steps", {"steps": STEPS}, step="1", part="where").fill("when-day", "31").press("Continue")
    assert 'role="alert"' in visit.html
    for name, value in {"page": "need"}.items():  # the browser's Back changes the address and nothing else
        visit.at.query_params[name] = value
    assert 'role="alert"' not in visit.run().html


def test_change_leads_back_to_checking(at_page: Draft) -> None:
    visit = at_page("need", {"need": "housing", "steps": STEPS}, then="check").fill("need", "money").press("Continue")
    assert visit.query["page"] == "check"
    assert visit.saved()["need"] == "money"
    step = at_page("steps", {"steps": STEPS}, step="2", part="how_it_went", then="check").press("Finish this step")
    assert step.query["page"] == "check"


def test_a_step_opened_from_the_list_while_checking_leads_to_the_list_and_then_to_checking(at_page: Draft) -> None:
    visit = at_page("steps", {"steps": STEPS}, then="check").press("Change", "change-1").press("Finish this step")
    assert (visit.query["page"], visit.query["then"], visit.query.get("step")) == ("steps", "check", None)
    assert visit.press("Continue").query["page"] == "check"


def test_checking_shows_every_answer_with_its_change_link(at_page: Draft) -> None:
    answers = {"need": "housing", "what_happened": "<b>Bold</b>", "steps": STEPS, "consent": ["analyse"]}
    visit = at_page("check", answers)
    for words in (
        "Having somewhere to live",
        "&lt;b&gt;Bold",
        "Housing advice",
        "3 weeks",
        "Use my story",
        "Not answered",
    ):
        assert words in visit.html
    assert "<b>Bold" not in visit.html
    for address in ("page=need&amp;then=check", "page=steps&amp;step=2&amp;part=wait&amp;then=check"):
        assert address in visit.html


def test_sending_gives_a_reference_and_sending_again_gives_the_same(at_page: Draft) -> None:
    visit = at_page("check", {"what_happened": "A story", "consent": ["analyse"]}).press("Send")
    reference = intake.open_draft(RESIDENT, visit.query["draft"]).reference
    assert reference and reference in visit.html
    assert "What happens next" in visit.html
    assert intake.submit(RESIDENT, visit.query["draft"]).reference == reference
    assert stories() == 1


@pytest.mark.parametrize("page", ["need", "check", "steps", "start"])
def test_a_sent_journey_shows_its_reference_on_every_page(at_page: Draft, page: str) -> None:
    visit = at_page("check", {"what_happened": "A story"}).press("Send")
    again = Visit(draft=visit.query["draft"], page=page)
    assert "Your reference" in again.html
    assert not again.at.text_area


def test_what_cannot_be_sent_is_listed_with_links_to_mend_it(at_page: Draft) -> None:
    wrong = [{"service": "A", "when": {"day": "31", "month": "2", "year": "2026"}}]
    visit = at_page("check", {"steps": wrong}).press("Send")
    assert stories() == 0
    assert 'role="alert"' in visit.html
    assert f"?draft={visit.query['draft']}&amp;page=steps&amp;step=1&amp;part=where&amp;then=check" in visit.html


def test_nothing_told_is_not_sent(at_page: Draft) -> None:
    visit = at_page("check", {"need": "housing"}).press("Send")
    assert "Tell us what happened" in visit.html
    assert stories() == 0


def test_a_wrong_key_is_said_kindly(place: intake.Place) -> None:
    visit = Visit(draft="guessed", page="need")
    assert "We cannot find that journey" in visit.html
    assert not visit.at.text_area and not visit.at.radio


@pytest.mark.parametrize(
    "query",
    [
        {"page": "nonsense"},
        {"page": "steps", "step": "99", "part": "where"},
        {"page": "steps", "step": "-1", "part": "x"},
    ],
)
def test_an_address_that_was_tampered_with_leads_somewhere_sensible(at_page: Draft, query: dict[str, str]) -> None:
    page = query.pop("page")
    assert at_page(page, {"steps": STEPS}, **query).html


def test_a_failure_to_save_says_so_and_keeps_what_was_typed(at_page: Draft, monkeypatch: pytest.MonkeyPatch) -> None:
    visit = at_page("what_happened").fill("what_happened", "Precious")
    monkeypatch.setattr(intake, "save_draft", lambda *_: 1 / 0)
    visit.press("Continue")
    assert "could not be saved just now" in visit.html
    assert visit.value("what_happened") == "Precious"
    assert visit.query["page"] == "what_happened"


def test_the_drafts_key_stands_in_no_input(at_page: Draft) -> None:
    visit = at_page("need")
    assert all(visit.query["draft"] not in (radio.key or "") for radio in visit.at.radio)


def test_the_residents_way_loads_nothing_heavy(place: intake.Place) -> None:
    """Streamlit loads pandas behind one's back, so the whole way is walked in a process of its own."""
    walk = """
import sys
from streamlit.testing.v1 import AppTest
from tests.pages.test_share import script
from insight import intake
from insight.access import RESIDENT
key = intake.start_draft(RESIDENT).key
intake.save_draft(RESIDENT, key, {"what_happened": "Text", "steps": [{"service": "Housing advice", "feeling": "-2"}]})
for page in ("need", "what_happened", "steps", "consent", "check"):
    at = AppTest.from_function(script, default_timeout=30)
    at.query_params["draft"], at.query_params["page"] = key, page
    assert not at.run().exception
for part in ("where", "wait", "how_it_went", "own_words"):
    at.query_params["page"], at.query_params["step"], at.query_params["part"] = "steps", "1", part
    assert not at.run().exception
heavy = "pandas sklearn nltk scipy altair plotly pyarrow numpy"
print("loaded:", *(name for name in heavy.split() if name in sys.modules))
"""
    done = subprocess.run([sys.executable, "-c", walk], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.strip() == "loaded:"
