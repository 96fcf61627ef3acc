"""Phrases that several texts of a group share word for word, as far as they read like something a person would say."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from insight.text.sentiment import lexicon
from insight.text.tokens import is_stopword
from insight.themes.model import Integers, Labels
from insight.themes.terms import TURNING, Telling
from insight.themes.wording import (
    BEING,
    BOUNDS_AFTER,
    BOUNDS_BEFORE,
    COUNTS,
    DETERMINERS,
    FILLING,
    NEGATING,
    NOT_FIRST,
    NOT_LAST,
    QUESTIONS,
    SPEAKERS,
    TITLES,
    reads_well,
)

Truths = npt.NDArray[np.bool_]
Reals = npt.NDArray[np.float64]

# Words of a phrase, filling ones not counted.
LONGEST = 6
# A phrase is a label only where as many different texts of its group say it, word for word, and this share of them.
LEAST_TEXTS = 3
LEAST_SHARE = 0.015
# A phrase that says all of a group would hold its five most telling words. Their z is bent, so that one does not do.
WHOLE = 5
BEND = 0.6
# A phrase that as many of its texts deny ("not told") says the opposite of them.
MOST_DENIED = 0.15
# What a phrase is worth by its form: one word says little, three or four say most; a sentence more than a heading.
LENGTHS = (0.4, 1.0, 1.1, 1.15, 1.1, 1.0)
SENTENCE = 1.1
# What takes a side ("rude staff") says more than what names a thing.
TAKING_SIDES = 1.1
CHARGED = 1.0
QUESTION = 0.85
SPEAKING_OF_ONESELF = 0.85
# So many phrases of each group are read closely, so many places of each.
CLOSELY_READ = 15
OCCURRENCES = 40
NUMBER = "#"


@dataclass(frozen=True)
class Phrase:
    """A phrase of a group as most texts wrote it.

    ``covers``: the share it holds of what tells the group, 0 to about 1; ``worth``: by what phrases are ranked.
    """

    words: tuple[str, ...]
    covers: float
    worth: float


@dataclass(frozen=True)
class _Runs:
    """Runs of ``length`` words that enough texts of one group share.

    Per run i: its group, in how many texts, their share among the texts of all groups that say it, which share of the
    group's weight it covers, and its occurrences
    ``places[starts[i]:starts[i + 1]]``.
    """

    length: int
    group: Integers
    texts: Integers
    own: Reals
    covers: Reals
    places: Integers
    starts: Integers


class Said:
    """Words of chosen texts but the filling ones: per place its token, text, group, and what it counts as."""

    def __init__(self, telling: Telling, rows: Integers, labels: Labels, count: int) -> None:
        self.corpus = telling.corpus
        token, text, segment = self._lay_out(rows)
        kept = ~self._among(FILLING)[self.corpus.tokens[token]]
        self.token, self.text, self.segment = token[kept], text[kept], segment[kept]
        self.word = self.corpus.tokens[self.token]
        self.group = labels[self.text].astype(np.int64)
        self.tells = ~np.array([is_stopword(word) for word in self.corpus.words], bool)[self.word]
        weight = telling.weight(self.group, self.corpus.stem_of[self.word]).astype(np.float64) ** BEND
        self.weight = np.where(self.tells, weight, 0) / np.maximum(_whole(telling, count)[self.group], 1e-9)
        self.counts_as = self._numbers()[self.word]
        self.size = np.bincount(labels[rows], minlength=count)
        self.opens = ~self._among(NOT_FIRST)[self.word]
        self.closes = ~self._among(NOT_LAST)[self.word]
        self.asks = self._among(QUESTIONS)[self.word]
        self.is_being = self._among(BEING)[self.word]
        charged = {word for word, side in lexicon().items() if abs(side) >= CHARGED}
        self.takes_sides = self._among(NEGATING | TURNING | charged)[self.word]
        self.denied = self._after(self._among(NEGATING)[self.word], 3) | self._after(self._among(TITLES)[self.word], 1)

    def _lay_out(self, rows: Integers) -> tuple[Integers, Integers, Integers]:
        """Token, text and number of the unbroken piece of text, of every word."""
        starts = self.corpus.starts
        lengths = starts[rows + 1] - starts[rows]
        token = np.arange(int(lengths.sum())) + np.repeat(starts[rows] - (np.cumsum(lengths) - lengths), lengths)
        text = np.repeat(rows, lengths)
        new = np.ones(len(text), bool)
        new[1:] = text[1:] != text[:-1]
        return token, text, np.cumsum(self.corpus.opens[token] | new)

    def _among(self, words: frozenset[str]) -> Truths:
        return np.array([word in words for word in self.corpus.words], bool)

    def _numbers(self) -> Integers:
        """Under which number each word counts: its stem's; forms of "be" as one, determiners as one."""
        numbers = self.corpus.stem_of.copy()
        numbers[self._among(BEING)] = len(self.corpus.stems)
        numbers[self._among(DETERMINERS)] = len(self.corpus.stems) + 1
        return numbers

    def _after(self, marked: Truths, reach: int) -> Truths:
        """Whether one of the ``reach`` words before, in the same piece, is marked."""
        found = np.zeros(len(marked), bool)
        for back in range(1, reach + 1):
            found[back:] |= marked[:-back] & (self.segment[back:] == self.segment[:-back])
        return found

    def runs(self) -> Iterator[_Runs]:
        """Runs of one word, of two and so on, each from shorter ones that are shared (Agrawal and Srikant 1994)."""
        place, number = np.arange(len(self.word)), self.counts_as
        above = np.concatenate([[0.0], np.cumsum(self.weight)])
        for length in range(1, LONGEST + 1):
            if length > 1:
                place, number = self._longer(place, number, length)
            place, number, texts, own = self._shared(place, number)
            if not len(place):
                return
            order = np.argsort(number, kind="stable")
            starts = np.concatenate([[0], np.cumsum(np.bincount(number))])
            one = place[order[starts[:-1]]]
            yield _Runs(length, self.group[one], texts, own, above[one + length] - above[one], place[order], starts)

    def _longer(self, place: Integers, number: Integers, length: int) -> tuple[Integers, Integers]:
        """Runs a word longer, where what is left without the first and without the last word are both shared."""
        at = np.full(len(self.word) + 1, -1, np.int64)
        at[place] = number
        last = place + length - 1
        goes_on = last < len(self.word)
        goes_on[goes_on] = self.segment[place[goes_on]] == self.segment[last[goes_on]]
        goes_on &= at[place + 1] >= 0
        kept = place[goes_on]
        return kept, at[kept] * (int(number.max(initial=0)) + 1) + at[kept + 1]

    def _shared(self, place: Integers, number: Integers) -> tuple[Integers, Integers, Integers, Reals]:
        """Runs that ``LEAST_TEXTS`` texts of one group share, numbered anew per group; texts of each, and their share
        among the texts of all groups that say it.
        """
        if not len(place):
            return place, number, place, np.zeros(0)
        _, alike = np.unique(number, return_inverse=True)
        mixed, number = np.unique(self.group[place] * len(place) + alike, return_inverse=True)
        order = np.argsort(number, kind="stable")
        first = np.ones(len(order), bool)
        first[1:] = np.diff(number[order]).astype(bool) | np.diff(self.text[place[order]]).astype(bool)
        texts = np.bincount(number[order[first]])
        own = texts / np.bincount(mixed % len(place), weights=texts)[mixed % len(place)]
        enough = texts >= LEAST_TEXTS
        kept = enough[number]
        return place[kept], (np.cumsum(enough) - 1)[number[kept]], texts[enough], own[enough]

    def phrases(self, count: int) -> list[list[Phrase]]:
        """Phrases of groups 0..count-1 that read well, those worth most first."""
        runs = list(self.runs())
        if not runs:
            return [[] for _ in range(count)]
        worth = [self._worth(run) for run in runs]
        group = np.concatenate([run.group for run in runs])
        every = np.concatenate(worth)
        of = np.repeat(np.arange(len(runs)), [len(run.group) for run in runs])
        within = np.concatenate([np.arange(len(run.group)) for run in runs])
        order = np.lexsort((within, of, -every, group))
        order = order[every[order] > 0]
        starts = np.searchsorted(group[order], np.arange(count + 1))
        found = []
        for first, last in pairwise(starts.tolist()):
            near = order[first : min(last, first + CLOSELY_READ)].tolist()
            read = [self._read(runs[of[i]], int(within[i]), float(every[i])) for i in near]
            good = [phrase for phrase in read if phrase]
            found.append(sorted(good, key=lambda phrase: (-phrase.worth, phrase.words)))
        return found

    def _worth(self, run: _Runs) -> Reals:
        """What it covers times the log of the texts that say it; 0 where it does not read well."""
        one = run.places[run.starts[:-1]]
        last = one + run.length - 1
        denied = np.add.reduceat(self.denied[run.places].astype(np.float64), run.starts[:-1]) / np.diff(run.starts)
        reads = self.opens[one] & self.closes[last] & (denied < MOST_DENIED)
        reads &= run.texts >= LEAST_SHARE * self.size[run.group]
        sentence = _has(self.is_being, one, last) & ~self.asks[one]
        shape: Reals = LENGTHS[run.length - 1] * np.where(sentence, SENTENCE, 1) * np.where(self.asks[one], QUESTION, 1)
        shape *= np.where(_has(self.takes_sides, one, last + 1), TAKING_SIDES, 1)
        return np.where(reads, run.covers**1.5 * np.log1p(run.texts) * np.sqrt(run.own) * shape, 0)

    def _read(self, run: _Runs, number: int, worth: float) -> Phrase | None:
        """The phrase as most texts wrote it; None where too few wrote it the same way."""
        places = run.places[run.starts[number] : run.starts[number + 1]][:OCCURRENCES].tolist()
        written: dict[tuple[int, ...], set[int]] = {}
        for place in places:
            first, last = int(self.token[place]), int(self.token[place + run.length - 1])
            form = tuple(self.corpus.tokens[first : last + 1].tolist())
            written.setdefault(form, set()).add(int(self.text[place]))
        form = min(written, key=lambda form: (-len(written[form]), len(form)))  # equals: the first that was read
        if len(written[form]) < LEAST_TEXTS:
            return None
        words = tuple(self.corpus.words[word] for word in form)
        if not reads_well(words, sum(self.tells[places[0] : places[0] + run.length].tolist())):
            return None
        worth *= 1 - self._part_of_more(places, run.length) ** 2
        worth *= SPEAKING_OF_ONESELF if words[0] in SPEAKERS else 1
        return Phrase(words, float(run.covers[number]), worth)

    def _part_of_more(self, places: list[int], length: int) -> float:
        """Largest share of the occurrences beside which the same word stands: then the phrase goes on there."""
        before = Counter(self._before(place) for place in places)
        after = Counter(self._beside(place, place + length, BOUNDS_AFTER) for place in places)
        del before[""], after[""]
        return max([*before.values(), *after.values(), 0]) / len(places)

    def _before(self, place: int) -> str:
        """The word before, past a determiner."""
        if self.corpus.numbered[self.token[place]] or self._beside(place, place - 1, frozenset()) in COUNTS:
            return NUMBER
        back = 2 if place and self.corpus.words[self.word[place - 1]] in DETERMINERS else 1
        return self._beside(place, place - back, BOUNDS_BEFORE)

    def _beside(self, place: int, other: int, bounds: frozenset[str]) -> str:
        if not 0 <= other < len(self.word) or self.segment[other] != self.segment[place]:
            return ""
        word = self.corpus.words[self.word[other]]
        return "" if word in bounds else word


def _has(marked: Truths, first: Integers, end: Integers) -> Truths:
    """Whether one of the words first..end-1 is marked."""
    above = np.concatenate([[0], np.cumsum(marked)])
    return np.asarray(above[end] > above[first], bool)


def _whole(telling: Telling, count: int) -> Reals:
    """What the ``WHOLE`` most telling words of each group weigh together, (count,)."""
    group = telling.cells // max(len(telling.corpus.stems), 1)
    order = np.lexsort((-telling.weights, group))
    starts = np.searchsorted(group[order], np.arange(count))
    rank = np.arange(len(order)) - starts[group[order]]
    top = order[rank < WHOLE]
    weights = np.maximum(telling.weights[top], 0).astype(np.float64) ** BEND
    return np.asarray(np.bincount(group[top], weights=weights, minlength=count), np.float64)
