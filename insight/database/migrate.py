"""Migrations, configured in code: a SQLite file is copied and upgraded at start, any other database by command."""

import shutil
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Engine, inspect, text

from insight.database.engine import engine
from insight.errors import NotReady

if TYPE_CHECKING:
    from alembic.config import Config

KEPT_COPIES = 5
MIGRATIONS = Path(__file__).parent / "migrations"


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


def upgrade(bind: Engine | None = None) -> None:
    """Bring the database to the newest revision."""
    from alembic import command

    command.upgrade(configuration(bind or engine()), "head")


def prepare(say: Callable[[str], None] = lambda _: None) -> None:
    """Make the database ready to use, or raise :class:`~insight.errors.NotReady` with the command to run.

    A local SQLite file is copied to ``backups/`` beside it and then upgraded. A server's database belongs to somebody:
    it is never changed without being asked.
    """
    bind = engine()
    current, wanted = revisions(bind)
    if current == wanted:
        return
    if bind.dialect.name != "sqlite":
        raise NotReady(
            "The database is not at the version this program needs. Take a backup, then run: python -m insight migrate"
        )
    if current is not None and bind.url.database:
        say(f"Copied the database to {copy_of(Path(bind.url.database))} before upgrading it.")
    upgrade(bind)


def copy_of(database: Path) -> Path:
    """Copy a SQLite file, consistently though it may be in use, and keep the last few copies."""
    folder = database.parent / "backups"
    folder.mkdir(exist_ok=True)
    target = folder / f"{database.stem}-{datetime.now(UTC):%Y%m%d-%H%M%S}.db"
    with sqlite3.connect(database) as source, sqlite3.connect(target) as copy:
        source.backup(copy)
    shutil.copystat(database, target)
    for old in sorted(folder.glob(f"{database.stem}-*.db"))[:-KEPT_COPIES]:
        old.unlink()
    return target
