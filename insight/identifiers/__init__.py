"""Identifiers: what in a text may point to a person. This is the room's front door."""

from insight.identifiers.finding import find
from insight.identifiers.model import Kind, Mark, masked

__all__ = ["Kind", "Mark", "find", "masked"]
