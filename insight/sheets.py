"""Tables that leave the product: safe to open in any spreadsheet."""

import csv
import io
import re
from collections.abc import Mapping, Sequence

Cell = str | int | float
# Spreadsheets pass over blanks, some also over marks that nobody sees, and in East Asian input the wide signs count.
STARTS_FORMULA = re.compile(
    "[\\s\\x00\\u00ad\\u061c\\u180e\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u2069\\ufeff]*'*"
    "[=+\\-@\\t\\r\\n\\u2212\\uff1d\\uff0b\\uff0d\\uff20\\ufe66\\ufe62\\ufe63\\ufe6b\\u207a\\u207b]|[\\t\\r\\n]"
)


def as_csv(records: Sequence[Mapping[str, Cell]]) -> bytes:
    """Records as CSV in UTF-8 with a mark that Excel knows; no cell can be taken for a formula."""
    body = io.StringIO(newline="")
    if records:
        writer = csv.writer(body)
        writer.writerow([plain(name) for name in records[0]])
        writer.writerows([plain(record[name]) for name in records[0]] for record in records)
    return body.getvalue().encode("utf-8-sig", "replace")


def plain(value: Cell) -> Cell:
    """A cell that no spreadsheet takes for a formula: an apostrophe stands before one that could be."""
    return f"'{value}" if isinstance(value, str) and STARTS_FORMULA.match(value) else value


def unquoted(cell: str) -> str:
    """A cell as it was before :func:`plain`."""
    return cell[1:] if cell.startswith("'") and STARTS_FORMULA.match(cell[1:]) else cell
