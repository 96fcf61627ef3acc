"""Health and numbers: who may read what, what they never say, and what they say when something is missing."""

import subprocess
import sys
from collections.abc import Iterator

import pytest
from sqlalchemy import text
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from insight import intake, jobs, keys, runs
from insight.access import RESIDENT, SYSTEM
from insight.database import engine, write_session
from insight.operations import health
from insight.settings import ROOT, settings
from pages.doors import middleware
from pages.form.routes import routes as form
from pages.operations import Measured, routes

HERE = ("127.0.0.1", 50000)
STRANGER = ("203.0.113.9", 50000)


def client(asker: tuple[str, int] = HERE, name: str = "127.0.0.1:8501") -> TestClient:
    app = Starlette(routes=[*form, *routes], middleware=[Middleware(Measured), *middleware])
    return TestClient(app, f"http://{name}", client=asker, raise_server_exceptions=False, follow_redirects=False)


@pytest.fixture(autouse=True)
def running() -> Iterator[None]:
    yield
    health.stopping.clear()
    keys.secret_key.cache_clear()


def setting(monkeypatch: pytest.MonkeyPatch, **told: str) -> None:
    for name, value in told.items():
        monkeypatch.setenv(f"INSIGHT_{name.upper()}", value)
    settings.cache_clear()


