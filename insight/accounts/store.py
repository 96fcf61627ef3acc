"""All SQL of accounts."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import Delete, Update, delete, exists, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from insight.access import Role
from insight.accounts.model import LinkKind, TicketKind
from insight.accounts.tables import (
    AccountRow,
    AddressRow,
    InvitationRow,
    RecoveryCodeRow,
    RefusedRow,
    SessionRow,
    TicketRow,
)


def account_by_login(opened: Session, login: str) -> AccountRow | None:
    """The account with this login."""
    return opened.scalar(select(AccountRow).where(AccountRow.login == login))


def account_by_subject(opened: Session, issuer: str, subject: str) -> AccountRow | None:
    """The account of somebody whom a provider knows under this subject."""
    return opened.scalar(select(AccountRow).where(AccountRow.issuer == issuer, AccountRow.subject == subject))


def all_accounts(opened: Session) -> Sequence[AccountRow]:
    """Every account, by name."""
    return opened.scalars(select(AccountRow).order_by(AccountRow.name, AccountRow.id)).all()


def has_accounts(opened: Session) -> bool:
    """Whether there is any account."""
    return bool(opened.scalar(select(exists().where(AccountRow.id > 0))))


def account_for_change(opened: Session, account_id: int) -> AccountRow | None:
    """An account that nobody else changes until this unit of work ends."""
    return opened.get(AccountRow, account_id, with_for_update=True, populate_existing=True)


def admins_for_change(opened: Session) -> Sequence[AccountRow]:
    """The admins who may sign in; none of them changes until this unit of work ends."""
    wanted = select(AccountRow).where(AccountRow.role == Role.ADMIN, AccountRow.disabled.is_(False))
    return opened.scalars(wanted.order_by(AccountRow.id).with_for_update()).all()


def set_password(opened: Session, account_id: int, before: str | None, password_hash: str) -> bool:
    """Keep another hash in place of one; False where somebody else changed it meanwhile."""
    own = update(AccountRow).where(AccountRow.id == account_id, AccountRow.password_hash == before)
    return _changed(opened, own.values(password_hash=password_hash))


def see(opened: Session, account_id: int, at: datetime) -> None:
    """Keep when somebody was last seen."""
    opened.execute(update(AccountRow).where(AccountRow.id == account_id).values(last_seen_at=at))


def use_step(opened: Session, account_id: int, step: int) -> bool:
    """Use the code of one half minute up; False where it, or a later one, was used before."""
    return _changed(
        opened,
        update(AccountRow).where(AccountRow.id == account_id, AccountRow.last_step < step).values(last_step=step),
    )


def use_recovery_code(opened: Session, account_id: int, code_hash: str) -> bool:
    """Use a recovery code up; False where there is no such one."""
    same = (RecoveryCodeRow.account_id == account_id, RecoveryCodeRow.code_hash == code_hash)
    return _changed(opened, delete(RecoveryCodeRow).where(*same))


def keep_recovery_codes(opened: Session, account_id: int, hashes: Iterable[str]) -> None:
    """Keep these recovery codes in place of all before."""
    opened.execute(delete(RecoveryCodeRow).where(RecoveryCodeRow.account_id == account_id))
    opened.add_all(RecoveryCodeRow(account_id=account_id, code_hash=each) for each in hashes)
    opened.flush()


def session_with_account(opened: Session, token_hash: str) -> tuple[SessionRow, AccountRow] | None:
    """The session of a token, with its account."""
    both = select(SessionRow, AccountRow).join(AccountRow, SessionRow.account_id == AccountRow.id)
    found = opened.execute(both.where(SessionRow.token_hash == token_hash)).one_or_none()
    return None if found is None else (found[0], found[1])


def touch(opened: Session, session_id: int, account_id: int, at: datetime) -> None:
    """Keep that a session was used. The account comes first, as everywhere, so that nobody waits crosswise."""
    see(opened, account_id, at)
    opened.execute(update(SessionRow).where(SessionRow.id == session_id).values(last_used_at=at))


def renew_token(opened: Session, session_id: int, token_hash: str) -> bool:
    """Give a session another token; False where it has ended."""
    return _changed(opened, update(SessionRow).where(SessionRow.id == session_id).values(token_hash=token_hash))


def make_strong(opened: Session, account_id: int, token_hash: str) -> None:
    """Let a session count as begun with the second factor that was just shown in it."""
    own = (SessionRow.account_id == account_id, SessionRow.token_hash == token_hash)
    opened.execute(update(SessionRow).where(*own).values(strong=True))


def sessions_of(opened: Session, account_id: int, since: datetime, at: datetime) -> Sequence[SessionRow]:
    """Somebody's sessions that hold, newest first."""
    own = select(SessionRow).where(SessionRow.account_id == account_id, SessionRow.expires_at > at)
    return opened.scalars(own.where(SessionRow.last_used_at > since).order_by(SessionRow.made_at.desc())).all()


def end_session(opened: Session, account_id: int, session_id: int) -> bool:
    """End one of somebody's sessions; False where it is not theirs."""
    return _changed(opened, delete(SessionRow).where(SessionRow.account_id == account_id, SessionRow.id == session_id))


def end_session_of_token(opened: Session, token_hash: str) -> None:
    """End the session of a token."""
    opened.execute(delete(SessionRow).where(SessionRow.token_hash == token_hash))


