"""A designer makes a survey in a real browser, a resident answers it, and the results show it above the threshold."""

import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.conftest import ROOT

pytestmark = pytest.mark.browser
CODE = "snow-in-testham"
MORE = f"""
from insight import intake
from insight.access import RESIDENT
for number in range(5):
    key = intake.start_draft(RESIDENT, survey="{CODE}").key
    answers = {{"what_happened": "Snow", "consent": ["analyse"], "x_did_the_bus_run": "no"}}
    intake.save_draft(RESIDENT, key, answers, "consent")
    intake.submit(RESIDENT, key)
"""


def link(tab: Any, name: str, wait_for: str) -> Any:
    """Follow a link within the page."""
    runs = tab.runs()
    tab.page.get_by_role("link", name=name, exact=True).first.click()
    tab.run_after(runs).page.get_by_text(wait_for).first.wait_for()
    return tab


def make(tab: Any) -> None:
    """A survey without two of our questions, with one of its own, in English and Welsh."""
    tab.visit("/surveys").write("Title, as people will read it, in English", "Snow in Testham")
    tab.press("Make the survey", "Snow in Testham")
    tab.press("Leave out: What was good?").press("Leave out: What would have made it better?")
    assert tab.focus_reaches("saved"), tab.focused
    tab.write("One of your own, in English", "Did the bus run?")
    tab.page.get_by_text("Yes or no", exact=True).last.click()
    tab.press("Add your question")
    tab.page.get_by_role("heading", name="Did the bus run? Added").wait_for()
    link(tab, "Languages", "English is always offered")
    for language in ("Polish", "Urdu", "Arabic"):
        tab.page.get_by_text(language).click()
    tab.press("Save the languages")
    tab.page.locator("#saved").wait_for()


def write_welsh(tab: Any) -> None:
    """What is missing is found from the list of it; one wording that was there is changed."""
    link(tab, "Publish", "What is missing")
    link(tab, "Title, welcome and thanks", "texts are missing").write("Title in Welsh", "Eira")
    tab.press("Save the Welsh words").page.get_by_text("1 text is missing in Welsh").wait_for()
    tab.visit(f"/surveys?survey={CODE}&tab=words&language=cy&part=x_did_the_bus_run")
    tab.write("Question in Welsh", "A oedd y bws yn rhedeg?").press("Save the Welsh words")
    tab.page.get_by_text("All words are there").wait_for()
    tab.visit(f"/surveys?survey={CODE}&tab=words&language=cy&part=need")
    tab.write("Question in Welsh", "Beth oedd ei angen?").press("Save the Welsh words")
    tab.page.locator("#saved").wait_for()


def answer(tab: Any) -> None:
    """A resident answers in English what is asked in Welsh too."""
    tab.visit(f"/share?survey={CODE}").on("Snow in Testham").press("Start now", "What did you need help with?")
    tab.press("Continue", "What happened?").write("What happened?", "The bus did not come.")
    tab.press("Continue", "The steps of your journey").press("Continue without steps", "Did you get what you needed?")
    tab.press("Continue", "Who are you in this story?").press("Continue", "Did the bus run?")
    tab.pick("Did the bus run?", "No").press("Continue", "What may we do with your story?")
    tab.page.get_by_text("Use my story").click()
    tab.press("Continue", "Check your answers").press("Send", "Thank you")


def test_a_survey_is_made_answered_and_counted(site: Any, tab_as: Callable[..., Any]) -> None:
    tab = tab_as("designer")
    make(tab)
    write_welsh(tab)
    link(tab, "Publish", "Nothing is missing").press("Publish")
    tab.page.get_by_text("Version 1 is published").wait_for()
    resident = tab_as("resident")
    resident.visit(f"/share?survey={CODE}&lang=cy").on("Eira")
    answer(tab_as("resident"))
    told = site.rows(f"select answers from story join survey on survey.id = survey_id where survey.code = '{CODE}'")
    assert len(told) == 1 and '"x_did_the_bus_run":"no"' in told[0][0]
    link(tab, "Results", "fewer than 5 people have answered".capitalize())
    assert not tab.page.get_by_role("table").count(), "one answer shows nothing"
    environment = os.environ | {"INSIGHT_DATABASE_URL": f"sqlite:///{site.database.as_posix()}"}
    subprocess.run([sys.executable, "-c", MORE], cwd=ROOT, env=environment, check=True, capture_output=True)
    tab.page.reload()
    tab.on("Snow in Testham").page.get_by_role("row", name="Answers so far 6").wait_for()
    tab.page.get_by_role("heading", name="Did the bus run?").wait_for()
    assert tab.page.get_by_text("The bus did not come").count() == 0
