"""All SQL of locked values: which columns hold some, how many each key locked, and putting another key's in place."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

import insight
from insight import sealing
from insight.database import Base, SealedJson, SealedText

SEALED = (SealedText, SealedJson)


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows in which something is locked with an older key: how many were found, and the key of the last one."""

    rows: int
    last: tuple[Any, ...] | None


def sealed_tables() -> list[tuple[sa.Table, list[sa.Column[Any]]]]:
    """Each table that holds locked values, with the columns that hold them."""
    for tables in Path(insight.__path__[0]).glob("*/tables.py"):  # they register themselves when they are imported
        import_module(f"insight.{tables.parent.name}.tables")
    found = []
    for table in Base.metadata.sorted_tables:
        columns = [column for column in table.columns if isinstance(column.type, SEALED)]
        if columns:
            found.append((table, columns))
    return found


def reseal_batch(
    session: Session, table: sa.Table, columns: Sequence[sa.Column[Any]], after: tuple[Any, ...] | None, size: int
) -> Batch:
    """Lock anew what older keys lock in the next rows of a table. What was changed meanwhile is left as it is."""
    key = list(table.primary_key.columns)
    wanted = sa.select(*key, *(_raw(column).label(f"raw_{column.name}") for column in columns)).order_by(*key)
    wanted = wanted.where(sa.or_(*(_is_older(column) for column in columns)))
    if after is not None:
        wanted = wanted.where(sa.tuple_(*key) > sa.tuple_(*(sa.literal(part) for part in after)))
    rows = session.execute(wanted.limit(size)).all()
    for column in columns:
        changes = [
            {**_key_of(key, row), "old": old, "new": _anew(old, column)}
            for row in rows
            if (old := getattr(row, f"raw_{column.name}")) and not sealing.is_current(old.strip('"'))
        ]
        if changes:
            same = [part == sa.bindparam(f"key_{part.name}") for part in key]
            change = sa.update(table).where(*same, _raw(column) == sa.bindparam("old", type_=sa.Text))
            session.connection().execute(change.values({column.name: _written(session, column)}), changes)
    return Batch(len(rows), tuple(rows[-1][: len(key)]) if rows else None)


def values_by_key(session: Session, numbers: Sequence[int]) -> dict[int, int]:
    """How many values each key locked, counted in every column of the database that holds text of any kind."""
    counts = dict.fromkeys(numbers, 0)
    look = sa.inspect(session.connection())
    for name in look.get_table_names():
        texts = [c["name"] for c in look.get_columns(name) if isinstance(c["type"], sa.String | sa.JSON)]
        if not texts or not numbers:
            continue
        table = sa.table(name, *(sa.column(text) for text in texts))
        asked = [
            sa.func.count(sa.case((_begins(sa.cast(table.c[text], sa.Text), f"{sealing.MARK}.{number}."), 1)))
            for number in numbers
            for text in texts
        ]
        found = session.execute(sa.select(*asked).select_from(table)).one()
        for position, count in enumerate(found):
            counts[numbers[position // len(texts)]] += count
    return counts


def hold_still(session: Session) -> None:
    """Let nobody write locked values until the unit of work ends. On SQLite it holds the write lock already."""
    if session.connection().dialect.name == "postgresql":
        quote = session.connection().dialect.identifier_preparer.quote
        names = ", ".join(quote(table.name) for table, _columns in sealed_tables())
        session.execute(sa.text(f"LOCK TABLE {names} IN SHARE MODE"))


def _raw(column: sa.Column[Any]) -> sa.ColumnElement[str]:
    """What stands in the column, locked; a locked JSON value is a JSON string, with its quotation marks."""
    return sa.cast(sa.type_coerce(column, sa.JSON if isinstance(column.type, SealedJson) else sa.Text), sa.Text)


def _is_older(column: sa.Column[Any]) -> sa.ColumnElement[bool]:
    raw = _raw(column)
    return _begins(raw, f"{sealing.MARK}.") & ~_begins(raw, f"{sealing.MARK}.{sealing.ring().current}.")


def _begins(raw: sa.ColumnElement[str], mark: str) -> sa.ColumnElement[bool]:
    return raw.like(f"{mark}%") | raw.like(f'"{mark}%')


def _key_of(key: Sequence[sa.Column[Any]], row: sa.Row[Any]) -> dict[str, Any]:
    return {f"key_{part.name}": value for part, value in zip(key, row, strict=False)}


def _anew(old: str, column: sa.Column[Any]) -> str:
    """A raw value, locked with the current key."""
    purpose = column.type.purpose  # type: ignore[attr-defined]
    if isinstance(column.type, SealedJson):
        return json.dumps(sealing.seal(sealing.unseal(json.loads(old), purpose), purpose))
    return sealing.seal(sealing.unseal(old, purpose), purpose)


def _written(session: Session, column: sa.Column[Any]) -> sa.ColumnElement[Any]:
    """How a raw value is put back: as it stands, past the column's own locking."""
    new = sa.bindparam("new", type_=sa.Text)
    if isinstance(column.type, SealedJson) and session.connection().dialect.name == "postgresql":
        return sa.cast(new, sa.JSON)
    return new
