"""The tables of records and rights: how long stories are kept, what was purged, and what a place says of its use."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from insight.database.base import Base, UtcDateTime


class RetentionRow(Base):
    """For how many days after they were told stories are kept: those of a survey, or (none) all others of a place."""

    __tablename__ = "retention"
    __table_args__ = (UniqueConstraint("place_id", "survey_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"))
    survey_id: Mapped[int | None] = mapped_column(ForeignKey("survey.id"))
    days: Mapped[int]
    set_by: Mapped[str] = mapped_column(String(200))
    set_at: Mapped[datetime] = mapped_column(UtcDateTime)


class PurgeRow(Base):
    """What was purged under a rule. ``checked`` says how many rows were left in each column that names a story.

    Without ``ended_at`` it was interrupted, and the next purge goes on with it. Nothing in it leads back to a story.
    """

    __tablename__ = "purge"
    __table_args__ = (Index("ix_purge_place_id_id", "place_id", "id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"))
    survey_id: Mapped[int | None] = mapped_column(ForeignKey("survey.id"))
    days: Mapped[int]
    told_before: Mapped[datetime] = mapped_column(UtcDateTime)
    stories: Mapped[int]
    kept: Mapped[int]
    counts: Mapped[dict[str, Any]] = mapped_column(JSON)
    checked: Mapped[dict[str, Any]] = mapped_column(JSON)
    begun_by: Mapped[str] = mapped_column(String(200))
    begun_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    digest: Mapped[str | None] = mapped_column(String(64))


class ParticularRow(Base):
    """One thing that a place says of its own use of people's data, such as the lawful basis."""

    __tablename__ = "processing_particular"
    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    words: Mapped[str] = mapped_column(Text)
    said_by: Mapped[str] = mapped_column(String(200))
    said_at: Mapped[datetime] = mapped_column(UtcDateTime)
