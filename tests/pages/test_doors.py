"""What every request passes through: names, proxies, headers, rates, bodies and faults, each met from the outside."""

import asyncio
import json
import logging
import re
from collections.abc import Awaitable, Iterator
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.types import Message, Scope
from starlette.websockets import WebSocket, WebSocketDisconnect
from streamlit.web.server.starlette.starlette_static_routes import create_streamlit_static_assets_routes

from insight import intake, limits
from insight.access import SYSTEM
from insight.language import LANGUAGES
from insight.settings import settings
from pages.doors import client_address, hosts, middleware
from pages.doors import limits as bodies
from pages.doors.faults import Broken, KindFaults
from pages.doors.logs import JsonLines, route_of
from pages.doors.proxies import TrustedProxies
from pages.form.routes import routes as form
from pages.kit.menu import PAGES
from tests.loops import run_apart

SECRET = "Precious words of somebody"
HERE = "http://127.0.0.1:8501"


async def echo(request: Request) -> Response:
    told = {"address": client_address(request.scope), "scheme": request.url.scheme, "headers": request.headers.keys()}
    answer = JSONResponse(told, headers={"Server": "somebody"})
    answer.set_cookie("one", "1", httponly=True)
    return answer


async def fail(_request: Request) -> Response:
    raise ValueError(SECRET)


async def fail_halfway(_request: Request) -> Response:
    async def parts() -> Any:
        yield b"half"
        raise ValueError(SECRET)

    return StreamingResponse(parts())


async def read(request: Request) -> Response:
    return PlainTextResponse(str(len(await request.body())))


