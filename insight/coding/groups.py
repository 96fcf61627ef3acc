"""Splitting a theme: groups proposed by what its passages mean, each to be named or left."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from threadpoolctl import threadpool_limits

from insight import codebook
from insight.access import Actor, Permission, use_case
from insight.codebook.change import Ref, change_of
from insight.coding import clumps
from insight.coding.looking import Looked, Rows, Shown, look, refs, rows_of, still
from insight.database import session
from insight.errors import BadInput, NotReady
from insight.intake import Place
from insight.language import _
from insight.painpoints import Evidence, evidence, store
from insight.painpoints.vectors import from_parts, touched_parts

FEWEST, MOST = 2, 6
QUOTES, READ = 3, 120  # passages shown of a group, and read for its words
SHORT = 25
ALIKE = 0.5  # share of words that two quotes may have in common


@dataclass(frozen=True, slots=True)
class Group:
    """Passages of a theme that mean alike, by number, with those nearest its middle and its telling words."""

    passages: tuple[int, ...]
    quotes: tuple[Evidence, ...]
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Proposal:
    """How a theme could be split. ``left`` is how many passages have no meaning to go by; they stay."""

    shown: Shown
    groups: tuple[Group, ...]
    left: int


@use_case(Permission.CODE)
def groups_within(actor: Actor, place: Place, theme: int | None, groups: int | None = None) -> Proposal:
    """Propose 2 to 6 groups, or as many as stand apart best; ``theme`` None: among the passages that fit none."""
    if groups is not None and not FEWEST <= groups <= MOST:
        raise BadInput(_("Choose {least} to {most} groups.").format(least=FEWEST, most=MOST))
    looked = look(actor, place)
    rows = rows_of(looked.cube, theme)
    vectors = _vectors(looked, rows)
    known = np.linalg.norm(vectors, axis=1) > 0.5
    rows, vectors = rows[known], vectors[known]
    if len(rows) < FEWEST:
        raise NotReady(_("There are too few passages here to make groups of."))
    with threadpool_limits(1, "blas"):  # beside other work, threads that wait for one another took twenty times as long
        grouped, centres = _best(vectors, groups)
        likeness = vectors @ centres.T
    if theme is not None and len(centres) < FEWEST:
        raise NotReady(_("These passages are too alike to make groups of."))
    found = []
    for number in range(len(centres)):
        inside = np.flatnonzero(grouped == number)
        found.append(rows[inside[np.argsort(-likeness[inside, number], kind="stable")]])
    return Proposal(Shown(looked.run.id, theme), _described(looked, found), int((~known).sum()))


def _vectors(looked: Looked, rows: Rows) -> clumps.Floats:
    """What passages mean, (n, d), each of length 1 or 0; read part by part."""
    parts = touched_parts(rows.tolist())
    with session() as opened:
        first = store.vectors_of_run(opened, looked.run.id, [0])
        if not first:
            raise NotReady(
                _("This analysis kept nothing to make groups by. Run and publish a new one, then split this theme.")
            )
        taken = [
            from_parts(first | store.vectors_of_run(opened, looked.run.id, [part])).rows[inside]
            for part, inside in parts.items()
        ]
    found = np.concatenate(taken).astype(np.float32) if taken else np.zeros((0, 1), np.float32)
    return np.asarray(found / np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-6), np.float32)


def _best(vectors: clumps.Floats, groups: int | None) -> tuple[clumps.Groups, clumps.Floats]:
    if groups is not None:
        return clumps.clumps(vectors, groups)
    tries = [clumps.clumps(vectors, number) for number in range(FEWEST, MOST + 1)]
    return max(tries, key=lambda one: clumps.apartness(vectors, one[1]))


def _described(looked: Looked, found: Sequence[Rows]) -> tuple[Group, ...]:
    """Groups with what is read of them: their passages nearest the middle."""
    nearest = np.concatenate([rows[:READ] for rows in found])
    read = evidence.in_context(looked.actor, looked.run.id, looked.cube, nearest)
    by_number = {said.number: said for said in read}
    near = [[by_number[n] for n in rows[:READ].tolist() if n in by_number] for rows in found]
    words = clumps.telling_words([[said.passage for said in told] for told in near])
    return tuple(
        Group(tuple(rows.tolist()), _quotes(told), telling)
        for rows, told, telling in zip(found, near, words, strict=True)
    )


def _quotes(near: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """The nearest that are of some length and do not say the same twice; shorter ones where there are no others."""
    chosen: list[tuple[Evidence, set[str]]] = []
    for said in sorted(near, key=lambda said: len(said.passage) < SHORT):
        words = set(clumps.WORD.findall(said.passage.lower()))
        if all(len(words & other) <= ALIKE * len(words | other) for _said, other in chosen):
            chosen.append((said, words))
        if len(chosen) == QUOTES:
            break
    return tuple(said for said, _words in chosen)


@use_case(Permission.CODE)
def split(
    actor: Actor,
    place: Place,
    theme: int | None,
    groups: Sequence[tuple[str, Sequence[int]]],
    why: str = "",
    shown: Shown | None = None,
) -> list[int]:
    """Take groups of passages, by number, out of a theme (None: of those that fit none), each to a theme of its own.

    Gives the new themes' numbers. Raises Conflict where the passages are no longer as they were ``shown``.
    """
    looked = look(actor, place)
    told = [(label, refs(looked, passages)) for label, passages in groups]
    if shown is not None:
        still(looked, [number for _label, passages in groups for number in passages], shown)
    names = [" ".join(label.split()).casefold() for label, _passages in groups]
    if len(set(names)) < len(names):
        raise BadInput(_("Two groups have the same name. Give each its own."))
    if theme is not None:
        return codebook.split(actor, place.id, theme, told, why)
    if not told or any(not passages for _label, passages in told):
        raise BadInput(_("Choose at least one group of passages to make a theme of."))
    return _made(actor, place, told, why)


def _made(actor: Actor, place: Place, told: Sequence[tuple[str, Sequence[Ref]]], why: str) -> list[int]:
    numbers = []
    with change_of(place.id) as change:
        for wanted, passages in told:
            number, _decision = change.make(actor, wanted, why)
            change.code(actor, passages, [number], why)
            numbers.append(number)
    return numbers
