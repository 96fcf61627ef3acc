"""Terms that tell one group of texts from the others, and the words of all texts as numbers to find them in."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from insight.text.tokens import TOKEN, is_stopword, stem
from insight.themes.model import Floats, Integers, Labels

TERMS = 8
# Of all words together, as many pseudo-counts in the prior as a small group has words (Monroe et al. 2008).
PRIOR = 500.0
# Words that turn a meaning: never a term alone, but kept in front of one ("not told").
TURNING = frozenset({"no", "not", "never", "without", "lack", "more", "less", "too"})
REACH = 3
# A pair of words says more than either alone: its z counts this much more when terms are ranked.
PAIR = 1.4
# A term stands in at least this share of a group's texts.
LEAST_SHARE = 0.02
# What editors put for something taken out ("[Name Redacted]") names no theme.
EDITED = re.compile(r"\[[^\]]{0,40}\]")
# A sign or a number between two words: no phrase goes over it.
WORD_OR_SIGN = re.compile(TOKEN.pattern + r"|[^\w\s'&-]+|\d+")


@dataclass(frozen=True)
class Corpus:
    """All tokens as one run of numbers into ``words``, and per telling token its text, word, stem and position.

    ``starts`` (texts + 1,): where each text's tokens begin. ``opens`` (tokens,): whether a sign or number stands
    before a token, ``numbered``: whether it is a number. ``stem_of`` (words,): number of each word's stem.
    """

    words: list[str]
    stems: list[str]
    tokens: Integers
    starts: Integers
    opens: npt.NDArray[np.bool_]
    numbered: npt.NDArray[np.bool_]
    stem_of: Integers
    text: Integers
    word: Integers
    stem: Integers
    position: Integers


@dataclass(frozen=True)
class Telling:
    """What tells groups apart: up to eight ``terms`` of each group, best first, and the weight of single words.

    ``cells`` (n,), sorted: group x number of stems + stem; ``weights`` (n,): z of the log-odds ratio there.
    """

    corpus: Corpus
    terms: list[list[str]]
    cells: Integers
    weights: Floats

    def weight(self, group: Integers, stems: Integers) -> Floats:
        """How much a stem tells of a group: its z where that is above 0, else 0; (n,) each."""
        if not len(self.cells):
            return np.zeros(len(stems), np.float32)
        asked = group * len(self.corpus.stems) + stems
        place = np.minimum(np.searchsorted(self.cells, asked), len(self.cells) - 1)
        return np.where(self.cells[place] == asked, np.maximum(self.weights[place], 0), 0).astype(np.float32)


def words_and_signs(text: str) -> list[str]:
    """Lower-case words with their inner apostrophes, and the signs and numbers between them."""
    return WORD_OR_SIGN.findall(EDITED.sub(" . ", text).lower().replace("’", "'"))


def read(texts: Sequence[str]) -> Corpus:
    """Tokens of all texts; those that tell something apart from the stopwords."""
    numbers: dict[str, int] = {}
    found: list[int] = []
    lengths = np.zeros(len(texts), np.int64)
    for row, said in enumerate(texts):
        pieces = [numbers.setdefault(piece, len(numbers)) for piece in words_and_signs(said)]
        found.extend(pieces)
        lengths[row] = len(pieces)
    words = list(numbers)
    piece = np.array(found, np.int64)
    sign = np.array([not word[0].isalpha() for word in words], bool)[piece]
    number = np.array([word[0].isdigit() for word in words], bool)[piece]
    of_text = np.repeat(np.arange(len(texts)), lengths)[~sign]
    token = piece[~sign]
    opens = np.concatenate([[True], sign])[:-1][~sign]
    numbered = np.concatenate([[False], number])[:-1][~sign]
    stem_numbers: dict[str, int] = {}
    stem_of = np.array([stem_numbers.setdefault(stem(word), len(stem_numbers)) for word in words], np.int64)
    telling = np.array([word[0].isalpha() and (word in TURNING or not is_stopword(word)) for word in words], bool)
    kept = np.flatnonzero(telling[token])
    starts = np.searchsorted(of_text, np.arange(len(texts) + 1))
    return Corpus(
        words=words,
        stems=list(stem_numbers),
        tokens=token,
        starts=starts,
        opens=opens,
        numbered=numbered,
        stem_of=stem_of,
        text=of_text[kept],
        word=token[kept],
        stem=stem_of[token[kept]],
        position=kept,
    )


def tell(texts: Sequence[str], labels: Labels, count: int) -> Telling:
    """The most telling terms of groups 0..count-1; texts labelled -1 are left out."""
    corpus = read(texts)
    if not len(corpus.text):
        return Telling(corpus, [[] for _ in range(count)], np.zeros(0, np.int64), np.zeros(0, np.float32))
    grams = _Grams(corpus)
    width = len(grams.keys)
    # Each text counts a term once; keep one (text, term) pair each.
    pairs = np.unique(grams.text * width + grams.key)
    group, term = labels[pairs // width], pairs % width
    known = group >= 0
    cells, counts = np.unique(group[known].astype(np.int64) * width + term[known], return_counts=True)
    overall = np.bincount(term[known], minlength=width).astype(np.float64)
    scored = _log_odds(cells // width, cells % width, counts, overall, count)
    sizes = np.bincount(labels[labels >= 0], minlength=count)
    alone = ~grams.pair[cells % width]
    ranked = np.where(alone, scored, scored * PAIR)
    group_size = sizes[cells // width]
    enough = counts >= np.maximum(np.minimum(2, group_size), LEAST_SHARE * group_size)
    starts = np.searchsorted(cells, np.arange(count + 1) * width)
    terms = []
    for first, last in pairwise(starts.tolist()):
        part = slice(first, last)
        terms.append(grams.best(cells[part] % width, np.where(enough[part], ranked[part], -np.inf)))
    single = cells[alone] // width * len(corpus.stems) + grams.keys[cells[alone] % width]
    return Telling(corpus, terms, single, scored[alone])


def _log_odds(group: Integers, term: Integers, counts: Integers, overall: npt.NDArray[np.float64], size: int) -> Floats:
    """z of the log-odds ratio against all other groups, with the corpus as prior (Monroe, Colaresi and Quinn 2008)."""
    total = np.bincount(group, weights=counts, minlength=size)[group]
    prior = PRIOR * overall[term] / overall.sum() + 0.01
    ours = counts + prior
    theirs = overall[term] - counts + prior
    mass = PRIOR + 0.01 * len(overall) + 1
    odds = np.log(ours / (total + mass - ours)) - np.log(theirs / (overall.sum() - total + mass - theirs))
    return np.asarray(odds / np.sqrt(1 / ours + 1 / theirs), np.float32)


class _Grams:
    """One- and two-word terms: ``keys`` distinct, and per occurrence its ``text``, ``key`` and first ``place``."""

    def __init__(self, corpus: Corpus) -> None:
        self.corpus = corpus
        turning = np.array([word in TURNING for word in corpus.words], bool)[corpus.word]
        alone = np.flatnonzero(~turning)
        near = (corpus.text[1:] == corpus.text[:-1]) & (np.diff(corpus.position) <= REACH) & ~turning[1:]
        near &= (corpus.stem[1:] != corpus.stem[:-1]) | (np.diff(corpus.position) > 1)
        first = np.flatnonzero(near)
        base = len(corpus.stems) + 1
        # A pair is (first stem + 1) * base + second stem; a single word has no first.
        raw = np.concatenate([corpus.stem[alone], (corpus.stem[first] + 1) * base + corpus.stem[first + 1]])
        self.keys, self.key = np.unique(raw, return_inverse=True)
        self.base = base
        self.pair = self.keys >= base
        self.place = np.concatenate([alone, first])
        self.text = corpus.text[self.place]
        self.by_key = np.argsort(self.key, kind="stable")
        self.starts = np.concatenate([[0], np.cumsum(np.bincount(self.key, minlength=len(self.keys)))])

    def best(self, term: Integers, scores: Floats) -> list[str]:
        """Surface forms of the best-scored terms; a word inside a chosen pair, or a pair that overlaps one, is left."""
        chosen: list[str] = []
        stems: set[int] = set()
        for cell in np.lexsort((term, -scores))[: TERMS * 5]:
            if not scores[cell] > 0 or len(chosen) == TERMS:
                break
            parts = self._parts(int(self.keys[term[cell]]))
            if stems.isdisjoint(parts):
                chosen.append(self._surface(int(term[cell]), len(parts)))
                stems.update(parts)
        return chosen

    def _parts(self, raw: int) -> list[int]:
        return [raw] if raw < self.base else [raw // self.base - 1, raw % self.base]

    def _surface(self, key: int, length: int) -> str:
        """How most people wrote it."""
        places = self.place[self.by_key[self.starts[key] : self.starts[key + 1]]][:200]
        position = self.corpus.position
        written = Counter(self._written(position[place], position[place + length - 1]) for place in places.tolist())
        return min(written, key=lambda form: (-written[form], form))

    def _written(self, first: int, last: int) -> str:
        return " ".join(self.corpus.words[token] for token in self.corpus.tokens[first : last + 1].tolist())
