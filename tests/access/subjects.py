"""Who can ask: found in the table of roles. Each is made the way people are, and known by a cookie."""

from dataclasses import dataclass
from datetime import timedelta

from insight import accounts
from insight.access import EVERYWHERE, GRANTS, PARTNERS, SYSTEM, Actor, Permission, Role
from insight.accounts import sessions, store
from insight.accounts.model import How
from insight.accounts.tables import AccountRow, SessionRow
from insight.database import session, write_session
from insight.intake import Place
from insight.moments import now
from pages.accounts.door import COOKIE as DOOR
from pages.accounts.door import new_door, write_door
from pages.kit.session import DEMO_COOKIE, SESSION_COOKIE

PASSWORD = "harbour violet ladder stone"
PARTNER = "Riverside Homes"
STAFF = tuple(role for role in Role if role is not Role.RESIDENT)
NOBODY = ("signed out", "forged session", "demo role", "disabled", "expired", "must enrol")


@dataclass(frozen=True, slots=True)
class Subject:
    """Somebody who asks. Whoever has no session that holds is a resident to the product."""

    name: str
    role: Role = Role.RESIDENT
    partner: bool = False
    elsewhere: bool = False

    @property
    def allowed(self) -> frozenset[Permission]:
        """What the tables grant them."""
        granted = GRANTS[self.role]
        granted = granted & PARTNERS if self.partner else granted
        return granted - EVERYWHERE if self.elsewhere else granted


SUBJECTS = (
    *(Subject(name) for name in NOBODY),
    *(Subject(role.value, role) for role in STAFF),
    *(Subject(f"{role.value} of a partner", role, partner=True) for role in STAFF),
    *(Subject(f"{role.value} of another place", role, elsewhere=True) for role in STAFF),
)


def actor_like(subject: Subject) -> Actor:
    """Who somebody is to the product, without an account of their own."""
    places = frozenset({0}) if subject.elsewhere else None
    return Actor(subject.role, subject.name, places, PARTNER if subject.partner else None)


def arrive(elsewhere: Place) -> dict[str, dict[str, str]]:
    """Make everybody; gives each one's cookies by name. Those of another place act in ``elsewhere`` only."""
    cookies: dict[str, dict[str, str]] = {
        "signed out": {},
        "forged session": {SESSION_COOKIE: "x" * 43},
        "demo role": {DEMO_COOKIE: Role.ADMIN.value},
    }
    for subject in SUBJECTS[len(NOBODY) :]:
        place = frozenset({elsewhere.id}) if subject.elsewhere else None
        cookies[subject.name] = _signed_in(subject.role, place, PARTNER if subject.partner else None)
    cookies["disabled"] = _signed_in(Role.ADMIN)
    cookies["expired"] = _signed_in(Role.ADMIN)
    cookies["must enrol"] = _at_the_door(Role.ADMIN)
    with write_session() as opened:
        disabled, expired = (_held(cookies[name], opened) for name in ("disabled", "expired"))
        opened.get_one(AccountRow, disabled.account_id).disabled = True
        expired.expires_at = now() - timedelta(seconds=1)
    return cookies


def account(role: Role, places: frozenset[int] | None = None, organisation: str | None = None) -> accounts.Account:
    """Somebody who was invited and took it up."""
    with session() as opened:
        number = len(store.all_accounts(opened))
    invited = accounts.invite(SYSTEM, role, places, organisation)
    return accounts.accept(invited.token, f"person{number}@testham.example", f"Person {number}", PASSWORD)


def _signed_in(role: Role, places: frozenset[int] | None = None, organisation: str | None = None) -> dict[str, str]:
    number = account(role, places, organisation).id
    with write_session() as opened:
        row = opened.get_one(AccountRow, number)
        return {SESSION_COOKIE: sessions.open_session(opened, row, How.PASSWORD, True, "192.0.2.1").token}


def _at_the_door(role: Role) -> dict[str, str]:
    """Somebody whose password was right and who has no second factor yet: a ticket, and no session."""
    entry = accounts.sign_in(account(role).login, PASSWORD, "192.0.2.1")
    assert isinstance(entry, accounts.MustEnrol)
    door = new_door()
    return {DOOR: write_door(type(door)(door.id, ticket=entry.ticket, enrol=True))}


def _held(cookies: dict[str, str], opened: object) -> SessionRow:
    found = store.session_with_account(opened, sessions.token_hash(cookies[SESSION_COOKIE]))  # type: ignore[arg-type]
    assert found is not None
    return found[0]
