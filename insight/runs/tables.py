"""The tables of runs: what was analysed, with what, how far, and which run of a place everyone sees."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

import insight.intake.tables  # noqa: F401  (a run belongs to a place: its table must be known)
from insight.database.base import Base, UtcDateTime


class RunRow(Base):
    """One analysis of one place's stories. Only its progress is ever updated; its results never are."""

    __tablename__ = "analysis_run"
    __table_args__ = (Index("ix_analysis_run_place_id_id", "place_id", "id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"))
    status: Mapped[str] = mapped_column(String(12))
    parameters: Mapped[dict[str, Any]] = mapped_column(JSON)
    code_version: Mapped[str] = mapped_column(String(40))
    input_fingerprint: Mapped[str | None] = mapped_column(String(64))
    stage: Mapped[str] = mapped_column(String(60))
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    heartbeat_at: Mapped[datetime] = mapped_column(UtcDateTime)
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    left_out: Mapped[dict[str, int]] = mapped_column(JSON)
    error: Mapped[str | None] = mapped_column(Text)
    started_by: Mapped[str] = mapped_column(String(200))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class PublishedRunRow(Base):
    """The one pointer that publishing moves."""

    __tablename__ = "published_run"
    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"), primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("analysis_run.id"))
    published_by: Mapped[str] = mapped_column(String(200))
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)
