"""``python -m tests.fuzz``: throw everything at every door, print one table, and fail where anything was found.

Each door is a process of its own on a copy of one filled place. ``--door routes --case 123`` repeats one case.
"""

import argparse
import asyncio
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.fuzz import world
from tests.fuzz.tally import Tally, table

ROOT = Path(__file__).resolve().parents[2]
SEED, JOURNEYS = 20261122, 150
DOORS = {"routes": 13_500, "screens": 2_000, "tells": 4_500, "uploads": 1_000, "lines": 400}
KEPT = "THROUGHLINE_FUZZ"


def main() -> int:
    """Fill the place, attack it, say what was found."""
    asked = _asked()
    if asked.fill or asked.inside:
        return _fill() if asked.fill else _attack(asked)
    started, folder = time.monotonic(), Path(tempfile.mkdtemp(prefix="throughline-fuzz-"))
    filled = asked.place or folder
    try:
        filled.mkdir(exist_ok=True)
        if not (filled / "world.json").exists():
            _run(filled, "--fill", stdout=subprocess.DEVNULL)
            print(f"filled in {time.monotonic() - started:.0f} s; seed {asked.seed}", flush=True)
        doors = [asked.door] if asked.door else list(DOORS)
        with ThreadPoolExecutor(2) as both:
            tallies = list(both.map(lambda door: _door(filled, folder, door, asked), doors))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    for tally in tallies:
        print(f"\n{tally.door}: {dict(tally.answers.most_common(12))}", *tally.cases, sep="\n  ")
    print(f"\n{table(tallies)}\n\n{time.monotonic() - started:.0f} s. To repeat one case:", end=" ")
    print(f"python -m tests.fuzz --seed {asked.seed} --door DOOR --case NUMBER")
    return int(any(tally.found for tally in tallies))


def _asked() -> argparse.Namespace:
    said = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    said.add_argument("--seed", type=int, default=SEED)
    said.add_argument("--door", choices=DOORS)
    said.add_argument("--case", type=int)
    said.add_argument("--inputs", type=int, help="how many, for one door")
    said.add_argument("--place", type=Path, help="a folder in which the filled place is kept, to repeat cases quickly")
    said.add_argument("--fill", action="store_true", help=argparse.SUPPRESS)
    said.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    return said.parse_args()


def _run(folder: Path, *arguments: str, stdout: int) -> str:
    environment = {name: told for name, told in os.environ.items() if not name.startswith("INSIGHT_")}
    environment |= world.environment(folder) | {KEPT: str(folder)}
    command = [sys.executable, "-m", "tests.fuzz", *arguments]
    with (folder / "log.txt").open("w") as log:
        done = subprocess.run(command, cwd=ROOT, env=environment, stdout=stdout, stderr=log, text=True, check=False)
    if done.returncode:
        print((folder / "log.txt").read_text("utf-8", "replace")[-3_000:], file=sys.stderr)
        raise SystemExit(f"{' '.join(arguments)} ended with {done.returncode}")
    return done.stdout or ""


def _door(filled: Path, below: Path, door: str, asked: argparse.Namespace) -> Tally:
    """One door, in a process of its own on a copy of the place."""
    folder = below / door
    folder.mkdir()
    for name in ("fuzz.db", "text.keys", "world.json"):
        shutil.copy(filled / name, folder / name)
    more = ["--case", str(asked.case)] if asked.case is not None else []
    more += ["--inputs", str(asked.inputs)] if asked.inputs else []
    started = time.monotonic()
    told = json.loads(
        _run(folder, "--inside", "--door", door, "--seed", str(asked.seed), *more, stdout=subprocess.PIPE).splitlines()[
            -1
        ]
    )
    print(f"{door}: {told['inputs']:,} inputs in {time.monotonic() - started:.0f} s", flush=True)
    return Tally(told["door"], told["inputs"], Counter(told["found"]), told["cases"], Counter(told["answers"]))


def _fill() -> int:
    from sqlalchemy import text

    from insight.database import engine, prepare

    prepare()
    world.fill(JOURNEYS).save(Path(os.environ[KEPT]))
    with engine().connect() as connection:
        connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
    return 0


def _attack(asked: argparse.Namespace) -> int:
    folder = Path(os.environ[KEPT])
    made = world.World.load(folder)
    world.cheapen()
    numbers = range(asked.inputs or DOORS[asked.door]) if asked.case is None else range(asked.case, asked.case + 1)
    if asked.door in ("routes", "tells"):
        tally = asyncio.run(_in_process(made, asked, numbers))
    elif asked.door == "uploads":
        from tests.fuzz import uploads

        tally = uploads.throw(asked.seed, numbers)
    elif asked.door == "screens":
        from tests.fuzz import screens

        tally = asyncio.run(screens.throw(folder, made, asked.seed, numbers))
    else:
        from tests.fuzz import lines

        tally = asyncio.run(lines.throw(folder, asked.seed, numbers))
    print(json.dumps(tally.as_dict()))
    return 0


async def _in_process(made: world.World, asked: argparse.Namespace, numbers: range) -> Tally:
    from app import app
    from tests.fuzz import tells, throwing
    from tests.fuzz.asking import alive
    from tests.fuzz.routes import Thrower

    async with alive(app):
        thrower = Thrower(app._starlette_app.routes, made, asked.seed)  # type: ignore[union-attr]
        if asked.door == "routes":
            return await throwing.throw(app, thrower, numbers)
        every = list(tells.pairs(thrower))
        step = max(1, 2 * len(every) // len(numbers)) if asked.case is None else 1
        return await throwing.compare(
            app, every[numbers.start :: step] if asked.case is None else every[asked.case : asked.case + 1]
        )


if __name__ == "__main__":
    sys.exit(main())
