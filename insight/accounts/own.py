"""What everybody with an account may do with their own: password, second factor, sessions.

``token`` is the session's that asks, where the front end has one: it is kept when the others end.
"""

from sqlalchemy.orm import Session

from insight.access import Actor, Permission, use_case
from insight.accounts import factors, hashing, lockout, store
from insight.accounts.inviting import known_places
from insight.accounts.model import Account, Enrolment, How, LinkKind, SessionView
from insight.accounts.passwords import fit_password
from insight.accounts.rules import is_number
from insight.accounts.sessions import as_account, idle_since, needs_second_factor, token_hash
from insight.accounts.tables import AccountRow
from insight.database import session, write_session
from insight.errors import BadInput, Conflict, NotFound, NotReady
from insight.language import _
from insight.moments import now


@use_case(Permission.OWN_ACCOUNT)
def my_account(actor: Actor) -> Account:
    """One's own account. ``NotFound`` for an actor without one (demo mode, the command line), here and below."""
    with session() as opened:
        return as_account(_own(opened, actor))


@use_case(Permission.OWN_ACCOUNT, recorded=True)
def change_password(actor: Actor, old: str, new: str, token: str | None = None) -> None:
    """Change one's password; all other sessions end. ``BadInput`` for a wrong old or an unfit new one."""
    row = _shown(actor, old)
    kept = hashing.hashed(fit_password(new, (row.login, row.name, *known_places())))
    with write_session() as opened:
        if not store.set_password(opened, row.id, row.password_hash, kept):
            raise Conflict(_("Your password was changed meanwhile. Sign in again."))
        store.drop_invitations(opened, LinkKind.RESET, row.id)
        _end_others(opened, row, token)


@use_case(Permission.OWN_ACCOUNT, recorded=True)
def begin_second_factor(actor: Actor, password: str) -> Enrolment:
    """A new second factor to set up; the one before goes on until :func:`finish_second_factor`."""
    row, secret = _shown(actor, password), factors.new_secret()
    with write_session() as opened:
        _own(opened, actor).waiting_secret = secret
    return factors.enrolment(secret, row.login)


@use_case(Permission.OWN_ACCOUNT, recorded=True)
def finish_second_factor(actor: Actor, code: str, token: str | None = None) -> tuple[str, ...]:
    """Use the new second factor from now on, shown by its first code; gives ten recovery codes, shown this once.

    All other sessions end.
    """
    codes = factors.new_recovery_codes()
    with write_session() as opened:
        row = _own_for_change(opened, actor)
        if row.waiting_secret is None:
            raise NotReady(_("Begin again: there is no second factor to finish setting up."))
        step = factors.step_of(row.waiting_secret, code, now())
        if step is None:
            raise BadInput(_("That code is not right. Look at your app again, and type in the code it shows now."))
        row.secret, row.waiting_secret, row.last_step = row.waiting_secret, None, step
        _keep(opened, row, codes)
        _end_others(opened, row, token)
        if token:
            store.make_strong(opened, row.id, token_hash(token))
    return codes


@use_case(Permission.OWN_ACCOUNT, recorded=True)
def new_recovery_codes(actor: Actor, password: str) -> tuple[str, ...]:
    """Ten new recovery codes, shown this once; the old ones no longer hold."""
    _shown(actor, password)
    codes = factors.new_recovery_codes()
    with write_session() as opened:
        row = _own_for_change(opened, actor)
        if row.secret is None:
            raise NotReady(_("Set up a second factor first: recovery codes stand in for it."))
        _keep(opened, row, codes)
    return codes


@use_case(Permission.OWN_ACCOUNT, recorded=True)
def drop_second_factor(actor: Actor, password: str) -> None:
    """Sign in by password alone from now on. ``Conflict`` where the role needs a second factor."""
    _shown(actor, password)
    with write_session() as opened:
        row = _own_for_change(opened, actor)
        if needs_second_factor(row):
            raise Conflict(_("Your role needs a second factor. You can set up another in place of this one."))
        take_second_factor(opened, row)


@use_case(Permission.OWN_ACCOUNT)
def my_sessions(actor: Actor, token: str | None = None) -> list[SessionView]:
    """Where one is signed in, the newest first."""
    this, at = token_hash(token) if token else None, now()
    with session() as opened:
        held = store.sessions_of(opened, _own(opened, actor).id, idle_since(at), at)
    return [SessionView(row.id, row.made_at, row.last_used_at, How(row.how), row.token_hash == this) for row in held]


@use_case(Permission.OWN_ACCOUNT, recorded=True)
def end_session(actor: Actor, number: int) -> None:
    """End one of one's own sessions. ``NotFound`` for any other."""
    with write_session() as opened:
        if not (is_number(number) and store.end_session(opened, _own(opened, actor).id, number)):
            raise NotFound(_("There is no such session of yours. It may have ended by itself."))


@use_case(Permission.OWN_ACCOUNT, recorded=True)
def sign_out_everywhere(actor: Actor) -> int:
    """End all one's sessions, this one too; gives how many."""
    with write_session() as opened:
        return store.end_sessions(opened, _own(opened, actor).id)


def take_second_factor(opened: Session, row: AccountRow) -> None:
    """Take an account's second factor and recovery codes away, within a unit of work."""
    row.secret = row.waiting_secret = None
    store.keep_recovery_codes(opened, row.id, ())


def _own(opened: Session, actor: Actor) -> AccountRow:
    return _there(opened.get(AccountRow, actor.account) if actor.account else None)


def _own_for_change(opened: Session, actor: Actor) -> AccountRow:
    return _there(store.account_for_change(opened, actor.account) if actor.account else None)


def _there(row: AccountRow | None) -> AccountRow:
    if row is None or row.disabled:
        raise NotFound(_("You have no account here. Sign in with one first."))
    return row


def _shown(actor: Actor, password: str) -> AccountRow:
    """One's own account, after the password was shown once more: whoever finds an open screen does not know it."""
    with session() as opened:
        row = _own(opened, actor)
    if row.password_hash is None:
        raise Conflict(_("You sign in by your organisation's own account. Change your password and codes there."))
    lockout.guess_own(row.id)
    if not hashing.is_right(row.password_hash, password):
        lockout.refused("password")
        raise BadInput(_("That is not your password. Check it, then try again."))
    lockout.was_own(row.id)
    return row


def _keep(opened: Session, row: AccountRow, codes: tuple[str, ...]) -> None:
    store.keep_recovery_codes(opened, row.id, (factors.recovery_hash(row.id, each) for each in codes))


def _end_others(opened: Session, row: AccountRow, token: str | None) -> None:
    store.end_sessions(opened, row.id, token_hash(token) if token else None)
