"""Two processes of the app and a worker service behind nginx: restarted one after the other while people tell.

Either process alone signs people in, and when it goes they go on with the other.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from secrets import token_urlsafe
from urllib.parse import urlencode

import httpx
import pytest
from playwright.sync_api import FilePayload, sync_playwright
from sqlalchemy import select
from websockets.sync.client import connect
from websockets.typing import Origin, Subprotocol

from insight import intake, jobs, runs
from insight.access import SYSTEM
from insight.database import dispose, session
from insight.intake.tables import StepRow, StoryRow
from insight.jobs.tables import JobRow
from insight.keys import secret_key
from insight.runs import RunStatus
from insight.settings import settings
from tests.browser import account_states
from tests.browser.account_states import PASSWORD
from tests.browser.conftest import FLAGS, MISSING, Tab
from tests.conftest import use_database
from tests.flows.behind_nginx import NGINX, Place, database_of_its_own, free_port, until
from tests.flows.tellers import TELLERS, Load, right

OLU = json.dumps({"sub": "olu", "email": "olu@testham.example", "email_verified": True, "name": "Olu"})


@pytest.fixture(scope="module")
def place(postgres_server: str, migrated_postgres: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """Two processes of the app, the worker service, nginx and a sign-in provider; once for the tests of this module.

    Starting takes most of the time: each test that leaves a process stopped stands behind those that need it.
    """
    if NGINX is None:
        assert not os.environ.get("REQUIRE_NGINX"), "nginx is required here: apt-get install nginx-light"
        pytest.skip("nginx is not installed: apt-get install nginx-light")
    made, provider = Place(tmp_path_factory.mktemp("place")), free_port()
    with pytest.MonkeyPatch.context() as patch:
        for name, told in {
            "INSIGHT_SECRET_KEY": "the same for every process of a place",
            "INSIGHT_WORKER": "service",
            "INSIGHT_TRUSTED_PROXIES": "127.0.0.1",
            "INSIGHT_REQUESTS_PER_ADDRESS": "0",  # all tellers of this test come from one address
            "INSIGHT_POOL_SIZE": "5",
            "INSIGHT_PLACE": "Testham",
            "INSIGHT_PUBLIC_URL": made.url,
            "INSIGHT_OIDC_METADATA_URL": f"http://127.0.0.1:{provider}/.well-known/openid-configuration",
            "INSIGHT_OIDC_CLIENT_ID": "throughline",
            "INSIGHT_OIDC_CLIENT_SECRET": "secret",
            "INSIGHT_OIDC_LABEL": "Sign in with Testham Council",
            "AUTHLIB_INSECURE_TRANSPORT": "1",
        }.items():
            patch.setenv(name, told)
        use_database(patch, database_of_its_own(postgres_server, migrated_postgres, "behind_nginx"))
        secret_key.cache_clear()
        for _number in range(2):
            made.start_app(free_port())
        made.start_worker()
        made.start_nginx()
        made.start_provider(provider, OLU)
        try:
            for port in made.apps:
                made.wait_ready(port)
            yield made
        finally:
            made.stop()
            dispose()
    settings.cache_clear()
    secret_key.cache_clear()


@pytest.fixture(scope="module")
def secrets(place: Place) -> dict[str, str]:
    """People who may sign in here; what the second factors of some of them are made from."""
    done = subprocess.run([sys.executable, "-c", account_states.SEED], capture_output=True, text=True, check=True)
    told: dict[str, str] = json.loads(done.stdout.splitlines()[-1])
    return told


def _signed_in(url: str) -> str:
    """The cookie header of somebody who signed in at this address."""
    with httpx.Client(base_url=url, follow_redirects=True, timeout=20) as browser:
        page = right(browser.get("/sign-in?next=/account"))
        found = re.search(r'name="token" value="([^"]+)"', page.text)
        assert found is not None
        fields = {"token": found[1], "next": "/account", "login": "dana@testham.example", "password": PASSWORD}
        page = right(browser.post("/sign-in", data=fields))
        assert page.url.path == "/account"
        return "; ".join(f"{name}={told}" for name, told in browser.cookies.items())


def _is_known(url: str, cookies: str) -> bool:
    return httpx.get(f"{url}/account", headers={"Cookie": cookies}, timeout=10).status_code == 200


def _screen_opens(url: str, cookies: str) -> bool:
    """Whether a Streamlit screen's websocket is taken up through nginx."""
    address, headers = url.replace("http", "ws") + "/_stcore/stream", {"Cookie": cookies}
    streamlit = [Subprotocol("streamlit")]
    with connect(address, additional_headers=headers, origin=Origin(url), subprotocols=streamlit):
        return True


