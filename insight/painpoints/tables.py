"""The tables of pain points: a run's themes, its passages, and its cube. Rows are never updated."""

from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from insight.database.base import Base


class ThemeRow(Base):
    """A theme of one run: what it is called, and how it stood over the whole run."""

    __tablename__ = "theme"
    run_id: Mapped[int] = mapped_column(ForeignKey("analysis_run.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(12))
    label: Mapped[str] = mapped_column(String(200))
    terms: Mapped[list[str]] = mapped_column(JSON)
    firm: Mapped[bool]
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)


class PassageRow(Base):
    """Where one passage stands in its story, and which theme it fits. The words themselves stay in the story."""

    __tablename__ = "passage"
    __table_args__ = (Index("ix_passage_story_id", "story_id"),)
    run_id: Mapped[int] = mapped_column(ForeignKey("analysis_run.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    story_id: Mapped[int] = mapped_column(ForeignKey("story.id", ondelete="CASCADE"))
    story_version: Mapped[int]
    field: Mapped[str] = mapped_column(String(24))
    step: Mapped[int | None]
    start: Mapped[int]
    end: Mapped[int]


class CubeRow(Base):
    """A run's facts as columns of numbers, so that any filter is answered by counting: see ``painpoints/cube.py``."""

    __tablename__ = "cube"
    run_id: Mapped[int] = mapped_column(ForeignKey("analysis_run.id", ondelete="CASCADE"), primary_key=True)
    body: Mapped[bytes] = mapped_column(LargeBinary)


class WordingRow(Base):
    """Which words a run's passages hold, a part of them each: signatures in a row, see ``painpoints/wording.py``."""

    __tablename__ = "passage_wording"
    run_id: Mapped[int] = mapped_column(ForeignKey("analysis_run.id", ondelete="CASCADE"), primary_key=True)
    part: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    body: Mapped[bytes] = mapped_column(LargeBinary)


class VectorsRow(Base):
    """What a run's passages mean, a part of them each: int8 vectors in a row, see ``painpoints/vectors.py``."""

    __tablename__ = "passage_vectors"
    run_id: Mapped[int] = mapped_column(ForeignKey("analysis_run.id", ondelete="CASCADE"), primary_key=True)
    part: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    body: Mapped[bytes] = mapped_column(LargeBinary)
