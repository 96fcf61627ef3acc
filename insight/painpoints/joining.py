"""The same pain told in different words in different services: which themes hurt alike. Worker only (nltk, scipy).

What a service is about drowns what hurts in it, so that is taken off first: each passage's vector less the mean of its
service's passages, with the spread that passages have inside themes divided out (within-class covariance
normalisation: Hatch, Kajarekar and Stolcke 2006). Beside it stands the likeness of words, weighed down where many
themes of the same service use them, one word counting for another as far as their vectors are near (soft cosine:
Sidorov et al. 2014). ``linking`` makes groups of it; docs/crossing.md measures it.
"""

import itertools
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from insight.painpoints import rules
from insight.painpoints.linking import gather, standing_out, strength
from insight.text.tokens import is_stopword, stem, tokenize
from insight.text.vectors import Encoder

Labels = npt.NDArray[np.int32]
Reals = npt.NDArray[np.float64]
Truths = npt.NDArray[np.bool_]

FEWEST = 6  # themes that tell of services; with fewer nothing shows what an ordinary likeness is
LEAST = 3  # passages of a theme in a service, below which the service is left out of its words
RIDGE = 3.0  # times the mean spread, added before it is divided out: few passages must not lean on rare directions
WORDS = 0.5  # weight of the words beside the vectors, both in standard deviations
NEAR = 0.2  # cosine of two words' vectors, from which one counts for the other
SPEAK = 100  # passages of a theme in a service that speak for it: more change little and cost much
TOP_WORDS = 60  # of each theme, the weightiest: memory
SAME_SERVICES = 0.25  # overlap of two themes' services, from which they are told apart there and not joined
FIRM, FIRM_MEMBER = 5.0, 2.5  # from which a joined pain is firm: its strength, and its weakest member; docs/crossing.md


@dataclass(frozen=True)
class Told:
    """What is joined: n passages. ``vectors`` (n, d) of length 1, ``themes`` (n,) and ``services`` (n,) with -1 for
    none, ``side`` (n,) -2 to 2, ``texts`` n. ``named``: themes that have a name of their own (known pains, themes that
    people made): two of those are two pains.
    """

    vectors: npt.NDArray[np.floating]
    themes: Labels
    services: Labels
    side: Reals
    texts: Sequence[str]
    named: Collection[int] = ()


@dataclass(frozen=True, slots=True)
class Alike:
    """Why two themes are one pain: ``score`` in standard deviations, ``likeness`` (cosine, -1 to 1) of what is left
    without their services, and ``words``: pairs of words that mean alike, the first theme's first, weightiest first.
    """

    first: int
    second: int
    score: float
    likeness: float
    words: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Member:
    """A theme of a joined pain: ``score`` is its mean to the others; ``quotes``: by service code, the rows of the
    passages that are most like what the other members say, best first.
    """

    theme: int
    score: float
    quotes: tuple[tuple[int, tuple[int, ...]], ...]


@dataclass(frozen=True, slots=True)
class Joined:
    """Themes that tell of one pain in different services. ``score``: ``linking.strength``; firm where it and the
    weakest member's reach what ``FIRM`` asks.
    """

    members: tuple[Member, ...]
    pairs: tuple[Alike, ...]
    score: float
    firm: bool

    @property
    def themes(self) -> tuple[int, ...]:
        """Their numbers, smallest first."""
        return tuple(member.theme for member in self.members)


def join(told: Told, encoder: Encoder, quotes: int = 3) -> list[Joined]:
    """The joined pains, those of most passages first; none where fewer than ``FEWEST`` themes tell of services.

    Themes on opposite sides, told in the same services, or both named are never joined. Deterministic.
    """
    free = Free(told)
    if len(free.numbers) < FEWEST:
        return []
    view = likenesses(free, encoder)
    groups = gather(view.score, view.barred)
    found = [_joined(free, view, np.flatnonzero(groups == group), quotes) for group in np.unique(groups)]
    size = {number: int((told.themes == number).sum()) for number in free.numbers}
    return sorted(
        (one for one in found if one), key=lambda one: (-sum(size[number] for number in one.themes), one.themes)
    )


