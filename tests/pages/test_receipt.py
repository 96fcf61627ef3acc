"""The receipt in the form, as a browser without JavaScript uses it, and the staff page where replies are written."""

import json
import re
import time
from collections.abc import Iterator

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest

from insight import intake, receipts
from insight.access import RESIDENT, SYSTEM
from insight.language import LANGUAGES
from insight.settings import settings
from pages.form import receipt
from pages.form.receipt import receipt_routes
from pages.form.routes import routes

TOLD = "I <i>waited</i> & nobody came."
ANSWERS = {
    "need": "housing",
    "what_happened": TOLD,
    "steps": [{"service": "Housing advice", "note": "They were kind."}],
    "consent": ["analyse", "quote"],
}


@pytest.fixture(autouse=True)
def quick(sqlite: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("INSIGHT_SECRET_KEY", "a secret of these tests")
    settings.cache_clear()
    monkeypatch.setattr(receipt, "DEADLINE", 0.0)
    intake.add_place(SYSTEM, "Testham")
    yield


class Browser:
    """A browser without JavaScript."""

    def __init__(self, language: str = "en") -> None:
        app = Starlette(routes=[*receipt_routes, *routes])
        self.client = TestClient(app, headers={"Accept-Language": language}, follow_redirects=True)

    def open(self, path: str) -> "Browser":
        self.page = self.client.get(path)
        return self

    def post(self, path: str, **fields: str) -> "Browser":
        token = re.search(r'name="token" value="([^"]+)"', self.page.text)
        self.page = self.client.post(path, data={"token": token[1] if token else ""} | fields)
        return self

    def enter(self, reference: str) -> "Browser":
        return self.open("/tell/receipt").post("/tell/receipt", reference=reference)

    @property
    def path(self) -> str:
        return self.page.url.path


def tell() -> str:
    key = intake.start_draft(RESIDENT).key
    intake.save_draft(RESIDENT, key, ANSWERS)
    return intake.submit(RESIDENT, key).reference


@pytest.fixture
def reference() -> str:
    return tell()


def test_a_reference_opens_what_is_held_and_never_stands_in_an_address(reference: str) -> None:
    browser = Browser().enter(reference.lower().replace("-", " "))
    assert browser.path == "/tell/receipt/held"
    assert "I &lt;i&gt;waited&lt;/i&gt; &amp; nobody came." in browser.page.text
    assert reference in browser.page.text
    visited = [str(answer.url) for answer in (*browser.page.history, browser.page)]
    assert not [address for address in visited if reference[:3] in address]
    assert browser.page.headers["Cache-Control"] == "no-store"
    assert Browser().open("/tell/receipt/held").path == "/tell/receipt"
    browser.post("/tell/receipt/close")
    assert browser.open("/tell/receipt/held").path == "/tell/receipt"


def test_a_browser_forgets_the_reference_after_half_an_hour(reference: str, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = Browser().enter(reference)
    later = time.time() + receipt.MINUTES * 60 + 1
    monkeypatch.setattr("pages.form.receipt.time.time", lambda: later)
    assert browser.open("/tell/receipt/held").path == "/tell/receipt"


def test_wrong_references_get_the_same_answer_in_the_same_time_and_then_none(
    reference: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    receipts.erase(RESIDENT, erased := tell())
    monkeypatch.setattr(receipt, "DEADLINE", 0.15)
    pages, took = [], []
    for typed in ("nonsense", "BCD-F34-GHJK", erased, reference):
        browser = Browser().open("/tell/receipt")
        started = time.perf_counter()
        browser.post("/tell/receipt", reference=typed)
        took.append(time.perf_counter() - started)
        pages.append((browser.page.status_code, re.sub(r'value="[^"]*"', "", browser.page.text)))
    assert pages[0] == pages[1] == pages[2]
    assert pages[0][0] == 422
    assert 'aria-invalid="true"' in pages[0][1]
    assert "<title>Error: " in pages[0][1]
    assert pages[3][0] == 200
    assert min(took) >= 0.15
    monkeypatch.setattr(receipt, "DEADLINE", 0.0)
    browser = Browser()
    codes = [browser.enter("nonsense").page.status_code for _turn in range(9)]
    assert (codes[0], codes[-1]) == (422, 429)
    assert browser.enter(reference).page.status_code == 429


def test_each_thing_can_be_done_with_one_button(reference: str) -> None:
    browser = Browser().enter(reference)
    browser.post("/tell/receipt/allow", scope="quote", given="no")
    assert "Nothing from your story will be quoted any more." in browser.page.text
    browser.post("/tell/receipt/allow", scope="analyse", given="no").post(
        "/tell/receipt/allow", scope="all", given="no"
    )
    browser.post("/tell/receipt/reply", wanted="yes")
    held = receipts.held(RESIDENT, reference)
    assert {consent.scope: consent.given for consent in held.consents} == {
        "analyse": False,
        "quote": False,
        "contact": True,
    }
    told = json.loads(browser.open("/tell/receipt/my-journey.json").page.content)
    assert told["answers"][1]["value"] == TOLD
    file = browser.open("/tell/receipt/my-journey.html").page
    assert file.headers["Content-Disposition"] == 'attachment; filename="my-journey.html"'
    browser.open("/tell/receipt/held").post("/tell/receipt/change")
    assert browser.path == "/tell/check"
    assert "waited" in browser.page.text


def test_a_button_without_the_token_does_nothing(reference: str) -> None:
    browser = Browser().enter(reference)
    stranger = browser.client.post("/tell/receipt/erase", data={"token": "made up"})
    assert stranger.status_code == 403
    assert receipts.held(RESIDENT, reference).version == 1


def test_erasing_says_what_goes_then_shows_a_proof_that_names_nobody(reference: str) -> None:
    browser = Browser().enter(reference).open("/tell/receipt/erase")
    assert "This cannot be undone" in browser.page.text
    browser.post("/tell/receipt/erase")
    assert browser.path.startswith("/tell/receipt/erased/")
    assert reference not in browser.page.text
    assert Browser().open(browser.path).page.status_code == 200
    assert browser.open("/tell/receipt/held").path == "/tell/receipt"
    assert browser.enter(reference).page.status_code == 422


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_speaks_every_language(reference: str, language: str) -> None:
    browser = Browser(language).enter(reference)
    receipts.ask_for_reply(RESIDENT, reference)
    for path in ("/tell/receipt/held", "/tell/receipt/erase", "/tell/receipt"):
        page = browser.open(path).page
        assert page.status_code == 200
        assert f'lang="{LANGUAGES[language].tag}" dir="{LANGUAGES[language].direction}"' in page.text
    other = "ar" if language != "ar" else "en"
    assert f'lang="{LANGUAGES[other].tag}"' in browser.open(f"/tell/receipt/held?lang={other}").page.text
    assert browser.path == "/tell/receipt/held"


def replies() -> None:
    from insight.access import Actor, Role
    from pages.replies import render

    render(Actor(Role.DESIGNER, "designer one"))


def test_staff_write_a_reply_that_the_teller_then_reads(reference: str) -> None:
    receipts.ask_for_reply(RESIDENT, reference)
    at = AppTest.from_function(replies).run()
    shown = " ".join(str(part.proto.body) for part in at.get("html"))
    assert "I &lt;i&gt;waited&lt;/i&gt; &amp; nobody came." in shown
    assert reference not in shown
    at.button[0].click().run()
    assert "Write the reply before you send it." in " ".join(str(part.proto.body) for part in at.get("html"))
    at.text_area[0].set_value("We asked the landlord.")
    at.button[0].click().run()
    assert not at.exception
    assert "Nobody waits for a reply." in " ".join(str(part.proto.body) for part in at.get("html"))
    assert "We asked the landlord." in Browser().enter(reference).page.text
