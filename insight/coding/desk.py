"""The coding desk: which passage to read next, with the themes it may speak of; saving what was said; going back."""

import weakref
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from insight import codebook
from insight.access import Actor, Permission, use_case
from insight.codebook import Coding, learnings
from insight.codebook.learnings import Lessons
from insight.codebook.rules import in_use
from insight.coding import likely, teaching
from insight.coding.looking import Looked, look, refs
from insight.database import session
from insight.errors import BadInput
from insight.intake import Place
from insight.language import _
from insight.painpoints import Evidence, evidence
from insight.painpoints.cube import Cube
from insight.painpoints.reading import Reading

Numbers = npt.NDArray[np.int64]

SITTING = 20  # passages that are shown as one list
FIRST_LIST = 400  # before the machine has learned
LIKELY = 0.5  # confidence from which what was learned says more than how passages were grouped
TRIED = 5  # passages read ahead, in case the next ones may not be shown any more


class Pile(StrEnum):
    """Where the passages on the desk come from."""

    READING = "reading"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Card:
    """One passage to be coded. ``guess`` is the machine's theme (None: it speaks of none), ``confidence`` 0 to 1.

    ``confidence`` is None where it only grouped the passage; ``likeliest`` stand under the number keys.
    """

    number: int
    said: Evidence
    guess: int | None
    confidence: float | None
    likeliest: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Turn:
    """What is on the desk: a card, or None when the pile is worked through.

    The card is passage ``place`` of ``of`` in this sitting, of which ``done`` are coded; ``unsure`` passages are on the
    unsure pile (None while the machine has not learned). ``themes`` are all in use, by name.
    """

    card: Card | None
    place: int
    of: int
    done: int
    unsure: int | None
    themes: tuple[tuple[int, str], ...]


@use_case(Permission.CODE)
def turn(
    actor: Actor, place: Place, pile: Pile = Pile.READING, *, skipped: Collection[int] = (), first: int | None = None
) -> Turn:
    """The next passage of a pile that is neither coded nor ``skipped``; ``first`` is shown before it, if it may be."""
    looked = look(actor, place)
    with session() as opened:
        learned = learnings.lessons(opened, place.id, looked.run.id)
    order = order_of(looked, learned, pile)
    coded = coded_of(looked.held, order)
    sitting, done = _sitting(order, coded, set(skipped))
    waiting = [number for number, known in zip(sitting, done, strict=True) if not known and number not in skipped]
    said = first_readable(looked, [*_if_uncoded(looked, first), *waiting])
    card = None if said is None else _card(looked, learned, said)
    at = sitting.index(said.number) + 1 if said is not None and said.number in sitting else sum(done) + 1
    unsure = None if learned is None else _unsure(looked.held, learned)
    return Turn(card, min(at, len(sitting)), len(sitting), sum(done), unsure, themes_of(looked.held))


def themes_of(held: Reading) -> tuple[tuple[int, str], ...]:
    """The themes in use with their names, by name."""
    named = [(theme.number, theme.label) for theme in held.known.book.active if theme.label]
    return tuple(sorted(named, key=lambda theme: theme[1].casefold()))


def order_of(looked: Looked, learned: Lessons | None, pile: Pile) -> Numbers:
    """The passages of a pile, in the order in which they are read; those of stories that left are passed over.

    The order follows from what is stored alone, so that a page that is loaded again goes on where it was.
    """
    if learned is None:
        order = _first_list(looked)
    elif pile is Pile.READING:  # worked through before the machine learned again, it goes on with the unsure ones
        rest = learned.doubtful[~np.isin(learned.doubtful, learned.reading)]
        order = np.concatenate([learned.reading, rest]).astype(np.int64)
    else:
        order = learned.doubtful.astype(np.int64)
    return np.asarray(order[looked.cube.key[order] != 0], np.int64)


def coded_of(held: Reading, order: Numbers) -> npt.NDArray[np.bool_]:
    """Which passages people coded."""
    said = np.fromiter(held.known.held, np.int64, len(held.known.held))
    return np.isin(held.cube.key[order], said)


def _sitting(order: Numbers, coded: npt.NDArray[np.bool_], skipped: Collection[int]) -> tuple[list[int], list[bool]]:
    """The first ``SITTING`` passages in a row of which one waits; those skipped wait only when nothing else does."""
    waits = ~coded & ~np.isin(order, np.fromiter(skipped, np.int64, len(skipped)))
    if not waits.any():
        return [], []
    start = int(np.flatnonzero(waits)[0]) // SITTING * SITTING
    return order[start : start + SITTING].tolist(), coded[start : start + SITTING].tolist()


def _if_uncoded(looked: Looked, number: int | None) -> list[int]:
    """A passage that was on the desk, unless somebody else has coded it meanwhile."""
    if number is None or not 0 <= number < len(looked.cube.key):
        return []
    return [] if int(looked.cube.key[number]) in looked.held.known.held else [number]


def first_readable(looked: Looked, numbers: Sequence[int]) -> Evidence | None:
    """The first of some passages whose story is still as it was, and may be read."""
    usable = [number for number in numbers if 0 <= number < len(looked.cube.key) and looked.cube.key[number]]
    for start in range(0, len(usable), TRIED):
        tried = np.array(usable[start : start + TRIED], np.int64)
        found = evidence.in_context(looked.actor, looked.run.id, looked.cube, tried)
        if found:
            return found[0]
    return None


