"""The words of the paper room: a form as it is printed, whatever prints it."""

from dataclasses import dataclass
from enum import StrEnum

from insight.language import Language

REFERENCE_PLACES = (3, 3, 4)


class Size(StrEnum):
    """How large the print is. Both are on A4 paper."""

    A4 = "a4"
    LARGE = "large"


class Kind(StrEnum):
    """What there is to fill in under a question."""

    ONE = "one"  # tick one box
    ANY = "any"  # tick any number of boxes
    WRITING = "writing"
    NAME = "name"  # one line
    DATE = "date"
    LENGTH = "length"  # a number, and a box for its unit
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Box:
    """A box to tick. ``code`` is printed beside it, and is what staff type when they key the form in."""

    code: str
    words: str


@dataclass(frozen=True, slots=True)
class Item:
    """A question. ``id`` is printed beside it: ``need``, or ``1.service`` for a question about the first step.

    ``lines`` is how many lines there are to write on; ``slots`` are boxes for single characters, in groups, each with
    the words above it.
    """

    id: str
    kind: Kind
    words: str
    help: str = ""
    how: str = ""
    boxes: tuple[Box, ...] = ()
    lines: int = 0
    slots: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to know, under a heading."""

    heading: str
    text: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """Questions that stand together under a heading; a step is one part and starts on a page of its own."""

    heading: str
    lead: str = ""
    items: tuple[Item, ...] = ()
    new_page: bool = False
    after: str = ""


@dataclass(frozen=True, slots=True)
class PaperForm:
    """A whole form in one language. Every text is final but ``page_words``, which takes ``page`` and ``pages``.

    ``danger`` stands first on the first page, ``slip`` last on the last one, to be torn off.
    """

    id: str
    language: Language
    title: str
    place: str
    danger: Notice
    notices: tuple[Notice, ...]
    parts: tuple[Part, ...]
    endings: tuple[Notice, ...]
    slip: Notice
    page_words: str
    synthetic: str = ""

    @property
    def items(self) -> tuple[Item, ...]:
        """Every question, in the order on paper."""
        return tuple(item for part in self.parts for item in part.items)
