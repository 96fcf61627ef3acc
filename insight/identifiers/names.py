"""Names of people, found without a model: titles, cues, and given names where capitals speak for them."""

import re
from collections.abc import Iterator

from insight.identifiers import name_words as words
from insight.identifiers.cues import ANY_TITLE, WORD, Capitals, Cue, Text, Word
from insight.identifiers.lists import clear, family, given, never_first, never_first_as_written, not_people, ordinary
from insight.identifiers.model import Kind, Mark

_NUMBERED = re.compile(r"\s?\d")
_SENTENCE_ENDS = re.compile(r"[.!?\n]")
_LISTED = re.compile(r"\s?[,/&]\s?")
FURTHER = 3

OPENERS = ANY_TITLE | words.NAME_CUES.keys()
OPENINGS = ANY_TITLE | words.PARTICLES


def names(text: str) -> Iterator[Mark]:
    """Names of people, titles included."""
    low = set(WORD.findall(text.lower()))
    if low <= never_first():
        return iter(())
    opened = not OPENERS.isdisjoint(low)
    if not opened and never_first_as_written().issuperset(WORD.findall(text)):
        return iter(())
    return Reading(text, opened).marks()


class Reading(Text):
    """One text, read for names; ``opened`` where a title or a word such as "name" stands anywhere in it."""

    def __init__(self, text: str, opened: bool) -> None:
        super().__init__(text)
        self.opened = opened

    def marks(self) -> Iterator[Mark]:
        """Every name once, first words first."""
        place, listed = 0, False
        dull = never_first() if self.opened else never_first_as_written()
        while place < len(self.words):
            word = self.words[place]
            if (word.low if self.opened else word.text) in dull and word.low not in OPENINGS and len(word.text) > 1:
                place, listed = place + 1, False
                continue
            start = self.words[place].start
            first, cue = place, Cue.TALK if listed else Cue.NONE
            title = self.title(place)
            if title > place:
                first, cue = title, self.title_cue(place)
            else:
                cue = max(cue, self.cue(place))
            if first < len(self.words) and self._is_name(first, cue):
                last = self._last(first, cue)
                yield Mark(start, self.words[last].end, Kind.NAME)
                place, listed = self._after(last)
            else:
                place, listed = place + 1, False

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
        if self.low(place - 1) in words.CAPITALS_ONLY and not word.capital:
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
        inside = not _SENTENCE_ENDS.search(self.gap(place)) and place > 0
        if not known_given or not inside or word.low.split("-")[0] in not_people():
            return known_given and self._is_family(place + 1) and self.low(place + 1) in family()
        if cue is Cue.TALK:
            return True
        return self._is_family(place + 1) or (
            self.low(place + 1) in words.SAYING
            and self.low(place - 1)
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
        after = self.low(place + 1)
        return self.gap(place + 1) == " " and after in family() and after not in ordinary() and after not in given()

    def _may_be_unknown(self, word: Word) -> bool:
        """Whether a word on no list can be a name: no ordinary word, place, brand or learned word."""
        parts = word.low.split("-")
        if len(word.low) < 3 or all(part in ordinary() for part in parts) or "'" in word.text[2:]:
            return False
        return word.low not in not_people() and not word.low.endswith(words.MEDICAL_ENDS)

    def _initial(self, place: int, cue: Cue) -> bool:
        """One letter with a name after it, where a name is due."""
        gap = self.gap(place + 1)
        if cue < Cue.PERSON or not self.words[place].capital or gap not in (". ", " ", "."):
            return False
        return self._is_family(place + 1) or self._initial(place + 1, cue)

    def _is_family(self, place: int) -> bool:
        """Whether a capitalised word after a given name goes on with it."""
        if not 0 < place < len(self.words) or self.gap(place) not in (" ", "  ", ". ", "."):
            return False
        word = self.words[place]
        if not word.capital or len(word.text) < 2 or word.low in words.PLACE_AFTER:
            return False
        return word.low in family() or word.low in clear() or self._may_be_unknown(word)

    def _may_be_family(self, word: Word) -> bool:
        """Whether a capitalised ordinary word straight after a given name can be the family name."""
        never = word.low in words.NEVER_FAMILY or word.low in words.PLACE_AFTER or word.low in not_people()
        return len(word.low) > 2 and not never

    def _in_a_place(self, place: int) -> bool:
        """Whether a word names a hospital, a road, an illness rather than a person."""
        before = self.low(place - 1)
        word = self.words[place]
        if before in words.PLACE_BEFORE and self.gap(place) in (" ", ". ") and before not in ("the", "el"):
            return True
        if word.whole_end > word.end:
            return False
        for after in (place + 1, place + 2):
            if self.gap(after) not in (" ", "  "):
                return False
            if self.low(after) in words.PLACE_AFTER and (after == place + 1 or self.words[place + 1].capital):
                return True
        return False

    def _somewhere(self, place: int) -> bool:
        """Whether a word alone is rather where somebody went, or what a service is named after."""
        before = self.low(place - 1)
        if f"{self.low(place)} {self.low(place + 1)}" in words.NAMED_AFTER:
            return True
        after = self.words[place + 1] if place + 1 < len(self.words) else None
        end = self.words[place].whole_end
        if _NUMBERED.match(self.text, end):
            return True
        acronym = after and self.gap(place + 1) == " " and sum(letter.isupper() for letter in after.text) > 1
        if acronym and self.capitals is Capitals.NAMES and not self.words[place].shouted:
            return "-" not in after.text and not after.low.startswith(("mc", "mac", "o'")) if after else False
        if before in words.WHERE:
            return not self._is_family(place + 1)
        recent = {self.low(earlier) for earlier in range(place - 6, place - 1)}
        return before in ("to", "from") and bool(recent & words.GOING)

    def _last(self, first: int, cue: Cue) -> int:
        """The place of the last word of a name that begins at a place."""
        last = first
        for _more in range(FURTHER):
            after = last + 1
            if after >= len(self.words) or self.words[last].whole_end != self.words[last].end:
                break
            initial = len(self.words[last].text) == 1
            if self.gap(after) not in ((" ", "  ", ". ", ".") if initial else (" ", "  ")):
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
            ahead = next((p for p in (place + 1, place + 2) if self.low(p) not in words.PARTICLES), place + 1)
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
        if _LISTED.fullmatch(self.gap(after)):
            return after, True
        if self.low(after) in words.JOINING:
            return after + 1, True
        return after, False
