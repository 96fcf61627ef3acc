"""Texts to themes as one scikit-learn Pipeline, for notebooks."""

from typing import Any, Self

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.pipeline import Pipeline
from sklearn.utils.validation import check_array

from insight.text.vectors import Encoder, StaticTable
from insight.themes.analysis import ThemeClusterer
from insight.themes.model import Floats


class SentenceVectors(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Texts (n,) to their sentence vectors (n, d), by ``encoder``: None is our own table. There is nothing to fit.

    A text without a known word is a row of zeros.
    """

    def __init__(self, *, encoder: Encoder | None = None) -> None:
        self.encoder = encoder

    def fit(self, X: Any, y: Any = None) -> Self:  # noqa: N803  (scikit-learn's names)
        """Check that X holds texts."""
        _texts(X)
        return self

    def transform(self, X: Any) -> Floats:  # noqa: N803
        """Vectors of the texts, (n, d) float32. Raises ValueError where X is not one text a row."""
        return (self.encoder or StaticTable.load()).encode(_texts(X))

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.string, tags.input_tags.two_d_array = True, False
        tags.requires_fit = False
        return tags


def theme_pipeline(
    *, resolution: float | None = None, random_state: int = 0, encoder: Encoder | None = None
) -> Pipeline:
    """``theme_pipeline().fit_predict(texts)``: the theme of each text, (n,), the biggest theme is 0.

    ``find_themes`` also keeps repeats and non-answers apart, hears the words when texts settle, and names the themes.
    """
    themes = ThemeClusterer(resolution=resolution, random_state=random_state)
    return Pipeline([("vectors", SentenceVectors(encoder=encoder)), ("themes", themes)])


def _texts(values: Any) -> list[str]:
    if isinstance(values, str):
        raise ValueError("Expected a list of texts, got one text: put it into a list.")
    column = check_array(np.asarray(values, object), ensure_2d=False, dtype=None, ensure_min_samples=1)
    if column.ndim != 1:
        raise ValueError("Expected one text a row: choose one column.")
    if not all(isinstance(text, str) for text in column):
        raise ValueError("Expected texts: fill what is missing with an empty text.")
    return list(column)
