"""Event logs as CSV: read in blocks, so that a log of any size takes the memory of its codes and no more."""

import codecs
import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from insight.errors import BadInput
from insight.journeys.files.columns import Columns, found
from insight.journeys.files.raw import CODED, Progress, Raw, WordColumn
from insight.journeys.files.times import TimeColumn
from insight.journeys.files.unpacking import Unpacked, unpacked
from insight.language import _, noted

MARKS = {"utf8": codecs.BOM_UTF8, "utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE}
DELIMITERS = ",;\t|"
BLOCK = 16 * 2**20  # bytes; a cell or a row cannot be longer
HEAD = 2**20  # bytes in which the header must end
WORDS = ("journey", "step", "organisation", "channel")
RAGGED = noted("with more or fewer cells than the header")
NUMBER = r"^\s*[+-]?\d+(\.\d*)?([eE][+-]?\d{1,2})?\s*$"


@dataclass(frozen=True)
class Head:
    """How a file is written. ``length`` is that of its header in bytes, what stands before it included."""

    encoding: str
    delimiter: str
    header: tuple[str, ...]
    length: int


@dataclass
class Table:
    """The columns of a table, put together from blocks."""

    words: dict[str, WordColumn]
    times: TimeColumn = field(default_factory=TimeColumn)
    order: list[npt.NDArray[np.float64]] | None = None

    @classmethod
    def of(cls, columns: Iterable[str]) -> "Table":
        """An empty table with columns for these."""
        asked = set(columns)
        return cls({what: WordColumn() for what in WORDS if what in asked}, order=[] if "order" in asked else None)

    def add(self, block: Any) -> None:
        """Keep a pyarrow record batch whose columns are named for what they hold."""
        for what, column in self.words.items():
            column.add(block.column(what))
        self.times.add(block.column("time"))
        if self.order is not None:
            self.order.append(_numbers(block.column("order")))

    def finish(self, left_out: dict[str, int], notes: tuple[str, ...] = ()) -> Raw:
        """The table as one; what was kept for it is let go."""
        held = {what: column.finish() for what, column in self.words.items()}
        order = None if self.order is None else np.concatenate([np.zeros(0), *self.order])
        return Raw(times=self.times.finish(), order=order, left_out=left_out, notes=notes, **held)


def read_csv(path: Path, columns: Columns, progress: Progress) -> Raw:
    """Read a CSV file: UTF-8, UTF-16 with its mark, or Windows-1252. Raises BadInput if it cannot be used."""
    head = _head(path)
    places = found(columns, head.header, path.name)
    try:
        return _read(path, head, places, progress)
    except UnicodeError:
        if head.encoding != "utf8":
            raise BadInput(_unknown_encoding(path)) from None
    try:
        return _read(path, Head("cp1252", head.delimiter, head.header, head.length), places, progress)
    except UnicodeError:
        raise BadInput(_unknown_encoding(path)) from None


def _read(path: Path, head: Head, places: dict[str, int], progress: Progress) -> Raw:
    table, ragged, closed = Table.of(places), 0, False
    last = head.delimiter.join(["end"] * (len(head.header) + 1))

    def left_out(row: Any) -> str:
        nonlocal ragged, closed
        if row.text == last:
            closed = True
        else:
            ragged += 1
        return "skip"

    with unpacked(path) as stream:
        stream.read(head.length)
        stream.after = f"\n{last}\n".encode(head.encoding)  # a quotation mark left open swallows this row too
        for block in _blocks(stream, head, places, left_out):
            table.add(block)
            progress(_("Reading the log"), stream.passed, stream.size)
    if not closed:
        raise _never_closes(path)
    notes = (_("The file was read as Windows-1252, since it is not UTF-8."),) if head.encoding == "cp1252" else ()
    return table.finish({RAGGED: ragged} if ragged else {}, notes)


def _blocks(stream: Unpacked, head: Head, places: dict[str, int], left_out: Any) -> Iterator[Any]:
    numbered = [str(place) for place in range(len(head.header))]
    types = {str(place): CODED if what in WORDS else pa.string() for what, place in places.items()}
    try:
        reader = pacsv.open_csv(
            pa.PythonFile(stream, mode="r"),
            read_options=pacsv.ReadOptions(column_names=numbered, encoding=head.encoding, block_size=BLOCK),
            parse_options=pacsv.ParseOptions(
                delimiter=head.delimiter, newlines_in_values=True, invalid_row_handler=left_out
            ),
            convert_options=pacsv.ConvertOptions(
                include_columns=list(types), column_types=types, null_values=[""], strings_can_be_null=True
            ),
        )
        for block in reader:
            yield block.rename_columns(list(places))
    except pa.ArrowInvalid as fault:
        raise _plain(fault, stream.path) from None


def _plain(fault: Exception, path: Path) -> Exception:
    """What pyarrow finds wrong, in words that show nothing of the file."""
    if "UTF8" in str(fault):
        return UnicodeError()
    if "straddling" in str(fault):
        return _never_closes(path)
    return _no_table(path)


def _never_closes(path: Path) -> BadInput:
    told = _(
        "{file} is cut short, or has a quotation mark that never closes or a cell longer than {number} MB: "
        "mend it first."
    )
    return BadInput(told.format(file=path.name, number=BLOCK // 2**20))


def _no_table(path: Path) -> BadInput:
    told = _("{file} is not a table: save it as CSV with a header line, then try again.")
    return BadInput(told.format(file=path.name))


def _head(path: Path) -> Head:
    with unpacked(path) as stream:
        raw = stream.read(HEAD)
    if not raw.strip():
        told = _("{file} is empty: choose a log with a header line and at least one row.")
        raise BadInput(told.format(file=path.name))
    encoding, mark = _encoding(raw, path)
    try:
        text = codecs.getincrementaldecoder(encoding)().decode(raw[len(mark) :])
    except UnicodeError:
        encoding, text = "cp1252", raw.decode("cp1252", "replace")
    empty = len(text) - len(text.lstrip("\r\n"))
    delimiter = _delimiter(text[empty:])
    lines = io.StringIO(text[empty:], newline="")
    try:
        header = tuple(next(csv.reader(lines, delimiter=delimiter), []))
    except csv.Error:
        raise _no_table(path) from None
    end = empty + lines.tell()
    return Head(encoding, delimiter, header, len(mark) + len(text[:end].encode(encoding, "replace")))


def _encoding(raw: bytes, path: Path) -> tuple[str, bytes]:
    for encoding, mark in MARKS.items():
        if raw.startswith(mark):
            return encoding, mark
    if b"\0" in raw or raw.startswith((b"PK\x03\x04", b"%PDF")):
        told = _("{file} is not a text file: save the log as CSV (UTF-8), then try again.")
        raise BadInput(told.format(file=path.name))
    return "utf8", b""


def _delimiter(text: str) -> str:
    """The sign that cuts the header line into most names; the comma where none does."""
    header = text.split("\n", 1)[0]
    return max(DELIMITERS, key=lambda sign: (_names_in(header, sign), sign == ","))


def _names_in(header: str, sign: str) -> int:
    try:
        return len(next(csv.reader([header], delimiter=sign), []))
    except csv.Error:  # lines that end in a bare carriage return, or a name without an end
        return 0


def _unknown_encoding(path: Path) -> str:
    return _("{file} has an unknown encoding: save it as CSV (UTF-8), then try again.").format(file=path.name)


def _numbers(values: Any) -> npt.NDArray[np.float64]:
    """Numbers of a column, NaN where there is none."""
    if pa.types.is_string(values.type):
        fits = pc.match_substring_regex(values, NUMBER)
        values = pc.utf8_trim_whitespace(pc.if_else(fits, values, None))
    read: npt.NDArray[np.float64] = values.cast(pa.float64()).fill_null(np.nan).to_numpy(zero_copy_only=False)
    return read
