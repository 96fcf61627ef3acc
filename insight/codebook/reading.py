"""A place's codebook as it stands beside a run, for the rooms above: read within their unit of work."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy.orm import Session

from insight import columns
from insight.codebook import rules, store
from insight.codebook.model import Book, Coding
from insight.codebook.rules import Ints

State = tuple[int, int, int, int, bool, int]


@dataclass(frozen=True)
class RunBook:
    """How a run stands to the lasting themes: ``lasting`` (k,) the number of each of its themes; see ``RunBookRow``."""

    lasting: Ints
    kept: Ints
    facts: Mapping[str, Any]


@dataclass(frozen=True)
class Standing:
    """The codebook beside a run. ``held`` is what people coded, by passage key; ``run`` None: it was not published yet.

    ``learned`` (n,) is what the machine learned of the run's passages, where it is sure; None before it learned.
    """

    state: State
    book: Book
    held: Mapping[int, Coding]
    run: RunBook | None
    learned: Ints | None


def state_of(opened: Session, place_id: int, run_id: int) -> State:
    """Equal as long as nobody changed how a run is seen through its place's codebook."""
    return store.state_of(opened, place_id, run_id)


def book_of(opened: Session, place_id: int) -> tuple[Book, Mapping[int, Coding]]:
    """The codebook of a place, and what people coded by passage key."""
    decided = store.decisions(opened, place_id)
    held = rules.in_force(store.codings(opened, place_id), rules.undone(decided))
    coded = {number for coding in held.values() for number in coding.themes or ()}
    return rules.read_book(store.made_themes(opened, place_id), decided, coded), held


def decided(opened: Session, place_id: int) -> Book:
    """The codebook of a place by decisions alone, without reading what was coded, which may be thousands of rows.

    A theme into which people only moved passages does not say that it is ``touched``.
    """
    return rules.read_book(store.made_themes(opened, place_id), store.decisions(opened, place_id))


def standing(opened: Session, place_id: int, run_id: int) -> Standing:
    """Read all of it."""
    state = store.state_of(opened, place_id, run_id)
    book, held = book_of(opened, place_id)
    row = store.run_book(opened, run_id)
    if row is None:
        return Standing(state, book, held, None, None)
    arrays, _ = columns.unpacked(row.body)
    return Standing(
        state, book, held, RunBook(arrays["lasting"], arrays["kept"], row.facts), _learned(opened, place_id, run_id)
    )


def _learned(opened: Session, place_id: int, run_id: int) -> Ints | None:
    row = store.newest_learning(opened, place_id, run_id, store.DONE)
    if row is None or row.body is None:
        return None
    arrays, _ = columns.unpacked(row.body)
    return np.where(arrays["sure"], arrays["chosen"], rules.UNHEARD).astype(np.int32)


def witnesses(known: Standing, machine: Ints, keys: rules.Keys) -> rules.Witnesses:
    """What is known of a run's passages; ``machine`` (n,) is the run's own theme of each, -1 where it fits none.

    A passage whose story has left (its key is 0) is nowhere, whatever was once said of it.
    """
    if known.run is None:
        raise ValueError("the run has no place in the codebook")
    unheard = np.full(len(machine), rules.UNHEARD, np.int32)
    gone = keys == 0
    lasting = np.append(known.run.lasting, np.int32(rules.NOWHERE))[machine].astype(np.int32)
    learned = unheard if known.learned is None else known.learned
    return rules.Witnesses(
        machine=np.where(gone, rules.NOWHERE, lasting).astype(np.int32),
        kept=np.where(gone, rules.UNHEARD, known.run.kept).astype(np.int32),
        learned=np.where(gone, rules.UNHEARD, learned).astype(np.int32),
        person=np.where(gone, rules.UNHEARD, rules.pinned(keys, known.held)).astype(np.int32),
    )


def keep_run(opened: Session, run_id: int, run: RunBook) -> None:
    """Store how a run stands to the lasting themes."""
    body = columns.packed({"lasting": run.lasting, "kept": run.kept}, {})
    store.keep_run_book(opened, run_id, run.facts, body)
