"""The audit: gapless under many writers, only ever added to, and whoever changes it all the same is found out."""

import logging
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from typer.testing import CliRunner

from insight import audit, keys
from insight.access import SYSTEM, Actor, Role
from insight.audit import Fault, Finding, Head, Wanted
from insight.audit.chain import sealed_entry
from insight.audit.checking import SHOWN, check
from insight.commands.audit import app
from insight.database import engine, session, write_session
from insight.errors import BadInput, NotFound
from insight.records import auditing
from insight.settings import settings

THREADS, EACH, TEN = 8, 50, 10


def run(*statements: str) -> None:
    """Do something to the database past the product."""
    with engine().begin() as connection:
        for statement in statements:
            connection.execute(text(statement))


def without_fence() -> None:
    """Take the triggers away, as whoever owns the database can."""
    if engine().dialect.name == "sqlite":
        run(*(f"DROP TRIGGER audit_entry_{name}" for name in ("update", "delete", "replace")))
    else:
        run("ALTER TABLE audit_entry DISABLE TRIGGER USER")


@pytest.fixture
def ten(database: str) -> Head:
    """Ten entries; gives their head."""
    return write_ten()


@pytest.fixture
def ten_here(sqlite: str) -> Head:
    """As ``ten``, where the database makes no difference."""
    return write_ten()


def write_ten() -> Head:
    """Write ten entries; gives their head."""
    for number in range(1, TEN + 1):
        audit.record("Pat Lee", "designer", "painpoints.publish", number % 2 or None, f"analysis {number}")
    return audit.head()


