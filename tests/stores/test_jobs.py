"""The queue of jobs on a real database: each is carried out once, whoever takes it, and whoever dies over it."""

import subprocess
import sys
import threading
import time
from collections import Counter
from datetime import timedelta
from itertools import chain

import pytest
from sqlalchemy import select, update

from insight import intake, jobs, runs
from insight.access import SYSTEM, Actor, Role
from insight.database import session, write_session
from insight.jobs import Job, Kind, State
from insight.jobs.queue import MOST_ATTEMPTS
from insight.jobs.tables import JobRow
from insight.moments import now
from insight.operations import chores, working
from insight.runs import RunStatus
from insight.settings import settings

DESIGNER = Actor(Role.DESIGNER, "designer one")
ALL = tuple(Kind)


def queue(*subjects: str, kind: Kind = Kind.ANALYSE) -> None:
    with write_session() as opened:
        for subject in subjects:
            jobs.enqueue(opened, kind, subject)


def states() -> Counter[str]:
    with session() as opened:
        return Counter(opened.scalars(select(JobRow.state)))


def go_quiet(job: Job) -> None:
    with write_session() as opened:
        opened.execute(update(JobRow).where(JobRow.id == job.id).values(heartbeat_at=now() - timedelta(hours=1)))


def taken(worker: str = "one") -> Job:
    job = jobs.take(ALL, worker)
    assert job is not None
    return job


TAKER = """
import sys
from insight import jobs
name = jobs.worker_name()
print("ready", flush=True)
sys.stdin.readline()
while job := jobs.take(tuple(jobs.Kind), name):
    print(job.subject, jobs.done(job))
"""


def test_four_takers_carry_out_a_hundred_jobs_once_each(database: str) -> None:
    queue(*(str(number) for number in range(100)))
    takers = [_taker() for _number in range(2)]
    for taker in takers:
        assert taker.stdout is not None and taker.stdout.readline() == "ready\n"
    here: list[str] = []
    threads = [threading.Thread(target=_take_all, args=(f"thread {number}", here)) for number in range(2)]
    for thread in threads:
        thread.start()
    for taker in takers:
        assert taker.stdin is not None
        taker.stdin.write("go\n")
        taker.stdin.flush()
    said = [taker.communicate(timeout=60)[0].splitlines() for taker in takers]
    for thread in threads:
        thread.join()
    each = [here, *([line.removesuffix(" True") for line in lines] for lines in said)]
    assert all(each), "somebody took nothing: the race was none"
    assert sorted(chain.from_iterable(each), key=int) == [str(number) for number in range(100)]
    assert states() == {State.DONE: 100}


