"""What the passages of a run mean and which words they hold, as this process keeps it: read when first asked for.

Both are held as long as the run's own cube is: a story that leaves takes its share along.
"""

import weakref

from sqlalchemy.orm import Session

from insight.painpoints import store, vectors, wording
from insight.painpoints.cube import Cube
from insight.painpoints.reading import Reading
from insight.painpoints.vectors import Meanings
from insight.painpoints.wording import Signatures
from insight.text import quick

_held: dict[int, tuple["weakref.ref[Cube]", Meanings]] = {}
_worded: dict[int, tuple["weakref.ref[Cube]", Signatures]] = {}


def meanings(opened: Session, run_id: int, read: Reading) -> Meanings | None:
    """The vectors of a run's passages; None where none were kept, or not of the present table."""
    known = _held.get(run_id)
    if known is not None and known[0]() is read.machine:
        return known[1]
    parts = store.vectors_of_run(opened, run_id)
    found = vectors.from_parts(parts) if parts else None
    if found is None or found.encoder != quick.table().name:
        return None
    _held[run_id] = (weakref.ref(read.machine, lambda _gone: _held.pop(run_id, None)), found)
    return found


def signatures(opened: Session, run_id: int, read: Reading) -> Signatures | None:
    """The signatures of a run's passages; None for a run from before they were kept."""
    known = _worded.get(run_id)
    if known is not None and known[0]() is read.machine:
        return known[1]
    parts = store.wording_of_run(opened, run_id)
    if not parts:
        return None
    found = wording.from_parts(parts)
    _worded[run_id] = (weakref.ref(read.machine, lambda _gone: _worded.pop(run_id, None)), found)
    return found
