"""The codebook: lasting themes, what people decided about them, what they coded. This is the room's front door.

``learning`` loads the analysis libraries: the worker alone imports it.
"""

from insight.codebook import rounds
from insight.codebook.model import Book, Coding, Decision, Kind, LastingTheme, State
from insight.codebook.reading import RunBook, Standing, book_of, keep_run, standing, state_of
from insight.codebook.service import (
    book,
    bring_back,
    code,
    coded,
    describe,
    make,
    merge,
    nest,
    rename,
    set_aside,
    split,
    take_back,
    undo,
    unnest,
)
from insight.codebook.store import (
    add_found,
    call_anew,
    found_again,
    is_enlisted,
    newest_run,
    next_number,
)

__all__ = [
    "Book",
    "Coding",
    "Decision",
    "Kind",
    "LastingTheme",
    "RunBook",
    "Standing",
    "State",
    "add_found",
    "book",
    "book_of",
    "bring_back",
    "call_anew",
    "code",
    "coded",
    "describe",
    "found_again",
    "is_enlisted",
    "keep_run",
    "make",
    "merge",
    "nest",
    "newest_run",
    "next_number",
    "rename",
    "rounds",
    "set_aside",
    "split",
    "standing",
    "state_of",
    "take_back",
    "undo",
    "unnest",
]
