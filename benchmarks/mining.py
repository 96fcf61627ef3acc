"""Mining journeys beside pm4py: `.venv/bin/python benchmarks/mining.py --peer OTHER/bin/python --data LOGS` (Linux).

The peer runs in an environment of its own (pm4py, pandas and pyarrow; pm4py is AGPL and no part of the product). Every
line is measured in one run, each side in a process of its own that reads the same Parquet file into a data frame, warms
up on its first rows, and then goes from the loaded frame to the directly-follows graph and the variants:

- ours: ``from_frame``, ``edges``, ``variants``; it ends in arrays of codes. "spelled" is what it costs on top to write
  every variant out as a dictionary of step names, which pm4py does in any case.
- the peer: ``sort_values`` by journey and time, ``discover_dfg``, ``get_variants``; ``format_dataframe``, which its
  manual puts first, is not run, since sorting is enough and costs less; but pm4py takes ids and steps as words alone,
  so numbers and categories are made into words before.

CPU seconds are the process's, user and system, all threads; logs of under 300,000 steps are mined several times and the
least counts. Memory is the highest resident size while mining, less that before it, with the frame loaded. Both must
give the same edges, counts, variants, starts and ends, or the run ends with an error.

"shuffled" has rows in no order and step names as words, with journey ids as whole numbers or as words. "stored" is what
a place keeps: sorted by journey and time, steps categorical; the peer is measured on it too, and beside it stands how
many times less ours takes from stored steps than the peer does from shuffled ones.
"""

import argparse
import hashlib
import importlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

import pandas as pd

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
JOURNEY, STEP, TIME = "case:concept:name", "concept:name", "time:timestamp"
SIZES = (100_000, 1_000_000)
MEGABYTE = 1024
Results = Callable[[], dict[str, str]]  # spells the results out and gives a digest of each, when asked


class Watch:
    """CPU seconds of the stages of one pass."""

    def __init__(self) -> None:
        self.took: dict[str, float] = {}
        self._last = time.process_time()

    def lap(self, stage: str) -> None:
        """The time since the last lap was spent on this stage."""
        now = time.process_time()
        self.took[stage] = now - self._last
        self._last = now


def ours(frame: pd.DataFrame, watch: Watch) -> Results:
    """Mine with the product."""
    from insight.journeys.mining.frames import from_frame
    from insight.journeys.mining.paths import edges, ends, starts, variants

    log, _ = from_frame(frame, JOURNEY, STEP, TIME)
    watch.lap("sort")
    graph = edges(log)
    watch.lap("edges")
    paths = variants(log)
    watch.lap("variants")

    def results() -> dict[str, str]:
        names = log.names
        counts = zip(graph.source.tolist(), graph.target.tolist(), graph.count.tolist(), strict=True)
        watch.lap("checking")
        spelled = dict(zip(map(log.steps_of, paths.example.tolist()), paths.count.tolist(), strict=True))
        watch.lap("spelled")
        return digests(
            {(names[source], names[target]): n for source, target, n in counts},
            spelled,
            *({names[code]: n for code, n in enumerate(found(log).tolist()) if n} for found in (starts, ends)),
        )

    return results


def peer(frame: pd.DataFrame, watch: Watch) -> Results:
    """Mine with pm4py."""
    pm4py = importlib.import_module("pm4py")
    words = frame.astype({name: str for name in (JOURNEY, STEP) if not isinstance(frame[name].dtype, pd.StringDtype)})
    ordered = words.sort_values([JOURNEY, TIME])
    watch.lap("sort")
    graph, starts, ends = pm4py.discover_dfg(ordered)
    watch.lap("edges")
    paths = pm4py.get_variants(ordered)
    watch.lap("variants")
    return lambda: digests(graph, {steps: int(n) for steps, n in paths.items()}, starts, ends)


SIDES = {"ours": ours, "peer": peer}


def digests(*counts: Mapping[Any, int]) -> dict[str, str]:
    """A digest of each result, whatever order its entries have."""
    named = zip(("edges", "variants", "starts", "ends"), counts, strict=True)
    return {name: digest(count) for name, count in named}


