"""The tables of receipts: replies that tellers asked for, and the proof that something was erased."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from insight.database.base import Base, UtcDateTime
from insight.database.sealed import SealedText


class ReplyRow(Base):
    """A reply that the teller of a story asked for, read later with the story's reference."""

    __tablename__ = "reply"
    story_id: Mapped[int] = mapped_column(ForeignKey("story.id", ondelete="CASCADE"), primary_key=True)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answer: Mapped[str | None] = mapped_column(SealedText("reply.answer"))
    answered_by: Mapped[str | None] = mapped_column(String(200))
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ErasureRow(Base):
    """That something was erased, when, and how much: nothing in it leads back to the teller or the story."""

    __tablename__ = "erasure"
    id: Mapped[int] = mapped_column(primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"), index=True)
    proof: Mapped[str] = mapped_column(String(24), unique=True)
    counts: Mapped[dict[str, Any]] = mapped_column(JSON)
    erased_at: Mapped[datetime] = mapped_column(UtcDateTime)
