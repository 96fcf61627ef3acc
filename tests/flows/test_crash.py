"""A process killed in the middle of submitting: nothing acknowledged is missing, nothing is half there."""

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

from insight import intake, sealing
from insight.access import RESIDENT, SYSTEM
from insight.settings import ROOT

TELLERS = """
import sys, threading
from insight import intake
from insight.access import RESIDENT
ANSWERS = {"what_happened": "I waited and nobody rang back.", "consent": ["analyse", "quote"],
           "steps": [{"note": "step one", "feeling": "-1"}, {"note": "step two"}, {"note": "step three"}]}
said = threading.Lock()
def tell():
    while True:
        key = intake.start_draft(RESIDENT).key
        intake.save_draft(RESIDENT, key, ANSWERS)
        with said: sys.stdout.write("saved " + key + "\\n"); sys.stdout.flush()
        reference = intake.submit(RESIDENT, key).reference
        with said: sys.stdout.write("sent " + reference + "\\n"); sys.stdout.flush()
for _ in range(4):
    threading.Thread(target=tell).start()
"""
ROUNDS = 6


def test_killed_while_submitting(sqlite: str, tmp_path: Path) -> None:
    intake.add_place(SYSTEM, "Testham")
    saved: list[str] = []
    sent: list[str] = []
    for round_number in range(ROUNDS):
        for line in _tell_and_be_killed(random.Random(round_number).uniform(0.2, 0.8)):
            kind, _, word = line.partition(" ")
            (sent if kind == "sent" else saved).append(word)
        _whole(tmp_path / "test.db", sent)
    assert len(sent) >= ROUNDS, "too few were sent to mean anything"
    for key in saved:
        draft = intake.open_draft(RESIDENT, key)
        assert draft.reference or draft.answers["what_happened"]
        assert intake.submit(RESIDENT, key).reference == (draft.reference or intake.open_draft(RESIDENT, key).reference)
    _whole(tmp_path / "test.db", sent)


def _tell_and_be_killed(after: float) -> list[str]:
    process = subprocess.Popen([sys.executable, "-c", TELLERS], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    said = []
    for line in process.stdout:  # until the first one is sent, however slow this machine is just now
        said.append(line)
        if line.startswith("sent"):
            break
    time.sleep(after)
    os.kill(process.pid, signal.SIGKILL)
    rest, _ = process.communicate()
    return [line for line in ("".join(said) + rest).split("\n")[:-1] if line]


def _whole(database: Path, sent: list[str]) -> None:
    with sqlite3.connect(database) as raw:
        assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        stories = dict(raw.execute("SELECT reference, id FROM story"))
        assert set(sent) <= set(stories)
        halves = raw.execute(
            "SELECT id FROM story WHERE (SELECT count(*) FROM step WHERE story_id = story.id) != 3"
            " OR (SELECT count(*) FROM consent WHERE story_id = story.id) != 3"
        )
        assert halves.fetchall() == []
        left = raw.execute("SELECT answers FROM draft WHERE key_hash IN (SELECT token FROM story)").fetchall()
        assert not any(sealing.unseal_json(json.loads(answers), "draft.answers") for (answers,) in left)
