"""The tables of journeys: a run's steps as columns, phases people named, intended journeys, case logs."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from insight.database.base import Base, UtcDateTime


class RecordRow(Base):
    """The steps of a run's journeys as columns of codes (``journeys/record.py``), and the kinds found among them.

    ``kinds`` holds numbers only: for each kind the journey in its middle, and what each view told of the grouping;
    ``gone`` counts the stories that have left since.
    """

    __tablename__ = "journey_record"
    run_id: Mapped[int] = mapped_column(ForeignKey("analysis_run.id", ondelete="CASCADE"), primary_key=True)
    body: Mapped[bytes] = mapped_column(LargeBinary)
    kinds: Mapped[dict[str, Any]] = mapped_column(JSON)
    gone: Mapped[int] = mapped_column(default=0)


class PhasesRow(Base):
    """The phases that somebody drew for a need ("" for all needs); every version is kept, the newest counts."""

    __tablename__ = "journey_phases"
    __table_args__ = (UniqueConstraint("place_id", "need", "version"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"))
    need: Mapped[str] = mapped_column(String(80))
    version: Mapped[int]
    body: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    saved_by: Mapped[str] = mapped_column(String(200))
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)


class IntendedRow(Base):
    """One version of an intended journey, as TOML; versions are never changed."""

    __tablename__ = "intended_journey"
    __table_args__ = (UniqueConstraint("place_id", "code", "version"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"))
    code: Mapped[str] = mapped_column(String(80))
    version: Mapped[int]
    name: Mapped[str] = mapped_column(String(200))
    need: Mapped[str | None] = mapped_column(String(80))
    body: Mapped[str] = mapped_column(Text)
    saved_by: Mapped[str] = mapped_column(String(200))
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)


class CaseLogRow(Base):
    """An event log of a case system that was brought in; ``report`` says what was read and what was left out."""

    __tablename__ = "case_log"
    __table_args__ = (UniqueConstraint("place_id", "digest"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"))
    name: Mapped[str] = mapped_column(String(200))
    file_name: Mapped[str] = mapped_column(String(300))
    digest: Mapped[str] = mapped_column(String(64))
    journeys: Mapped[int]
    steps: Mapped[int]
    report: Mapped[dict[str, Any]] = mapped_column(JSON)
    brought_by: Mapped[str] = mapped_column(String(200))
    brought_at: Mapped[datetime] = mapped_column(UtcDateTime)


class CaseLogPartRow(Base):
    """A part of a case log: the journeys whose pseudonyms fall into it, as columns of codes."""

    __tablename__ = "case_log_part"
    case_log_id: Mapped[int] = mapped_column(ForeignKey("case_log.id", ondelete="CASCADE"), primary_key=True)
    part: Mapped[int] = mapped_column(primary_key=True)
    body: Mapped[bytes] = mapped_column(LargeBinary)
