"""Tables that leave the product: safe to open in any spreadsheet."""

import csv
import io
from collections.abc import Mapping, Sequence

Cell = str | int | float
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def as_csv(records: Sequence[Mapping[str, Cell]]) -> bytes:
    """Records as CSV in UTF-8 with a mark that Excel knows; no cell can be taken for a formula."""
    body = io.StringIO(newline="")
    if records:
        writer = csv.DictWriter(body, list(records[0]))
        writer.writeheader()
        writer.writerows({name: plain(value) for name, value in record.items()} for record in records)
    return body.getvalue().encode("utf-8-sig")


def plain(value: Cell) -> Cell:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value
