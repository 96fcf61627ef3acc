"""Pain points as they may leave the place: rounded, and without a word that anybody wrote. Pure."""

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from insight.painpoints import rules
from insight.painpoints.cube import Crossing, Cube, Scope, scope, tally
from insight.painpoints.model import Filters, RunTheme
from insight.painpoints.withholding import open_under
from insight.privacy import Audience, protection
from insight.privacy.rounding import record_keys
from insight.privacy.tables import Disclosed, Table, disclose
from insight.sheets import Cell

Longs = npt.NDArray[np.int64]
ADDS = {"month": True, "need": True, "service": False}  # a journey has one month and one need, and many services


def outside_records(cube: Cube, themes: Sequence[RunTheme], filters: Filters) -> list[dict[str, Cell]]:
    """The themes that may be published under filters, worst first; shares and priorities are of the rounded counts."""
    within, may, keys = scope(cube, filters), open_under(cube, filters, Audience.OUTSIDE), record_keys(cube.story_id)
    told = _shown(*_counted(cube, within, "", keys), adds=False)
    at_services = _shown(*_counted(cube, within, "service", keys), adds=False)
    heard = _shown(np.array([within.journeys]), np.array([int(keys[within.stories].sum())]), adds=False).number(0)
    if not may.view or heard is None:
        return []
    totals = tally(cube, within)
    found: list[dict[str, Cell]] = []
    for theme in themes:
        n = told.number(theme.number, 0)
        if n is None or not may.themes[theme.number]:
            continue
        n = min(n, heard)
        side, severity = float(totals.side[theme.number]), round(float(totals.severity[theme.number]), 1)
        low, high = rules.wilson(n, heard)
        services = at_services.values[theme.number] * may.services[theme.number]
        found.append(
            {
                "theme": theme.number,
                "label": theme.label,
                "kind": "hurts" if theme.facts.get("known") else rules.kind_of(side),
                "journeys, rounded to 5": n,
                "of journeys, rounded to 5": heard,
                "share": round(n / heard, 2),
                "low": round(float(low), 2),
                "high": round(float(high), 2),
                "severity": severity,
                "priority": round(float(rules.priority(severity, n, heard)), 1),
                "services": "; ".join(
                    cube.words["service"][code] for code in np.argsort(-services, kind="stable") if services[code] > 0
                ),
            }
        )
    return sorted(found, key=lambda one: (-float(one["priority"]), int(one["theme"])))


def standard_tables(cube: Cube) -> Iterator[tuple[str, Longs, Disclosed]]:
    """Themes by month, by need and by service as they would be published, each with its counts without sums.

    By month and by need each theme is a row that adds up to its journeys; journeys that told none stand last in it.
    """
    within, keys = scope(cube, Filters()), record_keys(cube.story_id)
    whole, whole_keys = _counted(cube, within, "", keys)
    real = np.flatnonzero(whole[:, 0])  # the codebook leaves gaps between the numbers of themes
    for name, adds in ADDS.items():
        counts, sums = (all_of[real] for all_of in _counted(cube, within, name, keys))
        if adds:
            counts = np.concatenate([counts, whole[real] - counts.sum(1, keepdims=True)], 1)
            sums = np.concatenate([sums, whole_keys[real] - sums.sum(1, keepdims=True)], 1)
        yield name, counts, _shown(counts, sums, adds)


def _shown(counts: Longs, sums: Longs, adds: bool) -> Disclosed:
    axes = (False,) * (counts.ndim - 1) + (adds,)
    return disclose(Table.of(counts, axes, sums), protection(Audience.OUTSIDE))


def _counted(cube: Cube, within: Scope, name: str, keys: Longs) -> tuple[Longs, Longs]:
    """Journeys per theme and code, and the sums of their record keys, (k, codes) each."""
    crossing = _crossing(cube, name)
    stories, shape = max(len(cube.story_id), 1), (cube.themes, crossing.width)
    found = crossing.once(within.passages)
    counts = np.bincount(found // stories, minlength=shape[0] * shape[1])
    sums = np.bincount(found // stories, weights=keys[found % stories], minlength=shape[0] * shape[1])
    return counts.reshape(shape), sums.astype(np.int64).reshape(shape)  # exact: 2^21 keys of 32 bits fit a float


def _crossing(cube: Cube, name: str) -> Crossing:
    if name != "need":
        return cube.crossings[name]
    return Crossing.of(cube, cube.story_need[cube.passage_story], len(cube.words["need"]))