def end_sessions(opened: Session, account_id: int, but: str | None = None) -> int:
    """End somebody's sessions and what waits at the door for them, but for the session with this hash of a token."""
    opened.execute(delete(TicketRow).where(TicketRow.account_id == account_id))
    theirs = delete(SessionRow).where(SessionRow.account_id == account_id)
    return _count(opened, theirs if but is None else theirs.where(SessionRow.token_hash != but))


def end_oldest_sessions(opened: Session, account_id: int, keep: int) -> None:
    """End somebody's sessions but for so many of the newest."""
    opened.flush()
    own = select(SessionRow.id).where(SessionRow.account_id == account_id)
    older = opened.scalars(own.order_by(SessionRow.made_at.desc(), SessionRow.id.desc()).offset(keep)).all()
    opened.execute(delete(SessionRow).where(SessionRow.id.in_(older)))


def ticket(opened: Session, token_hash: str, kind: TicketKind, at: datetime) -> TicketRow | None:
    """A ticket that holds."""
    same = (TicketRow.token_hash == token_hash, TicketRow.kind == kind, TicketRow.expires_at > at)
    return opened.scalar(select(TicketRow).where(*same))


def use_ticket(opened: Session, token_hash: str) -> bool:
    """Use a ticket up; False where somebody else just did."""
    return _changed(opened, delete(TicketRow).where(TicketRow.token_hash == token_hash))


def invitation(opened: Session, token_hash: str, at: datetime) -> InvitationRow | None:
    """An invitation that is open."""
    same = (InvitationRow.token_hash == token_hash, InvitationRow.expires_at > at)
    return opened.scalar(select(InvitationRow).where(*same))


def invitation_for_email(opened: Session, email: str, at: datetime) -> InvitationRow | None:
    """The newest open invitation of somebody with this email address."""
    same = (InvitationRow.email == email, InvitationRow.expires_at > at)
    return opened.scalars(select(InvitationRow).where(*same).order_by(InvitationRow.id.desc())).first()


def open_invitations(opened: Session, at: datetime) -> Sequence[InvitationRow]:
    """The open invitations, newest first."""
    wanted = select(InvitationRow).where(InvitationRow.kind == LinkKind.INVITE, InvitationRow.expires_at > at)
    return opened.scalars(wanted.order_by(InvitationRow.id.desc())).all()


def use_invitation(opened: Session, row: InvitationRow) -> bool:
    """Use an invitation up; False where somebody else just did. The first admin's are all used by one of them."""
    same = InvitationRow.kind == LinkKind.FIRST if row.kind == LinkKind.FIRST else InvitationRow.id == row.id
    return _changed(opened, delete(InvitationRow).where(same).execution_options(synchronize_session=False))


def drop_invitations(opened: Session, kind: LinkKind, account_id: int | None = None) -> None:
    """Take back the open links of a kind: all of them, or those for one account."""
    gone = delete(InvitationRow).where(InvitationRow.kind == kind)
    opened.execute(gone if account_id is None else gone.where(InvitationRow.account_id == account_id))


def knows_address(opened: Session, account_id: int, address_hash: str) -> bool:
    """Whether somebody has signed in from an address before."""
    return opened.get(AddressRow, (account_id, address_hash)) is not None


def remember_address(opened: Session, account_id: int, address_hash: str, at: datetime) -> None:
    """Keep that somebody signed in from an address; two at once are one."""
    seen = update(AddressRow).where(AddressRow.account_id == account_id, AddressRow.address_hash == address_hash)
    if _changed(opened, seen.values(seen_at=at)):
        return
    try:
        with opened.begin_nested():
            opened.add(AddressRow(account_id=account_id, address_hash=address_hash, seen_at=at))
    except IntegrityError:
        pass  # another sign-in from there came first


def count_refused(opened: Session, day: date, why: str) -> None:
    """Count one refusal."""
    more = update(RefusedRow).where(RefusedRow.day == day, RefusedRow.why == why).values(times=RefusedRow.times + 1)
    if _changed(opened, more):
        return
    try:
        with opened.begin_nested():
            opened.add(RefusedRow(day=day, why=why, times=1))
    except IntegrityError:
        opened.execute(more)


def refused_since(opened: Session, day: date) -> Sequence[RefusedRow]:
    """Counts of refusals, newest day first."""
    since = select(RefusedRow).where(RefusedRow.day >= day)
    return opened.scalars(since.order_by(RefusedRow.day.desc(), RefusedRow.why)).all()


def forget(opened: Session, at: datetime, unused_since: datetime, unseen_since: datetime, day: date) -> int:
    """Delete what is over; gives how many rows."""
    over = (
        delete(TicketRow).where(TicketRow.expires_at <= at),
        delete(SessionRow).where((SessionRow.expires_at <= at) | (SessionRow.last_used_at <= unused_since)),
        delete(InvitationRow).where(InvitationRow.expires_at <= at),
        delete(AddressRow).where(AddressRow.seen_at <= unseen_since),
        delete(RefusedRow).where(RefusedRow.day < day),
    )
    return sum(_count(opened, statement) for statement in over)


def _changed(opened: Session, statement: Update | Delete) -> bool:
    return _count(opened, statement) > 0


def _count(opened: Session, statement: Update | Delete) -> int:
    return opened.execute(statement).rowcount  # type: ignore[attr-defined, no-any-return]
