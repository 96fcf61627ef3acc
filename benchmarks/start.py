"""How fast the product starts, and what the resident path weighs: ``python benchmarks/start.py``.

Starts the server on an empty place, waits for a healthy answer, then has one visitor open the form over Streamlit's own
websocket, and reads the process's resident memory. Prints seconds and megabytes.
"""

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PLACE = """
from insight.database import prepare
prepare()
from insight import intake
from insight.access import SYSTEM
intake.add_place(SYSTEM, "Testham", organisations=[("Testham Council", "council")],
                 services=[intake.NewService("housing", "Housing advice", "Testham Council")])
"""


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def megabytes(pid: int) -> float:
    """Resident memory of a process (Linux)."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    raise ProcessLookupError(pid)


def visit(port: int, path: str, times: int) -> None:
    """Open a page as a browser's websocket does, and let it run again a few times."""
    from streamlit.proto.BackMsg_pb2 import BackMsg
    from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
    from websockets import Origin, Subprotocol
    from websockets.sync.client import connect

    address, origin = f"ws://127.0.0.1:{port}/_stcore/stream", Origin(f"http://127.0.0.1:{port}")
    with connect(address, subprotocols=[Subprotocol("streamlit")], origin=origin, max_size=None) as channel:
        for _ in range(times):
            message = BackMsg()
            message.rerun_script.page_name = path
            channel.send(message.SerializeToString())
            while True:
                answer = channel.recv()
                assert isinstance(answer, bytes)
                if ForwardMsg.FromString(answer).WhichOneof("type") == "script_finished":
                    break


def main() -> None:
    """Measure a few cold starts, and the memory of one server after visits to the form."""
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"INSIGHT_DATABASE_URL": f"sqlite:///{folder}/start.db", "INSIGHT_DEMO_MODE": "0"}
        subprocess.run([sys.executable, "-c", PLACE], cwd=ROOT, env=environment, check=True)
        for attempt in range(3):
            port = free_port()
            started = time.perf_counter()
            server = subprocess.Popen(
                [sys.executable, "-m", "insight", "serve", "--port", str(port)],
                cwd=ROOT,
                env=environment,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            while True:
                try:
                    with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=1):
                        break
                except OSError:
                    time.sleep(0.02)
            print(f"start {attempt + 1}: healthy after {time.perf_counter() - started:.2f} s")
            if attempt == 2:
                visit(port, "share", 20)
                print(f"memory after 20 runs of the form: {megabytes(server.pid):.0f} MB")
            server.terminate()
            server.wait(10)


if __name__ == "__main__":
    main()
