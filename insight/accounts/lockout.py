"""Guessing at passwords and codes made slow: by account, and by address.

Five wrong guesses at an account are free, then waits grow from a minute to an hour. The waits are for everybody who
tries, since the login is all that is known of them; but whoever signed in from an address before has waits of their
own there, so that a stranger elsewhere cannot keep them out. An unknown login waits just as a known one does.
"""

import logging

from insight.accounts import store
from insight.accounts.tables import AccountRow
from insight.database import session, write_session
from insight.keys import tag
from insight.limits import TooOften, forget_guesses, take_back_guess, wait_longer
from insight.moments import now

log = logging.getLogger("throughline")
FREE = 5
FREE_BY_ADDRESS = 20  # an office goes out through one address


def address_hash(address: str) -> str:
    """What is kept of an address."""
    return tag("address", address)


def guess(what: str, login: str, account: AccountRow | None, address: str) -> str:
    """Count a guess before it is looked at; gives whose it is, to be handed to :func:`was_right`.

    Raises :class:`~insight.limits.TooOften` within a wait.
    """
    with session() as opened:
        known = store.knows_address(opened, account.id if account else 0, address_hash(address))
    whose = f"{login} {address_hash(address)}" if known else login
    try:
        wait_longer(f"{what} from", address, FREE_BY_ADDRESS)
        _wait_for_account(what, whose, address)
    except TooOften:
        refused("waiting")
        raise
    return whose


def _wait_for_account(what: str, whose: str, address: str) -> None:
    try:
        wait_longer(what, whose, FREE)
    except TooOften:
        take_back_guess(f"{what} from", address)  # it was not looked at
        raise


def was_right(what: str, whose: str, address: str) -> None:
    """Let an account start from no guesses, and its address have one less: others may guess from there."""
    forget_guesses(what, whose)
    take_back_guess(f"{what} from", address)


def guess_own(account_id: int) -> None:
    """Count a guess at one's own password by somebody who is signed in, before it is looked at."""
    wait_longer("own password", str(account_id), FREE)


def was_own(account_id: int) -> None:
    """Let them start from no guesses."""
    forget_guesses("own password", str(account_id))


def vouched_for(login: str) -> None:
    """End the waits of an account, since somebody who manages people has looked at it."""
    for what in ("password", "code"):
        forget_guesses(what, login)


def refused(why: str) -> None:
    """Log and count that somebody was refused: when and why, not who, nor what they typed (it may be a password)."""
    log.warning("a sign-in was refused", extra={"why": why})
    with write_session() as opened:
        store.count_refused(opened, now().date(), why)
