"""Pains that hurt in two services or more: one theme told in several, or themes that are one pain in other words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from insight.access import Actor, Permission, use_case
from insight.codebook.rules import in_use
from insight.intake import Place
from insight.painpoints import counting, evidence, rules
from insight.painpoints.between import Spread, ranked, spread
from insight.painpoints.cube import Cube, Scope, journeys_by, journeys_through
from insight.painpoints.model import Filters, Quote, RunTheme, ThemeSummary
from insight.painpoints.reading import Reading, reading, run_of
from insight.privacy import least_shown, shown
from insight.runs import Run

Counts = npt.NDArray[np.int64]
MOST, VOICES, CANDIDATES = 20, 6, 12
LEAST_SERVICES = 2


@dataclass(frozen=True, slots=True)
class Voice:
    """One service in which a pain is told: its journeys, their share of those through the service with its interval,
    what the pain is called there, and a sentence that says it.
    """

    service: str
    label: str
    journeys: int
    share: float
    low: float
    high: float
    quote: Quote | None


@dataclass(frozen=True, slots=True)
class Between:
    """Whether a pain belongs between services, as the analysis found: ``verdict`` in ``between.Verdict``'s words.

    ``signs``: what its journeys show more often than others: (sign, share, share elsewhere).
    """

    verdict: str
    signs: tuple[tuple[str, float, float], ...]


@dataclass(frozen=True, slots=True)
class CommonPain:
    """A pain across services. ``themes`` (number, name), more than one where themes in other words are one pain.

    ``even``: how many services, told equally often, would be as mixed; ``rank`` is severity x reach x spread.
    """

    themes: tuple[tuple[int, str], ...]
    journeys: int
    of_journeys: int
    share: float
    low: float
    high: float
    severity: float
    even: float
    rank: float
    voices: tuple[Voice, ...]
    between: Between | None


@dataclass(frozen=True, slots=True)
class Across:
    """``pains`` across services, what hurts most and widest first; ``perhaps``: themes that may be one pain."""

    pains: tuple[CommonPain, ...]
    perhaps: tuple[tuple[tuple[int, str], ...], ...]


@dataclass(frozen=True)
class _Group:
    """Themes that are one pain, with the passages that say it in each service, by (theme, service code)."""

    themes: tuple[int, ...]
    firm: bool
    quotes: Mapping[tuple[int, int], Sequence[int]]


@use_case(Permission.SEE_INSIGHT)
def across(actor: Actor, place: Place, filters: Filters | None = None, run_id: int | None = None) -> Across:
    """The common pain points across services under some filters."""
    wanted = filters or Filters()
    run = run_of(actor, place, run_id)
    held = reading(run)
    view = held.under(wanted)
    found = counting.count(view.cube, view.themes, wanted)
    hurting = {theme.number: theme for theme in found.themes if theme.kind == "hurts"}
    joined = _joined(run, held, hurting) if wanted.themes is None else []
    together = {number for group in joined if group.firm for number in group.themes}
    alone = [_Group((number,), True, {}) for number in hurting if number not in together]
    rows = {theme.number: theme for theme in view.themes}
    pains = _ranked(view.cube, found.within, [*(group for group in joined if group.firm), *alone], hurting, rows)
    quoted = _with_quotes(actor, run.id, view.cube, pains[:MOST])
    perhaps = tuple(
        tuple((number, hurting[number].label) for number in group.themes) for group in joined if not group.firm
    )
    return Across(quoted, perhaps)


def _joined(run: Run, held: Reading, hurting: Mapping[int, ThemeSummary]) -> list[_Group]:
    """What the analysis joined, as the codebook numbers it: of themes that hurt, and that nobody made one already."""
    groups = []
    for told in run.facts.get("joined", ()):
        numbers = np.asarray(told["themes"], np.int32)
        if held.known.run is not None:
            numbers = in_use(held.known.book, held.known.run.lasting[numbers])
        themes = tuple(dict.fromkeys(number for number in numbers.tolist() if number in hurting))
        if len(themes) >= LEAST_SERVICES:
            groups.append(_Group(themes, bool(told["firm"]), _quotes(numbers.tolist(), told["quotes"])))
    return groups


def _quotes(numbers: Sequence[int], told: Sequence[Mapping[str, Any]]) -> dict[tuple[int, int], Sequence[int]]:
    return {
        (number, int(code)): rows
        for number, by_service in zip(numbers, told, strict=True)
        for code, rows in by_service.items()
    }


@dataclass(frozen=True)
class _Counted:
    """A pain and where its sentences are looked for: candidates for each of its voices."""

    pain: CommonPain
    candidates: tuple[tuple[int, ...], ...]


def _ranked(
    cube: Cube,
    within: Scope,
    groups: Sequence[_Group],
    hurting: Mapping[int, ThemeSummary],
    themes: Mapping[int, RunTheme],
) -> list[_Counted]:
    """The groups that enough journeys tell of in two services or more, by severity x reach x spread."""
    through = journeys_through(cube, within.steps, "service")
    counted = []
    for group in groups:
        inside = within.passages & np.isin(cube.theme, group.themes)
        by_service = journeys_by(cube, inside, cube.passage_service, len(through))
        spreads = spread(by_service[None, :], through, least_shown())
        if spreads.services[0] >= LEAST_SERVICES:
            voices = _voices(cube, inside, group, hurting, by_service, spreads)
            pain = _pain(cube, within, inside, group, hurting, float(spreads.even[0]))
            told = _between(themes[group.themes[0]].facts.get("between"))
            shown_voices = tuple(voice for voice, _candidates in voices)
            counted.append(
                _Counted(replace(pain, voices=shown_voices, between=told), tuple(rows for _voice, rows in voices))
            )
    return sorted(counted, key=lambda one: (-one.pain.rank, one.pain.themes))


def _pain(
    cube: Cube,
    within: Scope,
    inside: npt.NDArray[np.bool_],
    group: _Group,
    hurting: Mapping[int, ThemeSummary],
    even: float,
) -> CommonPain:
    journeys, of = len(np.unique(cube.passage_story[inside])), within.journeys
    low, high = rules.wilson(journeys, of)
    severity = float(cube.severity[inside].mean())
    return CommonPain(
        themes=tuple((number, hurting[number].label) for number in group.themes),
        journeys=journeys,
        of_journeys=of,
        share=journeys / of,
        low=float(low),
        high=float(high),
        severity=round(severity, 2),
        even=round(even, 2),
        rank=round(float(ranked(severity, low, even)), 2),
        voices=(),
        between=None,
    )


def _voices(
    cube: Cube,
    inside: npt.NDArray[np.bool_],
    group: _Group,
    hurting: Mapping[int, ThemeSummary],
    by_service: Counts,
    spreads: Spread,
) -> list[tuple[Voice, tuple[int, ...]]]:
    """The services that tell of it most, each with the passages that may speak for it."""
    voices = []
    for code in np.argsort(-by_service, kind="stable")[:VOICES].tolist():
        if shown(int(by_service[code])) is None:
            continue
        rows = np.flatnonzero(inside & (cube.passage_service == code))
        most = int(np.bincount(cube.theme[rows]).argmax())
        said = [row for number in group.themes for row in group.quotes.get((number, code), ()) if inside[row]]
        clearest = rows[np.lexsort((rows, -cube.score[rows]))][:CANDIDATES].tolist()
        voice = Voice(
            service=cube.words["service"][code],
            label=hurting[most].label,
            journeys=int(by_service[code]),
            share=float(spreads.share[0, code]),
            low=float(spreads.low[0, code]),
            high=float(spreads.high[0, code]),
            quote=None,
        )
        voices.append((voice, tuple(dict.fromkeys([*said, *clearest]))))
    return voices


def _between(told: Mapping[str, Any] | None) -> Between | None:
    if told is None:
        return None
    signs = [sign for sign in told["signs"][1:] if sign["more"] and shown(sign["journeys"]) is not None]
    signs.sort(key=lambda sign: sign["elsewhere"] - sign["share"])
    return Between(told["verdict"], tuple((sign["name"], sign["share"], sign["elsewhere"]) for sign in signs))


def _with_quotes(actor: Actor, run_id: int, cube: Cube, pains: Sequence[_Counted]) -> tuple[CommonPain, ...]:
    """A sentence for each voice, all looked up at once."""
    wanted = dict(enumerate(rows for one in pains for rows in one.candidates))
    found = evidence.best_quotes_among(actor, run_id, wanted, cube)
    place, quoted = 0, []
    for one in pains:
        voices = []
        for voice in one.pain.voices:
            voices.append(replace(voice, quote=found.get(place)))
            place += 1
        quoted.append(replace(one.pain, voices=tuple(voices)))
    return tuple(quoted)
