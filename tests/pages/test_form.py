"""The plain HTML form, request by request: what it keeps, what it refuses, what it weighs, and how it forgets."""

import gzip
import hashlib
import json
import logging
import re
from base64 import b64encode
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from insight import intake
from insight.access import RESIDENT, SYSTEM
from insight.database import session, write_session
from insight.intake import asking
from insight.intake.tables import DraftRow, QuestionSetRow, StoryRow, SurveyRow
from insight.language import LANGUAGES
from insight.settings import settings
from pages.form import keeping
from pages.form.drawing import KIOSK_SECONDS, SCRIPT_PATH
from pages.form.routes import routes
from pages.form.visit import COOKIE

STEP: dict[str, Any] = {
    "organisation": "Testham Council",
    "channel": "face_to_face",
    "when": {"day": "14", "month": "3", "year": "2026"},
    "waited": {"number": "3", "unit": "weeks"},
    "promised": {"number": "10", "unit": "days"},
    "feeling": "-2",
    "told_again": "yes",
    "sent_elsewhere": "yes",
    "sorted_out": "partly",
    "note": "They said that the form had not reached them, so we filled it in again at the counter.",
    "hours": "2.5",
    "pounds": "7.20",
}
STEPS = [{**STEP, "service": name} for name in ("Discharge team", "Housing advice", "The food bank", "Repairs")]
WHOLE: dict[str, Any] = {
    "need": "hospital_discharge",
    "what_happened": "Mum came home on a Friday.",
    "steps": STEPS,
    "need_met": "partly",
    "what_better": "One person who knows.",
    "what_good": "The nurse on ward 5.",
    "teller_role": "carer",
    "consent": ["analyse", "quote"],
}
BROKEN = {"steps": [{"service": "Housing advice", "when": {"day": "31", "month": "2", "year": "2026"}}]}