def digest(count: Mapping[Any, int]) -> str:
    """SHA-256 of the sorted entries."""
    lines = sorted(json.dumps([key, int(n)]) for key, n in count.items())
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def memory(field: str) -> float:
    """Megabytes of this process: VmRSS now, VmHWM at most since it was last forgotten."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(field):
            return int(line.split()[1]) / MEGABYTE
    raise LookupError(field)


def measure(side: str, file: str) -> dict[str, Any]:
    """One side on one file, in this process."""
    frame = pd.read_parquet(file)
    SIDES[side](frame.head(1000).copy(), Watch())
    loaded = memory("VmRSS")
    Path("/proc/self/clear_refs").write_text("5")  # forgets the highest size so far
    passes, peak = [], 0.0
    for turn in range(min(max(300_000 // len(frame), 1), 15)):
        watch = Watch()
        results = SIDES[side](frame, watch)
        passes.append(watch)
        peak = memory("VmHWM") - loaded if turn == 0 else peak
    best = min(passes, key=lambda watch: sum(watch.took.values()))
    found = {"cpu": sum(best.took.values()), "stages": dict(best.took), "peak": peak, "digests": results()}
    return found | {"spelled": passes[-1].took.get("spelled", 0.0)}


def run(python: str, side: str, file: Path) -> dict[str, Any]:
    """One side on one file, in a process of its own."""
    command = [python, __file__, "--only", side, str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ | {"PYTHONWARNINGS": ""})
    if done.returncode:
        raise ChildProcessError(f"{side} failed on {file.name}:\n{done.stderr[-2000:]}")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def made_frames(journeys: int) -> Iterator[tuple[str, pd.DataFrame]]:
    """Made-up journeys as another tool's user has them, and as they are stored."""
    from benchmarks.journeys_made import made, shuffled

    columns = {"journey_id": JOURNEY, "activity": STEP, "ts": TIME}
    steps = made(journeys)
    mixed = shuffled(steps)[[*columns]].rename(columns=columns)
    yield "shuffled, ids as numbers", mixed
    yield "shuffled, ids as words", mixed.assign(**{JOURNEY: "case-" + mixed[JOURNEY].astype(str)})
    yield "stored", steps[[*columns]].rename(columns=columns)


def real_frames(folder: Path) -> Iterator[tuple[str, pd.DataFrame]]:
    """Every CSV in a folder that has the usual three columns, as read."""
    for file in sorted([*folder.glob("*.csv"), *folder.glob("*.csv.gz")]):
        frame = pd.read_csv(file, dtype={JOURNEY: str, STEP: str}, low_memory=False)
        if {JOURNEY, STEP, TIME} <= set(frame):
            times = pd.to_datetime(frame[TIME], utc=True, format="ISO8601")
            yield file.name, frame[[JOURNEY, STEP]].assign(**{TIME: times}).dropna()


def line(name: str, steps: int, mine: dict[str, Any], theirs: dict[str, Any] | None, shuffled: float) -> str:
    """One line of the table."""
    stages = " / ".join(f"{mine['stages'][stage]:.3f}" for stage in ("sort", "edges", "variants"))
    own = [name, f"{steps:,}", f"{mine['cpu']:.3f}", stages, f"+{mine['spelled']:.3f}", f"{mine['peak']:.0f}"]
    if theirs is None:
        return "| " + " | ".join([*own, "", "", "", ""]) + " |"
    if mine["digests"] != theirs["digests"]:
        raise ArithmeticError(f"{name}: the results differ: {mine['digests']} {theirs['digests']}")
    ratio = f"{theirs['cpu'] / mine['cpu']:.1f}" + (f" ({shuffled / mine['cpu']:.1f})" if shuffled else "")
    less = theirs["peak"] / max(mine["peak"], 1)
    return "| " + " | ".join([*own, f"{theirs['cpu']:.3f}", f"{theirs['peak']:.0f}", ratio, f"{less:.1f}"]) + " |"


def main(arguments: Sequence[str] | None = None) -> None:
    """Print one line a log, as a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peer", help="the Python of an environment with pm4py")
    parser.add_argument("--data", type=Path, help="a folder of real logs as CSV")
    parser.add_argument("--sizes", type=int, nargs="*", default=SIZES, help="how many made-up journeys")
    parser.add_argument("--only", nargs=2, metavar=("SIDE", "FILE"), help="one side on one file, as JSON")
    options = parser.parse_args(arguments)
    if options.only:
        print(json.dumps(measure(*options.only)))
        return
    if not options.peer:
        print("Without --peer there is nothing to compare with: only the product is measured.\n")
    print(
        "| log | steps | ours, CPU s | sort / edges / variants | spelled | ours, MB | peer, CPU s | peer, MB |", end=""
    )
    print(" times faster (from shuffled) | times less memory |\n|" + "---|" * 10)
    made = ((f"{n:,} {name}", frame) for n in options.sizes for name, frame in made_frames(n))
    real = real_frames(options.data) if options.data else iter(())
    shuffled = 0.0
    for name, frame in chain(made, real):
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "log.parquet"
            frame.to_parquet(file)
            mine = run(sys.executable, "ours", file)
            theirs = run(options.peer, "peer", file) if options.peer else None
        print(line(name, len(frame), mine, theirs, shuffled if name.endswith("stored") else 0.0), flush=True)
        shuffled = theirs["cpu"] if theirs and name.endswith("numbers") else shuffled


if __name__ == "__main__":
    main()
