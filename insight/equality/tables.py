"""The table of equality answers: apart from the story, so that reading one never shows the other."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from insight.database.base import Base, UtcDateTime
from insight.database.sealed import SealedJson


class EqualityRow(Base):
    """What one teller said about themselves; the story is named only so that erasing one erases the other."""

    __tablename__ = "equality_response"
    story_id: Mapped[int] = mapped_column(ForeignKey("story.id", ondelete="CASCADE"), primary_key=True)
    place_id: Mapped[int] = mapped_column(ForeignKey("place.id"), index=True)
    wording: Mapped[str] = mapped_column(String(40))
    answers: Mapped[dict[str, Any]] = mapped_column(SealedJson("equality_response.answers"))
    told_at: Mapped[datetime] = mapped_column(UtcDateTime)
