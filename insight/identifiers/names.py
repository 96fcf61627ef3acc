"""Names of people, found without a model: titles, cues, and given names where capitals speak for them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property

from insight.identifiers import name_words as words
from insight.identifiers.lists import clear, family, given, never_first, never_first_as_written, not_people, ordinary
from insight.identifiers.model import Kind, Mark
from insight.identifiers.plain import without_accents

_WORD = re.compile(r"[^\W\d_]+(?:['\-][^\W\d_]+)*")
_ENDINGS = re.compile(r"'(?:s|ll|d|ve|re|m|t)$", re.IGNORECASE)
_AFTER_TITLE = re.compile(r"\.?\s{1,2}(?:\d{1,6}\s)?")
_AFTER_CALLED_TITLE = re.compile(r"\s{1,2}")
_NUMBERED = re.compile(r"\s?\d")
_AFTER_CUE = re.compile(r"[\s,:=.(\-]{1,4}|'")
_SENTENCE_ENDS = re.compile(r"[.!?\n]")
_LISTED = re.compile(r"\s?[,/&]\s?")
FURTHER = 3


OPENERS = words.TITLES | words.CALLED_TITLES | words.NAME_CUES.keys()


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
    for match in _WORD.finditer(text):
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


def names(text: str) -> Iterator[Mark]:
    """Names of people, titles included."""
    low = set(_WORD.findall(text.lower()))
    if low <= never_first():
        return iter(())
    opened = not OPENERS.isdisjoint(low)
    if not opened and never_first_as_written().issuperset(_WORD.findall(text)):
        return iter(())
    return Reading(text, opened).marks()


class Reading:
    """One text, read word by word."""

    def __init__(self, text: str, opened: bool) -> None:
        self.text = text
        self.opened = opened
        self.words = _read(text)

    @cached_property
    def capitals(self) -> Capitals:
        """What capitals tell here; asked only where a word could be a name."""
        return _capitals(self.words)

    def marks(self) -> Iterator[Mark]:
        """Every name once, first words first."""
        place, listed = 0, False
        dull = never_first() if self.opened else never_first_as_written()
        openings = words.TITLES | words.CALLED_TITLES | words.PARTICLES
        while place < len(self.words):
            word = self.words[place]
            if (word.low if self.opened else word.text) in dull and word.low not in openings and len(word.text) > 1:
                place, listed = place + 1, False
                continue
            start = self.words[place].start
            first, cue = place, Cue.TALK if listed else Cue.NONE
            title = self._title(place)
            if title > place:
                first, cue = title, self._title_cue(place)
            else:
                cue = max(cue, self._cue(place))
            if first < len(self.words) and self._is_name(first, cue):
                last = self._last(first, cue)
                yield Mark(start, self.words[last].end, Kind.NAME)
                place, listed = self._after(last)
            else:
                place, listed = place + 1, False

    def _gap(self, place: int) -> str:
        """What stands between a word and the one before it."""
        if not 0 < place < len(self.words):
            return "" if place else "\n"
        return self.text[self.words[place - 1].whole_end : self.words[place].start]

    def _low(self, place: int) -> str:
        return self.words[place].low if 0 <= place < len(self.words) else ""

    def _title(self, place: int) -> int:
        """The place of the word that a title stands before, or the same place."""
        after = place
        while after < len(self.words) - 1 and self._low(after) in words.TITLES | words.CALLED_TITLES:
            allowed = _AFTER_TITLE if self._low(after) in words.TITLES else _AFTER_CALLED_TITLE
            if after - place > 2 or not allowed.fullmatch(self._gap(after + 1)):
                break
            after += 1
        return after

    def _title_cue(self, place: int) -> Cue:
        return Cue.NAME if self._low(place) in words.TITLES else Cue.PERSON

    def _cue(self, place: int) -> Cue:
        """What the words before a word say of it."""
        gap = self._gap(place)
        if not place or not _AFTER_CUE.fullmatch(gap):
            return Cue.NONE
        before, earlier = self._whole(place - 1), self._low(place - 2)
        if before in ("is", "was", "are", "am", "i'm", "im", "be", "called", "named", "as"):
            return self._linked(place, before, earlier)
        needed = words.NAME_CUES.get(before)
        near = {earlier, self._low(place - 3), self._low(place - 4)}
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
        if earlier == "name" and self._low(place - 3) not in words.NOT_A_PERSONS_NAME:
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

    def _is_name(self, place: int, cue: Cue) -> bool:
        """Whether a word is the first of a name."""
        word = self.words[place]
        if len(word.text) == 1:
            return self._initial(place, cue)
        if cue is Cue.NAME and word.low in words.PARTICLES:
            return bool(self._goes_on(place, cue))
        return self._is_first(place, word, cue)

    def _is_first(self, place: int, word: Word, cue: Cue) -> bool:
        """Whether a whole word is the first of a name."""
        parts = word.low.split("-")
        known_given, is_clear = parts[0] in given(), parts[0] in clear()
        if not (known_given or (cue >= Cue.PERSON and self._may_be_unknown(word)) or word.low in family()):
            return False
        if cue < Cue.NAME and (self._in_a_place(place) or (cue < Cue.PERSON and self._somewhere(place))):
            return False
        telling = word.capital and self.capitals is Capitals.NAMES and not word.shouted
        if cue is Cue.NAME:
            return self._after_name_cue(place, telling, known_given)
        if telling:
            return self._capitalised(place, cue, known_given, is_clear)
        return self._plain(place, cue, is_clear)

    def _after_name_cue(self, place: int, telling: bool, known_given: bool) -> bool:
        word = self.words[place]
        if self._low(place - 1) in words.CAPITALS_ONLY and not word.capital:
            return False
        if word.low in ("will", "may", "can", "was", "said") and not telling:
            return False
        return known_given or word.low in family() or self._may_be_unknown(word)

    def _capitalised(self, place: int, cue: Cue, known_given: bool, is_clear: bool) -> bool:
        """A capital letter where capitals tell something."""
        word = self.words[place]
        if is_clear:
            return True
        if cue >= Cue.PERSON:
            return known_given or self._may_be_unknown(word) or (word.low in family() and word.low not in ordinary())
        inside = not _SENTENCE_ENDS.search(self._gap(place)) and place > 0
        if not known_given or not inside or word.low.split("-")[0] in not_people():
            return known_given and self._is_family(place + 1) and self._low(place + 1) in family()
        if cue is Cue.TALK:
            return True
        return self._is_family(place + 1) or (
            self._low(place + 1) in words.SAYING
            and self._low(place - 1)
            not in ("the", "a", "an", "this", "my", "no", "is", "was", "are", "very", "too", "so")
        )

    def _plain(self, place: int, cue: Cue, is_clear: bool) -> bool:
        """A word without a capital, or where capitals tell nothing."""
        word = self.words[place]
        if cue >= Cue.TALK and word.low in ("le", "de", "la", "an", "a", "so", "no"):
            return False
        strange = is_clear and word.low not in ordinary()
        if not strange:
            return False
        if cue >= Cue.TALK and (len(word.low) > 2):
            return cue >= Cue.PERSON or word.capital or len(word.low) > 3
        if word.capital:
            return len(word.low) > 3 if word.shouted else len(word.low) > 2
        after = self._low(place + 1)
        return self._gap(place + 1) == " " and after in family() and after not in ordinary() | given()

    def _may_be_unknown(self, word: Word) -> bool:
        """Whether a word on no list can be a name: no ordinary word, place, brand or learned word."""
        parts = word.low.split("-")
        if len(word.low) < 3 or all(part in ordinary() for part in parts) or "'" in word.text[2:]:
            return False
        return word.low not in not_people() and not word.low.endswith(words.MEDICAL_ENDS)

    def _initial(self, place: int, cue: Cue) -> bool:
        """One letter with a name after it, where a name is due."""
        gap = self._gap(place + 1)
        if cue < Cue.PERSON or not self.words[place].capital or gap not in (". ", " ", "."):
            return False
        return self._is_family(place + 1) or self._initial(place + 1, cue)

    def _is_family(self, place: int) -> bool:
        """Whether a capitalised word after a given name goes on with it."""
        if not 0 < place < len(self.words) or self._gap(place) not in (" ", "  ", ". ", "."):
            return False
        word = self.words[place]
        if not word.capital or len(word.text) < 2 or word.low in words.PLACE_AFTER:
            return False
        return word.low in family() or word.low in clear() or self._may_be_unknown(word)

    def _may_be_family(self, word: Word) -> bool:
        """Whether a capitalised ordinary word straight after a given name can be the family name."""
        return len(word.low) > 2 and word.low not in words.NEVER_FAMILY | words.PLACE_AFTER | not_people()

    def _in_a_place(self, place: int) -> bool:
        """Whether a word names a hospital, a road, an illness rather than a person."""
        before = self._low(place - 1)
        word = self.words[place]
        if before in words.PLACE_BEFORE and self._gap(place) in (" ", ". ") and before not in ("the", "el"):
            return True
        if word.whole_end > word.end:
            return False
        for after in (place + 1, place + 2):
            if self._gap(after) not in (" ", "  "):
                return False
            if self._low(after) in words.PLACE_AFTER and (after == place + 1 or self.words[place + 1].capital):
                return True
        return False

    def _somewhere(self, place: int) -> bool:
        """Whether a word alone is rather where somebody went, or what a service is named after."""
        before = self._low(place - 1)
        if f"{self._low(place)} {self._low(place + 1)}" in words.NAMED_AFTER:
            return True
        after = self.words[place + 1] if place + 1 < len(self.words) else None
        end = self.words[place].whole_end
        if _NUMBERED.match(self.text, end):
            return True
        acronym = after and self._gap(place + 1) == " " and sum(letter.isupper() for letter in after.text) > 1
        if acronym and self.capitals is Capitals.NAMES and not self.words[place].shouted:
            return "-" not in after.text and not after.low.startswith(("mc", "mac", "o'")) if after else False
        if before in words.WHERE:
            return not self._is_family(place + 1)
        recent = {self._low(earlier) for earlier in range(place - 6, place - 1)}
        return before in ("to", "from") and bool(recent & words.GOING)

    def _last(self, first: int, cue: Cue) -> int:
        """The place of the last word of a name that begins at a place."""
        last = first
        for _more in range(FURTHER):
            after = last + 1
            if after >= len(self.words) or self.words[last].whole_end != self.words[last].end:
                break
            initial = len(self.words[last].text) == 1
            if self._gap(after) not in ((" ", "  ", ". ", ".") if initial else (" ", "  ")):
                break
            further = self._goes_on(after, cue)
            if not further:
                break
            last = further
        return last

    def _goes_on(self, place: int, cue: Cue) -> int:
        """The place up to which a name goes on, or 0."""
        word = self.words[place]
        if word.low in words.PARTICLES and not (word.shouted and self.capitals is Capitals.NAMES):
            ahead = next((p for p in (place + 1, place + 2) if self._low(p) not in words.PARTICLES), place + 1)
            return ahead if self._is_family(ahead) and self.words[ahead].capital else 0
        if len(word.text) == 1:
            return place if word.capital and word.text not in "IA" and self.capitals is Capitals.NAMES else 0
        if word.capital and not word.shouted and self.capitals is Capitals.NAMES:
            return place if self._is_family(place) or self._may_be_family(word) else 0
        if word.low in family() and (cue is Cue.NAME or word.low not in ordinary()):
            return place
        if word.low in clear() and word.low not in ordinary():
            return place
        return place if cue is Cue.NAME and len(word.low) > 3 and self._may_be_unknown(word) else 0

    def _after(self, last: int) -> tuple[int, bool]:
        """Where to read on after a name, and whether another is to be expected there."""
        after = last + 1
        if _LISTED.fullmatch(self._gap(after)):
            return after, True
        if self._low(after) in words.JOINING:
            return after + 1, True
        return after, False
