"""Delimited text as records: which character delimits, where the header stands, which record was never closed."""

import csv
import io
import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TextIO

from insight.errors import BadInput
from insight.intake.importing.values import tidy
from insight.language import _
from insight.settings import settings

DELIMITERS = (",", ";", "\t", "|")
NO_DELIMITER = "\x1f"
MOST_COLUMNS = 1_000
SAMPLE = 64 * 1024
TITLE_ROWS = 10


@dataclass(frozen=True, slots=True)
class Record:
    """One record of a delimited file, as it stands there."""

    number: int
    cells: list[str]
    damaged: bool = False
    unclosed: bool = False


@dataclass(slots=True)
class Delimited:
    """A text of records, read from its start as often as is needed. ``skipped`` records stand above the header."""

    text: TextIO
    delimiter: str
    damaged: bool = False
    skipped: int = 0
    size: int = 1

    def __post_init__(self) -> None:
        # The limit is the csv module's own, for all readers: a cell can be no longer than the file.
        csv.field_size_limit(max(csv.field_size_limit(), settings().upload_limit_mb * 1024 * 1024))
        self.size = max(1, self.text.buffer.seek(0, os.SEEK_END))

    def share(self) -> float:
        """How much has been read, 0 to 1."""
        return min(1.0, self.text.buffer.tell() / self.size)

    def records(self) -> Iterator[Record]:
        """The records with their numbers. The last one is told apart when a quotation mark in it was never closed."""
        self.text.seek(0)
        lines = _Lines(self.text)
        number, before = 0, None
        for cells in csv.reader(lines, delimiter=self.delimiter):
            if before is not None:
                yield Record(number, before, self.damaged)
            number += 1
            before = cells
            lines.start_record()
        if before is not None:
            yield Record(number, before, self.damaged, lines.unclosed(self.delimiter))


class _Lines:
    """The lines of a text, keeping those of the record being read for a look at its end."""

    def __init__(self, text: TextIO) -> None:
        self._text = text
        self._record: list[str] = []
        self._last: list[str] = []

    def __iter__(self) -> Iterator[str]:
        for line in self._text:
            self._record.append(line)
            yield line

    def start_record(self) -> None:
        self._last, self._record = self._record, []

    def unclosed(self, delimiter: str) -> bool:
        """Whether the last record only ended because the file did."""
        if sum(line.count('"') for line in self._last) % 2 == 0:
            return False
        try:
            list(csv.reader(self._last, delimiter=delimiter, strict=True))
        except csv.Error as fault:
            return "unexpected end" in str(fault)
        return False


def find_header(source: Delimited) -> tuple[int, list[str], bool]:
    """The header's row number and names, and whether titles stand above it.

    A lone cell above a row of three or more is a title: councils' exports often carry one.
    """
    first: Record | None = None
    for record in source.records():
        filled = sum(1 for cell in record.cells if cell.strip())
        if record.number <= source.skipped or not filled:
            continue
        if first is None:
            first = record
            if filled > 1:
                break
        elif filled >= 3:
            return record.number, record.cells, True
        if record.number > first.number + TITLE_ROWS:
            break
    if first is None:
        raise BadInput(_("The file has no column names and no rows."))
    if len(first.cells) > MOST_COLUMNS:
        told = _("The file has {count} columns. Keep {most} or fewer.")
        raise BadInput(told.format(count=f"{len(first.cells):,}", most=f"{MOST_COLUMNS:,}"))
    return first.number, first.cells, False


def header_names(cells: list[str]) -> tuple[str, ...]:
    """Names that can be told apart: a blank one is called by its place, one that is used again gets a number."""
    names: list[str] = []
    for place, cell in enumerate(cells, 1):
        plain = " ".join(tidy(cell).split())[:200] or f"Column {place}"
        name, count = plain, 1
        while name in names:
            count += 1
            name = f"{plain} ({count})"
        names.append(name)
    return tuple(names)


def delimiter_of(text: TextIO) -> tuple[str, int]:
    """The delimiter that cuts the first rows most evenly, and how many rows stand before the header."""
    text.seek(0)
    sample = text.read(SAMPLE)
    text.seek(0)
    if sample[:4].lower() == "sep=" and sample[5:6] in ("\r", "\n"):  # Excel's own way of saying it
        return sample[4], 1
    scores = {delimiter: _evenness(sample, delimiter) for delimiter in DELIMITERS}
    best = max(DELIMITERS, key=lambda delimiter: scores[delimiter])
    return (best if scores[best] > (0, 1) else NO_DELIMITER), 0


def _evenness(sample: str, delimiter: str) -> tuple[float, int]:
    """The share of rows that are as wide as the header, and that width; (0, 1) where this cannot be the delimiter."""
    rows = [row for row in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter) if row]
    if len(sample) >= SAMPLE and len(rows) > 1:
        rows.pop()  # it was cut in the middle
    widths = [len(row) for row in rows]
    titled = bool(widths) and widths[0] == 1
    width = max(widths[:TITLE_ROWS], default=1) if titled else widths[0] if widths else 1
    even = sum(w == width for w in widths) / max(1, len(widths))
    if width < (3 if titled else 2) or even < (0.5 if titled else 0.25):
        return 0.0, 1
    return round(even, 1), width
