"""Files brought in on a real database: once, whole or not at all, and what could not be used comes back."""

import csv
import io
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook
from sqlalchemy import func, select

from insight import intake, receipts
from insight.access import RESIDENT, SYSTEM, Actor, Role
from insight.database import session
from insight.errors import BadInput, NotAllowed
from insight.intake import NewService, reading_store
from insight.intake.importing import (
    STAGES,
    ImportReport,
    import_file,
    preview,
    recent_imports,
    save_mapping,
    saved_mappings,
)
from insight.intake.tables import ConsentRow, ErasedTokenRow, ImportRow, StepRow, StoryRow
from tests.conftest import shared

ROOT = Path(__file__).resolve().parents[2]
STAFF = Actor(Role.FRONTLINE, "worker one")
BASIS = "People were told that comments are used to improve services"
HEADER = "Comment,Team,Submitted,Rating\n"
MAPPING = {"text": "Comment", "service": "Team", "date": "Submitted", "feeling": "Rating"}


@pytest.fixture
def place(database: str) -> intake.Place:
    return a_place()


def a_place() -> intake.Place:
    return intake.add_place(
        SYSTEM,
        "Testham",
        organisations=[("Testham Council", "council")],
        services=[NewService("housing-advice", "Housing advice", "Testham Council")],
    )


def bring(
    place: intake.Place, body: str | bytes, mapping: dict[str, str] | None = None, **more: object
) -> ImportReport:
    file = body.encode() if isinstance(body, str) else body
    told = {"basis": BASIS, **more}
    return import_file(STAFF, place, file, mapping or MAPPING, **told)  # type: ignore[arg-type]


def stories() -> list[StoryRow]:
    with session() as opened:
        return list(opened.scalars(select(StoryRow).order_by(StoryRow.id)))


def steps() -> list[StepRow]:
    with session() as opened:
        return list(opened.scalars(select(StepRow).order_by(StepRow.story_id, StepRow.position)))


def consents() -> dict[tuple[str, bool], int]:
    with session() as opened:
        query = select(ConsentRow.scope, ConsentRow.given, func.count()).group_by(ConsentRow.scope, ConsentRow.given)
        return {(scope, given): count for scope, given, count in opened.execute(query)}


def adds_up(report: ImportReport) -> bool:
    return report.rows == report.added + report.known + report.bad + report.blank


def test_a_row_becomes_a_story_with_one_step_and_its_consents(place: intake.Place) -> None:
    report = bring(place, HEADER + "Nobody rang back,HOUSING ADVICE,14/03/2026,2\n")
    assert (report.added, report.stories, report.bad, report.problems) == (1, 1, 0, ())
    [story], [step] = stories(), steps()
    assert story.told_at == datetime(2026, 3, 14, 12, tzinfo=UTC)
    assert (story.source, story.what_happened, story.logged_by) == ("import", None, None)
    assert (step.note, step.feeling, step.happened_on) == ("Nobody rang back", -1, date(2026, 3, 14))
    assert (step.service_name, step.organisation_name) == ("Housing advice", "Testham Council")
    assert step.service_id is not None
    assert consents() == {("analyse", True): 1, ("quote", False): 1}
    with session() as opened:
        given = opened.scalars(select(ConsentRow)).all()
    assert {(c.wording, c.recorded_by, c.how) for c in given} == {(BASIS, "worker one", "written")}


def test_text_alone_stays_with_the_story(place: intake.Place) -> None:
    bring(place, "Comment\nNobody rang back\n", {"text": "Comment"})
    assert [story.what_happened for story in stories()] == ["Nobody rang back"]
    assert steps() == []


def test_quotes_and_consent_columns_only_ever_say_less(place: intake.Place) -> None:
    body = "Comment,May we use it,Quote\na b c,yes,yes\nd e f,no,no\ng h i,,\n"
    mapping = {"text": "Comment", "consent_analyse": "May we use it", "consent_quote": "Quote"}
    bring(place, body, mapping, quotes=True)
    assert consents() == {("analyse", True): 2, ("analyse", False): 1, ("quote", True): 1, ("quote", False): 2}


def test_the_same_file_twice_adds_nothing_even_with_its_columns_in_another_order(place: intake.Place) -> None:
    rows = [["same words", "A", "1/2/2026", "5"]] * 3 + [["other words", "B", "2/2/2026", "1"]]
    body = HEADER + "".join(",".join(row) + "\n" for row in rows)
    turned = "Rating,Submitted,Extra,Team,Comment\n" + "".join(f"{r[3]},{r[2]},x,{r[1]},{r[0]}\n" for r in rows)
    assert bring(place, body).added == 4
    for again in (body, turned):
        report = bring(place, again)
        assert (report.added, report.known, report.stories) == (0, 4, 0)
    assert len(stories()) == 4


