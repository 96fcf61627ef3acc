"""A whole day's use of the product on a machine of its own, with a planted sentence in each way in."""

import json
import re
import signal
import time
from collections.abc import Iterator
from urllib.parse import quote

from tests.flows.machine import Browser, Machine
from tests.flows.traces import DIGITS, STEM, planted_in

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
passage = next(number for number, words in evidence.items() if "Quorblewhack" in words)
theme = next(n for n in numbers
             if passage in {one.number for one in painpoints.pain_point(designer, place, n).evidence})
coding.move(designer, place, [passage], [theme])
codebook.rename(designer, place.id, theme, "Letters", said["why"])
found = search(designer, place, "Quorblewhack letter")
assert "Quorblewhack" in str(found)
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
if engine().dialect.name == "sqlite":
    command.downgrade(configuration(engine()), "0008")
    dispose()
    prepare()  # which copies the older database before it upgrades it
"""


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


def day(machine: Machine) -> None:
    """People tell, staff work with it, an analysis runs, screens are drawn and fail, and the server is killed."""
    machine.serve(SERVER, SAID["fault"])
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


def night(machine: Machine) -> None:
    """The database is backed up, and the backup is tried; a SQLite file that is older is upgraded."""
    machine.run("-c", NIGHT, str(machine.data / "night.backup"))
