"""SQL of search: where in stories some words may stand."""

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from insight.intake.tables import StepRow, StoryRow

ANSWERS: Mapping[str, InstrumentedAttribute[str | None]] = {
    "what_happened": StoryRow.what_happened,
    "what_better": StoryRow.what_better,
    "what_good": StoryRow.what_good,
    "obstacle_text": StoryRow.obstacle_text,
}
Where = tuple[int, str, int | None]  # a story's id, the answer, and the step it is about


def texts_like(session: Session, place_id: int, patterns: Sequence[str], most: int) -> Iterator[tuple[Where, int, str]]:
    """What was written in a place where one text fits all patterns of LIKE: where, the story's version, the text.

    The answers of at most so many stories, and at most so many notes on steps.
    """

    def fits(text: InstrumentedAttribute[str | None]) -> ColumnElement[bool]:
        return and_(*(text.ilike(pattern) for pattern in patterns))

    answers = (
        select(StoryRow.id, StoryRow.version, *ANSWERS.values())
        .where(StoryRow.place_id == place_id, or_(*(fits(answer) for answer in ANSWERS.values())))
        .limit(most)
    )
    for story, version, *told in session.execute(answers):
        yield from (((story, name, None), version, text) for name, text in zip(ANSWERS, told, strict=True) if text)
    notes = (
        select(StepRow.story_id, StepRow.position, StoryRow.version, StepRow.note)
        .join(StoryRow, StoryRow.id == StepRow.story_id)
        .where(StoryRow.place_id == place_id, fits(StepRow.note))
    )
    yield from (((row[0], "note", row[1]), row[2], row[3]) for row in session.execute(notes.limit(most)) if row[3])
