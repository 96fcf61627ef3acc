"""Which words a run's passages hold, as signatures beside its cube: words are found though stories lie locked.

A passage's signature has 512 bits. Each stem sets two of them, chosen by the place's secret: a passage that lacks one
does not hold the word, and one that has both mostly does (Faloutsos and Christodoulakis 1984). No word is read back.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from insight import keys
from insight.painpoints.vectors import ROWS
from insight.text.stems import stem, words

Signatures = npt.NDArray[np.uint8]

BITS = 512
WIDE = BITS // 8
SET = 2  # bits that a stem sets


def signatures(texts: Sequence[str]) -> Signatures:
    """The signatures of n texts, (n, 64)."""
    made = np.zeros((len(texts), BITS), bool)
    for row, text in enumerate(texts):
        made[row, [bit for word in set(words(text)) for part in _parts(word) for bit in _bits(stem(part))]] = True
    return np.packbits(made, axis=1)


def holding(held: Signatures, stems: Iterable[str]) -> npt.NDArray[np.bool_]:
    """Which passages may hold all these stems, (n,): every one that does, and few others."""
    asked = np.zeros(BITS, bool)
    asked[[bit for one in stems for bit in _bits(one)]] = True
    mask = np.packbits(asked)
    needed = np.flatnonzero(mask)
    return np.asarray(((held[:, needed] & mask[needed]) == mask[needed]).all(axis=1))


def _parts(word: str) -> list[str]:
    """A word, and what follows each apostrophe in it: l'eau is found by eau too."""
    parts = word.split("'")
    return ["'".join(parts[start:]) for start in range(len(parts))]


@lru_cache(maxsize=100_000)
def _bits(one: str) -> tuple[int, ...]:
    number = keys.number_for("stem", one)
    return tuple((number >> (9 * turn)) % BITS for turn in range(SET))


def in_parts(texts: Sequence[str]) -> Iterator[tuple[int, bytes]]:
    """The signatures of texts as parts to be stored, numbered as those of the vectors are."""
    for number, start in enumerate(range(0, len(texts), ROWS), 1):
        yield number, signatures(texts[start : start + ROWS]).tobytes()


def from_parts(parts: Mapping[int, bytes]) -> Signatures:
    """Read what :func:`in_parts` wrote, by number of the part."""
    bodies = [np.frombuffer(parts[number], np.uint8).reshape(-1, WIDE) for number in sorted(parts)]
    return np.concatenate(bodies) if bodies else np.zeros((0, WIDE), np.uint8)
