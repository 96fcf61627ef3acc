"""Coming in by the place's own sign-in provider (OpenID Connect): only people who were invited, or have an account."""

from collections.abc import Iterable

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from insight import audit
from insight.accounts import lockout, store
from insight.accounts.entering import enter
from insight.accounts.inviting import new_account
from insight.accounts.issuers import issuers
from insight.accounts.model import Entry, How
from insight.accounts.rules import LONGEST, tidy_login
from insight.accounts.tables import AccountRow
from insight.database import write_session
from insight.errors import NotFound
from insight.language import _
from insight.moments import now
from insight.settings import settings

LONGEST_ISSUER, LONGEST_SUBJECT = 400, 255  # OpenID Connect Core 1.0, section 2: a subject has at most 255 characters


def sign_in_by_provider(
    issuer: str, subject: str, email: str, email_verified: bool, name: str, address: str = "", shown: Iterable[str] = ()
) -> Entry:
    """Sign in somebody whom the place's own provider vouches for. They must have been invited.

    They are found by issuer and subject; the first time by a verified email that has an open invitation or is the
    login of an account. Else, and where the issuer is not the one that the settings mean,
    :class:`~insight.errors.NotFound`, in words for them. ``shown`` says how they signed in there (``amr`` and ``acr``).
    """
    told = issuer in issuers() and subject.isprintable()
    if not (told and len(issuer) <= LONGEST_ISSUER and 0 < len(subject) <= LONGEST_SUBJECT):
        raise _unknown()
    known = tidy_login(email) if email_verified else ""
    # Without an email the second time: the same person may have come in elsewhere at this very moment.
    strong = _is_strong(shown)
    entry = _enter(issuer, subject, known, name, address, strong) or _enter(issuer, subject, "", name, address, strong)
    if entry is None:
        raise _unknown()
    return entry


def _enter(issuer: str, subject: str, email: str, name: str, address: str, strong: bool) -> Entry | None:
    try:
        with write_session() as opened:
            row = store.account_by_subject(opened, issuer, subject)
            if row is None and email:
                row = _first_time(opened, issuer, subject, email, name)
            if row is None or row.disabled:
                return None
            return enter(opened, row.id, How.PROVIDER, address, strong)
    except IntegrityError:
        return None


def _first_time(opened: Session, issuer: str, subject: str, email: str, name: str) -> AccountRow | None:
    """The account of somebody who comes in this way for the first time; None where nobody invited them."""
    row = store.account_by_login(opened, email)
    if row is not None and (row.disabled or row.subject is not None):
        return None
    if row is None:
        invited = store.invitation_for_email(opened, email, now())
        if invited is None or not store.use_invitation(opened, invited):
            return None
        row = new_account(opened, invited, email, _name(name) or email, None)
    row.issuer, row.subject = issuer, subject
    opened.flush()
    audit.record_within(opened, row.login, row.role, "accounts.link_provider", None, f"account {row.id}")
    return row


def _is_strong(shown: Iterable[str]) -> bool:
    """Whether the provider asked for a second factor: always, or where what it shows is what the settings ask for."""
    asked = {each.strip() for each in settings().oidc_strong.split(",") if each.strip()}
    return settings().provider_second_factor and (not asked or not asked.isdisjoint(shown))


def _name(told: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in told).split())[:LONGEST]


def _unknown() -> NotFound:
    lockout.refused("provider")
    return NotFound(
        _("You are not on the list of people for this place. Ask whoever manages people here to invite you.")
    )