def _card(looked: Looked, learned: Lessons | None, said: Evidence) -> Card:
    guess, confidence = guess_of(looked.held, learned, said.number)
    with session() as opened:
        offered = likely.likeliest(opened, looked.run.id, looked.held, said.number, guess)
    return Card(said.number, said, guess, confidence, offered)


def guess_of(held: Reading, learned: Lessons | None, number: int) -> tuple[int | None, float | None]:
    """The theme that the machine learned to give a passage, or None, and how sure it is.

    Where it has not learned, or would rather be wrong than right, the theme in which it grouped the passage, and None.
    """
    theme = int(held.machine.theme[number])
    told, confidence = -1, None
    if learned is not None and learned.confidence[number] >= LIKELY:
        told, confidence = int(learned.chosen[number]), float(learned.confidence[number])
    elif held.known.run is not None and theme >= 0:
        told = int(held.known.run.lasting[theme])
    live = int(in_use(held.known.book, np.array([told], np.int32))[0])
    return (None if live < 0 else live), confidence


_held: dict[int, tuple["weakref.ref[Cube]", int, Numbers]] = {}


def _first_list(looked: Looked) -> Numbers:
    """The first list, made once for as long as no theme is decided on: it does not depend on what was coded."""
    machine, decided = looked.held.machine, looked.held.known.state[0]
    known = _held.get(looked.run.id)
    if known is None or known[0]() is not machine or known[1] != decided:
        gone = weakref.ref(machine, lambda _gone: _held.pop(looked.run.id, None))
        known = _held[looked.run.id] = (gone, decided, first_list(looked.held))
    return known[2]


def first_list(held: Reading) -> Numbers:
    """What to read before the machine has learned: of each theme in turn the clearest passage, the most doubtful, ...

    Big themes come first in each round; those that fit none take part as one theme, the last.
    """
    cube, run = held.cube, held.known.run
    theme = held.machine.theme
    if run is not None:
        theme = in_use(held.known.book, np.append(run.lasting, np.int32(-1))[theme].astype(np.int32))
    there = np.flatnonzero(cube.key != 0)
    sizes = np.bincount(theme[there] + 1, minlength=1)
    rounds: list[tuple[int, int, int]] = []
    by_score = there[np.lexsort((there, -cube.score[there], theme[there]))]
    start = 0
    for place, size in enumerate(sizes.tolist()):
        inside = by_score[start : start + size]
        start += size
        rank = -size if place else 0  # at place 0 are those that fit none
        rounds += [(turn, rank, number) for turn, number in enumerate(_both_ends(inside, FIRST_LIST // 8))]
    order = np.array([number for _turn, _size, number in sorted(rounds)], np.int64)
    _stories, first = np.unique(cube.passage_story[order], return_index=True)  # nobody reads one story again and again
    return order[np.sort(first)][:FIRST_LIST]


def _both_ends(ordered: Numbers, most: int) -> list[int]:
    """The first, the last, the second, the last but one, ..."""
    half = [int(number) for pair in zip(ordered[:most], ordered[::-1][:most], strict=True) for number in pair]
    return list(dict.fromkeys(half))[:most]


def _unsure(held: Reading, learned: Lessons) -> int:
    """How many passages the machine cannot promise and nobody coded."""
    doubtful = learned.doubtful[held.cube.key[learned.doubtful] != 0]
    return int(len(doubtful) - coded_of(held, doubtful.astype(np.int64)).sum())


@use_case(Permission.CODE)
def save(actor: Actor, place: Place, number: int, themes: Sequence[int]) -> bool:
    """Keep what somebody says of a passage; () says that it fits no theme. Gives whether the machine began to learn.

    Saying the same again changes nothing.
    """
    looked = look(actor, place)
    told = refs(looked, [number])
    before = looked.held.known.held.get(told[0][1])
    if before is not None and before.themes == tuple(themes) and before.by == actor.called:
        return False
    codebook.code(actor, place.id, told, themes)
    return teaching.offer(actor, place)


@dataclass(frozen=True, slots=True)
class Back:
    """What was taken back: a passage, and the themes that had been chosen for it."""

    number: int
    themes: tuple[int, ...]


@use_case(Permission.CODE)
def go_back(actor: Actor, place: Place) -> Back:
    """Take one's last coding back, and give the passage to be coded again."""
    looked = look(actor, place)
    last = last_of(actor, looked.held.known.held.values())
    number = None if last is None else number_of(looked, last.passage)
    if last is None or number is None:
        raise BadInput(_("There is nothing of yours to take back."))
    codebook.take_back(actor, place.id, [(last.story, last.passage)])
    return Back(number, last.themes or ())


def last_of(actor: Actor, codings: Collection[Coding]) -> Coding | None:
    """The last thing that somebody said of one passage alone: moving many at once is taken back where it was done."""
    mine = [one for one in codings if one.by == actor.called and one.decision is None]
    last = max(mine, key=lambda one: one.id, default=None)
    if last is None or any(one.at == last.at for one in mine if one is not last):
        return None
    return last


def number_of(looked: Looked, key: int) -> int | None:
    """The passage of a run that has a key."""
    found = np.flatnonzero(looked.cube.key == key)
    return int(found[0]) if len(found) else None
