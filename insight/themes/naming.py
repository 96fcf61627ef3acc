"""Name groups of texts: terms that tell one from the others, a label made of them, and the texts that say it best."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from insight.text.tokens import is_stopword, stem, tokenize
from insight.themes.graph import unit
from insight.themes.lists import centroids
from insight.themes.model import Floats, GroupName, Labels

Integers = npt.NDArray[np.int64]

TERMS = 8
LABEL_TERMS = 3
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
CANDIDATES = 60
RELEVANCE = 0.7
QUOTE_WORDS = (4, 40)


@dataclass(frozen=True)
class Corpus:
    """All tokens as one run of numbers into ``words``, and per telling token its text, word, stem and position."""

    words: list[str]
    stems: list[str]
    tokens: Integers
    text: Integers
    word: Integers
    stem: Integers
    position: Integers


def read(texts: Sequence[str]) -> Corpus:
    """Tokens of all texts but the stopwords."""
    numbers: dict[str, int] = {}
    tokens: list[int] = []
    lengths = np.zeros(len(texts), np.int64)
    for row, said in enumerate(texts):
        found = [numbers.setdefault(word, len(numbers)) for word in tokenize(EDITED.sub(" ", said))]
        tokens.extend(found)
        lengths[row] = len(found)
    words = list(numbers)
    stem_numbers: dict[str, int] = {}
    stem_of = np.array([stem_numbers.setdefault(stem(word), len(stem_numbers)) for word in words], np.int64)
    telling = np.array([word in TURNING or not is_stopword(word) for word in words], bool)
    token = np.array(tokens, np.int64)
    kept = np.flatnonzero(telling[token]) if len(token) else np.zeros(0, np.int64)
    text = np.repeat(np.arange(len(texts)), lengths)[kept]
    return Corpus(words, list(stem_numbers), token, text, token[kept], stem_of[token[kept]], kept)


def terms_of(texts: Sequence[str], labels: Labels, count: int) -> list[list[str]]:
    """The most telling terms of each group, best first."""
    corpus = read(texts)
    if not len(corpus.text):
        return [[] for _ in range(count)]
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
    scored = np.where(grams.pair[cells % width], scored * PAIR, scored)
    group_size = sizes[cells // width]
    enough = counts >= np.maximum(np.minimum(2, group_size), LEAST_SHARE * group_size)
    return [grams.best(cells % width, np.where((cells // width == g) & enough, scored, -np.inf)) for g in range(count)]


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


def label_of(terms: Sequence[str], taken: set[str]) -> str:
    """The first terms as a label that no other group has."""
    if not terms:
        return _numbered("Other", taken)
    for length in range(min(LABEL_TERMS, len(terms)), len(terms) + 1):
        label = ", ".join(terms[:length])
        label = label[0].upper() + label[1:]
        if label not in taken:
            return label
    return _numbered(label, taken)


def _numbered(label: str, taken: set[str]) -> str:
    number = 1
    shown = label
    while shown in taken:
        number += 1
        shown = f"{label} ({number})"
    return shown


def quotes_of(texts: Sequence[str], labels: Labels, grid: Floats, count: int, quotes: int) -> list[tuple[int, ...]]:
    """Rows that say each group best: nearest its centre and to no other's, then unlike those chosen already."""
    centres = centroids(grid, labels, count)
    order = np.argsort(labels, kind="stable")
    starts = np.searchsorted(labels[order], np.arange(count + 1))
    return [
        _speak(texts, order[starts[g] : starts[g + 1]], grid, centres, g, quotes) if starts[g] < starts[g + 1] else ()
        for g in range(count)
    ]


def _speak(
    texts: Sequence[str], rows: Integers, grid: Floats, centres: Floats, group: int, quotes: int
) -> tuple[int, ...]:
    near = grid[rows] @ centres[group]
    nearest = rows[np.lexsort((rows, -near))][: CANDIDATES * 5]
    readable = [row for row in nearest.tolist() if QUOTE_WORDS[0] <= texts[row].count(" ") + 1 <= QUOTE_WORDS[1]]
    shown = np.array((readable or nearest.tolist())[:CANDIDATES])
    true = shown[np.argmax(grid[shown] @ centres.T, axis=1) == group]
    return _vary(texts, true if len(true) else shown, grid, centres[group], quotes)


def _vary(texts: Sequence[str], rows: Integers, grid: Floats, centre: Floats, quotes: int) -> tuple[int, ...]:
    """Maximal marginal relevance (Carbonell and Goldstein 1998), weight 0.7 on relevance; no text twice."""
    vectors = unit(grid[rows])
    relevance = np.round(vectors @ unit(centre), 5)
    alike = np.round(vectors @ vectors.T, 5)
    chosen: list[int] = []
    said: set[str] = set()
    while len(chosen) < min(quotes, len(rows)):
        worst = alike[:, chosen].max(axis=1) if chosen else np.zeros(len(rows))
        value = RELEVANCE * relevance - (1 - RELEVANCE) * worst
        for place in np.lexsort((rows, -value)).tolist():
            if place not in chosen and texts[rows[place]].strip().lower() not in said:
                break
        else:
            break
        chosen.append(place)
        said.add(texts[rows[place]].strip().lower())
    return tuple(int(rows[place]) for place in chosen)


def name(texts: Sequence[str], labels: Labels, grid: Floats, count: int, quotes: int) -> list[GroupName]:
    """Label, terms and quotes of groups 0..count-1; rows labelled -1 are left out."""
    said = quotes_of(texts, labels, grid, count, quotes)
    taken: set[str] = set()
    named: list[GroupName] = []
    for terms, rows in zip(terms_of(texts, labels, count), said, strict=True):
        label = label_of(terms, taken)
        taken.add(label)
        named.append(GroupName(label, tuple(terms), rows))
    return named
