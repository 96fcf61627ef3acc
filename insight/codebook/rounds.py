"""Blind rounds: several people code the same passages without seeing one another's answers."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from insight.access import Actor, Permission, use_case
from insight.codebook import store
from insight.codebook.change import Ref, change_of, check_passages
from insight.codebook.model import Coding
from insight.codebook.tables import CodingRoundRow
from insight.database import session, write_session
from insight.errors import BadInput, Conflict, NotFound
from insight.language import _

LONGEST_NAME = 120
MOST_PASSAGES = 500


@dataclass(frozen=True, slots=True)
class Round:
    """A blind round over ``passages`` of a run. ``opened_at`` None: nobody sees the others' answers yet.

    ``coders`` are those who answered so far, with how many passages each.
    """

    id: int
    run_id: int
    name: str
    made_by: str
    made_at: datetime
    opened_at: datetime | None
    passages: tuple[Ref, ...]
    coders: tuple[tuple[str, int], ...]


@use_case(Permission.CODE)
def start(actor: Actor, place_id: int, run_id: int, name: str, passages: Sequence[Ref]) -> Round:
    """Begin a round over some passages of a run."""
    told = " ".join(name.split())[:LONGEST_NAME]
    if not told:
        raise BadInput(_("Give the round a name."))
    if not 0 < len(passages) <= MOST_PASSAGES:
        raise BadInput(_("Choose 1 to {number} passages for a round.").format(number=MOST_PASSAGES))
    with write_session() as opened:
        if store.place_of_run(opened, run_id) != place_id:
            raise NotFound(_("There is no analysis with that number."))
        check_passages(opened, place_id, passages)
        row = {"place_id": place_id, "run_id": run_id, "name": told, "made_by": actor.called}
        made = store.add_round(opened, {**row, "made_at": datetime.now(UTC), "opened_at": None}, passages)
    return one(actor, place_id, made)


@use_case(Permission.CODE)
def every(actor: Actor, place_id: int) -> list[Round]:
    """A place's rounds, the newest first."""
    with session() as opened:
        return [_round(opened, row) for row in store.rounds(opened, place_id)]


@use_case(Permission.CODE)
def one(actor: Actor, place_id: int, round_id: int) -> Round:
    """A round, with who answered how much: that much may be known."""
    with session() as opened:
        return _round(opened, _row(store.round_by_id(opened, place_id, round_id)))


def _round(opened: Session, row: CodingRoundRow) -> Round:
    passages = tuple(store.passages_of_round(opened, row.id))
    answered = Counter(coding.by for coding in _last(store.codings(opened, row.place_id, row.id)))
    coders = tuple(sorted(answered.items()))
    return Round(row.id, row.run_id, row.name, row.made_by, row.made_at, row.opened_at, passages, coders)


@use_case(Permission.CODE)
def answer(actor: Actor, place_id: int, round_id: int, passage: Ref, themes: Sequence[int]) -> None:
    """Say which themes a passage of the round speaks of; a later answer takes the place of one's earlier."""
    with change_of(place_id) as change:
        row = _row(store.round_by_id(change.opened, place_id, round_id))
        if row.opened_at is not None:
            raise Conflict(_("This round was opened: the answers are out, so no more are taken."))
        if passage not in store.passages_of_round(change.opened, round_id):
            raise NotFound(_("That passage is not in this round any more."))
        chosen = tuple(dict.fromkeys(change.theme(number).number for number in themes))
        change.code(actor, [passage], chosen, "", round_id=round_id)


@use_case(Permission.CODE)
def answers(actor: Actor, place_id: int, round_id: int) -> list[Coding]:
    """The last answer of each coder to each passage: one's own only, until the round is opened."""
    with session() as opened:
        row = _row(store.round_by_id(opened, place_id, round_id))
        told = _last(store.codings(opened, place_id, round_id))
    return told if row.opened_at else [coding for coding in told if coding.by == actor.called]


@use_case(Permission.CODE)
def open_answers(actor: Actor, place_id: int, round_id: int) -> None:
    """End a round and let everybody see the answers: two people or more must have answered."""
    coders = one(actor, place_id, round_id).coders
    if len(coders) < 2:
        raise Conflict(_("At least two people must answer before a round is opened."))
    with write_session() as opened:
        store.open_round(opened, round_id, datetime.now(UTC))


def _row(row: CodingRoundRow | None) -> CodingRoundRow:
    if row is None:
        raise NotFound(_("There is no round with that number."))
    return row


def _last(told: Sequence[Coding]) -> list[Coding]:
    last = {(coding.by, coding.passage): coding for coding in told}
    return sorted(last.values(), key=lambda coding: coding.id)
