"""From a cube to what a screen shows: counts of journeys, shares with intervals; small numbers hidden. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from insight.painpoints import rules
from insight.painpoints.changing import trends
from insight.painpoints.cube import (
    STEP_FILTERS,
    STORY_FILTERS,
    Cube,
    Scope,
    Tally,
    journeys_by,
    journeys_by_theme_and,
    journeys_with,
    scope,
    tally,
)
from insight.painpoints.model import (
    UNPLACED,
    Board,
    Evidence,
    Filters,
    Fineness,
    HeatMap,
    PainPointView,
    PassageMap,
    Quote,
    RunTheme,
    ThemeSummary,
)
from insight.painpoints.withholding import Open, open_cells, open_under
from insight.privacy import shown
from insight.privacy.tables import row
from insight.runs import Run

Counts = npt.NDArray[np.int64]
MONTHS_SHOWN = 18
MOST_SERVICES = 12


@dataclass(frozen=True)
class Crossed:
    """Journeys per theme and service, per theme and organisation, per theme and month; 0 where withheld."""

    services: Counts
    organisations: Counts
    months: Counts


@dataclass(frozen=True)
class Found:
    """Every theme that is large enough under a filter, and what was counted on the way.

    ``journeys`` and ``passages`` are 0 where the whole view is withheld, and then there are no themes.
    """

    themes: tuple[ThemeSummary, ...]
    journeys: int
    passages: int
    too_small: int
    within: Scope
    by_service: Counts


def count(cube: Cube, themes: Sequence[RunTheme], filters: Filters) -> Found:
    """Count all themes under a filter; those told by too few journeys are only numbered.

    A theme is too small too where this view and one with fewer filters would together tell of too few.
    """
    within, may = scope(cube, filters), open_under(cube, filters)
    totals = tally(cube, within)
    by_service = np.where(may.services, journeys_by_theme_and(cube, within, "service"), 0)
    organisations = np.where(may.organisations, journeys_by_theme_and(cube, within, "organisation"), 0)
    crossed = Crossed(by_service, organisations, journeys_by_theme_and(cube, within, "month"))
    summaries = [
        _summary(cube, within, one, totals, crossed, may)
        for one in themes
        if may.view and may.themes[one.number] and shown(int(totals.journeys[one.number])) is not None
    ]
    some = int((totals.journeys > 0).sum())
    order = tuple(sorted(summaries, key=lambda t: (-t.priority, t.number)))
    heard = (within.journeys, int(within.passages.sum())) if may.view else (0, 0)
    return Found(order, *heard, some - len(summaries), within, by_service)


def _summary(cube: Cube, within: Scope, one: RunTheme, totals: Tally, crossed: Crossed, may: Open) -> ThemeSummary:
    number, n = one.number, int(totals.journeys[one.number])
    by_service = crossed.services
    spans = [
        int(code) for code in np.argsort(-by_service[number], kind="stable") if shown(int(by_service[number][code]))
    ]
    reached = within.journeys
    low, high = rules.wilson(n, reached)
    feeling, severity = float(totals.feeling[number]), float(totals.severity[number])
    return ThemeSummary(
        number=number,
        label=one.label,
        kind="hurts" if one.facts.get("known") else rules.kind_of(float(totals.side[number])),
        known=bool(one.facts.get("known")),
        members=tuple(one.facts.get("members", ())),
        firm=one.firm,
        terms=tuple(one.terms),
        journeys=n,
        of_journeys=reached,
        share=n / reached,
        low=float(low),
        high=float(high),
        passages=int(totals.passages[number]),
        severity=round(severity, 2),
        feeling=round(feeling, 2),
        priority=round(float(rules.priority(severity, n, reached)), 1),
        services=tuple((cube.words["service"][code], int(by_service[number][code])) for code in spans[:MOST_SERVICES]),
        organisations=_most_told(cube.words["organisation"], crossed.organisations[number]),
        months=by_month(crossed.months[number], may.months[number], n)[-MONTHS_SHOWN:],
    )


def by_month(told: Counts, may: npt.NDArray[np.bool_], of: int) -> tuple[int | None, ...]:
    """Journeys of a theme by month; those of no month stand beside them, since all of them together are shown."""
    return row([*told, of - int(told.sum())], withheld=[*~may, False])[:-1]


def _most_told(words: Sequence[str], told: Counts) -> tuple[str, ...]:
    return tuple(words[code] for code in np.argsort(-told, kind="stable") if shown(int(told[code])))


def as_board(
    cube: Cube, run: Run, filters: Filters, found: Found, quotes: Mapping[int, Quote], fineness: Fineness
) -> Board:
    """The board: what hurts first, by priority."""
    changed = trends(cube, filters)
    themes = [replace(t, quote=quotes.get(t.number), trend=changed.get(t.number)) for t in found.themes]
    hurting = tuple(theme for theme in themes if theme.kind == "hurts")
    helping = sorted((t for t in themes if t.kind == "helps"), key=lambda t: (-t.journeys, t.number))
    return Board(
        run=run,
        filters=filters,
        journeys=found.journeys,
        passages=found.passages,
        pain_points=hurting,
        works_well=tuple(helping),
        mixed=tuple(theme for theme in themes if theme.kind == "mixed"),
        too_small=found.too_small,
        unplaced=int((found.within.passages & (cube.theme == UNPLACED)).sum()) if found.journeys else 0,
        months=cube.words["month"][-MONTHS_SHOWN:],
        heat=heat_map(cube, found, hurting),
        fineness=fineness,
    )


def first_of_each_kind(found: Found, most: int) -> set[int]:
    """The numbers of the themes that a board shows first, of each kind."""
    first: set[int] = set()
    for kind in ("hurts", "mixed", "helps"):
        first.update([theme.number for theme in found.themes if theme.kind == kind][:most])
    return first


def heat_map(cube: Cube, found: Found, themes: Sequence[ThemeSummary], most: int = 15) -> HeatMap:
    """Journeys by service and pain point, services by how much pain they hold."""
    rows = [theme.number for theme in themes[:most]]
    counts = found.by_service[rows] if rows else np.zeros((0, found.by_service.shape[1]), np.int64)
    told = counts.sum(0)
    columns = [int(c) for c in np.argsort(-told, kind="stable") if any(shown(int(n)) for n in counts[:, c])][:most]
    return HeatMap(
        tuple(cube.words["service"][c] for c in columns),
        tuple((theme.number, theme.label) for theme in themes[:most]),
        tuple(tuple(shown(int(row[c])) for c in columns) for row in counts),
    )


def choices(cube: Cube) -> dict[str, tuple[str, ...]]:
    """What can be filtered by: only what enough journeys have, since picking a rare value would single people out."""
    found = {"month": cube.words["month"]}
    for name in (*STORY_FILTERS, *STEP_FILTERS):
        told = zip(cube.words[name], journeys_with(cube, name), strict=True)
        found[name] = tuple(word for word, n in told if shown(int(n)))
    return found


def as_view(
    cube: Cube,
    run: Run,
    filters: Filters,
    within: Scope,
    theme: ThemeSummary,
    shown_evidence: Sequence[Evidence],
    total: int,
) -> PainPointView:
    """One pain point, with where it is told."""
    of_story = cube.passage_story
    columns = {
        "service": cube.passage_service,
        "channel": cube.passage_channel,
        "need": cube.story_need[of_story],
        "teller": cube.story_teller[of_story],
    }
    ends = np.cumsum([len(cube.words[name]) for name in columns])

    def told(scope: Scope) -> Counts:
        mine = scope.passages & (cube.theme == theme.number)
        return np.concatenate([journeys_by(cube, mine, columns[name], len(cube.words[name])) for name in columns])

    counts = dict(zip(columns, np.split(told(within), ends[:-1]), strict=True))
    may = dict(zip(columns, np.split(open_cells(cube, filters, int(ends[-1]), told), ends[:-1]), strict=True))

    def ranked(name: str, whole: int | None = None) -> tuple[tuple[str, int], ...]:
        """Of what a journey has one of, ``whole`` journeys have one or none."""
        return _ranked(cube.words[name], counts[name], may[name], whole)

    return PainPointView(
        theme=theme,
        run=run,
        months=cube.words["month"][-MONTHS_SHOWN:],
        evidence=tuple(shown_evidence),
        evidence_total=total,
        by_service=ranked("service"),
        by_channel=ranked("channel"),
        by_need=ranked("need", theme.journeys),
        by_teller=ranked("teller", theme.journeys),
    )


def _ranked(
    words: Sequence[str], told: Counts, may: npt.NDArray[np.bool_], whole: int | None
) -> tuple[tuple[str, int], ...]:
    """The counts that may be shown, the largest first."""
    if whole is None:
        seen: Sequence[int | None] = [shown(int(n)) if open_ else None for n, open_ in zip(told, may, strict=True)]
    else:
        seen = row([*told, whole - int(told.sum())], withheld=[*~may, False])[:-1]
    found = [(word, n) for word, n in zip(words, seen, strict=True) if n is not None]
    return tuple(sorted(found, key=lambda one: -one[1]))[:MOST_SERVICES]


def as_map(cube: Cube, found: Found) -> PassageMap:
    """The points of the map that belong to themes which are shown."""
    label = {theme.number: theme.label for theme in found.themes}
    kind = {theme.number: theme.kind for theme in found.themes}
    kept = [
        (float(x), float(y), int(cube.theme[row]))
        for row, (x, y) in zip(cube.map_passage, cube.map_xy, strict=True)
        if found.within.passages[row] and int(cube.theme[row]) in label
    ]
    return PassageMap(tuple(kept), label, kind)


def as_record(theme: ThemeSummary) -> dict[str, str | int | float]:
    """A theme as a row of a table to take away."""
    return {
        "theme": theme.number,
        "label": theme.label,
        "kind": theme.kind,
        "firm": "firm" if theme.firm else "tentative",
        "journeys": theme.journeys,
        "of journeys": theme.of_journeys,
        "share": round(theme.share, 4),
        "low": round(theme.low, 4),
        "high": round(theme.high, 4),
        "severity": theme.severity,
        "feeling": theme.feeling,
        "priority": theme.priority,
        "services": "; ".join(name for name, _ in theme.services),
        "organisations": "; ".join(theme.organisations),
        "terms": "; ".join(theme.terms),
    }
