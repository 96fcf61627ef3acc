"""A whole day's use, then every byte that the product wrote is looked through: nobody's words lie anywhere in clear.

The product is served with a data folder, a home and a temporary folder of its own. Each way in and each thing done with
a story has a planted sentence of its own, each with a phone number, and the search is shown to find what was planted.
"""

import base64
import bz2
import gzip
import io
import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import quote, quote_plus

import httpx
import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect
from websockets.typing import Origin

from insight.settings import ROOT

STEM, DIGITS = "Zibble", "07700 9001"  # each planted word and phone number begins so, and nothing else does
MARKS = {  # a word and a phone number for each way in
    "told": (f"{STEM}wick", f"{DIGITS}01"),
    "changed": (f"{STEM}hampton", f"{DIGITS}02"),
    "draft": (f"{STEM}swickle", f"{DIGITS}03"),
    "logged": (f"{STEM}whack", f"{DIGITS}04"),
    "step": (f"{STEM}field", f"{DIGITS}05"),
    "imported": (f"{STEM}golin", f"{DIGITS}06"),
    "uploaded": (f"{STEM}wold", f"{DIGITS}07"),
    "harm": (f"{STEM}guard", f"{DIGITS}08"),
    "note": (f"{STEM}holt", f"{DIGITS}09"),
    "reply": (f"{STEM}ton", f"{DIGITS}10"),
    "why": (f"{STEM}bourne", f"{DIGITS}11"),
    "fault": (f"{STEM}combe", f"{DIGITS}12"),
    "typed": (f"{STEM}shall", f"{DIGITS}13"),
}
SAID = {
    name: f"The {word} letter to Mrs Smith of LS1 4AP, phone {phone}, was awful, I could not understand its jargon."
    for name, (word, phone) in MARKS.items()
}
SAID["harm"] = f"My husband hits me at {MARKS['harm'][0]} House and I am afraid, ring {MARKS['harm'][1]}."
BIG = 3 * 2**20  # bytes of an upload: three times what Starlette keeps in memory unless it is told otherwise
SERVER = """
import logging, sys
from insight import intake, receipts
from insight.access import RESIDENT, SYSTEM
from insight.cli import run
from insight.database import prepare
from pages import heard

prepare()
intake.add_place(SYSTEM, "Testham")
which = ("council", "second", "last", "blue", "longest", "newest", "rent", "grey", "first", "thin", "late", "June")
letters = [f"The {one} letter was awful, I could not understand its jargon and codes." for one in which]
calls = [f"On {one} calls nobody answered the phone, I waited in the queue for an hour." for one in which]
for said in letters + calls:
    key = intake.start_draft(RESIDENT).key
    intake.save_draft(RESIDENT, key, {"what_happened": said, "consent": ["analyse", "quote"]})
    intake.submit(RESIDENT, key)

words = sys.stdin.read()

def fail(*_asked, **_told):
    logging.getLogger("sqlalchemy.pool").error("a connection failed for %s", words)
    raise ValueError(words)

heard.render = fail
receipts.download = lambda actor, reference, kind, real=receipts.download: (
    fail() if kind == "html" else real(actor, reference, kind))
run()
"""
STAFF = """
import json, sys, time
from insight import coding, codebook, intake, moderation, painpoints, receipts, runs, safeguarding
from insight.access import RESIDENT, SYSTEM, Actor, Role
from insight.coding import interchanging
from insight.intake.importing import import_file
from insight.search import search

said = json.load(sys.stdin)
frontline, designer = Actor(Role.FRONTLINE, "worker one"), Actor(Role.DESIGNER, "designer one")
moderator, lead = Actor(Role.MODERATOR, "moderator one"), Actor(Role.SAFEGUARDING, "lead one")
place = intake.current_place()
answers = {"consent": ["analyse", "quote"], "consent_how": "verbal", "source": "staff_phone"}
intake.log_story(frontline, place, "one", {**answers, "what_happened": said["logged"],
                                           "steps": [{"note": said["step"], "feeling": "-2"}]})
intake.log_story(frontline, place, "two", {**answers, "what_happened": said["harm"]})
table = f'Comment\\n"{said["imported"]}"\\n"The letter was awful."\\n"The jargon was awful."\\n'
report = import_file(designer, place, table.encode(), basis="A survey with consent", guess=True, quotes=True)
assert report.added == 3, report

concern = next(item for item in safeguarding.queue(lead, place))
reading = safeguarding.read(lead, concern.id)
assert "hits me" in str(reading.story)
safeguarding.decide(lead, concern.id, safeguarding.Decision.RELEASE, said["note"], reading.item.seen)
waiting = [one for page in (1, 2) for one in moderation.queue(moderator, place, page=page).items]
opened = [moderation.read(moderator, place, story.story_id) for story in waiting]
assert said["logged"] in str(opened)
moderation.accept(moderator, place, opened[-1].story_id, opened[-1].seen)
waiting, _many = receipts.waiting_for_reply(designer, place)
receipts.answer(designer, place, waiting[0].number, said["reply"])

run = runs.start(designer, place.id, {"resolution": 0.1})
until = time.monotonic() + 60
under_way = {runs.RunStatus.WAITING, runs.RunStatus.RUNNING}
while (state := runs.get(designer, run.id)).status in under_way and time.monotonic() < until:
    time.sleep(0.1)
assert state.status is runs.RunStatus.DONE, state
runs.publish(designer, run.id)
board = painpoints.board(designer, place)
numbers = [theme.number for theme in (*board.pain_points, *board.mixed, *board.works_well)]
evidence = {one.number: one.passage for n in numbers for one in painpoints.pain_point(designer, place, n).evidence}
passage = next(number for number, words in evidence.items() if "Zibblewhack" in words)
theme = next(n for n in numbers
             if passage in {one.number for one in painpoints.pain_point(designer, place, n).evidence})
coding.move(designer, place, [passage], [theme])
codebook.rename(designer, place.id, theme, "Letters", said["why"])
found = search(designer, place, "Zibblewhack letter")
assert "Zibblewhack" in str(found)
assert painpoints.export(designer, place)
assert interchanging.as_csv(designer, place) and interchanging.as_qdc(designer, place)
print(json.dumps({"theme": theme, "passage": passage}))
"""
NIGHT = """
import sys
from pathlib import Path
from alembic import command
from insight.access import SYSTEM
from insight.database import dispose, engine, prepare
from insight.database.migrate import configuration
from insight.operations import service

service.back_up(SYSTEM, Path(sys.argv[1]))
service.drill(SYSTEM, Path(sys.argv[1]))
command.downgrade(configuration(engine()), "0008")
dispose()
prepare()  # which copies the older database before it upgrades it
"""


