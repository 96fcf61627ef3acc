"""How far people agree who coded the same passages blind: per theme, over all, and where they differ. Pure."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from insight.codebook.model import Coding

Floats = npt.NDArray[np.float64]
Passage = tuple[int, int]  # a story and the key of a passage in it
Answers = Mapping[Passage, Mapping[str, tuple[int, ...]]]  # what each person said

Z95 = 1.959963984540054
DRAWS = 2_000
SEED = 20_110_125
CELLS_AT_ONCE = 4_000_000
NONE_OF_THEM = -1  # in place of a theme, where somebody said that a passage speaks of none


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure and its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Agreed:
    """How far people agree on one theme; ``theme`` None is over all.

    ``passages`` were answered by two people or more; of ``positives`` at least one says that they speak of the theme.
    ``alpha`` is None where all answers are the same, since nothing then shows that people can tell the theme from the
    rest; ``agreement`` and ``ac1`` are None only where no passage was answered twice.
    """

    theme: int | None
    passages: int
    positives: int
    agreement: Estimate | None
    alpha: Estimate | None
    ac1: Estimate | None


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A passage that people coded differently: who said what, by name.

    ``split`` are the themes that some saw and some did not; () where people differ only in which theme comes first.
    """

    story: int
    passage: int
    said: tuple[tuple[str, tuple[int, ...]], ...]
    split: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Agreement:
    """One round of blind coding. ``alone`` passages were answered by one person only, and count nowhere else."""

    people: tuple[str, ...]
    alone: int
    over_all: Agreed
    themes: tuple[Agreed, ...]
    disagreements: tuple[Disagreement, ...]


def agreement(codings: Iterable[Coding], themes: Collection[int]) -> Agreement:
    """Agreement on each of ``themes`` (it speaks of it, or not) and over all (the main theme, or none).

    Each person's latest answer to a passage counts. A passage that somebody has not answered, or took their answer back
    on, is missing: it is never taken for "speaks of none", which would count as agreement. Whoever merged themes since
    gives the answers with the themes that live on.
    """
    answers = _answers(codings)
    twice = {passage: said for passage, said in answers.items() if len(said) > 1}
    wanted = sorted(themes)
    main = sorted({_main(said) for by in twice.values() for said in by.values()})
    return Agreement(
        people=tuple(sorted({person for said in answers.values() for person in said})),
        alone=len(answers) - len(twice),
        over_all=_judged([None], _counted_by_main(twice, main), _some_theme(twice))[0],
        themes=tuple(_judged(wanted, *_counted_by_theme(twice, wanted))),
        disagreements=tuple(_disagreement(passage, said) for passage, said in twice.items() if _differ(said)),
    )


def _answers(codings: Iterable[Coding]) -> Answers:
    latest: dict[tuple[Passage, str], Coding] = {}
    for coding in sorted(codings, key=lambda coding: coding.id):
        latest[(coding.story, coding.passage), coding.by] = coding
    answers: dict[Passage, dict[str, tuple[int, ...]]] = {}
    for (passage, by), coding in sorted(latest.items()):
        if coding.themes is not None:
            answers.setdefault(passage, {})[by] = coding.themes
    return answers


def _main(said: tuple[int, ...]) -> int:
    return said[0] if said else NONE_OF_THEM


def _counted_by_main(answers: Answers, main: list[int]) -> Floats:
    """How many people gave each main theme, (passages, 1, main themes)."""
    place = {theme: at for at, theme in enumerate(main)}
    counts = np.zeros((len(answers), 1, max(len(main), 2)))  # one category would leave AC1 without a chance to speak of
    for row, by in enumerate(answers.values()):
        for said in by.values():
            counts[row, 0, place[_main(said)]] += 1
    return counts


def _some_theme(answers: Answers) -> list[int]:
    return [sum(any(by.values()) for by in answers.values())]


def _counted_by_theme(answers: Answers, themes: list[int]) -> tuple[Floats, list[int]]:
    """How many people said yes and no to each theme, (passages, themes, 2); and the passages where anybody said yes."""
    place = {theme: at for at, theme in enumerate(themes)}
    counts = np.zeros((len(answers), len(themes), 2))
    for row, by in enumerate(answers.values()):
        counts[row, :, 1] = len(by)
        for said in by.values():
            for theme in set(said) & place.keys():
                counts[row, place[theme]] += (1, -1)
    return counts, [int(number) for number in (counts[:, :, 0] > 0).sum(0)]


def _differ(by: Mapping[str, tuple[int, ...]]) -> bool:
    return len({(_main(said), frozenset(said)) for said in by.values()}) > 1


