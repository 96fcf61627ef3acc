"""What may be decided when, and by when a story must have been read. Pure."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from insight.concerns import ConcernKind, concerns_in
from insight.errors import BadInput, Conflict
from insight.intake import Story
from insight.intake.conversion import texts_of
from insight.language import _
from insight.safeguarding.model import Decision, Event, Item, Mark, State, What
from insight.text.passages import sentences

LONGEST_NOTE = 2_000
AFTER = {
    Decision.REFER: State.OPEN,
    Decision.RELEASE: State.RELEASED,
    Decision.WITHHOLD: State.WITHHELD,
    Decision.REOPEN: State.OPEN,
}
STARTS = (What.RAISED, What.CHANGED, Decision.REOPEN)  # each of these starts the clock anew


def tidy(note: str) -> str:
    """A note as it can be kept."""
    return note.replace("\0", "").strip()


def check_note(note: str) -> str:
    """The reason for a decision, tidied; :class:`~insight.errors.BadInput` without one."""
    told = tidy(note)
    if not told:
        raise BadInput(_("Say why, in a sentence or two."))
    if len(told) > LONGEST_NOTE:
        raise BadInput(_("Shorten the reason to {number} characters.").format(number=f"{LONGEST_NOTE:,}"))
    return told


def check_decision(item: Item, decision: Decision, by: str) -> None:
    """Raise unless this can be decided now, by this person: who decides has read the story as it is."""
    if item.state is State.ERASED:
        raise Conflict(_("The teller has erased this story. There is nothing left to decide."))
    if (decision is Decision.REOPEN) == (item.state is State.OPEN):
        stands = {
            State.OPEN: _("This item is open. Look at it again, then decide."),
            State.RELEASED: _("This item was released already. Look at it again, then decide."),
            State.WITHHELD: _("This item was withheld already. Look at it again, then decide."),
        }
        raise Conflict(stands[item.state])
    if decision is not Decision.REOPEN and not has_read(item.events, by):
        raise Conflict(_("Read the story as it is now before you decide."))


def has_read(events: Sequence[Event], by: str) -> bool:
    """Whether somebody has read the story since it was raised, opened again or changed last."""
    return any(event.what is What.READ and event.by == by for event in _since_last_start(events))


def clock(due_at: datetime, events: Sequence[Event], hours: int) -> tuple[datetime, datetime | None]:
    """By when the story must be read, and when it first was read as it is now (None: not yet).

    A story that was read, and then raised or changed again, has the full time anew from that moment. One that nobody
    has read yet gets no more time by being changed.
    """
    read_at = next((event.at for event in _since_last_start(events) if event.what is What.READ), None)
    last_read = max((place for place, event in enumerate(events) if event.what is What.READ), default=None)
    if read_at is None and last_read is not None:
        started = next(event.at for event in events[last_read + 1 :] if event.what in STARTS)
        due_at = max(due_at, started + timedelta(hours=hours))
    return due_at, read_at


def _since_last_start(events: Sequence[Event]) -> Sequence[Event]:
    last = max((place for place, event in enumerate(events) if event.what in STARTS), default=-1)
    return events[last + 1 :]


def by_urgency(item: Item) -> tuple[bool, datetime]:
    """Sorts the queue: stories that nobody has read come first, and the most overdue of them before all."""
    return item.read_at is not None, item.due_at


def known_kinds(kinds: Iterable[str]) -> list[str]:
    """The kinds of concern among these codes, in order."""
    return sorted(set(kinds) & set(ConcernKind))


def marks(story: Story) -> dict[str, tuple[Mark, ...]]:
    """By text of a story, the sentences in which a sign is found; the whole text where no one sentence has it."""
    return {text: found for text in texts_of(story) if (found := _marks_in(text))}


def _marks_in(text: str) -> tuple[Mark, ...]:
    if not concerns_in([text]):
        return ()
    told = [Mark(one.start, one.end) for one in sentences(text) if concerns_in([text[one.start : one.end]])]
    return tuple(told) or (Mark(0, len(text)),)
