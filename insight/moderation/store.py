"""All SQL of moderation."""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, delete, func, or_, select
from sqlalchemy.orm import Session

from insight.intake.readable import release_tag
from insight.intake.reading_store import of_harm
from insight.intake.tables import ConsentRow, ReleaseRow, ReviewRow, StepRow, StoryRow
from insight.moderation.model import Pile, State, Waiting
from insight.moderation.quote_check import RARE
from insight.text.stems import stem, words

COMPARED = 5_000  # other stories, the newest, that are opened to see which words are rare
CHUNK = 250
WORDS = (StoryRow.what_happened, StoryRow.what_better, StoryRow.what_good, StoryRow.obstacle_text)


def in_pile(pile: Pile) -> ColumnElement[bool]:
    """The condition of a pile, on a story with its review, if it has one."""
    changed = ReviewRow.version != StoryRow.version
    if pile is Pile.WAITING:
        return or_(ReviewRow.story_id.is_(None), ReviewRow.state == State.WAITING, changed)
    return and_(ReviewRow.state == pile.value, ReviewRow.version == StoryRow.version)


def page_of(session: Session, place_id: int, pile: Pile, skip: int, limit: int) -> list[Waiting]:
    """A page of a pile, the oldest story first."""
    columns = (StoryRow.id, StoryRow.received_at, StoryRow.source, StoryRow.language, ReviewRow.state, ReviewRow.by)
    asked = _moderated(select(*columns), place_id).where(in_pile(pile)).order_by(StoryRow.received_at, StoryRow.id)
    return [
        Waiting(
            row.id,
            row.received_at,
            row.source,
            row.language,
            pile is Pile.WAITING and row.state not in (None, State.WAITING),
            row.by,
        )
        for row in session.execute(asked.offset(skip).limit(limit))
    ]


def how_many(session: Session, place_id: int) -> dict[Pile, int]:
    """How many stories each pile has."""
    return {pile: session.scalar(_moderated(select(func.count()), place_id).where(in_pile(pile))) or 0 for pile in Pile}


def _moderated(asked: Select[*tuple[Any, ...]], place_id: int) -> Select[*tuple[Any, ...]]:
    """A place's stories that a moderator looks through: not those of harm, nor those that nobody else may read."""
    agreed = select(ConsentRow.story_id).where(ConsentRow.scope == "analyse", ConsentRow.given)
    return (
        asked.select_from(StoryRow)
        .join(ReviewRow, ReviewRow.story_id == StoryRow.id, isouter=True)
        .where(StoryRow.place_id == place_id, StoryRow.id.in_(agreed), StoryRow.id.not_in(of_harm()))
    )


def story_here(session: Session, place_id: int, story_id: int, *, to_change: bool) -> StoryRow | None:
    """A story that a moderator may look through; ``to_change``: others who would change it wait."""
    asked = _moderated(select(StoryRow), place_id).where(StoryRow.id == story_id)
    found: StoryRow | None = session.scalar(asked.with_for_update(of=StoryRow) if to_change else asked)
    return found


def allows_quoting(session: Session, story_id: int) -> bool:
    """Whether a story's teller allows quoting."""
    asked = select(ConsentRow.given).where(ConsentRow.story_id == story_id, ConsentRow.scope == "quote")
    return bool(session.scalar(asked))


def keep_review(
    session: Session, story: StoryRow, state: State, by: str, at: datetime, reason: str | None = None
) -> ReviewRow:
    """Say how far a story was looked through, as it stands now."""
    row = session.get(ReviewRow, story.id)
    if row is None:
        row = ReviewRow(story_id=story.id, revision=0)
        session.add(row)
    row.state, row.reason, row.version, row.by, row.at = state.value, reason, story.version, by, at
    row.revision += 1
    session.flush()
    return row


def replace_releases(session: Session, story_id: int, sentences: Collection[str], by: str, at: datetime) -> None:
    """Let these sentences of a story leave the place, and no others; who let one leave before stays known."""
    wanted = {release_tag(story_id, sentence) for sentence in sentences}
    known = set(session.scalars(select(ReleaseRow.tag).where(ReleaseRow.story_id == story_id)))
    gone = delete(ReleaseRow).where(ReleaseRow.story_id == story_id, ReleaseRow.tag.in_(known - wanted))
    session.execute(gone)
    session.add_all(ReleaseRow(story_id=story_id, tag=tag, by=by, at=at) for tag in wanted - known)
    session.flush()


def tags_of(session: Session, story_id: int) -> frozenset[str]:
    """What stands for the sentences of a story that were released."""
    return frozenset(session.scalars(select(ReleaseRow.tag).where(ReleaseRow.story_id == story_id)))


def services_of(session: Session, story_id: int) -> dict[int, str]:
    """The services that a story's steps name, by position."""
    asked = select(StepRow.position, StepRow.service_name).where(StepRow.story_id == story_id)
    return {position: name for position, name in session.execute(asked) if name}


def journeys_through(session: Session, place_id: int, services: Collection[str]) -> dict[str, int]:
    """How many stories of a place went through each of these services."""
    asked = (
        select(StepRow.service_name, func.count(StepRow.story_id.distinct()))
        .join(StoryRow, StoryRow.id == StepRow.story_id)
        .where(StoryRow.place_id == place_id, StepRow.service_name.in_(services))
        .group_by(StepRow.service_name)
    )
    return {name: number for name, number in session.execute(asked) if name}


def holding(session: Session, place_id: int, stems: Collection[str], but: int) -> tuple[Counter[str], int]:
    """In how many of a place's newest other stories each stem stands (up to ``RARE``), and how many there are.

    What was written lies locked, so stories are opened one after another, until every stem has been met often enough.
    """
    newest = _moderated(select(StoryRow.id), place_id).where(StoryRow.id != but)
    ids = session.scalars(newest.order_by(StoryRow.id.desc()).limit(COMPARED)).all()
    found: Counter[str] = Counter()
    missing = set(stems)
    for start in range(0, len(ids), CHUNK):
        if not missing:
            break
        for said in _words_of(session, ids[start : start + CHUNK]):
            found.update(missing & said)
        missing -= {root for root in missing if found[root] >= RARE}
    return found, len(ids)


def _words_of(session: Session, story_ids: Sequence[int]) -> list[set[str]]:
    """The stems of all words in each of some stories."""
    texts: dict[int, list[str]] = {story_id: [] for story_id in story_ids}
    for story_id, *told in session.execute(select(StoryRow.id, *WORDS).where(StoryRow.id.in_(story_ids))):
        texts[story_id] += [text for text in told if text]
    for story_id, note in session.execute(
        select(StepRow.story_id, StepRow.note).where(StepRow.story_id.in_(story_ids), StepRow.note.is_not(None))
    ):
        texts[story_id].append(note or "")
    return [{stem(word) for word in words(" ".join(told))} for told in texts.values()]


def not_looked_at(session: Session, limit: int) -> Sequence[StoryRow]:
    """Some of the stories without a review, the oldest first, to be changed."""
    asked = select(StoryRow).where(StoryRow.id.not_in(select(ReviewRow.story_id))).order_by(StoryRow.id).limit(limit)
    return session.scalars(asked.with_for_update()).all()
