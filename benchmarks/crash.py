"""Nothing acknowledged is lost when processes are killed: ``python benchmarks/crash.py --database sqlite`` (Linux).

Serves the product on a database of its own, lets 50 residents tell journeys on the plain form, and kills -9 the app,
the worker service and the process of its job at random moments, with ``--database postgres`` the database server too
(its postmaster with all its children, or one backend). Clients press the button again. After each kill the database is
checked (``PRAGMA integrity_check`` and ``foreign_key_check``; on PostgreSQL every row is read, with page checksums, and
counted by its index) and every new story is opened; at the end each acknowledged journey is looked for. Prints one
table, and ends with 1 where anything is lost, doubled, half there, or stuck.

The processes are forks of one that has the program loaded (``crash_nursery.py``), so that one that was killed is back
within a second; else most of the time would be spent importing.
"""

import argparse
import asyncio
import json
import os
import random
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from sqlalchemy.exc import OperationalError

from benchmarks.crash_ledger import Findings, Kept, findings, halves, kept_stories, lost_drafts
from benchmarks.crash_runs import Runs
from benchmarks.crash_stores import COME_BACK, SERVER_TARGETS, TARGETS, Server, Store, children, command_of, kill
from benchmarks.crash_tellers import Crowd, tell_on
from benchmarks.start import ROOT, free_port
from insight.errors import Busy

READY = """
from insight.database import upgrade
upgrade()
from insight import intake
from insight.access import SYSTEM
from insight.demo.build import build
intake.add_place(SYSTEM, "Testham")
print(build(120, 1, None, lambda *_: None)[0].id)
"""
STALE, RUN_EVERY, END = 10, 20, 240.0  # seconds, kills, seconds


class Nursery:
    """The process that starts the others."""

    def __init__(self, log: Path) -> None:
        command = [sys.executable, str(ROOT / "benchmarks" / "crash_nursery.py")]
        with log.open("wb") as sink:
            self.process = subprocess.Popen(
                command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=sink, text=True
            )

    def start(self, asked: str) -> int:
        """Start a process; gives its id."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        print(asked, file=self.process.stdin, flush=True)
        return int(self.process.stdout.readline())


@dataclass
class Ground:
    """What is killed: the app and the worker on a database; with what was found after each kill."""

    store: Store
    nursery: Nursery
    port: int
    place: int
    demo: int
    chance: random.Random
    app: int = 0
    worker: int = 0
    killed: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    opened: int = 0
    checks: int = 0
    down: list[float] = field(default_factory=list)

    @property
    def processes(self) -> int:
        """How many times the app or the worker was killed."""
        return sum(self.killed[kind] for kind in ("app", "worker", "job"))

    def start(self) -> None:
        """Start what does not run, and wait until the app answers."""
        since, was_down = time.monotonic(), not command_of(self.app)
        self._start_dead()
        self._wait()
        if was_down:
            self.down.append(time.monotonic() - since)

    def _start_dead(self) -> None:
        if not command_of(self.worker):
            self.worker = self.nursery.start("worker")
        if not command_of(self.app):
            self.app = self.nursery.start(f"app {self.port}")

    def _wait(self) -> None:
        until = time.monotonic() + COME_BACK
        while time.monotonic() < until:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/_stcore/health", timeout=5):
                    return
            except OSError:
                time.sleep(0.02)
                self._start_dead()  # one that finds no database ends, and a service manager starts it again
        raise ChildProcessError("the app did not come back")

    def round(self) -> None:
        """Kill something, look at the database, and start it again."""
        (target,) = self.chance.choices(list(self.store.targets), list(self.store.targets.values()))
        job = [pid for pid in children(self.worker) if b"insight.worker" in command_of(pid)]
        if target in SERVER_TARGETS:
            self.store.kill(target, self.chance)
            self.killed[target] += 1
        else:
            pids = {"app": [self.app], "worker": [self.worker], "job": job, "everything": [self.app, self.worker, *job]}
            kill(pids[target])
            self.killed.update(
                kind for kind in TARGETS if kind != "everything" and pids[kind] and target in (kind, "everything")
            )
        self.look(target)
        self.start()

    def look(self, after: str) -> None:
        """The database's own check, rows that belong together, and every new story opened."""
        from insight.database import dispose

        self.checks += 1
        until = time.monotonic() + COME_BACK
        while (wrong := _tried(self._wrong)) is None and time.monotonic() < until:
            time.sleep(0.1)  # a server that recovers takes no connection yet
        dispose()  # who holds a SQLite file open keeps the next one from recovering it
        if wrong != "":
            self.faults.append(f"after a kill of {after}: {wrong or 'the database did not come back'}")

    def _wrong(self) -> str:
        told = [self.store.check(), *(f"{number} x {name}" for name, number in halves(self.place).items())]
        for story_id, _story in kept_stories(self.place, self.opened):
            self.opened = story_id
        return ", ".join(one for one in told if one)


