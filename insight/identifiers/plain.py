"""A text as the rules read it: other digits, quotes, dashes and spaces made plain,
every character in its old place."""

import re
import unicodedata

from insight.identifiers.model import Kind, Mark

DIGIT_RANGES = (0x0660, 0x06F0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0xFF10)
_SAME = dict(zip("‘’ʼ`´“”‐‑‒–—−＠．／", "'''''\"\"------@./", strict=True))
_SAME |= dict.fromkeys("\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u3000", " ")
_SAME |= dict.fromkeys("\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad", " ")
_SAME |= {chr(start + digit): str(digit) for start in DIGIT_RANGES for digit in range(10)}
_TABLE = str.maketrans(_SAME)
_MASKS = re.compile(r"\[(?:" + "|".join(map(re.escape, Kind)) + r")\]")


def plainly(text: str) -> str:
    """The text with plain digits, quotes, dashes and spaces; what is masked already is blanked. The length stays."""
    if not text.isascii():
        text = text.translate(_TABLE)
    if "[" in text:
        text = _MASKS.sub(lambda mask: "\x00" * len(mask[0]), text)
    return text


def digits_of(text: str) -> str:
    """The digits of some plain words, one after the other."""
    return "".join(letter for letter in text if "0" <= letter <= "9")


def mark(found: re.Match[str], kind: Kind, group: int = 0) -> Mark:
    """The mark of what a pattern found."""
    return Mark(found.start(group), found.end(group), kind)


def without_accents(word: str) -> str:
    """A word in lower case with its accents taken off, as the lists write it."""
    low = word.lower()
    if low.isascii():
        return low
    low = low.replace("ł", "l").replace("ø", "o").replace("ı", "i")
    return "".join(letter for letter in unicodedata.normalize("NFD", low) if not unicodedata.combining(letter))
