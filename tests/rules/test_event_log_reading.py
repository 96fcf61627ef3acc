"""Event logs from files: whatever comes in gives the right steps or one clear message."""

import gzip
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from insight.errors import BadInput
from insight.journeys.files import unpacking
from insight.journeys.files.reading import Columns, FileLog, read_event_log
from insight.journeys.files.times import TimeColumn, Times
from insight.journeys.mining.log import NO_TIME

COLUMNS = Columns("case", "step", "when")
XES = '<log xes.version="1.0" xmlns="http://www.xes-standard.org/">{}</log>'
EVENT = '<event><string key="concept:name" value="{}"/><date key="time:timestamp" value="{}"/>{}</event>'


def write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(gzip.compress(text.encode(encoding)) if path.suffix == ".gz" else text.encode(encoding))
    return path


def read(folder: Path, text: str, columns: Columns = COLUMNS, name: str = "log.csv") -> FileLog:
    return read_event_log(write(folder / name, text), columns)


def xes(folder: Path, body: str) -> FileLog:
    return read(folder, XES.format(body), Columns(), "log.xes")


def refused(folder: Path, text: str, columns: Columns = COLUMNS, name: str = "log.csv") -> str:
    with pytest.raises(BadInput) as problem:
        read(folder, text, columns, name)
    assert "\n" not in str(problem.value)
    return str(problem.value)


def paths(read: FileLog) -> dict[str, tuple[str, ...]]:
    return {name: read.log.steps_of(number) for number, name in enumerate(read.ids)}


def times(*written: str | None) -> Times:
    column = TimeColumn()
    column.add(pa.array(written, pa.string()))
    return column.finish()


def moment(*parts: int) -> int:
    return round(datetime(*parts, tzinfo=UTC).timestamp()) * 10**9  # type: ignore[arg-type, misc]


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2024-02-29", moment(2024, 2, 29)),
        ("2024-02-29T23:59:59Z", moment(2024, 2, 29, 23, 59, 59)),
        ("2024-02-29 23:59:59+01:00", moment(2024, 2, 29, 22, 59, 59)),
        ("2024-02-29T23:59:59.25-0530", moment(2024, 3, 1, 5, 29, 59) + 250_000_000),
        ("2024-02-29T23:59:59.1234567891", moment(2024, 2, 29, 23, 59, 59) + 123_456_789),
        (" 2024/02/29 07:08:09 ", moment(2024, 2, 29, 7, 8, 9)),
        ("29/02/2024 07:08", moment(2024, 2, 29, 7, 8)),
        ("29.2.2024", moment(2024, 2, 29)),
        ("1 January 2024", NO_TIME),
        ("2023-02-29", NO_TIME),
        ("29/02/1900", NO_TIME),
        ("2024-13-01", NO_TIME),
        ("2024-01-01T24:00:01Z", NO_TIME),
        ("1965-03-04T05:06:07.000000008Z", moment(1965, 3, 4, 5, 6, 7) + 8),
        ("1969-12-31T23:59:59.5Z", -500_000_000),
        ("9999-12-31", NO_TIME),
        ("0001-01-01T00:00:00Z", NO_TIME),
        ("-300000000.5", -300_000_000_500_000_000),
        ("1700000000", 1_700_000_000 * 10**9),
    ],
)
def test_one_way_to_write_a_time(written: str, read: int) -> None:
    assert times(written).time.tolist() == [read]
    mixed = times("2024-01-01T00:00:00Z", None, "5 o'clock", written)
    assert mixed.time.tolist() == [moment(2024, 1, 1), NO_TIME, NO_TIME, read]
    assert mixed.blank.tolist() == [False, True, False, False]


def test_days_and_months_are_decided_by_the_whole_column() -> None:
    day_first = times("03/04/2026", "13/04/2026")
    month_first = times("03/04/2026", "04/13/2026 10:00")
    neither = times("03/04/2026")
    both = times("13/04/2026", "04/13/2026")
    assert day_first.time.tolist() == [moment(2026, 4, 3), moment(2026, 4, 13)]
    assert month_first.time.tolist() == [moment(2026, 3, 4), moment(2026, 4, 13, 10)]
    assert neither.time.tolist() == [moment(2026, 4, 3)]
    assert both.time.tolist() == [moment(2026, 4, 13), NO_TIME]
    assert [any("Dates" in note for note in read.notes) for read in (day_first, month_first, neither, both)] == [
        False,
        True,
        True,
        False,
    ]