class Machine:
    """One machine's folders, and the product that runs on it."""

    def __init__(self, folder: Path) -> None:
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
            "INSIGHT_DATABASE_URL": f"sqlite:///{self.data / 'insight.db'}",
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

    def serve(self) -> None:
        """Start the product, and wait until it answers."""
        with (self.logs / "server.log").open("a") as log:
            command = [sys.executable, "-c", SERVER, "serve", "--port", str(self.port)]
            self.server = subprocess.Popen(
                command, cwd=ROOT, env=self.environment, stdin=subprocess.PIPE, stdout=log, stderr=log, text=True
            )
        assert self.server.stdin is not None
        self.server.stdin.write(SAID["fault"])
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


def forms(word: str) -> set[bytes]:
    """How a word may stand in a file: in each case and encoding, in an address, and within base64 and hex."""
    found: set[bytes] = set()
    for cased in {word, word.lower(), word.upper()}:
        for plain in {cased, quote(cased), quote_plus(cased)}:
            found |= {plain.encode(encoding) for encoding in ("utf-8", "utf-16-le", "utf-16-be", "utf-32-le")}
        body = cased.encode()
        found |= {body.hex().encode(), body.hex().upper().encode()}
        for before in range(3):  # where in a group of three bytes the word begins
            coded = base64.b64encode(b"\0" * before + body)
            inner = coded[(0, 2, 3)[before] : (before + len(body)) * 8 // 6]
            found |= {inner, inner.replace(b"+", b"-").replace(b"/", b"_")}
    return found


NEEDLES = sorted({form for word in (STEM, DIGITS, DIGITS.replace(" ", "")) for form in forms(word)})


def planted_in(body: bytes) -> str:
    """What of the planted words stands in some bytes, with what follows it; "" for nothing."""
    return next((repr(body[(at := body.find(form)) : at + 40]) for form in NEEDLES if form in body), "")


def unpacked(body: bytes, depth: int = 3) -> Iterator[bytes]:
    """Some bytes, and what is packed in them."""
    yield body
    if not depth:
        return
    inner: list[bytes] = []
    try:
        if body.startswith(b"PK\x03\x04"):
            with zipfile.ZipFile(io.BytesIO(body)) as archive:
                inner = [archive.read(name) for name in archive.namelist()]
        elif body.startswith(b"\x1f\x8b"):
            inner = [gzip.decompress(body)]
        elif body.startswith(b"BZh"):
            inner = [bz2.decompress(body)]
        elif body[:1] == b"\x78":
            inner = [zlib.decompressobj().decompress(body)]
    except (OSError, EOFError, zlib.error, zipfile.BadZipFile):
        pass  # it only began like one
    for one in inner:
        yield from unpacked(one, depth - 1)


def bytes_in(path: Path) -> Iterator[bytes]:
    """A file's bytes, what is packed in it, and each value of a database by itself, where it may lie over pages."""
    body = path.read_bytes()
    yield from unpacked(body)
    if body.startswith(b"SQLite format 3\0"):
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as raw:
            for (table,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
                for row in raw.execute(f'SELECT * FROM "{table}"'):
                    for value in row:
                        if isinstance(value, str | bytes):
                            yield from unpacked(value.encode() if isinstance(value, str) else value)


def traces(*folders: Path, since: float = 0.0) -> list[str]:
    """Where anything that was planted stands, in any file that was written since a moment."""
    files = [
        path for folder in folders for path in folder.rglob("*") if path.is_file() and path.stat().st_mtime >= since
    ]
    return [f"{path}: {hit}" for path in files for body in bytes_in(path) if (hit := planted_in(body))]


def tell(machine: Machine) -> str:
    """A resident tells, stops, comes back by four words, sends, changes it, asks for a reply; gives the reference."""
    resident = Browser(machine)
    resident.post("/tell")
    resident.post("/tell/q/what_happened", what_happened=SAID["told"])
    words = re.findall(r"<li>([a-z]+)</li>", resident.client.get("/tell/later").text)
    assert len(words) == 4
    again = Browser(machine)
    again.post("/tell/resume", words=" ".join(words))
    assert MARKS["told"][0] in again.client.get("/tell/check").text
    sent = again.post("/tell/send", "/tell/check")
    reference = re.search(r"[A-Z0-9]{3}-[A-Z0-9]{3}-[A-Z0-9]{4}", sent.text)
    assert reference is not None
    again.post("/tell/receipt", reference=reference[0])
    again.post("/tell/receipt/allow", "/tell/receipt/held", scope="analyse", given="yes")
    again.post("/tell/receipt/reply", "/tell/receipt/held", wanted="yes")
    again.post("/tell/receipt/change", "/tell/receipt/held")
    again.post("/tell/q/what_happened", what_happened=SAID["changed"])
    again.post("/tell/send", "/tell/check")
    again.post("/tell/receipt", reference=reference[0])
    assert MARKS["changed"][1] in again.client.get("/tell/receipt/my-journey.json").text
    assert again.client.get("/tell/receipt/my-journey.html").status_code == 500
    left = Browser(machine)
    left.post("/tell")
    left.post("/tell/q/what_happened", what_happened=SAID["draft"])
    left.client.get(f"/tell/q/{quote(SAID['typed'])}?from={quote(SAID['typed'])}")
    left.post("/tell/receipt", reference=SAID["typed"])
    return reference[0]


def upload(machine: Machine, session: str) -> None:
    """Bring a large file in to a screen; halfway, no file that the server has open holds a word of it."""
    client = Browser(machine).client
    client.get("/_stcore/health")
    token = client.cookies["_streamlit_xsrf"]
    part = ("Comment\n" + f'"{SAID["uploaded"]}"\n' * (BIG // 120)).encode()
    before = b'--cut\r\nContent-Disposition: form-data; name="file"; filename="comments.csv"\r\n\r\n'

    def body() -> Iterator[bytes]:
        yield before + part
        time.sleep(0.5)
        assert [f"{name}: {hit}" for name, held in machine.open_files() if (hit := planted_in(held))] == []
        yield b"\r\n--cut--\r\n"

    headers = {"Content-Type": "multipart/form-data; boundary=cut", "X-Xsrftoken": token}
    done = client.put(f"/_stcore/upload_file/{session}/one", content=body(), headers=headers)
    assert done.status_code == 204, done.text


def test_after_a_days_use_nothing_that_anybody_wrote_lies_in_clear(tmp_path: Path) -> None:
    began = time.time() - 1
    machine = Machine(tmp_path)
    machine.serve()
    try:
        tell(machine)
        done = json.loads(machine.run("-c", STAFF, told=json.dumps(SAID)).splitlines()[-1])
        designer = Browser(machine, "designer")
        behind = designer.screen("pain-points", f"theme={done['theme']}")
        assert MARKS["logged"][0] in behind
        assert MARKS["logged"][0] in designer.screen("search", f"passage={done['passage']}")
        for name in ("pain-points", "codebook", "journeys", "runs"):
            assert "went wrong" not in designer.screen(name)
        assert "went wrong" in designer.screen("heard", f"theme={quote(SAID['typed'])}")
        designer.screen("import", then=lambda session: upload(machine, session))
        machine.end(signal.SIGKILL)
    finally:
        for client in machine.clients:
            client.close()
        if machine.server is not None and machine.server.poll() is None:
            machine.end(signal.SIGTERM)
    assert (machine.data / "insight.db-wal").exists()
    assert traces(machine.folder) == []
    machine.run("-c", NIGHT, str(machine.data / "night.backup"))
    assert list((machine.data / "backups").glob("*")), "no copy was made before the upgrade"
    assert (machine.logs / "server.log").read_text().count("ValueError") >= 2
    assert traces(machine.folder) == []
    assert traces(Path("/dev/shm"), since=began) == []
    (machine.temporary / "left.gz").write_bytes(gzip.compress(f"{{'a': '{SAID['told']}'}}".encode("utf-16-le")))
    (machine.home / "left.txt").write_bytes(b"xx" + base64.b64encode(b"a" + SAID["draft"].encode()))
    with closing(sqlite3.connect(machine.data / "insight.db")) as raw, raw:
        raw.execute("UPDATE story SET external_id = ? WHERE id = 1", [SAID["reply"].lower()])
    assert len({found.partition(":")[0] for found in traces(machine.folder)}) >= 3
