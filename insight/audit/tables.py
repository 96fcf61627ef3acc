"""The table of the audit. Rows are only ever added: triggers of migration 0007 refuse anything else."""

from datetime import datetime

from sqlalchemy import Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from insight.database.base import Base, UtcDateTime

NAME, ABOUT = 200, 200


class AuditEntryRow(Base):
    """Who did what and when. The place is a bare number: an entry outlives what it speaks of."""

    __tablename__ = "audit_entry"
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    name: Mapped[str] = mapped_column(String(NAME))
    role: Mapped[str] = mapped_column(String(20))
    what: Mapped[str] = mapped_column(String(100))
    place_id: Mapped[int | None]
    about: Mapped[str] = mapped_column(String(ABOUT))
    previous: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64))
