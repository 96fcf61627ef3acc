"""A database that is away for a while: the job under way is not given up, and its heart goes on beating."""

import threading
from types import SimpleNamespace

import pytest

from insight import jobs, worker
from insight.database import write_session
from insight.database.retrying import Lost
from insight.jobs import Job, Kind, State


@pytest.fixture
def job(sqlite: str) -> Job:
    """A job that this test has taken."""
    return _taken("a day")


def _taken(subject: str) -> Job:
    with write_session() as opened:
        jobs.enqueue(opened, Kind.CHORES, subject)
    taken = jobs.take((Kind.CHORES,), jobs.worker_name(), subject)
    assert taken is not None
    return taken


def _away(_job: Job) -> None:
    raise Lost("The database does not answer just now.")


def test_a_job_that_met_an_absent_database_is_tried_again(job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(worker.DOING, Kind.CHORES, _away)
    with pytest.raises(Lost):
        worker.carry_out(job)
    assert jobs.held(job.id, job.taken_by) is not None, "it has neither failed nor ended"
    assert jobs.give_back_or_up(job) is State.WAITING
    monkeypatch.setitem(worker.DOING, Kind.CHORES, lambda _job: None)
    again = jobs.take((Kind.CHORES,), "another", job.subject)
    assert again is not None
    assert again.attempts == 2
    worker.carry_out(again)
    assert [(size.state, size.number) for size in jobs.sizes()] == [(State.DONE, 1)]


def test_the_heart_outlives_an_absent_database(job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    beats, beating_again = iter((Lost("away"), Lost("away"))), threading.Event()

    def beat(_job: Job) -> bool:
        for away in beats:
            raise away
        beating_again.set()
        return True

    def work(_job: Job) -> None:
        assert beating_again.wait(10)

    monkeypatch.setattr(jobs, "beat", beat)
    monkeypatch.setattr(worker, "settings", lambda: SimpleNamespace(stale_after_seconds=0.04))
    monkeypatch.setitem(worker.DOING, Kind.CHORES, work)
    worker.carry_out(job)
    assert jobs.held(job.id, job.taken_by) is None, "it ended well"
