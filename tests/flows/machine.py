"""A machine of its own for the product: folders that can be looked through, its server, commands, and browsers."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect
from websockets.typing import Origin

from insight.settings import ROOT


class Machine:
    """One machine's folders, and the product that runs on it, with a database of its own unless another is named."""

    def __init__(self, folder: Path, url: str = "") -> None:
        self.folder = folder
        self.data, self.home, self.temporary, self.logs = (folder / name for name in ("data", "home", "tmp", "logs"))
        for made in (self.data, self.home, self.temporary, self.logs):
            made.mkdir()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("INSIGHT_", "XDG_"))},
            "HOME": str(self.home),
            "TMPDIR": str(self.temporary),
            "INSIGHT_DATABASE_URL": url or f"sqlite:///{self.data / 'insight.db'}",
            "INSIGHT_TEXT_KEYS_FILE": str(self.data / "text.keys"),
            "INSIGHT_SECRET_KEY_FILE": str(self.data / "secret.key"),
            "INSIGHT_BACKUP_KEY_FILE": str(self.data / "backup.key"),
            "INSIGHT_DEMO_MODE": "1",
        }
        self.server: subprocess.Popen[str] | None = None
        self.clients: list[httpx.Client] = []

    def run(self, *command: str, told: str = "") -> str:
        """Run Python on this machine; gives what it printed."""
        with (self.logs / "commands.log").open("a") as log:
            done = subprocess.run(
                [sys.executable, *command],
                check=False,
                input=told,
                cwd=ROOT,
                env=self.environment,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
            log.write(done.stdout)
        assert done.returncode == 0, (self.logs / "commands.log").read_text()[-3000:]
        return done.stdout

    def serve(self, script: str, told: str) -> None:
        """Start the product by a script that is told something, and wait until it answers."""
        with (self.logs / "server.log").open("a") as log:
            command = [sys.executable, "-c", script, "serve", "--port", str(self.port)]
            self.server = subprocess.Popen(
                command, cwd=ROOT, env=self.environment, stdin=subprocess.PIPE, stdout=log, stderr=log, text=True
            )
        assert self.server.stdin is not None
        self.server.stdin.write(told)
        self.server.stdin.close()
        for _turn in range(600):
            try:
                httpx.get(f"http://127.0.0.1:{self.port}/health/live", timeout=2).raise_for_status()
                return
            except httpx.HTTPError:
                assert self.server.poll() is None, (self.logs / "server.log").read_text()[-3000:]
                time.sleep(0.1)
        pytest.fail("the server was not up within a minute")

    def end(self, how: signal.Signals) -> None:
        """End the server by a signal."""
        assert self.server is not None
        self.server.send_signal(how)
        self.server.wait(20)

    def open_files(self) -> Iterator[tuple[str, bytes]]:
        """What stands in the files that the server has open just now, also in those whose name is gone already."""
        assert self.server is not None
        for held in Path(f"/proc/{self.server.pid}/fd").iterdir():
            try:
                if held.readlink().is_relative_to(self.folder) and held.is_file():
                    yield str(held.readlink()), held.read_bytes()
            except OSError:
                continue  # it was closed meanwhile


class Browser:
    """A browser without JavaScript for the form, and the line to a Streamlit screen."""

    def __init__(self, machine: Machine, role: str = "resident") -> None:
        self.host = f"127.0.0.1:{machine.port}"
        self.cookie = f"throughline_demo_role={role}"
        self.client = httpx.Client(
            base_url=f"http://{self.host}", headers={"Accept-Language": "en"}, follow_redirects=True, timeout=30
        )
        machine.clients.append(self.client)

    def post(self, path: str, page: str = "", **fields: str) -> httpx.Response:
        """Send a form with the token of the page that it stands on."""
        token = re.search(r'name="token" value="([^"]+)"', self.client.get(page or path).text)
        answer = self.client.post(path, data={"token": token[1] if token else "", "go": "on"} | fields)
        assert answer.status_code < 500, answer.text
        return answer

    def screen(self, name: str, query: str = "", then: Callable[[str], None] | None = None) -> str:
        """Draw a screen; gives all that is sent to the browser. ``then`` hears the session's number meanwhile."""
        asked = BackMsg(rerun_script=ClientState(page_name=name, query_string=query))
        headers = {"Cookie": self.cookie}
        came, session = b"", ""
        line = connect(
            f"ws://{self.host}/_stcore/stream",
            origin=Origin(f"http://{self.host}"),
            additional_headers=headers,
            max_size=None,
        )
        with line:
            line.send(asked.SerializeToString())
            while True:
                part = line.recv(timeout=30, decode=False)
                came += part
                message = ForwardMsg.FromString(part)
                session = message.new_session.initialize.session_id or session
                if message.WhichOneof("type") == "script_finished":
                    break
            if then is not None:
                then(session)
        return came.decode("utf-8", "replace")
