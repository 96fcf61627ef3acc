"""The columns of an event log as they come out of a file, one row after the other, before anything is sorted."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from insight.journeys.files.times import Times
from insight.journeys.mining.log import Ints

Progress = Callable[[str, int, int], None]

CODED = pa.dictionary(pa.int32(), pa.string())


@dataclass(frozen=True)
class Coded:
    """A column of words: (r,) codes into ``words``, a pyarrow array of distinct strings; -1 where blank."""

    codes: Ints
    words: Any


@dataclass(frozen=True)
class Raw:
    """The columns of r rows.

    ``order`` (r,) is NaN where a row has no number. ``left_out`` counts the rows that are not even among these.
    """

    journey: Coded
    step: Coded
    times: Times
    organisation: Coded | None = None
    channel: Coded | None = None
    order: npt.NDArray[np.float64] | None = None
    left_out: dict[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


@dataclass
class WordColumn:
    """Blocks of one column of words, each kept as codes into its own words until all have come."""

    blocks: list[Any] = field(default_factory=list)

    def add(self, values: Any) -> None:
        """Keep a pyarrow array of anything that can be written as words."""
        if not pa.types.is_dictionary(values.type):
            values = values.cast(pa.string()).dictionary_encode()
        self.blocks.append(values.cast(CODED))

    def finish(self) -> Coded:
        """The column as one, with the blocks let go."""
        held = pa.chunked_array(self.blocks, CODED).unify_dictionaries()
        self.blocks = []
        words = held.chunk(held.num_chunks - 1).dictionary if held.num_chunks else pa.array([], pa.string())
        codes = [chunk.indices.fill_null(-1).to_numpy(zero_copy_only=False) for chunk in held.chunks]
        return _without_blanks(np.concatenate([np.zeros(0, np.int32), *codes]), words)


def _without_blanks(codes: Ints, words: Any) -> Coded:
    blank = pc.equal(pc.utf8_trim_whitespace(words), "").to_numpy(zero_copy_only=False).astype(bool)
    if blank.any():
        codes = np.where(np.append(blank, True)[codes], -1, codes).astype(np.int32)
    return Coded(codes, words)