async def talk(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.send_text("welcome")
    await websocket.close()


PLANTED = [
    Route("/survey2", echo),
    Route("/share-more", echo),
    Route("/fail", fail),
    Route("/half", fail_halfway),
    Route("/read", read, methods=["POST"]),
    WebSocketRoute("/talk", talk),
]


def served(at: str = HERE, peer: str = "198.51.100.7", **more: Any) -> TestClient:
    """The doors before the form, Streamlit's own files, and some routes that show what came through."""
    app = Starlette(
        routes=[*form, *PLANTED, *create_streamlit_static_assets_routes(base_url="")], middleware=middleware
    )
    return TestClient(app, base_url=at, client=(peer, 50000), headers={"Accept-Language": "en"} | more)


async def whole(answer: Awaitable[None]) -> None:
    await answer


@pytest.fixture
def doors(sqlite: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """A place behind the doors; the settings may be changed for one test."""
    intake.add_place(SYSTEM, "Testham", organisations=[("Testham Council", "council")])
    for name in ("ALLOWED_HOSTS", "TRUSTED_PROXIES", "PUBLIC_URL", "REQUESTS_PER_ADDRESS", "DEMO_MODE", "HOST"):
        monkeypatch.delenv(f"INSIGHT_{name}", raising=False)
    limits._kept.clear()
    settings.cache_clear()
    yield monkeypatch
    limits._kept.clear()


def setting(doors: pytest.MonkeyPatch, **told: Any) -> None:
    for name, value in told.items():
        doors.setenv(f"INSIGHT_{name.upper()}", str(value))
    settings.cache_clear()


# --- Names --------------------------------------------------------------------------------------------------------


OURS = ["127.0.0.1:8501", "localhost", "LOCALHOST:80", "[::1]:8501", "tell.example.gov.uk", "tell.example.gov.uk.",
        "Other.example:443", "one.below.example"]  # fmt: skip
OTHERS = ["evil.example", "127.0.0.1.evil.example", "", "tell.example.gov.uk.evil.example", "eviltell.example.gov.uk",
          "below.example", "a b", "tell.example.gov.uk@evil.example", "tell.example.gov.uk/", "[::1]:x"]  # fmt: skip


def test_only_our_names_are_answered_over_http_and_websockets(doors: pytest.MonkeyPatch) -> None:
    setting(doors, public_url="https://tell.example.gov.uk/", allowed_hosts="other.example, *.below.example")
    client = served()
    for host in OURS:
        assert client.get("/tell", headers={"Host": host}).status_code == 200, host
        with client.websocket_connect("/talk", headers={"Host": host}) as talked:
            assert talked.receive_text() == "welcome"
    for host in OTHERS:
        refused = client.get("/tell", headers={"Host": host})
        assert (refused.status_code, "not the right address" in refused.text) == (400, True), host
        assert host.strip() not in refused.text or not host.strip()
        with pytest.raises(WebSocketDisconnect), client.websocket_connect("/talk", headers={"Host": host}):
            pass
    both = client.get("/tell", headers=[("Host", "127.0.0.1"), ("Host", "evil.example")])
    assert both.status_code == 400


def test_streamlits_own_doors_know_the_same_names_and_limit(doors: pytest.MonkeyPatch) -> None:
    from streamlit import config
    from streamlit.web.server.starlette.starlette_websocket import is_host_allowed

    setting(doors, public_url="https://tell.example.gov.uk", allowed_hosts="*.below.example", upload_limit_mb=7)
    before = {name: config.get_option(name) for name in ("server.allowedHosts", "server.maxUploadSize")}
    try:
        hosts.set_up_streamlit()
        assert config.get_option("server.maxUploadSize") == 7
        for host in ("127.0.0.1:8501", "[::1]:8501", "tell.example.gov.uk", "one.below.example"):
            assert is_host_allowed(host), host
        assert not is_host_allowed("evil.example")
    finally:
        for name, value in before.items():
            config.set_option(name, value)


def test_demo_mode_stays_on_this_machine(doors: pytest.MonkeyPatch) -> None:
    setting(doors, demo_mode=1, public_url="https://tell.example.gov.uk")
    assert served().get("/tell").status_code == 200
    assert served("https://tell.example.gov.uk").get("/tell").status_code == 403
    with pytest.raises(WebSocketDisconnect), served("https://tell.example.gov.uk").websocket_connect("/talk"):
        pass


# --- Proxies ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("trusted", "peer", "told", "address"),
    [
        ("", "10.0.0.5", "203.0.113.9", "10.0.0.5"),
        ("10.0.0.6", "10.0.0.5", "203.0.113.9", "10.0.0.5"),
        ("10.0.0.5", "10.0.0.5", "203.0.113.9", "203.0.113.9"),
        ("10.0.0.0/8", "10.0.0.5", "6.6.6.6, 203.0.113.9, 10.1.1.1", "203.0.113.9"),
        ("10.0.0.5", "10.0.0.5", "203.0.113.9, 10.1.1.1", "10.1.1.1"),
        ("10.0.0.5", "10.0.0.5", "6.6.6.6, 203.0.113.9:4711", "203.0.113.9"),
        ("10.0.0.5", "10.0.0.5", "6.6.6.6, <script>", "10.0.0.5"),
        ("10.0.0.5", "10.0.0.5", "", "10.0.0.5"),
        ("10.0.0.5", "::ffff:10.0.0.5", "203.0.113.9", "203.0.113.9"),
        ("::1", "::1", "[2001:db8:1:2:3::4]:443", "2001:db8:1:2::/64"),
        ("unix", "", "203.0.113.9", "203.0.113.9"),
        ("10.0.0.5", "", "203.0.113.9", "unknown"),
    ],
)
def test_the_address_is_the_rightmost_hop_that_no_trusted_proxy_is(
    doors: pytest.MonkeyPatch, trusted: str, peer: str, told: str, address: str
) -> None:
    setting(doors, trusted_proxies=trusted)
    answer = served(peer=peer).get("/survey2", headers={"X-Forwarded-For": told, "X-Real-IP": "6.6.6.6"})
    assert answer.json()["address"] == address
    assert not {"x-forwarded-for", "x-real-ip"} & set(answer.json()["headers"])


def test_scheme_and_request_number_come_from_trusted_proxies_alone(doors: pytest.MonkeyPatch) -> None:
    setting(doors, trusted_proxies="10.0.0.5")
    told = {"X-Forwarded-Proto": "http, https", "X-Request-ID": "from-the-proxy-1"}
    believed, stranger = served(peer="10.0.0.5").get("/survey2", headers=told), served().get("/survey2", headers=told)
    assert (believed.json()["scheme"], believed.headers["x-request-id"]) == ("https", "from-the-proxy-1")
    assert believed.headers["strict-transport-security"].startswith("max-age=31536000")
    assert believed.headers["set-cookie"].endswith("; Secure")
    assert stranger.json()["scheme"] == "http"
    assert re.fullmatch("[0-9a-f]{16}", stranger.headers["x-request-id"])
    assert "strict-transport-security" not in stranger.headers
    assert "Secure" not in stranger.headers["set-cookie"]
    unreadable = served(peer="10.0.0.5").get("/survey2", headers={"X-Request-ID": 'x" <b>' + "y" * 90})
    assert re.fullmatch("[0-9a-f]{16}", unreadable.headers["x-request-id"])


# --- Headers ------------------------------------------------------------------------------------------------------


def test_a_policy_follows_who_answers_and_never_how_a_path_begins(doors: pytest.MonkeyPatch) -> None:
    """A rule for ``/s`` once met ``/survey2`` too: here stand pages of ours beside screens that begin alike."""
    client = served()
    for path in ("/tell", "/tell/privacy", "/tell/nowhere", "/survey2", "/share-more", "/fail"):
        policy = client.get(path).headers["content-security-policy"]
        assert policy.startswith("default-src 'none'"), path
        assert "unsafe" not in policy, path
    for path in ("/", *(f"/{entry.path}" for entry in PAGES)):
        answer = client.get(path)
        assert "'unsafe-eval'" in answer.headers["content-security-policy"], path
        assert (
            "connect-src 'self' ws://127.0.0.1:8501 wss://127.0.0.1:8501;" in answer.headers["content-security-policy"]
        ), path
        assert answer.headers["cache-control"] == "no-store", path


def test_every_answer_says_what_browsers_may_not_do(doors: pytest.MonkeyPatch) -> None:
    client = served()
    bad = client.get("/", headers={"Host": "evil.example"})
    for answer in (client.get("/tell"), client.get("/"), client.get("/fail"), client.get("/survey2"), bad):
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["cross-origin-opener-policy"] == "same-origin"
        assert answer.headers["cross-origin-resource-policy"] == "same-origin"
        assert "microphone=()" in answer.headers["permissions-policy"]
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert "server" not in answer.headers
        assert answer.headers["cache-control"] == "no-store"


# --- Rates --------------------------------------------------------------------------------------------------------


def test_a_form_that_comes_too_often_is_given_back_in_its_language_and_not_kept(doors: pytest.MonkeyPatch) -> None:
    client = served(**{"Accept-Language": "pl"})
    token = re.search(r'name="token" value="([^"]+)"', client.get("/tell").text)
    assert token is not None
    client.post("/tell", data={"token": token[1]})
    words = "Czekałam trzy tygodnie & nikt nie zadzwonił"
    setting(doors, requests_per_address=20)
    limits._kept.clear()
    for _turn in range(10):  # each leads to another page, which counts too
        last = client.post("/tell/q/what_happened", data={"token": token[1], "what_happened": "wcześniej"})
    assert last.status_code == 200
    last = client.post("/tell/q/what_happened", data={"token": token[1], "what_happened": words})
    assert (last.status_code, 'lang="pl"' in last.text) == (429, True)
    assert 0 < int(last.headers["retry-after"]) <= 601
    assert "Czekałam trzy tygodnie &amp; nikt nie zadzwonił" in last.text
    for _turn in range(20):
        flat = client.post("/tell/q/what_happened", data={"token": token[1], "what_happened": words})
    assert (flat.status_code, words in flat.text) == (429, False), "beyond twice the limit nobody is answered at length"
    assert served(peer="198.51.100.8").get("/tell").status_code == 200, "others go on"
    assert client.get("/static/none.js").status_code != 429, "Streamlit's program is not counted"
    with pytest.raises(WebSocketDisconnect), client.websocket_connect("/talk"):
        pass


def test_a_flood_writes_ten_times_and_other_processes_hear_of_it(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    limits._kept.clear()
    written, add = [], limits._add

    def noted(named: str, window: int, tries: int) -> int:
        written.append(tries)
        return add(named, window, tries)

    monkeypatch.setattr(limits, "_add", noted)

    def ask(now: float = 1_000_000_000.0) -> int:
        tries, tell = limits.count_lightly("requests", "198.51.100.7", 100, 600, now)
        return max(tries, tell() if tell else 0)

    assert [ask() for _turn in range(1_000)][-1] == 1_000
    assert (len(written), sum(written)) == (11, 110), "nothing of what is refused"
    limits._kept.clear()  # another process, which knows of nothing
    assert [ask() > 100 for _turn in range(10)] == [False] * 9 + [True]
    assert ask(1_000_000_600.0) == 1, "the next ten minutes"
    assert limits.forget_old_guesses(now=1_000_200_000.0) == 1


def test_old_tries_are_forgotten_and_new_ones_are_not(database: str) -> None:
    for asker, now in (("a", 1_000_000_000.0), ("b", 1_000_090_000.0)):
        limits.count_try("guess", asker, most=5, seconds=600, now=now)
    assert limits.forget_old_guesses(now=1_000_100_000.0) == 1
    assert limits.count_try("guess", "b", most=5, seconds=600, now=1_000_090_000.0) == 3


# --- Bodies -------------------------------------------------------------------------------------------------------


def test_what_is_too_large_is_refused_by_what_it_says_and_by_what_comes(doors: pytest.MonkeyPatch) -> None:
    client = served()
    assert client.post("/read", content=b"x" * bodies.LARGEST_FORM).text == str(bodies.LARGEST_FORM)
    declared = client.post("/read", content=b"x", headers={"Content-Length": str(bodies.LARGEST_FORM + 1)})
    streamed = client.post("/read", content=(b"x" * 100_000 for _part in range(11)))
    for answer in (declared, streamed):
        assert (answer.status_code, "too long to send" in answer.text) == (413, True)
    setting(doors, upload_limit_mb=3)
    assert bodies.largest("/_stcore/upload_file/a/b") == 3 * 2**20 + bodies.AROUND_A_FILE
    assert bodies.largest("/_stcore/upload_filex") == bodies.LARGEST_FORM


def test_a_body_that_stops_coming_is_not_waited_for(doors: pytest.MonkeyPatch) -> None:
    doors.setattr(bodies, "PATIENCE", 0.05)
    sent: list[Message] = []
    first = iter([{"type": "http.request", "body": b"x", "more_body": True}])

    async def receive() -> Message:
        found = next(first, None)
        if found is None:
            await asyncio.sleep(30)
        return found or {}

    async def send(message: Message) -> None:
        sent.append(message)

    scope: Scope = {
        "type": "http", "method": "POST", "path": "/read", "query_string": b"", "scheme": "http", "root_path": "",
        "headers": [(b"host", b"localhost")], "client": ("198.51.100.7", 1), "server": ("127.0.0.1", 8501),
    }  # fmt: skip
    run_apart(whole(served().app(scope, receive, send)))
    assert sent[0]["status"] == 408
    assert b"too slowly" in sent[1]["body"]


# --- Faults and lines ---------------------------------------------------------------------------------------------


def test_a_fault_ends_in_a_kind_page_with_a_number_and_without_its_words(
    doors: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    lines = JsonLines()
    for code in LANGUAGES:
        with caplog.at_level(logging.INFO, "throughline"):
            answer = served().get("/fail", headers={"Accept-Language": code})
        assert answer.status_code == 500
        assert f'lang="{LANGUAGES[code].tag}"' in answer.text
        assert answer.headers["x-request-id"] in answer.text
        assert not re.search(r"Precious|ValueError|Traceback|\.py|/work", answer.text)
    written = [json.loads(lines.format(record)) for record in caplog.records]
    assert written[0]["fault"] == "ValueError"
    assert any("in fail" in line for line in written[0]["trace"])
    assert "Precious" not in json.dumps([line | {"trace": ""} for line in written])


def test_a_fault_halfway_cuts_the_line_and_tells_nothing(doors: pytest.MonkeyPatch) -> None:
    with pytest.raises(Broken) as broken:
        served().get("/half")
    assert SECRET not in "".join(map(str, (broken.value, broken.value.__cause__)))
    assert broken.value.__suppress_context__


def test_a_fault_in_a_websocket_closes_it(doors: pytest.MonkeyPatch) -> None:
    sent: list[Message] = []

    async def broken(_scope: Scope, _receive: Any, _send: Any) -> None:
        raise ValueError(SECRET)

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    async def send(message: Message) -> None:
        sent.append(message)

    run_apart(whole(KindFaults(broken)({"type": "websocket", "path": "/"}, receive, send)))
    assert sent == [{"type": "websocket.close", "code": 1011}]


def test_a_line_holds_a_librarys_pattern_and_never_its_values() -> None:
    lines = JsonLines()
    record = logging.LogRecord("sqlalchemy.engine", logging.ERROR, "/x/y.py", 5, "failed for %s", (SECRET,), None)
    line = json.loads(lines.format(record))
    assert (line["message"], line["where"]) == ("failed for %s", "y:5")
    record = logging.LogRecord("httpx", logging.ERROR, "/x/y.py", 5, ValueError(SECRET), (), None)
    assert json.loads(lines.format(record))["message"] == "ValueError"
    try:
        try:
            raise KeyError(SECRET)
        except KeyError as fault:
            raise ValueError(SECRET + "!") from fault
    except ValueError as fault:
        made = logging.LogRecord("throughline", 40, "/x/y.py", 5, "kept", (), (ValueError, fault, fault.__traceback__))
    line = json.loads(lines.format(made))
    assert (line["fault"], line["message"]) == ("ValueError after KeyError", "kept")
    assert SECRET not in json.dumps(line)


def test_a_request_is_logged_by_its_pattern(doors: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    client = served()
    with caplog.at_level(logging.INFO, "throughline.requests"):
        for path in ("/tell/r/one-two-three-four?x=1", "/share?draft=secret", f"/{SECRET}", "/static/none.js"):
            client.get(path)
    lines = [vars(record) for record in caplog.records if "route" in vars(record)]
    told = [(line["route"], line["status"], line["role"]) for line in lines]
    assert told[:3] == [("/tell/r/{words}", 200, "resident"), ("/share", 200, "nobody"), ("other", 200, "nobody")]
    assert route_of({"type": "http", "path": "/pain-points/"}) == "/pain-points"


def test_the_warning_of_a_proxy_that_nobody_named_comes_once(
    doors: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    doors.setattr(TrustedProxies, "warned", False)
    for _turn in range(2):
        served().get("/survey2", headers={"X-Forwarded-For": "203.0.113.9"})
    assert len([record for record in caplog.records if "TRUSTED_PROXIES" in record.getMessage()]) == 1
    assert "203.0.113.9" not in caplog.text
