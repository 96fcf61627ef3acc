"""The tables of the codebook. What people decided and coded is only ever added to; what stands is read from it."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

import insight.intake.tables
import insight.runs.tables  # noqa: F401  (a codebook belongs to a place, a coding to a story, a lasting theme to a run)
from insight.database.base import Base, UtcDateTime
from insight.database.sealed import SealedText


class LastingThemeRow(Base):
    """A lasting theme of a place. The machine last found it in a run under a number, and called it ``label`` there."""

    __tablename__ = "lasting_theme"
    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    run_id: Mapped[int | None] = mapped_column(ForeignKey("analysis_run.id", ondelete="SET NULL"))
    run_number: Mapped[int | None]
    label: Mapped[str] = mapped_column(String(200))
    known: Mapped[str | None] = mapped_column(String(80))
    made_by: Mapped[str] = mapped_column(String(200))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_machine: Mapped[bool]


class DecisionRow(Base):
    """What somebody decided about a lasting theme, with why."""

    __tablename__ = "codebook_decision"
    __table_args__ = (Index("ix_codebook_decision_place_id_id", "place_id", "id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"))
    kind: Mapped[str] = mapped_column(String(20))
    theme: Mapped[int]
    detail: Mapped[dict[str, Any]] = mapped_column(JSON)
    why: Mapped[str] = mapped_column(SealedText("codebook_decision.why"))
    decided_by: Mapped[str] = mapped_column(String(200))
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)


class CodingRoundRow(Base):
    """Passages that several people code without seeing one another's answers."""

    __tablename__ = "coding_round"
    id: Mapped[int] = mapped_column(primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"), index=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("analysis_run.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(200))
    made_by: Mapped[str] = mapped_column(String(200))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    opened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class RoundPassageRow(Base):
    """A passage of a round, in the order in which it is read."""

    __tablename__ = "coding_round_passage"
    round_id: Mapped[int] = mapped_column(ForeignKey("coding_round.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    story_id: Mapped[int] = mapped_column(ForeignKey("story.id", ondelete="CASCADE"), index=True)
    passage: Mapped[int] = mapped_column(BigInteger)


class CodingRow(Base):
    """What one person said about one passage. Goes with its story."""

    __tablename__ = "coding"
    __table_args__ = (Index("ix_coding_place_id_id", "place_id", "id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"))
    story_id: Mapped[int] = mapped_column(ForeignKey("story.id", ondelete="CASCADE"), index=True)
    passage: Mapped[int] = mapped_column(BigInteger)
    themes: Mapped[list[int] | None] = mapped_column(JSON(none_as_null=True))
    why: Mapped[str] = mapped_column(SealedText("coding.why"))
    coded_by: Mapped[str] = mapped_column(String(200))
    coded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    round_id: Mapped[int | None] = mapped_column(ForeignKey("coding_round.id", ondelete="CASCADE"), index=True)
    decision_id: Mapped[int | None] = mapped_column(ForeignKey("codebook_decision.id", ondelete="CASCADE"), index=True)


class RunBookRow(Base):
    """How a published run stands to the lasting themes: ``body`` holds, in columns,

    ``lasting`` (k,) the lasting number of each of the run's themes, and ``kept`` (n,) the lasting number in which a
    passage stays because people touched its theme, or -1. ``facts`` says what is new, gone, grown and split.
    """

    __tablename__ = "run_book"
    run_id: Mapped[int] = mapped_column(ForeignKey("analysis_run.id", ondelete="CASCADE"), primary_key=True)
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    body: Mapped[bytes] = mapped_column(LargeBinary)


class LearningRow(Base):
    """One time the machine learned from what people coded: ``body`` holds its answers for a run's passages."""

    __tablename__ = "learning"
    __table_args__ = (Index("ix_learning_place_id_id", "place_id", "id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"))
    run_id: Mapped[int] = mapped_column(ForeignKey("analysis_run.id", ondelete="CASCADE"))
    status: Mapped[str] = mapped_column(String(12))
    last_coding: Mapped[int]
    started_by: Mapped[str] = mapped_column(String(200))
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    error: Mapped[str | None] = mapped_column(Text)
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    body: Mapped[bytes | None] = mapped_column(LargeBinary)
