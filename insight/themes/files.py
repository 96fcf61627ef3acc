"""The file tool: themes of one column of a CSV file, written as tables and a record of the run."""

import csv
import difflib
import io
import json
import os
import platform
import tempfile
import time
from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from statistics import fmean
from typing import Any

from insight.errors import BadInput
from insight.sheets import plain
from insight.text import sentence_model
from insight.text.passages import is_non_answer, split
from insight.text.vectors import Encoder
from insight.themes.finding import find_themes, wilson
from insight.themes.model import NO_ANSWER, THEME, Findings, Progress, Theme
from insight.themes.scoring import Score, score

DELIMITERS = ",;\t|"
PACKAGES = ("numpy", "scipy", "scikit-learn", "scikit-network", "nltk")


@dataclass(frozen=True)
class Column:
    """The texts of a file with their ids and (where asked for) labels, in input order; and how the file was read."""

    texts: list[str]
    ids: list[str]
    labels: list[str]
    encoding: str
    delimiter: str


@dataclass(frozen=True)
class Grouped:
    """What the tables tell: by row its themes (the main one first; none where nothing was written) and the score of the
    main one; the themes, with sizes in rows and quotes as rows.
    """

    themes_of: list[tuple[int, ...]]
    scores: list[float]
    themes: Sequence[Theme]


