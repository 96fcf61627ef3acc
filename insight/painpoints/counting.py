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
from insight.privacy import shown
from insight.runs import Run

Counts = npt.NDArray[np.int64]
MONTHS_SHOWN = 18
MOST_SERVICES = 12


@dataclass(frozen=True)
class Crossed:
    """Journeys per theme and service, and per theme and organisation."""

    services: Counts
    organisations: Counts


@dataclass(frozen=True)
class Found:
    """Every theme that is large enough under a filter, and what was counted on the way."""

    themes: tuple[ThemeSummary, ...]
    too_small: int
    within: Scope
    by_service: Counts


def count(cube: Cube, themes: Sequence[RunTheme], filters: Filters) -> Found:
    """Count all themes under a filter; those told by too few journeys are only numbered."""
    within = scope(cube, filters)
    totals = tally(cube, within)
    by_service = journeys_by_theme_and(cube, within, "service")
    crossed = Crossed(by_service, journeys_by_theme_and(cube, within, "organisation"))
    months = journeys_by_theme_and(cube, within, "month")
    summaries = [
        _summary(cube, within, row, totals, crossed, months[row.number])
        for row in themes
        if shown(int(totals.journeys[row.number])) is not None
    ]
    some = int((totals.journeys > 0).sum())
    return Found(
        tuple(sorted(summaries, key=lambda t: (-t.priority, t.number))), some - len(summaries), within, by_service
    )


def _summary(cube: Cube, within: Scope, row: RunTheme, totals: Tally, crossed: Crossed, months: Counts) -> ThemeSummary:
    number, n = row.number, int(totals.journeys[row.number])
    by_service = crossed.services
    spans = [
        int(code) for code in np.argsort(-by_service[number], kind="stable") if shown(int(by_service[number][code]))
    ]
    reached = within.journeys
    low, high = rules.wilson(n, reached)
    feeling, severity = float(totals.feeling[number]), float(totals.severity[number])
    return ThemeSummary(
        number=number,
        label=row.label,
        kind="hurts" if row.facts.get("known") else rules.kind_of(float(totals.side[number])),
        known=bool(row.facts.get("known")),
        members=tuple(row.facts.get("members", ())),
        firm=row.firm,
        terms=tuple(row.terms),
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
        months=tuple(shown(int(told)) for told in months[-MONTHS_SHOWN:]),
    )


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
        journeys=found.within.journeys,
        passages=int(found.within.passages.sum()),
        pain_points=hurting,
        works_well=tuple(helping),
        mixed=tuple(theme for theme in themes if theme.kind == "mixed"),
        too_small=found.too_small,
        unplaced=int((found.within.passages & (cube.theme == UNPLACED)).sum()),
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
    within: Scope,
    theme: ThemeSummary,
    shown_evidence: Sequence[Evidence],
    total: int,
) -> PainPointView:
    """One pain point, with where it is told."""
    inside = within.passages & (cube.theme == theme.number)
    story_of = cube.passage_story
    return PainPointView(
        theme=theme,
        run=run,
        months=cube.words["month"][-MONTHS_SHOWN:],
        evidence=tuple(shown_evidence),
        evidence_total=total,
        by_service=_ranked(cube, inside, "service", cube.passage_service),
        by_channel=_ranked(cube, inside, "channel", cube.passage_channel),
        by_need=_ranked(cube, inside, "need", cube.story_need[story_of]),
        by_teller=_ranked(cube, inside, "teller", cube.story_teller[story_of]),
    )


def _ranked(
    cube: Cube, kept: npt.NDArray[np.bool_], name: str, codes: npt.NDArray[np.int32]
) -> tuple[tuple[str, int], ...]:
    words = cube.words[name]
    told = journeys_by(cube, kept, codes, len(words))
    order = np.argsort(-told, kind="stable")
    return tuple((words[code], int(told[code])) for code in order if shown(int(told[code])))[:MOST_SERVICES]


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
