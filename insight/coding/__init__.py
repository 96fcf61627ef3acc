"""Coding: where people read the passages of a run, move them, split themes, and take the codebook out and in.

Everything here is of the published run; passages go by their numbers in it, and stories are never named.
"""

from insight.coding.groups import Group, Proposal, groups_within, split
from insight.coding.history import Coded, Event, History, history, take_back_coded, undo_all
from insight.coding.interchanging import Incoming, as_csv, as_qdc, bring_in, preview
from insight.coding.looking import Shown
from insight.coding.overview import News, Overview, ThemeLine, overview
from insight.coding.passages import (
    Moved,
    Order,
    PassagePage,
    Placed,
    Witness,
    move,
    move_to_new,
    passages_of,
    put_back,
    take_back,
)

__all__ = [
    "Coded",
    "Event",
    "Group",
    "History",
    "Incoming",
    "Moved",
    "News",
    "Order",
    "Overview",
    "PassagePage",
    "Placed",
    "Proposal",
    "Shown",
    "ThemeLine",
    "Witness",
    "as_csv",
    "as_qdc",
    "bring_in",
    "groups_within",
    "history",
    "move",
    "move_to_new",
    "overview",
    "passages_of",
    "preview",
    "put_back",
    "split",
    "take_back",
    "take_back_coded",
    "undo_all",
]
