"""What the passages of a run mean, as this process holds it: read when first asked for, let go of with the run."""

import weakref

from sqlalchemy.orm import Session

from insight.painpoints import store, vectors
from insight.painpoints.cube import Cube
from insight.painpoints.reading import Reading
from insight.painpoints.vectors import Meanings
from insight.text import quick

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
