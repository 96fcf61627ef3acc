"""Writers on SQLite: in turn, none lost, across threads and processes; what is acknowledged is on the disk."""

import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event, Thread

import pytest
from sqlalchemy import text

from insight.database import engine, session, write_session
from insight.database.engine import WriteQueue, _write_queue
from insight.errors import NotReady

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