class Free:
    """Themes without their services. ``numbers``: those with ``LEAST`` passages that name a service, k of them.

    ``rows`` (m,): the passages that speak for them, at most ``SPEAK`` evenly spaced ones for a theme in a service;
    ``themes`` and ``services`` (m,): of these, themes as places in ``numbers``.
    """

    def __init__(self, told: Told) -> None:
        self.told = told
        named = np.flatnonzero((told.themes >= 0) & (told.services >= 0))
        counts = np.bincount(told.themes[named], minlength=1)
        self.numbers = [int(number) for number in np.flatnonzero(counts >= LEAST)]
        wide = int(told.services.max(initial=0)) + 1
        cells = np.zeros((len(counts), wide), np.int64)
        np.add.at(cells, (told.themes[named], told.services[named]), 1)
        self.by_service = cells[self.numbers].astype(np.float64)
        place = np.full(len(counts), -1, np.int32)
        place[self.numbers] = np.arange(len(self.numbers))
        kept = named[place[told.themes[named]] >= 0]
        self.rows = kept[_spaced(told.themes[kept].astype(np.int64) * wide + told.services[kept])]
        self.themes, self.services = place[told.themes[self.rows]], told.services[self.rows]

    @cached_property
    def vectors(self) -> Reals:
        """Their vectors without what all passages of the service have in common, inner spread divided out, (m, d)."""
        free = self.told.vectors[self.rows].astype(np.float64)
        for service in np.unique(self.services):
            common = self.told.vectors[self.told.services == service].mean(axis=0, dtype=np.float64)
            free[self.services == service] -= common
        rest = free - _means(free, self.themes, len(self.numbers))[self.themes]
        spread = rest.T @ rest / max(len(rest), 1)
        spread += RIDGE * max(float(np.trace(spread)) / len(spread), 1e-12) * np.eye(len(spread))
        return np.asarray(np.linalg.solve(np.linalg.cholesky(spread), free.T).T, np.float64)

    @cached_property
    def middles(self) -> Reals:
        """The themes' mean vectors, of length 1, (k, d)."""
        return _unit(_means(self.vectors, self.themes, len(self.numbers)))

    @cached_property
    def barred(self) -> Truths:
        """Pairs that cannot be one pain in two services, (k, k): both named, the same services, opposite sides."""
        share = self.by_service / self.by_service.sum(axis=1, keepdims=True)
        overlap = np.array([np.minimum(row, share).sum(axis=1) for row in share])
        side = _means(self.told.side[self.rows, None], self.themes, len(self.numbers))[:, 0]
        stand = np.array([{"hurts": -1, "helps": 1}.get(rules.kind_of(float(value)), 0) for value in side])
        named = np.isin(self.numbers, list(self.told.named))
        told_apart = (overlap >= SAME_SERVICES) | (named[:, None] & named[None])
        return np.asarray(told_apart | (stand[:, None] * stand[None] < 0), bool)


@dataclass(frozen=True)
class Words:
    """The themes' weighty words: ``weights`` (k, w) and ``near`` (w, w), how far one word counts for another."""

    words: tuple[str, ...]
    weights: Reals
    near: Reals

    def likeness(self) -> Reals:
        """Soft cosine of the themes' words, (k, k)."""
        alike = self.weights @ self.near @ self.weights.T
        length = np.sqrt(np.maximum(np.diag(alike), 1e-9))
        return np.asarray(alike / length[:, None] / length[None], np.float64)

    def pairs(self, first: int, second: int, most: int = 3) -> tuple[tuple[str, str], ...]:
        """The pairs of words that make two themes alike, each word once."""
        rows, columns = np.flatnonzero(self.weights[first]), np.flatnonzero(self.weights[second])
        gives = self.weights[first, rows, None] * self.near[np.ix_(rows, columns)] * self.weights[second, columns]
        found: list[tuple[str, str]] = []
        while len(found) < most and gives.size and gives.max() > 0:
            row, column = np.unravel_index(int(gives.argmax()), gives.shape)
            found.append((self.words[rows[row]], self.words[columns[column]]))
            gives[row], gives[:, column] = 0, 0
        return tuple(found)


@dataclass(frozen=True)
class View:
    """How alike each pair of themes is, (k, k) each: the score that decides, and what it is made of."""

    score: Reals
    likeness: Reals
    barred: Truths
    words: Words


def likenesses(free: Free, encoder: Encoder) -> View:
    """Every pair of themes by what is left of their vectors and words without their services."""
    words = theme_words(free, encoder)
    likeness = free.middles @ free.middles.T
    both = standing_out(likeness, free.barred) + WORDS * standing_out(words.likeness(), free.barred)
    return View(np.round(standing_out(both, free.barred), 6), likeness, free.barred, words)


