"""What a run's passages mean, as small vectors beside its cube: for search, new stories, groups within a theme."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from insight import columns

Floats = npt.NDArray[np.float32]
Rows = npt.NDArray[np.int64]

ROWS = 50_000  # in one part: 13 MB
BLOCK = 1_024  # rows that stay in the processor's cache, and too few for BLAS to share out among threads
LENGTH = 127  # of a vector as whole numbers: what fits a byte


@dataclass(frozen=True)
class Meanings:
    """Vectors of n passages, (n, d) int8, each of length ``LENGTH`` (zeros where nothing was understood).

    ``centre`` (d,) was taken off the encoder's vectors before they were made equally long; ``encoder`` made them.
    """

    rows: npt.NDArray[np.int8]
    centre: Floats
    encoder: str

    def likeness(self, asked: Floats, rows: Rows | None = None) -> Floats:
        """Cosine of passages (n, all or ``rows``) to one vector of length 1 (d,), as (n,); small blocks are quicker."""
        found = np.empty(len(self.rows) if rows is None else len(rows), np.float32)
        block = np.empty((BLOCK, len(asked)), np.float32)
        for start in range(0, len(found), BLOCK):
            part = slice(start, start + BLOCK)
            some = self.rows[part] if rows is None else self.rows[rows[part]]
            block[: len(some)] = some
            np.dot(block[: len(some)], asked, out=found[part])
        found /= LENGTH
        return found

    def apart(self, vectors: Floats) -> Floats:
        """An encoder's vectors (m, d) as this run sees them: less the centre, of length 1; zeros stay zeros."""
        empty = ~np.any(vectors != 0, axis=1)
        less = np.where(empty[:, None], 0, vectors - self.centre)
        return np.asarray(less / np.maximum(np.linalg.norm(less, axis=1, keepdims=True), 1e-9), np.float32)


def in_parts(vectors: Floats, centre: Floats, encoder: str) -> Iterator[tuple[int, bytes]]:
    """Vectors of length 1 (n, d) as numbered parts to be stored; the first holds what all of them share."""
    yield 0, columns.packed({"centre": centre.astype(np.float32)}, {"encoder": (encoder,)})
    for number, start in enumerate(range(0, len(vectors), ROWS), 1):
        yield number, np.rint(vectors[start : start + ROWS] * LENGTH).astype(np.int8).tobytes()


def from_parts(parts: Mapping[int, bytes]) -> Meanings:
    """Read what :func:`in_parts` wrote, by number of the part."""
    shared, words = columns.unpacked(parts[0])
    centre = shared["centre"]
    bodies = [np.frombuffer(parts[number], np.int8).reshape(-1, len(centre)) for number in sorted(parts) if number]
    rows = np.concatenate(bodies) if bodies else np.zeros((0, len(centre)), np.int8)
    return Meanings(rows, centre, words["encoder"][0])


def touched_parts(passages: Iterable[int]) -> dict[int, list[int]]:
    """The parts that hold some passages, and their rows there."""
    found: dict[int, list[int]] = {}
    for passage in passages:
        found.setdefault(passage // ROWS + 1, []).append(passage % ROWS)
    return found


def blanked(body: bytes, rows: Iterable[int], wide: int) -> bytes:
    """A part without what some of its rows meant."""
    held = np.frombuffer(body, np.int8).reshape(-1, wide).copy()
    held[list(rows)] = 0
    return held.tobytes()
