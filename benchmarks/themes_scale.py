"""Themes at scale: ``python benchmarks/themes_scale.py 1000000 FILE [--parts 10] [--cluster]``.

Makes so many texts of those in FILE (a CSV file with the column text), each with a quarter of its words dropped at
random, and finds their themes with the file tool in a process of its own; prints seconds, processor seconds, the peak
memory of that process, and themes. ``--parts``: instead, by ``themes_in_parts``, from as many files; ``--cluster`` also
on a Dask cluster of two workers: both must give every text the same theme, or the benchmark fails.
"""

import argparse
import csv
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from insight.themes import analyse_file, themes_in_parts
from insight.themes.model import Floats, Labels

DROPPED = 0.25


def made(texts: Sequence[str], count: int, seed: int) -> Iterator[str]:
    """So many texts, drawn from those given, with words dropped."""
    chance = np.random.default_rng(seed)
    for row in chance.integers(0, len(texts), count).tolist():
        words = texts[row].split()
        kept = chance.random(len(words)) >= DROPPED
        yield " ".join(word for word, stays in zip(words, kept, strict=True) if stays) or texts[row]


def write_parts(source: Path, folder: Path, count: int, parts: int) -> list[str]:
    """CSV files with the column text, together so many texts; their paths."""
    with source.open(encoding="utf-8-sig", newline="") as file:
        texts = [row["text"] for row in csv.DictReader(file) if row["text"].strip()]
    paths = [str(folder / f"{part}.csv") for part in range(parts)]
    for part, path in enumerate(paths):
        with Path(path).open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["text"])
            writer.writerows([text] for text in made(texts, count // parts, part))
    return paths


def read(path: str) -> Iterator[str]:
    """The texts of one file."""
    with Path(path).open(encoding="utf-8", newline="") as file:
        yield from (row["text"] for row in csv.DictReader(file))


def keep(name: str, path: str, labels: Labels, scores: Floats) -> None:
    """Write what a part's texts were given beside its file."""
    np.savez(f"{path}.{name}.npz", labels=labels, scores=scores)


def by_file(path: str) -> str:
    """The file tool on one file."""
    record = analyse_file(path, text="text", out=f"{path}.themes")
    return f"{record['themes']} themes, seconds {record['seconds']}"


def by_parts(paths: list[str], name: str) -> str:
    """Themes in parts, here or where the settings say."""
    found = themes_in_parts(paths, read, write=partial(keep, name))
    return f"{len(found.themes)} themes of {found.texts:,} texts in {len(paths)} parts"


def measured(paths: list[str], name: str, scheduler: str = "") -> None:
    """One way, in a process of its own; prints what it took."""
    command = [sys.executable, __file__, "0", "-", "--work", name, *paths]
    subprocess.run(command, env=os.environ | {"INSIGHT_SCHEDULER": scheduler}, check=True)


def work(paths: list[str], name: str) -> None:
    """What the process of its own does."""
    start = time.perf_counter()
    told = by_file(paths[0]) if name == "file" else by_parts(paths, name)
    wall, peak = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{name}: {wall:.1f} s, processor {time.process_time():.1f} s, peak {peak:,.0f} MB: {told}", flush=True)


def on_cluster(paths: list[str]) -> None:
    """The same parts on two worker processes of this machine; fails where a text has another theme."""
    from distributed import LocalCluster

    options: dict[str, Any] = {"n_workers": 2, "threads_per_worker": 1, "dashboard_address": ":0", "host": "127.0.0.1"}
    with LocalCluster(**options) as cluster:  # type: ignore[no-untyped-call]
        measured(paths, "cluster", cluster.scheduler_address)
    for path in paths:
        here, there = (np.load(f"{path}.{name}.npz") for name in ("parts", "cluster"))
        np.testing.assert_array_equal(here["labels"], there["labels"])
    print("every text has the same theme on the cluster")


def main() -> None:
    """Make texts, find their themes, print a line each way."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int)
    parser.add_argument("file")
    parser.add_argument("--parts", type=int, default=0, help="by themes_in_parts, from as many files")
    parser.add_argument("--cluster", action="store_true", help="and on a Dask cluster of two workers")
    parser.add_argument("--work", nargs="+", help="used by the run itself: the way, and the files")
    options = parser.parse_args()
    if options.work:
        work(options.work[1:], options.work[0])
        return
    with tempfile.TemporaryDirectory() as folder:
        paths = write_parts(Path(options.file), Path(folder), options.count, max(1, options.parts))
        measured(paths, "parts" if options.parts else "file")
        if options.cluster:
            on_cluster(paths)


if __name__ == "__main__":
    main()
