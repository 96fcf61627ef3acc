"""Moving between databases: what SQLite holds PostgreSQL holds, value by value, and back again."""

from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
import sqlalchemy as sa

from insight import intake
from insight.access import RESIDENT, SYSTEM
from insight.database import session, unhurried, write_session
from insight.errors import BadInput
from insight.intake.tables import PlaceRow
from insight.operations import moving, service
from insight.operations.checksums import Checksum, Column, Kind, TableSum, plain, stored
from insight.operations.drilling import throw_away
from insight.operations.snapshot import snapshot, sums, table_names
from tests.conftest import use_database

ANSWERS = {
    "what_happened": "I waited “three” weeks ☎ and nobody rang back.\n\tNobody.",
    "consent": ["analyse", "quote"],
    "steps": [{"note": "naïve 𝄞 note", "feeling": "-1"}, {"note": "step two"}],
}


def tell() -> str:
    """A story, told from beginning to end."""
    key = intake.start_draft(RESIDENT).key
    intake.save_draft(RESIDENT, key, ANSWERS)
    return str(intake.submit(RESIDENT, key).reference)


def sums_of(url: str) -> list[TableSum]:
    """The sum of each table of a database."""
    with snapshot(url) as connection:
        return sums(connection)


@pytest.fixture
def filled(sqlite: str) -> str:
    """A SQLite file with a place of every kind of value."""
    intake.add_place(SYSTEM, "Testham", organisations=[("Council", "council")])
    for _ in range(5):
        tell()
    moment = datetime(2026, 11, 22, 1, 2, 3, 450_000, timezone(timedelta(hours=-5)))
    with write_session() as opened:
        opened.execute(
            sa.text(
                "INSERT INTO analysis_run (place_id, status, parameters, code_version, stage, heartbeat_at, facts,"
                " left_out, started_by, started_at, done, total) VALUES (1, 'done', :odd, '', '', :at, 'null', '{}',"
                " 'É', :at, 0, 9)"
            ),
            {"odd": '{"b": [1.50, 1e3, null], "a": "\\u00e9\\ud83d\\ude00"}', "at": "2026-03-29 01:30:00.000001"},
        )
        opened.execute(sa.text("INSERT INTO cube (run_id, body) VALUES (1, :body)"), {"body": bytes(range(256)) * 99})
        opened.execute(sa.text("UPDATE step SET happened_on = '2024-02-29', hours = 0.1, told_again = 1"))
        opened.execute(sa.text("UPDATE story SET told_at = :at"), {"at": moment.astimezone(UTC).strftime("%F %T.%f")})
    return sqlite


@pytest.mark.postgres
def test_to_postgresql_and_back_every_table_is_equal(
    filled: str, postgres_server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    back = f"sqlite:///{tmp_path / 'back.db'}"
    with throw_away(postgres_server) as there:
        moved = service.move(SYSTEM, there)
        assert sum(table.rows for table in moved) > 30
        with unhurried(there).connect() as connection:
            assert connection.scalar(sa.text("SELECT facts::text FROM analysis_run")) == "null"
            assert connection.scalar(sa.text("SELECT CAST(parameters AS text) FROM analysis_run")).startswith('{"b"')
        use_database(monkeypatch, there)
        with session() as opened:
            assert opened.scalar(sa.text("SELECT count(*) FROM story")) == 5
        assert moving.copy(there, back) == moved
        reference = tell()  # numbers are counted on from where they were
        assert intake.add_place(SYSTEM, "Elsewhere").id == 2
        assert reference
        use_database(monkeypatch, filled)
    assert set(moved) == set(sums_of(filled)) == set(sums_of(back))


@pytest.mark.postgres
def test_what_the_other_database_refuses_leaves_it_empty(
    filled: str, postgres_server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with write_session() as opened:  # a column that SQLite does not measure
        opened.execute(sa.update(PlaceRow).values(name="x" * 201))
    with throw_away(postgres_server) as there:
        for _ in range(2):  # and the second time nothing of the first is in the way
            with pytest.raises(BadInput, match="left empty"):
                service.move(SYSTEM, there)
        with unhurried(there).connect() as connection:
            assert not sa.inspect(connection).get_table_names()


def test_a_database_that_is_not_empty_is_refused(filled: str, tmp_path: Path) -> None:
    other = f"sqlite:///{tmp_path / 'other.db'}"
    with unhurried(other).begin() as connection:
        connection.execute(sa.text("CREATE TABLE kept (words TEXT)"))
    with pytest.raises(BadInput, match="not empty"):
        service.move(SYSTEM, other)
    with pytest.raises(BadInput, match="in use"):
        service.move(SYSTEM, filled)
    with unhurried(other).connect() as connection:
        assert sa.inspect(connection).get_table_names() == ["kept"]


def test_each_table_comes_after_those_it_refers_to(database: str) -> None:
    with snapshot(database) as connection:
        names = table_names(connection)
        look = sa.inspect(connection)
        assert set(names) | {"alembic_version"} == set(look.get_table_names())
        for name in names:
            assert look.get_pk_constraint(name)["constrained_columns"], f"{name} has no order of its rows"
            for key in look.get_foreign_keys(name):
                assert names.index(key["referred_table"]) <= names.index(name)


VALUES: list[tuple[Kind, object]] = [
    (Kind.FLAG, True),
    (Kind.INTEGER, 2**62),
    (Kind.FLOAT, 0.1),
    (Kind.TEXT, "\u2028é"),
    (Kind.BYTES, b"\x00\xff"),
    (Kind.DATE, date(2024, 2, 29)),
    (Kind.MOMENT, datetime(2026, 3, 29, 1, 30, 0, 1, UTC)),
    *((kind, None) for kind in Kind),
]


@pytest.mark.parametrize(("kind", "value"), VALUES)
def test_a_value_written_down_is_the_same_when_read(kind: Kind, value: object) -> None:
    assert stored(plain(value, kind), kind) == value


def test_a_checksum_tells_values_apart_and_spellings_not() -> None:
    def of(kind: Kind, value: object) -> str:
        checksum = Checksum([Column("one", kind, True)])
        checksum.add([value])
        return checksum.of("t").digest

    assert of(Kind.JSON, '{"a": 1, "b": [2]}') == of(Kind.JSON, '{"b":[2],"a":1}')
    told = [None, "", "null", 0, False, "0", 0.0]
    assert len({of(Kind.TEXT, value) for value in told}) == len(told)
    assert of(Kind.JSON, "null") != of(Kind.JSON, None)
