"""Runs on a real database: one at a time, a quiet worker reads as stopped, publishing moves one pointer."""

from datetime import UTC, datetime, timedelta

import pytest

from insight import intake, runs, worker
from insight.access import SYSTEM, Actor, Role
from insight.database import write_session
from insight.errors import Conflict, NotAllowed, NotFound, NotReady
from insight.runs import RunStatus, store

DESIGNER = Actor(Role.DESIGNER, "designer one")


@pytest.fixture
def place(database: str) -> intake.Place:
    return intake.add_place(SYSTEM, "Testham")


def go_quiet(run_id: int) -> None:
    with write_session() as opened:
        store.touch(opened, run_id, datetime.now(UTC) - timedelta(hours=1))


def test_one_run_of_a_place_at_a_time(place: intake.Place) -> None:
    first = runs.create(DESIGNER, place.id)
    assert first.status is RunStatus.WAITING
    with pytest.raises(Conflict):
        runs.create(DESIGNER, place.id)


def test_a_quiet_worker_reads_as_stopped_and_another_run_may_start(place: intake.Place) -> None:
    first = runs.create(DESIGNER, place.id)
    runs.progress_of(first.id)("reading", 3, 10)
    assert runs.get(DESIGNER, first.id).status is RunStatus.RUNNING
    go_quiet(first.id)
    assert runs.get(DESIGNER, first.id).status is RunStatus.STOPPED
    second = runs.create(DESIGNER, place.id)
    assert [run.id for run in runs.recent(DESIGNER, place.id)] == [second.id, first.id]
    assert runs.get(DESIGNER, first.id).status is RunStatus.FAILED


def test_progress_is_written_at_most_once_a_second_but_each_stage_is(place: intake.Place) -> None:
    run = runs.create(DESIGNER, place.id)
    say = runs.progress_of(run.id)
    say("reading", 1, 10)
    say("reading", 2, 10)
    assert runs.get(DESIGNER, run.id).done == 1
    say("naming", 5, 10)
    told = runs.get(DESIGNER, run.id)
    assert (told.stage, told.done, told.total) == ("naming", 5, 10)


def test_only_a_run_that_ended_well_is_published(place: intake.Place) -> None:
    run = runs.create(DESIGNER, place.id)
    with pytest.raises(NotReady):
        runs.publish(DESIGNER, run.id)
    with write_session() as opened:
        runs.finish_run(opened, run.id, RunStatus.DONE, datetime.now(UTC))
    assert runs.published(DESIGNER, place.id) is None
    assert runs.publish(DESIGNER, run.id).published
    assert runs.publish(DESIGNER, run.id).published
    found = runs.published(Actor(Role.FRONTLINE), place.id)
    assert found is not None and found.id == run.id
    with pytest.raises(NotAllowed):
        runs.publish(Actor(Role.FRONTLINE), run.id)
    with pytest.raises(NotFound):
        runs.publish(DESIGNER, 999)


def test_a_run_without_anything_to_read_fails_with_the_reason(place: intake.Place) -> None:
    run = runs.create(DESIGNER, place.id)
    with pytest.raises(NotReady):
        worker.work(run.id)
    ended = runs.get(DESIGNER, run.id)
    assert ended.status is RunStatus.FAILED
    assert "nothing to analyse" in (ended.error or "")
