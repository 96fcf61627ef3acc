"""What tellers were told was kept, against what is in the database: for ``benchmarks/crash.py``."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from sqlalchemy import select, text

from insight import intake
from insight.access import RESIDENT
from insight.database import session
from insight.errors import NotFound
from insight.intake import store
from insight.intake.tables import StoryRow

MARK = re.compile(r"Journey (\d+)\.")
AGREED = {"analyse"}
STEPS, CONSENTS = 2, 3
# Every journey of the crash test has two steps, three consents and words that have a safe copy: a row less is a half.
HALVES = {
    "steps": f"SELECT count(*) FROM story WHERE place_id = :place AND {STEPS} !="
    " (SELECT count(*) FROM step WHERE story_id = story.id)",
    "consents": f"SELECT count(*) FROM story WHERE place_id = :place AND {CONSENTS} !="
    " (SELECT count(*) FROM consent WHERE story_id = story.id)",
    "originals": "SELECT count(*) FROM story WHERE place_id = :place AND NOT EXISTS"
    " (SELECT 1 FROM story_original WHERE story_id = story.id)",
    "draft not closed": "SELECT count(*) FROM story JOIN draft ON draft.key_hash = story.token"
    " WHERE draft.sent_at IS NULL",
    "sent without a story": "SELECT count(*) FROM draft WHERE sent_at IS NOT NULL AND amends_id IS NULL"
    " AND NOT EXISTS (SELECT 1 FROM story WHERE token = draft.key_hash)",
}


@dataclass
class Told:
    """One journey as its teller knows it. ``saved`` is what was acknowledged of the draft, ``key`` opens it.

    ``sent`` is set before it is sent: from then on it may be there. ``reference`` is the acknowledgement: it must be.
    """

    number: int
    words: str
    notes: list[str]
    key: str = ""
    saved: list[str] = field(default_factory=list)
    sent: bool = False
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """One story as the database has it, opened: its words as they were told, its steps' notes, what was agreed to."""

    reference: str
    words: str
    notes: tuple[str, ...]
    agreed: frozenset[str]


@dataclass(frozen=True, slots=True)
class Findings:
    """Numbers of journeys that are not as they must be; ``strange`` are stories that nobody sent."""

    lost: tuple[int, ...] = ()
    doubled: tuple[int, ...] = ()
    half: tuple[int, ...] = ()
    strange: tuple[str, ...] = ()

    @property
    def none(self) -> bool:
        """Whether all is as it must be."""
        return not (self.lost or self.doubled or self.half or self.strange)


def findings(told: Iterable[Told], kept: Iterable[Kept]) -> Findings:
    """Compare the two: what was acknowledged is there once and whole, and nothing is there that nobody sent."""
    journeys = {one.number: one for one in told}
    stories: dict[int, list[Kept]] = defaultdict(list)
    strange = []
    for story in kept:
        mark = MARK.match(story.words)
        number = int(mark.group(1)) if mark else 0
        if number in journeys and journeys[number].sent:
            stories[number].append(story)
        else:
            strange.append(story.reference)
    return Findings(
        lost=tuple(n for n, one in journeys.items() if one.reference and not _is_there(one, stories[n])),
        doubled=tuple(n for n, found in stories.items() if len(found) > 1),
        half=tuple(n for n, found in stories.items() if not all(_is_whole(journeys[n], one) for one in found)),
        strange=tuple(strange),
    )


def _is_there(told: Told, found: list[Kept]) -> bool:
    return told.reference in {story.reference for story in found}


def _is_whole(told: Told, kept: Kept) -> bool:
    return (kept.words, list(kept.notes), set(kept.agreed)) == (told.words, told.notes, AGREED)


def kept_stories(place_id: int, after: int = 0) -> Iterator[tuple[int, Kept]]:
    """The place's stories beyond an id, with their ids, every sealed value opened."""
    with session() as opened:
        rows = select(StoryRow).where(StoryRow.place_id == place_id, StoryRow.id > after).order_by(StoryRow.id)
        for row in opened.scalars(rows):
            story = store.story_as_told(opened, row)
            agreed = frozenset(consent.scope.value for consent in story.consents if consent.given)
            notes = tuple(step.note or "" for step in story.steps)
            yield row.id, Kept(row.reference, story.what_happened or "", notes, agreed)


def halves(place_id: int) -> dict[str, int]:
    """Rows that belong together and are not all there, by kind; empty when all is whole."""
    with session() as opened:
        counts = {name: opened.scalar(text(query), {"place": place_id}) for name, query in HALVES.items()}
    return {name: number for name, number in counts.items() if number}


def lost_drafts(told: Iterable[Told]) -> list[int]:
    """Journeys that were never sent, and of whose draft something is missing that was acknowledged."""
    return [one.number for one in told if not one.sent and one.saved and not _has_all(one)]


def _has_all(told: Told) -> bool:
    try:
        answers = intake.open_draft(RESIDENT, told.key).answers
    except NotFound:
        return False
    kept = [answers.get("what_happened"), *(step.get("note") for step in answers.get("steps") or ())]
    return kept[: len(told.saved)] == told.saved and len(kept) <= len(told.saved) + 1
