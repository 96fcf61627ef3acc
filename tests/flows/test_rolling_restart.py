"""Two processes of the app and a worker service behind nginx, restarted one after the other while people tell.

nginx runs with the files of ``deploy/nginx``; only its ports and folders are this test's own.
"""

import getpass
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import select
from websockets.sync.client import connect
from websockets.typing import Origin, Subprotocol

from insight import accounts, intake, jobs, runs
from insight.access import SYSTEM, Role
from insight.database import session
from insight.intake.tables import StepRow, StoryRow
from insight.jobs.tables import JobRow
from insight.keys import secret_key
from insight.runs import RunStatus
from insight.settings import ROOT, settings
from tests.pages.test_form import Forms

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
TELLERS = 3
THINKING = 0.03  # seconds for each page; without it the tellers alone would keep both cores busy
LETTERS = str.maketrans("0123456789abcdef", "ghijklmnopqrstuv")
PASSWORD = "harbour violet ladder stone"
MAIN = """
daemon off; user {user}; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log crit;
events {{ worker_connections 512; }}
http {{
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    include {folder}/upstreams.conf;
    server {{ listen 127.0.0.1:{port}; include {folder}/locations.conf; }}
}}
"""


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def until(holds: Callable[[], bool], seconds: float, what: str, say: Callable[[], object] = str) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, f"waited {seconds} seconds in vain until {what}: {say()}"
        time.sleep(0.05)


@dataclass
class Place:
    """What runs: nginx on ``port``, the app's processes by their ports, and the worker service."""

    folder: Path
    port: int = field(default_factory=free_port)
    apps: dict[int, "subprocess.Popen[bytes]"] = field(default_factory=dict)
    others: list["subprocess.Popen[bytes]"] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def run(self, *command: str) -> "subprocess.Popen[bytes]":
        with (self.folder / "processes.log").open("ab") as log:
            return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def start_app(self, port: int) -> None:
        self.apps[port] = self.run(sys.executable, "-m", "insight", "serve", "--port", str(port))

    def wait_ready(self, port: int) -> None:
        until(lambda: self._is_ready(port), 60, "the app is ready", self.log)

    def _is_ready(self, port: int) -> bool:
        assert self.apps[port].poll() is None, self.log()
        with suppress(httpx.HTTPError):
            return httpx.get(f"http://127.0.0.1:{port}/health/ready", timeout=2).status_code == 200
        return False

    def restart_one_after_the_other(self) -> None:
        for port, process in list(self.apps.items()):
            process.terminate()
            process.wait(30)
            self.start_app(port)
            self.wait_ready(port)

    def start_nginx(self) -> None:
        assert NGINX is not None
        for name in ("upstreams.conf", "locations.conf"):
            text = (ROOT / "deploy" / "nginx" / name).read_text("utf-8")
            for written, port in zip(("8501", "8502"), self.apps, strict=True):
                text = text.replace(f"127.0.0.1:{written}", f"127.0.0.1:{port}")
            text = text.replace("/var/log/nginx", str(self.folder)).replace("/etc/nginx/throughline", str(self.folder))
            (self.folder / name).write_text(text, "utf-8")
        shutil.copy(ROOT / "deploy" / "nginx" / "away.html", self.folder)
        (self.folder / "nginx.conf").write_text(
            MAIN.format(folder=self.folder, port=self.port, user=getpass.getuser()), "utf-8"
        )
        self.others.append(self.run(NGINX, "-p", str(self.folder), "-c", str(self.folder / "nginx.conf")))

    def stop(self) -> None:
        for process in (*self.apps.values(), *self.others):
            process.terminate()
        for process in (*self.apps.values(), *self.others):
            process.wait(30)

    def log(self) -> str:
        return (self.folder / "processes.log").read_text("utf-8", "replace")[-3000:]


