"""The main job in a real browser: told, logged, analysed, published, and found behind a pain point."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from pages.kit.menu import PAGES
from tests.browser.conftest import PLACE, Site, filled_once, for_all_workers, serve
from tests.browser.test_share import tell_step

pytestmark = pytest.mark.browser
TOLD = "They asked for the same documents again, bank statements for a third time."
LOGGED = "Asked to send the same documents and bank statements again."
PAIN = "Asked for the same proof again"
LIST = "The steps of your journey"


def test_a_designer_finds_what_was_told_and_logged(demo_site: Site, demo_tab_as: Callable[..., Any]) -> None:
    before = len(demo_site.rows("select id from story"))
    resident_tells(demo_tab_as())
    staff_log(demo_tab_as("frontline"))
    assert len(demo_site.rows("select id from story")) == before + 2
    designer = demo_tab_as("designer")
    designer.visit("/runs").press("Start an analysis")
    designer.page.get_by_role("button", name="Publish").wait_for(timeout=60_000)
    run = designer.page.get_by_role("heading", name="Analysis 2: done")
    run.wait_for()
    designer.press("Publish")
    designer.page.get_by_role("heading", name="what everyone sees").wait_for()
    designer.visit("/pain-points").on("Pain points")
    heading = designer.page.get_by_role("heading", name=PAIN)
    heading.locator("xpath=ancestor::*[.//button][1]").get_by_role("button", name="See the evidence").click()
    designer.on(PAIN)
    marked = all_passages(designer)
    assert TOLD in marked
    assert LOGGED in marked


def resident_tells(tab: Any) -> None:
    tab.visit("/share").press("Start now", "What did you need help with?")
    tab.pick("What did you need help with?", "Money, work or benefits").press("Continue", "What happened?")
    tab.press("Continue", LIST).press("Add the first step")
    tell_step(tab, "Council tax", "Bad", "Sent the form in.")
    tab.page.reload()
    tab.on(LIST).press("Add another step")
    tell_step(tab, "Universal Credit", "Very bad", TOLD)
    tab.page.go_back()
    tab.on("What happened at this step?")
    tab.page.go_forward()
    tab.on(LIST).press("Add another step")
    tell_step(tab, "Money and housing advice", "Good", "The adviser rang them for me.")
    for heading in ("Did you get what", "What would have made", "What was good?", "Who are you", "What may"):
        tab.press("Continue", heading)
    tab.page.get_by_text("Use my story").click()
    tab.press("Continue", "Check your answers").click_twice("Send", apart=200)
    tab.on("Thank you")


def staff_log(tab: Any) -> None:
    tab.visit("/log").on("Log a story").write("What happened?", LOGGED)
    tab.look_up("1. Service", "Universal Credit").look_up("1. How it felt", "Very bad")
    tab.page.get_by_text("Use my story").click()
    tab.look_up("How they agreed", "They said").press("Save story")
    tab.page.locator("#saved").wait_for()


def all_passages(tab: Any) -> list[str]:
    """The marked passages on every page of the evidence."""
    found: list[str] = tab.page.locator("mark").all_inner_texts()
    following = tab.page.get_by_role("button", name="Next")
    while following.count() and following.is_enabled():
        tab.press("Next")
        found += tab.page.locator("mark").all_inner_texts()
    return found


def test_filters_live_in_the_address(demo_tab_as: Callable[..., Any]) -> None:
    tab = demo_tab_as("designer").visit("/pain-points").on("Pain points")
    summary = tab.page.get_by_text("passages in Ottermarsh")
    everything = summary.inner_text().split(" in ")[0]
    tab.page.get_by_text("Filters", exact=True).click()
    tab.page.wait_for_timeout(500)  # the expander opens with a movement, which would close the list again
    tab.look_up("Service", "Council tax")
    tab.page.wait_for_url("**service=Council+tax**")
    tab.page.wait_for_function("before => !document.body.innerText.includes(before)", arg=everything)
    tab.idle()
    address, filtered = tab.page.url, summary.inner_text()
    again = demo_tab_as("designer")
    again.page.goto(address)
    again.on("Pain points")
    assert again.page.get_by_text("passages in Ottermarsh").inner_text() == filtered


@pytest.fixture
def fresh_site(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, chromium: Any) -> Iterator[Site]:
    """A server that nobody has visited yet."""
    filled = filled_once(for_all_workers(tmp_path_factory, "filled-site"), PLACE, {})
    yield from serve(tmp_path, filled, {})


def test_a_fresh_server_refuses_a_stranger_at_the_addresses_of_page_files_too(fresh_site: Site, chromium: Any) -> None:
    context = chromium.new_context()
    page = context.new_page()
    for entry in [entry for entry in PAGES if entry.path in ("imports", "pain-points", "safeguarding", "people")]:
        for address in (f"/{entry.path}", f"/{entry.module.rsplit('.', 1)[1]}"):
            page.goto(fresh_site.url + address)
            page.locator("h1").wait_for()
            heading = page.locator("h1").first.inner_text()
            assert "not for this role" in heading or heading == "Tell us what it is really like", (address, heading)
    context.close()


def test_demo_mode_is_refused_under_another_name(site: Site, chromium: Any) -> None:
    request = chromium.new_context().request
    assert request.get(site.url + "/sign-in").status == 200
    for host in ("throughline.example", "192.168.1.20:8501", "127.0.0.1.example.org"):
        assert request.get(site.url + "/sign-in", headers={"Host": host}).status in (400, 403)
