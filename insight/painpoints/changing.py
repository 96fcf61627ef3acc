"""What changed: themes that more or fewer journeys tell of than before, and new ones; false alarms kept rare. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from insight.columns import NONE
from insight.language import noted
from insight.painpoints.cube import Cube, Scope, scope
from insight.painpoints.judging import SURE, Floats, Longs, at_least, fisher, q_values, told
from insight.painpoints.model import Filters
from insight.painpoints.rules import Z95
from insight.privacy import least_shown, shown

RECENT_MONTHS, EARLIER_MONTHS = 3, 9
ALL_MONTHS = RECENT_MONTHS + EARLIER_MONTHS
LEAST_RATIO = 1.5  # of shares, below which a change is too small to be called one
SPARE = 0.25  # journeys a month added to what is expected, so that a theme hardly told before is not a wonder
MONTHS_A_YEAR = 12
RISING, FALLING, NEW, STEADY = noted("rising"), noted("falling"), noted("new"), noted("steady")


@dataclass(frozen=True, slots=True)
class Change:
    """A theme now and before: journeys that told of it, of all that were heard. Small numbers are None.

    ``ratio`` is the share now over the share before, with its 95 % interval. ``q`` is the share of false alarms among
    the themes that changed at least as surely. Both are said only where both numbers may be shown; ``q`` of a new theme
    too. ``sure`` says that q is below .05.
    """

    theme: int
    kind: str
    recent: int | None
    earlier: int | None
    ratio: float | None
    low: float | None
    high: float | None
    q: float | None
    sure: bool


@dataclass(frozen=True)
class Changing:
    """Every theme that enough journeys tell of, the surest change first; months (first, last) as 2026-03."""

    recent_months: tuple[str, str]
    earlier_months: tuple[str, str]
    of_recent: int
    of_earlier: int
    themes: tuple[Change, ...]


def changing(cube: Cube, within: Scope, until: str | None = None) -> Changing | None:
    """The three months that end with ``until`` (else the run's newest) against the nine before.

    None where too few journeys were heard in either to say anything.
    """
    months = cube.words["month"]
    if not months:
        return None
    last = _month(until or months[-1])
    ago = np.array([*(last - _month(word) for word in months), NONE])  # code -1 reads the appended one
    of_story = np.where((ago >= 0) & (ago < ALL_MONTHS), ago, NONE)[cube.story_month]
    heard = np.bincount(of_story[within.stories & (of_story >= 0)], minlength=ALL_MONTHS)
    of_recent, of_earlier = int(heard[:RECENT_MONTHS].sum()), int(heard[RECENT_MONTHS:].sum())
    if shown(of_recent) is None or shown(of_earlier) is None:
        return None
    who = told(cube, within)
    return Changing(
        (_word(last - RECENT_MONTHS + 1), _word(last)),
        (_word(last - ALL_MONTHS + 1), _word(last - RECENT_MONTHS)),
        of_recent,
        of_earlier,
        changes(who.numbers, who.by(of_story, ALL_MONTHS), heard),
    )


def changed_under(cube: Cube, filters: Filters) -> Changing | None:
    """What changed up to the last month of the filters. Their first month is passed over: "before" is needed."""
    months = [month for month in cube.words["month"] if not filters.last_month or month <= filters.last_month]
    if not months:
        return None
    return changing(cube, scope(cube, replace(filters, first_month=None, last_month=None)), months[-1])


def trends(cube: Cube, filters: Filters) -> dict[int, str]:
    """The word for each theme that surely changed, by its number."""
    found = changed_under(cube, filters)
    return {one.theme: one.kind for one in found.themes if one.sure and one.kind != STEADY} if found else {}


def _month(word: str) -> int:
    year, month = word.split("-")
    return int(year) * MONTHS_A_YEAR + int(month) - 1


def _word(month: int) -> str:
    return f"{month // MONTHS_A_YEAR}-{month % MONTHS_A_YEAR + 1:02}"


def changes(numbers: Sequence[int] | Longs, counts: Longs, heard: Longs) -> tuple[Change, ...]:
    """How each theme changed, from journeys per theme and month (k, 12) of those heard (12,), the newest month first.

    Themes that fewer journeys than the threshold told of in all twelve months cannot be judged and are not; the others
    are one family of tests, whatever may be shown of them.
    """
    kept = counts.sum(1) >= least_shown()
    counts = counts[kept]
    recent, earlier = counts[:, :RECENT_MONTHS].sum(1), counts[:, RECENT_MONTHS:].sum(1)
    spread = dispersion(counts[:, RECENT_MONTHS:], heard[RECENT_MONTHS:])
    p_more, p_fewer = chances(recent, earlier, spread, heard)
    q = q_values(np.minimum(2 * np.minimum(p_more, p_fewer), 1))
    of = int(heard[:RECENT_MONTHS].sum()), int(heard[RECENT_MONTHS:].sum())
    found = [
        _change(int(number), int(recent[at]), int(earlier[at]), of, float(spread[at]), float(q[at]))
        for at, number in enumerate(np.asarray(numbers)[kept])
        if shown(int(recent[at])) or shown(int(earlier[at]))
    ]
    surest = dict(zip(np.asarray(numbers)[kept].tolist(), q.tolist(), strict=True))
    return tuple(sorted(found, key=lambda change: (change.kind == STEADY, surest[change.theme], change.theme)))


def dispersion(counts: Longs, heard: Longs) -> Floats:
    """How many times more themes swing from month to month than chance has it, at least 1: (k,) of counts (k, m).

    A theme's own swing is Pearson's chi-square of its months against its share of all that was heard, over m - 1. Nine
    months tell little of it, so it is averaged with what all themes together have, and never taken to be below that:
    1 + c x its journeys a month, with c, the squared coefficient of variation of a negative binomial, such that the
    themes swing as much as seen in sum.
    """
    months = heard > 0
    expected = counts.sum(1, keepdims=True) * heard[months] / heard[months].sum()
    with np.errstate(invalid="ignore", divide="ignore"):
        chi_square = np.where(expected > 0, (counts[:, months] - expected) ** 2 / expected, 0).sum(1)
    own = chi_square / max(int(months.sum()) - 1, 1)
    a_month = expected.mean(1)
    common = max(float((own - 1)[a_month > 0].sum()) / max(float(a_month.sum()), 1), 0)
    usual = 1 + common * a_month
    return np.asarray(np.maximum((own + usual) / 2, usual))


def chances(recent: Longs, earlier: Longs, spread: Floats, heard: Longs) -> tuple[Floats, Floats]:
    """P(at least so many now) and P(at most so many now) had nothing changed, (k,) each: the more careful of two.

    Two shares of stories, by Fisher's exact test; and a count that swings from month to month, by a negative binomial
    with mean m = what the earlier months expect and variance v = spread x m x (1 + now heard / heard before), after
    Farrington et al. (1996), JRSS A 159, 547-563, without their trend. The first sees that little was heard, the second
    that a theme comes and goes.
    """
    months = max(int((heard[RECENT_MONTHS:] > 0).sum()), 1)
    of_recent, of_earlier = heard[:RECENT_MONTHS].sum(), heard[RECENT_MONTHS:].sum()
    more, fewer = fisher(recent, np.full_like(recent, of_recent), recent + earlier, of_recent + of_earlier)
    mean = (earlier + SPARE * months) * of_recent / of_earlier
    variance = spread * mean * (1 + of_recent / of_earlier)
    return np.maximum(more, at_least(recent, mean, variance)), np.maximum(
        fewer, 1 - at_least(recent + 1, mean, variance)
    )


def _change(theme: int, recent: int, earlier: int, of: tuple[int, int], spread: float, q: float) -> Change:
    sure = q < SURE
    kind = _kind(recent, earlier, of, sure)
    both = shown(recent) is not None and shown(earlier) is not None
    ratio, low, high = ratio_of_shares(recent, of[0], earlier, of[1], spread) if both else (None, None, None)
    return Change(
        theme, kind, shown(recent), shown(earlier), ratio, low, high, q if both or kind == NEW else None, sure
    )


def _kind(recent: int, earlier: int, of: tuple[int, int], sure: bool) -> str:
    many = shown(recent) is not None
    if many and not earlier:
        return NEW
    now, before = recent / of[0], earlier / of[1]
    if sure and many and now >= LEAST_RATIO * before:
        return RISING
    if sure and shown(earlier) is not None and before >= LEAST_RATIO * now:
        return FALLING
    return STEADY


def ratio_of_shares(hits: int, of: int, hits_before: int, of_before: int, spread: float) -> tuple[float, float, float]:
    """Share now over share before, with its interval: log ratio +- z sqrt(spread (1 / a - 1 / n + 1 / b - 1 / m)).

    Katz et al. (1978), Biometrics 34, 469-474, widened where the theme swings from month to month.
    """
    ratio = hits / of / (hits_before / of_before)
    half = Z95 * np.sqrt(spread * (1 / hits - 1 / of + 1 / hits_before - 1 / of_before))
    return ratio, float(ratio * np.exp(-half)), float(ratio * np.exp(half))
