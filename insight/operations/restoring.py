"""Putting a snapshot's records into an empty database, checking that all of it arrived, and upgrading it."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from insight.database import is_empty, unhurried, upgrade
from insight.database.migrate import newest
from insight.database.retrying import said_plainly
from insight.database.tidying import delete_file
from insight.errors import BadInput, InsightError
from insight.operations.archive import columns_in, sum_in
from insight.operations.checksums import Column, Kind, TableSum, stored
from insight.operations.snapshot import Record, as_table, columns_of, snapshot, sums, table_names

ROWS, LETTERS = 500, 4_000_000  # that are sent at once, whichever is reached first
NOT_EMPTY = "That database is not empty. Choose an empty one: nothing is ever written over. Nothing was changed."


def check_target(url: str, revision: str) -> None:
    """Raise :class:`~insight.errors.BadInput` unless a database is empty and this program knows the revision."""
    if revision > newest():
        raise BadInput(
            f"This comes from a newer program: it is at version {revision}, and this program knows {newest()}. "
            "Use the newer program. Nothing was changed."
        )
    with said_plainly():
        if not is_empty(unhurried(url)):
            raise BadInput(NOT_EMPTY)


def pour(opening: dict[str, Any], records: Iterable[Record], url: str) -> list[TableSum]:
    """Fill an empty database with records, compare every table with what its end says, and upgrade it.

    Gives the sums. Whatever fails, the database is left empty again.
    """
    bind = unhurried(url)
    with _empty_again_on_failure(bind):
        upgrade(bind, opening["revision"])
        with said_plainly(), bind.connect().execution_options(insight_write=True) as connection, connection.begin():
            wanted = _fill(connection, records)
            _count_on(connection)
        with snapshot(url) as connection:
            found = sums(connection)
        _compare(wanted, found)
        upgrade(bind)
    return found


def _fill(connection: sa.Connection, records: Iterable[Record]) -> list[TableSum]:
    wanted: list[TableSum] = []
    known = set(table_names(connection))
    table, columns, rows, letters = "", list[Column](), list[list[Any]](), 0
    for record in records:
        if isinstance(record, list):
            rows.append(record)
            letters += sum(len(value) for value in record if isinstance(value, str))
            if len(rows) >= ROWS or letters >= LETTERS:
                _insert(connection, table, columns, rows)
                rows, letters = [], 0
        elif "table" in record:
            table, columns = record["table"], columns_in(record)
            if table not in known or columns != columns_of(connection, table):
                raise BadInput(f"The table {table} is not what this program's version of it is.")
        elif "end" in record:
            _insert(connection, table, columns, rows)
            rows, letters = [], 0
            wanted.append(sum_in(record))
    return wanted


def _insert(connection: sa.Connection, table: str, columns: list[Column], rows: list[list[Any]]) -> None:
    if not rows:
        return
    json_apart = connection.dialect.name == "postgresql"
    values: dict[str, Any] = {
        column.name: sa.cast(sa.bindparam(column.name, type_=sa.Text), sa.JSON)
        if json_apart and column.kind is Kind.JSON
        else sa.bindparam(column.name)
        for column in columns
    }
    told = [
        {column.name: stored(value, column.kind) for column, value in zip(columns, row, strict=True)} for row in rows
    ]
    connection.execute(sa.insert(as_table(table, columns)).values(values), told)


def _count_on(connection: sa.Connection) -> None:
    """Let PostgreSQL go on counting after the highest number that came in; SQLite does so by itself."""
    if connection.dialect.name != "postgresql":
        return
    for table in table_names(connection):
        for column in columns_of(connection, table):
            if not column.key or column.kind is not Kind.INTEGER:
                continue
            quoted = connection.dialect.identifier_preparer.quote(table)
            asked = sa.select(sa.func.pg_get_serial_sequence(quoted, column.name))
            if counter := connection.scalar(asked):
                highest = sa.select(sa.func.max(as_table(table, [column]).c[column.name])).scalar_subquery()
                connection.execute(sa.select(sa.func.setval(counter, sa.func.coalesce(highest, 0) + 1, False)))


def _compare(wanted: list[TableSum], found: list[TableSum]) -> None:
    differing = {one.table for one in set(wanted) ^ set(found)}
    if differing:
        raise BadInput(f"What arrived is not what was sent, in: {', '.join(sorted(differing))}. Please report this.")


@contextmanager
def _empty_again_on_failure(bind: sa.Engine) -> Iterator[None]:
    """Leave a database as it was found, which is empty, unless all went well."""
    functions = _functions(bind)
    try:
        yield
    except BaseException as fault:
        _empty(bind, functions)
        if isinstance(fault, DBAPIError):  # its words may carry what a resident wrote
            raise BadInput(
                f"The database did not take it ({type(fault.orig).__name__}). It was left empty, as it was found."
            ) from None
        if isinstance(fault, InsightError):
            raise type(fault)(f"{fault} The database was left empty, as it was found.") from None
        raise


def _empty(bind: sa.Engine, functions: set[str]) -> None:
    if bind.dialect.name == "sqlite":
        delete_file(f"{bind.url.database}")
        return
    found = sa.MetaData()
    with bind.begin() as connection:
        found.reflect(connection)
        found.drop_all(connection)
    for name in _functions(bind) - functions:
        with bind.begin() as connection:
            connection.exec_driver_sql(f"DROP FUNCTION {name}")


def _functions(bind: sa.Engine) -> set[str]:
    """The functions of a PostgreSQL schema: migrations may make some, and dropping tables leaves them."""
    if bind.dialect.name != "postgresql":
        return set()
    asked = sa.text("SELECT oid::regprocedure::text FROM pg_proc WHERE pronamespace = current_schema()::regnamespace")
    with bind.connect() as connection:
        return set(connection.scalars(asked))
