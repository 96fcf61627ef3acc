"""Migrations, configured in code: a SQLite file is copied and upgraded at start, any other database by command."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine, inspect, text

from insight.database.engine import engine, unhurried
from insight.database.retrying import said_plainly
from insight.database.tidying import MIGRATING, copies_of
from insight.errors import NotReady

if TYPE_CHECKING:
    from alembic.config import Config

KEPT_COPIES = 5
MIGRATIONS = Path(__file__).parent / "migrations"
SEALED_FROM = "0005"  # from this revision on, what people wrote lies locked
LOCK = 7_426_853_190_042_118  # a number of our own among PostgreSQL's advisory locks
LOCK_SECONDS = 600


def configuration(bind: Engine) -> "Config":
    """Alembic's configuration without a file."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["engine"] = bind
    return config


def is_empty(bind: Engine | None = None) -> bool:
    """Whether the database has no tables yet."""
    return not inspect(bind or engine()).get_table_names()


def newest() -> str:
    """The newest revision, from the names of the migration files: alembic itself is loaded only where it has work."""
    return max(path.name.split("_", 1)[0] for path in (MIGRATIONS / "versions").glob("[0-9]*_*.py"))


def revisions(bind: Engine) -> tuple[str | None, str]:
    """The revision the database is at, and the newest one."""
    if not inspect(bind).has_table("alembic_version"):
        return None, newest()
    with bind.connect() as connection:
        return connection.scalar(text("SELECT version_num FROM alembic_version")), newest()


def upgrade(bind: Engine | None = None, to: str = "head", before: Callable[[], None] = lambda: None) -> None:
    """Bring the database to a revision; of several processes that try at once, one does it and the others wait.

    ``before`` runs under the lock, and only where there is something to do. Raises
    :class:`~insight.errors.NotReady` for a database that a newer program has upgraded.
    """
    from alembic import command

    bound = bind or unhurried()
    with said_plainly(), _alone(bound):
        current, wanted = revisions(bound)
        _refuse_newer(current, wanted)
        if current != (wanted if to == "head" else to):
            before()
            command.upgrade(configuration(bound), to)
            if current is not None and current < SEALED_FROM:
                _rewrite(bound)


def prepare(say: Callable[[str], None] = lambda _: None) -> None:
    """Make the database ready to use, or raise :class:`~insight.errors.NotReady` with the command to run.

    A local SQLite file is copied to ``backups/`` beside it and then upgraded. A server's database belongs to somebody:
    it is never changed without being asked.
    """
    bind = engine()
    with said_plainly():
        current, wanted = revisions(bind)
    if current == wanted:
        return
    _refuse_newer(current, wanted)
    if bind.dialect.name != "sqlite":
        raise NotReady(
            "The database is not at the version this program needs. Take a backup, then run: python -m insight migrate"
        )
    upgrade(before=lambda: _keep_a_copy(say))


def _refuse_newer(current: str | None, wanted: str) -> None:
    """A program that was rolled back would write into tables it does not know."""
    if current is not None and current > wanted:
        raise NotReady(
            f"The database was upgraded by a newer program: it is at version {current}, and this program knows "
            f"{wanted}. Start the newer program again, or restore the backup taken before the upgrade."
        )


@contextmanager
def _alone(bind: Engine) -> Iterator[None]:
    """Let one process at a time migrate a database. The lock goes with the process, however it ends."""
    if bind.dialect.name != "sqlite":
        with bind.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("SET lock_timeout = 0"))
            connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": LOCK})
            try:
                yield
            finally:
                connection.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": LOCK})
    elif bind.url.database and bind.url.database != ":memory:":
        # SQLite makes tables anew in several transactions; a lock on a file beside it spans them all.
        beside = Path(f"{bind.url.database}{MIGRATING}")
        with closing(sqlite3.connect(beside, timeout=LOCK_SECONDS, isolation_level=None)) as lock:
            lock.execute("BEGIN EXCLUSIVE")
            yield
    else:
        yield


def _keep_a_copy(say: Callable[[str], None]) -> None:
    """Copy the configured SQLite file before it is upgraded; every copy is left without a word in clear."""
    bind = engine()
    current, _wanted = revisions(bind)
    if current is None or not bind.url.database:
        return
    copy = copy_of(Path(bind.url.database))
    say(f"Copied the database to {copy} before upgrading it.")
    for kept in copies_of(Path(bind.url.database)):
        _lock_words(kept)


def copy_of(database: Path) -> Path:
    """Copy a SQLite file, consistently though it may be in use, and keep the last few copies."""
    folder = database.parent / "backups"
    folder.mkdir(exist_ok=True)
    target = folder / f"{database.stem}-{datetime.now(UTC):%Y%m%d-%H%M%S}.db"
    with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(target)) as copy:
        source.backup(copy)
    shutil.copystat(database, target)
    for old in copies_of(database)[:-KEPT_COPIES]:
        old.unlink()
    return target


def _lock_words(copy: Path) -> None:
    """Lock what people wrote in a copy that was made of a database from before words were locked."""
    from alembic import command

    bind = unhurried(f"sqlite:///{copy}")
    current, _wanted = revisions(bind)
    if current is not None and current < SEALED_FROM:
        command.upgrade(configuration(bind), SEALED_FROM)
        _rewrite(bind)


def _rewrite(bind: Engine) -> None:
    """Write a database anew, so that nothing is left in its files of words that lay open until now."""
    if bind.dialect.name == "sqlite":
        with bind.connect() as connection:
            raw: Any = connection.connection.driver_connection
            raw.execute("VACUUM")
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    else:
        with bind.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM FULL"))
