"""Moving a database to another address, between SQLite and PostgreSQL or within one, through no file."""

from insight.operations import held_keys
from insight.operations.archive import opening_of
from insight.operations.checksums import TableSum
from insight.operations.restoring import check_target, pour
from insight.operations.snapshot import records, revision_of, snapshot


def copy(source: str, target: str) -> list[TableSum]:
    """Copy all tables of one database into an empty one, and compare them; gives the sum of each."""
    with snapshot(source) as connection:
        check_target(target, revision_of(connection) or "")
        stream = records(connection, held_keys.told_of(held_keys.held(), include=False))
        return pour(dict(opening_of(stream)), stream, target)
