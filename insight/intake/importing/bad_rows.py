"""The file of rows that could not be used: it can be opened in a spreadsheet, corrected, and sent again."""

import csv
import io
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from insight.intake.importing.dates import Order
from insight.language import LANGUAGES, _, noted, speaking
from insight.sheets import plain

HEADER = noted("What to mend")
READ_AS = re.compile(r" \[Read as: ([^\]]*)\]\s*$")


def is_mending_header(cell: str) -> bool:
    """Whether a first column is the one that this module wrote, in whichever language."""
    return " ".join(cell.lower().split()) in _headers()


@lru_cache
def _headers() -> frozenset[str]:
    headers = set()
    for code in LANGUAGES:
        with speaking(code):
            headers.add(_(HEADER).lower())
    return frozenset(headers)


def read_as(order: Order, scale: str | None) -> str:
    """How the whole file's dates and scores were read: a few rows alone could not tell it again."""
    return f" [Read as: {'; '.join(filter(None, (order.value, scale)))}]"


def was_read_as(marks: Iterable[str]) -> tuple[Order | None, str | None]:
    """What :func:`read_as` wrote, from the first cell that still has it."""
    for mark in marks:
        if found := READ_AS.search(mark):
            parts = [part.strip() for part in found[1].split(";")]
            order = next((order for order in Order if order.value == parts[0]), None)
            return order, parts[1] if len(parts) > 1 else None
    return None, None


def bad_rows_csv(header: tuple[str, ...], rows: Iterable[tuple[int, list[str]]], told: Mapping[int, str]) -> bytes:
    """The bad rows with what to mend in front, as UTF-8 with a byte order mark, so that Excel reads it too."""
    made = io.StringIO(newline="")
    writer = csv.writer(made)
    writer.writerow([_(HEADER), *map(plain, header)])
    writer.writerows([plain(told[number]), *map(plain, cells)] for number, cells in rows if number in told)
    return made.getvalue().encode("utf-8-sig", "replace")
