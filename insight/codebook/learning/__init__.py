"""The machine learns from the codebook: what people coded, learned and put to the other texts (worker only: scipy)."""

from insight.codebook.learning.model import NOTHING, Learned, Overall, Rate, ThemeScore
from insight.codebook.learning.reading_list import reading_list
from insight.codebook.learning.teaching import LEAST, learn

__all__ = ["LEAST", "NOTHING", "Learned", "Overall", "Rate", "ThemeScore", "learn", "reading_list"]