def _taker() -> "subprocess.Popen[str]":
    return subprocess.Popen([sys.executable, "-c", TAKER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def _take_all(name: str, done: list[str]) -> None:
    while job := jobs.take(ALL, name):
        time.sleep(0.005)  # so that the processes find some left
        if jobs.done(job):
            done.append(job.subject)


def test_the_first_come_is_the_first_taken_and_only_of_the_kinds_asked_for(database: str) -> None:
    queue("1", "2")
    queue("3", kind=Kind.LEARN)
    assert (taken().subject, jobs.take((Kind.CHORES,), "one")) == ("1", None)
    assert jobs.take(ALL, "two", subject="3") is not None
    assert taken().subject == "2"
    assert jobs.take(ALL, "one") is None


def test_a_job_is_queued_with_what_it_is_about_or_not_at_all(database: str) -> None:
    with pytest.raises(ZeroDivisionError), write_session() as opened:
        jobs.enqueue(opened, Kind.ANALYSE, "1")
        raise ZeroDivisionError
    assert states() == {}


def test_twice_queued_is_once_done_and_what_has_ended_may_be_queued_again(database: str) -> None:
    queue("1")
    queue("1")
    job = taken()
    queue("1")
    assert states() == {State.TAKEN: 1}
    assert jobs.failed(job, "It is broken.")
    assert jobs.take(ALL, "one") is None
    queue("1")
    assert taken().attempts == 1


def test_who_was_quiet_too_long_has_lost_the_job(database: str) -> None:
    queue("1")
    first = taken("one")
    assert jobs.beat(first)
    assert jobs.take(ALL, "two") is None
    go_quiet(first)
    second = taken("two")
    assert (second.id, second.attempts) == (first.id, 2)
    assert not jobs.beat(first)
    assert not jobs.done(first)
    assert not jobs.give_back(first)
    assert jobs.held(first.id, "one") is None
    assert jobs.done(second)
    assert not jobs.beat(second), "it has ended"


def test_a_job_that_kills_its_workers_is_given_up(database: str) -> None:
    queue("1")
    for attempt in range(MOST_ATTEMPTS):
        assert jobs.give_up_dead() == []
        job = taken(f"worker {attempt}")
        go_quiet(job)
    assert jobs.take(ALL, "one more") is None
    assert [job.subject for job in jobs.give_up_dead()] == ["1"]
    assert jobs.give_up_dead() == []
    assert states() == {State.FAILED: 1}


def test_giving_back_does_not_count_and_breaking_down_does(database: str) -> None:
    queue("1")
    assert jobs.give_back(taken())
    assert [jobs.give_back_or_up(taken()) for _attempt in range(MOST_ATTEMPTS)] == [
        State.WAITING,
        State.WAITING,
        State.FAILED,
    ]


def test_the_days_chores_are_done_by_one_of_many(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []

    def broken() -> None:
        raise ValueError("what somebody wrote")

    monkeypatch.setattr(chores, "CHORES", {"broken": broken, "count": lambda: done.append("today")})
    threads = [threading.Thread(target=chores.take_turn) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    chores.take_turn()
    assert done == ["today"]
    with session() as opened:
        told = opened.scalars(select(JobRow.error)).one()
    assert told == "Some of today's chores failed: broken. They are tried again tomorrow."


def test_the_real_chores_can_be_done(database: str) -> None:
    chores.take_turn()
    assert states() == {State.DONE: 1}


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch, sqlite: str) -> None:
    """A place whose worker is a service. On PostgreSQL that is tested by tests/flows/test_rolling_restart.py."""
    monkeypatch.setenv("INSIGHT_WORKER", "service")
    monkeypatch.setenv("INSIGHT_STALE_AFTER_SECONDS", "5")
    settings.cache_clear()
    monkeypatch.setattr(chores, "offer", lambda: "")


class Serving:
    """The service in a thread, until it is told to stop."""

    def __init__(self, grace: float = 10) -> None:
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=working.serve, args=(self.stopping, grace))
        self.thread.start()

    def stop(self) -> None:
        self.stopping.set()
        self.thread.join(20)
        assert not self.thread.is_alive()


def until(seen: object, wanted: object, seconds: float = 20) -> None:
    assert callable(seen)
    end = time.monotonic() + seconds
    while seen() != wanted:
        assert time.monotonic() < end, f"{seen()} is not {wanted}"
        time.sleep(0.1)


def process(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    """Let the service carry jobs out by a process of ours."""
    monkeypatch.setattr(
        jobs,
        "process_for",
        lambda job: subprocess.Popen([sys.executable, "-c", code, str(job.id), job.taken_by]),
    )


def test_the_service_carries_a_run_out_and_its_row_says_how_it_ended(served: None) -> None:
    place = intake.add_place(SYSTEM, "Testham")
    run = runs.start(DESIGNER, place.id)
    assert run.status is RunStatus.WAITING
    runs.wait_again(run.id)
    service = Serving()
    until(lambda: runs.get(DESIGNER, run.id).status, RunStatus.FAILED)
    until(states, {State.FAILED: 1})
    service.stop()
    assert "nothing to analyse" in (runs.get(DESIGNER, run.id).error or "")


def test_a_run_whose_workers_die_fails_in_the_end_and_may_be_started_again(
    served: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    process(monkeypatch, "import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
    place = intake.add_place(SYSTEM, "Testham")
    run = runs.start(DESIGNER, place.id)
    service = Serving()
    until(states, {State.FAILED: 1})
    until(lambda: runs.get(DESIGNER, run.id).status, RunStatus.FAILED)
    service.stop()
    assert runs.get(DESIGNER, run.id).error == jobs.GIVEN_UP
    assert runs.start(DESIGNER, place.id).status is RunStatus.WAITING


def test_a_stopped_service_gives_back_what_does_not_end_in_time(served: None, monkeypatch: pytest.MonkeyPatch) -> None:
    process(monkeypatch, "import time; time.sleep(60)")
    place = intake.add_place(SYSTEM, "Testham")
    run = runs.start(DESIGNER, place.id)
    runs.progress_of(run.id)("reading", 3, 10)
    service = Serving(grace=0.1)
    until(states, {State.TAKEN: 1})
    service.stop()
    assert states() == {State.WAITING: 1}
    assert runs.get(DESIGNER, run.id).status is RunStatus.WAITING
    assert taken().attempts == 1


def test_a_service_finishes_what_ends_in_time(served: None, monkeypatch: pytest.MonkeyPatch) -> None:
    process(
        monkeypatch,
        "import sys, time; from insight import jobs; time.sleep(1);"
        " jobs.done(jobs.held(int(sys.argv[1]), sys.argv[2]))",
    )
    queue("1")
    service = Serving()
    until(states, {State.TAKEN: 1})
    service.stop()
    assert states() == {State.DONE: 1}
