"""What those who safeguard may do: see what waits, read it, decide; and how a reader of the board raises a story."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from insight.access import Actor, Permission, acts_in, sees_whole, use_case
from insight.database import session, write_session
from insight.errors import BadInput, Conflict, NotFound
from insight.intake import Place
from insight.intake import store as stories
from insight.intake.tables import ConcernRow, StoryRow
from insight.language import _
from insight.moments import now
from insight.safeguarding import rules, store
from insight.safeguarding.model import Decision, Event, Item, Reading, State, What
from insight.settings import settings

DECIDED = 100


@use_case(Permission.SAFEGUARD)
def queue(actor: Actor, place: Place) -> list[Item]:
    """What waits in a place: unread stories first, the most overdue before all. No word of a story is in it."""
    with session() as opened:
        waiting = _items(opened, store.open_concerns(opened, place.id))
    return sorted(waiting, key=rules.by_urgency)


@use_case(Permission.SAFEGUARD)
def decided(actor: Actor, place: Place) -> list[Item]:
    """What was released or withheld in a place, or erased by its teller: the newest, first."""
    with session() as opened:
        return _items(opened, store.closed_concerns(opened, place.id, DECIDED))


@use_case(Permission.SAFEGUARD)
def item(actor: Actor, concern_id: int) -> Item:
    """One item as it stands now, without a word of its story; reading it is :func:`read`."""
    with session() as opened:
        return _item(opened, _found(actor, store.concern_by_id(opened, concern_id)))


@use_case(Permission.SAFEGUARD, recorded=True)
def read(actor: Actor, concern_id: int) -> Reading:
    """The whole story of an item. That it was read, by whom and when is kept before anything is given."""
    with write_session() as opened:
        concern = _found(actor, store.concern_for_change(opened, concern_id))
        if concern.story_id is None:
            raise NotFound(_("The teller has erased this story."))
        store.add_event(opened, concern_id, What.READ, actor.name, now())
        row = opened.get_one(StoryRow, concern.story_id)
        story = stories.story_as_told(opened, row)
        return Reading(_item(opened, concern), story, rules.marks(story), row.received_at, row.logged_by)


@use_case(Permission.SAFEGUARD, recorded=True)
def decide(actor: Actor, concern_id: int, decision: Decision, note: str, seen: int) -> Item:
    """Decide about an item, with the reason; it is added to its history and nothing is taken from that.

    ``seen`` is the item's, as it was when the person decided: :class:`~insight.errors.Conflict` when somebody else
    decided or the teller changed the story since.
    """
    reason = rules.check_note(note)
    with write_session() as opened:
        concern = _found(actor, store.concern_for_change(opened, concern_id))
        stands = _item(opened, concern)
        if stands.seen != seen:
            raise Conflict(_("Something changed since you opened this item. See what is new, then decide."))
        rules.check_decision(stands, decision, actor.name)
        at = now()
        concern.state = rules.AFTER[decision]
        if decision is Decision.REOPEN:
            concern.due_at = _due(at)
        store.add_event(opened, concern_id, decision, actor.name, at, reason)
        return _item(opened, concern)


@use_case(Permission.READ_STORIES, recorded=True)
def raise_concern(actor: Actor, story_id: int, kinds: Iterable[str], note: str = "") -> None:
    """Send a story that one reads on the board to those who safeguard: it is held back until they release it.

    ``kinds`` are codes of :class:`~insight.concerns.ConcernKind`. Whoever raises a story learns nothing of the queue.
    """
    named = rules.known_kinds(kinds)
    if not named:
        raise BadInput(_("Say what worries you: choose at least one."))
    with write_session() as opened:
        story = opened.get(StoryRow, story_id)
        if story is None or not (acts_in(actor, story.place_id) and sees_whole(actor, story.gathered_by)):
            raise NotFound(_("That journey is no longer here."))
        at = now()
        concern = store.concern_about(opened, story, at, _due(at))
        concern.kinds = sorted({*concern.kinds, *named})
        if concern.state != State.OPEN:
            concern.state, concern.due_at = State.OPEN, _due(at)
        store.add_event(opened, concern.id, What.RAISED, actor.name, at, rules.tidy(note)[: rules.LONGEST_NOTE] or None)


def _due(at: datetime) -> datetime:
    return at + timedelta(hours=settings().concern_hours)


def _found(actor: Actor, concern: ConcernRow | None) -> ConcernRow:
    if concern is None or not acts_in(actor, concern.place_id):
        raise NotFound(_("There is no item with that number."))
    return concern


def _item(opened: Session, concern: ConcernRow) -> Item:
    return _items(opened, [concern])[0]


def _items(opened: Session, concerns: Sequence[ConcernRow]) -> list[Item]:
    """Items with all that was done with them, in order, what their tellers changed since they were raised among it."""
    events: dict[int, list[Event]] = {concern.id: [] for concern in concerns}
    about = {concern.story_id: concern for concern in concerns if concern.story_id is not None}
    for done in store.events_of(opened, list(events)):
        what = What(done.what) if done.what in set(What) else Decision(done.what)
        events[done.concern_id].append(Event(what, done.by, done.note, done.at))
    for change in store.changes_of(opened, list(about)):
        concern = about[change.story_id]
        if change.changed_at > concern.raised_at:
            events[concern.id].append(Event(What.CHANGED, change.changed_by, None, change.changed_at))
    return [_as_item(concern, sorted(events[concern.id], key=lambda event: event.at)) for concern in concerns]


def _as_item(concern: ConcernRow, events: Sequence[Event]) -> Item:
    state = State(concern.state) if concern.story_id is not None else State.ERASED
    due, read_at = rules.clock(concern.due_at, events, settings().concern_hours)
    return Item(
        id=concern.id,
        state=state,
        kinds=tuple(concern.kinds),
        raised_by=concern.raised_by,
        raised_at=concern.raised_at,
        due_at=due,
        read_at=read_at,
        left=due - now() if state is State.OPEN and read_at is None else None,
        events=tuple(events),
    )
