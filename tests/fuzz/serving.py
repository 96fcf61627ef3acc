"""The product as a process of its own, whose log is read while it is attacked."""

import asyncio
import os
import socket
import subprocess
import sys
import urllib.request
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.fuzz.oracle import is_fault
from tests.fuzz.payloads import MARK
from tests.fuzz.tally import TELLS, UNHANDLED, Tally

ROOT = Path(__file__).resolve().parents[2]


@dataclass(slots=True)
class Served:
    """The running product."""

    port: int
    log: Path
    process: "subprocess.Popen[bytes]"
    read: int = 0

    @property
    def host(self) -> str:
        """Its name and port."""
        return f"127.0.0.1:{self.port}"

    def lives(self) -> bool:
        """Whether it still answers."""
        try:
            with urllib.request.urlopen(f"http://{self.host}/health/live", timeout=20) as answer:
                return bool(answer.status == 200) and self.process.poll() is None
        except OSError:
            return False

    def look(self, tally: Tally, case: object, secrets: list[str]) -> None:
        """Find faults, and anything that may not be logged, in what was logged since the last look."""
        with self.log.open("rb") as told:
            told.seek(self.read)
            came = told.read()
        whole = came[: came.rfind(b"\n") + 1]
        self.read += len(whole)
        for line in whole.decode("utf-8", "replace").splitlines():
            if not line.startswith("{") or is_fault('"level": "error"' in line or '"level": "critical"' in line, line):
                tally.note(UNHANDLED, case, f"logged: {line[:160]} ... {line[-500:]}")
            if MARK in line or any(secret in line for secret in secrets):
                tally.note(TELLS, case, f"in the log: {line[:300]}")


@asynccontextmanager
async def served(folder: Path) -> AsyncIterator[Served]:
    """The product, served as in production until the attack is over."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with (folder / "served.txt").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-c", SERVER, str(port)], cwd=ROOT, env=os.environ, stdout=log, stderr=log
        )
    made = Served(port, folder / "served.txt", process)
    try:
        for _turn in range(300):
            if await asyncio.to_thread(made.lives):
                break
            await asyncio.sleep(0.2)
        else:
            raise RuntimeError(f"the server did not start: {made.log.read_text('utf-8', 'replace')[-2_000:]}")
        yield made
    finally:
        process.terminate()
        process.wait(30)


SERVER = """
import sys, uvicorn
from tests.fuzz import world
world.cheapen()
uvicorn.run("app:app", host="127.0.0.1", port=int(sys.argv[1]), log_level="warning", access_log=False,
            proxy_headers=False, server_header=False)
"""
