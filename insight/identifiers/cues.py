"""A text word by word, and what the words before one say for a name: titles, kin, callings, words of talk."""

import re
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property

from insight.identifiers import name_words as words
from insight.identifiers.plain import without_accents

WORD = re.compile(r"[^\W\d_]+(?:['\-][^\W\d_]+)*")
_ENDINGS = re.compile(r"'(?:s|ll|d|ve|re|m|t)$", re.IGNORECASE)
_AFTER_TITLE = re.compile(r"\.?\s{1,2}(?:\d{1,6}\s)?")
_AFTER_CALLED_TITLE = re.compile(r"\s{1,2}")
_AFTER_CUE = re.compile(r"[\s,:=.(\-]{1,4}|'")
ANY_TITLE = words.TITLES | words.CALLED_TITLES


class Cue(IntEnum):
    """How much the words before speak for a name."""

    NONE = 0
    TALK = 1
    PERSON = 2
    NAME = 3


class Capitals(IntEnum):
    """What capital letters tell in a text."""

    NAMES = 0
    NOTHING = 1
    SHOUTED = 2


@dataclass(slots=True)
class Word:
    """A word of the text; ``end`` and ``low`` are without a possessive or a short form."""

    start: int
    end: int
    whole_end: int
    text: str
    low: str

    @property
    def capital(self) -> bool:
        """Whether it begins with a capital letter."""
        return self.text[0].isupper()

    @property
    def shouted(self) -> bool:
        """Whether it is in capital letters."""
        return len(self.text) > 1 and self.text.isupper()


def _read(text: str) -> list[Word]:
    found = []
    for match in WORD.finditer(text):
        word = match[0]
        ending = _ENDINGS.search(word) if "'" in word else None
        cut = word[: ending.start()] if ending else word
        if ending and ending[0].lower() == "'t":
            cut = word
        found.append(Word(match.start(), match.start() + len(cut), match.end(), cut, without_accents(cut)))
    return found


def _capitals(all_words: list[Word]) -> Capitals:
    """Whether capitals can mean names: not in a text that has them everywhere."""
    longer = [word for word in all_words[1:] if len(word.text) > 2]
    if len(all_words) >= 3 and sum(word.shouted for word in all_words) > 0.6 * len(all_words):
        return Capitals.SHOUTED
    if len(longer) >= 4 and sum(word.capital for word in longer) > 0.6 * len(longer):
        return Capitals.NOTHING
    return Capitals.NAMES


class Text:
    """A text with its words, each known by its place among them."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.words = _read(text)

    @cached_property
    def capitals(self) -> Capitals:
        """What capitals tell here; asked only where a word could be a name."""
        return _capitals(self.words)

    def gap(self, place: int) -> str:
        """What stands between a word and the one before it."""
        if not 0 < place < len(self.words):
            return "" if place else "\n"
        return self.text[self.words[place - 1].whole_end : self.words[place].start]

    def low(self, place: int) -> str:
        """A word in lower case without accents; nothing where there is none."""
        return self.words[place].low if 0 <= place < len(self.words) else ""

    def title(self, place: int) -> int:
        """The place of the word that a title stands before, or the same place."""
        after = place
        while after < len(self.words) - 1 and self.low(after) in ANY_TITLE:
            allowed = _AFTER_TITLE if self.low(after) in words.TITLES else _AFTER_CALLED_TITLE
            if after - place > 2 or not allowed.fullmatch(self.gap(after + 1)):
                break
            after += 1
        return after

    def title_cue(self, place: int) -> Cue:
        """What a title says of the word after it."""
        return Cue.NAME if self.low(place) in words.TITLES else Cue.PERSON

    def cue(self, place: int) -> Cue:
        """What the words before a word say of it."""
        gap = self.gap(place)
        if not place or not _AFTER_CUE.fullmatch(gap):
            return Cue.NONE
        before, earlier = self._whole(place - 1), self.low(place - 2)
        if before in ("is", "was", "are", "am", "i'm", "im", "be", "called", "named", "as"):
            return self._linked(place, before, earlier)
        needed = words.NAME_CUES.get(before)
        near = {earlier, self.low(place - 3), self.low(place - 4)}
        if needed is not None and earlier not in words.NOT_A_PERSONS_NAME and (not needed or near.intersection(needed)):
            return Cue.NAME
        if before in words.SIGN_OFFS and (gap.strip() or self._ends_line(place)):
            return Cue.PERSON if before not in ("thanks", "cheers") else Cue.TALK
        return self._company(before, earlier, gap)

    def _company(self, before: str, earlier: str, gap: str) -> Cue:
        """The word before is kin, a calling or a word of talk."""
        if "." in gap:
            return Cue.NONE
        if before in words.KIN or before in words.CALLINGS:
            return Cue.PERSON if gap in (" ", "  ", ", ") else Cue.TALK
        return Cue.TALK if before in words.TALK or (before == "is" and earlier == "this") else Cue.NONE

    def _linked(self, place: int, before: str, earlier: str) -> Cue:
        """The word before is "is", "am", "called" or the like."""
        if before in ("called", "named"):
            people = (
                earlier in words.CALLINGS or earlier in words.KIN or earlier in ("is", "was", "are", "he's", "she's")
            )
            return Cue.PERSON if people or before == "named" else Cue.TALK
        if earlier == "name" and self.low(place - 3) not in words.NOT_A_PERSONS_NAME:
            return Cue.NAME
        if (
            earlier in words.KIN
            or earlier in words.CALLINGS
            or earlier in ("this", "it", "i")
            or before in ("i'm", "im", "as")
        ):
            return Cue.TALK
        return Cue.NONE

    def _whole(self, place: int) -> str:
        """A word in lower case with its short form, accents kept."""
        word = self.words[place]
        return self.text[word.start : word.whole_end].lower()

    def _ends_line(self, place: int) -> bool:
        """Whether at most three words are left on the line."""
        rest = self.text[self.words[place].start :].split("\n", 1)[0]
        return len(rest) < 40 and len(rest.split()) <= 3
