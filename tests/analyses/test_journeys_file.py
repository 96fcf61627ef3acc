"""The journeys file tool: what is in a log comes out in its tables; what cannot be used says why in one line."""

import csv
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from insight import cli
from insight.errors import BadInput
from insight.journeys.files.reading import Columns, FileLog, read_event_log
from insight.journeys.files.tool import mine_file
from insight.journeys.mining.parts import mine
from insight.journeys.mining.paths import joined
from insight.journeys.mining.records import edge_records, handoff_records, step_records, variant_records, wait_records
from insight.journeys.partitions import mine_parts, tables_of, write_parts
from tests.conftest import shared

COLUMNS = Columns("case", "step", "when", "team")
LOG = """case,step,when,team
a,call,2024-01-01,Council
b,call,2024-01-01,Council
c,call,2024-01-01,Council
a,=visit > home,2024-01-03,Care
b,=visit > home,2024-01-05,Care
c,pay,2024-01-02,Council
a,call,2024-01-13,Council
b,call,2024-01-15,Council
c,pay,2024-01-02,Council
,call,2024-01-01,Care
d,call,never,Care
"""
HEADER = "“case”, “step”, “when”, “team”"
INTENDED = 'name = "Call"\n[[step]]\nname = "call"\n[[step]]\nname = "pay"\n'
WRITTEN = {"edges.csv", "variants.csv", "steps.csv", "handoffs.csv", "waits.csv", "summary.json"}


def rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def counted(read: FileLog) -> list[Any]:
    mined = mine(read.log, read.organisation, read.organisations)
    tables = (edge_records, step_records, handoff_records, wait_records, lambda found: list(variant_records(found)))
    return [table(mined) for table in tables]


@pytest.fixture
def log(tmp_path: Path) -> Path:
    (tmp_path / "log.csv").write_text(LOG)
    return tmp_path / "log.csv"


def test_every_table_of_a_small_log(log: Path, tmp_path: Path) -> None:
    intended = tmp_path / "intended.toml"
    intended.write_text(INTENDED)
    made = mine_file(log, COLUMNS, tmp_path / "out", intended=intended)
    out = tmp_path / "out"
    assert {path.name for path in out.iterdir()} == WRITTEN | {"conformance.csv"}
    assert rows(out / "edges.csv") == [
        ["from", "to", "count", "median_days", "p90_days"],
        ["'=visit > home", "call", "2", "10.0", "10.0"],
        ["call", "'=visit > home", "2", "3.0", "3.8"],
        ["call", "pay", "1", "1.0", "1.0"],
        ["pay", "pay", "1", "0.0", "0.0"],
    ]
    assert rows(out / "variants.csv") == [
        ["rank", "count", "share", "steps"],
        ["1", "2", "0.666667", "call > =visit \\> home > call"],
        ["2", "1", "0.333333", "call > pay > pay"],
    ]
    assert rows(out / "steps.csv") == [
        ["step", "events", "journeys", "repeated", "straight_repeats", "starts", "ends"],
        ["call", "5", "3", "2", "0", "3", "2"],
        ["'=visit > home", "2", "2", "0", "0", "0", "0"],
        ["pay", "2", "1", "1", "1", "0", "1"],
    ]
    assert rows(out / "handoffs.csv") == [["from", "to", "count"], ["Care", "Council", "2"], ["Council", "Care", "2"]]
    assert rows(out / "waits.csv")[:2] == [
        ["from", "to", "count", "median_days", "p90_days", "total_days", "share_of_all"],
        ["'=visit > home", "call", "2", "10.0", "10.0", "20.0", "0.740741"],
    ]
    assert rows(out / "conformance.csv") == [
        ["variant", "count", "cost", "fitness", "extra", "missing"],
        ["1", "2", "3", "0.4", "'=visit \\> home > call", "pay"],
        ["2", "1", "1", "0.8", "pay", ""],
    ]
    assert json.loads((out / "summary.json").read_text()) == made
    seconds = made.pop("seconds")
    assert set(seconds) == {"reading", "mining", "comparing", "writing"}
    assert made == {
        "journeys": 3,
        "events": 9,
        "rows_read": 11,
        "rows_left_out": {"without a journey id": 1, "with a time that cannot be read": 1},
        "tied_steps": 1,
        "notes": ["Times without a zone were read as UTC."],
        "steps": 3,
        "edges": 4,
        "variants": 2,
        "handoffs": 4,
        "median_days": 12.0,
        "p90_days": pytest.approx(13.6),
        "rework_share": pytest.approx(3 / 9),
    }


