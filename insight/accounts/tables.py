"""The tables of accounts: people, their sessions, invitations, tickets, recovery codes, addresses, refused tries.

Of tokens, tickets, codes and addresses only keyed hashes are kept.
"""

from datetime import date, datetime

from sqlalchemy import JSON, BigInteger, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from insight.database.base import Base, UtcDateTime
from insight.database.sealed import SealedText


class AccountRow(Base):
    """Somebody who may sign in. ``last_step`` is the half minute of the last code used: no code counts twice."""

    __tablename__ = "account"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(String(200), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(16))
    places: Mapped[list[int] | None] = mapped_column(JSON(none_as_null=True))
    organisation: Mapped[str | None] = mapped_column(String(200))
    password_hash: Mapped[str | None] = mapped_column(Text)
    issuer: Mapped[str | None] = mapped_column(String(400))
    subject: Mapped[str | None] = mapped_column(String(255))
    secret: Mapped[str | None] = mapped_column(SealedText("account.secret"))
    waiting_secret: Mapped[str | None] = mapped_column(SealedText("account.waiting_secret"))
    last_step: Mapped[int] = mapped_column(BigInteger, default=0)
    disabled: Mapped[bool] = mapped_column(default=False)
    invited_by: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SessionRow(Base):
    """One sign-in that still holds. ``strong`` ones were begun with a second factor, here or at the provider."""

    __tablename__ = "account_session"
    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    how: Mapped[str] = mapped_column(String(16))
    strong: Mapped[bool]
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_used_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class TicketRow(Base):
    """A step between the password and the session, or between two front ends; used once, for minutes."""

    __tablename__ = "account_ticket"
    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    session_id: Mapped[int | None] = mapped_column(ForeignKey("account_session.id", ondelete="CASCADE"), index=True)
    how: Mapped[str] = mapped_column(String(16))
    secret: Mapped[str | None] = mapped_column(SealedText("account_ticket.secret"))
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class InvitationRow(Base):
    """A one-time link: the first admin's, an invitation, or a password link for ``account_id``."""

    __tablename__ = "account_invitation"
    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    kind: Mapped[str] = mapped_column(String(16))
    role: Mapped[str] = mapped_column(String(16))
    places: Mapped[list[int] | None] = mapped_column(JSON(none_as_null=True))
    organisation: Mapped[str | None] = mapped_column(String(200))
    email: Mapped[str | None] = mapped_column(String(200), index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    made_by: Mapped[str] = mapped_column(String(200))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class RecoveryCodeRow(Base):
    """A recovery code that was not used yet."""

    __tablename__ = "account_recovery_code"
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)


class AddressRow(Base):
    """An address from which somebody has signed in: a stranger's wrong tries elsewhere do not make them wait there."""

    __tablename__ = "account_address"
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    address_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class RefusedRow(Base):
    """How often people were refused on one day, and why."""

    __tablename__ = "account_refused"
    day: Mapped[date] = mapped_column(primary_key=True)
    why: Mapped[str] = mapped_column(String(16), primary_key=True)
    times: Mapped[int]
