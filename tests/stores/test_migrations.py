"""Migrations: the newest revision is the tables, a local file is copied first, a server's database is left alone."""

import sqlite3
from pathlib import Path

import pytest
from alembic import command
from alembic.script import ScriptDirectory

from insight.database import dispose, engine, prepare
from insight.database.migrate import configuration, newest, revisions
from insight.errors import NotReady
from tests.conftest import use_database


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
        assert raw.execute("SELECT note FROM step").fetchall() == [("still here",)]
        assert raw.execute("PRAGMA foreign_key_check").fetchall() == []
