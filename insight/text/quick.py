"""Vectors of a few texts, for what must answer at once: the table of ``vectors.py`` without an analysis library."""

from collections.abc import Sequence
from pathlib import Path
from threading import Lock

import numpy as np
import numpy.typing as npt

from insight.errors import NotReady
from insight.text import wordpiece

Floats = npt.NDArray[np.float32]
TABLE = Path(__file__).resolve().parents[2] / "data" / "vectors" / "table.npz"


class QuickTable:
    """The same numbers as ``vectors.StaticTable``, kept as bytes: row r of the table is ``vectors[r] * scales[r]``.

    ``vectors`` (pieces, d) int8, ``scales`` (pieces, 1). For thousands of texts the other one is faster.
    """

    def __init__(self, vocabulary: dict[str, int], vectors: npt.NDArray[np.int8], scales: Floats, name: str) -> None:
        self.vocabulary = vocabulary
        self.vectors = vectors
        self.scales = scales
        self.name = name

    @classmethod
    def load(cls, path: Path = TABLE) -> "QuickTable":
        """The table in data/vectors; raises NotReady where the file is missing or damaged."""
        try:
            with np.load(path, allow_pickle=False) as saved:
                names = saved["vocabulary"].tobytes().decode("utf-8").split("\n")
                scales = saved["scales"].astype(np.float32)[:, None]
                vectors, version = saved["vectors"], saved["version"].tobytes().decode("utf-8")
        except (OSError, KeyError, ValueError) as fault:
            message = f"The vector table {path.name} is missing or damaged: run 'make vectors' or fetch it again."
            raise NotReady(message) from fault
        return cls({name: row for row, name in enumerate(names)}, vectors, scales, f"static table {version}")

    def encode(self, texts: Sequence[str]) -> Floats:
        """Mean piece vector of each text, (n, d), not normalised; zeros for a text without a known word."""
        found = np.zeros((len(texts), self.vectors.shape[1]), np.float32)
        for place, text in enumerate(texts):
            pieces = [piece for word in wordpiece.words(text) for piece in wordpiece.pieces(word, self.vocabulary)]
            if pieces:
                found[place] = (self.vectors[pieces] * self.scales[pieces]).mean(axis=0)
        return found


_lock = Lock()
_loaded: list[QuickTable] = []


def table() -> QuickTable:
    """The table of this process, read when it is first asked for; safe to ask from several threads."""
    with _lock:
        if not _loaded:
            _loaded.append(QuickTable.load())
        return _loaded[0]
