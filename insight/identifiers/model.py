"""The words of identifiers: kinds, and a mark on a text."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What in a text may point to a person."""

    NAME = "name"
    PHONE = "phone"
    EMAIL = "email"
    POSTCODE = "postcode"
    STREET = "street"
    BIRTH = "date of birth"
    NHS = "nhs number"
    NINO = "national insurance number"
    CASE = "case number"
    PLATE = "number plate"
    BANK = "bank details"
    HANDLE = "social media name"
    LINK = "web address"


@dataclass(frozen=True, slots=True, order=True)
class Mark:
    """One identifier in a text: from ``start`` up to ``end``, in characters."""

    start: int
    end: int
    kind: Kind


def masked(text: str, marks: Sequence[Mark]) -> str:
    """The text with each mark's words replaced by its kind, such as ``[name]``. Marks do not overlap."""
    parts, done = [], 0
    for mark in sorted(marks):
        parts += [text[done : mark.start], f"[{mark.kind}]"]
        done = mark.end
    return "".join(parts) + text[done:]
