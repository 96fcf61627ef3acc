"""Concerns: words that speak of harm, found by rule, and who can be called. Tuned for recall; nothing here decides."""

from insight.concerns.help import help_for
from insight.concerns.model import Concern, ConcernKind, HelpLine
from insight.concerns.rules import concerns_in

__all__ = ["Concern", "ConcernKind", "HelpLine", "concerns_in", "help_for"]
