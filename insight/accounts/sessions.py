"""Sessions: whose a token is, how long it holds, and forgetting what is over."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from insight.access import Actor, Role
from insight.accounts import store
from insight.accounts.lockout import address_hash
from insight.accounts.model import Account, How, SignedIn, TicketKind
from insight.accounts.rules import has_power
from insight.accounts.tables import AccountRow, InvitationRow, SessionRow, TicketRow
from insight.database import session, write_session
from insight.keys import tag
from insight.limits import forget_old_guesses
from insight.moments import now
from insight.settings import settings

TOKEN_BYTES = 32  # 256 bits
LONGEST_TOKEN = 100
REFRESH = timedelta(minutes=1)
TICKET_HOLDS = timedelta(minutes=10)
HANDOVER_HOLDS = timedelta(seconds=60)
AT_MOST = 10  # sessions of one account at a time
ADDRESS_KEPT = timedelta(days=90)
COUNTS_KEPT = timedelta(days=365)


def actor_of(token: str | None) -> Actor | None:
    """Who holds this token, as of now; None for no token, an unknown, ended or expired one, a disabled account, or a
    role that needs a second factor when the session was begun without one. One select by an index.
    """
    if not token or len(token) > LONGEST_TOKEN:
        return None
    at = now()
    with session() as opened:
        found = store.session_with_account(opened, token_hash(token))
    if found is None:
        return None
    held, row = found
    if not holds(held, row, at):
        return None
    if at - held.last_used_at > REFRESH:
        with write_session() as opened:
            store.touch(opened, held.id, row.id, at)
    return Actor(Role(row.role), row.login, places_of(row), row.organisation, row.id)


def sign_out(token: str | None) -> None:
    """End the session of a token; nothing happens where there is none."""
    if token and len(token) <= LONGEST_TOKEN:
        with write_session() as opened:
            store.end_session_of_token(opened, token_hash(token))


def forget_old_sessions() -> int:
    """Delete what is over: sessions, tickets, invitations, addresses and counts of old. Gives how many rows."""
    at = now()
    day = (at - COUNTS_KEPT).date()
    with write_session() as opened:
        gone = store.forget(opened, at, idle_since(at), at - ADDRESS_KEPT, day)
    return gone + forget_old_guesses()


def holds(held: SessionRow, row: AccountRow, at: datetime) -> bool:
    """Whether a session still holds for its account."""
    in_time = held.expires_at > at and held.last_used_at > idle_since(at)
    return in_time and not row.disabled and (held.strong or not needs_second_factor(row))


def needs_second_factor(row: AccountRow) -> bool:
    """Whether an account signs in with a second factor only."""
    here = settings()
    return here.second_factor and (here.second_factor_for_all or has_power(Role(row.role)))


def idle_since(at: datetime) -> datetime:
    """Sessions that were last used before this are over."""
    return at - timedelta(minutes=settings().session_idle_minutes)


def new_token() -> str:
    """An unguessable token of 256 bits."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def token_hash(token: str) -> str:
    """What is kept of a token, a ticket or an invitation."""
    return tag("account token", token)


def open_session(opened: Session, row: AccountRow, how: How, strong: bool, address: str) -> SignedIn:
    """A new session of an account, within a unit of work."""
    at, token = now(), new_token()
    ends = at + timedelta(hours=settings().session_hours)
    held = SessionRow(account_id=row.id, token_hash=token_hash(token), how=how, strong=strong)
    held.made_at, held.last_used_at, held.expires_at = at, at, ends
    opened.add(held)
    store.end_oldest_sessions(opened, row.id, AT_MOST)
    store.see(opened, row.id, at)
    store.remember_address(opened, row.id, address_hash(address), at)
    return SignedIn(token, as_account(row), ends)


def open_ticket(
    opened: Session, kind: TicketKind, account_id: int, how: How, secret: str | None = None, held: int | None = None
) -> str:
    """A ticket for an account, within a unit of work."""
    ticket = new_token()
    ends = now() + (HANDOVER_HOLDS if kind is TicketKind.HANDOVER else TICKET_HOLDS)
    row = TicketRow(token_hash=token_hash(ticket), kind=kind, account_id=account_id, session_id=held, how=how)
    row.secret, row.expires_at = secret, ends
    opened.add(row)
    return ticket


def as_account(row: AccountRow) -> Account:
    """An account from its row."""
    return Account(
        row.id,
        row.login,
        row.name,
        Role(row.role),
        places_of(row),
        row.organisation,
        row.secret is not None,
        row.disabled,
        row.invited_by,
        row.created_at,
        row.last_seen_at,
        row.password_hash is not None,
    )


def places_of(row: AccountRow | InvitationRow) -> frozenset[int] | None:
    """The ids of the places that an account, or an invitation, is for; None is every place."""
    return None if row.places is None else frozenset(row.places)
