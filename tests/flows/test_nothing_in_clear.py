"""A whole day's use, then every byte that was written is looked through: nobody's words lie anywhere in clear.

The product is served with a data folder, a home and a temporary folder of its own, on SQLite and on PostgreSQL, which
is set to log all that it is told. Each way in and each thing done with a story has a planted sentence of its own, each
with a phone number, and the search is shown to find what was planted.
"""

import base64
import gzip
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import NullPool, create_engine, make_url, text

from tests.flows.day import SAID, day, night
from tests.flows.machine import Machine
from tests.flows.traces import planted_in, traces, values_in

PLANTED = "UPDATE story SET external_id = :words WHERE id = (SELECT min(id) FROM story)"


class Server:
    """The PostgreSQL beneath a machine: all its files, and a log of every statement with what was sent along."""

    def __init__(self, url: str) -> None:
        self.database = create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
        self.run(f"ALTER DATABASE {make_url(url).database} SET log_statement = 'all'")
        self.began = time.time() - 1
        with self.database.connect() as connection:
            self.folder = Path(str(connection.scalar(text("SHOW data_directory"))))

    def run(self, statement: str, **told: str) -> None:
        """Carry a statement out."""
        with self.database.connect() as connection:
            connection.execute(text(statement), told)

    def traces(self) -> list[str]:
        """Where anything that was planted stands: in tables, indexes, the write-ahead log, the log and all the rest."""
        self.run("CHECKPOINT")
        in_files = traces(self.folder, since=self.began)
        return in_files + [f"values: {hit}" for value in values_in(self.database) if (hit := planted_in(value))]


def test_after_a_days_use_nothing_that_anybody_wrote_lies_in_clear(tmp_path: Path) -> None:
    began = time.time() - 1
    machine = Machine(tmp_path)
    day(machine)
    assert (machine.data / "insight.db-wal").exists()
    assert traces(machine.folder) == []
    night(machine)
    assert list((machine.data / "backups").glob("*")), "no copy was made before the upgrade"
    assert (machine.logs / "server.log").read_text().count("ValueError") >= 2
    assert traces(machine.folder) == []
    assert traces(Path("/dev/shm"), since=began) == []
    (machine.temporary / "left.gz").write_bytes(gzip.compress(f"{{'a': '{SAID['told']}'}}".encode("utf-16-le")))
    (machine.home / "left.txt").write_bytes(b"xx" + base64.b64encode(b"a" + SAID["draft"].encode()))
    with closing(sqlite3.connect(machine.data / "insight.db")) as raw, raw:
        raw.execute(PLANTED, {"words": SAID["reply"].lower()})
    assert len({found.partition(":")[0] for found in traces(machine.folder)}) >= 3


@pytest.mark.postgres
def test_on_postgresql_no_file_of_the_server_holds_a_word_in_clear_either(tmp_path: Path, postgres: str) -> None:
    server, machine = Server(postgres), Machine(tmp_path, postgres)
    day(machine)
    night(machine)
    assert traces(machine.folder) == server.traces() == []
    assert traces(Path("/dev/shm"), since=server.began) == []
    server.run(PLANTED, words=SAID["reply"].lower())
    found = [Path(trace.partition(": ")[0]) for trace in server.traces()]
    parts = {path.relative_to(server.folder).parts[0] for path in found if path.is_absolute()}
    assert parts >= {"base", "pg_wal", "log"}, "tables, the write-ahead log and the log are looked through"
    assert Path("values") in found
