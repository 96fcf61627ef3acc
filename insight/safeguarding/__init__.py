"""Safeguarding: the queue of stories that speak of harm; every reading is logged and nothing closes by itself."""

from insight.safeguarding.model import Decision, Event, Item, Mark, Reading, State, What
from insight.safeguarding.service import decide, decided, item, queue, raise_concern, read

__all__ = [
    "Decision",
    "Event",
    "Item",
    "Mark",
    "Reading",
    "State",
    "What",
    "decide",
    "decided",
    "item",
    "queue",
    "raise_concern",
    "read",
]
