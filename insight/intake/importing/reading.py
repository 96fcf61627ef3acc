"""A file as rows of text: opened once, checked, and read as often as is needed without holding it in memory."""

import hashlib
import io
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from insight.errors import BadInput
from insight.intake.importing import encoding
from insight.intake.importing.bad_rows import is_mending_header
from insight.intake.importing.delimited import Delimited, Record, delimiter_of, find_header, header_names
from insight.intake.importing.workbook import CellFaults, spooled_sheet
from insight.language import _
from insight.settings import settings
from insight.sheets import unquoted
from insight.uploads import Kind, check

File = str | os.PathLike[str] | BinaryIO | bytes
"""A path, an open binary file such as an upload, or the file's bytes."""

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Row:
    """One row: as many cells as the header, ``extra`` that stand beyond it, and how many were ``missing``.

    ``number`` is the row's place in the file as a spreadsheet counts. ``faults`` are (column or None, what is wrong):
    such a row cannot be used where that column is. ``damaged`` rows hold characters that could not be read.
    """

    number: int
    cells: list[str]
    extra: list[str]
    missing: int = 0
    faults: tuple[tuple[int | None, str], ...] = ()
    damaged: bool = False
    unclosed: bool = False


@dataclass(slots=True)
class Table:
    """An opened file. ``header`` has unique names; ``mending`` files are bad rows that come back corrected."""

    name: str
    digest: str
    header: tuple[str, ...]
    notes: tuple[str, ...]
    sheets: tuple[str, ...]
    mending: bool
    _source: Delimited
    _header_row: int
    _faults: CellFaults

    @property
    def ragged_is_normal(self) -> bool:
        """Whether short rows mean nothing: a workbook does not store the empty cells at a row's end."""
        return bool(self.sheets)

    def rows(self) -> Iterator[Row]:
        """The rows below the header, from the start. Rows at the end in which nothing stands are left out."""
        empty: list[Row] = []
        for record in self._source.records():
            if record.number <= self._header_row:
                continue
            row = self._row(record)
            if not any(row.cells) and not row.extra and not row.faults:
                empty.append(row)
                continue
            yield from empty
            empty.clear()
            yield row

    def share(self) -> float:
        """How much of the file has been read, 0 to 1."""
        return self._source.share()

    def marks(self) -> Iterator[str]:
        """What stands under "What to mend", row by row; nothing in other files."""
        if self.mending:
            below = (record.cells for record in self._source.records() if record.number > self._header_row)
            yield from (cells[0] for cells in below if cells)

    def _row(self, record: Record) -> Row:
        shift = 1 if self.mending else 0
        cells = record.cells[shift:]
        if self.mending:
            cells = [unquoted(cell) for cell in cells]
        width = len(self.header)
        extra = [cell for cell in cells[width:] if cell.strip()]
        missing = max(0, width - len(cells)) if cells else 0
        damaged = record.damaged and any("\ufffd" in cell for cell in cells)
        faults = tuple((column - shift, told) for column, told in self._faults.get(record.number, ()))
        padded = cells[:width] + [""] * (width - len(cells))
        return Row(record.number, padded, extra, missing, faults, damaged, record.unclosed)


@contextmanager
def open_table(file: File, sheet: str | None = None, name: str | None = None) -> Iterator[Table]:
    """Open a CSV or XLSX file, or raise one clear :class:`~insight.errors.BadInput`."""
    with ExitStack() as stack:
        stream, told_name = _stream(file, stack)
        digest = _checked_digest(stream)
        name = Path(name or told_name).name or "file"
        if check(stream, Kind.TEXT, Kind.WORKBOOK) is Kind.WORKBOOK:
            text, faults, sheets, notes = stack.enter_context(spooled_sheet(stream, sheet))
            yield _table(name, digest, Delimited(text, ","), notes, sheets, faults)
        elif sheet:
            raise BadInput(_("This file is not a workbook, so it has no sheets. Leave the sheet out."))
        else:
            found = encoding.sniffed(stream)
            text = io.TextIOWrapper(stream, encoding=found.codec, errors=found.errors, newline="")
            stack.callback(_detach, text)
            delimiter, skipped = delimiter_of(text)
            yield _table(name, digest, Delimited(text, delimiter, found.damaged, skipped), found.notes, (), {})


def _detach(text: io.TextIOWrapper) -> None:
    """The stream underneath is the caller's: it stays open."""
    if not text.closed:
        text.detach()


def _stream(file: File, stack: ExitStack) -> tuple[BinaryIO, str]:
    if isinstance(file, bytes):
        return io.BytesIO(file), "file"
    if isinstance(file, str | os.PathLike):
        path = Path(file)
        try:
            return stack.enter_context(path.open("rb")), path.name
        except OSError as fault:
            raise BadInput(f"{path.name} cannot be opened: {(fault.strerror or 'no such file').lower()}.") from None
    name = getattr(file, "name", "")
    if not file.seekable():
        file = io.BytesIO(file.read(settings().upload_limit_mb * MEGABYTE + 1))
    return file, name if isinstance(name, str) else ""


def _checked_digest(stream: BinaryIO) -> str:
    size = stream.seek(0, os.SEEK_END)
    limit = settings().upload_limit_mb
    if size == 0:
        raise BadInput(_("The file is empty."))
    if size > limit * MEGABYTE:
        told = _("The file has {size} MB. Split it into files of {limit} MB or less.")
        raise BadInput(told.format(size=f"{size / MEGABYTE:,.0f}", limit=limit))
    stream.seek(0)
    made = hashlib.sha256()
    while block := stream.read(MEGABYTE):
        made.update(block)
    stream.seek(0)
    return made.hexdigest()


def _table(
    name: str, digest: str, source: Delimited, notes: tuple[str, ...], sheets: tuple[str, ...], faults: CellFaults
) -> Table:
    row, cells, titled = find_header(source)
    mending = is_mending_header(cells[0])
    if titled:
        told = _("The column names were taken from row {number}: what stands above it looks like a title.")
        notes = (*notes, told.format(number=row))
    return Table(
        name, digest, header_names(cells[1:] if mending else cells), notes, sheets, mending, source, row, faults
    )
