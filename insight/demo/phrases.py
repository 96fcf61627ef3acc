"""Phrase files: plain text under ``== headings``, one sentence a line, with ``{slots}`` and decks to draw from."""

import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Generic, TypeVar

from insight.demo.place import DATA
from insight.errors import BadInput

WRITING = DATA / "writing"
SLOT = re.compile(r"\{(\w+)\}")
WORD = re.compile(r"[a-z]+")
LOOK_AHEAD = 6
HEARD = frozenset(("service", "other", "kin"))
KIN = {
    **dict.fromkeys(("mum", "mam", "mother"), "mum"),
    **dict.fromkeys(("dad", "father"), "dad"),
    **dict.fromkeys(("nan", "gran", "grandma"), "nan"),
    **dict.fromkeys(("son", "lad", "boy"), "son"),
    **dict.fromkeys(("daughter", "lass"), "daughter"),
    **{word: word for word in ("husband", "wife", "brother", "sister", "grandad", "grandson", "partner", "twins")},
}

Card = TypeVar("Card")
Part = str | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Phrase:
    """A sentence core: its text and slots in turn, and which relatives it speaks of."""

    parts: tuple[Part, ...]
    kin: frozenset[str]


class Deck(Generic[Card]):
    """Cards drawn without repeat until all were seen, then shuffled anew: people rarely say the very same thing."""

    def __init__(self, cards: Sequence[Card]) -> None:
        self._cards = list(cards)
        self._at = 0

    def __len__(self) -> int:
        return len(self._cards)

    @property
    def left(self) -> int:
        """How many cards were not seen since the last shuffle."""
        return len(self._cards) - self._at

    def renew(self) -> None:
        """Let every card be drawn again, shuffled anew."""
        self._at = 0

    def draw(self, rng: random.Random, fits: Callable[[Card], bool] | None = None) -> Card:
        """The next card; of the next few the first that fits, the others staying for later, if ``fits`` is given."""
        if not self.left:
            self.renew()
        if not self._at:
            rng.shuffle(self._cards)
        cards, at = self._cards, self._at
        if fits is not None:
            found = next((spot for spot in range(at, min(at + LOOK_AHEAD, len(cards))) if fits(cards[spot])), at)
            cards[at], cards[found] = cards[found], cards[at]
        self._at += 1
        return cards[at]


@cache
def read_sections(name: str) -> Mapping[str, tuple[Phrase, ...]]:
    """Sections of phrases from ``writing/<name>.txt``. Raises ``BadInput`` when a slot is not known."""
    path = WRITING / f"{name}.txt"
    sections = {head: tuple(_phrase(line, path) for line in lines) for head, lines in _lines(path)}
    if not sections:
        raise BadInput(f"{path.name} has no sentences: put a heading such as '== any' above them.")
    return sections


def render(phrase: Phrase, rng: random.Random, heard: Mapping[str, Sequence[str]]) -> str:
    """The phrase with its slots filled; ``heard`` says what {service}, {other} and {kin} are here."""
    said = []
    for part in phrase.parts:
        if isinstance(part, tuple):
            options: Sequence[str] = heard[part[0]] if len(part) == 1 else part
            said.append(options[int(rng.random() * len(options))])
        else:
            said.append(part)
    return "".join(said)


@cache
def _slots() -> Mapping[str, tuple[str, ...]]:
    return {head: tuple(lines) for head, lines in _lines(WRITING / "slots.txt")}


def _lines(path: Path) -> Iterator[tuple[str, list[str]]]:
    head = ""
    lines: list[str] = []
    for raw in path.read_text("utf-8").splitlines():
        line = raw.strip()
        if line.startswith("== "):
            if lines:
                yield head, lines
            head, lines = line[3:], []
        elif line and not line.startswith("# "):
            lines.append(line)
    if lines:
        yield head, lines


def _phrase(line: str, path: Path) -> Phrase:
    """Text and slots in turn; a slot that depends on the journey keeps its name as its only option."""
    parts: list[Part] = []
    for at, piece in enumerate(SLOT.split(line)):
        if at % 2 == 0:
            parts.extend([piece] if piece else [])
        elif piece in HEARD:
            parts.append((piece,))
        elif piece in _slots():
            parts.append(_slots()[piece])
        else:
            raise BadInput(f"{path.name}: there is no slot {{{piece}}}. Add it to slots.txt or spell it as there.")
    return Phrase(tuple(parts), frozenset(KIN[word] for word in WORD.findall(line.lower()) if word in KIN))
