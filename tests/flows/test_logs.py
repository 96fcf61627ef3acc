"""A served product, walked through for a day: its log and its answers hold none of what was planted in it."""

import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from websockets.sync.client import connect
from websockets.typing import Origin

ROOT = Path(__file__).resolve().parents[2]
WORDS = "Mrs Featherstonehaugh of Marigold Cottage"
EMAIL, ADDRESS, REQUEST = "f.haugh@marigold.example", "203.0.113.77", "proxy-number-0001"
FAULTY_SCREEN = """
import os

raise ValueError(os.environ["PLANTED"])
"""
SERVER = """
import logging, sys
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st
import uvicorn
from starlette.routing import Route

from insight import intake
from insight.access import SYSTEM
from insight.database import prepare
from pages.doors import middleware, script_failed, set_up_logs, set_up_streamlit
from pages.form.routes import routes as form

WORDS, screen, port = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])


async def fail(_request):
    logging.getLogger("sqlalchemy.pool").error("a connection failed for %s", WORDS)
    raise ValueError(WORDS)


@asynccontextmanager
async def life(_app):
    prepare()
    intake.add_place(SYSTEM, "Testham")
    set_up_logs()
    set_up_streamlit()
    yield


app = st.App(
    screen, routes=[*form, Route("/fail/{words}", fail)], middleware=middleware, lifespan=life,
    on_script_error=script_failed,
)
uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning", access_log=False, proxy_headers=False,
            server_header=False)
"""


class Served:
    """The running product, and what it wrote."""

    def __init__(self, port: int, log: Path) -> None:
        self.host, self.log = f"127.0.0.1:{port}", log
        self.walker = httpx.Client(
            base_url=f"http://{self.host}",
            headers={"X-Forwarded-For": ADDRESS, "X-Request-ID": REQUEST, "Accept-Language": "en"},
            follow_redirects=True,
        )

    def post(self, path: str, **fields: str) -> httpx.Response:
        """A form with the token of the page that is shown at its path."""
        token = re.search(r'name="token" value="([^"]+)"', self.walker.get(path).text)
        return self.walker.post(path, data={"token": token[1] if token else "", "go": "on"} | fields)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The doors, the form, and a screen that fails, served as in production from a database of its own."""
    folder = tmp_path_factory.mktemp("served")
    (folder / "screen.py").write_text(FAULTY_SCREEN, "utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = os.environ | {
        "INSIGHT_DATABASE_URL": f"sqlite:///{folder / 'served.db'}",
        "INSIGHT_TRUSTED_PROXIES": "127.0.0.1",
        "INSIGHT_SECRET_KEY": "a secret of this test",
        "PLANTED": WORDS,
    }
    command = [sys.executable, "-c", SERVER, WORDS, str(folder / "screen.py"), str(port)]
    with (folder / "log.txt").open("w") as log:
        server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
    try:
        _wait(server, port, folder / "log.txt")
        made = Served(port, folder / "log.txt")
        yield made
        made.walker.close()
    finally:
        server.terminate()
        server.wait(10)


def _wait(server: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    for _turn in range(300):
        if server.poll() is not None:
            pytest.fail("the server died: " + log.read_text()[-2000:])
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail("the server was not up within 30 seconds")


def run_the_screen(served: Served) -> bytes:
    """Open the failing screen as a browser does; gives all that is sent to it."""
    asked = BackMsg(rerun_script=ClientState(query_string=f"draft={WORDS}"))
    came, until = b"", time.monotonic() + 20
    with connect(f"ws://{served.host}/_stcore/stream", origin=Origin(f"http://{served.host}"), max_size=None) as line:
        line.send(asked.SerializeToString())
        while b"went wrong" not in came and time.monotonic() < until:
            came += line.recv(timeout=20, decode=False)
    return came


def lines_of(log: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.read_text("utf-8").splitlines() if line.startswith("{")]


def test_a_day_leaves_no_word_of_anybody_in_the_log_and_none_of_a_fault_in_an_answer(served: Served) -> None:
    walker = served.walker
    walker.get(f"/tell?from={EMAIL}")
    served.post("/tell")
    served.post("/tell/q/what_happened", what_happened=f"{WORDS} {EMAIL}")
    later = walker.get("/tell/later").text
    words = re.findall(r"<li>([a-z]+)</li>", later)
    assert len(words) == 4
    walker.get(f"/tell/r/{'-'.join(words)}")
    served.post("/tell/resume", words=" ".join(words))
    served.post("/tell/check")
    sent = served.post("/tell/send")
    reference = re.search(r"[A-Z0-9]{3}-[A-Z0-9]{3}-[A-Z0-9]{4}", sent.text)
    assert reference is not None
    served.post("/tell/receipt", reference=reference[0])
    walker.get("/tell/receipt/my-journey.json")
    served.post("/tell/receipt", reference=WORDS)
    walker.get(f"/share?draft={WORDS}")
    walker.get(f"/{WORDS}")
    failed = walker.get(f"/fail/{WORDS}")
    drawn = run_the_screen(served)
    with connect(f"ws://{served.host}/_stcore/stream", origin=Origin(f"http://{served.host}")) as line:
        line.send(WORDS)  # a text frame, which Streamlit does not take
        with pytest.raises(Exception, match="received 1"):
            while True:
                line.recv(timeout=10)

    assert failed.status_code == 500
    for answer in (failed.text, drawn.decode("utf-8", "replace")):
        assert "went wrong on our side" in answer
        assert not re.search(r"Featherstonehaugh|ValueError|Traceback|\.py\b|/work|site-packages", answer)

    text = served.log.read_text("utf-8")
    assert [line for line in text.splitlines() if not line.startswith("{")] == []
    planted = [
        WORDS,
        "Featherstonehaugh",
        "Marigold",
        EMAIL,
        ADDRESS,
        "127.0.0.1",
        reference[0],
        *(f'"{w}"' for w in words),
    ]
    planted += ["-".join(words), " ".join(words), "?draft", "from="]
    assert [one for one in planted if one in text] == []

    told = [line for line in lines_of(served.log) if line["message"] == "request"]
    assert {line["route"] for line in told} >= {
        "/tell",
        "/tell/r/{words}",
        "/tell/q/{page}",
        "/fail/{words}",
        "/share",
        "other",
    }
    assert {line["role"] for line in told if line["route"].startswith("/tell")} == {"resident"}
    assert all(line["request"] == REQUEST for line in told if line["route"].startswith("/tell"))
    faults = [line for line in lines_of(served.log) if "fault" in line]
    assert len(faults) >= 2, "the page's and the screen's"
    assert any(line["message"] == "a connection failed for %s" for line in lines_of(served.log))


def test_who_serves_is_not_said(served: Served) -> None:
    answer = served.walker.get("/tell")
    assert "server" not in answer.headers
    assert answer.headers["x-request-id"] == REQUEST