def test_days_and_months_are_decided_over_all_blocks() -> None:
    column = TimeColumn()
    column.add(pa.array(["03/04/2026"]))
    column.add(pa.array(["04/13/2026"]))
    assert column.finish().time.tolist() == [moment(2026, 3, 4), moment(2026, 4, 13)]


def test_zones_may_be_mixed_and_the_note_says_how_many_have_none() -> None:
    found = times("2024-06-01T12:00:00+02:00", "2024-06-01T12:00:00", "2024-06-01 10:00Z")
    assert found.time.tolist() == [moment(2024, 6, 1, 10), moment(2024, 6, 1, 12), moment(2024, 6, 1, 10)]
    assert found.notes == ("Times without a zone (1 of 3) were read as UTC.",)
    assert times("2024-06-01T12:00:00Z").notes == ()


@pytest.mark.parametrize("numbers", [("50", "400"), ("10009138", "10051383")])
def test_small_numbers_are_no_times(numbers: tuple[str, ...]) -> None:
    assert (times(*numbers).time == NO_TIME).all()


ROWS = [("a", "Café; call", "2024-01-01T10:00:00Z"), ("b", 'Two\nlines, "x"', "2024-01-02T10:00:00Z")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("name", ["log.csv", "log.csv.gz"])
def test_encodings_delimiters_and_packing(tmp_path: Path, encoding: str, delimiter: str, name: str) -> None:
    quoted = [['"' + cell.replace('"', '""') + '"' for cell in row] for row in ROWS]
    lines = [
        delimiter.join(row) for row in [[' "case"', "step ", "Où", " when "], *[[*r[:2], "x", r[2]] for r in quoted]]
    ]
    path = write(tmp_path / name, "\r\n".join(lines).replace(' "case"', '"case "'), encoding)
    found = read_event_log(path, COLUMNS)
    assert paths(found) == {"a": ("Café; call",), "b": ('Two\nlines, "x"',)}
    assert found.rows_read == 2
    assert found.log.time is not None
    assert found.log.time.tolist() == [moment(2024, 1, 1, 10), moment(2024, 1, 2, 10)]


def test_windows_letters_far_into_the_file(tmp_path: Path) -> None:
    rows = "".join(f"{number},call,2024-01-01,\n" for number in range(60_000))
    path = write(tmp_path / "log.csv", f"case,step,when,x\n{rows}z,Café,2024-01-01,\n", "cp1252")
    found = read_event_log(path, COLUMNS)
    assert found.log.names == ("call", "Café")
    assert "The file was read as Windows-1252, since it is not UTF-8." in found.notes


def test_rows_that_cannot_be_used_are_counted_with_their_reason(tmp_path: Path) -> None:
    rows = [
        "a,call,2024-01-01",
        ",call,2024-01-01",
        " ,,",
        "a,,2024-01-02",
        "a,call,",
        "a,call,soon",
        "a,call",
        "",
        "b,x,2024-01-01",
    ]
    found = read(tmp_path, "case,step,when\n" + "\n".join(rows) + "\n")
    assert paths(found) == {"a": ("call",), "b": ("x",)}
    assert found.rows_read == 8
    assert found.left_out == {
        "with more or fewer cells than the header": 1,
        "without a journey id": 2,
        "without a step": 1,
        "without a time": 1,
        "with a time that cannot be read": 1,
    }


def test_steps_of_one_moment_keep_the_files_order_or_follow_the_order_column(tmp_path: Path) -> None:
    rows = [
        "b,last,2024-01-02,1",
        *(f"a,{step},2024-01-01,{no}" for step, no in zip("zyxw", ("10", "9", "", "9"), strict=True)),
    ]
    text = "\n".join(["case,step,when,no", *rows])
    as_given = read(tmp_path, text)
    ordered = read(tmp_path, text, Columns("case", "step", "when", order="no"))
    fractions = read(tmp_path, text.replace(",9", ",9.5"), Columns("case", "step", "when", order="no"))
    assert paths(as_given)["a"] == ("z", "y", "x", "w")
    assert paths(ordered)["a"] == paths(fractions)["a"] == ("y", "w", "z", "x")
    assert (as_given.tied, ordered.tied) == (3, 1)
    assert any("order column" in note for note in ordered.notes)


def test_organisations_and_channels_follow_their_steps(tmp_path: Path) -> None:
    text = (
        "case,step,when,org,how\na,2,2024-01-02,B,phone\na,1,2024-01-01,,post\nb,1,2024-01-01,A,\n,1,2024-01-01,C,web\n"
    )
    found = read(tmp_path, text, Columns("case", "step", "when", "org", channel="how"))
    assert found.organisation is not None and found.channel is not None
    assert [found.organisations[code] if code >= 0 else "" for code in found.organisation] == ["", "B", "A"]
    assert [found.channels[code] if code >= 0 else "" for code in found.channel] == ["post", "phone", ""]
    assert "C" not in found.organisations


def test_columns_that_are_wrong_are_named(tmp_path: Path) -> None:
    text = "case,step,when,cost\n7,call,2024-01-01,50\n8,write,2024-01-02,60\n"
    assert "“step” given as the time (--time) holds no times" in refused(
        tmp_path, text, Columns("case", "when", "step")
    )
    assert "“cost” given as the time" in refused(tmp_path, text, Columns("case", "step", "cost"))
    assert "Did you mean “when”?" in refused(tmp_path, text, Columns("case", "step", "whem"))
    assert "given for two things" in refused(tmp_path, text, Columns("case", "case", "when"))
    assert "--journey, --step, --time" in refused(tmp_path, text, Columns())
    swapped = "step,case,when\n" + "".join(f"call,{number},2024-01-01\n" for number in range(20))
    assert any("swapped" in note for note in read(tmp_path, swapped, Columns("step", "case", "when")).notes)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "is empty"),
        ("case,step,when\n", "has no steps"),
        ("case,step,when\n,,\n", "No row of log.csv has a journey, a step and a time together"),
        ("case,step,when\na\0b,c,d\n", "is not a text file"),
    ],
)
def test_tables_that_are_none(tmp_path: Path, text: str, told: str) -> None:
    assert told in refused(tmp_path, text)


