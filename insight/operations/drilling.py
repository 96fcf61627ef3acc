"""A restore drill: a throw-away database beside the real one, made for the length of a block."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from insight.database import unhurried
from insight.database.tidying import delete_file
from insight.errors import NotReady


@contextmanager
def throw_away(url: str) -> Iterator[str]:
    """The address of an empty database beside another one; it is gone when the block ends."""
    beside = make_url(url)
    name = f"{beside.database or 'drill'}-drill-{secrets.token_hex(4)}"
    made = beside.set(database=name)
    address = made.render_as_string(hide_password=False)
    if beside.get_backend_name() == "sqlite":
        try:
            yield address
        finally:
            delete_file(name)
        return
    try:
        _on(url, f'CREATE DATABASE "{name}" TEMPLATE template0')
    except DBAPIError:
        raise NotReady(
            "A drill needs a throw-away database, and this user may not make one. Ask for the right (CREATEDB), or "
            "make an empty database and try `restore` into it."
        ) from None
    try:
        yield address
    finally:
        _on(url, f'DROP DATABASE "{name}" WITH (FORCE)')


def _on(url: str, statement: str) -> None:
    """Run a statement that no transaction may hold."""
    with unhurried(url).connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text(statement))
