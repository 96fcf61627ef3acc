"""Nothing is lost: an archive taken while people tell stories restores to the very same tables, or says why not."""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

import pytest
import sqlalchemy as sa
from alembic import command
from typer.testing import CliRunner

from insight import intake, keys, sealing
from insight.access import RESIDENT, SYSTEM
from insight.commands.backup import app
from insight.database import session, unhurried
from insight.database.migrate import configuration, newest, revisions
from insight.errors import BadInput, InsightError, NotReady
from insight.operations import locked, moving, service
from insight.operations.drilling import throw_away
from insight.operations.snapshot import snapshot, sums
from insight.settings import settings

WORDS = "I waited three weeks and nobody rang back."
ANSWERS = {
    "what_happened": WORDS,
    "consent": ["analyse", "quote"],
    "steps": [{"note": "step one", "feeling": "-1"}, {"note": "step two"}],
}


def tell() -> str:
    """A story, told from beginning to end."""
    key = intake.start_draft(RESIDENT).key
    intake.save_draft(RESIDENT, key, ANSWERS)
    return str(intake.submit(RESIDENT, key).reference)


@contextmanager
def people_telling(threads: int = 3) -> Iterator[list[str]]:
    """Stories are told all the while; gives the references that were acknowledged so far."""
    done, told = Event(), list[str]()

    def go_on() -> None:
        while not done.is_set():
            told.append(tell())

    telling = [Thread(target=go_on) for _ in range(threads)]
    for thread in telling:
        thread.start()
    while len(told) < threads:
        done.wait(0.01)
    try:
        yield told
    finally:
        done.set()
        for thread in telling:
            thread.join(30)