def test_an_id_of_its_own_makes_a_row_known_and_must_not_name_two_rows(place: intake.Place) -> None:
    mapping = {"text": "Comment", "external_id": "Id"}
    first = bring(place, "Id,Comment\n1,the first\n2,the second\n2,the second\n1,something else\n", mapping)
    assert (first.added, first.known, first.bad) == (2, 1, 1) and adds_up(first)
    assert first.problems[0].row == 5 and "Row 2 has the same id" in first.problems[0].message
    again = bring(place, "Id,Comment\n2,the second\n3,the third\n", mapping)
    assert (again.added, again.known) == (1, 1)
    assert any("do not map Id" in note for note in again.notes)


def test_bad_rows_come_back_to_be_mended_and_only_the_mended_are_added(place: intake.Place) -> None:
    body = (
        HEADER
        + "fine one,A,14/03/2026,5\n=late one,B,soon,2\n'- odd one,A,15/03/2026,900\n,,,\nfine two,A,16/03/2026,1\n"
    )
    first = bring(place, body)
    assert (first.rows, first.added, first.bad, first.blank) == (5, 2, 2, 1) and adds_up(first)
    assert [(p.row, p.column) for p in first.problems] == [(3, "Submitted"), (4, "Rating")]
    rows = list(csv.reader(io.StringIO(first.bad_rows_csv.decode("utf-8-sig"))))
    assert rows[0] == ["What to mend", "Comment", "Team", "Submitted", "Rating"]
    assert rows[1][0].startswith("Submitted: Write the date") and rows[1][1] == "'=late one"
    untouched = bring(place, first.bad_rows_csv)
    assert (untouched.added, untouched.bad) == (0, 2)
    rows[1][3], rows[2][4] = "17/03/2026", "3"
    made = io.StringIO()
    csv.writer(made).writerows(rows)
    mended = bring(place, made.getvalue())
    assert (mended.added, mended.bad) == (2, 0)
    assert {step.note for step in steps()} == {"fine one", "fine two", "=late one", "'- odd one"}
    assert bring(place, made.getvalue()).known == 2


def test_mended_rows_are_read_as_their_whole_file_was(place: intake.Place) -> None:
    """Two rows alone could tell neither that 03/04 is the 4th of March nor that 1 is the best score."""
    glad = "".join(f"kind and friendly number {n},A,12/25/2025,1\n" for n in range(15))
    sore = "".join(f"rude and late number {n},A,12/26/2025,5\n" for n in range(15))
    first = bring(place, HEADER + glad + sore + "to mend,A,03/04/2026,many\n")
    assert (first.added, first.bad) == (30, 1)
    mended = bring(place, first.bad_rows_csv.replace(b",many", b",1"))
    assert mended.added == 1
    step = next(step for step in steps() if step.note == "to mend")
    assert (step.happened_on, step.feeling) == (date(2026, 3, 4), 2)


def test_ragged_and_long_rows_each_have_a_clear_answer(place: intake.Place) -> None:
    body = (
        HEADER
        + "short one,A\nsound but long,A,1/2/2026,5,extra\nwaited, then left,A,1/2/2026,5\n"
        + "x" * 20_001
        + ",A,1/2/2026,5\n"
    )
    report = bring(place, body)
    assert {step.note for step in steps()} == {"short one", "sound but long"}
    assert [(p.row, p.kept) for p in report.problems if p.column is None] == [(2, True), (3, True), (4, False)]
    [long_text] = [p for p in report.problems if p.row == 5]
    assert (long_text.column, long_text.kept) == ("Comment", False) and "20,001" in long_text.message
    assert report.bad == 2


def test_problems_never_repeat_what_somebody_wrote(place: intake.Place) -> None:
    secret = "Mrs Penhaligon of 4 High Street"
    body = HEADER + f"{secret},A,{secret},{secret}\n{secret},{secret * 9},1/2/2026,5,6\n"
    report = bring(place, body)
    assert report.bad == 2
    assert not any("Penhaligon" in text for p in report.problems for text in (p.message, p.column or ""))


def test_what_did_not_answer_is_blank_and_a_score_alone_is_kept(place: intake.Place) -> None:
    report = bring(place, HEADER + "Did not answer,N/A,-,NULL\nDid not answer,A,1/2/2026,4\nNULL,,1/2/2026,\n")
    assert (report.added, report.blank) == (1, 2)
    assert [(step.note, step.feeling) for step in steps()] == [(None, 1)]