@pytest.mark.parametrize("times", [10, 1_000_000])
@pytest.mark.parametrize("row", ['a,"call,2024-01-01', 'a,call,"2024-01-01'])
def test_a_quotation_mark_that_never_closes(tmp_path: Path, row: str, times: int) -> None:
    text = f"case,step,when\na,call,2024-01-01\n{row}\n" + "a,call,2024-01-01\n" * times
    assert "a quotation mark that never closes" in refused(tmp_path, text)
    assert read(tmp_path, text.replace('"', "")).left_out == {}


def test_a_missing_file_and_a_broken_gz(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="There is no file"):
        read_event_log(tmp_path / "none.csv", COLUMNS)
    whole = gzip.compress(b"case,step,when\n" + os.urandom(5000).hex().encode())
    (tmp_path / "torn.csv.gz").write_bytes(whole[:-200])
    with pytest.raises(BadInput, match=r"torn\.csv\.gz is a broken \.gz file"):
        read_event_log(tmp_path / "torn.csv.gz", COLUMNS)


@pytest.mark.parametrize("name", ["bomb.csv.gz", "bomb.xes.gz"])
def test_a_gz_bomb_is_left_alone(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpacking, "ALWAYS_ALLOWED", 2**20)
    start = "case,step,when\n" + "a,b,2024-01-01\n" * 700_000 if ".csv" in name else "<log>" + "\n" * 20_000_000
    assert "unpacks to more than" in refused(tmp_path, start, name=name)


def test_parquet_reads_as_csv_does(tmp_path: Path) -> None:
    when = np.array(["2024-01-02T10:00:00.000000001", "2024-01-01", "NaT"], "datetime64[ns]")
    table = pa.table({"case": [2, 2, 1], "step": pa.array(["b", "a", "c"]).dictionary_encode(), "when": when})
    pq.write_table(table, tmp_path / "log.parquet")
    found = read_event_log(tmp_path / "log.parquet", COLUMNS)
    assert paths(found) == {"2": ("a", "b")}
    assert found.log.time is not None
    assert found.log.time.tolist() == [moment(2024, 1, 1), moment(2024, 1, 2, 10) + 1]
    assert found.left_out == {"without a time": 1}
    (tmp_path / "torn.parquet").write_bytes(b"PAR1 and nothing more")
    with pytest.raises(BadInput, match="cannot be read as Parquet"):
        read_event_log(tmp_path / "torn.parquet", COLUMNS)


