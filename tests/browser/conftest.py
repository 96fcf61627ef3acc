"""A real server and a real browser: one of each for all browser tests, and a helper that drives a tab."""

import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from insight import sealing
from insight.errors import NotReady
from insight.operations.sealed_store import sealed_tables
from tests.browser import account_states, survey_states
from tests.browser.guard_states import SEED

ROOT = Path(__file__).resolve().parents[2]
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
MISSING = "browser tests need Chromium: apt-get install chromium (or set CHROMIUM=/path)"
IDLE = '[data-testid="stApp"][data-test-script-state="notRunning"]'
ROLE_COOKIE = "throughline_demo_role"
COUNT_RUNS = """
window.tlRuns = 0;
new MutationObserver(changes => changes.forEach(change => {
  if (change.target.getAttribute('data-test-script-state') === 'notRunning') window.tlRuns += 1;
})).observe(document, {subtree: true, attributes: true, attributeFilter: ['data-test-script-state']});
"""
PLACE = """
import json
from insight.database import prepare
prepare()
from insight import intake
from insight.access import RESIDENT, SYSTEM, Actor, Role
New = intake.NewService
intake.add_place(SYSTEM, "Testham", synthetic=True,
    organisations=[("Testham Council", "council"), ("Testham NHS Trust", "nhs"), ("Riverside Homes", "housing")],
    services=[New("housing", "Housing advice", "Testham Council", 95), New("gp", "GP surgery", "Testham NHS Trust"),
              New("discharge", "Discharge team", "Testham NHS Trust"), New("repairs", "Repairs", "Riverside Homes")])
steps = [
    {"service": "Discharge team", "channel": "face_to_face", "feeling": "-1", "when": {"month": "3", "year": "2026"}},
    {"service": "Housing advice", "channel": "phone", "feeling": "-2", "told_again": "yes",
     "waited": {"number": "3", "unit": "weeks"}, "note": "Ten calls, ten people, the whole thing each time."},
    {"service": "A very long name that somebody typed for the food bank at Saint Bartholomew's", "feeling": "2"},
]
whole = {"need": "hospital_discharge", "what_happened": "Mum came home on a Friday.", "steps": steps,
         "need_met": "partly", "consent": ["analyse"]}
broken = {"steps": [{"service": "GP surgery", "when": {"day": "31", "month": "2", "year": "2026"}}]}
keys = {}
for name, answers in {"empty": {}, "whole": whole, "broken": broken, "to mend": broken, "sent": whole}.items():
    keys[name] = intake.start_draft(RESIDENT).key
    intake.save_draft(RESIDENT, keys[name], answers)
intake.submit(RESIDENT, keys["sent"])
worker = Actor(Role.FRONTLINE, "demo frontline")
intake.log_story(worker, intake.current_place(), "seed", {**whole, "source": "staff_phone", "consent_how": "verbal"})
"""

PLACE += SEED + survey_states.SEED + "print(json.dumps(keys))\n"

DEMO = """
from insight.database import prepare
prepare()
from insight import runs, worker
from insight.access import SYSTEM
from insight.demo.build import build
place, _ = build(300, 2026, None, lambda *_: None)
run = runs.create(SYSTEM, place.id)
worker.work(run.id)
runs.publish(SYSTEM, run.id)
print("{}")
"""


class Site:
    """The running product: where it listens, the drafts that were put into it, and its database for counting."""

    def __init__(self, url: str, drafts: dict[str, str], database: Path) -> None:
        self.url, self.drafts, self.database = url, drafts, database

    def rows(self, query: str) -> list[Any]:
        """What the database holds now, with what lies locked in it opened."""
        with sqlite3.connect(self.database) as connection:
            return [tuple(map(_opened, row)) for row in connection.execute(query)]


def _opened(value: Any) -> Any:
    """A value as it was before it was sealed, JSON as text; anything else as it is."""
    if not isinstance(value, str) or not sealing.is_sealed(value.strip('"')):
        return value
    kinds: list[Any] = [column.type for _table, columns in sealed_tables() for column in columns]
    for kind in kinds:
        with suppress(NotReady):
            return sealing.unseal(value.strip('"'), kind.purpose)
    raise AssertionError("no column opens this value")