@pytest.mark.postgres
@pytest.mark.usefixtures("secrets")
def test_a_rolling_restart_under_load_loses_nothing(place: Place) -> None:
    first, second = (f"http://127.0.0.1:{port}" for port in place.apps)
    cookies = [_signed_in(first), _signed_in(second)]
    load = Load(place.url)
    try:
        until(lambda: len(load.sent) >= 2 * TELLERS, 60, "some have told", lambda: load.odd[:3])
        run = runs.start(SYSTEM, intake.current_place().id)
        assert _screen_opens(place.url, cookies[0])
        for port in place.apps:
            with place.without(port):
                pass
        after = len(load.sent)
        until(lambda: len(load.sent) >= after + TELLERS, 60, "people tell on")
    finally:
        load.stop()
    assert not load.odd, Counter(load.odd)
    _each_is_kept_once(load.sent)
    for told, url in ((told, url) for told in cookies for url in (first, second, place.url)):
        assert _is_known(url, told)
    assert not _is_known(place.url, "throughline_session=somebody")
    assert _screen_opens(place.url, cookies[1])
    until(lambda: runs.get(SYSTEM, run.id).status not in (RunStatus.WAITING, RunStatus.RUNNING), 60, "the run ended")
    assert runs.get(SYSTEM, run.id).status is RunStatus.DONE, runs.get(SYSTEM, run.id).error
    with session() as opened:
        assert opened.scalars(select(JobRow.attempts).where(JobRow.kind == jobs.Kind.ANALYSE)).all() == [1]
    _nginx_wrote_nothing_of_anybody(place.folder, load.sent)


def _each_is_kept_once(sent: dict[str, str]) -> None:
    with session() as opened:
        kept = opened.execute(select(StoryRow.id, StoryRow.reference, StoryRow.what_happened)).all()
        steps = opened.execute(select(StepRow.story_id, StepRow.note)).all()
    notes = {number: [note for story, note in steps if story == number] for number, _reference, _words in kept}
    by_reference = {reference: (words, notes[number]) for number, reference, words in kept}
    told = Counter(words for _number, _reference, words in kept)
    for words, reference in sent.items():
        assert by_reference[reference] == (words, [words])
        assert told[words] == 1


def _nginx_wrote_nothing_of_anybody(folder: Path, sent: dict[str, str]) -> None:
    log = (folder / "throughline.log").read_text("utf-8")
    assert len(log.splitlines()) > len(sent)
    assert "/tell" not in log
    assert " 127.0.0.1 " not in log
    for name in ("body", "proxy"):
        assert [path for path in (folder / name).rglob("*") if path.is_file()] == []


@pytest.mark.postgres
def test_a_signed_in_browser_stays_with_one_process_and_a_crowd_with_both(place: Place) -> None:
    log = place.folder / "throughline.log"

    def asked_of(cookie: str) -> str:
        before = len(log.read_bytes().splitlines())
        right(client.get("/_stcore/health", headers={"Cookie": cookie}))
        until(lambda: len(log.read_bytes().splitlines()) > before, 5, "nginx has written its line")
        return log.read_text("utf-8").splitlines()[-1].split()[-2]

    with httpx.Client(base_url=place.url) as client:
        for name in ("throughline_session", "__Host-throughline_session"):
            people = [f"language=en; {name}={token_urlsafe()}" for _number in range(20)]
            seats = [asked_of(cookie) for cookie in people]
            assert set(seats) == {f"127.0.0.1:{port}" for port in place.apps}
            assert [asked_of(f"{cookie}; more=1") for cookie in people] == seats
        assert len({asked_of(f"language={number}") for number in range(5)}) == 1, "strangers stay by their address"


