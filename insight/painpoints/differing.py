"""Who differs: which themes a service, a channel, an area or a period tells of more or less than the others. Pure."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from insight.columns import NONE, distinct
from insight.painpoints import rules
from insight.painpoints.cube import STEP_FILTERS, STORY_FILTERS, Cube, Scope
from insight.painpoints.judging import SURE, Floats, Longs, fisher, q_values
from insight.painpoints.rules import Z95
from insight.privacy import least_shown, shown

PRIOR = 10.0  # stories' worth of what all groups together say, added to each side

Ints = npt.NDArray[np.int32]


@dataclass(frozen=True)
class Groups:
    """What stories are set apart by: codes of ``names``, -1 for none, one per story or (``by_passage``) per passage.

    Where passages are set apart, a story counts once in each group that its passages are in.
    """

    codes: Ints
    names: tuple[str, ...]
    by_passage: bool = False


@dataclass(frozen=True, slots=True)
class Difference:
    """A theme in one group beside all other groups: stories that tell of it, of those that could, and how unlike.

    ``difference`` of the shares has Newcombe's 95 % interval. ``log_odds`` is the logarithm of the odds in the group
    over those elsewhere, drawn towards 0 where little is known, with its 95 % interval and ``z``. ``q`` is the share of
    false alarms among the differences that are at least as sure; ``differs`` says that it is below .05.
    """

    theme: int
    group: str
    told: int
    of: int
    told_elsewhere: int
    of_elsewhere: int
    difference: float
    low: float
    high: float
    log_odds: float
    log_odds_low: float
    log_odds_high: float
    z: float
    q: float
    differs: bool


def groups_of(cube: Cube, name: str) -> Groups:
    """Groups by service, organisation, channel, need, source, teller or month."""
    if name in STEP_FILTERS:
        return Groups(getattr(cube, f"passage_{name}"), cube.words[name], by_passage=True)
    if name in (*STORY_FILTERS, "month"):
        return Groups(getattr(cube, f"story_{name}"), cube.words[name])
    raise ValueError(f"stories are not set apart by {name}")


def periods(cube: Cube, first: tuple[str, str], second: tuple[str, str]) -> Groups:
    """Two periods, each (first month, last month) as 2026-03; a month in both counts in the first."""
    codes = [_period(month, first, second) for month in cube.words["month"]]
    return Groups(np.array([*codes, NONE], np.int32)[cube.story_month], tuple(f"{a} - {b}" for a, b in (first, second)))


def _period(month: str, *spans: tuple[str, str]) -> int:
    return next((code for code, (first, last) in enumerate(spans) if first <= month <= last), NONE)


def differing(cube: Cube, within: Scope, groups: Groups) -> tuple[Difference, ...]:
    """Every theme in every group beside all other groups, the most unlike first.

    Only where both numbers may be shown: the stories in the group, and those elsewhere. All cells are one family of
    tests, whatever may be shown of them: to judge only those with many stories would take luck for a difference. Of two
    groups only the first is told, since the second is its mirror.
    """
    cells = _counted(cube, within, groups)
    more, fewer = fisher(cells.told, cells.of, cells.told + cells.elsewhere, cells.of + cells.of_elsewhere)
    q = q_values(np.minimum(2 * np.minimum(more, fewer), 1))
    apart = rules.difference(cells.told, cells.of, cells.elsewhere, cells.of_elsewhere)
    figures = np.stack([*apart, *log_odds(cells)], axis=1)
    found = [
        _difference(cells, at, groups.names[cells.group[at]], figures[at], float(q[at]))
        for at in range(len(q))
        if shown(int(cells.told[at])) is not None and shown(int(cells.tellers_elsewhere[at])) is not None
    ]
    return tuple(sorted(found, key=lambda cell: (-abs(cell.z), cell.q, cell.theme, cell.group)))


@dataclass(frozen=True)
class Cells:
    """Theme x group, a row each: stories that tell of the theme, and all, in the group and elsewhere.

    A story counts in ``elsewhere`` once in each other group; ``tellers_elsewhere`` are different stories.
    """

    theme: Longs
    group: Longs
    told: Longs
    of: Longs
    elsewhere: Longs
    of_elsewhere: Longs
    tellers_elsewhere: Longs


def _difference(cells: Cells, at: int, group: str, figures: Floats, q: float) -> Difference:
    apart, low, high, log, log_low, log_high, z = figures.tolist()
    return Difference(
        theme=int(cells.theme[at]),
        group=group,
        told=int(cells.told[at]),
        of=int(cells.of[at]),
        told_elsewhere=int(cells.elsewhere[at]),
        of_elsewhere=int(cells.of_elsewhere[at]),
        difference=apart,
        low=low,
        high=high,
        log_odds=log,
        log_odds_low=log_low,
        log_odds_high=log_high,
        z=z,
        q=q,
        differs=q < SURE,
    )


def _counted(cube: Cube, within: Scope, groups: Groups) -> Cells:
    """The cells of all themes and groups that enough stories tell of or are in."""
    least, stories, width = least_shown(), max(len(cube.story_id), 1), len(groups.names)
    of_passage = groups.codes if groups.by_passage else groups.codes[cube.passage_story]
    rows = np.flatnonzero(within.passages & (of_passage >= 0))
    in_group = of_passage[rows].astype(np.int64) * stories + cube.passage_story[rows]
    if groups.by_passage:
        size = np.bincount(distinct(in_group) // stories, minlength=width)
    else:
        size = np.bincount(groups.codes[within.stories & (groups.codes >= 0)], minlength=width)
    placed = cube.theme[rows] >= 0
    themes, theme = np.unique(cube.theme[rows[placed]], return_inverse=True)
    keys = distinct(theme * (width * stories) + in_group[placed])
    told = np.bincount(keys // stories, minlength=len(themes) * width).reshape(len(themes), width)
    tellers = _tellers_elsewhere(keys, told.shape, stories)
    which = (size >= least) & (size.sum() - size >= least)
    if width == 2:
        which[1] = False
    row, column = np.nonzero((told.sum(1) >= least)[:, None] & which)
    return Cells(
        themes[row].astype(np.int64),
        column,
        told[row, column],
        size[column],
        told.sum(1)[row] - told[row, column],
        size.sum() - size[column],
        tellers[row, column],
    )


def _tellers_elsewhere(keys: Longs, shape: tuple[int, ...], stories: int) -> Longs:
    """Distinct stories that tell of a theme in any other group, (k, groups): everyone but who tells of it here only."""
    width = shape[1]
    theme, story = keys // (width * stories), keys % stories
    pairs, at, times = np.unique(theme * stories + story, return_inverse=True, return_counts=True)
    here_only = np.bincount(keys[times[at] == 1] // stories, minlength=shape[0] * width).reshape(shape)
    return np.asarray(np.bincount(pairs // stories, minlength=shape[0])[:, None] - here_only)


def log_odds(cells: Cells) -> tuple[Floats, Floats, Floats, Floats]:
    """The log-odds ratio with an informative prior, its low, high, and z: Monroe, Colaresi and Quinn (2008).

    Political Analysis 16, 372-403, on stories in place of words, since the words of one story go together: delta =
    ln((y + a) / (n + A - y - a)) in the group less the same elsewhere, with A = 10 stories and a = A x the share of all
    stories; its variance is the sum of the inverses of those four numbers.
    """
    a = PRIOR * (cells.told + cells.elsewhere) / (cells.of + cells.of_elsewhere)
    yes, no = cells.told + a, cells.of - cells.told + PRIOR - a
    yes_0, no_0 = cells.elsewhere + a, cells.of_elsewhere - cells.elsewhere + PRIOR - a
    with np.errstate(divide="ignore", invalid="ignore"):
        delta = np.log(yes / no) - np.log(yes_0 / no_0)
        sd = np.sqrt(1 / yes + 1 / no + 1 / yes_0 + 1 / no_0)
    everyone = (no <= 0) | (no_0 <= 0)  # every story tells of it: nobody differs
    delta, sd = np.where(everyone, 0.0, delta), np.where(everyone, 1.0, sd)
    return delta, delta - Z95 * sd, delta + Z95 * sd, delta / sd
