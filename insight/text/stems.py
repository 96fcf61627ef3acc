"""Words of a text in plain form, and the stem that the simple forms of a word share: wait, waits, waited, waiting."""

import re

from insight.text.wordpiece import plain

WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
HISSES = ("ses", "xes", "zes", "ches", "shes")
VOWELS = frozenset("aeiouy")
# Signs that word processors put in: made plain first, since telling accents from letters costs far more.
TYPED = str.maketrans("‘’“”–—…£", "''\"\"--. ")


def folded(text: str) -> str:
    """A text without case, accents and the signs of word processors."""
    return plain(text.translate(TYPED))


def words(text: str) -> list[str]:
    """The words of a text, in plain form."""
    return WORD.findall(folded(text))


def stem(word: str) -> str:
    """What the simple forms of an English word share (after Porter 1980, step 1): two words match if theirs do."""
    base = word.removesuffix("'s").removesuffix("s'")
    if (base.endswith(HISSES) and len(base) > 4) or (base.endswith("ies") and len(base) > 4):
        base = base[:-2]
    elif base.endswith("s") and not base.endswith(("ss", "us", "is")) and len(base) > 3:
        base = base[:-1]
    for ending in ("ing", "ed"):
        rest = base.removesuffix(ending)
        if rest != base and len(rest) >= 3 and not base.endswith("eed") and VOWELS & set(rest):
            base = _whole(rest)
            break
    if len(base) > 4:
        base = base.removesuffix("e")
        base = base[:-1] if base.endswith("ll") else base
    return base[:-1] + "i" if base.endswith("y") and len(base) > 2 else base


def _whole(rest: str) -> str:
    """The word that lost -ed or -ing: stopp is stop, car (of caring) is care."""
    if rest[-1] == rest[-2] and rest[-1] not in "lsz":
        return rest[:-1]
    short = len(rest) == 3 and rest[0] not in VOWELS and rest[1] in VOWELS and rest[2] not in "aeiouwxy"
    return rest + "e" if short else rest
