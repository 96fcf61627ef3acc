"""Common themes in texts: sentence vectors, neighbour graph, communities, labels, terms and quotes.

No database here.

The front door:

``find_themes(texts, *, seed=0, resolution=None, encoder=None, progress=None) -> Findings``
    Groups texts (passages or whole comments) into themes; never raises on few, empty or equal texts.
    ``progress(stage: str, done: int, total: int)`` is called as each stage goes on.
``name_groups(texts, labels, *, vectors=None, encoder=None, quotes=3) -> list[GroupName]``
    Label, terms and quotes for any grouping (``labels``: int per text, -1 is left out); entry i names group i.
``analyse_file(path, *, text, id=None, labelled=None, stories=False, seed=0, resolution=None, encoder=None, out, ...)``
    The file tool: writes assignments.csv, themes.csv and run.json into ``out`` and returns what run.json holds; with
    ``labelled``, a column of given labels, also scores.csv.
``themes_in_parts(parts, read, *, write=None, seed=0, resolution=None, sample_size=60_000, ...) -> InParts``
    Tens of millions of texts: themes of a sample, then every part placed, here or on a Dask cluster (docs/scale.md).
``theme_pipeline(*, resolution=None, random_state=0, encoder=None) -> sklearn Pipeline``
    ``SentenceVectors`` (texts to vectors), then ``ThemeClusterer``: ``theme_pipeline().fit_predict(texts)``.

``Findings``: ``labels`` int32 (n,), index into ``themes``, -1 where the text is empty; ``scores`` float32 (n,), 0 to 1,
    cosine to the own theme's centre; ``themes`` tuple of ``Theme``, biggest first, special ones (no answer) last;
    ``vectors`` float32 (n, d), L2-normalised, as clustered; ``left_out`` {reason: number of texts};
    ``parameters``; ``seconds`` {stage: seconds}; ``clusterer``: the fitted ``ThemeClusterer`` or None;
    ``place(texts) -> (labels, scores)`` puts new texts into these themes.
``Theme``: ``index, label, terms, size, share, low, high, quotes, stability, firm, kind`` (kind: "theme", "no answer",
    "other writing"); quotes are row indices into ``texts``, the best first.
``GroupName``: ``label, terms, quotes``.
"""

from insight.themes.analysis import ThemeClusterer
from insight.themes.files import analyse_file
from insight.themes.finding import find_themes, name_groups
from insight.themes.model import Findings, GroupName, Theme
from insight.themes.parts import InParts, themes_in_parts
from insight.themes.pipeline import SentenceVectors, theme_pipeline

__all__ = [
    "Findings",
    "GroupName",
    "InParts",
    "SentenceVectors",
    "Theme",
    "ThemeClusterer",
    "analyse_file",
    "find_themes",
    "name_groups",
    "theme_pipeline",
    "themes_in_parts",
]
