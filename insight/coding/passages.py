"""The passages of a theme as they are worked through: who placed each, and moving them by hand."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import numpy as np

from insight import codebook
from insight.access import Actor, Permission, use_case
from insight.codebook import Coding
from insight.codebook.change import Ref, change_of
from insight.codebook.rules import KEPT, LEARNED, MACHINE, PERSON
from insight.coding.looking import Looked, Rows, Shown, look, refs, rows_of, same_run, still
from insight.database import session
from insight.errors import BadInput
from insight.intake import Place
from insight.language import _
from insight.painpoints import Evidence, evidence
from insight.privacy import shown as as_shown

PAGE = 20
MOST_SEARCHED = 5_000  # passages whose words are read for one search
AT_ONCE = 1_000


class Order(StrEnum):
    """In which order passages are read."""

    CLEAREST = "clearest"
    DOUBTFUL = "doubtful"
    NEWEST = "newest"


class Witness(StrEnum):
    """Who says that a passage is in its theme."""

    MACHINE = "machine"
    KEPT = "kept"
    LEARNED = "learned"
    PERSON = "person"


WITNESSES = {MACHINE: Witness.MACHINE, KEPT: Witness.KEPT, LEARNED: Witness.LEARNED, PERSON: Witness.PERSON}


@dataclass(frozen=True, slots=True)
class Placed:
    """A passage with who placed it; ``by``, ``at`` and ``why`` where a person did. ``also`` are its other themes."""

    said: Evidence
    witness: Witness
    by: str
    at: datetime | None
    why: str
    also: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PassagePage:
    """A page of a theme's passages. ``total`` is of all that fit the words; ``whole`` of the theme.

    ``journeys`` is None where there are too few to be shown. ``witnesses`` counts the whole theme by who placed it;
    ``searched`` is how many were searched for the words.
    """

    shown: Shown
    page: int
    total: int
    whole: int
    searched: int
    journeys: int | None
    witnesses: Mapping[Witness, int]
    passages: tuple[Placed, ...]


@dataclass(frozen=True, slots=True)
class Moved:
    """What was said of passages, by number, before they were moved: their themes; None where nobody had coded them."""

    run_id: int
    before: tuple[tuple[int, tuple[int, ...] | None], ...]


@use_case(Permission.CODE)
def passages_of(
    actor: Actor,
    place: Place,
    theme: int | None,
    page: int = 1,
    order: Order | str = Order.CLEAREST,
    words: str = "",
) -> PassagePage:
    """A page of the passages of a theme; ``theme`` None: of those that fit none. All ``words`` must be in a passage."""
    looked = look(actor, place)
    rows = rows_of(looked.cube, theme)
    said_by = looked.held.seen.said_by[rows]
    ordered = _ordered(looked, rows, Order(order))
    searched = ordered[:MOST_SEARCHED] if words.strip() else ordered
    found = _with_words(looked, searched, words.casefold().split()) if words.strip() else ordered
    page = min(max(page, 1), max(-(-len(found) // PAGE), 1))
    here = found[(page - 1) * PAGE : page * PAGE]
    seen = evidence.in_context(actor, looked.run.id, looked.cube, here)
    counted = Counter(said_by.tolist())
    return PassagePage(
        shown=Shown(looked.run.id, theme),
        page=page,
        total=len(found),
        whole=len(rows),
        searched=len(searched),
        journeys=as_shown(len(np.unique(looked.cube.passage_story[rows]))),
        witnesses={witness: counted[code] for code, witness in WITNESSES.items() if counted[code]},
        passages=tuple(_placed(looked, one) for one in seen),
    )


def _ordered(looked: Looked, rows: Rows, order: Order) -> Rows:
    """Clearest: the best score first; doubtful: what no person placed, the weakest first; newest: the latest told."""
    cube = looked.cube
    if order is Order.NEWEST:
        story = cube.passage_story[rows]
        return rows[np.lexsort((rows, -cube.story_id[story], -cube.story_month[story]))]
    if order is Order.DOUBTFUL:
        sure = looked.held.seen.said_by[rows] == PERSON
        return rows[np.lexsort((rows, cube.score[rows], sure))]
    return rows[np.lexsort((rows, -cube.score[rows]))]


def _with_words(looked: Looked, rows: Rows, words: Sequence[str]) -> Rows:
    """Those that say all the words and may be read; only their words are looked at, not the journeys around them."""
    found: list[int] = []
    with session() as opened:
        for start in range(0, len(rows), AT_ONCE):
            some = rows[start : start + AT_ONCE].tolist()
            told = evidence.passages_of(opened, looked.actor, looked.run.id, some)
            found += [number for number, said in told.items() if all(word in said.casefold() for word in words)]
    return np.array(found, np.int64)


def _placed(looked: Looked, said: Evidence) -> Placed:
    witness = WITNESSES[int(looked.held.seen.said_by[said.number])]
    coding = _coding(looked, said.number)
    if coding is None or witness is not Witness.PERSON:
        return Placed(said, witness, "", None, "", ())
    book = looked.held.known.book
    also = dict.fromkeys(book.live(number) for number in (coding.themes or ())[1:] if number in book.themes)
    return Placed(said, witness, coding.by, coding.at, coding.why, tuple(also))


def _coding(looked: Looked, passage: int) -> Coding | None:
    return looked.held.known.held.get(int(looked.cube.key[passage]))


@use_case(Permission.CODE)
def move(
    actor: Actor,
    place: Place,
    passages: Sequence[int],
    themes: Sequence[int],
    why: str = "",
    shown: Shown | None = None,
) -> Moved:
    """Say which themes passages speak of, the main one first; none at all takes them out of all themes.

    Raises Conflict where the passages are no longer as they were ``shown``.
    """
    told, moved = _told(actor, place, passages, shown)
    codebook.code(actor, place.id, told, themes, why)
    return moved


@use_case(Permission.CODE)
def move_to_new(
    actor: Actor, place: Place, passages: Sequence[int], label: str, why: str = "", shown: Shown | None = None
) -> tuple[Moved, int]:
    """Make a theme of passages that people ticked; gives its number too."""
    told, moved = _told(actor, place, passages, shown)
    with change_of(place.id) as change:
        number, _decision = change.make(actor, label, why)
        change.code(actor, told, [number], why)
    return moved, number


@use_case(Permission.CODE)
def take_back(actor: Actor, place: Place, passages: Sequence[int], shown: Shown | None = None) -> Moved:
    """Let the machine place passages again, as if nobody had coded them."""
    told, moved = _told(actor, place, passages, shown)
    codebook.take_back(actor, place.id, told)
    return moved


def _told(actor: Actor, place: Place, passages: Sequence[int], shown: Shown | None) -> tuple[list[Ref], Moved]:
    if not passages:
        raise BadInput(_("Tick at least one passage first."))
    looked = look(actor, place)
    told = refs(looked, passages)
    if shown is not None:
        still(looked, passages, shown)
    codings = ((number, _coding(looked, number)) for number in passages)
    before = tuple((number, None if coding is None else coding.themes) for number, coding in codings)
    return told, Moved(looked.run.id, before)


@use_case(Permission.CODE)
def put_back(actor: Actor, place: Place, moved: Moved, why: str = "") -> None:
    """Undo a move: what was said of the passages before holds again."""
    looked = look(actor, place)
    same_run(looked, moved.run_id)
    groups: dict[tuple[int, ...] | None, list[int]] = {}
    for passage, themes in moved.before:
        groups.setdefault(themes, []).append(passage)
    for themes, passages in groups.items():
        if themes is None:
            codebook.take_back(actor, place.id, refs(looked, passages))
        else:
            codebook.code(actor, place.id, refs(looked, passages), themes, why)
