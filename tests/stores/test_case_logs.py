"""Case logs on a real database: brought in whole or not at all, told apart by place, linked to stories, forgotten."""

import gzip
import io
import os
import signal
import subprocess
import sys
import zipfile
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from sqlalchemy import func, select

from insight import intake, runs
from insight.access import GRANTS, SYSTEM, Actor, Role
from insight.database import session, write_session
from insight.errors import BadInput, NotFound
from insight.intake import Arrival
from insight.journeys import case_links, case_records, case_store, cases, exporting, scoping, store
from insight.journeys.case_columns import guess, header_of
from insight.journeys.record import Record
from insight.journeys.tables import CaseLogPartRow, CaseLogRow
from insight.runs import RunStatus
from insight.settings import ROOT
from tests.pages.screen import Screen
from tests.rules.test_journeys_out import record

STAFF = Actor(Role.FRONTLINE, "worker one")
DESIGNER = Actor(Role.DESIGNER, "designer one")
COLUMNS = {"journey": "Case no", "step": "Activity", "time": "When", "organisation": "Team"}


@pytest.fixture
def place(database: str) -> intake.Place:
    return intake.add_place(SYSTEM, "Testham")


@pytest.fixture(autouse=True)
def fresh() -> None:
    scoping.forget_cached_runs()


def csv_of(count: int, first_day: int = 1) -> bytes:
    """Cases PL-0, PL-1 ...: received on a day of May 2026, checked 10 days later, decided 30 days after that."""
    rows = ["Case no,Activity,When,Team,Officer"]
    for case in range(count):
        start = date(2026, 5, first_day + case % 20)
        for after, step, team in (
            (0, "Received", "Post room"),
            (10, "Checked", "Planning"),
            (40, "Decided", "Planning"),
        ):
            rows.append(f"PL-{case},{step},{start + timedelta(days=after)},{team},Ada Birch")
    return "\n".join([*rows, "PL-9,,2026-05-01,Planning,", ",Checked,2026-05-02,Planning,"]).encode()


def bring(place: intake.Place, body: bytes = b"", name: str = "Planning", *, dry_run: bool = False) -> cases.CaseLog:
    return cases.bring_in(STAFF, place, name, body or csv_of(12), COLUMNS, file_name="planning.csv", dry_run=dry_run)


def counted(table: type[CaseLogRow] | type[CaseLogPartRow]) -> int:
    with session() as opened:
        return opened.scalar(select(func.count()).select_from(table)) or 0


