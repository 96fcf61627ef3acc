"""XLSX workbooks: checked before they are opened, never calculated, and copied once to plain rows in memory."""

import csv
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from io import BytesIO, TextIOWrapper
from typing import Any, BinaryIO, TextIO

from insight.errors import BadInput, InsightError
from insight.intake.importing.values import ERRORS
from insight.language import _, noted
from insight.uploads import BLOCK, BROKEN

CellFaults = dict[int, tuple[tuple[int, str], ...]]
"""Row number to (column, what is wrong) of cells whose value is not there to be read."""

FORMULA = re.compile(rb"<(?:\w+:)?f[ >/]")
NO_VALUE = noted(
    "This cell holds a formula without a result. Open the workbook in a spreadsheet, save it, and try again"
)
ERROR_VALUE = noted("The spreadsheet shows an error in this cell. Write the value in its place")


@contextmanager
def spooled_sheet(
    stream: BinaryIO, sheet: str | None
) -> Iterator[tuple[TextIO, CellFaults, tuple[str, ...], tuple[str, ...]]]:
    """A sheet as comma-separated rows, its cells that are at fault, all sheets' names, notes.

    The rows stay in memory: what people wrote lies in clear on no disk.
    """
    has_formulas = _has_formulas(stream)
    with TextIOWrapper(BytesIO(), newline="", encoding="utf-8", errors="replace") as text:
        try:
            faults, sheets, chosen = _spool(stream, sheet, has_formulas, text)
        except InsightError:
            raise
        except Exception:  # a broken workbook fails anywhere in the reader, and in many ways
            raise BadInput(_(BROKEN)) from None
        others = _("The workbook has {count} sheets; {sheet} was read.").format(count=len(sheets), sheet=chosen)
        yield text, faults, sheets, (others,) if len(sheets) > 1 else ()


def _has_formulas(stream: BinaryIO) -> bool:
    """Whether any sheet of a workbook has formulas."""
    try:
        with zipfile.ZipFile(stream) as archive:
            names = {member.filename for member in archive.infolist() if not member.is_dir()}
            return any(_has_formula(archive, name) for name in names if name.startswith("xl/worksheets/"))
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError):
        raise BadInput(_(BROKEN)) from None
    finally:
        stream.seek(0)


def _has_formula(archive: zipfile.ZipFile, name: str) -> bool:
    with archive.open(name) as member:
        before = b""
        while block := member.read(BLOCK):
            if FORMULA.search(before + block):
                return True
            before = block[-40:]
    return False


def _spool(
    stream: BinaryIO, sheet: str | None, has_formulas: bool, text: TextIO
) -> tuple[CellFaults, tuple[str, ...], str]:
    from openpyxl import load_workbook

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the reader warns of styles and drop-downs that it leaves out; rows are whole
        values = load_workbook(stream, read_only=True, data_only=True)
        chosen = _sheet_name(values, sheet)
        formulas = load_workbook(stream, read_only=True, data_only=False) if has_formulas else None
        beside = _rows(formulas, chosen) if formulas is not None else None
        faults: CellFaults = {}
        writer = csv.writer(text)
        for number, cells in enumerate(_rows(values, chosen), 1):
            told = next(beside, ()) if beside is not None else ()
            found = tuple(_faults(cells, told))
            if found:
                faults[number] = found
            writer.writerow([_written(cell) for cell in cells])
        text.flush()
        return faults, tuple(values.sheetnames), chosen


def _sheet_name(book: Any, wanted: str | None) -> str:
    sheets = list(book.worksheets)
    names = [sheet.title for sheet in sheets]
    if not names:
        raise BadInput(_("The workbook has no sheet with cells."))
    if wanted is None:
        shown = [sheet.title for sheet in sheets if sheet.sheet_state == "visible"]
        return str((shown or names)[0])
    for name in names:
        if name.strip().lower() == wanted.strip().lower():
            return str(name)
    told = _("The workbook has no sheet of that name. It has: {sheets}.")
    raise BadInput(told.format(sheets=", ".join(names)))


def _rows(book: Any, name: str) -> Iterator[tuple[Any, ...]]:
    sheet = book[name]
    sheet.reset_dimensions()  # what a workbook says of its own size is often wrong
    rows: Iterator[tuple[Any, ...]] = sheet.iter_rows(values_only=True)
    return rows


def _faults(cells: tuple[Any, ...], formulas: tuple[Any, ...]) -> Iterator[tuple[int, str]]:
    for column, cell in enumerate(cells):
        if isinstance(cell, str) and cell.startswith("#") and cell.lower() in ERRORS:
            yield column, _(ERROR_VALUE)
        elif cell is None and column < len(formulas) and formulas[column] is not None:
            yield column, _(NO_VALUE)


def _written(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.isoformat(" ", "seconds") if cell.time() != time() else cell.date().isoformat()
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    return str(cell)