def test_xes_with_defaults_nested_and_missing_attributes(tmp_path: Path) -> None:
    nested = '<string key="x" value="y"><string key="concept:name" value="wrong"/></string>'
    found = xes(
        tmp_path,
        '<global scope="event"><string key="concept:name" value="unnamed"/><string key="org:group" value="A"/></global>'
        '<global scope="trace"><string key="concept:name" value="none"/></global>'
        '<trace><string key="concept:name" value="1"/><string key="channel" value="post"/>'
        + EVENT.format("call", "2024-01-02T10:00:00+01:00", nested + '<string key="org:group" value="B"/>')
        + '<event><date key="time:timestamp" value="2024-01-01"/><string key="channel" value="web"/></event>'
        + '<event><string key="concept:name" value="lost"/></event></trace>'
        + f"<trace>{EVENT.format('pay', '2024-01-01T00:00:00Z', '')}</trace><trace/>"
        + EVENT.format("astray", "2024-01-01T00:00:00Z", ""),
    )
    assert paths(found) == {"1": ("unnamed", "call"), "(trace 2, without a name)": ("pay",)}
    assert found.log.time is not None and found.organisation is not None and found.channel is not None
    assert found.log.time.tolist()[1] == moment(2024, 1, 2, 9)
    assert [found.organisations[code] for code in found.organisation] == ["A", "B", "A"]
    assert [found.channels[code] if code >= 0 else "" for code in found.channel] == ["web", "post", ""]
    assert (found.rows_read, found.left_out) == (5, {"in no trace": 1, "without a time": 1})


def test_xes_of_people_in_place_of_groups_with_several_states(tmp_path: Path) -> None:
    state = '<string key="lifecycle:transition" value="{}"/><string key="org:resource" value="Ann"/>'
    steps = [
        EVENT.format("call", f"2024-01-0{day}", state.format(name)) for day, name in ((1, "start"), (2, "complete"))
    ]
    found = xes(tmp_path, f'<trace><string key="concept:name" value="1"/>{"".join(steps)}</trace>')
    assert found.organisations == ("Ann",)
    assert paths(found) == {"1": ("call", "call")}
    assert any("complete 1, start 1" in note for note in found.notes)
    assert any("org:resource" in note for note in found.notes)


BOMB = (
    '<?xml version="1.0"?>\n<!DOCTYPE log [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>\n<log><trace><string key="concept:name" value="&c;"/></trace></log>'
)
OUTSIDE = '<!DOCTYPE log [<!ENTITY x SYSTEM "file:///etc/passwd">]><log><string key="x" value="&x;"/></log>'


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("<log>\n<trace>\n<event></trace></log>", "is broken XES: line 3 cannot be read (mismatched tag)"),
        ("<log>\n<trace>\n", "is broken XES: line 3 cannot be read (no element found)"),
        ("", "is broken XES: line 1"),
        ("<log/>", "has no steps"),
        ("<log><trace/></log>", "has no steps"),
        ("<html><body/></html>", "begins with <html> in place of <log>"),
        ('<?xml version="1.0" encoding="nonsense"?><log/>', "unknown encoding"),
        (BOMB, "declares a document type"),
        (OUTSIDE, "declares a document type"),
        ('<!DOCTYPE log SYSTEM "http://127.0.0.1/log.dtd"><log/>', "declares a document type"),
        ("<log>" + "<a>" * 5000, "nested more than 100 deep"),
    ],
)
def test_hostile_xes(tmp_path: Path, text: str, told: str) -> None:
    assert told in refused(tmp_path, text, Columns(), "log.xes")


@pytest.mark.parametrize("long", ['<log><string key="{}"/></log>', "<log><!--{}--></log>"])
def test_an_endless_value_is_not_held(tmp_path: Path, long: str) -> None:
    assert "longer than 16 MB" in refused(tmp_path, long.format("x" * 20_000_000), Columns(), "log.xes")


MEASURE = """
import resource, sys
from pathlib import Path
from insight.journeys.files.reading import Columns, read_event_log
warm, full = (Path(name) for name in sys.argv[1:])
read_event_log(warm, Columns("case", "step", "when"))
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
assert read_event_log(full, Columns("case", "step", "when")).log.journeys == 5_000
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


def test_memory_stays_below_the_size_of_the_file(tmp_path: Path) -> None:
    """A log of 22 MB of XES: reading takes the memory of its codes, not of its document."""
    filler = "".join(f'<string key="other{number}" value="{"words " * 60}"/>' for number in range(3))
    trace = '<trace><string key="concept:name" value="{}"/>' + EVENT.format("call", "2024-01-01T10:00:00Z", filler) * 4
    with (tmp_path / "full.xes").open("w") as file:
        file.write("<log>")
        file.writelines(trace.format(number) + "</trace>" for number in range(5_000))
        file.write("</log>")
    size = (tmp_path / "full.xes").stat().st_size / 2**20
    assert size > 20
    write(tmp_path / "warm.xes", f"<log>{trace.format(0)}</trace></log>")
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, str(tmp_path / "warm.xes"), str(tmp_path / "full.xes")],
        capture_output=True,
        text=True,
        check=True,
    )
    assert int(done.stdout) < size * 0.75
