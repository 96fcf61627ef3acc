"""The table of what was done with a concern: who read it, who decided what. Rows are only ever added."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from insight.database.base import Base, UtcDateTime
from insight.database.sealed import SealedText


class ConcernEventRow(Base):
    """One thing that somebody did with a concern: read, referred, released, withheld, noted."""

    __tablename__ = "concern_event"
    id: Mapped[int] = mapped_column(primary_key=True)
    concern_id: Mapped[int] = mapped_column(ForeignKey("concern.id"), index=True)
    what: Mapped[str] = mapped_column(String(16))
    by: Mapped[str] = mapped_column(String(200))
    note: Mapped[str | None] = mapped_column(SealedText("concern_event.note"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
