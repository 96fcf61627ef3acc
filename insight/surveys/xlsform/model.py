"""The words of XLSForm: rows of its sheets, groups of rows, and what could not be carried."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from insight.intake.questions import Wording
from insight.surveys.model import Working

DAYS_UNITS, YES_NO = "length_unit", "yes_no"
TITLE, WELCOME, THANKS, READ_OUT = "title", "welcome", "thanks", "consent_read_out"
YES_NO_CODES = ({"yes", "no"}, {"yes", "no", "unknown"})
DATE_PARTS = ("day", "month", "year")
LOOKS = ("", "field-list", "multiline")  # the appearances that we write: how a page is laid out, nothing more


@dataclass(frozen=True, slots=True)
class NotCarried:
    """Something in a file that our questions cannot hold: where it stands, and why it was left out or changed."""

    sheet: str
    row: int
    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Carried:
    """What came out of a file: a working copy, and everything that is not in it."""

    working: Working
    left_out: tuple[NotCarried, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a sheet: its number in the file, cells by column, and texts by column and language."""

    number: int
    cells: Mapping[str, str]
    texts: Mapping[str, Wording]

    @property
    def name(self) -> str:
        """The name of the question."""
        return self.cells.get("name", "")

    @property
    def type(self) -> str:
        """The type of the question, in small letters with single spaces."""
        return " ".join(self.cells.get("type", "").lower().split())

    @property
    def list_name(self) -> str:
        """The list that a question chooses from."""
        words = self.cells.get("type", "").split()
        return words[1] if len(words) > 1 else ""


@dataclass(slots=True)
class Node:
    """A row, and within a group or a repeat those that stand in it."""

    row: Row
    children: list["Node"] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Form:
    """A file as read: its rows as a tree, its lists of answers, its title, and the languages of its texts."""

    nodes: tuple[Node, ...]
    lists: Mapping[str, tuple[Row, ...]]
    title: str
    languages: tuple[str, ...]


def length_check(most: int) -> str:
    """The constraint of a text."""
    return f"string-length(.) <= {most}"


def number_check(most: int) -> str:
    """The constraint of a number."""
    return f". >= 0 and . <= {most}"
