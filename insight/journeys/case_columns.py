"""Which column of a case log means what: the names in its first line, and a guess that people correct."""

import codecs
import csv
import gzip
import io
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from insight.errors import BadInput
from insight.intake.importing.delimited import delimiter_of
from insight.language import _, noted

HEAD = 64 * 1024
GZIP = b"\x1f\x8b"
NEEDED = ("journey", "step", "time")
COLUMNS = {
    "journey": (noted("Case"), noted("the number or id that all steps of one case share")),
    "step": (noted("Step"), noted("what was done, such as Application checked")),
    "time": (noted("Time"), noted("when it was done")),
    "organisation": (noted("Team or organisation"), noted("who did it: a team, never a person's name")),
    "channel": (noted("Channel"), noted("how it was done, such as phone or web")),
    "order": (noted("Order"), noted("a number that puts steps of the same time in a row")),
}
KNOWN_NAMES = {  # as exports of case systems and of mining tools call them, most telling first
    "journey": (
        "case:concept:name",
        "case id",
        "caseid",
        "case number",
        "case no",
        "case ref",
        "case reference",
        "journey id",
        "journey",
        "case",
        "trace",
        "ticket",
        "ticket id",
        "application number",
        "reference",
        "incident id",
    ),
    "step": ("concept:name", "activity", "activity name", "step", "step name", "event", "task", "action", "status"),
    "time": (
        "time:timestamp",
        "timestamp",
        "complete timestamp",
        "end time",
        "time",
        "date time",
        "datetime",
        "date",
        "day",
        "completed",
        "completed on",
        "start time",
    ),
    "organisation": ("org:group", "organisation", "organization", "team", "department", "group", "case:department"),
    "channel": ("channel", "case:channel", "contact channel", "contact method"),
    "order": ("order", "sequence", "seq", "step no", "step number", "position"),
}


@dataclass(frozen=True, slots=True)
class Header:
    """The names of a file's columns, none where it is XES, and a guess at what they mean (one of ``COLUMNS`` each)."""

    columns: tuple[str, ...]
    guessed: dict[str, str]
    xes: bool


def header_of(file: Path | bytes | IO[bytes], name: str) -> Header:
    """The columns of an event log, read from its first line alone. ``BadInput`` for a file without one."""
    if name.lower().endswith((".xes", ".xes.gz")):
        return Header((), {}, xes=True)
    text = io.StringIO(_start_of(file), newline="")
    delimiter, skipped = delimiter_of(text)
    lines = csv.reader(text, delimiter=delimiter)
    cells = next((row for place, row in enumerate(lines) if place >= skipped and any(row)), [])
    columns = tuple(dict.fromkeys(cell for cell in cells if cell.strip()))
    if len(columns) < len(NEEDED):
        raise BadInput(_("The first line must hold the names of the columns: at least a case, a step and a time."))
    return Header(columns, guess(columns), xes=False)


def guess(columns: tuple[str, ...]) -> dict[str, str]:
    """What each column means, as far as names tell; no column means two things."""
    tidy = {" ".join(name.lower().replace("_", " ").replace("-", " ").split()): name for name in reversed(columns)}
    guessed: dict[str, str] = {}
    for meaning, names in KNOWN_NAMES.items():
        found = next((tidy[name] for name in names if name in tidy and tidy[name] not in guessed.values()), None)
        if found is not None:
            guessed[meaning] = found
    return guessed


def _start_of(file: Path | bytes | IO[bytes]) -> str:
    if isinstance(file, Path):
        with file.open("rb") as opened:
            return _decoded(opened)
    if isinstance(file, bytes):
        return _decoded(io.BytesIO(file))
    file.seek(0)
    started = _decoded(file)
    file.seek(0)
    return started


def _decoded(file: IO[bytes]) -> str:
    packed = file.read(2) == GZIP
    file.seek(0)
    try:
        body = gzip.GzipFile(fileobj=file).read(HEAD) if packed else file.read(HEAD)
    except (OSError, EOFError, zlib.error):
        raise BadInput(_("The file is damaged: it cannot be unpacked. Save it again, then bring it in.")) from None
    if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return body.decode("utf-16", "replace")
    if b"\0" in body:
        raise BadInput(_("This is not a text file. Save the table as CSV (UTF-8), or export it as XES."))
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        cut_short = fault.start > len(body) - 4 and len(body) == HEAD
        return body.decode("utf-8-sig" if cut_short else "cp1252", "replace")