def _tried(look: Callable[[], str]) -> str | None:
    try:
        return look()
    except (Busy, OperationalError):
        return None


async def crash(ground: Ground, crowd: Crowd, asked: argparse.Namespace, runs: Runs) -> None:
    """Kill until there were enough kills and enough journeys; then let everybody finish."""
    tellers = [asyncio.create_task(tell_on(crowd, number)) for number in range(asked.clients)]
    rounds, last = 0, time.monotonic() + 60 * asked.minutes
    while time.monotonic() < last and (ground.processes < asked.kills or crowd.acknowledged < asked.journeys):
        if rounds % RUN_EVERY == 0:
            await asyncio.to_thread(runs.ask)
        rounds += 1
        await _pause(ground, crowd, asked)
        await asyncio.to_thread(ground.round)
        if rounds % 25 == 0:
            print(f"  {ground.processes} kills, {crowd.acknowledged:,} acknowledged", file=sys.stderr, flush=True)
    crowd.ending = True
    await asyncio.gather(*tellers)
    until = time.monotonic() + END
    while not await asyncio.to_thread(runs.ended) and time.monotonic() < until:
        await asyncio.sleep(0.5)
    await asyncio.to_thread(runs.ask)  # what was stopped can be started again
    while not await asyncio.to_thread(runs.ended) and time.monotonic() < until + END:
        await asyncio.sleep(0.5)


async def _pause(ground: Ground, crowd: Crowd, asked: argparse.Namespace) -> None:
    """Until the next kill: a second at most, or so many more journeys that there are enough of them after enough kills.

    By journeys and not by the clock alone, so that a busy machine is not killed before anybody could send.
    """
    missing = max(0, asked.journeys - crowd.acknowledged) / max(1, asked.kills - ground.processes)
    enough = crowd.acknowledged + missing * ground.chance.uniform(0, 4) * (ground.chance.random() < 0.5)
    until, patience = (time.monotonic() + seconds for seconds in (ground.chance.uniform(0.05, 1), COME_BACK))
    while time.monotonic() < until or (crowd.acknowledged < enough and time.monotonic() < patience):
        await asyncio.sleep(0.01)


