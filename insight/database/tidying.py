"""Leaving no trace on the disk: what was deleted is also gone from the file, its log and its old copies."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from sqlite3 import OperationalError
from typing import Any

from sqlalchemy import text

from insight.database.engine import engine, unhurried
from insight.errors import Busy
from insight.language import _

COPIES_KEPT_DAYS = 30
MIGRATING = "-migrating"  # at the end of the name of a lock beside a SQLite file


def settle() -> bool:
    """Move what SQLite keeps in its log into the file, and empty the log; False while somebody still reads from it.

    With ``secure_delete`` the file itself holds zeros where a deleted row stood. Other databases do this by themselves.
    """
    if engine().dialect.name != "sqlite":
        return True
    busy, _in_log, _moved = _outside_transactions("PRAGMA wal_checkpoint(TRUNCATE)")
    return not busy


def rewrite() -> None:
    """Write the database anew without what was deleted. Everybody who writes to a SQLite file waits meanwhile."""
    if engine().dialect.name == "sqlite":
        _outside_transactions("VACUUM")
        settle()
    else:
        with unhurried().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM"))


def _outside_transactions(statement: str) -> Any:
    """Run a statement that SQLite takes only outside of a transaction, on a connection where none was begun."""
    connection = engine().raw_connection()
    try:
        return connection.cursor().execute(statement).fetchone()
    except OperationalError:
        raise Busy(_("The database is busy with other work. Try again in a minute.")) from None
    finally:
        connection.close()


def forget_old_copies(days: int = COPIES_KEPT_DAYS) -> int:
    """Delete copies of a SQLite file, made before upgrades, that are older than some days; gives how many."""
    address = engine().url
    if address.get_backend_name() != "sqlite" or not address.database or address.database == ":memory:":
        return 0
    database = Path(address.database)
    before = datetime.now(UTC) - timedelta(days=days)
    old = [copy for copy in copies_of(database) if _made(copy, database) < before]
    for copy in old:
        copy.unlink(missing_ok=True)
    return len(old)


def copies_of(database: Path) -> list[Path]:
    """The copies of a SQLite file that are kept, the oldest first."""
    return sorted((database.parent / "backups").glob(f"{database.stem}-*.db"))


def delete_file(database: str) -> None:
    """Delete a SQLite file with its log and the lock of its migrations."""
    for end in ("", "-wal", "-shm", MIGRATING):
        Path(f"{database}{end}").unlink(missing_ok=True)


def _made(copy: Path, database: Path) -> datetime:
    """When a copy was made, from its name: its file's date is the original's."""
    stamp = copy.stem.removeprefix(f"{database.stem}-")
    try:
        return datetime.strptime(stamp, "%Y%m%d-%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return datetime.now(UTC)
