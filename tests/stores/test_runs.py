"""Runs on a real database: one at a time, a quiet worker reads as stopped, publishing moves one pointer."""

from datetime import UTC, datetime, timedelta

import pytest

from insight import intake, jobs, runs, worker
from insight.access import SYSTEM, Actor, Role
from insight.database import session, write_session
from insight.errors import Conflict, NotAllowed, NotFound, NotReady
from insight.jobs import Job
from insight.journeys.tables import RecordRow
from insight.painpoints.tables import CubeRow
from insight.runs import RunStatus, store
from insight.settings import settings

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


def test_starting_calls_a_worker_that_carries_the_run_out_and_is_done_once(
    place: intake.Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    called: list[Job] = []
    monkeypatch.setattr("insight.jobs.calling.process_for", lambda job, quiet: called.append(job))
    run = runs.start(DESIGNER, place.id)
    [job] = called
    assert (run.status, job.subject) == (RunStatus.WAITING, str(run.id))
    worker.main(job.id, "somebody else")
    assert runs.get(DESIGNER, run.id).status is RunStatus.WAITING
    worker.main(job.id, job.taken_by)
    assert runs.get(DESIGNER, run.id).status is RunStatus.FAILED
    assert jobs.held(job.id, job.taken_by) is None


def test_a_refused_start_queues_nothing(place: intake.Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("insight.jobs.calling.process_for", lambda job, quiet: None)
    runs.start(DESIGNER, place.id)
    with pytest.raises(Conflict):
        runs.start(DESIGNER, place.id)
    assert [size.number for size in jobs.sizes()] == [1]


def test_a_run_that_is_begun_again_has_none_of_what_was_stored_before(place: intake.Place) -> None:
    ids = []
    for _time in range(2):
        ids.append(runs.create(DESIGNER, place.id).id)
        with write_session() as opened:
            opened.add_all([CubeRow(run_id=ids[-1], body=b"cube"), RecordRow(run_id=ids[-1], body=b"", kinds={})])
        runs.progress_of(ids[-1])("storing", 0, 1)
        go_quiet(ids[-1])
    runs.begin_again(ids[-1])
    assert runs.get(DESIGNER, ids[-1]).status is RunStatus.WAITING
    with session() as opened:
        assert [opened.get(table, run_id) is None for table in (CubeRow, RecordRow) for run_id in ids] == [
            False,
            True,
            False,
            True,
        ]


def test_where_a_service_comes_for_it_a_run_may_wait_long(place: intake.Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INSIGHT_WORKER", "service")
    settings.cache_clear()
    run = runs.start(DESIGNER, place.id)
    go_quiet(run.id)
    assert runs.get(DESIGNER, run.id).status is RunStatus.WAITING
    with pytest.raises(Conflict):
        runs.start(DESIGNER, place.id)
    runs.progress_of(run.id)("reading", 3, 10)
    go_quiet(run.id)
    assert runs.get(DESIGNER, run.id).status is RunStatus.STOPPED
