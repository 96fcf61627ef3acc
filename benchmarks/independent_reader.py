"""Do other tools read our exports as we do? ``python benchmarks/independent_reader.py PYTHON [JOURNEYS] [LOG.csv]``.

PYTHON is the interpreter of an environment of its own with r4pm, rustxes and polars, which are not part of the product.
Made-up journeys (with days untold, out of order and tied) and a real permit log, where it is at hand, are exported as
XES and OCEL 2.0; the readers' directly-follows graphs must be ours. Prints a Markdown table; ends with 1 where not.
"""

import gzip
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("INSIGHT_SECRET_KEY", "for a benchmark only")  # so that no key file is made

import numpy as np  # noqa: E402

from benchmarks.journeys_made import made  # noqa: E402
from insight.columns import NONE  # noqa: E402
from insight.journeys.case_records import record_of  # noqa: E402
from insight.journeys.files.package import FILE_NAMES, Form, Made, write_export  # noqa: E402
from insight.journeys.files.reading import Columns, read_event_log  # noqa: E402
from insight.journeys.files.writing import outgoing  # noqa: E402
from insight.journeys.mining.log import DAY, NO_TIME, Log, offsets  # noqa: E402
from insight.journeys.record import Record  # noqa: E402

PERMITS = ROOT.parent / "shared" / "data" / "events" / "permit_receipt.csv"
PERMIT_COLUMNS = Columns("case:concept:name", "concept:name", "time:timestamp", "org:group", None, "case:channel")
MADE = Made("a made-up place", "Made-up journeys", "all of them", datetime(2026, 11, 22, tzinfo=UTC), True)
READERS = """
import json, sys
from collections import Counter
import polars, r4pm, rustxes
from r4pm import bindings
xes, ocel = sys.argv[1:]
def spelled(pairs):
    return sorted([a, b, n] for (a, b), n in pairs.items())
def of_frame(frame):
    steps = frame.select("case:concept:name", "concept:name")
    pairs = Counter()
    for (case, step), (after, next_step) in zip(steps.iter_rows(), steps.slice(1).iter_rows()):
        if case == after:
            pairs[step, next_step] += 1
    return spelled(pairs)
frame, _told = rustxes.import_xes(xes)
found = {"rustxes, in the order of the file": of_frame(frame)}
found["rustxes, sorted by time"] = of_frame(frame.sort("case:concept:name", "time:timestamp"))
graph = bindings.discover_dfg(r4pm.import_item("EventLog", xes))
edges = graph["directly_follows_relations"]
found["r4pm, XES"] = sorted([a, b, n] for (a, b), n in edges)
flat = bindings.get_dfg_of_object_type(r4pm.import_item("SlimLinkedOCEL", ocel), "journey")
found["r4pm, OCEL flattened on journey"] = sorted([a, b, n] for (a, b), n in flat)
json.dump(found, sys.stdout)
"""


def made_record(journeys: int) -> Record:
    """Made-up journeys as told ones: a third of the days untold, a tenth remembered wrongly, many the same."""
    frame, random = made(journeys), np.random.default_rng(11)
    n, e = journeys, len(frame)
    time = frame["ts"].to_numpy().astype("datetime64[ns]").astype(np.int64) // DAY * DAY
    time = np.where(random.random(e) < 0.1, time - 90 * DAY, time)
    untold = np.full(e, NONE, np.int32)
    return Record(
        key=np.arange(n, dtype=np.int64),
        first=offsets(np.bincount(frame["journey_id"].to_numpy(), minlength=n)),
        need=np.full(n, NONE, np.int32),
        source=np.zeros(n, np.int32),
        teller=np.full(n, NONE, np.int32),
        month=np.zeros(n, np.int32),
        need_met=np.full(n, NONE, np.int32),
        kind=np.full(n, NONE, np.int32),
        position=frame["seq"].to_numpy(),
        service=frame["activity"].cat.codes.to_numpy().astype(np.int32),
        organisation=frame["org"].cat.codes.to_numpy().astype(np.int32),
        channel=untold,
        sorted_out=untold,
        time=np.where(random.random(e) < 0.33, NO_TIME, time),
        feeling=frame["feeling"].to_numpy(),
        waited=random.integers(-1, 60, e).astype(np.int32),
        promised=untold,
        told_again=frame["repeat_story"].to_numpy().astype(np.int8),
        sent_elsewhere=untold.astype(np.int8),
        words={
            "source": ("self_web",),
            "month": ("2026-03",),
            "service": tuple(frame["activity"].cat.categories),
            "organisation": tuple(frame["org"].cat.categories),
            **dict.fromkeys(("need", "teller", "need_met", "channel", "sorted_out"), ()),
        },
    )


def follows(log: Log) -> list[list[str | int]]:
    """The directly-follows graph, counted step by step."""
    pairs = Counter(
        zip(log.code[:-1][log.followed[:-1]].tolist(), log.code[1:][log.followed[:-1]].tolist(), strict=True)
    )
    return sorted([log.names[a], log.names[b], n] for (a, b), n in pairs.items())


def exported(record: Record, folder: Path) -> dict[Form, tuple[Path, float]]:
    """The files of all forms with the seconds that each took."""
    out = outgoing(record, np.ones(record.journeys, bool), 1)
    files = {}
    for form in Form:
        path, started = folder / FILE_NAMES[form], time.process_time()
        with path.open("wb") as file:
            write_export(out, form, MADE, file)
        files[form] = (path, time.process_time() - started)
    return files


def compare(name: str, record: Record, python: str) -> bool:
    """One log through all readers; whether all agree."""
    ours, agreed = follows(record.log("service")), True
    with tempfile.TemporaryDirectory() as named:
        folder = Path(named)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        files = exported(record, folder)
        more = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
        for form, (path, seconds) in files.items():
            size = path.stat().st_size / 2**20
            print(f"| {name} | {form} written | {seconds:.1f} CPU s, {size:.1f} MB |")
        print(f"| {name} | peak memory over the record, all forms | {more:.0f} MB |")
        plain = folder / "journeys.xes"
        plain.write_bytes(gzip.decompress(files[Form.XES][0].read_bytes()))
        with zipfile.ZipFile(files[Form.OCEL][0]) as packed:
            packed.extract("journeys.ocel.json", folder)
        for xes in (plain, files[Form.XES][0]):
            command = [python, "-c", READERS, str(xes), str(folder / "journeys.ocel.json")]
            found = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
            for reader, theirs in found.items():
                agreed &= theirs == ours
                said = "the same" if theirs == ours else "DIFFERENT"
                print(
                    f"| {name} | {reader} ({''.join(xes.suffixes)}) | {said}: {len(theirs)} edges, "
                    f"{sum(n for *_, n in theirs):,} moves |"
                )
    return agreed


def main() -> None:
    """Export, read elsewhere, compare."""
    if len(sys.argv) < 2:
        print("Give the interpreter of an environment with r4pm, rustxes and polars; without it nothing is compared.")
        return
    python, journeys = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 5_000
    permits = Path(sys.argv[3]) if len(sys.argv) > 3 else PERMITS
    print("| log | what | result |\n| --- | --- | --- |")
    agreed = compare(f"{journeys:,} made", made_record(journeys), python)
    if permits.exists():
        agreed &= compare("permits", record_of(read_event_log(permits, PERMIT_COLUMNS), 1), python)
    sys.exit(0 if agreed else 1)


if __name__ == "__main__":
    main()
