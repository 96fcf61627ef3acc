"""What moderators may do: see what waits, open a story, accept it, mend its marks, reject it, release quotes."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy.orm import Session

from insight.access import Actor, Permission, require, use_case
from insight.database import session, write_session
from insight.errors import BadInput, Conflict, NotFound
from insight.identifiers import Kind
from insight.intake import Place, mending
from insight.intake.tables import ReviewRow, StoryRow
from insight.language import _
from insight.moderation import opening, rules, store
from insight.moderation.model import Opened, Pile, Queue, Reason, Seen, State
from insight.moments import now

PAGE = 20


@use_case(Permission.MODERATE)
def queue(actor: Actor, place: Place, pile: Pile = Pile.WAITING, page: int = 1) -> Queue:
    """A page of a pile of a place's stories, the oldest first. No word of a story is in it."""
    with session() as opened:
        counts = store.how_many(opened, place.id)
        page = max(1, min(page, -(-counts[pile] // PAGE)))
        return Queue(pile, tuple(store.page_of(opened, place.id, pile, (page - 1) * PAGE, PAGE)), page, counts)


@use_case(Permission.MODERATE, recorded=True)
def read(actor: Actor, place: Place, story_id: int) -> Opened:
    """A story as it was told, with its marks. That it was read, by whom and when is kept before anything is given."""
    require(actor, Permission.READ_ORIGINALS)
    with session() as opened:
        return opening.opened(opened, _here(store.story_here(opened, place.id, story_id, to_change=False)))


@use_case(Permission.MODERATE, recorded=True)
def accept(actor: Actor, place: Place, story_id: int, seen: Seen) -> Opened:
    """Say that a story was looked through and can stay as it is."""
    with _changing(actor, place, story_id, seen) as change:
        store.keep_review(change.opened, change.story, State.ACCEPTED, actor.called, now())
        return opening.opened(change.opened, change.story)


@use_case(Permission.MODERATE, recorded=True)
def reject(actor: Actor, place: Place, story_id: int, reason: Reason, seen: Seen) -> Opened:
    """Take a story out of every analysis, board, search and quote; its teller still sees it by the reference."""
    with _changing(actor, place, story_id, seen) as change:
        store.keep_review(change.opened, change.story, State.REJECTED, actor.called, now(), reason.value)
        store.replace_releases(change.opened, story_id, (), actor.called, now())
        return opening.opened(change.opened, change.story)


@use_case(Permission.MODERATE, recorded=True)
def take_back(actor: Actor, place: Place, story_id: int, seen: Seen) -> Opened:
    """Let a story wait again that was accepted or rejected."""
    with _changing(actor, place, story_id, seen) as change:
        store.keep_review(change.opened, change.story, State.WAITING, actor.called, now())
        return opening.opened(change.opened, change.story)


@use_case(Permission.MODERATE, recorded=True)
def hide(actor: Actor, place: Place, story_id: int, words: str, kind: Kind, seen: Seen) -> Opened:
    """Mark words of a story, wherever they stand in it; BadInput where they stand nowhere."""
    if not words.strip() or len(words) > rules.LONGEST:
        raise BadInput(_("Write the words to hide as they stand in the story."))
    with _changing(actor, place, story_id, seen) as change:
        told = mending.texts_as_told(change.opened, change.story)
        found = {name: rules.hidden(text, marks, words, kind) for name, (text, marks) in told.items()}
        mended = {name: marks for name, marks in found.items() if marks is not None}
        if not mended:
            raise BadInput(_("These words do not stand in the story. Write them as they stand there."))
        mending.mend_marks(change.opened, change.story, mended, actor.called)
        return change.mended()


@use_case(Permission.MODERATE, recorded=True)
def unhide(actor: Actor, place: Place, story_id: int, name: str, start: int, seen: Seen) -> Opened:
    """Take a mark away: the words under it are shown to everybody who may read the story."""
    with _changing(actor, place, story_id, seen) as change:
        _told, marks = mending.texts_as_told(change.opened, change.story).get(name, ("", ()))
        left = [mark for mark in marks if mark.start != start]
        if len(left) == len(marks):
            raise NotFound(_("That mark is not there any more."))
        mending.mend_marks(change.opened, change.story, {name: left}, actor.called)
        return change.mended()


@use_case(Permission.MODERATE, recorded=True)
def release(actor: Actor, place: Place, story_id: int, sentences: Collection[str], seen: Seen) -> Opened:
    """Let these sentences of an accepted story leave the place, and no others; none at all takes releases back."""
    with _changing(actor, place, story_id, seen) as change:
        story, review = change.story, change.opened.get(ReviewRow, story_id)
        if review is None or review.state != State.ACCEPTED or review.version != story.version:
            raise Conflict(_("Accept the story first, then choose what may leave."))
        if not store.allows_quoting(change.opened, story_id):
            raise Conflict(_("The teller of this story does not allow quoting."))
        if not set(sentences) <= set(opening.sentences_of(change.opened, story)):
            raise BadInput(_("Choose from the sentences of this story."))
        at = now()
        store.replace_releases(change.opened, story_id, sentences, actor.called, at)
        store.keep_review(change.opened, story, State.ACCEPTED, actor.called, at)
        return opening.opened(change.opened, story)


@use_case(Permission.SET_UP, recorded=True)
def mask_older(actor: Actor, number: int) -> tuple[int, int]:
    """Look for identifiers in so many stories that nobody has looked at: those from before that was done on arrival.

    Gives how many were looked through and how many changed; 0 looked through says that all is done. What is done stays
    done when it is stopped.
    """
    with write_session() as opened:
        stories = store.not_looked_at(opened, number)
        changed = 0
        for story in stories:
            changed += mending.mask_again(opened, story)
            store.keep_review(opened, story, State.WAITING, actor.called, now())
        return len(stories), changed


@dataclass(frozen=True, slots=True)
class _Change:
    """A story that a moderator is changing."""

    actor: Actor
    opened: Session
    story: StoryRow

    def mended(self) -> Opened:
        """The story with its marks mended: how far it was looked through stays as it was."""
        review = self.opened.get(ReviewRow, self.story.id)
        state, reason = (State(review.state), review.reason) if review else (State.WAITING, None)
        store.keep_review(self.opened, self.story, state, self.actor.called, now(), reason)
        return opening.opened(self.opened, self.story)


@contextmanager
def _changing(actor: Actor, place: Place, story_id: int, seen: Seen) -> Iterator[_Change]:
    """A unit of work on a story that stands as it was seen; Conflict where it does not."""
    require(actor, Permission.READ_ORIGINALS)
    with write_session() as opened:
        story = _here(store.story_here(opened, place.id, story_id, to_change=True))
        if opening.seen_now(opened, story) != seen:
            raise Conflict(_("This story was changed or moderated since you opened it. Open it again, then decide."))
        yield _Change(actor, opened, story)


def _here(story: StoryRow | None) -> StoryRow:
    if story is None:
        raise NotFound(_("There is no such story here. It may have been withdrawn, or wait for safeguarding."))
    return story
