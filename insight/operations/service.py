"""What whoever runs the product may do so that nothing is lost: back up, restore, drill, move."""

import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from insight import audit
from insight.access import Actor, Permission, use_case
from insight.database import unhurried
from insight.database.migrate import revisions
from insight.database.retrying import said_plainly
from insight.errors import BadInput
from insight.operations import archive, held_keys, moving
from insight.operations.checksums import TableSum
from insight.operations.drilling import throw_away
from insight.operations.restoring import check_target, pour
from insight.operations.snapshot import records, snapshot
from insight.settings import settings


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back: when the archive was made, the sum of each table, the key files that were written."""

    made_at: datetime
    tables: list[TableSum]
    key_files: list[Path]


@use_case(Permission.SET_UP)
def back_up(actor: Actor, to: Path, *, with_keys: bool = True) -> list[TableSum]:
    """Write one locked archive of the database as it is at this moment; gives the sum of each table.

    ``with_keys`` puts the keys into it that open what people wrote: without them the archive needs their files.
    """
    _write_down(actor, "operations.back_up")
    secret = held_keys.backup_key(make=True)
    with snapshot(settings().database_url) as connection:
        return archive.write(records(connection, held_keys.told_of(held_keys.held(), with_keys)), to, secret)


@use_case(Permission.SET_UP)
def restore(actor: Actor, source: Path, to: str) -> Restored:
    """Put an archive into an empty database. All of it is checked before anything is changed."""
    secret = held_keys.backup_key()
    opening = _verified(source, secret)
    held_keys.check(opening["keys"])
    check_target(to, opening["revision"])
    written = held_keys.put_back(opening["keys"])
    stream = archive.read(source, secret)
    archive.opening_of(stream)
    return Restored(datetime.fromisoformat(opening["made_at"]), pour(opening, stream, to), written)


@use_case(Permission.SET_UP)
def drill(actor: Actor, source: Path | None = None) -> list[TableSum]:
    """Restore an archive, a new one if none is named, into a throw-away database, and compare every table.

    Gives the sum of each; :class:`~insight.errors.BadInput` names the tables that differ.
    """
    with tempfile.TemporaryDirectory() as folder, throw_away(settings().database_url) as url:
        if source is None:
            source = Path(folder) / "drill.backup"
            back_up(actor, source)
        return restore(actor, source, url).tables


@use_case(Permission.SET_UP)
def move(actor: Actor, to: str) -> list[TableSum]:
    """Copy the database into an empty one elsewhere, and compare every table; gives the sum of each."""
    if to == settings().database_url:
        raise BadInput("That is the database in use. Choose an empty one elsewhere.")
    _write_down(actor, "operations.move")
    return moving.copy(settings().database_url, to)


def _write_down(actor: Actor, what: str) -> None:
    """Into the audit, where there is one: a backup before an upgrade meets databases that have none yet."""
    with said_plainly():
        current, wanted = revisions(unhurried())
    if current == wanted:
        audit.record(actor.called, actor.role, what)


def _verified(source: Path, secret: bytes) -> dict[str, Any]:
    """Read all of an archive, which checks it; gives its opening."""
    stream = archive.read(source, secret)
    opening = dict(archive.opening_of(stream))
    for _record in stream:
        pass
    return opening
