"""What happened to a codebook, newest first: what people decided and coded, told apart from what the machine found."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from insight import codebook
from insight.access import Actor, Permission, use_case
from insight.codebook import Book, Coding, Decision, Kind
from insight.codebook.change import change_of
from insight.codebook.store import codings, made_themes
from insight.coding.looking import Looked, look
from insight.database import session
from insight.errors import Conflict, NotFound
from insight.intake import Place
from insight.language import _

PAGE = 25
TOGETHER = timedelta(minutes=1)  # themes of one publication are written within it


@dataclass(frozen=True, slots=True)
class Coded:
    """What somebody said of some passages at once. ``themes`` () are none of them, None: an answer taken back.

    ``standing`` are those of which it still holds, by key: for taking it back, not for showing.
    """

    passages: int
    themes: tuple[int, ...] | None
    standing: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened: a decision, passages coded, or (``by`` "") so many themes ``found`` by the machine.

    ``was`` is the name before, where a theme was renamed.
    """

    at: datetime
    by: str
    why: str
    decision: Decision | None = None
    coded: Coded | None = None
    found: int = 0
    was: str = ""


@dataclass(frozen=True, slots=True)
class History:
    """A page of what happened; ``total`` counts all of it."""

    book: Book
    page: int
    total: int
    events: tuple[Event, ...]


@use_case(Permission.CODE)
def history(actor: Actor, place: Place, theme: int | None = None, page: int = 1) -> History:
    """What happened to a place's codebook, or to one theme of it."""
    looked = look(actor, place)
    book = looked.held.known.book
    if theme is not None and theme not in book.themes:
        raise NotFound(_("There is no theme with that number in this codebook."))
    with session() as opened:
        told = [one for one in codings(opened, place.id) if one.decision is None]
        names = {made.number: made.label for made in made_themes(opened, place.id)}
    events = [one for one in _decided(book, names) if one.decision and _is_about(one.decision, theme)]
    events += [_coded(looked, group) for group in _groups(told) if theme is None or theme in (group[0].themes or ())]
    events += _found(book, theme)
    events.sort(key=lambda one: (one.at, one.decision.id if one.decision else 0), reverse=True)
    page = min(max(page, 1), max(-(-len(events) // PAGE), 1))
    return History(book, page, len(events), tuple(events[(page - 1) * PAGE : page * PAGE]))


def _decided(book: Book, names: dict[int, str]) -> list[Event]:
    """Decisions in their order; ``names`` are the machine's, and are brought up to date along the way."""
    events = []
    for one in book.decisions:
        renamed = one.kind is Kind.RENAME
        events.append(Event(one.at, one.by, one.why, decision=one, was=names.get(one.theme, "") if renamed else ""))
        if "label" in one.detail and not one.undone:
            names[int(one.detail.get("new", one.theme))] = str(one.detail["label"])
    return events


def _is_about(decision: Decision, theme: int | None) -> bool:
    if theme is None or decision.theme == theme:
        return True
    return theme in (decision.detail.get(name) for name in ("into", "under", "new"))


def _groups(told: Iterable[Coding]) -> list[list[Coding]]:
    """What was said of several passages at once, together."""
    groups: dict[object, list[Coding]] = {}
    for one in told:
        groups.setdefault((one.at, one.by, one.themes, one.why), []).append(one)
    return list(groups.values())


def _coded(looked: Looked, group: Sequence[Coding]) -> Event:
    held = looked.held.known.held
    keys = [one.passage for one in group if (now := held.get(one.passage)) is not None and now.id == one.id]
    coded = Coded(len(group), group[0].themes, tuple(keys))
    return Event(group[0].at, group[0].by, group[0].why, coded=coded)


def _found(book: Book, theme: int | None) -> list[Event]:
    """The machine's themes, those of one publication together."""
    made = sorted(one.made_at for one in book.themes.values() if one.by_machine and theme in (None, one.number))
    events: list[Event] = []
    for at in made:
        if events and at - events[-1].at < TOGETHER:
            events[-1] = replace(events[-1], found=events[-1].found + 1)
        else:
            events.append(Event(at, "", "", found=1))
    return events


@use_case(Permission.CODE)
def take_back_coded(actor: Actor, place: Place, coded: Coded) -> None:
    """Let the machine place those passages again of which an answer still holds."""
    held = codebook.coded(actor, place.id)
    told = [(held[key].story, key) for key in coded.standing if key in held and held[key].themes == coded.themes]
    if not told:
        raise Conflict(_("Nothing of this holds any more: somebody said something else of these passages meanwhile."))
    codebook.take_back(actor, place.id, told)


@use_case(Permission.CODE)
def undo_all(actor: Actor, place: Place, decisions: Sequence[int], why: str = "") -> None:
    """Take several decisions back at once, the latest first."""
    with change_of(place.id) as change:
        for number in sorted(decisions, reverse=True):
            change.undo(actor, number, why)
