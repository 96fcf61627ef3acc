"""What the passages of a run mean, as this process holds it: read when first asked for, let go of with the run."""

import weakref

import numpy as np
from sqlalchemy.orm import Session

from insight.painpoints import store, vectors
from insight.painpoints.cube import Cube
from insight.painpoints.reading import Reading
from insight.painpoints.vectors import LENGTH, Floats, Meanings
from insight.text import quick

ROWS = 1_024  # a block that stays in the processor's cache, and too small for BLAS to share out among threads

_held: dict[int, tuple["weakref.ref[Cube]", Meanings]] = {}


def meanings(opened: Session, run_id: int, read: Reading) -> Meanings | None:
    """The vectors of a run's passages; None for a run that kept none, or none that the present table can be asked of.

    They are held as long as the run's own cube is: a story that leaves takes its vectors along.
    """
    known = _held.get(run_id)
    if known is not None and known[0]() is read.machine:
        return known[1]
    parts = store.vectors_of_run(opened, run_id)
    found = vectors.from_parts(parts) if parts else None
    if found is None or found.encoder != quick.table().name:
        return None
    _held[run_id] = (weakref.ref(read.machine, lambda _gone: _held.pop(run_id, None)), found)
    return found


def near(known: Meanings, asked: Floats) -> Floats:
    """Cosine of every passage (n,) to one vector of length 1 (d,): many times faster than in large blocks."""
    found = np.empty(len(known.rows), np.float32)
    block = np.empty((ROWS, len(asked)), np.float32)
    for start in range(0, len(found), ROWS):
        rows = known.rows[start : start + ROWS]
        block[: len(rows)] = rows
        np.dot(block[: len(rows)], asked, out=found[start : start + ROWS])
    found /= LENGTH
    return found