def test_many_writers_leave_no_gap(database: str) -> None:
    def write(who: int) -> None:
        for turn in range(EACH):
            audit.record(f"person {who}", "designer", "runs.create", 1, f"analysis {turn}")

    threads = [threading.Thread(target=write, args=(who,)) for who in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = audit.verify()
    assert (found.sound, found.entries, found.head.number) == (True, THREADS * EACH, THREADS * EACH)
    for who in range(THREADS):
        mine, total = audit.newest(Wanted(name=f"person {who}"), EACH)
        assert [entry.about for entry in mine] == [f"analysis {turn}" for turn in reversed(range(EACH))]
        assert total == EACH


def test_entries_are_read_as_they_were_written(ten: Head) -> None:
    entries, total = audit.newest(Wanted(), 3)
    assert [entry.number for entry in entries] == [10, 9, 8]
    assert total == TEN
    newest = entries[0]
    assert (newest.name, newest.role, newest.what) == ("Pat Lee", "designer", "painpoints.publish")
    assert (newest.place_id, newest.about, newest.digest) == (None, "analysis 10", ten.digest)
    assert abs((datetime.now(UTC) - newest.at).total_seconds()) < 60
    assert audit.newest(Wanted(place_id=1), 50)[1] == TEN / 2
    assert audit.newest(Wanted(what="runs.create"), 50) == ([], 0)
    assert audit.newest(Wanted(), 50, skip=9)[0][0].number == 1


def test_an_entry_within_a_unit_of_work_stands_or_falls_with_it(
    database: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "insight.audit")
    with pytest.raises(RuntimeError), write_session() as opened:
        audit.record_within(opened, "Pat Lee", "moderator", "moderation.release")
        raise RuntimeError
    assert audit.head() == Head()
    assert not caplog.records
    with write_session() as opened:
        audit.record_within(opened, "Pat Lee", "moderator", "moderation.release", about="item 3")
        audit.record_within(opened, "Pat Lee", "moderator", "moderation.release", about="item 4")
        assert not caplog.records, "the head is told once it is kept"
    told = [record.getMessage() for record in caplog.records]
    assert told[-1] == f"audit head {audit.head()}"
    assert "Pat" not in "".join(told)
    assert audit.verify().entries == 2


def test_the_database_refuses_to_change_an_entry(ten: Head) -> None:
    for statement in (
        "UPDATE audit_entry SET name = 'nobody' WHERE number = 3",
        "DELETE FROM audit_entry WHERE number = 10",
        "DELETE FROM audit_entry",
        "INSERT INTO audit_entry SELECT * FROM audit_entry WHERE number = 4",
    ):
        with pytest.raises(DBAPIError):
            run(statement)
    assert audit.verify(ten).sound


def test_each_database_refuses_its_own_way_around(ten: Head) -> None:
    sqlite = engine().dialect.name == "sqlite"
    around = "REPLACE INTO audit_entry SELECT * FROM audit_entry" if sqlite else "TRUNCATE audit_entry"
    with pytest.raises(DBAPIError, match="only ever added to"):
        run(around)
    assert audit.verify(ten).sound


COLUMNS = "number, at, name, role, what, place_id, about, previous, digest"
TAMPERED = {
    "a field": (["UPDATE audit_entry SET about = 'analysis 7' WHERE number = 3"], [(3, Fault.CHANGED)]),
    "a name": (["UPDATE audit_entry SET name = 'Sam Roe' WHERE number = 10"], [(10, Fault.CHANGED)]),
    "a place taken away": (["UPDATE audit_entry SET place_id = NULL WHERE number = 5"], [(5, Fault.CHANGED)]),
    "a moment": (["UPDATE audit_entry SET at = '2020-01-01 00:00:00+00' WHERE number = 6"], [(6, Fault.CHANGED)]),
    "a row deleted": (["DELETE FROM audit_entry WHERE number = 4"], [(4, Fault.MISSING)]),
    "the first row deleted": (["DELETE FROM audit_entry WHERE number = 1"], [(1, Fault.MISSING)]),
    "a row deleted and the gap closed": (
        ["DELETE FROM audit_entry WHERE number = 9", "UPDATE audit_entry SET number = 9 WHERE number = 10"],
        [(9, Fault.CHANGED)],
    ),
    "two swapped": (
        [f"UPDATE audit_entry SET number = {old} WHERE number = {new}" for old, new in ((99, 3), (3, 7), (7, 99))],
        [(3, Fault.CHANGED), (7, Fault.CHANGED)],
    ),
    "a row forged at the end": (
        [
            f"INSERT INTO audit_entry ({COLUMNS}) SELECT 11, at, 'Sam Roe', role, what, place_id, about, digest, "
            "'{0}' FROM audit_entry WHERE number = 10".replace("{0}", "a" * 64)
        ],
        [(11, Fault.CHANGED)],
    ),
    "a row copied before the first": (
        [f"INSERT INTO audit_entry ({COLUMNS}) SELECT -1{COLUMNS[6:]} FROM audit_entry WHERE number = 1"],
        [(-1, Fault.STRANGE)],
    ),
}


@pytest.mark.parametrize("how", TAMPERED)
def test_whoever_tampers_is_found_out_by_number(ten_here: Head, how: str) -> None:
    statements, expected = TAMPERED[how]
    without_fence()
    run(*statements)
    found = audit.verify()
    assert found.faults == len(expected)
    assert [(finding.number, finding.fault) for finding in found.findings] == expected
    assert all(
        str(number) in audit.in_words(finding) for (number, _), finding in zip(expected, found.findings, strict=True)
    )


def test_a_tail_that_was_cut_off_shows_against_a_head_that_was_kept(ten: Head) -> None:
    without_fence()
    run("DELETE FROM audit_entry WHERE number > 7")
    assert audit.verify().sound, "a shorter chain is a sound chain: hence the heads in the log"
    assert audit.verify(ten).findings == (Finding(8, Fault.MISSING, 10),)
    for _turn in range(4):
        audit.record("Sam Roe", "admin", "runs.create")
    assert audit.verify().sound
    assert audit.verify(ten).findings == (Finding(10, Fault.OTHER, 10),)


def test_an_older_head_still_fits_a_chain_that_went_on(ten_here: Head) -> None:
    audit.record("Pat Lee", "designer", "runs.create")
    assert audit.verify(ten_here).sound


def test_with_another_key_no_entry_is_ours(ten_here: Head, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "secret_key", lambda: b"x" * 32)
    found = audit.verify()
    assert (found.faults, found.findings[0]) == (TEN, Finding(1, Fault.CHANGED, 1))


@pytest.mark.parametrize("column", ["at", "name", "digest", "place_id"])
def test_a_value_of_another_type_does_not_stop_the_check(sqlite: str, column: str) -> None:
    for _turn in range(3):
        audit.record("Pat Lee", "designer", "runs.create", 1)
    without_fence()
    run(f"UPDATE audit_entry SET {column} = x'00ff' WHERE number = 2")
    assert audit.verify().findings[0] == Finding(2, Fault.CHANGED, 2)


def test_a_check_of_many_faults_stays_short() -> None:
    at = datetime(2026, 11, 22, tzinfo=UTC)
    forged = [replace(sealed_entry(Head(number), at, "n", "r", "w", None, ""), digest="") for number in range(100)]
    found = check(forged)
    assert (found.entries, len(found.findings), found.faults) == (100, SHOWN, 100)


def test_names_that_a_database_cannot_hold_are_kept_readable(database: str) -> None:
    audit.record("Pat\x00\nLee" + "e" * 300, "designer", "runs.create", about="x" * 300)
    assert audit.verify().sound
    entry = audit.newest(Wanted(), 1)[0][0]
    assert entry.name.startswith("Pat??Lee")
    assert (len(entry.name), len(entry.about)) == (200, 200)


def test_what_a_deed_is_about_names_no_reference(sqlite: str) -> None:
    told = audit.about({"reference": "BCD-F34-GHJK", "number": 4, "note": "Ann said", "key": "secret", "run_id": True})
    assert told.startswith("number 4, tag ")
    assert not {"BCD", "Ann", "secret"} & set(told.replace("-", " ").split())
    assert audit.tagged("BCD-F34-GHJK") in told


def test_who_may_act_in_one_place_sees_what_was_done_there(ten: Head) -> None:
    local = Actor(Role.ADMIN, "local", places=frozenset({1}))
    assert auditing.entries(local).total == TEN / 2
    assert auditing.entries(local, place_id=1).total == TEN / 2
    with pytest.raises(NotFound):
        auditing.entries(local, place_id=2)
    assert auditing.entries(Actor(Role.ADMIN, "elsewhere", places=frozenset({2}))).total == 0
    assert auditing.entries(SYSTEM).people == ["Pat Lee"]


@pytest.mark.parametrize("typed", ["", "7", "7:", "7:abc", "-1:" + "a" * 64, "x:" + "a" * 64, "7:" + "g" * 64])
def test_a_head_that_cannot_be_one_is_refused(typed: str) -> None:
    with pytest.raises(BadInput, match="64 letters"):
        audit.head_from(typed)


class TestCommands:
    """``audit verify``, ``show`` and ``head``."""

    @pytest.fixture
    def call(self, sqlite: str) -> Callable[..., tuple[int, str]]:
        for number in (1, 2, 3):
            audit.record("Pat Lee", "designer", "painpoints.publish", 1, f"analysis {number}")

        def call(*arguments: str) -> tuple[int, str]:
            done = CliRunner().invoke(app, list(arguments))
            return done.exit_code, done.output

        return call

    def test_a_sound_audit(self, call: Callable[..., tuple[int, str]], tmp_path: Path) -> None:
        head = call("head")[1].strip()
        assert head == str(audit.head())
        kept = tmp_path / "heads.txt"
        kept.write_text(f"0:{'0' * 64}\n{head}\n")
        code, told = call("verify", "--from", str(kept))
        assert (code, told.splitlines()) == (
            0,
            ["Nothing was changed: 3 entries are as they were written.", f"Head: {head}"],
        )
        assert "--expect" in call("verify")[1]
        assert (
            call("show", "--last", "1")[1]
            .rstrip()
            .endswith("Pat Lee  designer  painpoints.publish  place 1  analysis 3")
        )

    def test_a_broken_audit_is_said_plainly(self, call: Callable[..., tuple[int, str]]) -> None:
        head = call("head")[1].strip()
        without_fence()
        run("UPDATE audit_entry SET name = 'Sam Roe' WHERE number = 2", "DELETE FROM audit_entry WHERE number = 3")
        code, told = call("verify", "--expect", head)
        assert code == 2
        assert told.splitlines() == [
            "Entry 2 was changed, or was not written by this program with this place's key.",
            "Entry 3 is missing.",
            "The audit is broken: 2 faults in 2 entries.",
        ]


def test_what_cannot_be_recorded_is_not_done(sqlite: str) -> None:
    from insight import intake

    run("ALTER TABLE audit_entry RENAME TO gone")
    with pytest.raises(DBAPIError):
        intake.add_place(SYSTEM, "Testham")
    assert intake.places() == []
    with session() as opened:
        assert opened.scalar(text("SELECT count(*) FROM gone")) == 0
    assert settings().database_url == sqlite
