"""When the database is away: said in plain words, and tried again where that is safe."""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import ParamSpec, TypeVar

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from insight.errors import Busy
from insight.language import _

TRIES = 3
FIRST_PAUSE = 0.25  # seconds, four times as long after each try, and drawn between half of it and all of it
# PostgreSQL, appendix A: serialisation failure, deadlock, shutdown of three kinds, and class 08, connections.
PASSING = {"40001", "40P01", "57P01", "57P02", "57P03"}
# Out of patience for a lock or a statement; no connection and no memory left just now.
FULL = {"55P03", "57014", "53300", "53200"}

P = ParamSpec("P")
R = TypeVar("R")


class Lost(Busy):
    """The connection was lost, or the database undid the work to let others go on: nobody knows whether it is kept."""


@contextmanager
def said_plainly() -> Iterator[None]:
    """Raise what the database says of itself as :class:`Busy` or :class:`Lost`; anything else passes as it is."""
    try:
        yield
    except PoolTimeout:
        raise Busy(_busy()) from None
    except DBAPIError as fault:
        if _is_lost(fault):
            raise Lost(_away()) from None  # its own words may carry an address or a password
        if _is_full(fault):
            raise Busy(_busy()) from None
        raise


def again(work: Callable[P, R]) -> Callable[P, R]:
    """Do a unit of work up to three times when the database was lost meanwhile.

    Only for work that reads, or that carries a token by which a second time is no second time: a connection that is
    lost during COMMIT does not say whether the work was kept.
    """

    @wraps(work)
    def tried(*args: P.args, **kwargs: P.kwargs) -> R:
        for turn in range(TRIES - 1):
            try:
                return work(*args, **kwargs)
            except Lost:
                pause = FIRST_PAUSE * 4**turn
                time.sleep(random.uniform(pause / 2, pause))  # noqa: S311  # nosec B311  (not all come back at once)
        return work(*args, **kwargs)

    return tried


def _is_lost(fault: DBAPIError) -> bool:
    """Whether the connection is gone, or was never made. SQLite has none to lose."""
    state = _state(fault)
    if fault.connection_invalidated or state in PASSING or state.startswith("08"):
        return True
    driver = type(fault.orig).__module__
    return isinstance(fault, OperationalError | InterfaceError) and driver.startswith("psycopg") and not state


def _is_full(fault: DBAPIError) -> bool:
    """Whether patience, connections or memory ran out."""
    name = getattr(fault.orig, "sqlite_errorname", "")
    return _state(fault) in FULL or name.split("_")[:2][-1] in ("BUSY", "LOCKED")


def _state(fault: DBAPIError) -> str:
    return getattr(fault.orig, "sqlstate", None) or ""


def _away() -> str:
    return _("The database does not answer just now. What was saved before is safe. Try again in a minute.")


def _busy() -> str:
    return _("The database is busy with other work. Try again in a minute.")
