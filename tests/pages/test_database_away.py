"""The public form while the database is away: people are told to try again, and have what they typed."""

import pytest

from insight import intake
from insight.access import SYSTEM
from insight.database import retrying
from tests.conftest import use_database
from tests.pages.test_form import Browser

WORDS = "I waited three weeks for a call, and then I found out that they had lost the letter that I had brought."


def test_what_was_typed_is_given_back_and_sent_again(sqlite: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retrying, "FIRST_PAUSE", 0)
    intake.add_place(SYSTEM, "Testham")
    browser = Browser().open("/tell").press("Start")
    browser.open("/tell/q/what_happened")
    use_database(monkeypatch, "postgresql+psycopg://nobody@127.0.0.1:1/away")
    browser.press("Continue", what_happened=WORDS)
    assert browser.page.status_code == 503
    assert int(browser.page.headers["Retry-After"]) > 0
    assert (browser.heading, WORDS in browser.text) == ("We are busy just now", True)
    assert Browser().open("/tell").page.status_code == 503
    use_database(monkeypatch, sqlite)
    browser.post(*browser.posted)
    assert browser.page.status_code == 200
    assert browser.open("/tell/q/what_happened").value("what_happened") == WORDS