def test_a_case_log_is_counted_kept_once_and_forgotten_whole(
    place: intake.Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(case_records, "PART", 5)
    tried = bring(place, name="", dry_run=True)
    assert (tried.number, counted(CaseLogRow)) == (0, 0)
    kept = bring(place)
    assert (kept.journeys, kept.steps, kept.rows_read, kept.tied, kept.known) == (12, 36, 38, 0, False)
    assert sum(count for _reason, count in kept.left_out) == 2
    assert (kept.first_day, kept.last_day) == (date(2026, 5, 1), date(2026, 6, 21))
    assert (kept.step_names, kept.organisations, kept.brought_by) == (3, 2, "worker one")
    again = bring(place, name="Another name")
    assert (again.number, again.known, counted(CaseLogRow), counted(CaseLogPartRow)) == (kept.number, True, 1, 3)
    assert [log.name for log in cases.case_logs(STAFF, place)] == ["Planning"]
    cases.forget_case_log(STAFF, place, kept.number)
    assert (counted(CaseLogRow), counted(CaseLogPartRow)) == (0, 0)
    with pytest.raises(NotFound):
        cases.forget_case_log(STAFF, place, kept.number)
    with pytest.raises(NotFound):
        scoping.read(STAFF, place, f"case-{kept.number}")


def test_what_is_kept_has_no_case_ids_and_no_names_of_people(
    place: intake.Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(case_records, "PART", 5)
    number = bring(place).number
    with session() as opened:
        whole = case_store.record_of_case_log(opened, number)
        part = case_store.part_of_case_log(opened, number, 1)
    assert part is not None and (part.key % 3 == 1).all()
    assert set(whole.key.tolist()) == {case_records.case_key(place.id, f"PL-{case}") for case in range(12)}
    assert case_records.case_key(place.id + 1, "PL-1") not in whole.key  # the same case is another one elsewhere
    assert {whole.log("service").steps_of(row) for row in range(12)} == {("Received", "Checked", "Decided")}
    assert whole.words["organisation"] == ("Post room", "Planning") and whole.words["month"] == ("2026-05",)
    assert "Ada Birch" not in str(whole.words) and "PL-" not in str(whole.words)
    held = scoping.read(DESIGNER, place, f"case-{number}")
    assert held.record.journeys == 12 and not held.source.felt


def test_killed_while_keeping_leaves_nothing_and_the_next_try_leaves_all(sqlite: str) -> None:
    place = intake.add_place(SYSTEM, "Testham")
    script = f"""
import os, signal
from insight.access import Actor, Role
from insight import intake
from insight.journeys import case_records, cases
from tests.stores.test_case_logs import COLUMNS, csv_of
case_records.PART = 4
def say(stage, done, total):
    if stage == cases.KEEPING and done == 2:
        os.kill(os.getpid(), signal.SIGKILL)
(place,) = [one for one in intake.places() if one.id == {place.id}]
cases.bring_in(Actor(Role.FRONTLINE, "x"), place, "Planning", csv_of(12), COLUMNS, say, file_name="planning.csv")
"""
    environment = {**os.environ, "INSIGHT_DATABASE_URL": sqlite}
    ended = subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=environment, capture_output=True, check=False)
    assert ended.returncode == -signal.SIGKILL, ended.stderr.decode()
    assert (counted(CaseLogRow), counted(CaseLogPartRow)) == (0, 0)
    assert not bring(place).known
    assert (counted(CaseLogRow), counted(CaseLogPartRow)) == (1, 1)


def told_with_cases(place: intake.Place, linked: int, waited: int) -> int:
    """A published run of stories, of which some carry the ids of cases and told of days waited; gives the run."""
    now = datetime(2026, 7, 1, tzinfo=UTC)
    stories = [
        intake.Story(
            source=intake.Source.IMPORT,
            provenance=intake.Provenance.OWN_WORDS,
            told_at=now,
            external_id=f"PL-{number}" if number < linked else f"other-{number}",
            what_happened="It took long.",
            steps=(intake.Step(service="Planning"),),
        )
        for number in range(linked + 2)
    ]
    intake.keep_many(SYSTEM, place, [Arrival(f"token {n}", story) for n, story in enumerate(stories)])
    run = runs.create(DESIGNER, place.id)
    with write_session() as opened:
        ids = [story for story, _case in case_store.stories_with_case(opened, place.id)]
        told = record([[("Planning", None)] for _story in ids])
        waits = np.full(len(ids), waited, np.int32)
        body = Record(**{**vars(told), "key": np.array(ids, np.int64), "waited": waits}).to_bytes()
        store.keep_record(opened, run.id, body, {})
        runs.finish_run(opened, run.id, RunStatus.DONE, now)
    runs.publish(DESIGNER, run.id)
    return run.id


def test_waits_told_stand_beside_waits_recorded(place: intake.Place) -> None:
    log = bring(place)
    run = told_with_cases(place, linked=6, waited=55)
    found = case_links.linked(DESIGNER, place, log.number)
    assert found == case_links.Linked(stories=6, compared=6, told_days=55, recorded_days=40, longer=15)
    held = scoping.read(DESIGNER, place)
    with session() as opened:
        case_of = dict(case_store.stories_with_case(opened, place.id))
    row = next(row for row, story in enumerate(held.record.key.tolist()) if case_of[story] == "PL-3")
    (behind,) = case_links.case_behind(DESIGNER, place, row)
    assert [(step.name, step.organisation, step.day, step.days) for step in behind.steps] == [
        ("Received", "Post room", date(2026, 5, 4), None),
        ("Checked", "Planning", date(2026, 5, 14), 10),
        ("Decided", "Planning", date(2026, 6, 13), 30),
    ]
    assert (behind.case_log, behind.recorded_days, behind.told_days) == ("Planning", 40, 55)
    gone = [story for story, case in case_of.items() if case in ("PL-3", "PL-4")]
    with write_session() as opened:  # as when their tellers erase them
        store.replace_record(opened, run, held.record.without(gone).to_bytes(), len(gone))
    with pytest.raises(NotFound):
        case_links.case_behind(DESIGNER, place, row)
    assert case_links.linked(DESIGNER, place, log.number) == case_links.Linked(None, None, None, None, None)
    other = next(row for row, story in enumerate(held.record.key.tolist()) if case_of[story].startswith("other"))
    assert case_links.case_behind(DESIGNER, place, other) == ()


def unpacked(body: bytes) -> bytes:
    """What an export holds, whichever way it is packed."""
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as files:
            return b"".join(map(files.read, files.namelist()))
    return gzip.decompress(body)


def test_a_case_log_leaves_in_every_form_but_not_when_it_is_small(place: intake.Place) -> None:
    source = f"case-{bring(place).number}"
    for form in exporting.Form:
        body = exporting.export_log(DESIGNER, place, form, source=source)
        assert len(body) > 200 and b"PL-" not in unpacked(body)
    assert b'value="Checked"' in gzip.decompress(exporting.export_log(DESIGNER, place, "xes", source=source))
    small = f"case-{bring(place, csv_of(4)).number}"
    with pytest.raises(BadInput, match="Fewer than 5 journeys"):
        exporting.export_log(DESIGNER, place, "csv", source=small)
    with pytest.raises(BadInput, match="csv, xes, ocel"):
        exporting.export_log(DESIGNER, place, "pdf", source=source)


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"journey": "Case no", "step": "Activity"}, "Choose a column for: Time"),
        ({"journey": "Case no", "step": "When", "time": "When"}, "When is chosen twice"),
    ],
)
def test_columns_must_be_there_once(columns: dict[str, str], message: str, sqlite: str) -> None:
    here = intake.add_place(SYSTEM, "Testham")
    with pytest.raises(BadInput, match=message):
        cases.bring_in(STAFF, here, "Planning", csv_of(2), columns, file_name="planning.csv")
    with pytest.raises(BadInput, match="ends in"):
        cases.bring_in(STAFF, here, "Planning", b"%PDF", COLUMNS, file_name="planning.pdf")


