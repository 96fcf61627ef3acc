"""The file tool: themes of one column of a CSV file, written as two tables and a record of the run."""

import csv
import difflib
import io
import json
import os
import platform
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from insight.errors import BadInput
from insight.themes.finding import find_themes
from insight.themes.model import Findings, Progress

DELIMITERS = ",;\t|"
FORMULA = ("=", "+", "-", "@", "\t", "\r")
PACKAGES = ("numpy", "scipy", "scikit-learn", "scikit-network", "nltk")


@dataclass(frozen=True)
class Column:
    """The texts of a file with their ids, in input order; and how the file was read."""

    texts: list[str]
    ids: list[str]
    encoding: str
    delimiter: str


def analyse_file(
    path: str | Path,
    *,
    text: str,
    id: str | None = None,
    seed: int = 0,
    resolution: float | None = None,
    out: str | Path,
    progress: Progress | None = None,
) -> dict[str, object]:
    """Themes of column ``text``; writes assignments.csv, themes.csv and run.json into ``out``, returns the last.

    ``id``: the column that names a row, else its number from 1. Every row with text gets its main theme; a row
    without has an empty one. Raises BadInput, in one line, for a file or column that cannot be used.
    """
    start = time.perf_counter()
    if resolution is not None and not 0 < resolution < 1000:
        raise BadInput("The resolution must be above 0: try 1, or a higher number for more themes.")
    column = read_column(Path(path), text, id)
    read_seconds = round(time.perf_counter() - start, 3)
    findings = find_themes(column.texts, seed=seed, resolution=resolution, progress=progress)
    record = _record(findings, column, read_seconds)
    folder = Path(out)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _write(folder / "assignments.csv", _table(("id", "theme", "score"), _assignments(findings, column.ids)))
        columns = ("theme", "label", "size", "share", "low", "high", "terms", "quotes")
        _write(folder / "themes.csv", _table(columns, _themes(findings, column.ids)))
        _write(folder / "run.json", json.dumps(record, indent=2, ensure_ascii=False) + "\n")
    except OSError as fault:
        raise BadInput(f"Cannot write into {folder}: {fault.strerror}. Choose another folder for --out.") from fault
    return record


def read_column(path: Path, text: str, id: str | None) -> Column:
    """Read two columns of a CSV file: UTF-8 (with or without mark), UTF-16 with mark, or Windows-1252."""
    decoded, encoding = _decode(path)
    delimiter = _delimiter(decoded)
    csv.field_size_limit(2**31 - 1)
    rows = csv.reader(io.StringIO(decoded, newline=""), delimiter=delimiter)
    try:
        header = [name.strip() for name in next(rows, [])]
        place = _find(header, text, path)
        named = _find(header, id, path) if id is not None else None
        kept = [row for row in rows if row]
    except csv.Error as fault:
        raise BadInput(f"{path.name} is not a table: save it as CSV with a header line, then try again.") from fault
    if not kept:
        raise BadInput(f"{path.name} has a header but no rows: choose a file with at least one.")
    texts = [row[place] if place < len(row) else "" for row in kept]
    if named is None:
        ids = [str(number) for number in range(1, len(kept) + 1)]
    else:
        ids = [row[named] if named < len(row) else "" for row in kept]
    return Column(texts, ids, encoding, delimiter)


def _decode(path: Path) -> tuple[str, str]:
    try:
        raw = path.read_bytes()
    except FileNotFoundError as fault:
        raise BadInput(f"There is no file {path}: check its name and folder.") from fault
    except OSError as fault:
        raise BadInput(f"Cannot read {path}: {fault.strerror}.") from fault
    if not raw.strip():
        raise BadInput(f"{path.name} is empty: choose a CSV file with a header line and at least one row.")
    for encoding, mark in (("utf-8-sig", b"\xef\xbb\xbf"), ("utf-16", b"\xff\xfe"), ("utf-16", b"\xfe\xff")):
        if raw.startswith(mark):
            return _try(raw, (encoding,), path)
    if b"\0" in raw[:1_000_000] or raw.startswith((b"PK\x03\x04", b"%PDF")):
        raise BadInput(f"{path.name} is not a text file: save the sheet as CSV (UTF-8), then try again.")
    return _try(raw, ("utf-8", "cp1252"), path)


def _try(raw: bytes, encodings: Sequence[str], path: Path) -> tuple[str, str]:
    for encoding in encodings:
        try:
            return raw.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    raise BadInput(f"{path.name} has an unknown encoding: save it as CSV (UTF-8), then try again.")


def _delimiter(decoded: str) -> str:
    """The sign that cuts the header line into most names; the comma where none does."""
    header = decoded.lstrip("\r\n").split("\n", 1)[0]
    return max(DELIMITERS, key=lambda sign: (len(next(csv.reader([header], delimiter=sign), [])), sign == ","))


def _find(header: Sequence[str], name: str, path: Path) -> int:
    if name.strip() in header:
        return header.index(name.strip())
    lowered = {known.lower(): known for known in header}
    close = difflib.get_close_matches(name.lower(), list(lowered), n=1, cutoff=0.5)
    hint = f" Did you mean '{lowered[close[0]]}'?" if close else ""
    listed = ", ".join(f"'{known}'" for known in header[:40]) + (", ..." if len(header) > 40 else "")
    raise BadInput(f"{path.name} has no column '{name}'.{hint} It has: {listed}.")


def _assignments(findings: Findings, ids: Sequence[str]) -> Iterable[tuple[object, ...]]:
    for row, label, score in zip(ids, findings.labels.tolist(), findings.scores.tolist(), strict=True):
        yield (_safe(row), label if label >= 0 else "", f"{score:.4f}" if label >= 0 else "")


def _themes(findings: Findings, ids: Sequence[str]) -> Iterable[tuple[object, ...]]:
    for theme in findings.themes:
        terms = _safe(" | ".join(theme.terms))
        quotes = _safe(" | ".join(ids[row] for row in theme.quotes))
        yield (theme.index, _safe(theme.label), theme.size, theme.share, theme.low, theme.high, terms, quotes)


def _safe(cell: str) -> str:
    """A cell that a spreadsheet would take for a formula gets an apostrophe in front; numbers stay numbers."""
    if not cell.startswith(FORMULA):
        return cell
    return cell if cell[:1] in "+-" and cell[1:].replace(".", "", 1).isdigit() else "'" + cell


def _record(findings: Findings, column: Column, read_seconds: float) -> dict[str, object]:
    used = int((findings.labels >= 0).sum())
    return {
        "parameters": dict(findings.parameters),
        "seed": findings.parameters["seed"],
        "versions": {"python": platform.python_version()} | {name: version(name) for name in PACKAGES},
        "file": {"encoding": column.encoding, "delimiter": column.delimiter},
        "seconds": {"file": read_seconds, **findings.seconds},
        "rows": {"read": len(column.texts), "used": used},
        "left out of the graph": dict(findings.left_out),
        "themes": sum(theme.kind == "theme" for theme in findings.themes),
    }


def _table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    kept = io.StringIO(newline="")
    writer = csv.writer(kept, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return kept.getvalue()


def _write(path: Path, content: str) -> None:
    """All or nothing: a reader never sees half a file."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".part")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(content)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
