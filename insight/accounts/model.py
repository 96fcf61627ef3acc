"""The words of accounts: who somebody is, what signing in leads to, and what invitations and sessions look like."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from insight.access import Role


class How(StrEnum):
    """How a session was begun."""

    PASSWORD = "password"  # noqa: S105  # nosec B105  (a name, no password)
    SECOND_FACTOR = "second_factor"
    RECOVERY_CODE = "recovery_code"
    PROVIDER = "provider"


class LinkKind(StrEnum):
    """What a one-time link is for."""

    FIRST = "first"
    INVITE = "invite"
    RESET = "reset"


class TicketKind(StrEnum):
    """What a ticket waits for: a code, a second factor to be set up, or a route that takes a session over."""

    CODE = "code"
    ENROL = "enrol"
    HANDOVER = "handover"


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who may sign in. ``places`` are the ids of places they may act in; None is every place."""

    id: int
    login: str
    name: str
    role: Role
    places: frozenset[int] | None
    organisation: str | None
    second_factor: bool
    disabled: bool
    invited_by: str
    created_at: datetime
    last_seen_at: datetime | None
    has_password: bool = True


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session: ``token`` goes into the cookie and nowhere else; the database keeps its keyed hash."""

    token: str = field(repr=False)
    account: Account
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class NeedsCode:
    """The password was right; ``ticket`` and a code of the second factor (or a recovery code) go to ``confirm``."""

    ticket: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class MustEnrol:
    """The password was right, but the role needs a second factor and there is none yet.

    There is no session until there is one: ``ticket`` goes to ``begin_enrolment``, then to ``finish_enrolment``.
    """

    ticket: str = field(repr=False)


Entry = SignedIn | NeedsCode | MustEnrol


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A second factor to set up: ``uri`` for a QR code, ``secret`` (base 32) to type in where that cannot be read."""

    secret: str = field(repr=False)
    uri: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A second factor was set up at the door: a session, and recovery codes that are shown this once."""

    signed_in: SignedIn
    recovery_codes: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class SessionView:
    """One of somebody's own sessions; ``this`` is the one that asks."""

    number: int
    made_at: datetime
    last_used_at: datetime
    how: How
    this: bool


@dataclass(frozen=True, slots=True)
class InvitationMade:
    """A new invitation or password link: ``token`` is shown this once, to whoever made it."""

    token: str = field(repr=False)
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class InvitationSeen:
    """What somebody who holds an open invitation is told. No places means every place.

    Where ``reset`` is set it is a password link for the account ``login``: only a new password is asked for.
    """

    role: Role
    places: tuple[str, ...]
    organisation: str | None
    expires_at: datetime
    reset: bool = False
    login: str = ""


@dataclass(frozen=True, slots=True)
class InvitationView:
    """An open invitation as those who manage people see it; ``email`` is empty where it is for whoever holds it."""

    number: int
    role: Role
    places: frozenset[int] | None
    organisation: str | None
    email: str
    made_by: str
    made_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Refused:
    """How often people were refused on one day (UTC), and why; nothing of what they typed is kept."""

    day: str
    why: str
    times: int
