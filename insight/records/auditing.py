"""Reading the audit and checking it, for those who may. Looking is not recorded: the audit would grow by it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from insight import audit
from insight.access import Actor, Permission, use_case
from insight.audit import Checked, Entry, Head, Wanted

PAGE = 50


@dataclass(frozen=True, slots=True)
class Entries:
    """A page of entries, the newest first, and how many there are in all; ``people`` are those one can ask for."""

    shown: Sequence[Entry]
    total: int
    people: Sequence[str]


@use_case(Permission.READ_AUDIT)
def entries(
    actor: Actor, *, name: str | None = None, what: str | None = None, place_id: int | None = None, page: int = 1
) -> Entries:
    """A page of the entries of somebody, about something, in a place; None is any.

    Who may act in some places only sees what was done there.
    """
    everybody = Wanted(places=actor.places)
    wanted = replace(everybody, name=name, what=what, place_id=place_id)
    shown, total = audit.newest(wanted, PAGE, (max(page, 1) - 1) * PAGE)
    return Entries(shown, total, audit.names(everybody))


@use_case(Permission.READ_AUDIT)
def newest(actor: Actor, limit: int) -> Sequence[Entry]:
    """The newest entries, the newest first."""
    return audit.newest(Wanted(places=actor.places), limit)[0]


@use_case(Permission.READ_AUDIT)
def head(actor: Actor) -> Head:
    """The newest entry's number and digest, to be kept where the database's keeper cannot write."""
    return audit.head()


@use_case(Permission.READ_AUDIT)
def verify(actor: Actor, expected: str = "") -> Checked:
    """Check every entry. With a head that was kept (``NUMBER:DIGEST``), also that none was cut off since."""
    return audit.verify(audit.head_from(expected) if expected.strip() else None)
