"""What was typed, and whether a text says it; how two orders become one. Pure.

Words match whatever their case, accents and simple endings: wait, waits, waited, waiting.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from insight.text import stems
from insight.text.stems import WORD, stem

QUOTED = re.compile(r'["“”„«»]([^"“”„«»]*)["“”„«»]')
_EVERYWHERE = (
    "a an and are as at be been but by did do for from had has have he her his i in is it its me my of on or our she "
    "so that the their them then there they this to us was we were with you your"
)
EVERYWHERE = frozenset(_EVERYWHERE.split())
FUSED = 60  # the constant of reciprocal rank fusion
# Okapi BM25 (Robertson and Zaragoza 2009); every text that is ranked says all the words: their rarity drops out.
SATURATED, LENGTHENED = 1.2, 0.75


@dataclass(frozen=True, slots=True)
class Asked:
    """What was typed: ``words`` as their stems, ``phrases`` as words in plain form that must follow each other."""

    words: tuple[str, ...]
    phrases: tuple[tuple[str, ...], ...]

    def anything(self) -> bool:
        """Whether there is a word to look for."""
        return bool(self.words or self.phrases)


def read(typed: str) -> Asked:
    """Words and "quoted phrases" of what somebody typed; those that are said everywhere count only where alone."""
    phrases = tuple(dict.fromkeys(tuple(stems.words(phrase)) for phrase in QUOTED.findall(typed)))
    words = stems.words(QUOTED.sub(" ", typed))
    telling = [word for word in words if word not in EVERYWHERE]
    chosen = telling if telling or any(phrases) else words
    return Asked(tuple(dict.fromkeys(map(stem, chosen))), tuple(phrase for phrase in phrases if phrase))


def times(asked: Asked, text: str) -> int:
    """How often a text says the words and phrases asked for; 0 unless it says all of them."""
    folded, total = stems.folded(text), 0
    for word in asked.words:
        often = sum(1 for near in _beginning(word).findall(folded) if stem(near) == word)
        if not often:
            return 0
        total += often
    said = WORD.findall(folded) if asked.phrases else []
    for phrase in asked.phrases:
        often = sum(1 for start in range(len(said)) if tuple(said[start : start + len(phrase)]) == phrase)
        if not often:
            return 0
        total += often
    return total


def _beginning(word: str) -> re.Pattern[str]:
    """Words that begin as every word with this stem does."""
    return re.compile(rf"(?<![^\W_]){re.escape(_start(word))}[^\W_]*(?:'[^\W_]+)*")


def _start(word: str) -> str:
    return word[:-1] if word.endswith(("i", "e")) and len(word) > 1 else word


def stems_of(asked: Asked) -> list[str]:
    """The stems that every text holds which says all that was asked for."""
    return [*asked.words, *(stem(word) for phrase in asked.phrases for word in phrase)]


def ranked_by_words(often: Sequence[int], lengths: Sequence[int]) -> list[float]:
    """How much each text is about the words it says ``often``: more for short texts, and less for each further time."""
    usual = sum(lengths) / max(len(lengths), 1)
    return [
        n * (SATURATED + 1) / (n + SATURATED * (1 - LENGTHENED + LENGTHENED * length / max(usual, 1)))
        for n, length in zip(often, lengths, strict=True)
    ]


def fused(*orders: Sequence[int]) -> list[int]:
    """One order from several, best first: reciprocal rank fusion (Cormack, Clarke and Buettcher 2009)."""
    scores: dict[int, float] = {}
    for order in orders:
        for rank, number in enumerate(order, 1):
            scores[number] = scores.get(number, 0.0) + 1 / (FUSED + rank)
    return sorted(scores, key=lambda number: (-scores[number], number))