class Tab:
    """One browser tab, in the words of a test."""

    def __init__(self, page: Any, url: str) -> None:
        self.page, self.url = page, url
        page.add_init_script(COUNT_RUNS)

    def visit(self, path: str) -> "Tab":
        """Load an address."""
        self.page.goto(self.url + path)
        self.page.wait_for_selector("h1")
        return self.idle()

    def go(self, path: str) -> "Tab":
        """Open an address within the running page, as its own links do."""
        runs = self.runs()
        self.page.evaluate("to => {history.pushState({}, '', to); dispatchEvent(new PopStateEvent('popstate'))}", path)
        return self.run_after(runs)

    def runs(self) -> int:
        """How often the page has been run so far."""
        return int(self.page.evaluate("window.tlRuns"))

    def run_after(self, runs: int) -> "Tab":
        """Wait until the page has been run again, and is idle. A very short run may pass without a trace."""
        self.page.wait_for_function(
            "([runs, until]) => window.tlRuns > runs || performance.now() > until",
            arg=[runs, self.page.evaluate("performance.now()") + 400],
        )
        return self.idle()

    def idle(self) -> "Tab":
        """Wait until the page has stopped working."""
        self.page.wait_for_selector(IDLE)
        return self

    def on(self, heading: str) -> "Tab":
        """Wait until a page with this heading is there."""
        self.page.locator("h1", has_text=heading).wait_for()
        return self.idle()

    def press(self, name: str, heading: str = "") -> "Tab":
        """Press a button; wait for the page that it leads to."""
        runs = self.settle().runs()
        self.page.get_by_role("button", name=name, exact=True).click()
        self.run_after(runs)
        return self.on(heading) if heading else self

    def settle(self) -> "Tab":
        """Let the time pass that a person takes between two buttons: two presses within 600 ms count as one."""
        self.page.evaluate("() => { window.tlPressed = -Infinity; }")
        return self

    def click_twice(self, name: str, apart: int) -> "Tab":
        """Click twice on the same spot, so many milliseconds apart, whatever is there by then."""
        button = self.settle().page.get_by_role("button", name=name, exact=True)
        self.page.wait_for_timeout(150)  # the focus of a new page scrolls to its heading first
        button.scroll_into_view_if_needed()
        box = button.bounding_box()
        for _ in range(2):
            self.page.mouse.click(box["x"] + 10, box["y"] + 10)
            self.page.wait_for_timeout(apart)
        return self

    def press_again_at_once(self, name: str) -> "Tab":
        """Press a button within moments of the last press, as the second half of a slow double click does."""
        self.page.evaluate("() => { window.tlPressed = performance.now(); }")
        self.page.get_by_role("button", name=name, exact=True).click()
        self.page.wait_for_timeout(400)
        return self.idle()

    def pick(self, group: str, option: str) -> "Tab":
        """Choose a radio button."""
        self.page.get_by_role("radiogroup", name=group).get_by_text(option, exact=True).click()
        return self

    def look_up(self, name: str, text: str) -> "Tab":
        """Type into a type-ahead and take its first suggestion."""
        field = self.page.get_by_role("combobox", name=name, exact=True)
        field.scroll_into_view_if_needed()
        self.page.wait_for_timeout(120)  # scrolling, which the page hears of later, closes an open list
        field.fill(text)
        self.page.get_by_role("option", name=text).first.wait_for()
        self.page.keyboard.press("ArrowDown")
        self.page.keyboard.press("Enter")
        return self

    def write(self, name: str, text: str) -> "Tab":
        """Type into a field."""
        self.page.get_by_role("textbox", name=name, exact=True).fill(text)
        return self

    @property
    def focused(self) -> str:
        """Which element has the focus: its id, else its name, else its words."""
        return str(
            self.page.evaluate(
                "() => {const e = document.activeElement; return e.id && !e.id.match(/^:|react/) ? e.id :"
                " e.getAttribute('aria-label') || e.closest('label')?.textContent || e.textContent}"
            )
        ).strip()

    def focus_reaches(self, wanted: str) -> bool:
        """Whether the focus comes to be on an element within two seconds."""
        for _ in range(40):
            if self.focused == wanted:
                return True
            self.page.wait_for_timeout(50)
        return False


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """A browser, or a skip that says how to get one."""
    found = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if not found:
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail(MISSING)
        pytest.skip(MISSING)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, chromium: Any) -> Iterator[Site]:
    """The product, served on a free port of this machine from a database of its own, with a small place in it."""
    filled = filled_once(for_all_workers(tmp_path_factory, "filled-site"), PLACE, {})
    yield from serve(tmp_path_factory.mktemp("site"), filled, {})


