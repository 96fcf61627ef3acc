"""One engine per database address, and the sessions that use it."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from insight.errors import NotReady
from insight.settings import settings

BUSY_MILLISECONDS = 30_000


def engine() -> Engine:
    """The engine of the configured database. Its errors never carry parameters: those are what people wrote."""
    return _engine(settings().database_url)


@lru_cache(maxsize=8)
def _engine(url: str) -> Engine:
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        if address.database and address.database != ":memory:":
            Path(address.database).parent.mkdir(parents=True, exist_ok=True)
        made = create_engine(url, hide_parameters=True, connect_args={"timeout": BUSY_MILLISECONDS / 1000})
        event.listen(made, "connect", _set_up_sqlite)
        event.listen(made, "begin", _begin_sqlite)
        return made
    try:
        return create_engine(url, hide_parameters=True, pool_pre_ping=True)
    except ModuleNotFoundError as missing:
        raise NotReady(
            f"This database needs the Python package {missing.name}: pip install 'psycopg[binary]'."
        ) from None


def _set_up_sqlite(connection: Any, _record: Any) -> None:
    """WAL lets people read while one writes; FULL means that what was acknowledged survives a power cut."""
    connection.isolation_level = None  # transactions begin in _begin_sqlite, not at the driver's discretion
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"busy_timeout={BUSY_MILLISECONDS}",
        "cache_size=-32000",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    """A transaction that reads first and writes later fails at once on SQLite when somebody wrote in between.

    One that will write therefore asks for the write lock at its start, and waits its turn.
    """
    will_write = connection.get_execution_options().get("insight_write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if will_write else "BEGIN")


def dispose() -> None:
    """Close all connections and forget the engines: after a test, or before a fork."""
    if _engine.cache_info().currsize:
        engine().dispose()
    _engine.cache_clear()


@contextmanager
def session() -> Iterator[Session]:
    """A unit of work: all of it is kept when the block ends, none of it when it raises."""
    with Session(engine(), expire_on_commit=False) as opened, opened.begin():
        yield opened


@contextmanager
def write_session() -> Iterator[Session]:
    """A unit of work that will write: on SQLite it takes the write lock at its start."""
    with session() as opened:
        opened.connection(execution_options={"insight_write": True})
        yield opened
