"""How journeys end: where they stop without being sorted out, and how long sorting out takes. Pure, numpy only.

Formulas and sources: docs/methods.md.
"""

from dataclasses import dataclass

import numpy as np

from insight.journeys.mining.log import Bools, Log
from insight.journeys.mining.means import Counts, Floats
from insight.journeys.mining.paths import steps
from insight.painpoints.rules import Z95


@dataclass(frozen=True)
class Stopped:
    """Per step code, (names,): journeys that ``reached`` the step, and those of them that ``stopped`` there."""

    reached: Counts
    stopped: Counts


@dataclass(frozen=True)
class SurvivalCurve:
    """The share of journeys not sorted out after so many ``days``, with its 95 % interval, (t,) from day 0 on.

    ``median_days``: by when half are sorted out; None where fewer than half ever are, as far as was seen.
    """

    days: Floats
    share: Floats
    low: Floats
    high: Floats
    median_days: float | None
    journeys: int
    open: int


def stopped_at(log: Log, resolved: Bools, still_open: Bools) -> Stopped:
    """Where journeys stop; ``resolved`` and ``still_open`` are (n,), a journey that is neither has stopped.

    A journey that is still open has not stopped at its latest step, nor gone past it: it counts at every step but that.
    """
    width = len(log.names)
    ends = np.flatnonzero(~log.followed)
    undecided = np.bincount(log.code[ends[still_open[log.journey[ends]]]], minlength=width)
    gave_up = ~resolved & ~still_open
    stopped = np.bincount(log.code[ends[gave_up[log.journey[ends]]]], minlength=width)
    return Stopped(steps(log).journeys - undecided, stopped)


def survival(days: Floats, resolved: Bools, still_open: Bools) -> SurvivalCurve | None:
    """How many are not sorted out yet after so many days; all (n,), a journey neither resolved nor open has stopped.

    Kaplan and Meier (1958) with Greenwood's variance (1926) and the log-log interval (Kalbfleisch and Prentice 2002),
    where an open journey counts for as long as it was seen. One that stopped is never sorted out: it is a competing
    end (Aalen and Johansen 1978; variance of Marubini and Valsecchi 1995, which is Greenwood's where none stopped).
    Days that are not known (NaN) or negative do not count. None without a journey.
    """
    known = days >= 0
    days, resolved, still_open = days[known], resolved[known], still_open[known]
    if not len(days):
        return None
    times, place = np.unique(days, return_inverse=True)
    sorted_out = np.bincount(place[resolved], minlength=len(times)).astype(float)
    ended = np.bincount(place[resolved | ~still_open], minlength=len(times)).astype(float)
    at_risk = len(days) - np.concatenate([[0], np.cumsum(np.bincount(place))[:-1]]).astype(float)
    done, variance = _sorted_out_by(sorted_out, ended, at_risk)
    kept = sorted_out > 0
    low, high = _log_log(1 - done[kept], variance[kept])
    shares = np.concatenate([[1.0], 1 - done[kept]])
    half = np.flatnonzero(shares <= 0.5 + 1e-12)
    shown = np.concatenate([[0.0], times[kept]])
    return SurvivalCurve(
        days=shown,
        share=shares,
        low=np.concatenate([[1.0], low]),
        high=np.concatenate([[1.0], high]),
        median_days=float(shown[half[0]]) if len(half) else None,
        journeys=len(days),
        open=int((still_open & ~resolved).sum()),
    )


def _sorted_out_by(sorted_out: Floats, ended: Floats, at_risk: Floats) -> tuple[Floats, Floats]:
    """The cumulative share sorted out at each time, and its variance; all (t,)."""
    left = np.concatenate([[1.0], np.cumprod(1 - ended / at_risk)[:-1]])
    done = np.cumsum(left * sorted_out / at_risk)
    after = at_risk - ended
    spread = np.where(after > 0, ended / (at_risk * np.maximum(after, 1)), 0.0)  # nothing comes after the last one
    own = left**2 * (at_risk - sorted_out) * sorted_out / at_risk**3
    cross = left * sorted_out / at_risk**2
    variance = (
        done**2 * np.cumsum(spread)
        - 2 * done * np.cumsum(spread * done)
        + np.cumsum(spread * done**2)
        + np.cumsum(own)
        - 2 * done * np.cumsum(cross)
        + 2 * np.cumsum(cross * done)
    )
    return done, np.maximum(variance, 0)


def _log_log(share: Floats, variance: Floats) -> tuple[Floats, Floats]:
    """The interval of log(-log(share)), taken back; a share of 0 or 1 has none, and stays itself."""
    inside = (share > 1e-12) & (share < 1 - 1e-12)
    safe = np.where(inside, share, 0.5)
    reach = np.exp(Z95 * np.sqrt(variance) / (safe * np.abs(np.log(safe))))
    return np.where(inside, safe**reach, share), np.where(inside, safe ** (1 / reach), share)
