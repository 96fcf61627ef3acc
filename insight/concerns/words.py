"""A text as plain words, so that one way of writing a sign finds the many ways in which people write it. Pure.

Capitals, accents, apostrophes, doubled letters, invisible characters and common misspellings are taken out of the text
and of the signs alike: ``DON'T``, ``dont`` and ``do not`` are all ``do not`` here.
"""

import re
import string
import unicodedata
from collections.abc import Iterable, Iterator, Mapping

STOP = "."
ENDS_A_SENTENCE = ".!?;\n\r\u2028\u2029\u061b\u061f\u06d4"
# Letters that Unicode does not take apart, and Arabic letters that keyboards of other languages write differently.
LETTERS = {"ł": "l", "đ": "d", "ø": "o", "ı": "i", "ى": "ي", "ی": "ي", "ے": "ي", "ک": "ك", "ہ": "ه", "ھ": "ه", "ة": "ه"}
HIDDEN = {"Mn", "Me", "Cf", "Cc", "Cs"}
# Doubled consonants and drawn-out vowels; "too" and "teen" keep theirs, or they would be "to" and "ten".
DOUBLED = re.compile(r"([^\W\d_aeiou])\1+|([aeiou])\2\2+")
AGE = re.compile(r"\b(\d\d?)(?:yrs?|yo|y|years?)(?:old)?\b")


class _Signs(dict[int, str]):
    """What becomes of each character; those not listed are decided by their kind."""

    def __missing__(self, code: int) -> str:
        kind = unicodedata.category(chr(code))
        if kind in HIDDEN:
            return ""
        return chr(code) if kind[0] in "LN" or kind == "Mc" else " "


_SIGNS = _Signs({code: _Signs().__missing__(code) for code in (*range(0x0700), *range(0x2000, 0x2070))})
_SIGNS |= {ord("*"): "*"} | {ord(sign): " " for sign in "\t\v\f"}
_SIGNS |= {ord(sign): f" {STOP} " for sign in ENDS_A_SENTENCE}
_SIGNS |= {ord(sign): "" for sign in "'\u2018\u2019\u02bc\u2032`\u00b4\u0640"}
_SIGNS |= {ord(sign): plain for sign, plain in LETTERS.items()}


def plain(text: str) -> str:
    """Small letters, no accents, no doubled letters, one space between words; sentences end in a word of their own."""
    if not text.isascii():
        # Before accents come apart, so that an acute accent typed for an apostrophe joins the word and parts nothing.
        text = unicodedata.normalize("NFKD", text.replace("\u00b4", "").replace("`", ""))
    words = DOUBLED.sub(r"\1\2", " ".join(text.lower().translate(_SIGNS).split()))
    return AGE.sub(r"\1 year", words)


def in_plain_words(text: str, spelling: Mapping[str, str]) -> list[str]:
    """A text as plain words, each spelt as in ``spelling``, with a stop at the end."""
    return f"{' '.join([spelling.get(word, word) for word in plain(text).split()])} {STOP}".split()


def spellings(chosen: Mapping[str, str], misspelt: Iterable[str]) -> dict[str, str]:
    """Each way of writing that is put right, in plain words: those chosen, and every slip of words often misspelt."""
    right = {plain(word) for word in misspelt}
    found = {slip: word for word in sorted(right) for slip in slips(word) if slip not in right}
    return found | {plain(word): plain(meant) for word, meant in chosen.items()}


def slips(word: str) -> Iterator[str]:
    """A word with one letter wrong, missing, too many, swapped with the next or starred out; never the first one."""
    for at in range(1, len(word)):
        before, after = word[:at], word[at + 1 :]
        yield before + after
        for letter in string.ascii_lowercase + "*":
            yield before + letter + after
            yield before + letter + word[at:]
        if after:
            yield before + after[0] + word[at] + after[1:]
    for letter in string.ascii_lowercase:
        yield word + letter