@pytest.fixture(autouse=True)
def keys_of_this_test(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Keys in this test's own folder, as on a machine of its own."""
    use_keys(monkeypatch, tmp_path / "here")
    yield
    forget_keys()


def use_keys(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Another machine: its keys lie elsewhere, if there are any."""
    for name in ("TEXT_KEYS_FILE", "SECRET_KEY_FILE", "BACKUP_KEY_FILE"):
        monkeypatch.setenv(f"INSIGHT_{name}", str(folder / name.lower()))
    forget_keys()


def forget_keys() -> None:
    settings.cache_clear()
    keys.secret_key.cache_clear()


@pytest.fixture
def archive(sqlite: str, tmp_path: Path) -> Path:
    """An archive of a small database."""
    intake.add_place(SYSTEM, "Testham")
    tell()
    service.back_up(SYSTEM, tmp_path / "kept.backup")
    return tmp_path / "kept.backup"


def test_a_backup_taken_under_load_restores_to_the_same_tables(database: str, tmp_path: Path) -> None:
    intake.add_place(SYSTEM, "Testham")
    for _ in range(20):
        tell()
    kept = tmp_path / "kept.backup"
    with people_telling() as told:
        before = list(told)
        taken = service.back_up(SYSTEM, kept)
        during = len(told)
        while len(told) < during + 3:  # and they go on after it
            Event().wait(0.01)
    with throw_away(database) as url:
        restored = service.restore(SYSTEM, kept, url)
        with snapshot(url) as connection:
            assert sums(connection) == restored.tables
            assert set(restored.tables) == set(taken)
            held = set(connection.scalars(sa.text("SELECT reference FROM story")))
            assert set(before) <= held and not held >= set(told)
            halves = "SELECT count(*) FROM story WHERE (SELECT count(*) FROM step WHERE story_id = story.id) != 2"
            assert connection.scalar(sa.text(halves)) == 0
            halves = "SELECT count(*) FROM draft WHERE sent_at IS NULL AND key_hash IN (SELECT token FROM story)"
            assert connection.scalar(sa.text(halves)) == 0
    with session() as opened:  # what was backed up is as it was, and what came later too
        assert set(told) <= set(opened.scalars(sa.text("SELECT reference FROM story")))


def test_a_drill_compares_every_table_and_leaves_nothing(database: str, tmp_path: Path) -> None:
    intake.add_place(SYSTEM, "Testham")
    with people_telling(2):
        done = CliRunner().invoke(app, ["drill"])
    assert done.exit_code == 0, done.exception
    lines = done.stdout.splitlines()
    with session() as opened:
        tables = set(sa.inspect(opened.connection()).get_table_names()) - {"alembic_version"}
        if opened.connection().dialect.name == "postgresql":
            assert not opened.scalar(sa.text("SELECT count(*) FROM pg_database WHERE datname LIKE '%-drill-%'"))
    assert {line.split()[0] for line in lines[:-1]} == tables
    assert lines[-1].startswith("The backup restores")
    assert not list(tmp_path.glob("*drill*"))


def test_on_another_machine_the_archive_brings_its_keys(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backup_key = (tmp_path / "here" / "backup_key_file").read_text("utf-8").strip()
    use_keys(monkeypatch, tmp_path / "elsewhere")
    monkeypatch.setenv("INSIGHT_BACKUP_KEY", backup_key)
    monkeypatch.setenv("INSIGHT_DATABASE_URL", f"sqlite:///{tmp_path / 'elsewhere' / 'new.db'}")
    settings.cache_clear()
    done = CliRunner().invoke(app, ["restore", str(archive)])
    assert done.exit_code == 0, done.exception
    assert "text_keys_file" in done.stdout
    with session() as opened:
        assert opened.scalar(sa.select(intake.tables.StoryRow.what_happened)) == WORDS


def test_an_archive_without_keys_needs_theirs(archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bare, target = tmp_path / "bare.backup", f"sqlite:///{tmp_path / 'new.db'}"
    done = CliRunner().invoke(app, ["backup", "--to", str(bare), "--no-keys"])
    assert "It holds no keys" in done.stdout
    monkeypatch.setenv("INSIGHT_BACKUP_KEY", (tmp_path / "here" / "backup_key_file").read_text("utf-8").strip())
    use_keys(monkeypatch, tmp_path / "elsewhere")
    with pytest.raises(BadInput, match="other keys"):
        service.restore(SYSTEM, bare, target)
    sealing.ring()  # keys that were made anew open nothing, with or without those in the archive
    for kept in (bare, archive):
        with pytest.raises(BadInput, match="other keys"):
            service.restore(SYSTEM, kept, target)
    assert not (tmp_path / "new.db").exists()


def test_no_word_and_no_name_lies_open_in_an_archive(archive: Path, tmp_path: Path) -> None:
    body = archive.read_bytes()
    assert archive.stat().st_mode & 0o077 == 0
    for open_word in (WORDS, "Testham", "alembic", sealing.MARK, (tmp_path / "here" / "text_keys_file").read_text()):
        assert open_word.strip().encode() not in body
    assert [path.name for path in tmp_path.iterdir() if ".kept" in path.name] == []


def test_a_broken_archive_or_another_key_changes_nothing(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    body, target = archive.read_bytes(), tmp_path / "new.db"
    broken = tmp_path / "broken.backup"
    flipped = [bytes([*body[:at], body[at] ^ 1, *body[at + 1 :]]) for at in range(0, len(body), len(body) // 40)]
    for made in [b"", body[:5], body[:60], body[:-1], body + b"0", b"PK" + body, *flipped]:
        broken.write_bytes(made)
        with pytest.raises(InsightError, match="Nothing was changed"):
            service.restore(SYSTEM, broken, f"sqlite:///{target}")
    monkeypatch.setenv("INSIGHT_BACKUP_KEY", "another key, long enough")
    settings.cache_clear()
    with pytest.raises(BadInput, match="this backup key"):
        service.restore(SYSTEM, archive, f"sqlite:///{target}")
    assert not target.exists()


def test_without_a_backup_key_none_is_made_to_restore(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_keys(monkeypatch, tmp_path / "elsewhere")
    with pytest.raises(NotReady, match="no backup key"):
        service.restore(SYSTEM, archive, f"sqlite:///{tmp_path / 'new.db'}")
    assert not (tmp_path / "elsewhere").exists()


def test_a_chunk_that_is_moved_repeated_or_left_out_is_found(tmp_path: Path) -> None:
    secret, path = b"a key for this test", tmp_path / "locked"
    with path.open("wb") as file:
        locking = locked.Locking(file, secret)
        locking.write(bytes(3 * locked.CHUNK))
        locking.close()
    body = path.read_bytes()
    size = locked.CHUNK + locked.TAG
    head, chunks = body[: locked.HEADER], [body[at : at + size] for at in range(locked.HEADER, len(body), size)]
    assert len(chunks) == 3
    orders = [order for length in (1, 2, 3, 4) for order in itertools.product(range(3), repeat=length)]
    whole = []
    for order in orders:
        path.write_bytes(head + b"".join(chunks[number] for number in order))
        with path.open("rb") as file:
            try:
                whole.append((order, len(locked.Unlocking(file, secret).read())))
            except BadInput:
                continue
    assert whole == [((0, 1, 2), 3 * locked.CHUNK)]


def test_an_archive_of_an_older_version_is_upgraded(archive: Path, tmp_path: Path) -> None:
    """An archive keeps the tables as they were; the newest program still reads it."""
    old, new = f"sqlite:///{tmp_path / 'old.db'}", f"sqlite:///{tmp_path / 'new.db'}"
    command.upgrade(configuration(unhurried(old)), "0005")
    with unhurried(old).begin() as connection:
        connection.execute(sa.text("INSERT INTO place (code, name, synthetic) VALUES ('old', 'Old Town', true)"))
    moving.copy(old, new)
    assert revisions(unhurried(new)) == (newest(), newest())
    with unhurried(new).begin() as connection:
        assert connection.execute(sa.text("SELECT name, synthetic FROM place")).all() == [("Old Town", 1)]
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(BadInput, match="newer program"):
        moving.copy(new, f"sqlite:///{tmp_path / 'third.db'}")
    assert not (tmp_path / "third.db").exists()


def test_a_backup_that_cannot_be_written_is_not_there(archive: Path, tmp_path: Path) -> None:
    before = archive.read_bytes()
    with pytest.raises(BadInput, match="never written over"):
        service.back_up(SYSTEM, archive)
    assert archive.read_bytes() == before
    with pytest.raises(BadInput, match="cannot be written"):
        service.back_up(SYSTEM, tmp_path / "nowhere" / "kept.backup")
