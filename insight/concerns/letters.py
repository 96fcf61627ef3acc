"""One letter a word: how a text in plain words becomes a short line that patterns search quickly. Pure."""

from bisect import bisect_left
from collections.abc import Iterable
from itertools import islice, takewhile

from insight.concerns.words import STOP, plain

OTHER = "_"
"""The letter of every word that no wording names."""
END = "\n"
"""The letter of a sentence's end: the one that ``.`` in a pattern passes over."""
FIRST = 0x4E00
ANY = "*"
SHORTEST_BEGINNING = 4

# A wording is looked up by the part of it that fewest texts hold. Speed alone is at stake in these two lists.
EVERYWHERE = frozenset(
    plain(
        """a and are as at be but can do for from had has have he i in is it me my no not of on or out she so that the
        them they this to up was we were when with you your mae yn w z nie la hi se ko hai من في لا و میں ہے سے کو"""
    ).split()
) | {STOP}
FREQUENT = frozenset(
    plain(
        """about after again all also always am an any ask asked back because been before being call called came care
        could day did does done down even every feel felt gave get getting give go going good got help her here him his
        home hospital how if into its just know left like long made make more much need never nothing now off one only
        other our over people put said say see service should some someone staff still take than their then there thing
        things through time told too took us very waiting want way well went what where which while who will without
        work would years na o fy ich ne al ki ka mein على ان هو هي انا کے کی کا مجھے وہ"""
    ).split()
)


class Letters:
    """Gives every word that wordings name a letter of its own; ``word*`` stands for all words that begin so."""

    def __init__(self, forms: Iterable[tuple[str, ...]]) -> None:
        self.named = sorted({word for form in forms for word in form} - {STOP})
        self._letter = {word: chr(FIRST + number) for number, word in enumerate(self.named)} | {STOP: END}
        self._beginnings: dict[str, list[str]] = {}
        for word in sorted((word for word in self.named if word.endswith(ANY)), key=len, reverse=True):
            if len(word) - len(ANY) < SHORTEST_BEGINNING:
                raise ValueError(f"{word!r} needs {SHORTEST_BEGINNING} letters before the star, doubled ones as one")
            self._beginnings.setdefault(word[:SHORTEST_BEGINNING], []).append(word[: -len(ANY)])
        self._everywhere = {self._letter[word] for word in EVERYWHERE if word in self._letter}
        self._frequent = {self._letter[word] for word in FREQUENT if word in self._letter}

    def of(self, word: str) -> frozenset[str]:
        """The letters that a word of a wording may stand as in a text."""
        if not word.endswith(ANY):
            return frozenset(self._letter[word])
        start = word[: -len(ANY)]
        after = islice(self.named, bisect_left(self.named, start), None)
        return frozenset(self._letter[named] for named in takewhile(lambda named: named.startswith(start), after))

    def line(self, words: Iterable[str]) -> str:
        """A text in plain words as a line, one letter a word."""
        letter = self._letter
        return "".join([letter.get(word) or self._begun(word) for word in words])

    def price(self, keys: frozenset[str]) -> int:
        """How many texts hold one of these letters, as a rough order."""
        return len(keys) + 10 * len(keys & self._frequent) + 100 * len(keys & self._everywhere)

    def _begun(self, word: str) -> str:
        for start in self._beginnings.get(word[:SHORTEST_BEGINNING], ()):
            if word.startswith(start):
                return self._letter[start + ANY]
        return OTHER
