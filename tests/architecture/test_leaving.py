"""What leaves as a table is safe to open, what comes in is looked at first, and no command is told a secret."""

import ast
import csv
import gzip
import io
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st

from insight import uploads
from insight.access import SYSTEM
from insight.cli import app
from insight.codebook.interchange import read_codebook
from insight.errors import BadInput
from insight.intake.importing import open_table
from insight.journeys import cases
from insight.settings import ROOT
from insight.sheets import as_csv, plain, unquoted
from insight.surveys.xlsform import from_xlsform
from insight.uploads import Kind, check

# These write tables that never leave: read back by the product itself, or made of invented words.
STAY = {"insight/intake/importing/workbook.py", "insight/demo/case_log.py", "insight/demo/generate.py"}
# Text cells of a workbook are marked as text, so that no program calculates them.
AS_TEXT = {"insight/surveys/xlsform/writing.py"}
SIGNS = ["=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20", "\u2212", "\ufe66", "\ufe6b"]
UNSEEN = ["", " ", "\u00a0", "\u200b", "\ufeff", "\u2060", "\u202e", "\0", "'", "  '"]


def writers() -> Iterator[str]:
    """Every module that writes a table."""
    for path in sorted([*(ROOT / "insight").rglob("*.py"), *(ROOT / "pages").rglob("*.py")]):
        text = path.read_text("utf-8")
        if re.search(r"csv\.(writer|DictWriter)\(|\.to_csv\(|\bWorkbook\(", text):
            yield path.relative_to(ROOT).as_posix()


def imported(path: str) -> set[str]:
    tree = ast.parse((ROOT / path).read_text("utf-8"))
    return {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}


@pytest.mark.parametrize("path", [path for path in writers() if path not in STAY | AS_TEXT | {"insight/sheets.py"}])
def test_every_table_that_leaves_goes_through_sheets(path: str) -> None:
    assert "insight.sheets" in imported(path), f"{path} writes a table: let plain() see its cells"


def test_what_stays_is_still_there() -> None:
    assert set(writers()) >= STAY | AS_TEXT


@pytest.mark.parametrize("sign", SIGNS, ids=lambda sign: f"U+{ord(sign):04X}")
def test_no_cell_begins_a_formula_however_it_is_dressed(sign: str) -> None:
    for unseen in UNSEEN:
        cell = f"{unseen}{sign}HYPERLINK(1)"
        rows = list(csv.reader(io.StringIO(as_csv([{cell: cell}]).decode("utf-8-sig"), newline="")))
        assert rows == [[f"'{cell}"]] * 2
        assert unquoted(str(plain(cell))) == cell


@given(st.text())
def test_a_cell_comes_back_as_it_was(cell: str) -> None:
    assert unquoted(str(plain(cell))) == cell


def test_ordinary_words_and_numbers_are_left_alone() -> None:
    for cell in ("Housing advice", "'s Graveland", "3-4 weeks", "a = b", "", 5, -5, 2.5):
        assert plain(cell) == cell


def test_a_question_that_looks_like_a_formula_stays_text_in_a_workbook() -> None:
    from openpyxl import Workbook

    from insight.surveys.xlsform.writing import _write

    assert _write(Workbook().active, 1, 1, "=HYPERLINK(1)").data_type == "s"


# --- Uploads ------------------------------------------------------------------------------------------------------


