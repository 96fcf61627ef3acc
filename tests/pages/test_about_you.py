"""Questions about the teller in both front ends: optional, one at a time, kept apart, and never shown again."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest

from insight import equality, intake
from insight.access import RESIDENT, SYSTEM
from insight.database import session
from insight.equality.tables import EqualityRow
from insight.intake.questions import Choice
from insight.language import LANGUAGES
from insight.settings import settings
from pages.form.about_you import about_you_routes
from pages.form.routes import routes
from pages.form.visit import COOKIE, read_visit

ASKED = [one for one in equality.equality_questions(RESIDENT).question if isinstance(one, Choice)]


@pytest.fixture(autouse=True)
def place(sqlite: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("INSIGHT_SECRET_KEY", "a secret of these tests")
    settings.cache_clear()
    intake.add_place(SYSTEM, "Testham")
    yield


class Browser:
    """A browser without JavaScript that has begun a journey, and sent it unless told otherwise."""

    def __init__(self, sent: bool = True) -> None:
        app = Starlette(routes=[*about_you_routes, *routes])
        self.client = TestClient(app, headers={"Accept-Language": "en"}, follow_redirects=True)
        self.open("/tell").post("/tell", go="start")
        visit = read_visit(self.client.cookies.get(COOKIE))
        assert visit is not None and visit.draft
        intake.save_draft(RESIDENT, visit.draft, {"what_happened": "I waited.", "consent": ["analyse"]})
        if sent:
            intake.submit(RESIDENT, visit.draft)

    def open(self, path: str) -> "Browser":
        self.page = self.client.get(path)
        return self

    def post(self, path: str, **fields: str) -> "Browser":
        token = re.search(r'name="token" value="([^"]+)"', self.page.text)
        self.page = self.client.post(path, data={"token": token[1] if token else "", "go": "on"} | fields)
        return self

    @property
    def path(self) -> str:
        return self.page.url.path


def kept() -> list[dict[str, Any]]:
    with session() as opened:
        return [row.answers for row in opened.query(EqualityRow)]


def test_the_receipt_leads_through_every_question_and_back(sqlite: str) -> None:
    browser = Browser().open("/tell/sent")
    assert 'href="/tell/about-you"' in browser.page.text
    browser.open("/tell/about-you")
    assert "You do not have to answer any of them" in browser.page.text
    browser.open("/tell/about-you/" + ASKED[0].id)
    for question in ASKED:
        assert browser.path == f"/tell/about-you/{question.id}"
        radios = re.findall(r'type="radio" name="(\w+)" id="[\w-]+" value="(\w*)"', browser.page.text)
        assert radios == [(question.id, option.code) for option in question.options]
        assert radios[-1][1] == "skip", "prefer not to say comes last, and nothing stands after it"
        browser.post(browser.path, **{question.id: question.options[0].code} if question.id != "religion" else {})
    assert browser.path == "/tell/sent"
    assert kept() == [{question.id: question.options[0].code for question in ASKED if question.id != "religion"}]


def test_no_answer_is_shown_again_and_skipping_all_keeps_nothing(sqlite: str) -> None:
    browser = Browser().open("/tell/about-you/sex")
    browser.post("/tell/about-you/sex")
    assert kept() == []
    browser.post("/tell/about-you/sex", sex="female")
    assert kept() == [{"sex": "female"}]
    assert " checked" not in browser.open("/tell/about-you/sex").page.text


def test_another_language_keeps_the_choice_on_the_page(sqlite: str) -> None:
    browser = Browser().open("/tell/about-you/sex").post("/tell/about-you/sex", sex="male", go="lang-cy")
    assert 'lang="cy"' in browser.page.text
    assert re.search(r'value="male" checked', browser.page.text)
    assert kept() == [{"sex": "male"}]


def test_every_page_stands_in_every_language(sqlite: str) -> None:
    browser = Browser()
    for language in LANGUAGES.values():
        for path in ("/tell/about-you", *(f"/tell/about-you/{question.id}" for question in ASKED)):
            page = browser.open(f"{path}?lang={language.code}").page
            assert page.status_code == 200 and f'<html lang="{language.tag}" dir="{language.direction}"' in page.text
            assert len(re.findall("<h1", page.text)) == 1


def test_what_cannot_be_is_refused_kindly(sqlite: str) -> None:
    browser = Browser().open("/tell/about-you/sex")
    assert browser.post("/tell/about-you/sex", sex="<b>").page.status_code == 409
    browser.open("/tell/about-you/sex").page = browser.client.post("/tell/about-you/sex", data={"sex": "male"})
    assert browser.page.status_code == 403 and re.search(r'value="male" checked', browser.page.text)
    assert browser.open("/tell/about-you/name").page.status_code == 404
    assert kept() == []
    assert Browser(sent=False).open("/tell/about-you/sex").path == "/tell/check"
    stranger = TestClient(Starlette(routes=about_you_routes))
    assert stranger.get("/tell/about-you").status_code == 404


def script() -> None:
    import streamlit as st

    from insight import intake
    from insight.access import RESIDENT
    from pages.kit.a11y import Page
    from pages.sharing import about_you

    page, draft = Page(), intake.open_draft(RESIDENT, st.query_params["draft"])
    if st.query_params.get("page") == about_you.PAGE:
        about_you.questions(RESIDENT, draft, page)
    else:
        about_you.link(draft)
    page.finish("test")


@pytest.fixture
def at() -> AppTest:
    key = intake.start_draft(RESIDENT).key
    intake.save_draft(RESIDENT, key, {"what_happened": "I waited.", "consent": ["analyse"]})
    intake.submit(RESIDENT, key)
    screen = AppTest.from_function(script, default_timeout=10)
    screen.query_params["draft"] = key
    return screen.run()


def words_of(at: AppTest) -> str:
    return "\n".join(element.proto.body for element in at.get("html"))


def open_questions(at: AppTest) -> AppTest:
    at.query_params["page"] = "about-you"
    at.run()
    assert not at.exception, at.exception
    return at


def test_the_streamlit_page_keeps_the_same_answers_and_shows_none_again(at: AppTest) -> None:
    assert "page=about-you" in words_of(at)
    open_questions(at)
    assert [radio.label for radio in at.radio] == [question.text["en"] for question in ASKED]
    assert all(radio.options[-1] == "Prefer not to say" for radio in at.radio)
    at.radio(key="about-you-sex").set_value("female")
    at.button(key="share-about-save").click().run()
    assert kept() == [{"sex": "female"}]
    assert "kept apart from your story" in words_of(at) and "page" not in at.query_params
    assert [radio.value for radio in open_questions(at).radio] == [None] * len(ASKED)


def test_the_streamlit_page_can_be_skipped(at: AppTest) -> None:
    open_questions(at).radio(key="about-you-sex").set_value("female")
    at.button(key="share-about-skip").click().run()
    assert kept() == [] and "page=about-you" in words_of(at)


def test_the_streamlit_page_says_what_failed(at: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    open_questions(at).radio(key="about-you-sex").set_value("female")
    monkeypatch.setattr(equality, "keep", lambda *_: 1 / 0)
    at.button(key="share-about-save").click().run()
    assert 'role="alert"' in words_of(at)
    assert at.radio(key="about-you-sex").value == "female"


def heard_script() -> None:
    from insight.access import Actor, Role
    from pages.heard import render

    render(Actor(Role.DESIGNER, "designer one"))


def test_who_we_heard_is_drawn_with_small_numbers_hidden(sqlite: str) -> None:
    assert "Counts appear once 5 have" in words_of(AppTest.from_function(heard_script).run())
    for number in range(20):
        key = intake.start_draft(RESIDENT).key
        intake.save_draft(RESIDENT, key, {"what_happened": "I waited."})
        intake.submit(RESIDENT, key)
        equality.keep(RESIDENT, key, {"sex": "female" if number > 2 else "male"})
    at = AppTest.from_function(heard_script, default_timeout=10).run()
    assert not at.exception
    html = words_of(at)
    assert "20 tellers of 20" in html
    assert "17 (85%)" in html and "3 (" not in html
    assert "Who we did not hear" in html and "Hidden" in html
