"""Two or more people code the same passages blind: choosing them, coding, holding the answers against each other."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from insight import codebook
from insight.access import Actor, Permission, use_case
from insight.codebook import Coding, learnings, rounds
from insight.codebook.agreement import Agreement, Disagreement, agreement
from insight.codebook.change import Ref
from insight.codebook.model import Book
from insight.codebook.rounds import Round
from insight.coding import likely, teaching
from insight.coding.desk import Back, Card, Turn, coded_of, first_readable, themes_of
from insight.coding.looking import Looked, look, refs, rows_of
from insight.database import session
from insight.errors import BadInput, NotFound, NotReady
from insight.intake import Place
from insight.language import _
from insight.painpoints import Evidence, evidence
from insight.painpoints.cube import GONE

Numbers = npt.NDArray[np.int64]

DRAWN_AGAIN = 7919  # so that two rounds over the same passages do not draw the same ones


class Source(StrEnum):
    """Where the passages of a round come from."""

    SPREAD = "spread"
    UNSURE = "unsure"
    THEME = "theme"


@dataclass(frozen=True, slots=True)
class Dispute:
    """A passage that people coded differently, with its words (None: its story has left) and how it was ``settled``."""

    told: Disagreement
    said: Evidence | None
    settled: Coding | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """An opened round: how far people agree, where they differ, and the passages on which all agree.

    ``agreed`` passages, of which ``kept`` are in the codebook as they were agreed on.
    """

    round: Round
    agreement: Agreement
    disputes: tuple[Dispute, ...]
    agreed: int
    kept: int
    themes: tuple[tuple[int, str], ...]


@use_case(Permission.CODE)
def themes(actor: Actor, place: Place) -> tuple[tuple[int, str], ...]:
    """The themes in use with their names, by name."""
    return themes_of(look(actor, place).held)


@use_case(Permission.CODE)
def start(
    actor: Actor, place: Place, name: str, number: int, source: Source = Source.SPREAD, theme: int | None = None
) -> Round:
    """Begin a round over ``number`` passages: drawn across all themes, from the unsure pile, or from one theme."""
    if not 0 < number <= rounds.MOST_PASSAGES:
        raise BadInput(_("Choose 1 to {number} passages for a round.").format(number=rounds.MOST_PASSAGES))
    looked = look(actor, place)
    earlier = len(rounds.every(actor, place.id))
    chosen = drawn(_candidates(looked, place, source, theme), looked.cube.theme, number, DRAWN_AGAIN * earlier)
    if not len(chosen):
        raise NotReady(_("There are no passages to draw from. Choose another source."))
    return rounds.start(actor, place.id, looked.run.id, name, refs(looked, chosen.tolist()))


def _candidates(looked: Looked, place: Place, source: Source, theme: int | None) -> Numbers:
    """The passages of a source that nobody has coded and that may be read."""
    cube = looked.cube
    if source is Source.THEME:
        if theme is None:
            raise BadInput(_("Choose the theme to take passages from."))
        found = rows_of(cube, theme)
    elif source is Source.UNSURE:
        with session() as opened:
            learned = learnings.lessons(opened, place.id, looked.run.id)
        if learned is None:
            raise NotReady(_("The machine has not learned yet, so there is no unsure pile. Choose another source."))
        found = learned.doubtful.astype(np.int64)
    else:
        found = np.flatnonzero(cube.story_id[cube.passage_story] != GONE)
    found = found[cube.key[found] != 0]
    return np.asarray(found[~coded_of(looked.held, found)], np.int64)


def drawn(candidates: Numbers, theme: npt.NDArray[np.int32], number: int, seed: int) -> Numbers:
    """Passages drawn at random, from all themes in turn, so that small themes are judged too. Same seed, same ones."""
    shuffled = np.random.default_rng(seed).permutation(candidates)
    order = np.argsort(theme[shuffled], kind="stable")
    _themes, first, sizes = np.unique(theme[shuffled[order]], return_index=True, return_counts=True)
    turn = np.empty(len(shuffled), np.int64)
    turn[order] = np.arange(len(shuffled)) - np.repeat(first, sizes)
    return np.asarray(shuffled[np.argsort(turn, kind="stable")][:number], np.int64)


@use_case(Permission.CODE)
def blind_turn(
    actor: Actor, place: Place, round_id: int, *, skipped: Collection[int] = (), first: int | None = None
) -> Turn:
    """The next passage of a round that one has not answered: without anybody's answer, the machine's or a person's.

    The themes under the number keys are the same for every passage and everybody.
    """
    looked = look(actor, place)
    asked = rounds.one(actor, place.id, round_id)
    mine = {coding.passage for coding in rounds.answers(actor, place.id, round_id) if _is_mine(actor, coding)}
    numbers = _numbers(looked, asked.passages)
    there = [(key, numbers[key]) for _story, key in asked.passages if key in numbers]
    order = [number for _key, number in there]
    waiting = [number for key, number in there if key not in mine and number not in skipped]
    said = first_readable(looked, [*([first] if first in order else []), *waiting])
    card = None if said is None else Card(said.number, said, None, None, likely.biggest(looked.held))
    done = sum(key in mine for key, _number in there)
    at = order.index(said.number) + 1 if said is not None else len(order)
    return Turn(card, at, len(order), done, None, themes_of(looked.held))


def _is_mine(actor: Actor, coding: Coding) -> bool:
    return coding.by == actor.called


def _numbers(looked: Looked, passages: Sequence[Ref]) -> dict[int, int]:
    """Where passages stand in the published run, by key; those that it does not have are left out."""
    keys = looked.cube.key
    wanted = np.array([key for _story, key in passages], np.int64)
    rows = np.flatnonzero(np.isin(keys, wanted))
    return {int(keys[row]): int(row) for row in rows[::-1]}


@use_case(Permission.CODE)
def answer(actor: Actor, place: Place, round_id: int, number: int, themes: Sequence[int]) -> None:
    """Keep one's own answer to a passage of a round."""
    looked = look(actor, place)
    rounds.answer(actor, place.id, round_id, refs(looked, [number])[0], themes)


