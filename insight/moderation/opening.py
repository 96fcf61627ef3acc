"""A story as a moderator reads it: what was told, its marks, and the sentences that might be released."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from insight import intake
from insight.identifiers import Mark, masked
from insight.intake import mending, place_store
from insight.intake.masking import RULE, marks_in
from insight.intake.readable import release_tag
from insight.intake.tables import OriginalRow, PlaceRow, ReviewRow, StoryRow
from insight.moderation import rules, store
from insight.moderation.model import Marked, Opened, Reason, Seen, Sentence, State, Text
from insight.moderation.quote_check import ENOUGH, Facts, quote_warnings, words_to_count
from insight.text.stems import words

AsTold = Mapping[str, tuple[str, tuple[Mark, ...]]]


def seen_now(opened: Session, story: StoryRow) -> Seen:
    """How a story stands now."""
    review = opened.get(ReviewRow, story.id)
    return Seen(story.version, review.revision if review else 0)


def opened(opened: Session, story: StoryRow) -> Opened:
    """The story with all that a moderator needs to decide."""
    review = opened.get(ReviewRow, story.id)
    state = State(review.state) if review else State.WAITING
    may_quote = store.allows_quoting(opened, story.id)
    accepted = state is State.ACCEPTED and review is not None and review.version == story.version
    texts, services = mending.texts_as_told(opened, story), store.services_of(opened, story.id)
    quotes, compared = _quotes(opened, story, texts, services) if may_quote and accepted else ((), None)
    return Opened(
        story_id=story.id,
        seen=seen_now(opened, story),
        state=state,
        changed=bool(review and state is not State.WAITING and review.version != story.version),
        reason=Reason(review.reason) if review and review.reason else None,
        by=review.by if review else None,
        received_at=story.received_at,
        source=story.source,
        language=story.language,
        may_quote=may_quote,
        texts=_texts(opened, story, texts, services),
        sentences=quotes,
        compared=compared,
    )


def _texts(opened: Session, story: StoryRow, texts: AsTold, services: Mapping[int, str]) -> tuple[Text, ...]:
    kept = opened.get(OriginalRow, story.id)
    return tuple(
        Text(name, told, _marked(kept.body.get(name) if kept else None), services.get(_position(name)))
        for name, (told, _marks) in texts.items()
    )


def _marked(kept: Mapping[str, Any] | None) -> tuple[Marked, ...]:
    if kept is None:
        return ()
    setters = [None if by == RULE else by for _start, _end, _kind, by in kept["marks"]]
    marks = zip(marks_in(kept), setters, strict=True)
    return tuple(Marked(mark.start, mark.end, mark.kind, by) for mark, by in marks)


def _position(name: str) -> int:
    return int(name.removeprefix(mending.NOTE)) if name.startswith(mending.NOTE) else 0


def sentences_of(opened: Session, story: StoryRow) -> dict[str, int]:
    """The sentences of a story's safe copy, each with the position of its step, or 0."""
    return _sentences_in(mending.texts_as_told(opened, story))


def _sentences_in(texts: AsTold) -> dict[str, int]:
    found: dict[str, int] = {}
    for name, (told, marks) in texts.items():
        for sentence in rules.quotable([masked(told, marks)]):
            found.setdefault(sentence, _position(name))
    return found


def _quotes(
    opened: Session, story: StoryRow, texts: AsTold, services: Mapping[int, str]
) -> tuple[tuple[Sentence, ...], int | None]:
    """The sentences with their warnings, and with how many other stories their words were compared."""
    told = _sentences_in(texts)
    through = store.journeys_through(opened, story.place_id, set(services.values()))
    held, compared = store.holding(opened, story.place_id, set(words_to_count(list(told))), story.id)
    names, journeys = _names(opened, story.place_id), intake.count_stories(opened, story.place_id)
    tags = store.tags_of(opened, story.id)

    def facts(position: int) -> Facts:
        service = services.get(position)
        known = (service, through[service]) if service else None
        return Facts(journeys, known, held if compared >= ENOUGH else None, names)

    return tuple(
        Sentence(text, release_tag(story.id, text) in tags, quote_warnings(text, facts(position)))
        for text, position in told.items()
    ), compared if compared >= ENOUGH else None


def _names(opened: Session, place_id: int) -> frozenset[str]:
    """The words of a place's own name and lists."""
    listed = [name for _id, _code, name, *_rest in place_store.services_of(opened, place_id)]
    listed += [*place_store.organisations_of(opened, place_id), opened.get_one(PlaceRow, place_id).name]
    return frozenset(word for name in listed for word in words(name))
