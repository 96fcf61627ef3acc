"""Cut words into the pieces a vocabulary knows (WordPiece: Schuster and Nakajima 2012), without any package."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

# A word, one sign, or one East Asian character: the basic cut of BERT (Devlin et al. 2019).
WORDS = re.compile(
    r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]|[^\W_\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]+|_|[^\w\s]"
)
LONGEST_WORD = 40


def plain(text: str) -> str:
    """Lower case without accents: what the vocabulary is written in."""
    lowered = text.lower()
    if lowered.isascii():
        return lowered
    apart = unicodedata.normalize("NFD", lowered.replace("’", "'").replace("‘", "'"))
    return "".join(sign for sign in apart if unicodedata.category(sign) != "Mn")


def words(text: str) -> list[str]:
    """Words and signs of a text, in order, in plain form."""
    return WORDS.findall(plain(text))


def pieces(word: str, vocabulary: Mapping[str, int]) -> list[int]:
    """Longest known pieces from the left; a word with an unknown part, or an endless one, has none."""
    found: list[int] = []
    start = 0
    if len(word) > LONGEST_WORD:
        return found
    while start < len(word):
        prefix = "##" if start else ""
        for end in range(len(word), start, -1):
            number = vocabulary.get(prefix + word[start:end])
            if number is not None:
                break
        else:
            return []
        found.append(number)
        start = end
    return found


class Numbers(dict[str, int]):
    """A number for each word, in the order first asked for."""

    def __missing__(self, word: str) -> int:
        self[word] = number = len(self)
        return number


def number_words(texts: Iterable[str]) -> tuple[list[int], list[int], list[str]]:
    """Texts as one run of word numbers: (numbers, where each text ends, the distinct words in order met)."""
    known = Numbers()
    numbers: list[int] = []
    ends: list[int] = []
    for text in texts:
        numbers.extend(map(known.__getitem__, words(text)))
        ends.append(len(numbers))
    return numbers, ends, list(known)


def piece_rows(found: Sequence[str], vocabulary: Mapping[str, int]) -> list[list[int]]:
    """Pieces of each distinct word."""
    return [pieces(word, vocabulary) for word in found]
