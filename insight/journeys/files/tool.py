"""The file tool: an event log in, its paths, steps, handoffs and waits out as tables, with a summary. Worker only."""

import csv
import json
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from insight.errors import BadInput
from insight.journeys.files.reading import Columns, FileLog, Progress, read_event_log
from insight.journeys.mining.conformance import conformance_records
from insight.journeys.mining.intended import Intended, load_intended
from insight.journeys.mining.log import Log
from insight.journeys.mining.parts import Mined, mine
from insight.journeys.mining.paths import Variants, joined
from insight.journeys.mining.records import (
    edge_records,
    handoff_records,
    step_records,
    summary_of,
    variant_records,
    wait_records,
)
from insight.journeys.partitions import mine_parts, tables_of, write_parts
from insight.settings import settings
from insight.sheets import Cell, plain

HEADERS = {
    "edges.csv": ("from", "to", "count", "median_days", "p90_days"),
    "variants.csv": ("rank", "count", "share", "steps"),
    "steps.csv": ("step", "events", "journeys", "repeated", "straight_repeats", "starts", "ends"),
    "handoffs.csv": ("from", "to", "count"),
    "waits.csv": ("from", "to", "count", "median_days", "p90_days", "total_days", "share_of_all"),
    "conformance.csv": ("variant", "count", "cost", "fitness", "extra", "missing"),
}
SUMMARY = "summary.json"
JOURNEYS_OF_A_PART = 100_000
DECIMALS = 6  # of days: a tenth of a second

Records = Iterable[Mapping[str, Cell]]


def mine_file(
    path: Path, columns: Columns, out: Path, *, intended: Path | None = None, progress: Progress | None = None
) -> dict[str, Any]:
    """Read and mine a log, write the tables and summary.json into ``out``, and return the summary.

    Raises BadInput, in one line, for a file, a column or an intended journey that cannot be used; nothing is written
    then.
    """
    clock = _Clock()
    if out.exists() and not out.is_dir():
        raise BadInput(f"{out} is a file: choose a folder for --out.")
    meant = load_intended(intended) if intended else None
    with clock.stage("reading"):
        read = read_event_log(path, columns, progress)
    try:
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=out, prefix="part-") as folder:
            return _mine_into(out, Path(folder), read, meant, clock)
    except OSError as fault:
        raise BadInput(f"Cannot write into {out}: {fault.strerror}. Choose another folder for --out.") from fault


class _Clock:
    """Seconds of each stage."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        start = time.perf_counter()
        yield
        self.seconds[name] = round(time.perf_counter() - start, 3)


def _mine_into(out: Path, folder: Path, read: FileLog, meant: Intended | None, clock: _Clock) -> dict[str, Any]:
    with clock.stage("mining"):
        mined = _mined(read, folder)
    tables: dict[str, Records] = {
        "edges.csv": edge_records(mined),
        "variants.csv": _variants(mined),
        "steps.csv": step_records(mined),
        "handoffs.csv": handoff_records(mined),
        "waits.csv": wait_records(mined),
    }
    if meant:
        with clock.stage("comparing"):
            tables["conformance.csv"] = _compared(mined, meant)
    with clock.stage("writing"):
        for name, records in tables.items():
            _write(folder / name, HEADERS[name], records)
    summary = _summary(read, mined, clock.seconds)
    (folder / SUMMARY).write_text(json.dumps(summary, indent=2, ensure_ascii=False) + "\n", "utf-8")
    for name in HEADERS.keys() - tables.keys():
        (out / name).unlink(missing_ok=True)  # one of an earlier run would be taken for this run's
    for name in (*tables, SUMMARY):
        (folder / name).replace(out / name)
    return summary


def _mined(read: FileLog, folder: Path) -> Mined:
    """Counted here at once; on a cluster in at least two parts, which every machine of it must be able to read."""
    if not settings().scheduler:
        return mine(read.log, read.organisation, read.organisations)
    parts = max(2, -(-read.log.journeys // JOURNEYS_OF_A_PART))
    return mine_parts(write_parts(*tables_of(read), folder, parts).paths)


def _variants(mined: Mined) -> Iterator[dict[str, Cell]]:
    for path in variant_records(mined):
        yield {"rank": path.rank, "count": path.count, "share": path.share, "steps": joined(path.steps)}


def _compared(mined: Mined, meant: Intended) -> Any:
    """Every variant beside the intended journey, the most frequent first."""
    paths = mined.variants
    ranked = paths.ranked()
    variants = Variants(of_journey=np.argsort(ranked), count=paths.count[ranked], example=ranked)
    return conformance_records(Log(paths.code, paths.first, mined.names), variants, meant)


def _summary(read: FileLog, mined: Mined, seconds: Mapping[str, float]) -> dict[str, Any]:
    found = summary_of(mined)
    return {
        "journeys": found.journeys,
        "events": found.events,
        "rows_read": read.rows_read,
        "rows_left_out": read.left_out,
        "tied_steps": read.tied,
        "notes": list(read.notes),
        "steps": found.steps,
        "edges": found.edges,
        "variants": found.variants,
        "handoffs": found.handoffs if read.organisation is not None else None,
        "median_days": found.median_days,
        "p90_days": found.p90_days,
        "rework_share": found.rework_share,
        "seconds": dict(seconds),
    }


def _write(path: Path, header: Sequence[str], records: Records) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, header, lineterminator="\n")
        writer.writeheader()
        writer.writerows({name: _cell(value) for name, value in record.items()} for record in records)


def _cell(value: Cell) -> Cell:
    return round(value, DECIMALS) if isinstance(value, float) else plain(value)