def test_ready_says_which_check_failed_to_this_machine_and_only_no_to_strangers(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    setting(monkeypatch, public_url="https://tell.example.org")
    told = client().get("/health/ready")
    assert (told.status_code, told.json()["checks"]) == (
        200,
        {"running": True, "database": True, "keys": True, "disk": True},
    )
    with engine().begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    assert client().get("/health/ready").json()["checks"]["database"] is False
    asked = client(STRANGER, "tell.example.org").get("/health/ready")
    assert (asked.status_code, asked.json()) == (503, {"ready": False})
    assert client(STRANGER, "tell.example.org").get("/health/live").json() == {"live": True}


def test_not_ready_without_a_database_keys_or_room(sqlite: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "LEAST_FREE_BYTES", 2**60)
    assert client().get("/health/ready").json()["checks"]["disk"] is False
    setting(monkeypatch, text_keys="1:short")
    setting(monkeypatch, database_url="postgresql+psycopg://nobody@127.0.0.1:1/nothing")
    told = client().get("/health/ready")
    assert told.status_code == 503
    assert told.json()["checks"] == {"running": True, "database": False, "keys": False, "disk": False}


def test_who_may_read_the_numbers(sqlite: str, monkeypatch: pytest.MonkeyPatch) -> None:
    setting(
        monkeypatch,
        metrics_from="10.1.0.0/16, 192.0.2.7",
        metrics_token="a long token",
        allowed_hosts="tell.example.org",
        trusted_proxies="127.0.0.2",
    )
    for asker, name, headers, expected in (
        (HERE, "127.0.0.1:8501", {}, 200),
        (HERE, "localhost:8501", {}, 200),
        (HERE, "tell.example.org", {}, 404),
        (HERE, "127.0.0.1:8501", {"X-Forwarded-For": "203.0.113.9"}, 404),
        (("127.0.0.2", 1), "127.0.0.1:8501", {"X-Forwarded-For": "203.0.113.9"}, 404),
        (("127.0.0.2", 1), "tell.example.org", {"X-Forwarded-For": "10.1.2.3"}, 200),
        (("127.0.0.2", 1), "tell.example.org", {"X-Forwarded-For": "10.1.2.3, 203.0.113.9"}, 404),
        (("10.1.2.3", 1), "tell.example.org", {}, 200),
        (("192.0.2.8", 1), "tell.example.org", {}, 404),
        (STRANGER, "127.0.0.1:8501", {}, 404),
        (STRANGER, "tell.example.org", {"Authorization": "Bearer a long token"}, 200),
        (STRANGER, "tell.example.org", {"Authorization": "Bearer a long tokem"}, 404),
        (STRANGER, "tell.example.org", {"Authorization": "Bearer "}, 404),
    ):
        found = client(asker, name).get("/metrics", headers=headers)
        assert found.status_code == expected, (asker, name, headers)


def test_an_empty_token_opens_nothing(sqlite: str) -> None:
    asked = client(STRANGER).get("/metrics", headers={"Authorization": "Bearer "})
    assert asked.status_code == 404


def test_numbers_count_by_pattern_and_tell_nothing_of_anybody(database: str) -> None:
    place = intake.add_place(SYSTEM, "Testham")
    key = intake.start_draft(RESIDENT, place.code).key
    intake.save_draft(RESIDENT, key, {"what_happened": "Planted words about Mrs Quillfeather.", "consent": ["analyse"]})
    reference = intake.submit(RESIDENT, key).reference
    intake.start_draft(RESIDENT, place.code)
    runs.create(SYSTEM, place.id)
    with write_session() as opened:
        jobs.enqueue(opened, jobs.Kind.LEARN, "7")
    asking = client()
    before = asking.get("/metrics").text
    asking.get(f"/tell/r/{reference}")
    asking.get("/tell/q/what_happened")
    asking.get(f"/nowhere/{key}")
    asking.request("SECRETVERB", "/tell")
    said = asking.get("/metrics")
    assert said.headers["content-type"].startswith("text/plain")
    page = said.text
    for line in (
        "throughline_database_up 1.0",
        "throughline_stories 1.0",
        "throughline_drafts 1.0",
        'throughline_runs{state="waiting"} 1.0',
        'throughline_jobs{kind="learn",state="waiting"} 1.0',
        'throughline_pool{state="in use"}',
        'throughline_request_seconds_bucket{le="0.005",route="/metrics"}',
    ):
        assert line in page, line
    for route, method, status in (("/tell/q/{page}", "GET", "4xx"), ("/health/ready", "GET", "2xx")):
        counted = f'throughline_requests_total{{method="{method}",route="{route}",status="{status}"}}'
        if route == "/health/ready":
            asking.get(route)
            page = asking.get("/metrics").text
        assert _value(page, counted) == _value(before, counted) + 1
    assert 'route="none"' in page
    assert 'method="other"' in page
    for secret in (reference, key, "Quillfeather", "Testham", "SECRETVERB", "127.0.0.1"):
        assert secret not in page


def _value(page: str, counted: str) -> float:
    return next((float(line.rsplit(" ", 1)[1]) for line in page.splitlines() if line.startswith(counted)), 0.0)


def test_numbers_about_requests_are_there_while_the_database_is_away(
    sqlite: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    setting(monkeypatch, database_url="postgresql+psycopg://nobody@127.0.0.1:1/nothing")
    page = client().get("/metrics").text
    assert "throughline_database_up 0.0" in page
    assert "throughline_stories" not in page
    assert "throughline_requests_total" in page


STOPPED = """
import asyncio, os, signal, time
from insight.operations import health
from pages.operations import saying_when_it_stops
from tests.pages.test_operations import client
stopped = []
signal.signal(signal.SIGTERM, lambda *_told: stopped.append(time.monotonic()))
async def live():
    with saying_when_it_stops():
        told = time.monotonic()
        os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.sleep(0.1)
        assert health.checks()["running"] is False and not stopped
        await asyncio.sleep(0.6)
        return told
told = asyncio.run(live())
print(client().get("/health/ready").status_code, stopped[0] - told)
"""


def test_told_to_stop_it_is_not_ready_first_and_stops_a_little_later(
    sqlite: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a process of its own: signals come to its main thread, and the loop of Chromium's driver is not in the way."""
    setting(monkeypatch, drain_seconds="0.3")
    done = subprocess.run([sys.executable, "-c", STOPPED], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    ready, later = done.stdout.split()
    assert ready == "503" and 0.3 <= float(later) < 0.7
