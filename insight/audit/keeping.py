"""Writing into the audit, reading it, and checking that nobody changed it."""

import logging

from sqlalchemy import event
from sqlalchemy.orm import Session

from insight.audit import store
from insight.audit.chain import sealed_entry
from insight.audit.checking import check
from insight.audit.model import Checked, Entry, Head, Wanted
from insight.database import session, write_session
from insight.moments import now

log = logging.getLogger("insight.audit")


def record(name: str, role: str, what: str, place_id: int | None = None, about: str = "") -> None:
    """Write that somebody, in a role, is about to do something (``room.function``), in a unit of work of its own.

    ``about`` says to what, without personal data: "run 12", or a keyed tag of a reference. Not to be called while this
    thread holds an open ``write_session``: it would wait for itself. There, use :func:`record_within`.
    """
    with write_session() as opened:
        record_within(opened, name, role, what, place_id, about)


def record_within(
    opened: Session, name: str, role: str, what: str, place_id: int | None = None, about: str = ""
) -> Head:
    """As :func:`record`, within a ``write_session`` that is open: the entry stands if, and only if, that is kept.

    To be called last: everybody else's entries wait until that unit of work ends.
    """
    store.wait_for_turn(opened)
    entry = sealed_entry(store.head(opened), now(), name, role, what, place_id, about)
    store.append(opened, entry)
    reached = Head(entry.number, entry.digest)
    event.listen(opened, "after_commit", lambda done: _tell(done, reached))
    return reached


def _tell(done: Session, reached: Head) -> None:
    """Write the head to the log once it is kept: a log that is held elsewhere shows when entries were cut off."""
    if not done.in_nested_transaction():
        log.info("audit head %s", reached, extra={"audit_number": reached.number, "audit_digest": reached.digest})


def head() -> Head:
    """The newest entry's number and digest, to be kept elsewhere."""
    with session() as opened:
        return store.head(opened)


def newest(wanted: Wanted, limit: int, skip: int = 0) -> tuple[list[Entry], int]:
    """The newest entries that are wanted, and how many there are in all."""
    with session() as opened:
        return store.newest(opened, wanted, limit, skip), store.how_many(opened, wanted)


def names(wanted: Wanted) -> list[str]:
    """Who stands in the entries that are wanted."""
    with session() as opened:
        return store.names(opened, wanted)


def verify(expected: Head | None = None) -> Checked:
    """Check every entry; with a head that was kept elsewhere, also that none was cut off at the end."""
    with session() as opened:
        return check(store.in_order(opened), expected)
