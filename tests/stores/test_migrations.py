"""Migrations: the newest revision is the tables, a local file is copied first, a server's database is left alone."""

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from alembic import command
from alembic.script import ScriptDirectory

from insight import sealing
from insight.database import dispose, engine, prepare, unhurried, upgrade
from insight.database.migrate import configuration, newest, revisions
from insight.errors import NotReady
from insight.operations.drilling import throw_away
from insight.settings import ROOT
from tests.conftest import use_database

MIGRATE = """
import sys
from insight.database import upgrade
upgrade(before=lambda: print("mine", flush=True))
"""


def test_the_tables_are_what_the_migrations_make(database: str) -> None:
    command.check(configuration(engine()))


def test_one_head_and_numbered_files() -> None:
    script = ScriptDirectory.from_config(configuration(engine()))
    assert script.get_heads() == [newest()]
    assert [revision.revision for revision in reversed(list(script.walk_revisions()))] == [
        f"{number:04d}" for number in range(1, int(newest()) + 1)
    ]


def test_a_new_file_is_made_ready(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use_database(monkeypatch, f"sqlite:///{tmp_path / 'new' / 'fresh.db'}")
    prepare()
    assert revisions(engine()) == (newest(), newest())
    assert not (tmp_path / "new" / "backups").exists()
    dispose()


def test_an_old_file_is_copied_before_it_is_upgraded(sqlite: str, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "test.db") as raw:
        raw.execute("INSERT INTO place (code, name, synthetic) VALUES ('old', 'Old Town', 0)")
    command.downgrade(configuration(engine()), "base")
    with sqlite3.connect(tmp_path / "test.db") as raw:
        raw.execute("CREATE TABLE kept (words TEXT)")
        raw.execute("INSERT INTO kept VALUES ('still here')")
        raw.execute("INSERT INTO alembic_version VALUES ('0000')")
    said: list[str] = []
    with pytest.raises(Exception, match="0000"):  # an unknown revision: the upgrade fails, and the copy is there
        prepare(said.append)
    copies = list((tmp_path / "backups").glob("test-*.db"))
    assert len(copies) == 1
    assert str(copies[0]) in said[0]
    with sqlite3.connect(copies[0]) as copy:
        assert copy.execute("SELECT words FROM kept").fetchall() == [("still here",)]


@pytest.mark.postgres
def test_a_server_database_is_refused_with_the_command_to_run(postgres: str) -> None:
    command.downgrade(configuration(engine()), "base")
    with pytest.raises(NotReady, match="python -m insight migrate"):
        prepare()


def test_an_upgrade_keeps_what_hangs_on_a_table_that_is_made_anew(sqlite: str, tmp_path: Path) -> None:
    command.downgrade(configuration(engine()), "0001")
    with sqlite3.connect(tmp_path / "test.db") as raw:
        raw.execute("INSERT INTO place (id, code, name, synthetic) VALUES (1, 'old', 'Old Town', 0)")
        raw.execute(
            "INSERT INTO story (id, reference, token, place_id, version, source, provenance, language, obstacles,"
            " told_at, received_at) VALUES"
            " (1, 'r', 't', 1, 1, 'import', 'own_words', 'en', '[]', '2026-01-01', '2026-01-01')"
        )
        raw.execute("INSERT INTO step (story_id, position, note) VALUES (1, 1, 'still here')")
    command.upgrade(configuration(engine()), "head")
    with sqlite3.connect(tmp_path / "test.db") as raw:
        ((note,),) = raw.execute("SELECT note FROM step").fetchall()
        assert sealing.unseal(note, "step.note") == "still here"
        assert raw.execute("PRAGMA foreign_key_check").fetchall() == []


def migrate_at_once(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two processes bring one new database to the newest revision; one of them has something to do."""
    use_database(monkeypatch, url)
    both = [
        subprocess.Popen([sys.executable, "-c", MIGRATE], cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in "ab"
    ]
    said = [process.communicate(timeout=60)[0] for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert sorted(said) == ["", "mine\n"]
    assert revisions(unhurried(url)) == (newest(), newest())


def test_two_that_migrate_a_file_at_once_do_it_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    migrate_at_once(f"sqlite:///{tmp_path / 'new.db'}", monkeypatch)


@pytest.mark.postgres
def test_two_that_migrate_a_server_at_once_do_it_once(postgres_server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with throw_away(postgres_server) as url:
        migrate_at_once(url, monkeypatch)


def test_a_program_that_was_rolled_back_does_not_start(database: str) -> None:
    with unhurried().begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    for begin in (prepare, upgrade):
        with pytest.raises(NotReady, match="newer program"):
            begin()


def told_in_clear(words: str) -> list[str]:
    """A place with a story as versions before 0005 kept it."""
    return [
        "INSERT INTO place (id, code, name, synthetic) VALUES (1, 'old', 'Old Town', false)",
        "INSERT INTO story (id, reference, token, place_id, version, source, provenance, language, obstacles,"
        " told_at, received_at, what_happened) VALUES"
        f" (1, 'r', 't', 1, 1, 'import', 'own_words', 'en', '[]', '2026-01-01', '2026-01-01', '{words}')",
    ]


@pytest.mark.postgres
def test_no_table_of_an_old_server_keeps_a_word_in_clear(postgres_server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with throw_away(postgres_server) as url:
        use_database(monkeypatch, url)
        upgrade(to="0004")
        with unhurried().begin() as connection:
            for statement in told_in_clear("nobody rang me back about the boiler"):
                connection.exec_driver_sql(statement)
        assert kept_in_clear(b"about the boiler"), "before the upgrade it is there to be found"
        upgrade()
        assert not kept_in_clear(b"about the boiler")
        dispose()


def kept_in_clear(words: bytes) -> list[Path]:
    """The files of a PostgreSQL database's tables in which words stand."""
    with unhurried().connect() as connection:
        connection.exec_driver_sql("CHECKPOINT")
        found = connection.exec_driver_sql(
            "SELECT current_setting('data_directory'), oid FROM pg_database WHERE datname = current_database()"
        )
        folder, number = found.one()
    return [path for path in (Path(folder) / "base" / str(number)).iterdir() if words in path.read_bytes()]


def test_no_copy_of_an_old_file_keeps_a_word_in_clear(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use_database(monkeypatch, f"sqlite:///{tmp_path / 'test.db'}")
    upgrade(to="0004")
    with sqlite3.connect(tmp_path / "test.db") as raw:
        for statement in told_in_clear("nobody rang me back about the boiler " * 60):
            raw.execute(statement)
    said: list[str] = []
    prepare(said.append)
    dispose()
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert any(path.parent.name == "backups" for path in files)
    assert not [path for path in files if b"about the boiler" in path.read_bytes()]
    (copy,) = (tmp_path / "backups").glob("*.db")
    use_database(monkeypatch, f"sqlite:///{copy}")
    assert revisions(engine())[0] == "0005"
    dispose()
