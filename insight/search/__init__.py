"""Search over the passages of an analysis, by meaning and by words. This is the room's front door."""

from insight.search.looking import NEAREST
from insight.search.model import By, Close, Found, Hit, ThemeFound
from insight.search.service import LONGEST, PAGE, more_like, search

__all__ = ["LONGEST", "NEAREST", "PAGE", "By", "Close", "Found", "Hit", "ThemeFound", "more_like", "search"]
