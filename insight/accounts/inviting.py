"""Invitations seen from the other side: the first admin's link, looking at an invitation, and taking it up."""

from datetime import timedelta

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from insight import audit
from insight.access import Role
from insight.accounts import hashing, lockout, store
from insight.accounts.model import Account, InvitationSeen, LinkKind
from insight.accounts.passwords import fit_password
from insight.accounts.rules import fit_login, fit_name
from insight.accounts.sessions import as_account, new_token, token_hash
from insight.accounts.tables import AccountRow, InvitationRow
from insight.database import session, write_session
from insight.errors import Conflict, NotFound
from insight.intake import places
from insight.language import _
from insight.moments import now
from insight.settings import settings

LINK_HOLDS = {
    LinkKind.FIRST: timedelta(hours=24),
    LinkKind.INVITE: timedelta(days=7),
    LinkKind.RESET: timedelta(hours=24),
}


def first_admin_token() -> str | None:
    """A one-time token for the first admin's link, for 24 hours; None where there is an account already.

    Each call makes a new one, and the one before no longer holds.
    """
    with write_session() as opened:
        if store.has_accounts(opened):
            return None
        store.drop_invitations(opened, LinkKind.FIRST)
        token, _row = open_link(opened, LinkKind.FIRST, Role.ADMIN, "first start")
        return token


def seen_invitation(token: str) -> InvitationSeen:
    """What an open invitation is for. ``NotFound`` where it is used, expired, revoked or never was."""
    row = _open(token)
    with session() as opened:
        account = opened.get(AccountRow, row.account_id) if row.account_id else None
    names = {place.id: place.name for place in places()}
    return InvitationSeen(
        Role(row.role),
        tuple(names[number] for number in row.places or () if number in names),
        row.organisation,
        row.expires_at,
        row.kind == LinkKind.RESET,
        account.login if account else "",
    )


def accept(token: str, login: str = "", name: str = "", password: str = "") -> Account:  # nosec B107  (empty, no password)
    """Take an invitation up, once: the account is made (or, for a password link, its password is set).

    Raises ``NotFound`` as :func:`seen_invitation`, ``BadInput`` for a login, name or password that cannot be used, and
    ``Conflict`` for a login that somebody has. Whoever accepted signs in next, as everybody does.
    """
    row = _open(token)
    if row.kind == LinkKind.RESET:
        return _set_password(row, password)
    fitting = fit_login(login), fit_name(name)
    kept = hashing.hashed(fit_password(password, (*fitting, *known_places())))
    try:
        with write_session() as opened:
            if not store.use_invitation(opened, row) or (row.kind == LinkKind.FIRST and store.has_accounts(opened)):
                raise _gone()
            return as_account(new_account(opened, row, *fitting, kept))
    except IntegrityError:
        raise Conflict(_("Somebody has that login already. Choose another.")) from None


def open_link(
    opened: Session,
    kind: LinkKind,
    role: Role,
    made_by: str,
    places: frozenset[int] | None = None,
    organisation: str | None = None,
    email: str | None = None,
    account_id: int | None = None,
) -> tuple[str, InvitationRow]:
    """A one-time link of a kind, within a unit of work: its token, and what is kept of it."""
    token, at = new_token(), now()
    row = InvitationRow(
        token_hash=token_hash(token),
        kind=kind,
        role=role,
        places=None if places is None else sorted(places),
        organisation=organisation,
        email=email,
        account_id=account_id,
        made_by=made_by,
        made_at=at,
        expires_at=at + LINK_HOLDS[kind],
    )
    opened.add(row)
    return token, row


def new_account(
    opened: Session, invited: InvitationRow, login: str, name: str, password_hash: str | None
) -> AccountRow:
    """The account that an invitation promised, within a unit of work; a login that is taken is an IntegrityError."""
    row = AccountRow(
        login=login,
        name=name,
        role=invited.role,
        places=invited.places,
        organisation=invited.organisation,
        password_hash=password_hash,
        invited_by=invited.made_by,
        created_at=now(),
        last_step=0,
        disabled=False,
    )
    opened.add(row)
    opened.flush()
    audit.record_within(opened, row.login, row.role, "accounts.accept", None, f"account {row.id}")
    return row


def known_places() -> list[str]:
    """Names of places, from which nobody should make their password."""
    return [settings().place, *(place.name for place in places())]


def _set_password(row: InvitationRow, password: str) -> Account:
    with session() as opened:
        account = opened.get(AccountRow, row.account_id)
    if account is None or account.disabled:
        raise _gone()
    kept = hashing.hashed(fit_password(password, (account.login, account.name, *known_places())))
    with write_session() as opened:
        current = store.account_for_change(opened, account.id)
        if current is None or current.disabled or not store.use_invitation(opened, row):
            raise _gone()
        current.password_hash = kept
        store.end_sessions(opened, current.id)
        about = f"account {current.id}"
        audit.record_within(opened, current.login, current.role, "accounts.use_reset_link", None, about)
    lockout.vouched_for(account.login)
    return as_account(current)


def _open(token: str) -> InvitationRow:
    with session() as opened:
        row = store.invitation(opened, token_hash(token[:200]), now())
    if row is None:
        raise _gone()
    return row


def _gone() -> NotFound:
    return NotFound(_("This link was used, or is too old. Ask whoever sent it for another."))
