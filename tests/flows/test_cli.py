"""The command line, as people run it: each command does its job, and a mistake is one clear line and exit code 2."""

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest

from insight.settings import ROOT

COMMENTS = [
    ("1", "Nobody answers the phone.", "Housing", "3/4/2026", "1"),
    ("2", "They never rang me back.", "Housing", "14/4/2026", "2"),
    ("3", "I was on hold for an hour.", "Repairs", "15/4/2026", "1"),
    ("4", "No reply to my calls or emails.", "Repairs", "20/4/2026", "1"),
    ("5", "I left a message and no one called back.", "Benefits", "21/4/2026", "2"),
    ("6", "The phone just rings and rings.", "Benefits", "22/4/2026", "1"),
    ("7", "n/a", "Benefits", "22/4/2026", "3"),
]


@pytest.fixture
def comments(tmp_path: Path) -> Path:
    """A small file of comments."""
    path = tmp_path / "comments.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([("Ref", "Comment", "Team", "Submitted", "Rating"), *COMMENTS])
    return path


def insight(*words: str) -> "subprocess.CompletedProcess[str]":
    """Run ``python -m insight``; the database is the test's, by its environment."""
    command = [sys.executable, "-m", "insight", *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_a_file_becomes_a_published_board_and_a_table(sqlite: str, comments: Path, tmp_path: Path) -> None:
    brought = insight("import", str(comments), "--place", "Our Town", "--text", "Comment", "--service", "Team")
    assert brought.returncode == 0, brought.stderr
    assert "7 rows read: 7 added" in brought.stdout
    again = insight("import", str(comments), "--place", "Our Town", "--text", "Comment", "--service", "Team")
    assert "0 added, 7 here already" in again.stdout
    made = insight("analyse", "--place", "Our Town", "--publish")
    assert made.returncode == 0, made.stderr
    assert "Analysis 1: 7 journeys, 6 passages" in made.stdout
    table = tmp_path / "board.csv"
    assert insight("export", str(table), "--place", "our-town").returncode == 0
    rows = list(csv.DictReader(table.read_text("utf-8-sig").splitlines()))
    assert [row["journeys"] for row in rows] == ["6"]
    assert insight("publish", "1").returncode == 0


def test_themes_of_a_file_without_a_database(comments: Path, tmp_path: Path) -> None:
    done = insight("themes", str(comments), "--text", "Comment", "--id", "Ref", "--out", str(tmp_path / "out"))
    assert done.returncode == 0, done.stderr
    assigned = list(csv.DictReader((tmp_path / "out" / "assignments.csv").read_text("utf-8").splitlines()))
    assert [row["id"] for row in assigned] == [row[0] for row in COMMENTS]
    assert all(row["theme"] for row in assigned)
    assert json.loads((tmp_path / "out" / "run.json").read_text("utf-8"))["rows"] == {"read": 7, "used": 7}


MISTAKES = [
    (("themes", "{file}", "--text", "Coment", "--out", "x"), "Did you mean 'Comment'?"),
    (("themes", "nowhere.csv", "--text", "a", "--out", "x"), "nowhere.csv"),
    (("import", "nowhere.csv", "--place", "Our Town"), "nowhere.csv"),
    (("analyse", "--place", "Nowhere"), "no place named Nowhere"),
    (("publish", "77"), "no analysis with that number"),
    (("serve", "--demo", "--host", "0.0.0.0"), "Demo mode"),
]


@pytest.mark.parametrize(("words", "said"), MISTAKES, ids=[" ".join(words[:2]) for words, _ in MISTAKES])
def test_a_mistake_is_one_clear_line_and_exit_code_2(
    words: tuple[str, ...], said: str, sqlite: str, comments: Path
) -> None:
    done = insight(*(word.format(file=comments) for word in words))
    assert done.returncode == 2
    assert said in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_the_demo_is_built_once(sqlite: str, tmp_path: Path) -> None:
    first = insight("demo", "--journeys", "60", "--no-analyse", "--truth", str(tmp_path / "truth.csv"))
    assert "60 invented journeys added" in first.stdout, first.stderr
    assert "0 invented journeys added" in insight("demo", "--journeys", "60", "--no-analyse").stdout
    assert (tmp_path / "truth.csv").read_text("utf-8").startswith("external_id,where,pain,sentence")
