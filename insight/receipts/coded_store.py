"""What people coded of a story goes when the story may not be analysed any more."""

from collections.abc import Sequence

from sqlalchemy import delete
from sqlalchemy.orm import Session

from insight.codebook.tables import CodingRow, RoundPassageRow


def forget_coded(session: Session, story_ids: Sequence[int]) -> None:
    """Delete what was said of the passages of stories, and their places in blind rounds."""
    for table in (CodingRow, RoundPassageRow):
        session.execute(delete(table).where(table.story_id.in_(story_ids)))