@pytest.fixture(scope="session")
def demo_site(tmp_path_factory: pytest.TempPathFactory, chromium: Any) -> Iterator[Site]:
    """The product with a small demo place, analysed and published."""
    more = {"INSIGHT_PLACE": "Ottermarsh"}
    filled = filled_once(for_all_workers(tmp_path_factory, "filled-demo"), DEMO, more)
    yield from serve(tmp_path_factory.mktemp("demo"), filled, more)


@pytest.fixture(scope="session")
def provider() -> Iterator[str]:
    """A sign-in provider that knows two people, one of whom is invited; gives where it describes itself."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port)]
    for name in ("olu", "nobody"):
        claims = {"sub": name, "email": f"{name}@testham.example", "email_verified": True, "name": name.title()}
        command += ["--user-claims", json.dumps(claims)]
    environment, nowhere = os.environ | {"AUTHLIB_INSECURE_TRANSPORT": "1"}, subprocess.DEVNULL
    running = subprocess.Popen(command, env=environment, stdout=nowhere, stderr=nowhere)
    url = f"http://127.0.0.1:{port}/.well-known/openid-configuration"
    _wait_for(url)
    yield url
    running.terminate()
    running.wait(10)


@pytest.fixture(scope="session")
def staffed_site(tmp_path_factory: pytest.TempPathFactory, chromium: Any, provider: str) -> Iterator[Site]:
    """The product as a place runs it: people sign in, with a password or through the place's own provider."""
    more = {
        "INSIGHT_DEMO_MODE": "0",
        "AUTHLIB_INSECURE_TRANSPORT": "1",
        "INSIGHT_OIDC_METADATA_URL": provider,
        "INSIGHT_OIDC_CLIENT_ID": "throughline",
        "INSIGHT_OIDC_CLIENT_SECRET": "secret",
        "INSIGHT_OIDC_LABEL": "Sign in with Testham Council",
    }
    filled = filled_once(for_all_workers(tmp_path_factory, "filled-staffed"), account_states.SEED, {})
    yield from serve(tmp_path_factory.mktemp("staffed"), filled, more)


def _wait_for(url: str) -> None:
    for _ in range(100):
        try:
            urllib.request.urlopen(url, timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail(f"{url} did not answer within 10 seconds")


def filled_once(folder: Path, script: str, more: dict[str, str]) -> Path:
    """A database that a script fills, made once for all workers of a run; beside it, what the script printed last."""
    made = folder / "printed.json"
    try:
        folder.mkdir()
    except FileExistsError:
        for _ in range(1_200):
            if made.exists():
                return folder
            time.sleep(0.1)
        pytest.fail("another worker did not fill the database within 2 minutes")
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env=os.environ | more | address_of(folder),
        capture_output=True,
        text=True,
        check=True,
    )
    (folder / "printing.json").write_text(done.stdout.splitlines()[-1], "utf-8")
    (folder / "printing.json").rename(made)
    return folder


def address_of(folder: Path) -> dict[str, str]:
    """The settings by which the product keeps its database in a folder."""
    return {"INSIGHT_DATABASE_URL": f"sqlite:///{(folder / 'site.db').as_posix()}", "INSIGHT_DEMO_MODE": "1"}


def copy_of(filled: Path, folder: Path) -> None:
    """A database of one's own, with what was filled in."""
    with sqlite3.connect(filled / "site.db") as source, sqlite3.connect(folder / "site.db") as target:
        source.backup(target)


def for_all_workers(factory: pytest.TempPathFactory, name: str) -> Path:
    """A folder that all workers of a run share."""
    own = factory.getbasetemp()
    return (own.parent if os.environ.get("PYTEST_XDIST_WORKER") else own) / name