def theme_words(free: Free, encoder: Encoder) -> Words:
    """The words of each theme in each service by the share of passages that have them, down to nothing for a word that
    all themes of the service have (idf: Sparck Jones 1972); a theme's are the mean over its services.
    """
    said, spelled = _said(free)
    speaking = np.zeros_like(free.by_service)
    np.add.at(speaking, (free.themes, free.services), 1)
    place = {word: column for column, word in enumerate(sorted(spelled))}
    weights = np.zeros((len(free.numbers), len(place)))
    for service in range(free.by_service.shape[1]):
        themes = np.flatnonzero(free.by_service[:, service] >= LEAST)
        shares = np.zeros((len(themes), len(place)))
        for row, theme in enumerate(themes):
            for word, times in said.get((int(theme), service), {}).items():
                shares[row, place[word]] = times / speaking[theme, service]
        if len(themes) > 1:
            having = np.maximum((shares > 0).sum(axis=0), 1)
            shares *= np.log(len(themes) / having) / np.log(len(themes))
        weights[themes] += shares * (free.by_service[themes, service] / free.by_service[themes].sum(axis=1))[:, None]
    if weights.shape[1] > TOP_WORDS:
        weights[weights < np.partition(weights, -TOP_WORDS, axis=1)[:, [-TOP_WORDS]]] = 0
    used = np.flatnonzero(weights.any(axis=0))
    words = tuple(min(spelled[word].items(), key=lambda way: (-way[1], way[0]))[0] for word in sorted(spelled))
    kept = tuple(words[column] for column in used)
    vectors = _unit(encoder.encode(kept).astype(np.float64))
    near = np.clip((vectors @ vectors.T - NEAR) / (1 - NEAR), 0, 1)
    np.fill_diagonal(near, 1)
    return Words(kept, weights[:, used], near)


def _joined(free: Free, view: View, themes: npt.NDArray[np.int64], quotes: int) -> Joined | None:
    if len(themes) < 2:
        return None
    pairs = tuple(
        Alike(
            free.numbers[i],
            free.numbers[j],
            round(float(view.score[i, j]), 3),
            round(float(view.likeness[i, j]), 3),
            view.words.pairs(i, j),
        )
        for i, j in itertools.combinations([int(theme) for theme in themes], 2)
    )
    members = tuple(_member(free, view, int(theme), themes[themes != theme], quotes) for theme in themes)
    strongest = tuple(sorted(pairs, key=lambda pair: (-pair.score, pair.first, pair.second)))
    held, weakest = strength(view.score, themes), min(member.score for member in members)
    return Joined(members, strongest, round(held, 3), held >= FIRM and weakest >= FIRM_MEMBER)


def _member(free: Free, view: View, theme: int, others: npt.NDArray[np.int64], quotes: int) -> Member:
    rows = np.flatnonzero(free.themes == theme)
    near = np.round(_unit(free.vectors[rows]) @ _unit(free.middles[others].mean(axis=0)[None])[0], 6)
    best = rows[np.argsort(-near, kind="stable")]
    told_at = free.services[best]
    services = np.argsort(-free.by_service[theme], kind="stable")
    said = tuple(
        (int(service), tuple(int(row) for row in free.rows[best[told_at == service][:quotes]]))
        for service in services
        if free.by_service[theme, service] >= LEAST
    )
    return Member(free.numbers[theme], round(float(view.score[theme, others].mean()), 3), said)


def _said(free: Free) -> tuple[dict[tuple[int, int], Counter[str]], dict[str, Counter[str]]]:
    """How many passages of each (theme, service) have each stem; and how each stem is spelled."""
    said: dict[tuple[int, int], Counter[str]] = {}
    spelled: dict[str, Counter[str]] = {}
    for theme, service, words in _passages(free):
        for word in words:
            said.setdefault((theme, service), Counter())[stem(word)] += 1
            spelled.setdefault(stem(word), Counter())[word] += 1
    return said, spelled


def _passages(free: Free) -> Iterator[tuple[int, int, list[str]]]:
    for row, theme, service in zip(free.rows, free.themes, free.services, strict=True):
        words = {stem(word): word for word in tokenize(free.told.texts[row]) if not is_stopword(word)}
        yield int(theme), int(service), list(words.values())


def _spaced(cells: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Rows, in order, of at most ``SPEAK`` evenly spaced ones of each cell."""
    order = np.argsort(cells, kind="stable")
    first = np.searchsorted(cells[order], cells[order])
    rank, size = np.arange(len(cells)) - first, np.bincount(cells, minlength=1)[cells[order]]
    stride = -(-size // SPEAK)
    return np.sort(order[rank % stride == 0])


def _means(rows: Reals, labels: Labels, count: int) -> Reals:
    """Mean row of each label, (count, d)."""
    sums = np.zeros((count, rows.shape[1]))
    np.add.at(sums, labels, rows)
    return np.asarray(sums / np.maximum(np.bincount(labels, minlength=count), 1)[:, None], np.float64)


def _unit(rows: npt.NDArray[np.floating]) -> Reals:
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9), np.float64)