@dataclass
class Forms(HTMLParser):
    """What a browser would post from a page: the fields of each form as they stand, and its buttons."""

    html: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    buttons: list[tuple[str, str, str]] = field(default_factory=list)
    action: str = ""

    def __post_init__(self) -> None:
        super().__init__()
        self._text: str | None = None
        self._select = ""
        self._button: tuple[str, str] | None = None
        self.feed(self.html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        at = {name: value or "" for name, value in attrs}
        ticked = at.get("type") not in ("radio", "checkbox") or "checked" in at
        if tag == "form" and at.get("method") == "post":
            self.action = at["action"]
        elif tag == "input" and ticked:
            self.fields.append((at["name"], at.get("value", "")))
        elif tag == "textarea":
            self._area, self._text = at["name"], ""
        elif tag == "select":
            self._select = at["name"]
            self.fields.append((at["name"], ""))
        elif tag == "option" and self._select and "selected" in at:
            self.fields[-1] = (self._select, at["value"])
        elif tag == "button":
            self._button, self._text = (at.get("name", ""), at.get("value", "")), ""

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.fields.append((self._area, (self._text or "").removeprefix("\n")))
            self._text = None
        elif tag == "select":
            self._select = ""
        elif tag == "button" and self._button:
            self.buttons.append((*self._button, " ".join((self._text or "").split())))
            self._button = self._text = None


class Browser:
    """One browser without JavaScript: its cookie, and the page that it shows."""

    def __init__(self, **headers: str) -> None:
        self.client = TestClient(Starlette(routes=routes), follow_redirects=True, headers=headers)
        self.client.headers.setdefault("Accept-Language", "en")

    def open(self, path: str) -> "Browser":
        self.page = self.client.get(path)
        return self

    def press(self, button: str, **typed: Any) -> "Browser":
        """Fill in fields (``when__day`` is the field ``when-day``) and press a button, named by its words or value."""
        form = Forms(self.page.text)
        found = next(b for b in reversed(form.buttons) if button in (b[1], b[2]) or b[2].startswith(button))
        told = {name.replace("__", "-"): value for name, value in typed.items()}
        fields = [(name, value) for name, value in form.fields if name not in told]
        for name, value in told.items():
            fields += [(name, one) for one in (value if isinstance(value, list) else [value])]
        self.posted = (form.action, [*fields, (found[0], found[1])])
        return self.post(*self.posted)

    def post(self, path: str, fields: list[tuple[str, str]]) -> "Browser":
        data: dict[str, list[str]] = {}
        for name, value in fields:
            if name:
                data.setdefault(name, []).append(value)
        self.page = self.client.post(path, data=data)
        return self

    @property
    def path(self) -> str:
        return self.page.url.path

    @property
    def text(self) -> str:
        return self.page.text

    @property
    def heading(self) -> str:
        found = re.search("<h1>(.*?)</h1>", self.text, re.S)
        return re.sub("<[^>]+>", "", found.group(1)).strip() if found else ""

    def value(self, name: str) -> str:
        return next((value for named, value in Forms(self.text).fields if named == name), "")


@pytest.fixture
def place(sqlite: str) -> intake.Place:
    New = intake.NewService
    return intake.add_place(
        SYSTEM,
        "Testham",
        organisations=[("Testham Council", "council"), ("Testham NHS Trust", "nhs"), ("Riverside Homes", "housing")],
        services=[
            New("housing", "Housing advice", "Testham Council", 95),
            New("discharge", "Discharge team", "Testham NHS Trust"),
            New("repairs", "Repairs", "Riverside Homes"),
        ],
    )


Opened = Callable[..., tuple[Browser, str]]


@pytest.fixture
def telling(place: intake.Place) -> Opened:
    """A browser that tells a journey with some answers, on a page of it; and the draft's key."""

    def open_at(path: str, answers: dict[str, Any] | None = None, language: str = "en") -> tuple[Browser, str]:
        key = intake.start_draft(RESIDENT, language=language).key
        intake.save_draft(RESIDENT, key, answers or {})
        browser = Browser().open(f"/tell/continue?draft={key}").press("")
        return browser.open(path), key

    return open_at


def saved(key: str) -> dict[str, Any]:
    return intake.open_draft(RESIDENT, key).answers


def told(step: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in step.items() if value is not None}


def stories() -> list[StoryRow]:
    with session() as opened:
        return list(opened.query(StoryRow))


def drafts() -> int:
    with session() as opened:
        return opened.query(DraftRow).count()


# --- The way through ----------------------------------------------------------------------------------------------


def test_the_start_says_who_reads_what_cannot_be_secret_and_whom_to_call(place: intake.Place) -> None:
    page = Browser().open("/tell").text
    for words in ("Testham", "999", "Samaritans", "Who reads it", "What we cannot keep secret", "Leave this page"):
        assert words in page
    assert drafts() == 0


def test_every_question_can_be_passed_by_in_the_order_of_the_question_set(place: intake.Place) -> None:
    browser, seen = Browser().open("/tell").press("Start now"), []
    while browser.path != "/tell/check":
        seen.append(browser.path.removeprefix("/tell/q/"))
        if browser.path == "/tell/q/steps":
            browser.open(re.search(r'href="(/tell/q/[^"]+)">Continue without', browser.text).group(1))  # type: ignore[union-attr]
        else:
            browser.press("Continue")
    assert seen == [question.id for question in intake.question_set().question]


def test_a_step_is_told_page_by_page_and_names_are_matched_with_the_list(telling: Opened) -> None:
    browser, key = telling("/tell/q/steps")
    browser.open("/tell/q/steps/1/where")
    browser.press("Continue", service=" housing  ADVICE", channel="phone", when__year="2026")
    assert browser.path == "/tell/q/steps/1/wait"
    browser.press("Continue", waited__number="3", waited__unit="weeks", promised__unit="unknown")
    browser.press("Continue", feeling="-2", told_again="yes")
    browser.press("Continue", note="Waited\r\non hold", hours="1.5")
    assert browser.path == "/tell/q/steps"
    (step,) = saved(key)["steps"]
    assert told(step) == {
        "service": "Housing advice",
        "channel": "phone",
        "when": {"day": "", "month": "", "year": "2026"},
        "waited": {"number": "3", "unit": "weeks"},
        "promised": "unknown",
        "feeling": "-2",
        "told_again": "yes",
        "note": "Waited\non hold",
        "hours": "1.5",
    }
    for words in ("1. <bdi>Housing advice", "Testham Council", "Waited 3 weeks", "Felt very bad"):
        assert words in browser.text


def test_a_step_that_was_passed_by_is_no_step_and_finish_leaves_the_rest_out(telling: Opened) -> None:
    browser, key = telling("/tell/q/steps/1/where")
    for _ in range(4):
        browser.press("Continue")
    assert browser.path == "/tell/q/steps"
    assert not saved(key).get("steps")
    browser.open("/tell/q/steps/1/where").press("Finish this step", service="The food bank")
    assert browser.path == "/tell/q/steps"
    assert [step["service"] for step in saved(key)["steps"]] == ["The food bank"]


def test_back_keeps_what_was_typed(telling: Opened) -> None:
    browser, key = telling("/tell/q/what_happened")
    browser.press("Back", what_happened="Nobody rang back")
    assert browser.path == "/tell/q/need"
    assert saved(key)["what_happened"] == "Nobody rang back"
    assert browser.press("Continue").value("what_happened") == "Nobody rang back"


def test_a_choice_can_be_taken_back(telling: Opened) -> None:
    browser, key = telling("/tell/q/need", {"need": "housing"})
    assert browser.value("need") == "housing"
    browser.press("Continue", need="")
    assert saved(key)["need"] is None


def test_changing_an_answer_leads_back_to_checking(telling: Opened) -> None:
    browser, key = telling("/tell/check", WHOLE)
    assert 'href="/tell/q/steps/2/wait?then=check"' in browser.text
    browser.open("/tell/q/need?then=check").press("Continue", need="money")
    assert (browser.path, saved(key)["need"]) == ("/tell/check", "money")
    browser.open("/tell/q/steps/2/how_it_went?then=check").press("Finish this step")
    assert browser.path == "/tell/check"
    browser.open("/tell/q/steps/2/where?then=steps").press("Finish this step")
    assert str(browser.page.url).endswith("/tell/q/steps?then=check")


def test_checking_shows_every_answer_and_escapes_it(telling: Opened) -> None:
    browser, _ = telling("/tell/check", {**WHOLE, "what_happened": "<b>Bold</b> & so on"})
    for words in ("Coming home from hospital", "&lt;b&gt;Bold&lt;/b&gt; &amp; so on", "3 weeks", "14 March 2026"):
        assert words in browser.text
    assert "<b>Bold" not in browser.text


def test_sending_gives_a_reference_and_every_page_then_leads_to_it(telling: Opened) -> None:
    browser, key = telling("/tell/check", WHOLE)
    browser.press("Send")
    reference = intake.open_draft(RESIDENT, key).reference
    assert reference
    assert browser.path == "/tell/sent"
    assert reference in browser.text
    for path in ("/tell/q/need", "/tell/check", "/tell/later", "/tell/sent"):
        assert reference in browser.open(path).text
    (story,) = stories()
    assert (story.need, story.language) == ("hospital_discharge", "en")
    assert not [name for name in story.answers or {} if name.startswith("_")]


def test_what_cannot_be_sent_is_listed_with_links_to_mend_it(telling: Opened) -> None:
    browser, _ = telling("/tell/check", BROKEN)
    browser.press("Send")
    assert browser.page.status_code == 422
    assert not stories()
    assert "<title>Error: Check your answers" in browser.text
    assert '<a href="/tell/q/steps/1/where?then=check">That is not a real date' in browser.text
    nothing, _ = telling("/tell/check", {"need": "housing"})
    assert "Tell us what happened" in nothing.press("Send").text


# --- Errors at the field -------------------------------------------------------------------------------------------

WRONG = [
    ("where", {"when__day": "31", "when__month": "2", "when__year": "2026"}, "when-day", "That is not a real date"),
    ("where", {"when__day": "x"}, "when-day", "The day must be a number"),
    ("where", {"when__year": "2999"}, "when-day", "The year must be between"),
    ("where", {"service": "x" * 201}, "service", "Shorten this to 200"),
    ("where", {"channel": "pigeon"}, "channel", "Choose one of the answers"),
    ("wait", {"waited__number": "soon"}, "waited-number", "Give a whole number"),
    ("wait", {"promised__number": "9999", "promised__unit": "months"}, "promised-number", "longer than a lifetime"),
    ("how_it_went", {"feeling": "9"}, "feeling", "Choose one of the answers"),
    ("how_it_went", {"told_again": "perhaps"}, "told_again", "Choose yes, no"),
    ("own_words", {"hours": "many"}, "hours", "Give a number"),
    ("own_words", {"pounds": "-1"}, "pounds", "Give a number from 0"),
    ("own_words", {"note": "x" * 20_001}, "note", "Shorten this to 20,000"),
]


@pytest.mark.parametrize(("part", "typed", "first", "message"), WRONG, ids=lambda value: str(value)[:24])
def test_each_type_of_question_says_what_is_wrong_above_and_at_the_field(
    telling: Opened, part: str, typed: dict[str, str], first: str, message: str
) -> None:
    browser, key = telling(f"/tell/q/steps/1/{part}", {"steps": [{"service": "Repairs"}]})
    browser.press("Continue", **typed)
    assert browser.page.status_code == 422
    assert "<title>Error: " in browser.text
    assert re.search(f'role="alert" tabindex="-1" autofocus>.*?<a href="#{first}">[^<]*{message}', browser.text, re.S)
    question = first.split("-", maxsplit=1)[0]
    assert re.search(f'id="{question}-error"><span class="unseen">Error: </span>[^<]*{message}', browser.text)
    assert re.search(f'aria-describedby="[^"]*{question}-error"', browser.text)
    assert 'aria-invalid="true"' in browser.text
    assert f'id="{first}"' in browser.text
    kept = saved(key)["steps"][0][question]
    assert next(iter(typed.values())) in (kept.values() if isinstance(kept, dict) else [kept])


def test_a_required_question_may_not_be_passed_by_and_its_error_is_tied(place: intake.Place) -> None:
    body = intake.question_set().model_dump(exclude={"digest"})
    body["question"][0]["required"] = True
    _survey(place, body)
    browser = Browser().open("/tell/s/library").press("Start now").press("Continue")
    assert browser.page.status_code == 422
    assert 'role="radiogroup" aria-invalid="true" aria-describedby="need-hint need-error"' in browser.text
    assert "I would rather not say" not in browser.text


# --- The list of steps ---------------------------------------------------------------------------------------------


def names(key: str) -> list[str]:
    return [step["service"] for step in saved(key)["steps"]]


def test_steps_move_and_what_was_done_is_said(telling: Opened) -> None:
    browser, key = telling("/tell/q/steps", WHOLE)
    browser.press("up-2")
    assert names(key) == ["Discharge team", "The food bank", "Housing advice", "Repairs"]
    assert "Step 3 is now step 2." in browser.text
    browser.press("down-0")
    assert names(key)[:2] == ["The food bank", "Discharge team"]


def test_a_removed_step_can_be_put_back_where_it_was(telling: Opened) -> None:
    browser, key = telling("/tell/q/steps", WHOLE)
    browser.press("remove-1")
    assert names(key) == ["Discharge team", "The food bank", "Repairs"]
    assert "Step 2 was removed." in browser.text
    browser.press("Undo")
    assert saved(key)["steps"] == STEPS
    assert "Step 2 is back." in browser.text


def test_the_second_half_of_a_double_click_does_nothing_and_says_so(telling: Opened) -> None:
    browser, key = telling("/tell/q/steps", WHOLE)
    browser.press("remove-0")
    browser.post(*browser.posted)
    assert names(key) == ["Housing advice", "The food bank", "Repairs"]
    assert "nothing was done" in browser.text
    assert names(key) and browser.press("Undo") and saved(key)["steps"] == STEPS


def test_a_step_page_of_another_order_overwrites_no_step(telling: Opened) -> None:
    browser, key = telling("/tell/q/steps/2/own_words", WHOLE)
    other = Browser().open(f"/tell/continue?draft={key}").press("").open("/tell/q/steps")
    other.press("remove-0")
    browser.press("Continue", note="About housing")
    assert browser.page.status_code == 409
    assert "changed in another window" in browser.text
    assert browser.value("note") == "About housing"
    assert "About housing" not in str(saved(key))
    browser.press("Continue")
    assert saved(key)["steps"][1]["note"] == "About housing"


def test_two_windows_that_add_a_step_add_two_and_one_that_adds_twice_adds_one(telling: Opened) -> None:
    one, key = telling("/tell/q/steps/1/where")
    two = Browser().open(f"/tell/continue?draft={key}").press("").open("/tell/q/steps/1/where")
    one.press("Finish this step", service="Repairs")
    one.post(*one.posted)
    two.press("Finish this step", service="The food bank")
    assert names(key) == ["Repairs", "The food bank"]


# --- Languages -----------------------------------------------------------------------------------------------------


def test_the_language_changes_on_a_page_and_what_was_typed_stays(telling: Opened) -> None:
    browser, key = telling("/tell/q/what_happened")
    browser.press("lang-cy", what_happened="Dim ond y dechrau")
    assert browser.path == "/tell/q/what_happened"
    assert '<html lang="cy" dir="ltr">' in browser.text
    assert browser.value("what_happened") == "Dim ond y dechrau"
    assert intake.open_draft(RESIDENT, key).language == "cy"
    browser.press("lang-ar")
    assert '<html lang="ar" dir="rtl">' in browser.text
    browser.open("/tell/check?lang=cy")
    assert str(browser.page.url).endswith("/tell/check")
    assert '<html lang="cy"' in browser.text
    browser.press("")
    assert [story.language for story in stories()] == ["cy"]


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_first_language_is_the_wished_one_else_the_browsers(place: intake.Place, code: str) -> None:
    tag = LANGUAGES[code].tag
    assert f'<html lang="{tag}"' in Browser().open(f"/tell?lang={code}").text
    browser = Browser(**{"Accept-Language": f"{tag},en;q=0.5"}).open("/tell")
    assert f'<html lang="{tag}"' in browser.text
    browser.press("")
    assert f'<html lang="{tag}"' in browser.text
    for other in LANGUAGES.values():
        assert f'lang="{other.tag}"' in browser.text


def test_a_passage_in_another_language_says_so(place: intake.Place) -> None:
    body = intake.question_set().model_dump(exclude={"digest"})
    body["question"][0]["text"] = {"en": "Only in English?"}
    _survey(place, body)
    browser = Browser().open("/tell/s/library?lang=ar").press("")
    assert '<h1><span lang="en-GB" dir="ltr">Only in English?</span></h1>' in browser.text
    assert "<title>Only in English?" in browser.text


# --- Refusals ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/tell/q/need", "/tell/check", "/tell/sent", "/tell/later", "/tell/q/steps/1/where"])
def test_without_a_journey_each_page_says_so_kindly(place: intake.Place, path: str) -> None:
    browser = Browser().open(path)
    assert browser.page.status_code == 404
    assert "Start a new journey" in browser.text


@pytest.mark.parametrize("path", ["/tell/nonsense", "/tell/q", "/tell/s/none", "/tell/r/x/y", "/tell/q/steps/1"])
def test_an_address_that_leads_nowhere_is_a_kind_page(place: intake.Place, path: str) -> None:
    assert Browser().open(path).page.status_code == 404
    assert Browser().open("/tell/").path == "/tell"
    assert TestClient(Starlette(routes=routes)).get("/tellx").text == "Not Found"  # not ours: whole segments only


@pytest.mark.parametrize("path", ["/tell/q/nonsense", "/tell/q/steps/99/where", "/tell/q/steps/0/nonsense"])
def test_an_address_that_was_tampered_with_leads_somewhere_sensible(telling: Opened, path: str) -> None:
    browser, _ = telling(path, {"steps": STEPS})
    assert browser.page.status_code == 200
    assert browser.path in ("/tell", "/tell/q/steps", "/tell/q/steps/5/where")


@pytest.mark.parametrize("token", ["", "x", "0" * 40])
def test_a_post_without_the_token_saves_nothing_and_shows_what_was_typed(telling: Opened, token: str) -> None:
    browser, key = telling("/tell/q/what_happened")
    browser.press("Continue", what_happened="Precious <words>", token=token)
    assert browser.page.status_code == 403
    assert not saved(key)
    assert browser.value("what_happened") == "Precious <words>"
    assert 'role="alert"' in browser.text
    browser.press("Continue")
    assert saved(key)["what_happened"] == "Precious <words>"


def test_a_token_of_another_visit_is_none(telling: Opened) -> None:
    browser, key = telling("/tell/q/need")
    stranger = Browser().open("/tell").value("token")
    browser.press("Continue", need="money", token=stranger)
    assert browser.page.status_code == 403
    assert not saved(key)


@pytest.mark.parametrize("cookie", [None, "tampered", "eyJpZCI6ImEifQ.AAAA"])
def test_a_cookie_that_was_lost_loses_nothing_that_was_typed(telling: Opened, cookie: str | None) -> None:
    browser, _ = telling("/tell/q/what_happened")
    browser.client.cookies.clear()
    if cookie:
        browser.client.cookies.set(COOKIE, cookie, path="/tell")
    browser.press("Continue", what_happened="Precious")
    assert (browser.page.status_code, browser.value("what_happened")) == (403, "Precious")
    browser.press("Continue")
    assert browser.path == "/tell/q/steps"
    browser.open("/tell/check")
    assert "Precious" in browser.text


@pytest.mark.parametrize("path", ["/tell", "/tell/send", "/tell/q/steps", "/tell/resume", "/tell/continue"])
def test_every_post_asks_for_the_token(telling: Opened, path: str) -> None:
    browser, key = telling("/tell/check", WHOLE)
    other = intake.start_draft(RESIDENT).key
    before = drafts()
    browser.post(path, [("do", "remove-0"), ("draft", other), ("words", "a b c d")])
    assert browser.page.status_code == 403
    assert (drafts(), stories(), len(saved(key)["steps"])) == (before, [], 4)
    assert "Mum came home" in browser.open("/tell/check").text  # still this one's own journey


def test_what_is_too_large_to_be_an_answer_is_refused_before_it_is_read(telling: Opened) -> None:
    browser, key = telling("/tell/q/what_happened")
    browser.press("Continue", what_happened="x" * 1_100_000)
    assert browser.page.status_code == 413
    assert not saved(key)


def test_a_failure_to_save_says_so_keeps_the_words_and_logs_none_of_them(
    telling: Opened, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    browser, _ = telling("/tell/q/what_happened")
    words = "Preci" + "ous"

    def fail(*_args: Any, **_named: Any) -> None:
        raise RuntimeError(f"parameters: {words}")

    monkeypatch.setattr(intake, "save_draft", fail)
    with caplog.at_level(logging.DEBUG, "throughline"):
        browser.press("Continue", what_happened="Precious")
    assert browser.page.status_code == 503
    assert "could not be saved just now" in browser.text
    assert browser.value("what_happened") == "Precious"
    monkeypatch.setattr(intake, "open_draft", fail)
    with caplog.at_level(logging.DEBUG, "throughline"):
        assert browser.open("/tell/check").page.status_code == 500
    assert "safe" in browser.text
    assert "Precious" not in caplog.text + browser.text


def test_writing_on_after_sending_gives_the_words_back(telling: Opened) -> None:
    browser, key = telling("/tell/q/what_happened", WHOLE)
    intake.submit(RESIDENT, key)
    browser.press("Continue", what_happened="Something more that I wanted to say about that Friday, at length.")
    assert browser.page.status_code == 409
    assert "sent already" in browser.text
    assert "about that Friday, at length" in browser.text


# --- Twice is once -------------------------------------------------------------------------------------------------


def test_start_pressed_twice_opens_one_draft(place: intake.Place) -> None:
    browser = Browser().open("/tell").press("Start now")
    assert browser.path == "/tell/q/need"
    browser.open("/tell").press("Start")
    assert (browser.path, drafts()) == ("/tell/q/need", 1)


def test_sent_at_once_from_many_windows_it_is_one_story(telling: Opened) -> None:
    browser, _ = telling("/tell/check", WHOLE)
    token, cookie = browser.value("token"), browser.client.cookies[COOKIE]

    def send(_number: int) -> str:
        window = Browser()
        window.client.cookies.set(COOKIE, cookie, path="/tell")
        return window.post("/tell/send", [("token", token)]).text

    with ThreadPoolExecutor(6) as pool:
        pages = list(pool.map(send, range(6)))
    (story,) = stories()
    assert all(story.reference in page for page in pages)


# --- Coming back ---------------------------------------------------------------------------------------------------


def test_four_words_open_a_journey_in_another_browser_where_it_was_left(telling: Opened) -> None:
    browser, key = telling("/tell/q/what_good", {"need": "money"}, language="cy")
    browser.press("later", what_good="Y nyrs")
    words = re.findall(r"<li>([a-z]+)</li>", browser.text)
    assert len(words) == 4
    link = "/tell/r/" + "-".join(words)
    assert f">http://testserver{link}</a>" in browser.text
    elsewhere = Browser().open("/tell/resume").press("Continue", words=" ".join(words).upper())
    assert elsewhere.path == "/tell/q/what_good"
    assert elsewhere.value("what_good") == "Y nyrs"
    assert '<html lang="cy"' in elsewhere.text
    followed = Browser()
    for _ in range(12):  # programs that look at links do not use them up
        assert followed.open(link).page.status_code == 200
    assert not followed.client.get("/tell/q/need").is_success
    assert followed.open(link).press("Continue").path == "/tell/q/what_good"
    assert key not in followed.text + elsewhere.text + browser.text


def test_wrong_words_are_refused_and_only_ten_times(place: intake.Place) -> None:
    browser = Browser().open("/tell/resume")
    assert browser.press("Continue").page.status_code == 422
    for _ in range(10):
        browser.press("Continue", words="one two three four")
        assert browser.page.status_code == 422
        assert "open nothing" in browser.text
        assert browser.value("words") == "one two three four"
    assert browser.press("Continue").page.status_code == 429
    assert "Wait" in browser.text
    linked = Browser().open("/tell/r/one-two-three-four")
    assert linked.press("Continue").page.status_code == 429


def test_sent_journeys_have_no_words(telling: Opened) -> None:
    browser, _ = telling("/tell/later", WHOLE)
    words = "-".join(re.findall(r"<li>([a-z]+)</li>", browser.text))
    browser.open("/tell/check").press("Send")
    assert Browser().open(f"/tell/r/{words}").press("Continue").page.status_code == 404


def test_coming_from_the_other_page_asks_first_and_going_there_takes_the_page_along(telling: Opened) -> None:
    browser, key = telling("/tell/q/what_happened", {"need": "money"})
    other = Browser().open("/tell")
    other.open(f"/tell/continue?draft={key}")
    assert "Go on only if you began it" in other.text
    assert not other.client.get("/tell/q/need").is_success
    other.open(f"/tell/continue?draft={key}&page=need").press("Continue")
    assert (other.path, other.value("need")) == ("/tell/q/need", "money")
    assert other.open(f"/tell/continue?draft={key}&page=check").path == "/tell/check"
    assert Browser().open("/tell/continue?draft=guessed").page.status_code == 404
    browser.client.follow_redirects = False
    browser.press("pictures", what_happened="Text")
    there = browser.client.get(browser.page.headers["location"]).headers["location"]
    assert there == f"/share?draft={key}&page=what_happened"


def test_typing_is_saved_without_leaving_the_page(telling: Opened) -> None:
    browser, key = telling("/tell/q/steps/1/own_words")
    fields = [*Forms(browser.text).fields, ("autosave", "1")]
    for text in ("Nobo", "Nobody rang"):
        browser.post("/tell/q/steps/1/own_words", [(n, v) for n, v in fields if n != "note"] + [("note", text)])
        assert (browser.page.status_code, browser.text) == (204, "")
    assert [step["note"] for step in saved(key)["steps"]] == ["Nobody rang"]


# --- Leaving, and the shared screen --------------------------------------------------------------------------------


def test_leaving_forgets_the_visit_and_leads_away(telling: Opened) -> None:
    browser, key = telling("/tell/q/what_happened", WHOLE)
    browser.client.follow_redirects = False
    left = browser.client.get("/tell/leave")
    assert (left.status_code, left.headers["location"]) == (303, settings().exit_url)
    assert left.headers["referrer-policy"] == "no-referrer"
    assert f'{COOKIE}=""' in left.headers["set-cookie"]
    assert browser.client.get("/tell/check").status_code == 404
    assert saved(key)["steps"] == STEPS  # the journey itself waits for its words


def test_every_page_can_be_left(telling: Opened) -> None:
    browser, _ = telling("/tell/q/what_happened", WHOLE)
    for path in (
        "/tell",
        "/tell/q/need",
        "/tell/q/steps",
        "/tell/q/steps/1/own_words",
        "/tell/check",
        "/tell/nonsense",
    ):
        assert '<a id="leave" href="/tell/leave" rel="noreferrer"' in browser.open(path).text


def test_a_kiosk_forgets_after_use_and_when_nobody_does_anything(place: intake.Place) -> None:
    browser = Browser().open("/tell/kiosk")
    assert (browser.path, 'class="kiosk"' in browser.text) == ("/tell", True)
    assert "refresh" not in browser.page.headers
    browser.press("Start now").press("Continue", need="money").press("Continue", what_happened="Secret")
    assert browser.page.headers["refresh"] == f"{KIOSK_SECONDS}; url=/tell/kiosk/reset"
    assert "Stop and come back later" not in browser.text
    assert browser.open("/tell/later").page.status_code == 404
    assert "refresh" in browser.open("/tell").page.headers  # somebody's journey is still open behind it
    browser.open("/tell/check").press("Send")
    assert "Finish and clear this screen" in browser.text
    assert "refresh" in browser.page.headers
    browser.open("/tell/kiosk/reset")
    assert (browser.path, 'class="kiosk"' in browser.text) == ("/tell", True)
    assert browser.open("/tell/sent").page.status_code == 404
    browser.client.follow_redirects = False
    assert browser.client.get("/tell/leave").headers["location"] == "/tell"


# --- Surveys and campaigns -----------------------------------------------------------------------------------------


def _survey(place: intake.Place, body: dict[str, Any] | None = None, **more: Any) -> None:
    """A published survey at /tell/s/library, with the usual questions or with a body of its own."""
    at = datetime.now(UTC)
    with write_session() as opened:
        row = asking.used(opened, intake.question_set())
        if body:
            told = json.dumps({**body, "code": "library"})
            row = QuestionSetRow(code="library", version=1, digest="0" * 64, first_used_at=at, body=told)
            opened.add(row)
            opened.flush()
        survey = SurveyRow(place_id=place.id, code="library", title="Library", working={}, question_set_id=row.id)
        survey.created_by, survey.created_at, survey.updated_at = "test", at, at
        for name, value in more.items():
            setattr(survey, name, value)
        opened.add(survey)


def test_a_campaign_and_a_survey_are_kept_with_the_story(place: intake.Place) -> None:
    _survey(place)
    browser = Browser().open("/tell/s/library?from=poster-7").press("Start now")
    browser.press("Continue").press("Continue", what_happened="Text")
    browser.open("/tell/check").press("Send")
    (story,) = stories()
    assert story.campaign == "poster-7"
    assert story.survey_id is not None


def test_a_survey_that_is_not_open_says_when(place: intake.Place) -> None:
    tomorrow = datetime.now(UTC).date() + timedelta(days=1)
    _survey(place, opens_on=tomorrow, closes_on=date(2199, 12, 31))
    browser = Browser().open("/tell/s/library")
    assert "not open today" in browser.text
    assert "31 December 2199" in browser.text
    assert "Start now" not in browser.text


# --- Headers and weight --------------------------------------------------------------------------------------------

PATHS = [
    "/tell", "/tell/privacy", "/tell/q/need", "/tell/q/what_happened", "/tell/q/steps", "/tell/q/steps/1/where",
    "/tell/q/steps/1/wait", "/tell/q/steps/1/how_it_went", "/tell/q/steps/1/own_words", "/tell/q/consent",
    "/tell/check", "/tell/later", "/tell/resume", "/tell/nonsense", "/tell/leave", "/tell/pictures", "/tell/continue",
    "/tell/sent",
    "/tell/kiosk", "/tell/kiosk/reset", "/tell/r/a-b-c-d",
]  # fmt: skip


def test_every_route_has_strict_headers_and_every_inline_thing_its_hash(telling: Opened) -> None:
    browser, _ = telling("/tell", WHOLE)
    browser.client.follow_redirects = False
    for path in PATHS:
        answer = browser.client.get(path)
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; style-src 'sha256-")
        assert "unsafe" not in policy
        assert (answer.headers["cache-control"], answer.headers["x-content-type-options"]) == ("no-store", "nosniff")
        for tag in ("style", "script"):
            for inline in re.findall(f"<{tag}>(.*?)</{tag}>", answer.text, re.S):
                assert f"'sha256-{b64encode(hashlib.sha256(inline.encode()).digest()).decode()}'" in policy, path
        assert not re.search(r"<[^>]+\s(style|on\w+)=", answer.text), path
        if "set-cookie" in answer.headers:
            assert all(flag in answer.headers["set-cookie"] for flag in ("HttpOnly", "SameSite=lax", "Path=/tell"))


def test_the_cookie_is_secure_where_the_page_is(place: intake.Place) -> None:
    client = TestClient(Starlette(routes=routes), base_url="https://testserver")
    assert "Secure" in client.get("/tell").headers["set-cookie"]
    assert "Secure" not in TestClient(Starlette(routes=routes)).get("/tell").headers["set-cookie"]


def test_the_script_may_be_kept_for_ever(place: intake.Place) -> None:
    answer = Browser().open(SCRIPT_PATH).page
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["content-type"].startswith("text/javascript")


def over_the_wire(browser: Browser, path: str) -> tuple[int, int]:
    """Bytes of headers and packed body, and of the body unpacked."""
    with browser.client.stream("GET", path, headers={"Accept-Encoding": "gzip"}) as answer:
        body = b"".join(answer.iter_raw())
        assert answer.headers["content-encoding"] == "gzip"
        headers = sum(len(name) + len(value) + 4 for name, value in answer.headers.raw)
    return len(body) + headers, len(gzip.decompress(body))


def test_the_first_page_is_one_request_of_at_most_10_kb_and_later_ones_8(
    telling: Opened, capsys: pytest.CaptureFixture[str]
) -> None:
    weights: dict[str, tuple[int, int]] = {}
    arabic = "قالوا إن الاستمارة لم تصل إليهم، فملأناها مرة أخرى عند الشباك. انتظرنا ثلاثة أسابيع ولم يتصل بنا أحد."
    steps = [{**step, "note": f"{arabic} {number}"} for number, step in enumerate(STEPS)]
    for code in LANGUAGES:
        browser, _ = telling("/tell", {**WHOLE, "steps": steps, "what_happened": arabic * 3}, language=code)
        for path in PATHS:
            answer = browser.client.get(path)
            if answer.status_code == 200 and answer.url.path == path and "kiosk" not in path:
                weights[f"{code} {path}"] = over_the_wire(browser, path)
    first = Browser().open("/tell").text
    assert not re.findall(r'(?:src=|<link rel="stylesheet)', first)
    with capsys.disabled():
        for path, (wire, raw) in sorted(weights.items(), key=lambda item: -item[1][0])[:6]:
            print(f"  {path}: {wire} bytes over the wire, {raw} unpacked")
    assert max(wire for path, (wire, _) in weights.items() if path.endswith(" /tell")) <= 10_000
    assert max(wire for path, (wire, _) in weights.items() if not path.endswith(" /tell")) <= 8_000
    assert len(weights) >= 5 * 14


def test_long_lists_of_names_do_not_weigh_on_the_page(place: intake.Place) -> None:
    many = intake.add_place(
        SYSTEM, "Large", organisations=[("Council", "council")],
        services=[intake.NewService(f"s{n}", f"Service number {n}", "Council") for n in range(400)],
    )  # fmt: skip
    browser = Browser().open(f"/tell?place={many.code}").press("Start now").open("/tell/q/steps/1/where")
    assert over_the_wire(browser, "/tell/q/steps/1/where")[0] <= 8_000
    assert 'data-names="/tell/names/service"' in browser.text
    assert len(browser.client.get("/tell/names/service").json()) == 400
    assert browser.client.get("/tell/names/feeling").status_code == 404
    browser.press("Finish this step", service="service NUMBER 399")
    assert "Service number 399" in browser.text


@pytest.fixture(autouse=True)
def secret(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("INSIGHT_SECRET_KEY", "a secret of these tests")
    yield


def test_the_notes_of_the_form_stay_out_of_stories() -> None:
    assert all(name.startswith("_") for name in (keeping.ORDER, keeping.ADDED, keeping.REMOVED, keeping.AT))
