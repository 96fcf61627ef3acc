"""What one rerun of the resident's Streamlit page costs: ``python benchmarks/share_rerun.py`` (Linux).

Serves the product twice on a small place with one draft: untuned, which is how Streamlit comes (garbage collected after
each rerun, nothing frozen), and as shipped. Over Streamlit's own websocket one visitor changes an input of each kind of
page again and again, then goes forwards and back by button, which saves each time. Prints the server's CPU time per
rerun in milliseconds for both, and how many times less the shipped one takes.
"""

import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from websockets import Origin, Subprotocol
from websockets.sync.client import ClientConnection, connect

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.start import ROOT, free_port

WARM, TIMES = 20, 150
PAGES = {
    "a choice": {"page": "need"},
    "a long text": {"page": "what_happened"},
    "a step": {"page": "steps", "step": "2", "part": "where"},
    "checking": {"page": "check"},
}
DRAFT = """
from insight import intake
from insight.access import RESIDENT, SYSTEM
from insight.database import prepare
prepare()
names = [f"Service number {number}" for number in range(60)]
intake.add_place(SYSTEM, "Testham", organisations=[("Testham Council", "council")],
                 services=[intake.NewService(f"s{i}", name, "Testham Council") for i, name in enumerate(names)])
key = intake.start_draft(RESIDENT).key
steps = [{"service": name, "channel": "phone", "feeling": "-2", "note": "They said no."} for name in names[:4]]
intake.save_draft(RESIDENT, key, {"need": "housing", "what_happened": "I waited. " * 60, "steps": steps})
print(key)
"""
UNTUNED = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
from contextlib import asynccontextmanager
import streamlit as st
from streamlit import config
from insight.database import prepare
from pages.doors import middleware
from pages.sign_in import routes

@asynccontextmanager
async def life(app):
    prepare()
    config.set_option("runner.postScriptGC", True)  # its default; .streamlit/config.toml turns it off
    yield

app = st.App({str(ROOT / "pages" / "main.py")!r}, routes=routes, middleware=middleware, lifespan=life)
"""


@contextmanager
def served(application: str, environment: dict[str, str], folder: str) -> Iterator[tuple[int, int]]:
    """A server of its own; gives its port and process id."""
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "--app-dir", folder, application]
    server = subprocess.Popen(
        [*command, "--port", str(port)], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        while True:
            if server.poll() is not None:
                raise ChildProcessError(f"the server did not start; try: uvicorn --app-dir {folder} {application}")
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=1):
                    break
            except OSError:
                time.sleep(0.05)
        yield port, server.pid
    finally:
        server.terminate()
        server.wait(10)


def cpu_milliseconds(pid: int) -> float:
    """CPU time of a process so far, its own and the kernel's for it."""
    after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(after_name[11]) + int(after_name[12])) / os.sysconf("SC_CLK_TCK") * 1000


class Visit:
    """One visitor's websocket, the address they are at, and the inputs that stand on the page."""

    def __init__(self, channel: ClientConnection, key: str) -> None:
        self.channel = channel
        self.key = key
        self.query = ""
        self.inputs: dict[str, Element] = {}

    def open(self, page: dict[str, str]) -> None:
        """Go to a page by its address."""
        self.query = urlencode({"draft": self.key, **page})
        self.rerun()

    def rerun(self, *changed: WidgetState) -> None:
        """Let the page run again, with changed inputs, and read what it draws."""
        message = BackMsg()
        message.rerun_script.page_name = "share"
        message.rerun_script.query_string = self.query
        message.rerun_script.widget_states.CopyFrom(WidgetStates(widgets=changed))
        self.channel.send(message.SerializeToString())
        self.inputs.clear()
        while True:
            answer = self.channel.recv(timeout=30)
            assert isinstance(answer, bytes)
            heard = ForwardMsg.FromString(answer)
            match heard.WhichOneof("type"):
                case "script_finished":
                    return
                case "page_info_changed":
                    self.query = heard.page_info_changed.query_string
                case "delta" if heard.delta.WhichOneof("type") == "new_element":
                    self._notice(heard.delta.new_element)

    def _notice(self, drawn: Element) -> None:
        kind = drawn.WhichOneof("type")
        if kind in ("radio", "text_area", "text_input"):
            self.inputs.setdefault(kind, drawn)
        elif kind == "button":
            self.inputs[drawn.button.label.rpartition(" ")[2]] = drawn

    def change(self, turn: int) -> None:
        """Change the first input of the page, if it has one, and let it run again."""
        if "radio" in self.inputs:
            self.rerun(WidgetState(id=self.inputs["radio"].radio.id, string_value=self._option(turn)))
        elif "text_area" in self.inputs:
            self.rerun(WidgetState(id=self.inputs["text_area"].text_area.id, string_value=f"I waited {turn} weeks."))
        elif "text_input" in self.inputs:
            self.rerun(WidgetState(id=self.inputs["text_input"].text_input.id, string_value=str(1 + turn % 28)))
        else:
            self.rerun()

    def _option(self, turn: int) -> str:
        options = self.inputs["radio"].radio.options
        return str(options[turn % len(options)])

    def press(self, words: str) -> None:
        """Press a button by the last word on it."""
        self.rerun(WidgetState(id=self.inputs[words].button.id, trigger_value=True))


def measured(application: str, environment: dict[str, str], folder: str, key: str) -> dict[str, float]:
    """CPU milliseconds per rerun, by kind of page."""
    with served(application, environment, folder) as (port, pid):
        address, origin = f"ws://127.0.0.1:{port}/_stcore/stream", Origin(f"http://127.0.0.1:{port}")
        with connect(address, subprotocols=[Subprotocol("streamlit")], origin=origin, max_size=None) as channel:
            visit, took = Visit(channel, key), {}
            for name, page in PAGES.items():
                visit.open(page)
                for turn in range(WARM):
                    visit.change(turn)
                before = cpu_milliseconds(pid)
                for turn in range(TIMES):
                    visit.change(turn)
                took[name] = (cpu_milliseconds(pid) - before) / TIMES
            visit.open(PAGES["a choice"])
            before = cpu_milliseconds(pid)
            for _ in range(TIMES // 2):
                visit.press("Continue")
                visit.press("Back")
            took["forwards and back, saving"] = (cpu_milliseconds(pid) - before) / (TIMES // 2 * 2)
            return took


def main() -> None:
    """Measure both, and print them side by side."""
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"INSIGHT_DATABASE_URL": f"sqlite:///{folder}/place.db", "INSIGHT_DEMO_MODE": "0"}
        made = subprocess.run(
            [sys.executable, "-c", DRAFT], cwd=ROOT, env=environment, check=True, capture_output=True, text=True
        )
        key = made.stdout.strip()
        (Path(folder) / "untuned.py").write_text(UNTUNED)
        before = measured("untuned:app", environment, folder, key)
        after = measured("app:app", environment, str(ROOT), key)
    print(f"{'CPU ms per rerun':<28}{'untuned':>9}{'shipped':>9}{'ratio':>7}")
    for name in before:
        print(f"{name:<28}{before[name]:>9.1f}{after[name]:>9.1f}{before[name] / after[name]:>7.1f}")
    print(f"dearest page as shipped: {max(after.values()):.1f} ms (to be at most 15)")


if __name__ == "__main__":
    main()