def _chromium_apart(act: Callable[[Callable[[], Tab]], None], url: str) -> None:
    """Give somebody tabs, each in a browser of its own, in a thread of its own: tests of one run share a driver."""
    found = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if not found:
        assert not os.environ.get("REQUIRE_BROWSER"), MISSING
        pytest.skip(MISSING)

    def opened() -> None:
        with sync_playwright() as driver, driver.chromium.launch(executable_path=found, args=FLAGS) as browser:

            def tab() -> Tab:
                context = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
                context.set_default_timeout(20_000)
                return Tab(context.new_page(), url)

            act(tab)

    with ThreadPoolExecutor(1) as apart:
        apart.submit(opened).result()


def _signed_in_at(tab: Tab, login: str, path: str) -> Tab:
    """Wait until a tab shows the page that somebody asked for, and that it is they who are signed in."""
    tab.page.wait_for_url(f"**{path}")
    tab.idle().page.get_by_text(f"Signed in as {login}").wait_for()
    assert "not for this role" not in tab.page.inner_text("h1")
    return tab


def _types_a_code(tab: Tab, login: str, secret: str, path: str) -> Tab:
    """Sign in by typing an address, a password and a code, on the way to a page."""
    tab.page.goto(f"{tab.url}/sign-in?{urlencode({'next': path})}")
    account_states.sign_in(tab, login)
    tab.page.get_by_label("The code that your").fill(account_states.code_of(secret))
    tab.page.get_by_role("button", name="Continue").click()
    return _signed_in_at(tab, login, path)


def _asks_the_provider(tab: Tab, path: str) -> Tab:
    """Sign in at the place's own provider, on the way to a page."""
    tab.page.goto(f"{tab.url}/sign-in?{urlencode({'next': path})}")
    tab.page.get_by_role("link", name="Sign in with Testham Council").click()
    tab.page.get_by_role("button", name="olu").click()
    return _signed_in_at(tab, "olu@testham.example", path)


def _brings_in(tab: Tab, words: str) -> None:
    """Upload a file to the screen for bringing stories in, which shows its words."""
    told: FilePayload = {"name": f"{words}.csv", "mimeType": "text/csv", "buffer": f"Comment\n{words}\n".encode()}
    tab.page.locator("input[type=file]").first.set_input_files([told])
    tab.page.get_by_text(words, exact=True).wait_for()


def _process_goes(place: Place, port: int, *tabs: Tab) -> None:
    """A process goes while people look at its screens: the other one takes them up as they stand, none loaded anew."""
    with ExitStack() as taken_up:
        for tab in tabs:
            tab.page.evaluate("window.tlStands = true")
            taken_up.enter_context(tab.page.expect_websocket())
        place.stop_app(port)
    for tab in tabs:
        tab.page.wait_for_selector('[data-test-connection-state="CONNECTED"]')
        assert tab.page.evaluate("window.tlStands")


@pytest.mark.browser
@pytest.mark.postgres
def test_either_process_signs_people_in_and_they_stay_so_when_it_goes(place: Place, secrets: dict[str, str]) -> None:
    first, second = place.apps

    def people(tab: Callable[[], Tab]) -> None:
        with place.without(second):
            alex = _types_a_code(tab(), "alex@testham.example", secrets["secret"], "/journeys?view=Waits")
            olu = _asks_the_provider(tab(), "/import?a=1&b=2")
        _brings_in(olu, "Nobody rang me back")  # before and after: one of the two is not where the session's hash leads
        _process_goes(place, first, alex, olu)
        robin = _types_a_code(tab(), "robin@testham.example", secrets["robin"], "/people?person=1")
        twin = _asks_the_provider(tab(), "/runs?a=1&b=2")
        _signed_in_at(alex.visit("/journeys?view=Waits"), "alex@testham.example", "/journeys?view=Waits")
        _signed_in_at(olu, "olu@testham.example", "/import?a=1&b=2")
        place.start_again(first)
        _brings_in(olu, "My letter got lost")
        _process_goes(place, second, robin, twin)
        _signed_in_at(robin.go("/audit").on("Audit"), "robin@testham.example", "/audit")
        _signed_in_at(twin, "olu@testham.example", "/runs?a=1&b=2")

    _chromium_apart(people, place.url)
