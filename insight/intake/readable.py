"""Who reads whose words: which of some stories somebody may read whole, and which sentences of the others.

Every room that brings a story's words to a screen or a file asks here.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from insight import keys
from insight.access import Actor, acts_in, sees_whole
from insight.intake.model import ConsentScope
from insight.intake.reading_store import stories_with_consent
from insight.intake.tables import ReleaseRow, ReviewRow, StoryRow

ACCEPTED = "accepted"
CHUNK = 400


@dataclass(frozen=True, slots=True)
class Readable:
    """What somebody may read of some stories: ``whole`` ones, and of all that may be analysed the released sentences.

    ``quoting`` are those whose tellers allow quoting; ``released`` holds the tags of sentences by story. A story that
    stands in none of them is, for this reader, not there.
    """

    whole: frozenset[int] = frozenset()
    quoting: frozenset[int] = frozenset()
    released: Mapping[int, frozenset[str]] = field(default_factory=dict)

    def may_leave(self, story_id: int, sentence: str) -> bool:
        """Whether a moderator let this sentence leave the place, and its teller still allows quoting."""
        tags = self.released.get(story_id)
        return bool(tags) and release_tag(story_id, sentence) in (tags or ())

    def shows(self, story_id: int, sentence: str) -> bool:
        """Whether this sentence may be shown to this reader."""
        return story_id in self.whole or self.may_leave(story_id, sentence)


def release_tag(story_id: int, sentence: str) -> str:
    """What stands for a sentence of a story that may leave, however its words are spaced."""
    return keys.tag("release", str(story_id), " ".join(sentence.split()))


def readable(opened: Session, actor: Actor, story_ids: Collection[int]) -> Readable:
    """What somebody may read of these stories as of now. Partners read whole what their organisation gathered."""
    ids, whole, quoting = sorted(story_ids), set[int](), set[int]()
    released: dict[int, frozenset[str]] = {}
    for start in range(0, len(ids), CHUNK):
        some = ids[start : start + CHUNK]
        allowed = stories_with_consent(opened, some, ConsentScope.ANALYSE)
        asked = select(StoryRow.id, StoryRow.place_id, StoryRow.gathered_by).where(StoryRow.id.in_(allowed))
        here = {row.id: row.gathered_by for row in opened.execute(asked) if acts_in(actor, row.place_id)}
        whole |= {story for story, gathered_by in here.items() if sees_whole(actor, gathered_by)}
        quotable = stories_with_consent(opened, some, ConsentScope.QUOTE) & here.keys()
        quoting |= quotable
        released |= _released(opened, quotable)
    return Readable(frozenset(whole), frozenset(quoting), released)


def _released(opened: Session, story_ids: Collection[int]) -> dict[int, frozenset[str]]:
    """The tags of released sentences by story, of stories that were accepted as they stand now."""
    asked = (
        select(ReleaseRow.story_id, ReleaseRow.tag)
        .join(ReviewRow, ReviewRow.story_id == ReleaseRow.story_id)
        .join(StoryRow, StoryRow.id == ReleaseRow.story_id)
        .where(ReleaseRow.story_id.in_(story_ids))
        .where(ReviewRow.state == ACCEPTED, ReviewRow.version == StoryRow.version)
    )
    found: dict[int, set[str]] = {}
    for story_id, tag in opened.execute(asked):
        found.setdefault(story_id, set()).add(tag)
    return {story_id: frozenset(tags) for story_id, tags in found.items()}


def gathered_by(opened: Session, organisation: str) -> frozenset[int]:
    """The stories that an organisation's staff gathered."""
    return frozenset(opened.scalars(select(StoryRow.id).where(StoryRow.gathered_by == organisation)))