def test_rows_of_one_journey_become_one_story_in_order_or_wait_together(place: intake.Place) -> None:
    body = (
        "Journey,Step,Comment,Team,Submitted,Met\n"
        "j1,2,then the nurse,B,2/3/2026,yes\nj2,1,lost,A,soon,\n"
        "j1,1,first the form,A,1/3/2026,\nj2,2,found,B,5/3/2026,\n"
        ",1,nobody's,A,1/3/2026,\n"
    )
    mapping = {
        "journey": "Journey",
        "order": "Step",
        "text": "Comment",
        "service": "Team",
        "date": "Submitted",
        "need_met": "Met",
    }
    report = bring(place, body, mapping)
    assert (report.added, report.stories, report.bad) == (2, 1, 3) and adds_up(report)
    assert [step.note for step in steps()] == ["first the form", "then the nurse"]
    assert [(s.need_met, s.external_id, s.told_at.date()) for s in stories()] == [("yes", "j1", date(2026, 3, 1))]
    mended = report.bad_rows_csv.replace(b"soon", b"4/3/2026").replace(b",,1,nobody", b",j3,1,nobody")
    assert (bring(place, mended, mapping).stories, bring(place, body, mapping).known) == (2, 2)
    assert [step.note for step in steps()][2:] == ["lost", "found", "nobody's"]


def test_a_workbook_comes_in_like_a_file_of_text(place: intake.Place) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    rows: list[list[object]] = [
        list(MAPPING.values()),
        ["from a sheet", "A", datetime(2026, 3, 14), 5],
        ["sum", "A", 46095, "=2+2"],
    ]
    for row in rows:
        sheet.append(row)
    made = io.BytesIO()
    book.save(made)
    report = bring(place, made.getvalue())
    assert (report.added, report.bad) == (1, 1)
    assert [(p.row, p.column) for p in report.problems] == [(3, "Rating")]
    assert [step.happened_on for step in steps()] == [date(2026, 3, 14)]
    assert bring(place, HEADER + "from a sheet,A,14/03/2026,5\n").known == 1


def test_a_dry_run_tells_the_same_and_keeps_nothing(place: intake.Place) -> None:
    body = HEADER + "fine,A,14/03/2026,5\nbad,A,soon,5\n"
    dry = bring(place, body, dry_run=True)
    assert dry.dry_run and stories() == [] and recent_imports(STAFF, place) == []
    wet = bring(place, body)
    assert (dry.added, dry.bad, dry.problems, dry.bad_rows_csv) == (wet.added, wet.bad, wet.problems, wet.bad_rows_csv)
    assert [(past.added, past.bad) for past in recent_imports(STAFF, place)] == [(1, 1)]


def test_a_preview_shows_rows_as_they_would_be_kept_and_offers_mappings_that_fit(place: intake.Place) -> None:
    save_mapping(STAFF, place, "Team survey", MAPPING)
    save_mapping(STAFF, place, "Another", {"text": "Words"})
    body = (HEADER + "they were kind and quick,A,14/03/2026,5\nthe letter came too late,B,soon,1\n").encode()
    seen = preview(STAFF, place, body)
    assert seen.guessed == seen.mapping == MAPPING
    assert seen.rows[0].values["Date"] == "14 March 2026" and seen.rows[0].values["How it felt"] == "Very good (+2)"
    assert [row.outcome for row in seen.rows] == ["Will be kept", "Needs mending"]
    assert (seen.fitting, seen.seen) == (("Team survey",), None)
    bring(place, body)
    again = preview(STAFF, place, body).seen
    assert again is not None and again.added == 1
    assert saved_mappings(STAFF, place)["Team survey"] == MAPPING


@pytest.mark.parametrize(
    ("mapping", "told"),
    [
        ({"text": "Nowhere"}, "no column named Nowhere"),
        ({"colour": "Comment"}, "not something a column can mean"),
        ({"language": "Comment"}, "which column holds"),
        ({"text": "Comment", "order": "Team"}, "needs a column with the id"),
    ],
)
def test_a_mapping_that_does_not_fit_is_refused(place: intake.Place, mapping: dict[str, str], told: str) -> None:
    with pytest.raises(BadInput, match=told):
        bring(place, HEADER + "x,A,1/2/2026,5\n", mapping)


def test_a_basis_is_asked_for_and_a_file_without_rows_is_refused(place: intake.Place) -> None:
    with pytest.raises(BadInput, match="what allows"):
        bring(place, HEADER + "x,A,1/2/2026,5\n", basis="  ")
    with pytest.raises(BadInput, match="no rows"):
        bring(place, HEADER)


def test_what_a_mapping_does_not_name_can_be_guessed(place: intake.Place) -> None:
    body = HEADER + "they were kind and quick,A,14/03/2026,5\nthe letter came too late,B,15/03/2026,1\n"
    asked: dict[str, str | None] = {"organisation": "team", "feeling": None}
    report = import_file(STAFF, place, body.encode(), asked, basis=BASIS, guess=True)
    assert report.mapping == {"organisation": "Team", "text": "Comment", "date": "Submitted"}
    assert next(report.lines()) == "2 rows read: 2 added, 0 here already, 0 to mend, 0 blank."


