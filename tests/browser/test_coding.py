"""Passages are coded by keyboard alone in a real browser: quick, once each, and never while somebody types."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.browser import conftest
from tests.browser.axe import Looker

pytestmark = pytest.mark.browser
CODED = "select themes from coding order by id"


@pytest.fixture(scope="module")
def coding_site(tmp_path_factory: pytest.TempPathFactory, chromium: Any) -> Iterator[conftest.Site]:
    """The demo place of its own: what is coded here moves no theme elsewhere."""
    more = {"INSIGHT_PLACE": "Ottermarsh"}
    folder = conftest.for_all_workers(tmp_path_factory, "filled-demo")
    filled = conftest.filled_once(folder, conftest.DEMO, more)
    yield from conftest.serve(tmp_path_factory.mktemp("coding"), filled, more)


@pytest.fixture
def coding_tab_as(profiles: conftest.Profiles, coding_site: conftest.Site) -> Iterator[Callable[..., conftest.Tab]]:
    """Opens tabs on it."""
    yield from conftest._opening(profiles, coding_site)


class Desk:
    """The desk, and the keys that are pressed at it."""

    def __init__(self, tab: Any) -> None:
        self.page, self.seconds = tab.page, list[float]()
        self.page.locator(".tl-desk button").first.wait_for()

    @property
    def token(self) -> str:
        return str(self.page.evaluate("window.tlDesk.token"))

    def press(self, *keys: str) -> "Desk":
        for key in keys:
            self.page.keyboard.press(key)
        return self

    def next(self, *keys: str) -> "Desk":
        """Press keys of which the last asks for another passage; wait for it, and as long as people need to see it."""
        before, started = self.token, time.perf_counter()
        self.press(*keys)
        self.page.wait_for_function("before => window.tlDesk.token !== before", arg=before)
        self.seconds.append(time.perf_counter() - started)
        self.page.wait_for_function("document.activeElement.id === 'tl-passage'")
        self.page.wait_for_timeout(410)
        return self

    @property
    def where(self) -> str:
        return str(self.page.locator("#tl-where").inner_text())

    @property
    def chosen(self) -> str:
        return str(self.page.locator(".tl-chosen").inner_text())


def test_passages_are_coded_by_keyboard_alone(
    coding_site: conftest.Site, coding_tab_as: Callable[..., Any], record_property: Callable[[str, object], None]
) -> None:
    tab = coding_tab_as("designer").visit("/codebook?view=code").on("Codebook")
    desk = Desk(tab)
    assert desk.where == "Passage 1 of 20"
    desk.press("Enter")
    assert desk.chosen.startswith("Choose a theme first"), "nothing is saved by an Enter too many"
    likely = tab.page.evaluate("[...document.querySelectorAll('.tl-desk ol [data-theme]')].map(b => +b.dataset.theme)")
    desk.press("3", "1", "2", "2").next("Enter", "Enter", "n")
    desk.press("/")
    tab.page.keyboard.type("nsu1")
    assert tab.page.locator("#tl-desk-search").input_value() == "nsu1", "letters typed are letters"
    tab.page.locator("#tl-desk-search").fill("")
    tab.page.keyboard.type("proof")
    desk.press("Enter")
    assert "proof" in desk.chosen.lower()
    desk.next("Enter").next("n").next("s").next("u").next("u")
    assert desk.where == "Passage 3 of 20"
    desk.next("n")
    said = [row[0] for row in coding_site.rows(CODED)]
    assert said[0] == f"[{likely[2]}, {likely[0]}]", "the first one chosen is the main one; once"
    assert len(said) == 5 and said[2:] == ["[]", None, "[]"], "fits none, taken back, fits none"
    tab.page.locator("#tl-desk-on").focus()
    desk.press("Space").press("n")
    tab.page.wait_for_timeout(300)
    assert len(coding_site.rows(CODED)) == 5, "the keys can be switched off"
    tab.page.reload()
    assert Desk(tab).where == "Passage 4 of 20", "what was done is kept"
    Looker(record_property).look(tab.page)
    assert max(desk.seconds) < 5, desk.seconds
