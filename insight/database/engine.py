"""One engine per database address, the sessions that use it, and the queue of those who write to SQLite."""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from insight.database.retrying import said_plainly
from insight.errors import Busy, NotReady
from insight.language import _
from insight.settings import settings

BUSY_MILLISECONDS = 30_000
# A peer that is gone without a word is noticed after a minute of silence, and after half a minute while one waits.
KEEPALIVES = {"keepalives": 1, "keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3}
UNANSWERED_MILLISECONDS = 30_000
_kept: list[Engine] = []  # those that keep connections open


def engine() -> Engine:
    """The engine of the configured database. Its errors never carry parameters: those are what people wrote."""
    return _engine(settings().database_url)


@lru_cache(maxsize=8)
def _engine(url: str) -> Engine:
    told = settings()
    # Connections beyond pool_size are opened and closed each time, at the price of several saves. The one given back
    # last is given out first: what it has read is still at hand.
    pool = {
        "pool_size": told.pool_size,
        "max_overflow": told.pool_overflow,
        "pool_timeout": told.pool_timeout_seconds,
        "pool_use_lifo": True,
    }
    timeouts = {
        "statement_timeout": 1000 * told.statement_timeout_seconds,
        "lock_timeout": 1000 * told.lock_timeout_seconds,
    }
    made = _made(make_url(url), timeouts, pool_pre_ping=True, **pool)
    _kept.append(made)
    return made


def unhurried(url: str | URL | None = None) -> Engine:
    """An engine of one's own for work that may take any time: migrations, backups. Nothing is kept open between."""
    return _made(make_url(url or settings().database_url), {}, poolclass=NullPool)


def _made(address: URL, timeouts: dict[str, int], **pool: Any) -> Engine:
    if address.get_backend_name() == "sqlite":
        if address.database:
            Path(address.database).parent.mkdir(parents=True, exist_ok=True)
        pool.pop("pool_pre_ping", None)  # a file does not hang up
        made = create_engine(address, hide_parameters=True, connect_args={"timeout": BUSY_MILLISECONDS / 1000}, **pool)
        event.listen(made, "connect", _set_up_sqlite)
        event.listen(made, "begin", _begin_sqlite)
        return made
    connect_args = {
        "connect_timeout": settings().connect_timeout_seconds,
        "application_name": "throughline",
        "options": " ".join(f"-c {name}={milliseconds}" for name, milliseconds in timeouts.items()),
        "tcp_user_timeout": UNANSWERED_MILLISECONDS,
        **KEEPALIVES,
    }
    try:
        return create_engine(address, hide_parameters=True, connect_args=connect_args, **pool)
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
        "secure_delete=ON",
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
    while _kept:
        _kept.pop().dispose()
    _engine.cache_clear()
    _write_queue.cache_clear()


class WriteQueue:
    """Lets one thread write at a time, in the order in which they came.

    SQLite has one writer anyway, and no queue: whoever finds the database busy sleeps for up to 100 ms and looks again,
    so that with many writers most of the time is slept away, and some wait for seconds while others overtake them.
    """

    def __init__(self) -> None:
        self._guard = Lock()
        self._taken = False
        self._waiting: deque[Lock] = deque()

    @contextmanager
    def turn(self, patience: float = BUSY_MILLISECONDS / 1000) -> Iterator[None]:
        """Hold the turn while the block runs; ``Busy`` when it does not come within ``patience`` seconds."""
        self._wait(patience)
        try:
            yield
        finally:
            self._hand_on()

    def _wait(self, patience: float) -> None:
        with self._guard:
            if not self._taken:
                self._taken = True
                return
            mine = Lock()
            mine.acquire()  # so that the next acquire waits until the one before hands the turn on
            self._waiting.append(mine)
        if mine.acquire(timeout=patience):
            return
        with self._guard:
            if mine in self._waiting:  # else the turn was handed on in this very moment, and is ours
                self._waiting.remove(mine)
                raise Busy(_("The database is busy with other work. Try again in a minute."))

    def _hand_on(self) -> None:
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()  # the turn stays taken, so that nobody can come in between
            else:
                self._taken = False


@lru_cache(maxsize=8)
def _write_queue(_url: str) -> WriteQueue:
    """The queue of one SQLite file in this process; between processes SQLite's own lock decides."""
    return WriteQueue()


@contextmanager
def session() -> Iterator[Session]:
    """A unit of work: all of it is kept when the block ends, none of it when it raises.

    A database that is away or too busy is :class:`~insight.errors.Busy`, in plain words.
    """
    with said_plainly(), Session(engine(), expire_on_commit=False) as opened, opened.begin():
        yield opened


@contextmanager
def write_session() -> Iterator[Session]:
    """A unit of work that will write: on SQLite it waits in the queue, then takes the write lock at its start.

    The turn comes before the connection: those who wait hold none of the pool's.
    """
    bind = engine()
    turn = _write_queue(settings().database_url).turn() if bind.dialect.name == "sqlite" else nullcontext()
    with turn, session() as opened:
        opened.connection(execution_options={"insight_write": True})
        yield opened
