"""Coming in: a login and a password, a code, setting a second factor up at the door, and handing a browser over.

What a person typed is looked at only after the guess was counted (``lockout``), and who comes in is in the audit in the
same unit of work that opens their session.
"""

from sqlalchemy.orm import Session

from insight import audit
from insight.accounts import factors, hashing, lockout, store
from insight.accounts.model import Enrolled, Enrolment, Entry, How, MustEnrol, NeedsCode, SignedIn, TicketKind
from insight.accounts.passwords import as_hashed
from insight.accounts.rules import tidy_login
from insight.accounts.sessions import (
    as_account,
    holds,
    needs_second_factor,
    new_token,
    open_session,
    open_ticket,
    token_hash,
)
from insight.accounts.tables import AccountRow, TicketRow
from insight.database import session, write_session
from insight.errors import BadInput, NotFound
from insight.language import _
from insight.moments import now


def sign_in(login: str, password: str, address: str) -> Entry:
    """Sign in with a password. Raises :class:`~insight.errors.BadInput` in the same words, after the same time, for an
    unknown login, a wrong password and a disabled account; :class:`~insight.limits.TooOften` after wrong ones.
    """
    name = tidy_login(login)
    with session() as opened:
        row = store.account_by_login(opened, name)
    whose = lockout.guess("password", name, row, address)
    right = hashing.is_right(row.password_hash if row else None, password)
    if row is None or not right or row.disabled:
        lockout.refused("password")
        raise BadInput(_("That login and that password do not go together. Check both, then try again."))
    lockout.was_right("password", whose, address)
    kept = row.password_hash or ""
    anew = hashing.hashed(as_hashed(password)) if hashing.is_dated(kept) else kept
    with write_session() as opened:
        if not store.set_password(opened, row.id, kept, anew):  # it was changed since it was compared
            raise _spent()
        return enter(opened, row.id, How.PASSWORD, address)


def enter(opened: Session, account_id: int, how: How, address: str, strong: bool = False) -> Entry:
    """What comes next for somebody whose password was right or whom a provider vouches for, within a unit of work."""
    row = _as_it_is_now(opened, account_id)
    if not strong and row.secret is not None:
        return NeedsCode(open_ticket(opened, TicketKind.CODE, row.id, how))
    if not strong and needs_second_factor(row):
        return MustEnrol(open_ticket(opened, TicketKind.ENROL, row.id, how, factors.new_secret()))
    return _open(opened, row, how, strong, address)


def confirm(ticket: str, code: str, address: str) -> SignedIn:
    """Finish signing in with a code of the second factor, or a recovery code. The ticket holds for ten minutes.

    Raises :class:`~insight.errors.BadInput` for a wrong code (the ticket goes on holding),
    :class:`~insight.limits.TooOften` after wrong ones, :class:`~insight.errors.NotFound` for a spent ticket.
    """
    held, row = _waiting(ticket, TicketKind.CODE)
    whose = lockout.guess("code", row.login, row, address)
    with write_session() as opened:
        row = _as_it_is_now(opened, row.id)
        how = _use_code(opened, row, code)
        if how is not None:
            _spend(opened, held)
            signed_in = _open(opened, row, how, True, address)
    if how is None:
        raise _wrong_code(row)
    lockout.was_right("code", whose, address)
    return signed_in


def begin_enrolment(ticket: str) -> Enrolment:
    """What to set up as a second factor before one comes in; the same for one ticket however often it is asked."""
    held, row = _waiting(ticket, TicketKind.ENROL)
    return factors.enrolment(held.secret or "", row.login)


def finish_enrolment(ticket: str, code: str, address: str) -> Enrolled:
    """Come in with the first code of a second factor just set up. Raises as :func:`confirm`."""
    held, row = _waiting(ticket, TicketKind.ENROL)
    whose = lockout.guess("code", row.login, row, address)
    step = factors.step_of(held.secret or "", code, now())
    if step is None:
        raise _wrong_code(row)
    codes = factors.new_recovery_codes()
    with write_session() as opened:
        row = _as_it_is_now(opened, row.id)
        _spend(opened, held)
        if row.secret is not None:
            raise _spent()
        row.secret, row.last_step = held.secret, step
        store.keep_recovery_codes(opened, row.id, (factors.recovery_hash(row.id, each) for each in codes))
        signed_in = _open(opened, row, How.SECOND_FACTOR, True, address)
        audit.record_within(opened, row.login, row.role, "accounts.finish_enrolment", None, f"account {row.id}")
    lockout.was_right("code", whose, address)
    return Enrolled(signed_in, codes)


def handover(signed_in: SignedIn) -> str:
    """A ticket for 60 seconds and one use, with which a plain route takes a session over (see :func:`take_over`)."""
    with write_session() as opened:
        found = store.session_with_account(opened, token_hash(signed_in.token))
        if found is None:
            raise _spent()
        held, row = found
        return open_ticket(opened, TicketKind.HANDOVER, row.id, How(held.how), held=held.id)


def take_over(ticket: str) -> SignedIn:
    """The session that was handed over, under a new token: the one before ends. ``NotFound`` for a spent ticket."""
    held, _account = _waiting(ticket, TicketKind.HANDOVER)
    token = new_token()
    with write_session() as opened:
        _spend(opened, held)
        if held.session_id is None or not store.renew_token(opened, held.session_id, token_hash(token)):
            raise _spent()
        found = store.session_with_account(opened, token_hash(token))
        if found is None or not holds(*found, now()):
            raise _spent()
        return SignedIn(token, as_account(found[1]), found[0].expires_at)


def _open(opened: Session, row: AccountRow, how: How, strong: bool, address: str) -> SignedIn:
    signed_in = open_session(opened, row, how, strong, address)
    # Last, so that everybody takes the account's row before the audit's, and nobody waits for one who waits for them.
    audit.record_within(opened, row.login, row.role, "accounts.sign_in", None, how)
    return signed_in


def _waiting(ticket: str, kind: TicketKind) -> tuple[TicketRow, AccountRow]:
    """A ticket that holds, and whose it is."""
    with session() as opened:
        held = store.ticket(opened, token_hash(ticket), kind, now())
        row = opened.get(AccountRow, held.account_id) if held else None
    if held is None or row is None or row.disabled:
        raise _spent()
    return held, row


def _as_it_is_now(opened: Session, account_id: int) -> AccountRow:
    """An account that may still come in. It is taken before anything else is, by everybody who changes it."""
    row = store.account_for_change(opened, account_id)
    if row is None or row.disabled:
        raise _spent()
    return row


def _spend(opened: Session, held: TicketRow) -> None:
    if not store.use_ticket(opened, held.token_hash):
        raise _spent()


def _use_code(opened: Session, row: AccountRow, typed: str) -> How | None:
    """Use a code up, of either kind; None for a wrong one or one that was used."""
    step = factors.step_of(row.secret, typed, now()) if row.secret else None
    if step is not None and store.use_step(opened, row.id, step):
        return How.SECOND_FACTOR
    used = store.use_recovery_code(opened, row.id, factors.recovery_hash(row.id, typed))
    return How.RECOVERY_CODE if used else None


def _wrong_code(row: AccountRow) -> BadInput:
    audit.record(row.login, row.role, "accounts.wrong_code", None, f"account {row.id}")
    lockout.refused("code")
    return BadInput(_("That code is not right, or was used before. Wait for the next one, then type it in."))


def _spent() -> NotFound:
    return NotFound(_("That took too long, or was used already. Sign in again."))