def test_twice_is_the_same_to_the_byte(log: Path, tmp_path: Path) -> None:
    (tmp_path / "intended.toml").write_text(INTENDED)
    for folder, intended in (("one", None), ("two", tmp_path / "intended.toml"), ("two", None)):
        mine_file(log, COLUMNS, tmp_path / folder, intended=intended)
    assert {path.name for path in (tmp_path / "two").iterdir()} == WRITTEN
    for name in WRITTEN - {"summary.json"}:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_a_path_can_be_taken_apart_again() -> None:
    steps = ("a", ">", "b > c", "x->y", "\\>", "> d", "e >")
    parts = joined(steps).split(" > ")
    assert parts == ["a", "\\>", "b \\> c", "x->y", "\\\\>", "\\> d", "e \\>"]


def test_without_organisations_there_are_no_handoffs(log: Path, tmp_path: Path) -> None:
    made = mine_file(log, Columns("case", "step", "when"), tmp_path / "out")
    assert made["handoffs"] is None
    assert rows(tmp_path / "out" / "handoffs.csv") == [["from", "to", "count"]]


def test_in_parts_it_is_the_same(tmp_path: Path) -> None:
    columns = Columns("case:concept:name", "concept:name", "time:timestamp", "org:group")
    read = read_event_log(shared("events/permit_receipt.csv"), columns)
    cut = write_parts(*tables_of(read), tmp_path, 3)
    assert len(cut.paths) == 3
    mined = mine_parts(cut.paths)
    whole = mine(read.log, read.organisation, read.organisations)
    for table in (edge_records, step_records, handoff_records):
        assert table(mined) == table(whole)
    assert list(variant_records(mined)) == list(variant_records(whole))


def test_the_xes_and_the_csv_of_one_log_are_the_same() -> None:
    columns = Columns("case:concept:name", "concept:name", "time:timestamp", "org:group", channel="case:channel")
    table = read_event_log(shared("events/permit_receipt.csv"), columns)
    xes = read_event_log(shared("events/permit_receipt.xes.gz"), Columns())
    assert xes.log.journeys == 1434
    assert counted(xes) == counted(table)
    assert xes.channel is not None and table.channel is not None
    assert [xes.channels[code] for code in xes.channel] == [table.channels[code] for code in table.channel]


def test_the_command_says_what_was_left_out_and_what_is_tied(
    log: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(*arguments: str) -> tuple[object, list[str], list[str]]:
        monkeypatch.setattr(sys, "argv", ["insight", "journeys", str(log), *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.run()
        said = capsys.readouterr()
        return ended.value.code, said.out.splitlines(), said.err.splitlines()

    named = ["--journey", "case", "--step", "step", "--time"]
    assert run(*named, "when", "--out", str(tmp_path / "out"))[:2] == (
        0,
        [
            "3 journeys, 9 steps, 2 different paths.",
            "Rows left out without a journey id: 1.",
            "Rows left out with a time that cannot be read: 1.",
            "Steps at the very time of the step before them, which stand as in the file: 1. "
            "If a column says their order, name it with --order.",
            "Times without a zone were read as UTC.",
            f"The tables and summary.json are in {tmp_path / 'out'}.",
        ],
    )
    assert run(*named, "step", "--out", str(tmp_path / "none")) == (
        2,
        [],
        [f"Column “step” was given for two things. Give each its own column; {log.name} has: {HEADER}."],
    )
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("intended", ["name = 1", "[[step"])
def test_nothing_is_written_where_something_is_wrong(log: Path, tmp_path: Path, intended: str) -> None:
    (tmp_path / "intended.toml").write_text(intended)
    with pytest.raises(BadInput):
        mine_file(log, COLUMNS, tmp_path / "out", intended=tmp_path / "intended.toml")
    with pytest.raises(BadInput, match="no column"):
        mine_file(log, Columns("case", "step", "day"), tmp_path / "out")
    with pytest.raises(BadInput, match="is a file"):
        mine_file(log, COLUMNS, log)
    assert not (tmp_path / "out").exists()
