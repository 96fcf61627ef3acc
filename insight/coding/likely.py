"""Which themes a passage most likely speaks of, so that they stand under the number keys."""

import weakref
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sqlalchemy.orm import Session

from insight.codebook import Book
from insight.painpoints import meant
from insight.painpoints.cube import Cube
from insight.painpoints.reading import Reading
from insight.painpoints.vectors import ROWS, Meanings

Ints = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float32]

OFFERED = 9  # as many as there are number keys
NEW = 2  # of them for themes that people made and that have no passages to be near to yet


@dataclass(frozen=True)
class Middles:
    """Where themes stand: k ``numbers`` and the mean direction of the passages of each, (k, d)."""

    numbers: Ints
    directions: Floats


_held: dict[int, tuple["weakref.ref[Cube]", tuple[int, int], Middles]] = {}


def likeliest(opened: Session, run_id: int, read: Reading, passage: int, guess: int | None) -> tuple[int, ...]:
    """Up to ``OFFERED`` themes in use: the machine's guess first, then those whose passages say the most alike."""
    book = read.known.book
    meanings = meant.meanings(opened, run_id, read)
    if meanings is None:
        order = list(biggest(read))
    else:
        middles = _middles(run_id, read, meanings)
        near = middles.directions @ meanings.rows[passage].astype(np.float32)
        order = middles.numbers[np.argsort(-near, kind="stable")].tolist()
    in_use = {theme.number for theme in book.active}
    known = [number for number in dict.fromkeys([*([] if guess is None else [guess]), *order]) if number in in_use]
    new = [number for number in _made_by_people(book) if number not in known][:NEW]
    return (*known[: OFFERED - len(new)], *new)


def biggest(read: Reading) -> tuple[int, ...]:
    """The themes in use with the most passages: the same for everybody and every passage."""
    theme = read.cube.theme
    sizes = np.bincount(theme[theme >= 0], minlength=1)
    in_use = {one.number for one in read.known.book.active}
    order = [number for number in np.argsort(-sizes, kind="stable").tolist() if number in in_use]
    rest = sorted(in_use - set(order), reverse=True)
    return tuple((order + rest)[:OFFERED])


def _made_by_people(book: Book) -> list[int]:
    """The newest first."""
    return [theme.number for theme in reversed(book.active) if not theme.by_machine]


def _middles(run_id: int, read: Reading, meanings: Meanings) -> Middles:
    """Made anew when themes were decided on or the machine learned, not at each coding: one passage moves no middle."""
    decided, _coded, learned, *_rest = read.known.state
    known = _held.get(run_id)
    if known is None or known[0]() is not read.machine or known[1] != (decided, learned):
        gone = weakref.ref(read.machine, lambda _gone: _held.pop(run_id, None))
        known = _held[run_id] = (gone, (decided, learned), middles_of(read.cube.theme, meanings))
    return known[2]


def middles_of(theme: Ints, meanings: Meanings) -> Middles:
    """The mean direction of the passages of each theme (Rocchio 1971); ``theme`` (n,), -1 for none."""
    count = int(theme.max(initial=-1)) + 1
    sums = np.zeros((count, meanings.rows.shape[1]), np.float32)
    for start in range(0, len(theme), ROWS):
        part = theme[start : start + ROWS]
        order = np.argsort(part, kind="stable")
        order = order[part[order] >= 0]
        if len(order):
            found, first = np.unique(part[order], return_index=True)
            rows = meanings.rows[start : start + ROWS][order]
            sums[found] += np.add.reduceat(rows, first, axis=0, dtype=np.int32)
    length = np.linalg.norm(sums, axis=1)
    numbers = np.flatnonzero(length > 0).astype(np.int32)
    return Middles(numbers, sums[numbers] / length[numbers, None])
