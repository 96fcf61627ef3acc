"""What a theme analysis finds: frozen results, with what they were made with."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from insight.text.vectors import Encoder
    from insight.themes.analysis import ThemeClusterer

Labels = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float32]
Integers = npt.NDArray[np.int64]
Progress = Callable[[str, int, int], None]

THEME = "theme"
NO_ANSWER = "no answer"
OTHER_WRITING = "other writing"
# A theme is firm where its mean best-match Jaccard over thinned copies of the graph is at least this (Hennig 2007).
FIRM = 0.85


@dataclass(frozen=True)
class GroupName:
    """How a group of texts is shown: a label, up to eight telling terms, and rows that say it best."""

    label: str
    terms: tuple[str, ...]
    quotes: tuple[int, ...]


@dataclass(frozen=True)
class Theme:
    """One theme. ``size`` in texts; ``share`` of the texts that say something (for kind "no answer": of all texts with
    something written), with its 95 % Wilson interval ``low``..``high``; ``quotes`` are rows of the input, best first;
    ``stability`` 0 to 1 (None where it was not measured); ``firm`` where stability is at least ``FIRM``.
    """

    index: int
    label: str
    terms: tuple[str, ...]
    size: int
    share: float
    low: float
    high: float
    quotes: tuple[int, ...]
    stability: float | None
    firm: bool
    kind: str = THEME


@dataclass(frozen=True, eq=False)
class Findings:
    """Themes of n texts.

    ``labels`` (n,): index into ``themes``, -1 where nothing was written. ``scores`` (n,): cosine to the centre of the
    own theme, 0 to 1. ``left_out``: reason -> texts kept out of the graph (they may still have a theme of their own
    kind, "no answer"). ``seconds``: stage -> wall seconds. ``grid`` (m, d): whole-number vectors of the m different
    texts (``graph.to_grid``), ``row_of`` (n,): the grid row of each text, -1 where it has none. ``centre`` (d,): what
    was taken off the encoder's vectors; ``centroids``: one grid row per theme, zeros for those of a special kind.
    """

    labels: Labels
    scores: Floats
    themes: tuple[Theme, ...]
    left_out: Mapping[str, int]
    parameters: Mapping[str, object]
    seconds: Mapping[str, float]
    grid: Floats = field(repr=False)
    row_of: Labels = field(repr=False)
    centre: Floats = field(repr=False)
    centroids: Floats = field(repr=False)
    encoder: "Encoder" = field(repr=False)
    clusterer: "ThemeClusterer | None" = field(repr=False)

    @property
    def vectors(self) -> Floats:
        """The texts' vectors as they were clustered, (n, d), length 1; zeros where a text was kept out. Made anew."""
        from insight.themes.graph import unit

        rows = unit(self.grid[self.row_of]) if len(self.grid) else np.zeros((len(self.row_of), 1), np.float32)
        rows[self.row_of < 0] = 0
        return rows

    def place(self, texts: Sequence[str]) -> tuple[Labels, Floats]:
        """Nearest theme of each new text, and its score; -1 where nothing was written or understood."""
        from insight.themes.finding import place

        return place(self, texts)
