"""A codebook as a file tells it: themes by name, each under its broader ones; checked, and bounded. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from graphlib import CycleError, TopologicalSorter

from insight.codebook.model import Book, LastingTheme, State
from insight.codebook.rules import broader_of
from insight.errors import BadInput
from insight.language import _

MOST_THEMES = 5_000
DEEPEST = 20
LONGEST_NAME, LONGEST_TEXT = 200, 10_000
NOT_IN_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class ReadTheme:
    """A theme as a codebook file tells it. ``broader`` are names of other themes of the file.

    ``number`` is known from a table only, ``guid`` from a .qdc only (see :func:`guid`); else None and "".
    """

    name: str
    description: str = ""
    includes: str = ""
    excludes: str = ""
    broader: tuple[str, ...] = ()
    state: State = State.ACTIVE
    made_by: str = ""
    number: int | None = None
    guid: str = ""


def themes_of(book: Book) -> tuple[ReadTheme, ...]:
    """The themes of a codebook as a file tells them, in use or set aside, by number; merged ones live on in others.

    Two themes of one name are told apart by their numbers. The first broader theme stays the first, others come by
    number; of those that would go round in a circle, the last is left out.
    """
    kept = [book.themes[number] for number in sorted(book.themes) if book.themes[number].state is not State.MERGED]
    names = _names(kept)
    broader = broader_of(book, kept)
    return tuple(
        ReadTheme(
            name=names[theme.number],
            description=tidy(theme.description),
            includes=tidy(theme.includes),
            excludes=tidy(theme.excludes),
            broader=tuple(names[parent] for parent in _first_then_by_number(broader[theme.number])),
            state=theme.state,
            made_by=one_line(theme.made_by),
            number=theme.number,
        )
        for theme in kept
    )


def _names(themes: Iterable[LastingTheme]) -> dict[int, str]:
    names: dict[int, str] = {}
    taken: set[str] = set()
    for theme in sorted(themes, key=lambda theme: (theme.state is not State.ACTIVE, theme.number)):
        name = one_line(theme.label)[:LONGEST_NAME] or str(theme.number)
        while name.casefold() in taken:
            name = f"{name[: LONGEST_NAME - 12]} ({theme.number})"
        names[theme.number] = name
        taken.add(name.casefold())
    return names


def _first_then_by_number(broader: Sequence[int]) -> list[int]:
    return [*broader[:1], *sorted(broader[1:])]


def checked(themes: Sequence[ReadTheme]) -> tuple[ReadTheme, ...]:
    """Themes as read, with broader ones by the names they have. Raises BadInput: none, alike, too long, in a circle."""
    if not themes:
        raise BadInput(_("There is no theme in the file: check that it is the codebook you meant."))
    names: set[str] = set()
    for theme in themes:
        short_enough(theme, LONGEST_NAME, LONGEST_TEXT)
        if theme.name.casefold() in names:
            told = _("Two themes are called “{name}”: give each a name of its own.")
            raise BadInput(told.format(name=theme.name))
        names.add(theme.name.casefold())
    return _linked(themes)


def short_enough(theme: ReadTheme, name: int, text: int) -> None:
    """BadInput where a theme's name has more than ``name`` characters, or one of its texts more than ``text``."""
    if len(theme.name) > name:
        told = _("The name “{name}...” is longer than {number} characters: shorten it.")
        raise BadInput(told.format(name=theme.name[:40], number=name))
    if max(map(len, (theme.description, theme.includes, theme.excludes))) > text:
        told = _("The description of “{name}” is longer than {number} characters: shorten it.")
        raise BadInput(told.format(name=theme.name, number=f"{text:,}"))


def _linked(themes: Sequence[ReadTheme]) -> tuple[ReadTheme, ...]:
    """Broader themes by the names that they have, whatever the case; none missing, none in a circle, none too deep."""
    written = {theme.name.casefold(): theme.name for theme in themes}
    linked = []
    for theme in themes:
        missing = next((name for name in theme.broader if name.casefold() not in written), None)
        if missing is not None:
            told = _("“{name}” stands under “{broader}”, which is not in the file: add it or take it out.")
            raise BadInput(told.format(name=theme.name, broader=missing[:LONGEST_NAME]))
        linked.append(replace(theme, broader=tuple(dict.fromkeys(written[name.casefold()] for name in theme.broader))))
    _check_levels({theme.name: theme.broader for theme in linked})
    return tuple(linked)


def _check_levels(broader: Mapping[str, tuple[str, ...]]) -> None:
    left = dict(broader)
    for _level in range(DEEPEST):
        left = {name: above for name, above in left.items() if any(parent in left for parent in above)}
        if not left:
            return
    try:
        TopologicalSorter(left).prepare()
    except CycleError as circle:
        told = _("“{name}” stands under itself, by way of its broader themes: take one of them out.")
        raise BadInput(told.format(name=circle.args[1][0])) from None
    raise BadInput(too_deep())


def too_deep() -> str:
    """What to say of themes nested too deep."""
    return _("Themes stand more than {number} levels deep: use fewer.").format(number=DEEPEST)


def one_line(text: str) -> str:
    """A name: one line of characters that XML can hold."""
    return " ".join(NOT_IN_XML.sub("", text.replace("\r", "\n")).split())


def tidy(text: str) -> str:
    """A longer text: lines of characters that XML can hold."""
    return NOT_IN_XML.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()


def too_many() -> str:
    """What to say of more themes than are read."""
    told = _("There are more than {number} themes in the file, which is not like any codebook.")
    return told.format(number=f"{MOST_THEMES:,}")
