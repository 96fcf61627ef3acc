"""Equality questions: asked apart from the story, kept apart from it, and used only as counts."""

from insight.equality.model import Heard, OptionCount, QuestionCounts
from insight.equality.rules import NOT_SAID
from insight.equality.service import counts, equality_questions, keep

__all__ = [
    "NOT_SAID",
    "Heard",
    "OptionCount",
    "QuestionCounts",
    "counts",
    "equality_questions",
    "keep",
]
