"""Between proxy and app: https with a certificate of a place and nothing less, and one view of where a message ends."""

import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from websockets.sync.client import connect
from websockets.typing import Origin

from deploy import alive
from insight.commands.serving import serve
from insight.errors import NotReady
from insight.settings import ROOT, settings
from tests.flows.authority import Authority
from tests.flows.behind_nginx import MAIN, NGINX, Place, free_port, until

NAME = "throughline.internal"


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the app's certificate, and with the authority of another one."""
    folder = tmp_path_factory.mktemp("tls")
    for name in ("app", "other"):
        Authority(folder, name).certificate(name, NAME)
    return folder


@pytest.fixture(scope="module")
def place(files: Path, migrated_sqlite: Path) -> Iterator[Place]:
    """One process of the app that speaks https."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setenv("INSIGHT_DATABASE_URL", f"sqlite:///{files / 'served.db'}")
        monkeypatch.setenv("INSIGHT_TLS_CERTIFICATE", str(files / "app.pem"))
        monkeypatch.setenv("INSIGHT_TLS_KEY", str(files / "app.key"))
        monkeypatch.setenv("INSIGHT_TRUSTED_PROXIES", "127.0.0.1")
        made, port = Place(files), free_port()
        made.start_app(port)
        monkeypatch.setenv("INSIGHT_PORT", str(port))
        try:
            until(lambda: answers(f"https://127.0.0.1:{port}/health/live"), 60, "the app answers by https", made.log)
            yield made
        finally:
            made.stop()


def answers(url: str, status: int = 200) -> bool:
    """Whether somebody answers there, and with this status."""
    with suppress(httpx.HTTPError):
        return httpx.get(url, verify=False, timeout=5).status_code == status
    return False


def trusting(files: Path, authority: str) -> ssl.SSLContext:
    """What a program needs that trusts one authority alone."""
    return ssl.create_default_context(cafile=files / f"{authority}-ca.pem")


def test_the_app_speaks_https_and_no_http_with_a_certificate_of_a_place(place: Place, files: Path) -> None:
    (port,) = place.apps
    with httpx.Client(verify=trusting(files, "app")) as ours:
        asked = ours.build_request("GET", f"https://127.0.0.1:{port}/sign-in", extensions={"sni_hostname": NAME})
        answer = ours.send(asked)
    assert answer.status_code == 200
    assert answer.headers["strict-transport-security"]
    with pytest.raises(httpx.RemoteProtocolError):
        httpx.get(f"http://127.0.0.1:{port}/health/live")
    with (
        httpx.Client(verify=trusting(files, "other")) as theirs,
        pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"),
    ):
        theirs.send(asked)
    alive.AT = f"127.0.0.1:{port}"
    alive.main()


@pytest.fixture(scope="module")
def nginx(place: Place, files: Path) -> int:
    """nginx before the app; gives a port of it at which it trusts another authority than the app's."""
    if NGINX is None:
        pytest.skip("needs nginx: apt install nginx")
    (port,), others = place.apps, free_port()
    start_nginx(place, files, port, others)
    until(lambda: answers(f"{place.url}/metrics", 404), 20, "nginx is up", place.log)
    return others


def test_nginx_asks_the_app_by_https_and_believes_its_authority_alone(place: Place, nginx: int) -> None:
    refused = httpx.get(
        f"http://127.0.0.1:{nginx}/sign-in"
    )  # asked first: it would go on by a connection of the other's
    assert refused.status_code == 502
    assert answers(f"{place.url}/sign-in")
    asked = BackMsg(rerun_script=ClientState(query_string=""))
    with connect(f"ws://127.0.0.1:{place.port}/_stcore/stream", origin=Origin(place.url), max_size=None) as line:
        line.send(asked.SerializeToString())
        assert line.recv(timeout=20, decode=False), "a screen answers over the websocket"


FORM = b"POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
HIDDEN = b"GET /account HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
UNCLEAR = {
    "two ways": b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + HIDDEN,
    "two ways, the other first": b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n" + HIDDEN,
    "two lengths": b"Content-Length: 0\r\nContent-Length: 45\r\n\r\n" + HIDDEN,
    "an unknown way": b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + HIDDEN,
    "less than nothing": b"Content-Length: -1\r\n\r\n" + HIDDEN,
}


@pytest.mark.parametrize("how", UNCLEAR)
def test_a_message_whose_end_is_unclear_is_refused_by_both(place: Place, nginx: int, how: str) -> None:
    def told(line: socket.socket) -> bytes:
        line.settimeout(10)
        line.sendall(FORM + UNCLEAR[how])
        return b"".join(iter(lambda: line.recv(65_536), b""))

    (port,) = place.apps
    context = ssl._create_unverified_context()
    with socket.create_connection(("127.0.0.1", place.port)) as line:
        by_nginx = told(line)
    with socket.create_connection(("127.0.0.1", port)) as line, context.wrap_socket(line) as sealed:
        by_app = told(sealed)
    for answer in (by_nginx, by_app):
        assert answer[9:12] in (b"400", b"501"), answer[:200]
        assert answer.count(b"HTTP/1.1 ") == 1, "the message that hides in it is not answered"


def start_nginx(place: Place, files: Path, app: int, others: int) -> None:
    """nginx with the product's files, changed as inside.conf says; on another port with another authority."""
    assert NGINX is not None
    for name in ("upstreams.conf", "locations.conf", "inside.conf"):
        told = (ROOT / "deploy" / "nginx" / name).read_text("utf-8")
        told = told.replace("127.0.0.1:8501", f"127.0.0.1:{app}").replace("127.0.0.1:8502", f"127.0.0.1:{app}")
        told = told.replace("proxy_pass http://", "proxy_pass https://").replace("/var/log/nginx", str(files))
        told = told.replace("/etc/nginx/throughline/inside-ca.pem", str(files / "app-ca.pem"))
        (files / name).write_text(told.replace("/etc/nginx/throughline", str(files)), "utf-8")
    wrong = (files / "inside.conf").read_text("utf-8").replace("app-ca.pem", "other-ca.pem")
    (files / "wrong.conf").write_text(wrong, "utf-8")
    (files / "away.html").write_text("away", "utf-8")
    told = MAIN.format(folder=files, port=place.port, user=subprocess.getoutput("id -un"))
    server = f"include {files}/locations.conf; }}"
    one, end = told.rsplit(server, 1)
    second = f"server {{ listen 127.0.0.1:{others}; include {files}/wrong.conf; {server}"
    (files / "nginx.conf").write_text(f"{one}include {files}/inside.conf; {server}\n{second}{end}", "utf-8")
    place.others.append(place.run(NGINX, "-p", str(files), "-c", str(files / "nginx.conf")))


@pytest.mark.parametrize(
    ("held", "key"), [("app.pem", "other.key"), ("app.pem", ""), ("", "app.key"), ("no.pem", "no")]
)
def test_a_certificate_that_cannot_be_used_is_told_at_the_start(
    files: Path, held: str, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INSIGHT_TLS_CERTIFICATE", held and str(files / held))
    monkeypatch.setenv("INSIGHT_TLS_KEY", key and str(files / key))
    settings.cache_clear()
    try:
        with pytest.raises(NotReady, match="INSIGHT_TLS_CERTIFICATE"):
            serve(None, None, demo=False)
    finally:
        settings.cache_clear()
