"""The matrix on a running server: plain routes by HTTP, screens by websocket and in Chromium, the first request too.

Here a few of those who are alike stand for all of them; ``benchmarks/access_matrix.py`` tries everybody.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, cast

import pytest

from pages.kit.menu import PAGES
from pages.kit.session import SESSION_COOKIE
from tests.access import served, trying
from tests.access.objects import our_routes, streamlit_paths
from tests.access.subjects import STAFF, SUBJECTS, Subject
from tests.browser.conftest import Site, Tab, filled_once, for_all_workers, serve

Cookies = Mapping[str, Mapping[str, str]]
pytestmark = pytest.mark.browser
SOME = [
    subject
    for subject in SUBJECTS
    if subject.name in ("signed out", "expired", "frontline of a partner", "designer of another place", *STAFF)
]
ALONE = [subject for subject in SOME if subject.name in ("signed out", *STAFF)]


@pytest.fixture(scope="module")
def matrix_site(tmp_path_factory: pytest.TempPathFactory, chromium: Any) -> Iterator[Site]:
    """Two places full of what people told, served to people who sign in. Nobody has visited it yet."""
    filled = filled_once(for_all_workers(tmp_path_factory, "filled-matrix"), served.SEED, {})
    yield from serve(tmp_path_factory.mktemp("matrix"), filled, served.STAFFED)


@pytest.fixture(scope="module")
def cookies(matrix_site: Site) -> Cookies:
    """Everybody's cookies, by name."""
    return cast("Cookies", matrix_site.drafts)


@pytest.fixture(scope="module")
def server(matrix_site: Site) -> Iterator[served.Server]:
    """The running server, to be asked."""
    asked = served.Server(matrix_site.url)
    yield asked
    asked.close()


def test_the_very_first_request_to_a_server_is_refused(matrix_site: Site, chromium: Any) -> None:
    for path in ("/safeguarding", "/pain_points", "/people?person=1"):
        tab = _tab(chromium, matrix_site, {})
        tab.page.goto(matrix_site.url + path)
        tab.page.locator("h1").first.wait_for()
        words = tab.idle().page.inner_text("body")
        assert not any(word in words for word in trying.PLANTED)
        assert served.REFUSED in words or "Tell us what it is really like" in words
        tab.page.context.close()


def test_plain_routes_keep_to_what_they_state(server: served.Server, cookies: Cookies) -> None:
    tally = trying.plain_routes(our_routes(), server.ask, cookies, ALONE, ["GET"])
    tally += trying.streamlit_routes(sorted(streamlit_paths()), server.ask)
    assert tally.leaks == []
    assert tally.cells > 300


def test_screens_come_over_the_socket_to_those_alone_who_may_open_them(server: served.Server, cookies: Cookies) -> None:
    tally = server.screens(cookies, SOME)
    assert tally.leaks == []
    assert tally.cells == len(SOME) * len(PAGES)
    whole = server.screen("codebook", "", cookies["designer"])
    assert any(word in whole.words for word in trying.PLANTED), "whoever may sees the words that others do not"


def test_a_stranger_who_knows_the_number_of_an_open_screen_gets_nothing_of_it(
    server: served.Server, cookies: Cookies
) -> None:
    drawn = server.screen("codebook", "", cookies["designer"])
    session = re.search(r'session_id: "([^"]+)"', drawn.words)
    assert session is not None
    entry = next(entry for entry in PAGES if entry.path == "codebook")
    taken = server.screen("codebook", "", {}, session[1])
    assert taken.refuses(entry)
    assert not any(word in taken.words for word in trying.PLANTED)


@pytest.mark.parametrize("subject", ALONE, ids=lambda subject: subject.name)
def test_each_role_opens_its_screens_and_no_others(
    subject: Subject, matrix_site: Site, cookies: Cookies, chromium: Any
) -> None:
    tab = _tab(chromium, matrix_site, cookies[subject.name]).visit("/")
    wrong = []
    for _subject, entry, opens in trying.cells_of_pages([subject]):
        tab.go(f"/{entry.path}" if opens else f"/{entry.path}?{served.LINK}")
        refused = tab.page.locator("h1", has_text=f"{entry.title}{served.REFUSED}")
        if not opens:
            refused.wait_for()
        words = tab.page.inner_text("body")
        if opens == bool(refused.count()) or (not opens and any(word in words for word in trying.PLANTED)):
            wrong.append(entry.path)
    tab.page.context.close()
    assert wrong == []


def _tab(chromium: Any, site: Site, cookies: Mapping[str, str]) -> Tab:
    context = chromium.new_context(reduced_motion="reduce")
    context.set_default_timeout(10_000)
    told = cookies.get(SESSION_COOKIE)
    context.add_cookies([{"name": SESSION_COOKIE, "value": told, "url": site.url}] if told else [])
    return Tab(context.new_page(), site.url)