def analyse_file(
    path: str | Path,
    *,
    text: str,
    id: str | None = None,
    labelled: str | None = None,
    stories: bool = False,
    seed: int = 0,
    resolution: float | None = None,
    encoder: Encoder | None = None,
    out: str | Path,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Themes of column ``text``; writes assignments.csv, themes.csv and run.json into ``out``, returns the last.

    ``id``: the column that names a row, else its number from 1. Every row with text gets its main theme; a row
    without has an empty one. ``stories``: themes are of passages, and a row gets all themes of its own. ``labelled``:
    a column the themes are scored against afterwards, also in scores.csv; with ``stories`` a cell may hold several
    labels, joined with "|". ``encoder``: a sentence model instead of our table. Raises BadInput, in one line, for a
    file or column that cannot be used.
    """
    start = time.perf_counter()
    if resolution is not None and not 0 < resolution < 1000:
        raise BadInput("The resolution must be above 0: try 1, or a higher number for more themes.")
    column = read_column(Path(path), text, id, labelled)
    labels = _labels(column, labelled, stories) if labelled is not None else []
    read_seconds = round(time.perf_counter() - start, 3)
    cut, row_of = _cut(column.texts) if stories else (column.texts, list(range(len(column.texts))))
    findings = find_themes(cut, seed=seed, resolution=resolution, encoder=encoder, progress=progress)
    grouped = _by_row(findings, row_of, len(column.texts)) if stories else _as_found(findings)
    record = _record(findings, column, grouped, read_seconds)
    if stories:
        record["passages"] = len(cut)
    scored = score(labels, grouped.themes_of) if labelled is not None else None
    if scored:
        record["score"] = scored.as_record(str(labelled))
    _write_all(Path(out), grouped, column.ids, stories, scored, record)
    return record


def read_column(path: Path, text: str, id: str | None, labelled: str | None = None) -> Column:
    """Read up to three columns of a CSV file: UTF-8 (with or without mark), UTF-16 with mark, or Windows-1252."""
    decoded, encoding = _decode(path)
    delimiter = _delimiter(decoded)
    csv.field_size_limit(2**31 - 1)
    rows = csv.reader(io.StringIO(decoded, newline=""), delimiter=delimiter)
    try:
        header = [name.strip() for name in next(rows, [])]
        places = [_find(header, name, path) if name is not None else None for name in (text, id, labelled)]
        kept = [row for row in rows if row]
    except csv.Error as fault:
        raise BadInput(f"{path.name} is not a table: save it as CSV with a header line, then try again.") from fault
    if not kept:
        raise BadInput(f"{path.name} has a header but no rows: choose a file with at least one.")
    texts, ids, labels = ([row[n] if n < len(row) else "" for row in kept] if n is not None else [] for n in places)
    return Column(texts, ids or [str(number) for number in range(1, len(kept) + 1)], labels, encoding, delimiter)


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


def _labels(column: Column, name: str, several: bool) -> list[set[str]]:
    """By row its labels; raises where there is none to score against."""
    cells = [cell.split("|") if several else [cell] for cell in column.labels]
    labels = [{label.strip() for label in cell if label.strip()} for cell in cells]
    if not any(labels):
        raise BadInput(f"Column '{name}' has no labels: every cell is empty. Choose another column for --labelled.")
    if not any(of and text.strip() for of, text in zip(labels, column.texts, strict=True)):
        raise BadInput(f"No row has both a text and a label in '{name}'. Choose another column for --labelled.")
    return labels


def _cut(texts: Sequence[str]) -> tuple[list[str], list[int]]:
    """Clauses and items of lists that say something, and the row of each; a row without is one piece, and counted."""
    cut, row_of = [], []
    for row, text in enumerate(texts):
        spoken = [text[start:end] for start, end in split(text)]
        pieces = [piece for piece in spoken if not is_non_answer(piece)] or ([text] if text.strip() else [])
        cut += pieces
        row_of += [row] * len(pieces)
    return cut, row_of


def _as_found(findings: Findings) -> Grouped:
    themes_of: list[tuple[int, ...]] = [(label,) if label >= 0 else () for label in findings.labels.tolist()]
    return Grouped(themes_of, findings.scores.tolist(), findings.themes)


def _by_row(findings: Findings, row_of: Sequence[int], rows: int) -> Grouped:
    """All themes of each row's passages, ranked."""
    heard: list[dict[int, list[float]]] = [{} for _ in range(rows)]
    for row, theme, found in zip(row_of, findings.labels.tolist(), findings.scores.tolist(), strict=True):
        heard[row].setdefault(theme, []).append(found)
    special = {theme.index for theme in findings.themes if theme.kind != THEME}
    themes_of = [ranked(of, special) for of in heard]
    scores = [fmean(of[themes[0]]) if themes else 0.0 for of, themes in zip(heard, themes_of, strict=True)]
    return Grouped(themes_of, scores, _in_rows(findings.themes, themes_of, row_of))


def ranked(heard: Mapping[int, Sequence[float]], special: Container[int]) -> tuple[int, ...]:
    """Themes of one row, from its passages' scores in each: most passages first, then the higher mean; special last."""
    return tuple(sorted(heard, key=lambda theme: (theme in special, -len(heard[theme]), -fmean(heard[theme]), theme)))


def _in_rows(themes: Sequence[Theme], themes_of: Sequence[tuple[int, ...]], row_of: Sequence[int]) -> list[Theme]:
    """Themes of passages with size, share and quotes in rows."""
    silent = {theme.index for theme in themes if theme.kind == NO_ANSWER}
    size = Counter(theme for of in themes_of for theme in of)
    written = sum(bool(of) for of in themes_of)
    said = sum(bool(of) and of[0] not in silent for of in themes_of)
    told = []
    for theme in themes:
        share, low, high = wilson(size[theme.index], written if theme.index in silent else said)
        quotes = tuple(dict.fromkeys(row_of[quote] for quote in theme.quotes))
        told.append(replace(theme, size=size[theme.index], share=share, low=low, high=high, quotes=quotes))
    return told


def _assignments(grouped: Grouped, ids: Sequence[str]) -> Iterable[tuple[object, ...]]:
    for row, themes, found in zip(ids, grouped.themes_of, grouped.scores, strict=True):
        yield (_safe(row), themes[0] if themes else "", f"{found:.4f}" if themes else "", "|".join(map(str, themes)))


def _themes(grouped: Grouped, ids: Sequence[str]) -> Iterable[tuple[object, ...]]:
    for theme in grouped.themes:
        terms = _safe(" | ".join(theme.terms))
        quotes = _safe(" | ".join(ids[row] for row in theme.quotes))
        yield (theme.index, _safe(theme.label), theme.size, theme.share, theme.low, theme.high, terms, quotes)


def _scores(scored: Score, themes: Sequence[Theme]) -> Iterable[tuple[object, ...]]:
    for match in scored.matches:
        measures = (round(value, 6) for value in (match.precision, match.recall, match.f1))
        yield (_safe(match.label), match.rows, match.theme, _safe(themes[match.theme].label), *measures)


def _safe(cell: str) -> str:
    """A cell that a spreadsheet would take for a formula gets an apostrophe in front; numbers stay numbers."""
    number = cell[:1] in ("+", "-") and cell[1:].replace(".", "", 1).isdigit()
    return cell if number else str(plain(cell))


def _record(findings: Findings, column: Column, grouped: Grouped, read_seconds: float) -> dict[str, Any]:
    used = sum(bool(of) for of in grouped.themes_of)
    by_model = isinstance(findings.encoder, sentence_model.SentenceModel)
    packages = PACKAGES + (sentence_model.PACKAGES if by_model else ())
    return {
        "parameters": dict(findings.parameters),
        "seed": findings.parameters["seed"],
        "versions": {"python": platform.python_version()} | {name: version(name) for name in packages},
        "file": {"encoding": column.encoding, "delimiter": column.delimiter},
        "seconds": {"file": read_seconds, **findings.seconds},
        "rows": {"read": len(column.texts), "used": used},
        "left out of the graph": {**findings.left_out, "nothing written": len(column.texts) - used},
        "themes": sum(theme.kind == "theme" for theme in findings.themes),
    }


def _write_all(
    folder: Path, grouped: Grouped, ids: Sequence[str], stories: bool, scored: Score | None, record: dict[str, Any]
) -> None:
    columns = ("theme", "label", "size", "share", "low", "high", "terms", "quotes")
    tables = {"themes.csv": _table(columns, _themes(grouped, ids))}
    rows = _assignments(grouped, ids)
    if stories:
        tables["assignments.csv"] = _table(("id", "theme", "score", "themes"), rows)
    else:
        tables["assignments.csv"] = _table(("id", "theme", "score"), (row[:3] for row in rows))
    if scored:
        measures = ("label", "rows", "theme", "theme label", "precision", "recall", "F1")
        tables["scores.csv"] = _table(measures, _scores(scored, grouped.themes))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "scores.csv").unlink(missing_ok=True)  # one of an earlier run would be taken for this run's
        for name, content in (tables | {"run.json": json.dumps(record, indent=2, ensure_ascii=False) + "\n"}).items():
            _write(folder / name, content)
    except OSError as fault:
        raise BadInput(f"Cannot write into {folder}: {fault.strerror}. Choose another folder for --out.") from fault


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