def test_residents_may_not_import(place: intake.Place) -> None:
    for asked in (
        lambda: preview(RESIDENT, place, b"a"),
        lambda: import_file(RESIDENT, place, b"a", basis=BASIS),
        lambda: save_mapping(RESIDENT, place, "x", MAPPING),
        lambda: saved_mappings(RESIDENT, place),
        lambda: recent_imports(RESIDENT, place),
    ):
        with pytest.raises(NotAllowed):
            asked()


def test_two_imports_of_one_file_at_once_add_it_once(place: intake.Place) -> None:
    body = HEADER + "".join(f"comment number {n},A,1/2/2026,5\n" for n in range(400))
    with ThreadPoolExecutor(3) as pool:
        reports = list(pool.map(lambda _: bring(place, body), range(3)))
    assert sorted(report.added for report in reports) == [0, 0, 400]
    assert len(stories()) == 400


def test_progress_rises_to_the_end(sqlite: str) -> None:
    place = a_place()
    seen: list[tuple[int, float]] = []
    body = HEADER + "".join(f"comment number {n},A,1/2/2026,5\n" for n in range(4_100))
    bring(place, body, progress=lambda stage, done, of: seen.append((STAGES.index(stage), done / of)))
    assert seen == sorted(seen) and seen[-1] == (2, 1.0) and {stage for stage, _ in seen} == {0, 1, 2}


def test_the_friends_and_family_file_comes_in_whole(sqlite: str) -> None:
    report = import_file(STAFF, a_place(), shared("feedback/nhs_fft_comments.csv"), basis=BASIS)
    wanted = {"text": "FFT answer", "service": "Service type 1", "date": "Date", "feeling": "FFT categorical answer"}
    assert wanted.items() <= report.mapping.items()
    assert (report.rows, report.added, report.bad, report.blank) == (7_908, 7_908, 0, 0)
    with session() as opened:
        felt = {
            row[0]: row[1] for row in opened.execute(select(StepRow.feeling, func.count()).group_by(StepRow.feeling))
        }
        with_text = opened.scalar(select(func.count()).where(StepRow.note.is_not(None)))
    assert (felt[2], felt[-2]) == (5_074, 435)
    assert with_text == 6_197  # 7,908 without 1,189 that did not answer, 508 empty ones and 14 such as n/a


KILLED = """
import sys
from insight.access import SYSTEM
from insight.intake import current_place
from insight.intake.importing import import_file

def say(stage, done, total):
    if stage.startswith("Keeping"):
        print(stage, flush=True)
        sys.stdin.read()  # waits here, in the middle of the transaction

import_file(SYSTEM, current_place("testham"), sys.argv[1], basis="test", progress=say)
"""


def test_what_was_erased_is_not_brought_back_by_its_file(place: intake.Place) -> None:
    body = HEADER + "Nobody rang me back,Housing advice,2026-03-01,1\nKind staff,Housing advice,2026-03-02,5\n"
    assert bring(place, body, MAPPING).added == 2
    with session() as opened:
        erased, kept = opened.scalars(select(StoryRow.reference).order_by(StoryRow.id)).all()
    receipts.erase(RESIDENT, erased)
    again = bring(place, body, MAPPING)
    assert (again.added, again.known) == (0, 2)
    with session() as opened:
        assert opened.scalars(select(StoryRow.reference)).all() == [kept]
        assert "Nobody rang" not in repr(opened.execute(select(ErasedTokenRow.tag)).all())


def test_an_import_that_is_killed_leaves_nothing_and_can_be_done_again(place: intake.Place, tmp_path: Path) -> None:
    file = tmp_path / "big.csv"
    file.write_text(HEADER + "".join(f"comment number {n} is here,A,1/2/2026,{n % 5 + 1}\n" for n in range(2_500)))
    command = [sys.executable, "-c", KILLED, str(file)]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=os.environ.copy()
    ) as child:
        assert child.stdout is not None
        assert b"Keeping stories" in child.stdout.readline()
        child.send_signal(signal.SIGKILL)
        child.wait(10)
    with session() as opened:
        assert opened.scalar(select(func.count()).select_from(StoryRow)) == 0
        assert opened.scalar(select(func.count()).select_from(ImportRow)) == 0
    started = time.monotonic()
    report = import_file(SYSTEM, place, file, basis="test")
    assert (report.added, report.bad) == (2_500, 0) and time.monotonic() - started < 20
    with session() as opened:
        assert reading_store.count_stories(opened, place.id) == 2_500
