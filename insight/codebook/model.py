"""The words of the codebook: lasting themes, what people decided about them, what people coded."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What a decision does to the codebook."""

    MAKE = "make"
    RENAME = "rename"
    DESCRIBE = "describe"
    MERGE = "merge"
    SPLIT = "split"
    SET_ASIDE = "set aside"
    BRING_BACK = "bring back"
    NEST = "nest"
    UNNEST = "unnest"
    UNDO = "undo"


class State(StrEnum):
    """Where a lasting theme stands. A theme that was merged lives on in another."""

    ACTIVE = "active"
    SET_ASIDE = "set aside"
    MERGED = "merged"


@dataclass(frozen=True, slots=True)
class Made:
    """A lasting theme as it came to be. ``number`` is its own within its place, for ever.

    ``label`` is the machine's latest name for it, or "" where a person made it; ``known`` the code of a known pain.
    """

    number: int
    label: str
    known: str | None
    by: str
    at: datetime
    by_machine: bool


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision of a person, never changed afterwards. ``undone`` is read: whether a later one took it back.

    ``detail`` by kind: MAKE and RENAME {"label"}; DESCRIBE {"description", "includes", "excludes"}; MERGE {"into"};
    SPLIT {"new": number, "label", "passages": how many}; NEST and UNNEST {"under"}; UNDO {"decision": id}; else none.
    """

    id: int
    kind: Kind
    theme: int
    detail: Mapping[str, Any]
    why: str
    by: str
    at: datetime
    undone: bool = False


@dataclass(frozen=True, slots=True)
class LastingTheme:
    """A theme of the codebook as it stands: the machine's start with all that people decided since.

    ``label`` is what to show; ``named`` whether a person gave it. ``touched`` says that people decided something about
    it, or moved passages into it, so that the machine may not take it apart. ``parents`` are broader themes.
    """

    number: int
    label: str
    named: bool
    description: str
    includes: str
    excludes: str
    state: State
    merged_into: int | None
    parents: tuple[int, ...]
    known: str | None
    by_machine: bool
    made_by: str
    made_at: datetime
    touched: bool


@dataclass(frozen=True)
class Book:
    """A place's codebook as it stands after ``decisions``: lasting themes by number."""

    themes: Mapping[int, LastingTheme]
    decisions: tuple[Decision, ...] = field(repr=False)

    def live(self, number: int) -> int:
        """The number of the theme that a theme lives on in: its own unless it was merged."""
        into = self.themes[number].merged_into
        return number if into is None else self.live(into)

    def in_use(self, numbers: Iterable[int]) -> tuple[int, ...]:
        """The themes that some live on in, each once, in this order; those that were set aside are left out."""
        live = dict.fromkeys(self.live(number) for number in numbers if number in self.themes)
        return tuple(number for number in live if self.themes[number].state is State.ACTIVE)

    @property
    def active(self) -> tuple[LastingTheme, ...]:
        """The themes in use, by number."""
        return tuple(self.themes[number] for number in sorted(self.themes) if self.themes[number].state is State.ACTIVE)

    def called(self, label: str) -> LastingTheme | None:
        """The theme in use with this name, whatever its case."""
        wanted = label.strip().casefold()
        return next((theme for theme in self.active if theme.label.casefold() == wanted), None)


@dataclass(frozen=True, slots=True)
class Coding:
    """What one person said about one passage: the themes it speaks of, the main one first.

    ``themes`` () says that it speaks of none of them, None that the person took their earlier answer back.
    ``passage`` is the passage's key: it stays the same from run to run while the words stay the same. ``round`` is the
    round of blind coding that the answer belongs to; ``decision`` the split it came from.
    """

    id: int
    story: int
    passage: int
    themes: tuple[int, ...] | None
    by: str
    at: datetime
    why: str = ""
    round: int | None = None
    decision: int | None = None