def serve(folder: Path, filled: Path, more: dict[str, str]) -> Iterator[Site]:
    """Serve a copy of a filled database until the tests are done."""
    copy_of(filled, folder)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = os.environ | address_of(folder) | {"INSIGHT_PORT": str(port)} | more
    url = f"http://127.0.0.1:{port}"
    with (folder / "log.txt").open("w+") as log:
        command = [sys.executable, "-m", "uvicorn", "app:app", "--port", str(port), "--log-level", "warning"]
        server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
        _wait_until_up(server, url, log)
        yield Site(url, json.loads((filled / "printed.json").read_text("utf-8")), folder / "site.db")
        server.terminate()
        server.wait(10)


def _wait_until_up(server: "subprocess.Popen[bytes]", url: str, log: Any) -> None:
    for _ in range(300):
        if server.poll() is not None:
            log.seek(0)
            pytest.fail("the server died: " + log.read()[-2000:])
        try:
            with urllib.request.urlopen(f"{url}/_stcore/health", timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    server.terminate()
    pytest.fail("the server was not up within 30 seconds")


class Profiles:
    """Browser profiles that are used again, emptied.

    One plain page stays open in each, and with it the process that has loaded Streamlit's scripts before: a tab then
    opens in little more than half the processor time.
    """

    def __init__(self, browser: Any) -> None:
        self.browser = browser
        self.free: list[Any] = []

    def take(self, url: str, role: str) -> Any:
        """A profile in which nothing is known of a site but a role."""
        profile = self.free.pop() if self.free else self._made()
        profile.pages[0].goto(url + "/_stcore/health")
        profile.add_cookies([{"name": ROLE_COOKIE, "value": role, "url": url}])
        return profile

    def put_back(self, profile: Any, url: str) -> None:
        """Close what was opened in a profile, and empty it."""
        plain, *opened = profile.pages
        for page in opened:
            page.close()
        kept = {"origin": url, "storageTypes": "local_storage,indexeddb,service_workers,cache_storage"}
        profile.new_cdp_session(plain).send("Storage.clearDataForOrigin", kept)
        profile.clear_cookies()
        self.free.append(profile)

    def _made(self) -> Any:
        profile = self.browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
        profile.set_default_timeout(10_000)
        profile.new_page()
        return profile


@pytest.fixture(scope="session")
def profiles(chromium: Any) -> Profiles:
    """Profiles of the browser, for all tests of a worker."""
    return Profiles(chromium)


def _opening(profiles: Profiles, site: Site) -> Iterator[Callable[..., Tab]]:
    taken: list[Any] = []

    def open_tab(role: str = "resident", width: int = 1280) -> Tab:
        taken.append(profiles.take(site.url, role))
        page = taken[-1].new_page()
        page.set_viewport_size({"width": width, "height": 900})
        return Tab(page, site.url)

    yield open_tab
    for profile in taken:
        profiles.put_back(profile, site.url)


@pytest.fixture
def tab_as(profiles: Profiles, site: Site) -> Iterator[Callable[..., Tab]]:
    """Opens tabs, each in a browser profile of its own, in a role and at a width."""
    yield from _opening(profiles, site)


@pytest.fixture(scope="module")
def opener(profiles: Profiles, site: Site) -> Iterator[Callable[..., Tab]]:
    """Opens tabs that stay for all tests of a module."""
    yield from _opening(profiles, site)


@pytest.fixture
def demo_tab_as(profiles: Profiles, demo_site: Site) -> Iterator[Callable[..., Tab]]:
    """Opens tabs on the demo place."""
    yield from _opening(profiles, demo_site)


@pytest.fixture(scope="module")
def staffed_opener(profiles: Profiles, staffed_site: Site) -> Iterator[Callable[..., Tab]]:
    """Opens tabs on the place where people sign in that stay for all tests of a module."""
    yield from _opening(profiles, staffed_site)


@pytest.fixture(scope="module")
def demo_opener(profiles: Profiles, demo_site: Site) -> Iterator[Callable[..., Tab]]:
    """Opens tabs on the demo place that stay for all tests of a module."""
    yield from _opening(profiles, demo_site)