def test_columns_are_guessed_from_their_names_and_people_are_never_guessed() -> None:
    mining = ("case:concept:name", "concept:name", "org:resource", "org:group", "time:timestamp")
    assert guess(mining) == {
        "journey": "case:concept:name",
        "step": "concept:name",
        "time": "time:timestamp",
        "organisation": "org:group",
    }
    head = header_of(b"Case_ID;Activity;Complete Timestamp;Officer;Seq\n1;a;2026-01-01;b;1\n", "log.csv")
    assert head.columns == ("Case_ID", "Activity", "Complete Timestamp", "Officer", "Seq")
    assert head.guessed == {
        "journey": "Case_ID",
        "step": "Activity",
        "time": "Complete Timestamp",
        "order": "Seq",
    }
    assert header_of(gzip.compress("Fall,Schritt,Zeit\n".encode("utf-16")), "log.csv.gz").columns[0] == "Fall"
    assert header_of(b"<log/>", "log.xes").xes
    with pytest.raises(BadInput, match="names of the columns"):
        header_of(b"one column\n1\n", "log.csv")


def screen() -> None:
    from insight import intake
    from insight.access import Actor, Role
    from pages.paths.case_logs_view import render

    render(Actor(Role.FRONTLINE, "worker one"), intake.places()[0])


def test_a_person_brings_in_a_case_log_and_deletes_it(sqlite: str) -> None:
    here = intake.add_place(SYSTEM, "Testham")
    visit = Screen(screen)
    visit.at.file_uploader[0].upload("planning.csv", csv_of(12).replace(b"Case no", b"No"))
    visit.run()
    assert "No, Activity, When, Team, Officer" in visit.html
    assert [box.value for box in visit.at.selectbox] == ["", "Activity", "", "Team", "", ""]
    assert "Still to choose: Case, Time." in [text.value for text in visit.at.markdown]
    visit.press("Check the whole file")
    assert "Choose a column for: Case, Time." in visit.html
    visit.at.selectbox[0].set_value("No")
    visit.at.selectbox[2].set_value("When")
    visit.run().press("Check the whole file")
    assert "Rows left out: without a step" in visit.html and counted(CaseLogRow) == 0
    visit.press("Keep this case log")
    assert "Give the case log a name" in visit.html and counted(CaseLogRow) == 0
    visit.at.text_input[0].input("Planning <2026>")
    visit.run().press("Keep this case log")
    assert "Planning &lt;2026&gt; has been kept: 12 journeys." in visit.html
    assert "12 journeys, 36 steps, 1 May 2026 to 21 June 2026" in visit.html
    visit.press("Delete")
    assert counted(CaseLogRow) == 1
    visit.press("Keep it").press("Delete").press("Delete the case log")
    assert "has been deleted" in visit.html and cases.case_logs(STAFF, here) == []


@pytest.mark.parametrize(
    "use_case",
    [
        cases.header,
        cases.bring_in,
        cases.case_logs,
        cases.forget_case_log,
        case_links.linked,
        case_links.case_behind,
        exporting.export_log,
        exporting.write_log,
        exporting.journeys_leaving,
    ],
)
def test_residents_may_not(use_case: object) -> None:
    permission = getattr(use_case, "permission")  # noqa: B009
    assert permission not in GRANTS[Role.RESIDENT]