def zipped(**members: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in members.items():
            archive.writestr(name, body)
    return made.getvalue()


BOMB = {"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>", "xl/worksheets/sheet1.xml": bytes(2**21)}
DOCTYPE = b'<?xml version="1.0"?>\n<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><CodeBook>&b;</CodeBook>'
HOSTILE = {
    "program": b"\x7fELF" + bytes(200),
    "windows": b"MZ\x90\0" + bytes(200),
    "pdf": b"%PDF-1.7\n" + bytes(200),
    "picture": b"\x89PNG\r\n\x1a\n" + bytes(200),
    "zip": zipped(a=b"name\nx"),
    "bomb": zipped(**BOMB),
    "packed zip": gzip.compress(zipped(a=b"1")),
    "packed program": gzip.compress(b"\x7fELF" + bytes(200)),
    "torn pack": b"\x1f\x8b" + b"\xff" * 60,
    "doctype": DOCTYPE,
    "wide doctype": DOCTYPE.decode().encode("utf-16"),
    "packed doctype": gzip.compress(DOCTYPE),
    "old office": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
}


def _table(body: bytes) -> None:
    with open_table(body):
        pass


READERS: dict[str, Callable[[bytes], object]] = {
    "import": _table,
    "case log": lambda body: cases.header(SYSTEM, body, "log.csv"),
    "event log": lambda body: cases.header(SYSTEM, body, "log.xes"),
    "packed log": lambda body: cases.header(SYSTEM, body, "log.xes.gz"),
    "codebook": lambda body: read_codebook("book.csv", body),
    "qdc": lambda body: read_codebook("book.qdc", body),
    "xlsform": from_xlsform,
}


@pytest.mark.parametrize("reader", READERS)
def test_every_upload_is_told_by_its_content(reader: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MOST_UNPACKED", 2**20)
    for name, body in HOSTILE.items():
        with pytest.raises(BadInput) as refused:
            READERS[reader](body)
        assert str(refused.value).endswith("."), name


def test_every_screen_that_takes_a_file_has_a_reader_here() -> None:
    taking = {path.stem for path in (ROOT / "pages").rglob("*.py") if "st.file_uploader(" in path.read_text("utf-8")}
    assert taking == {"imports", "case_logs_view", "files_view", "xlsform_view"}


def test_what_is_meant_is_taken() -> None:
    for body, kind in (
        (b"case,step\n1,a\n", Kind.TEXT),
        ("case;krok\n1;żółw\n".encode("cp1250"), Kind.TEXT),
        ("a,b\n1,2\n".encode("utf-16"), Kind.TEXT),
        (b'<?xml version="1.0"?><log/>', Kind.XML),
        (gzip.compress(b"<log/>"), Kind.PACKED),
        (zipped(**BOMB), Kind.WORKBOOK),
    ):
        stream = io.BytesIO(body)
        stream.read(3)
        assert check(stream, *Kind) is kind
        assert stream.tell() == 0


# --- Secrets ------------------------------------------------------------------------------------------------------

SECRET = re.compile(r"(?:^|_)(?:password|passphrase|secret|token|key|code|pin)s?$")


def commands(of: typer.Typer) -> Iterator[Callable[..., Any]]:
    yield from (one.callback for one in of.registered_commands if one.callback)
    for group in of.registered_groups:
        if group.typer_instance:
            yield from commands(group.typer_instance)


def test_no_command_takes_a_secret_where_everybody_sees_it() -> None:
    """Arguments stand in the process list and in the shell's history. A file's path, or a switch, is no secret."""
    found = [*commands(app)]
    assert len(found) >= 10
    told = [
        (command.__name__, name)
        for command in found
        for name, meant in get_type_hints(command).items()
        if SECRET.search(name) and (meant is str or str in get_args(meant))
    ]
    assert told == []


def test_no_process_is_started_with_a_secret() -> None:
    """Whoever starts another process hands it no key on the line: settings travel in the environment."""
    for path in sorted((ROOT / "insight").rglob("*.py")):
        for call in _starts(path):
            assert not re.search(r"secret|password|_key\b|token", call.lower()), f"{path}: {call}"


def _starts(path: Path) -> Iterator[str]:
    text = path.read_text("utf-8")
    for node in ast.walk(ast.parse(text)) if re.search("subprocess|Popen", text) else ():
        if isinstance(node, ast.Call) and re.search(r"subprocess\.\w+$|Popen$", ast.unparse(node.func)):
            yield ast.unparse(node.args[0]) if node.args else ""
