"""A database as it is at one moment, while others go on writing: its tables, row by row, in the order of dependency.

On PostgreSQL this is one transaction that repeats its reads (REPEATABLE READ, READ ONLY). On SQLite it is one read
transaction over the write-ahead log, which sees what the online backup API would copy, without a second copy on the
disk, and without starting anew each time somebody writes.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

from insight import __version__
from insight.database import unhurried
from insight.database.retrying import said_plainly
from insight.errors import NotReady
from insight.moments import now
from insight.operations.checksums import Checksum, Column, Kind, TableSum, kind_of, plain

# A record is a dict (the opening, a table's head or end, the closing) or a list (a row of plain values).
Record = dict[str, Any] | list[Any]
VERSION = "alembic_version"
AT_A_TIME, LARGE_AT_A_TIME = 1_000, 20  # rows fetched at once; fewer where a row may hold megabytes
TYPES: dict[Kind, sa.types.TypeEngine[Any]] = {
    Kind.FLAG: sa.Boolean(),
    Kind.INTEGER: sa.BigInteger(),
    Kind.FLOAT: sa.Double(),
    Kind.TEXT: sa.Text(),
    Kind.BYTES: sa.LargeBinary(),
    Kind.JSON: sa.Text(),
    Kind.DATE: sa.Date(),
    Kind.MOMENT: sa.DateTime(timezone=True),
}


@contextmanager
def snapshot(url: str) -> Iterator[sa.Connection]:
    """A connection that sees one moment of a database."""
    with said_plainly(), unhurried(url).connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        with connection.begin():
            yield connection


def records(connection: sa.Connection, keys: dict[str, Any]) -> Iterator[Record]:
    """All that a database holds: an opening, each table's head, rows and end (with its sum), and a closing.

    ``keys`` goes into the opening. One row is in memory at a time, beside those that were fetched with it.
    """
    revision = revision_of(connection)
    if revision is None:
        raise NotReady("There is nothing to back up: this database holds no tables of the product.")
    yield {"opening": {"revision": revision, "program": __version__, "made_at": now().isoformat(), "keys": keys}}
    names = table_names(connection)
    for name in names:
        columns = columns_of(connection, name)
        yield {"table": name, "columns": [[column.name, column.kind, column.key] for column in columns]}
        checksum = Checksum(columns)
        for row in rows_of(connection, name, columns):
            checksum.add(row)
            yield row
        found = checksum.of(name)
        yield {"end": name, "rows": found.rows, "digest": found.digest}
    yield {"closing": len(names)}


def sums(connection: sa.Connection) -> list[TableSum]:
    """The sum of each table."""
    found = []
    for name in table_names(connection):
        columns = columns_of(connection, name)
        checksum = Checksum(columns)
        for row in rows_of(connection, name, columns):
            checksum.add(row)
        found.append(checksum.of(name))
    return found


def revision_of(connection: sa.Connection) -> str | None:
    """The revision that a database's tables are at; None where there are none."""
    if not sa.inspect(connection).has_table(VERSION):
        return None
    found: str | None = connection.scalar(sa.text(f"SELECT version_num FROM {VERSION}"))  # nosec B608  (a constant)
    return found


def table_names(connection: sa.Connection) -> list[str]:
    """The tables, each after those that it refers to."""
    ordered = sa.inspect(connection).get_sorted_table_and_fkc_names()
    return [name for name, _ in ordered if name is not None and name != VERSION]


def columns_of(connection: sa.Connection, table: str) -> list[Column]:
    """The columns of a table, by name: two databases that were upgraded differently may keep them in another order."""
    look = sa.inspect(connection)
    key = look.get_pk_constraint(table)["constrained_columns"]
    found = [Column(one["name"], kind_of(one["type"]), one["name"] in key) for one in look.get_columns(table)]
    return sorted(found, key=lambda column: column.name)


def rows_of(connection: sa.Connection, table: str, columns: Sequence[Column]) -> Iterator[list[Any]]:
    """The rows of a table as plain values, in the order of its primary key."""
    within = as_table(table, columns)
    wanted = [
        sa.cast(within.c[column.name], sa.Text).label(column.name)
        if column.kind is Kind.JSON
        else within.c[column.name]
        for column in columns
    ]
    order = [_ordered(connection, within.c[column.name], column) for column in columns if column.key]
    large = any(column.kind is Kind.BYTES for column in columns)
    found = connection.execute(
        sa.select(*wanted).order_by(*order),
        execution_options={"yield_per": LARGE_AT_A_TIME if large else AT_A_TIME},
    )
    for row in found:
        yield [plain(value, column.kind) for value, column in zip(row, columns, strict=True)]


def as_table(name: str, columns: Sequence[Column]) -> sa.Table:
    """A table for reading and writing plain kinds."""
    return sa.Table(name, sa.MetaData(), *(sa.Column(column.name, TYPES[column.kind]) for column in columns))


def _ordered(connection: sa.Connection, found: sa.Column[Any], column: Column) -> sa.ColumnElement[Any]:
    """Texts in the order of their bytes, as SQLite has them: PostgreSQL's own order depends on its language."""
    if column.kind is Kind.TEXT and connection.dialect.name == "postgresql":
        return sa.collate(found, "C")
    return found