@pytest.fixture
def place(postgres: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    if NGINX is None:
        assert not os.environ.get("REQUIRE_NGINX"), "nginx is required here: apt-get install nginx-light"
        pytest.skip("nginx is not installed: apt-get install nginx-light")
    for name, told in {
        "SECRET_KEY": "the same for every process of a place",
        "WORKER": "service",
        "TRUSTED_PROXIES": "127.0.0.1",
        "REQUESTS_PER_ADDRESS": "0",  # all tellers of this test come from one address
        "POOL_SIZE": "5",
    }.items():
        monkeypatch.setenv(f"INSIGHT_{name}", told)
    settings.cache_clear()
    secret_key.cache_clear()
    made = Place(tmp_path)
    for _number in range(2):
        made.start_app(free_port())
    made.others.append(made.run(sys.executable, "-m", "insight", "work", "--grace", "5"))
    made.start_nginx()
    try:
        for port in made.apps:
            made.wait_ready(port)
        yield made
    finally:
        made.stop()
        secret_key.cache_clear()


@dataclass
class Load:
    """People who tell whole journeys through nginx, one after the other, until they are told to stop."""

    url: str
    sent: dict[str, str] = field(default_factory=dict)
    odd: list[str] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.threads = [threading.Thread(target=self._tell_on) for _number in range(TELLERS)]
        for thread in self.threads:
            thread.start()

    def stop(self) -> None:
        self.ended.set()
        for thread in self.threads:
            thread.join(30)

    def _tell_on(self) -> None:
        while not self.ended.is_set():
            mark = uuid4().hex.translate(LETTERS)  # digits could look like a telephone number, which is masked
            words = f"I waited for weeks and nobody rang back about the bed {mark}"
            try:
                self.sent[words] = self._tell(words)
            except Exception as fault:
                self.odd.append(str(fault) or repr(fault))

    def _tell(self, words: str) -> str:
        """Tell one journey, page by page, as a browser does; gives the reference that was shown."""
        with httpx.Client(base_url=self.url, follow_redirects=True, timeout=20) as browser:
            page = _right(browser.get("/tell"))
            for _page in range(20):
                if page.url.path == "/tell/sent":
                    return _reference(page.text)
                time.sleep(THINKING)
                if page.url.path == "/tell/q/steps":
                    onwards = "/tell/q/need_met" if "remove-0" in page.text else "/tell/q/steps/1/where"
                    page = _right(browser.get(onwards))
                else:
                    page = _right(_pressed(browser, page, words))
        raise AssertionError(f"the journey did not end: {page.url.path}")


def _right(page: httpx.Response) -> httpx.Response:
    if page.status_code != 200:
        raise AssertionError(f"{page.request.method} {page.url.path}: {page.status_code}")
    return page


def _pressed(browser: httpx.Client, page: httpx.Response, words: str) -> httpx.Response:
    """What comes when the first button of a page is pressed, with the words typed where there is room for them."""
    form, data = Forms(page.text), dict[str, list[str]]()
    name, value, _said = form.buttons[0]
    for field_name, told in [*form.fields, (name, value)]:
        if field_name:
            typed = words if field_name in ("what_happened", "note") else told
            data.setdefault(field_name, []).append(typed)
    if page.url.path == "/tell/q/consent":
        data["consent"] = ["analyse"]
    return browser.post(form.action, data=data)


def _reference(page: str) -> str:
    found = re.search(r"\b[A-Z0-9]{3}-[A-Z0-9]{3}-[A-Z0-9]{4}\b", page)
    assert found is not None
    return found[0]


def _signed_in(url: str) -> str:
    """The cookie header of somebody who signed in at this address."""
    with httpx.Client(base_url=url, follow_redirects=True, timeout=20) as browser:
        page = _right(browser.get("/sign-in?next=/account"))
        found = re.search(r'name="token" value="([^"]+)"', page.text)
        assert found is not None
        fields = {"token": found[1], "next": "/account", "login": "dana@testham.example", "password": PASSWORD}
        page = _right(browser.post("/sign-in", data=fields))
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
def test_a_rolling_restart_under_load_loses_nothing(place: Place) -> None:
    town = intake.add_place(SYSTEM, settings().place)
    account = accounts.invite(SYSTEM, Role.FRONTLINE)
    accounts.accept(account.token, "dana@testham.example", "Dana Field", PASSWORD)
    first, second = (f"http://127.0.0.1:{port}" for port in place.apps)
    cookies = [_signed_in(first), _signed_in(second)]
    load = Load(place.url)
    try:
        until(lambda: len(load.sent) >= 2 * TELLERS, 60, "some have told", lambda: load.odd[:3])
        run = runs.start(SYSTEM, town.id)
        assert _screen_opens(place.url, cookies[0])
        place.restart_one_after_the_other()
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