def _disagreement(passage: Passage, by: Mapping[str, tuple[int, ...]]) -> Disagreement:
    sets = [frozenset(said) for said in by.values()]
    split = frozenset().union(*sets) - sets[0].intersection(*sets)
    return Disagreement(*passage, said=tuple(sorted(by.items())), split=tuple(sorted(split)))


def _judged(themes: list[int] | list[None], counts: Floats, positives: list[int]) -> list[Agreed]:
    if not len(counts):
        return [Agreed(theme, 0, 0, None, None, None) for theme in themes]
    found, by_chance = coefficients(np.ones((1, len(counts))), counts)
    low, high = _intervals(counts)
    low = _lower_where_all_agree(len(counts), found[:, 0], by_chance[:, 0], low)
    return [
        Agreed(
            theme, len(counts), positives[at], *(_estimate(found[k, 0, at], low[k, at], high[k, at]) for k in range(3))
        )
        for at, theme in enumerate(themes)
    ]


def _estimate(value: float, low: float, high: float) -> Estimate | None:
    return None if np.isnan(value) else Estimate(float(value), float(min(low, value)), float(max(high, value)))


def coefficients(weights: Floats, counts: Floats) -> tuple[Floats, Floats]:
    """Agreement of pairs, Krippendorff's alpha and Gwet's AC1, and the disagreement by chance that each is held to.

    ``weights`` (b, n) says how often each of n passages counts, and ``counts`` (n, k, c) how many people gave a passage
    each of c answers to each of k questions; both results are (3, b, k).

    Alpha (nominal, any number of people, answers may be missing) is 1 - D_o / D_e of Krippendorff (2011), "Computing
    Krippendorff's Alpha-Reliability": over the passages answered twice or more, D_o is the mean over answers of the
    share of the others who differ, D_e the same for answers paired at random; NaN where all answers are the same. AC1
    is 1 - (1 - p_a) / (1 - p_e) of Gwet (2008), British Journal of Mathematical and Statistical Psychology 61, 29-48:
    p_a is the mean over passages of the share of pairs that agree, p_e = sum pi (1 - pi) / (c - 1) with pi the mean
    over passages of an answer's share.
    """
    n, k, c = counts.shape
    people = counts.sum(2)
    paired = people > 1
    square = (counts**2).sum(2)
    differing = np.where(paired, (people**2 - square) / np.maximum(people - 1, 1), 0)
    agreeing = np.where(paired, (square - people) / np.maximum(people * (people - 1), 1), 0)
    totals = (weights @ (counts * paired[:, :, None]).reshape(n, k * c)).reshape(-1, k, c)
    answers = totals.sum(2)
    shares = (weights @ (counts / np.maximum(people, 1)[:, :, None]).reshape(n, k * c)).reshape(-1, k, c)
    pi = shares / np.maximum(weights @ (people > 0), 1)[:, :, None]
    random_pairs = (answers**2 - (totals**2).sum(2)) / np.maximum(answers * (answers - 1), 1)
    random_answers = 1 - (pi * (1 - pi)).sum(2) / (c - 1)
    differ = 1 - (weights @ agreeing) / np.maximum(weights @ paired, 1)
    varied = random_pairs > 0
    observed = (weights @ differing) / np.maximum(answers, 1)
    alpha = np.where(varied, 1 - observed / np.where(varied, random_pairs, 1), np.nan)
    return (
        np.stack([1 - differ, alpha, 1 - differ / random_answers]),
        np.stack([np.ones_like(differ), random_pairs, random_answers]),
    )


def _intervals(counts: Floats) -> tuple[Floats, Floats]:
    """Low and high of each coefficient, (3, k): the middle 95 % of what passages drawn anew, with replacement, give.

    The bootstrap over passages, as Zapf et al. (2016), BMC Medical Research Methodology 16, 93, advise. Draws in which
    all answers are the same count as alpha 0, as Krippendorff has it: without variation nothing speaks for reliability.
    """
    draw = np.random.default_rng(SEED)
    n = len(counts)
    at_once = max(1, CELLS_AT_ONCE // n)
    found = []
    for start in range(0, DRAWS, at_once):
        weights = draw.multinomial(n, np.full(n, 1 / n), size=min(at_once, DRAWS - start))
        found.append(coefficients(weights.astype(float), counts)[0])
    low, high = np.quantile(np.nan_to_num(np.concatenate(found, axis=1)), [0.025, 0.975], axis=1)
    return low, high


def _lower_where_all_agree(n: int, found: Floats, by_chance: Floats, low: Floats) -> Floats:
    """Where nobody differed, every draw says 1: there the low end comes from Wilson's interval (1927) of 0 in n."""
    differing = Z95**2 / (n + Z95**2)
    with np.errstate(divide="ignore"):
        careful = np.maximum(1 - differing / by_chance, -1)
    return np.where(found[0] == 1, np.minimum(low, careful), low)
