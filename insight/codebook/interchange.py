"""The codebook out and in: as a table (CSV) for a spreadsheet, and as a REFI-QDA codebook for other programs. Pure."""

import csv
import io
import re
from collections.abc import Mapping
from pathlib import PurePath

from insight import sheets
from insight.codebook.filed import MOST_THEMES, ReadTheme, checked, one_line, themes_of, tidy, too_many
from insight.codebook.model import Book, State
from insight.codebook.refi import as_qdc, guid, read_qdc
from insight.errors import BadInput
from insight.language import _
from insight.uploads import Kind, check

__all__ = ["ReadTheme", "as_csv", "as_qdc", "guid", "read_codebook"]

NUMBER, NAME, DESCRIPTION, INCLUDES = "number", "name", "description", "includes"
EXCLUDES, BROADER, STATE, MADE_BY = "excludes", "broader themes", "state", "made by"
LARGEST = 5 * 2**20  # bytes


def as_csv(book: Book) -> bytes:
    """The codebook as a table that is safe to open in a spreadsheet; broader themes are joined by |."""
    return sheets.as_csv(
        [
            {
                NUMBER: theme.number or 0,
                NAME: theme.name,
                DESCRIPTION: theme.description,
                INCLUDES: theme.includes,
                EXCLUDES: theme.excludes,
                BROADER: "|".join(_escaped(name) for name in theme.broader),
                STATE: theme.state.value,
                MADE_BY: theme.made_by,
            }
            for theme in themes_of(book)
        ]
    )


def read_codebook(name: str, body: bytes) -> tuple[ReadTheme, ...]:
    """The themes of a codebook file, .csv or .qdc, in its order. Raises BadInput with one sentence on what to mend."""
    if len(body) > LARGEST:
        told = _("The file is larger than {number} MB, which is not like any codebook.")
        raise BadInput(told.format(number=LARGEST // 2**20))
    kind = PurePath(name).suffix.lower()
    if kind == ".qdc":
        check(io.BytesIO(body), Kind.XML)
        return checked(read_qdc(body))
    if kind == ".csv":
        check(io.BytesIO(body), Kind.TEXT)
        return checked(_read_csv(body))
    raise BadInput(_("A codebook comes as .csv or .qdc: choose a file that ends so."))


def _escaped(name: str) -> str:
    return name.replace("\\", "\\\\").replace("|", "\\|")


def _split(cell: str) -> tuple[str, ...]:
    parts = re.findall(r"(?:\\.|[^|\\]|\\$)+", cell)
    return tuple(name for part in parts if (name := one_line(re.sub(r"\\(.)", r"\1", part))))


def _read_csv(body: bytes) -> list[ReadTheme]:
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadInput(_("The table is not in UTF-8: save it as “CSV UTF-8”, then try again.")) from None
    header = text.partition("\n")[0]
    comma = max(",;\t", key=header.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=comma, strict=True)
    try:
        columns = [one_line(column).casefold() for column in next(rows, [])]
        if NAME not in columns:
            raise BadInput(_("The table has no column “name”: give each theme's name in one."))
        found = []
        for line, row in enumerate(rows, start=2):
            cells = {column: sheets.unquoted(cell) for column, cell in zip(columns, row, strict=False)}
            if any(cell.strip() for cell in cells.values()):
                found.append(_from_row(line, cells))
            if len(found) > MOST_THEMES:
                raise BadInput(too_many())
    except csv.Error:
        told = _("Row {row} of the table cannot be read: save it as CSV anew.")
        raise BadInput(told.format(row=rows.line_num)) from None
    return found


def _from_row(row: int, cells: Mapping[str, str]) -> ReadTheme:
    name, number, state = (one_line(cells.get(column, "")) for column in (NAME, NUMBER, STATE))
    if not name:
        raise BadInput(_("Row {row} has no name: give the theme one, or take the row out.").format(row=row))
    if number and not (number.isascii() and number.isdigit() and len(number) < 10):
        told = _("Row {row} has “{number}” for a number: write a whole number, or leave it blank.")
        raise BadInput(told.format(row=row, number=number[:40]))
    if (state.casefold() or State.ACTIVE) not in (State.ACTIVE, State.SET_ASIDE):
        told = _("Row {row} has the state “{state}”: write “active” or “set aside”.")
        raise BadInput(told.format(row=row, state=state[:40]))
    return ReadTheme(
        name=name,
        description=tidy(cells.get(DESCRIPTION, "")),
        includes=tidy(cells.get(INCLUDES, "")),
        excludes=tidy(cells.get(EXCLUDES, "")),
        broader=_split(cells.get(BROADER, "")),
        state=State(state.casefold() or State.ACTIVE),
        made_by=one_line(cells.get(MADE_BY, "")),
        number=int(number) if number else None,
    )