@contextmanager
def standing(asked: argparse.Namespace, folder: Path) -> Iterator[Ground]:
    """A database with two places, an app and a worker on it."""
    environment = {
        "INSIGHT_SECRET_KEY": "of this benchmark alone",
        "INSIGHT_TEXT_KEYS_FILE": str(folder / "text.keys"),
        "INSIGHT_PLACE": "Testham",
        "INSIGHT_WORKER": "service",
        "INSIGHT_STALE_AFTER_SECONDS": str(STALE),
        "INSIGHT_TRUSTED_PROXIES": "127.0.0.1",  # each teller has an address of their own
        "INSIGHT_REQUESTS_PER_ADDRESS": "0",
        "OMP_NUM_THREADS": "1",
    }
    os.environ.update(environment)
    store = Server(folder) if asked.database == "postgres" else Store(folder)
    os.environ["INSIGHT_DATABASE_URL"] = store.url
    made = subprocess.run([sys.executable, "-c", READY], cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    from insight import intake

    place = intake.current_place().id
    ground = Ground(store, Nursery(folder / "log"), free_port(), place, int(made.stdout), random.Random(asked.seed))
    try:
        ground.start()
        yield ground
    finally:
        kill([ground.app, *children(ground.worker), ground.worker])
        ground.nursery.process.kill()
        ground.nursery.process.wait()
        store.stop()


def told_of(ground: Ground, crowd: Crowd, runs: Runs, seconds: float) -> list[tuple[str, object]]:
    """The rows of the table; looks at the whole database once more."""
    ground.look("the last")
    kept: list[Kept] = [story for _id, story in kept_stories(ground.place)]
    found = findings(crowd.told, kept)
    unknown = [one for one in crowd.told if one.sent and not one.reference]
    arrived = len(kept) - crowd.acknowledged
    drafts, counts, different = lost_drafts(crowd.told), runs.counts(), runs.different()
    stuck = counts["waiting"] + counts["running"] + counts["stopped"]
    ground.faults.extend(f"an analysis failed: {reason}" for reason in runs.unexplained())
    for name, number in _wrong(found, drafts, different, stuck).items():
        ground.faults.append(f"{number} {name}")
    down = sorted(ground.down)
    return [
        ("kill -9 of the app", ground.killed["app"]),
        ("kill -9 of the worker service", ground.killed["worker"]),
        ("kill -9 of its job's process", ground.killed["job"]),
        ("kill -9 of the database server; of one backend", f"{ground.killed['server']}; {ground.killed['backend']}"),
        ("checks of the database passed, of", f"{ground.checks - _failed(ground)} of {ground.checks}"),
        ("journeys acknowledged", f"{crowd.acknowledged:,}"),
        ("  lost; doubled; half there", f"{len(found.lost)}; {len(found.doubled)}; {len(found.half)}"),
        ("sent without waiting for the answer; of them arrived", f"{len(unknown):,}; {arrived:,}"),
        ("stories that nobody sent", len(found.strange)),
        ("drafts left unsent; with an acknowledged answer lost", f"{_unsent(crowd):,}; {len(drafts)}"),
        (
            "analyses asked for; done; given up, to be started again; stuck",
            f"{runs.asked}; {counts['done']}; {counts['failed']}; {stuck}",
        ),
        ("tables in which done analyses differ", len(different)),
        ("requests without an answer, sent again", f"{crowd.heard['no answer']:,}"),
        (
            "answers that asked to try again (409, 500, 503)",
            "; ".join(str(crowd.heard[f"answer {n}"]) for n in (409, 500, 503)),
        ),
        ("seconds until the app answers again: median, longest", f"{down[len(down) // 2]:.1f}, {down[-1]:.1f}"),
        ("minutes", f"{seconds / 60:.1f}"),
    ]


def _wrong(found: Findings, drafts: list[int], different: list[str], stuck: int) -> dict[str, int]:
    numbers = {
        "lost": len(found.lost),
        "doubled": len(found.doubled),
        "half there": len(found.half),
        "that nobody sent": len(found.strange),
        "drafts lost": len(drafts),
        "analyses stuck": stuck,
        f"tables in which analyses differ: {', '.join(different)}": len(different),
    }
    return {name: number for name, number in numbers.items() if number}


def _failed(ground: Ground) -> int:
    return sum(fault.startswith("after") for fault in ground.faults)


def _unsent(crowd: Crowd) -> int:
    return sum(bool(one.saved) and not one.sent for one in crowd.told)


def _said(line: str) -> str:
    """What a line of the log says, empty for a request that was served."""
    try:
        told = json.loads(line)
    except ValueError:
        return line[:120]
    return "" if told["level"] == "info" else f"{told['level']}: {told['message'].splitlines()[0]}"


def main() -> None:
    """Stand it up, kill, look, print."""
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    reader.add_argument("--kills", type=int, default=200, help="of the app or the worker; others come on top")
    reader.add_argument("--journeys", type=int, default=10_000, help="to be acknowledged at least")
    reader.add_argument("--clients", type=int, default=50)
    reader.add_argument("--minutes", type=float, default=60, help="to end after, enough or not")
    reader.add_argument("--seed", type=int, default=1)
    asked = reader.parse_args()
    with tempfile.TemporaryDirectory(prefix="crash-", ignore_cleanup_errors=True) as folder:
        with standing(asked, Path(folder)) as ground:
            crowd, runs, started = Crowd(ground.port, asked.seed), Runs(ground.demo), time.monotonic()
            asyncio.run(crash(ground, crowd, asked, runs))
            rows = told_of(ground, crowd, runs, time.monotonic() - started)
        logged = Counter(_said(line) for line in (Path(folder) / "log").read_text(errors="replace").splitlines())
    print(f"{asked.database}, {asked.clients} clients, seed {asked.seed}")
    for name, told in rows:
        print(f"{name:<62}{told!s:>20}")
    for what, times in [*Counter(ground.faults).items(), *((k, n) for k, n in crowd.heard.items() if "broken" in k)]:
        print(f"{times} x {what}")
    for what, times in logged.most_common(10):
        if what:
            print(f"logged {times} x {what}", file=sys.stderr)
    sys.exit(1 if ground.faults else 0)


if __name__ == "__main__":
    main()
