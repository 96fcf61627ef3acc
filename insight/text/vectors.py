"""Sentence vectors from our own static token table: the mean of a text's word-piece vectors."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from insight.text import wordpiece
from insight.text.quick import TABLE, QuickTable

Floats = npt.NDArray[np.float32]
CHUNK = 20_000


class Encoder(Protocol):
    """What turns texts into vectors: ours, or another sentence model."""

    @property
    def name(self) -> str:
        """Which model, with its version: written into every run."""

    def encode(self, texts: Sequence[str]) -> Floats:
        """One row per text, (n, d); a text without a known word is a row of zeros. Rows need no fixed length."""


class StaticTable:
    """One vector per word piece; a text is the mean of its pieces (weights are folded into the vectors).

    ``vocabulary``: piece -> row of ``table`` (pieces, d). Deterministic: no threads and no BLAS in its sums.
    """

    def __init__(self, vocabulary: dict[str, int], table: Floats, name: str) -> None:
        self.vocabulary = vocabulary
        self.table = table
        self.name = name

    @classmethod
    def load(cls, path: Path = TABLE) -> "StaticTable":
        """The table in data/vectors (see its README); raises NotReady where the file is missing or damaged."""
        held = QuickTable.load(path)
        return cls(held.vocabulary, held.vectors.astype(np.float32) * held.scales, held.name)

    def encode(self, texts: Sequence[str]) -> Floats:
        """Mean piece vector of each text, (n, d), not normalised; memory beyond the result is that of a chunk."""
        vectors = np.zeros((len(texts), self.table.shape[1]), np.float32)
        for start in range(0, len(texts), CHUNK):
            vectors[start : start + CHUNK] = self._encode_chunk(texts[start : start + CHUNK])
        return vectors

    def _encode_chunk(self, texts: Sequence[str]) -> Floats:
        numbers, ends, found = wordpiece.number_words(texts)
        if not found:
            return np.zeros((len(texts), self.table.shape[1]), np.float32)
        rows = wordpiece.piece_rows(found, self.vocabulary)
        counts = np.array([len(row) for row in rows], np.float32)
        spelled = _bag([piece for row in rows for piece in row], np.cumsum([len(row) for row in rows]), len(self.table))
        said = _bag(numbers, ends, len(found))
        sums = said @ (spelled @ self.table)
        return np.asarray(sums / np.maximum(said @ counts, 1)[:, None], np.float32)


def word_counts(texts: Sequence[str]) -> sp.csr_matrix:
    """How often each text says each word or sign, (n, distinct words)."""
    numbers, ends, found = wordpiece.number_words(texts)
    return _bag(numbers, ends, len(found))


def _bag(numbers: Sequence[int], ends: Sequence[int] | npt.NDArray[np.int64], columns: int) -> sp.csr_matrix:
    """Counts of numbers per run: run i is ``numbers[ends[i - 1]:ends[i]]``."""
    starts = np.concatenate([[0], np.asarray(ends, np.int64)])
    bag = sp.csr_matrix(
        (np.ones(len(numbers), np.float32), np.asarray(numbers, np.int32), starts), shape=(len(starts) - 1, columns)
    )
    bag.sum_duplicates()
    return bag
