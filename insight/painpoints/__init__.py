"""Pain points: stories to themes that hurt or help, counted under any filter, each with its evidence.

This front door is light: a worker that analyses imports ``insight.painpoints.analysis`` itself.
"""

from insight.painpoints.model import (
    Board,
    Evidence,
    Filters,
    HeatMap,
    JourneyStep,
    JourneyView,
    PainPointView,
    PassageMap,
    Quote,
    ThemeSummary,
    Trend,
)
from insight.painpoints.service import board, choices, export, forget_cached_runs, journey, pain_point, passage_map

__all__ = [
    "Board",
    "Evidence",
    "Filters",
    "HeatMap",
    "JourneyStep",
    "JourneyView",
    "PainPointView",
    "PassageMap",
    "Quote",
    "ThemeSummary",
    "Trend",
    "board",
    "choices",
    "export",
    "forget_cached_runs",
    "journey",
    "pain_point",
    "passage_map",
]
