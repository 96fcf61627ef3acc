"""Signing in, in a real browser: a local account with a code, the place's own provider, and sessions that end."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.browser.account_states import code_of, sign_in
from tests.browser.conftest import Site, Tab

pytestmark = pytest.mark.browser


@pytest.fixture
def browser(chromium: Any, staffed_site: Site) -> Iterator[Callable[[], Tab]]:
    """Opens tabs; all of one test are in one browser profile."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    context.set_default_timeout(10_000)
    yield lambda: Tab(context.new_page(), staffed_site.url)
    context.close()


def test_a_password_and_a_code_lead_back_to_the_whole_address(staffed_site: Site, browser: Callable[[], Tab]) -> None:
    tab = browser().visit("/journeys?view=Waits").on("Journeys: not for this role")
    tab.page.get_by_role("link", name="Sign in", exact=True).click()
    sign_in(tab, "alex@testham.example")
    tab.page.get_by_role("heading", name="Enter your code").wait_for()
    tab.page.goto(staffed_site.url + "/journeys")
    assert "not for this role" in tab.on("Journeys").page.inner_text("h1"), "a right password alone lets nobody in"
    tab.page.goto(staffed_site.url + "/sign-in/code")
    tab.page.get_by_label("The code that your").fill(code_of(staffed_site.drafts["secret"]))
    tab.page.get_by_role("button", name="Continue").click()
    tab.page.wait_for_url("**/journeys?view=Waits")
    assert "not for this role" not in tab.idle().page.inner_text("h1")
    tab.page.get_by_text("Signed in as alex@testham.example, administrator").wait_for()
    held = {cookie["name"]: cookie for cookie in tab.page.context.cookies()}["throughline_session"]
    assert (held["httpOnly"], held["sameSite"], held["path"]) == (True, "Lax", "/")
    assert held["value"] not in str(staffed_site.rows("SELECT * FROM account_session"))


def test_signing_out_everywhere_shows_at_the_next_click_in_another_tab(browser: Callable[[], Tab]) -> None:
    tab = browser()
    tab.page.goto(tab.url + "/sign-in?next=%2Fcodebook")
    sign_in(tab, "dana@testham.example")
    tab.page.wait_for_url("**/codebook")
    assert "not for this role" not in tab.on("Codebook").page.inner_text("h1")
    other = browser()
    other.page.goto(tab.url + "/account")
    other.page.get_by_role("button", name="Sign out everywhere").click()
    other.page.get_by_role("heading", name="You are signed out").wait_for()
    tab.go("/runs").on("Analyses: not for this role")
    assert "dana" not in tab.page.inner_text("body")
    assert tab.page.get_by_role("link", name="Sign in", exact=True).get_attribute("href").startswith("/sign-in?next=")


def through_provider(tab: Tab, sub: str) -> None:
    """Sign in at the provider as one of the people it knows."""
    tab.page.get_by_role("link", name="Sign in with Testham Council").click()
    tab.page.get_by_role("button", name=sub).click()


def test_the_places_own_provider_lets_in_who_was_invited_and_leads_back(browser: Callable[[], Tab]) -> None:
    tab = browser().visit("/runs?a=1&b=2").on("Analyses: not for this role")
    tab.page.get_by_role("link", name="Sign in", exact=True).click()
    through_provider(tab, "olu")
    tab.page.wait_for_url("**/runs?a=1&b=2")
    tab.on("Analyses").page.get_by_text("Signed in as olu@testham.example, service designer").wait_for()
    tab.page.get_by_role("button", name="Sign out").click()
    tab.page.get_by_text("End session").first.wait_for()
    names = {cookie["name"] for cookie in tab.page.context.cookies()}
    assert not [name for name in names if name.startswith(("_streamlit_user", "throughline_session"))]
    tab.visit("/runs").on("Analyses: not for this role")


def test_somebody_whom_nobody_invited_gets_no_data(staffed_site: Site, browser: Callable[[], Tab]) -> None:
    tab = browser()
    tab.page.goto(tab.url + "/sign-in?next=%2Fruns")
    through_provider(tab, "nobody")
    tab.on("You cannot come in yet").page.get_by_text("Ask whoever manages people here to invite you").wait_for()
    assert not staffed_site.rows("SELECT id FROM account WHERE login LIKE 'nobody%'")
    tab.visit("/runs").on("Analyses: not for this role")
    tab.visit("/").page.get_by_role("button", name="Sign out of your organisation's sign-in").click()
    tab.page.get_by_text("End session").first.wait_for()
    tab.visit("/").on("Tell us what it is really like")


def test_an_identity_that_is_left_from_before_signs_nobody_in(staffed_site: Site, browser: Callable[[], Tab]) -> None:
    tab = browser()
    tab.page.goto(tab.url + "/sign-in")
    through_provider(tab, "olu")
    tab.page.get_by_text("Signed in as olu").wait_for()
    tab.page.context.clear_cookies(name="throughline_session")
    assert "Signed in as" not in tab.visit("/").on("Tell us").page.inner_text("body")