@use_case(Permission.CODE)
def blind_back(actor: Actor, place: Place, round_id: int) -> Back:
    """One's last answer of a round, to be given again; it stands until then."""
    looked = look(actor, place)
    mine = [coding for coding in rounds.answers(actor, place.id, round_id) if _is_mine(actor, coding)]
    last = max(mine, key=lambda coding: coding.id, default=None)
    number = None if last is None else _numbers(looked, [(last.story, last.passage)]).get(last.passage)
    if last is None or number is None:
        raise BadInput(_("There is nothing of yours to take back."))
    return Back(number, last.themes or ())


@use_case(Permission.CODE)
def compare(actor: Actor, place: Place, round_id: int) -> Comparison:
    """How far people agree in a round that was opened, and where they differ; themes as they are in use now."""
    asked = _opened(actor, place, round_id)
    looked = look(actor, place)
    book = looked.held.known.book
    told = [_as_now(book, coding) for coding in rounds.answers(actor, place.id, round_id)]
    spoken = {number for coding in told for number in coding.themes or ()}
    found = agreement(told, spoken)
    numbers = _numbers(looked, asked.passages)
    settled = _settled(looked, asked)
    words = _words_of(looked, [one.passage for one in found.disagreements if one.passage in numbers], numbers)
    disputes = tuple(Dispute(one, words.get(one.passage), settled.get(one.passage)) for one in found.disagreements)
    agreed = _agreed(told)
    kept = sum(settled[key].themes == themes for (_story, key), themes in agreed.items() if key in settled)
    return Comparison(asked, found, disputes, len(agreed), kept, themes_of(looked.held))


def _opened(actor: Actor, place: Place, round_id: int) -> Round:
    asked = rounds.one(actor, place.id, round_id)
    if asked.opened_at is None:
        raise NotReady(_("This round is still blind. Open it when everybody has answered."))
    return asked


def _as_now(book: Book, coding: Coding) -> Coding:
    """An answer with the themes that live on; those set aside since say nothing."""
    return replace(coding, themes=book.in_use(coding.themes or ()))


def _settled(looked: Looked, asked: Round) -> Mapping[int, Coding]:
    """What was said of the round's passages after it was opened, by key."""
    keys = {key for _story, key in asked.passages}
    held = looked.held.known.held
    return {
        key: held[key] for key in keys & held.keys() if asked.opened_at is not None and held[key].at >= asked.opened_at
    }


def _agreed(told: Sequence[Coding]) -> dict[Ref, tuple[int, ...]]:
    """The passages that two people or more coded alike, with what they said: the same main theme, the same others."""
    voices: dict[Ref, list[tuple[int, ...]]] = {}
    for coding in told:
        voices.setdefault((coding.story, coding.passage), []).append(coding.themes or ())
    alike = {ref: {(said[:1], frozenset(said)) for said in every} for ref, every in voices.items() if len(every) > 1}
    return {ref: voices[ref][0] for ref, kinds in alike.items() if len(kinds) == 1}


def _words_of(looked: Looked, keys: Sequence[int], numbers: Mapping[int, int]) -> dict[int, Evidence]:
    """What passages say that stand at these ``numbers``, by key, where their stories may still be read."""
    key_of = {numbers[key]: key for key in keys}
    found = evidence.in_context(looked.actor, looked.run.id, looked.cube, np.array(list(key_of), np.int64))
    return {key_of[said.number]: said for said in found}


@use_case(Permission.CODE)
def settle(actor: Actor, place: Place, round_id: int, passage: Ref, themes: Sequence[int], note: str) -> None:
    """Decide what a passage that people coded differently speaks of, with a note that says why."""
    asked = _opened(actor, place, round_id)
    if passage not in asked.passages:
        raise NotFound(_("That passage is not in this round any more."))
    if not note.strip():
        raise BadInput(_("Write a note that says why, so that the next person decides alike."))
    codebook.code(actor, place.id, [passage], themes, note)
    teaching.offer(actor, place)


@use_case(Permission.CODE)
def keep_agreed(actor: Actor, place: Place, round_id: int) -> int:
    """Put what all agreed on into the codebook; gives how many passages that were. Done again, it changes nothing."""
    asked = _opened(actor, place, round_id)
    looked = look(actor, place)
    told = [_as_now(looked.held.known.book, coding) for coding in rounds.answers(actor, place.id, round_id)]
    agreed = _agreed(told)
    settled = _settled(looked, asked)
    alike: dict[tuple[int, ...], list[Ref]] = {}
    for ref, themes in agreed.items():
        if ref[1] not in settled:
            alike.setdefault(themes, []).append(ref)
    for themes, passages in alike.items():
        codebook.code(
            actor, place.id, passages, themes, _("Agreed in the blind round “{name}”").format(name=asked.name)
        )
    if alike:
        teaching.offer(actor, place)
    return sum(map(len, alike.values()))
