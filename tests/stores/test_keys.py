"""A new key for what people wrote, while they write: every value opens, none is left with the old key."""

import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

from insight import intake, sealing
from insight.access import RESIDENT, SYSTEM
from insight.database import session, write_session
from insight.errors import BadInput
from insight.intake.tables import DraftRow, StepRow, StoryRow
from insight.operations import rekeying, sealed_store
from insight.operations.snapshot import columns_of, rows_of, table_names
from insight.settings import ROOT, settings

# Another process of the product, which read its keys long before they are changed, and is never started anew.
TELLER = """
import sys
from insight import intake
from insight.access import RESIDENT
ANSWERS = {"what_happened": "I waited.", "consent": ["analyse"], "steps": [{"note": "one"}, {"note": "two"}]}
while True:
    key = intake.start_draft(RESIDENT).key
    intake.save_draft(RESIDENT, key, ANSWERS)
    print(key, intake.submit(RESIDENT, key).reference, flush=True)
"""
ANSWERS = {"what_happened": "Nobody rang.", "consent": ["analyse"], "steps": [{"note": "a note"}]}


@pytest.fixture(autouse=True)
def keys_of_this_test(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A ring of keys that this test may change; the database's fixture has read the settings already."""
    monkeypatch.setenv("INSIGHT_TEXT_KEYS_FILE", str(tmp_path / "text.keys"))
    settings.cache_clear()


def tell(count: int) -> None:
    """Stories, and as many drafts on their way."""
    for _ in range(count):
        key, unsent = intake.start_draft(RESIDENT).key, intake.start_draft(RESIDENT).key
        for one in (key, unsent):
            intake.save_draft(RESIDENT, one, ANSWERS)
        intake.submit(RESIDENT, key)


def with_key(number: int) -> int:
    """In how many values of all tables a key stands, found by reading every one."""
    with session() as opened:
        connection = opened.connection()
        return sum(
            isinstance(value, str) and value.strip('"').startswith(f"{sealing.MARK}.{number}.")
            for table in table_names(connection)
            for row in rows_of(connection, table, columns_of(connection, table))
            for value in row
        )


def test_a_key_is_changed_while_people_write(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rekeying, "BATCH", 7)
    intake.add_place(SYSTEM, "Testham")
    tell(12)
    others = subprocess.Popen([sys.executable, "-c", TELLER], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert others.stdout is not None
    try:
        for _ in range(3):
            others.stdout.readline()
        assert with_key(1) > 50
        assert rekeying.rotate(SYSTEM) == 2
        uses = {use.number: use for use in rekeying.key_uses(SYSTEM)}
        assert uses[2].current and uses[1].values == 0
        assert rekeying.drop_keys(SYSTEM) == [1]
        assert list(sealing.ring().keys) == [2]
        for _ in range(3):
            assert others.stdout.readline()
    finally:
        others.kill()
        others.communicate()
    assert with_key(1) == 0
    with session() as opened:  # each value opens, or this raises
        assert set(opened.scalars(sa.select(StoryRow.what_happened))) == {"I waited.", "Nobody rang."}
        assert set(opened.scalars(sa.select(StepRow.note))) == {"one", "two", "a note"}
        assert ANSWERS in list(opened.scalars(sa.select(DraftRow.answers)))
        assert all(opened.scalars(sa.select(StoryRow.answers)))


def test_a_rotation_that_was_interrupted_goes_on(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rekeying, "BATCH", 2)
    intake.add_place(SYSTEM, "Testham")
    tell(5)
    whole, reseal_batch, done = with_key(1), sealed_store.reseal_batch, list[int]()

    def fails_soon(*told: object) -> sealed_store.Batch:
        if sum(done) >= 4:
            raise KeyboardInterrupt
        batch = reseal_batch(*told)  # type: ignore[arg-type]
        done.append(batch.rows)
        return batch

    with monkeypatch.context() as patched:
        patched.setattr(sealed_store, "reseal_batch", fails_soon)
        with pytest.raises(KeyboardInterrupt):
            rekeying.rotate(SYSTEM)
    assert 0 < with_key(1) < whole
    assert rekeying.drop_keys(SYSTEM) == []
    rekeying.reseal(SYSTEM)
    assert (with_key(1), with_key(2)) == (0, whole)
    assert rekeying.reseal(SYSTEM) == 0


def test_what_was_changed_meanwhile_is_left_as_it_is(sqlite: str, monkeypatch: pytest.MonkeyPatch) -> None:
    intake.add_place(SYSTEM, "Testham")
    tell(1)
    sealing.add_key()
    anew = sealed_store._anew

    def slow(old: str, column: sa.Column[str]) -> str:
        made = anew(old, column)
        with opened.begin_nested():  # the change of somebody else, between reading and writing
            opened.execute(sa.update(StepRow).values(note="changed meanwhile"))
        return made

    monkeypatch.setattr(sealed_store, "_anew", slow)
    with write_session() as opened:
        table = StepRow.__table__
        assert isinstance(table, sa.Table)
        sealed_store.reseal_batch(opened, table, [table.c.note], None, 10)
    with session() as opened:
        assert opened.scalar(sa.select(StepRow.note)) == "changed meanwhile"


def test_keys_from_a_setting_are_changed_there(sqlite: str, monkeypatch: pytest.MonkeyPatch) -> None:
    intake.add_place(SYSTEM, "Testham")
    tell(1)
    first = Path(settings().text_keys_file).read_text("ascii").strip()
    monkeypatch.setenv("INSIGHT_TEXT_KEYS", first)
    settings.cache_clear()
    with pytest.raises(BadInput, match="Put this new one first there") as refused:
        rekeying.rotate(SYSTEM)
    monkeypatch.setenv("INSIGHT_TEXT_KEYS", f"{str(refused.value).split()[-1]},{first}")
    settings.cache_clear()
    assert rekeying.reseal(SYSTEM) > 0
    with pytest.raises(BadInput, match="Take these out there, then restart: 1"):
        rekeying.drop_keys(SYSTEM)
    assert with_key(1) == 0
