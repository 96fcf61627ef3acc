"""Pain points: stories to themes that hurt or help, counted under any filter, each with its evidence.

This front door is light: a worker that analyses imports ``insight.painpoints.analysis`` itself.
"""

from insight.painpoints.across import Across, Between, CommonPain, Voice, across
from insight.painpoints.asked_by_journeys import journey_of_story, most_told_at, stand_out, told_at
from insight.painpoints.changing import Change
from insight.painpoints.comparisons import (
    Changed,
    Contrast,
    Couple,
    Side,
    ToldTogether,
    WhatChanged,
    WhoDiffers,
    comparable,
    told_together,
    what_changed,
    who_differs,
    who_tells_more,
)
from insight.painpoints.model import (
    Board,
    Evidence,
    Filters,
    Fineness,
    HeatMap,
    JourneyStep,
    JourneyView,
    PainPointView,
    PassageMap,
    Quote,
    ThemeSummary,
    ToldAt,
)
from insight.painpoints.one_story import Left, leave_runs, left_meanwhile, pains_of_story, runs_that_read
from insight.painpoints.publishing import publish
from insight.painpoints.reading import forget_cached_runs, run_of
from insight.painpoints.service import (
    board,
    choices,
    export,
    journey,
    pain_point,
    passage_map,
    raise_concern,
)

__all__ = [
    "Across",
    "Between",
    "Board",
    "Change",
    "Changed",
    "CommonPain",
    "Contrast",
    "Couple",
    "Evidence",
    "Filters",
    "Fineness",
    "HeatMap",
    "JourneyStep",
    "JourneyView",
    "Left",
    "PainPointView",
    "PassageMap",
    "Quote",
    "Side",
    "ThemeSummary",
    "ToldAt",
    "ToldTogether",
    "Voice",
    "WhatChanged",
    "WhoDiffers",
    "across",
    "board",
    "choices",
    "comparable",
    "export",
    "forget_cached_runs",
    "journey",
    "journey_of_story",
    "leave_runs",
    "left_meanwhile",
    "most_told_at",
    "pain_point",
    "pains_of_story",
    "passage_map",
    "publish",
    "raise_concern",
    "run_of",
    "runs_that_read",
    "stand_out",
    "told_at",
    "told_together",
    "what_changed",
    "who_differs",
    "who_tells_more",
]
