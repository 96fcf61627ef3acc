"""Whether this process can do its work: the database, the keys, room on the disk; and whether it is about to stop."""

import logging
import shutil
from collections.abc import Callable
from pathlib import Path
from threading import Event

from sqlalchemy.engine import make_url

from insight import keys, sealing
from insight.database import engine
from insight.database.migrate import revisions
from insight.errors import NotReady
from insight.settings import ROOT, settings

log = logging.getLogger("throughline")
LEAST_FREE_BYTES = 200 * 2**20
stopping = Event()  # set when the process was told to stop: what runs is finished, and nobody should send more


def checks() -> dict[str, bool]:
    """Each thing that must be so before anybody is sent here, and whether it is."""
    return {"running": not stopping.is_set()} | {name: _holds(check) for name, check in CHECKS.items()}


def _holds(check: Callable[[], None]) -> bool:
    try:
        check()
    except Exception as fault:  # its text may carry an address; which check failed says enough
        log.warning("not ready: %s", type(fault).__name__)
        return False
    return True


def _database() -> None:
    current, wanted = revisions(engine())
    if current != wanted:
        raise NotReady("The database is not at the version this program needs. Run: python -m insight migrate")


def _keys() -> None:
    keys.secret_key()
    if sealing.unseal(sealing.seal("ready", "health"), "health") != "ready":
        raise NotReady("The keys for stored words do not open what they lock.")


def _disk() -> None:
    if shutil.disk_usage(_folder()).free < LEAST_FREE_BYTES:
        raise NotReady("The disk is nearly full. Make room: stories could not be kept for much longer.")


def _folder() -> Path:
    """Where this machine writes: beside the SQLite file, else where the product lies."""
    address = make_url(settings().database_url)
    if address.get_backend_name() == "sqlite" and address.database:
        return Path(address.database).resolve().parent
    return ROOT


CHECKS: dict[str, Callable[[], None]] = {"database": _database, "keys": _keys, "disk": _disk}
