"""Mining in parts: ``python benchmarks/mining_parts.py 1000000 [--parts 16] [--whole] [--cluster]``.

Makes journeys, cuts them into Parquet parts in a folder that is deleted afterwards, and mines the parts one after the
other in a process of its own; prints seconds and the peak memory of that process. ``--whole`` also mines everything in
one piece, ``--cluster`` on a Dask cluster of two workers on this machine; both must give the same arrays to the
last bit, for told waits and handoffs too, or the benchmark fails.
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.journeys_made import made
from insight.journeys import partitions
from insight.journeys.files.reading import Columns
from insight.journeys.joining import joined
from insight.journeys.mining.log import DAY, in_order
from insight.journeys.mining.parts import Mined, combine, mine
from insight.journeys.mining.records import summary_of
from insight.journeys.record import NOT_FELT, Record
from insight.scale import mapreduce
from insight.settings import settings

AT_ONCE = 250_000  # journeys that are made at a time
MADE = Columns("journey_id", "activity", "ts", "org", "seq")


def frames(journeys: int) -> Iterator[Any]:
    """So many journeys, some at a time, with ids that go on from one time to the next."""
    for seed, start in enumerate(range(0, journeys, AT_ONCE)):
        frame = made(min(AT_ONCE, journeys - start), seed)
        yield frame.assign(journey_id=frame["journey_id"] + start)


def whole_of(journeys: int) -> Mined:
    """All journeys mined in one piece, without a file in between."""
    some = list(frames(journeys))
    columns = {name: np.concatenate([frame[name].to_numpy() for frame in some]) for name in ("journey_id", "seq")}
    time = np.concatenate([frame["ts"].to_numpy().astype("datetime64[ns]").view(np.int64) for frame in some])
    step, by = (np.concatenate([frame[name].cat.codes.to_numpy() for frame in some]) for name in ("activity", "org"))
    names, organisations = (tuple(some[0][name].cat.categories) for name in ("activity", "org"))
    log = in_order(columns["journey_id"], step.astype(np.int32), names, time, columns["seq"].astype(np.int64))
    return mine(log, by.astype(np.int32), organisations)


def told(journeys: int, seed: int) -> Record:
    """Made journeys as people would tell them: days waited and promised, and whether all had to be told again."""
    frame, random = made(journeys, seed), np.random.default_rng(seed)
    e = len(frame)
    first = np.append(np.flatnonzero(frame["seq"].to_numpy() == 0), e)
    columns: dict[str, Any] = {field.name: np.full(e, -1, np.int32) for field in fields(Record)}
    of_journey = ("need", "source", "teller", "month", "need_met", "kind")
    columns |= {name: np.full(journeys, -1, np.int32) for name in of_journey}
    columns |= {"key": np.arange(journeys) + seed * journeys, "first": first}
    columns["service"] = frame["activity"].cat.codes.to_numpy().astype(np.int32)
    columns["organisation"] = frame["org"].cat.codes.to_numpy().astype(np.int32)
    columns["time"] = frame["ts"].to_numpy().astype("datetime64[ns]").view(np.int64) // DAY * DAY
    columns["feeling"] = np.full(e, NOT_FELT, np.int8)
    columns["waited"], columns["promised"] = (random.integers(-1, 90, e).astype(np.int32) for _column in range(2))
    columns["told_again"] = frame["repeat_story"].to_numpy().astype(np.int8)
    words: dict[str, tuple[str, ...]] = {field.name: () for field in fields(Record)}
    words |= {"service": tuple(frame["activity"].cat.categories), "organisation": tuple(frame["org"].cat.categories)}
    return Record(**{**columns, "words": words})


def mine_told(journeys: int, seed: int) -> Mined:
    """The told journeys of one part."""
    return partitions.mine_record(told(journeys, seed))


def same(first: Any, second: Any) -> bool:
    """Whether two results are equal to the last bit."""
    if is_dataclass(first):
        return all(same(getattr(first, field.name), getattr(second, field.name)) for field in fields(first))
    if isinstance(first, np.ndarray):
        return first.dtype == second.dtype and np.array_equal(first, second)
    return bool(first == second)


def timed(what: str, work: Callable[[], Any]) -> Any:
    """Do it, and print how long it took and the processor seconds of this process."""
    started, worked = time.perf_counter(), time.process_time()
    result = work()
    print(f"{what}: {time.perf_counter() - started:.1f} s, CPU {time.process_time() - worked:.1f} s", flush=True)
    return result


@contextmanager
def cluster() -> Iterator[None]:
    """Two workers on this machine, used for the while by :func:`insight.scale.mapreduce`."""
    from distributed import LocalCluster

    start: Any = LocalCluster
    with start(n_workers=2, threads_per_worker=1, dashboard_address=None, host="127.0.0.1") as running:
        os.environ["INSIGHT_SCHEDULER"] = running.scheduler_address
        settings.cache_clear()
        yield
        del os.environ["INSIGHT_SCHEDULER"]
        settings.cache_clear()


def mine_folder(folder: Path) -> None:
    """What the process of its own does: mine the parts, and say what it took."""
    result = timed("mined part by part", lambda: partitions.mine_parts(sorted(folder.iterdir())))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory {peak:,.0f} MB")
    print(summary_of(result))


def compare(what: str, first: Mined, second: Mined) -> None:
    """Say that two results are the same, or fail."""
    if not same(first, second):
        raise SystemExit(f"{what}: NOT the same")
    print(f"{what}: the same to the last bit")


def on_cluster(journeys: int, parts: int, paths: Sequence[Path]) -> None:
    """Both kinds of journeys on two workers, against the serial result."""
    each = journeys // parts
    serial = timed("files, serial", lambda: partitions.mine_parts(paths))
    work = partial(mine_told, each)
    told_serial = timed("told journeys, serial", lambda: mapreduce(work, range(parts), combine))
    with cluster():
        spread = timed("files, two workers", lambda: partitions.mine_parts(paths))
        told_spread = timed("told journeys, two workers", lambda: mapreduce(work, range(parts), combine))
    compare("files: two workers and serial", spread, serial)
    compare("told waits and handoffs: two workers and serial", told_spread, told_serial)
    at_once = partitions.mine_record(joined([told(each, seed) for seed in range(parts)]))
    compare("told waits and handoffs: in parts and at once", told_serial, at_once)


def main() -> None:
    """Make, cut, mine, compare."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("journeys", type=int)
    asked.add_argument("--parts", type=int, default=16)
    asked.add_argument("--whole", action="store_true")
    asked.add_argument("--cluster", action="store_true")
    asked.add_argument("--mine", type=Path, help=argparse.SUPPRESS)
    given = asked.parse_args()
    if given.mine:
        mine_folder(given.mine)
        return
    with tempfile.TemporaryDirectory() as folder:
        tables = (pa.Table.from_pandas(frame, preserve_index=False) for frame in frames(given.journeys))
        cut = timed("made and cut", lambda: partitions.write_parts(tables, MADE, Path(folder), given.parts))
        size = sum(path.stat().st_size for path in cut.paths) / 2**20
        print(f"{given.journeys:,} journeys, {cut.rows:,} steps, {len(cut.paths)} parts, {size:,.0f} MB")
        subprocess.run([sys.executable, __file__, str(given.journeys), "--mine", folder], check=True)
        if given.whole:
            whole = timed("made and mined in one piece", lambda: whole_of(given.journeys))
            compare("in one piece and in parts", whole, partitions.mine_parts(cut.paths))
        if given.cluster:
            on_cluster(given.journeys, given.parts, cut.paths)


if __name__ == "__main__":
    main()
