"""The journey map: what happened to a group of journeys, phase by phase. Pure counting on a record."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from insight.columns import NONE
from insight.journeys.mining.intended import Intended
from insight.journeys.mining.log import Bools, Ints, Longs
from insight.journeys.record import NOT_FELT, Record
from insight.journeys.shares import (
    any_by_journey,
    days_of,
    distinct,
    journeys_by_code,
    mean_by_journey,
    mean_of,
    ranked,
    share,
)
from insight.journeys.views import Phase
from insight.language import _, noted
from insight.painpoints import Quote
from insight.privacy import shown

BY_PLACE = (
    noted("First step"),
    noted("Second step"),
    noted("Third step"),
    noted("Fourth step"),
    noted("Fifth step and after"),
)
ELSEWHERE = noted("Other steps")

Said = tuple[tuple[int, str, int], Quote | None]
Speaks = Callable[[Longs, Ints], Said | None]


@dataclass(frozen=True, slots=True)
class PhaseDrawn:
    """A phase that somebody drew: its name, and the services whose steps belong to it."""

    name: str
    services: tuple[str, ...]


def phases_of(record: Record, drawn: Sequence[PhaseDrawn]) -> tuple[Ints, tuple[str, ...]]:
    """The phase of every step, (e,), and the phases' names.

    Drawn phases go by service, and steps at a service in none of them come last as other steps. Without drawn phases a
    step's place in its journey is its phase.
    """
    if not drawn:
        place = np.arange(len(record.position)) - record.first[:-1][record.journey]
        return np.minimum(place, len(BY_PLACE) - 1).astype(np.int32), tuple(_(name) for name in BY_PLACE)
    of_service = {service: number for number, phase in enumerate(drawn) for service in phase.services}
    table = np.array([of_service.get(name, len(drawn)) for name in record.words["service"]] + [len(drawn)], np.int32)
    return table[record.service], (*(phase.name for phase in drawn), _(ELSEWHERE))


def count_phases(
    record: Record, kept: Bools, drawn: Sequence[PhaseDrawn], speaks: Speaks, intended: Intended | None
) -> tuple[Phase, ...]:
    """All phases of the journeys kept; a drawn map's "other steps" only where there are some.

    ``speaks`` says what people said most at some steps, given their stories' keys and the steps' positions.
    """
    phase, names = phases_of(record, drawn)
    steps = kept[record.journey]
    planned = intended_by_phase(intended, drawn, len(names))
    made = [
        _phase(record, np.flatnonzero(steps & (phase == number)), name, int(kept.sum()), speaks, planned[number])
        for number, name in enumerate(names)
    ]
    return tuple(made[:-1] if drawn and made[-1].journeys is None and not planned[-1] else made)


def intended_by_phase(
    intended: Intended | None, drawn: Sequence[PhaseDrawn], phases: int
) -> list[tuple[tuple[str, int | None], ...]]:
    """The steps of an intended journey's first path, with promised days, in the phases they belong to."""
    found: list[list[tuple[str, int | None]]] = [[] for _phase in range(phases)]
    of_service = {service: number for number, phase in enumerate(drawn) for service in phase.services}
    for place, step in enumerate(intended.steps[number] for number in intended.paths[0]) if intended else ():
        number = of_service.get(step.name, phases - 1) if drawn else min(place, phases - 1)
        found[number].append((step.name, step.promised_days))
    return [tuple(steps) for steps in found]


def _phase(
    record: Record,
    rows: Longs,
    name: str,
    of: int,
    speaks: Speaks,
    planned: tuple[tuple[str, int | None], ...],
) -> Phase:
    journey = record.journey[rows]
    n = distinct(journey)
    if shown(n) is None:
        return Phase(name, None, intended=planned)
    days, known = record.days_before
    waited, waits = days[rows], known[rows]
    felt, again = record.feeling[rows], record.told_again[rows]
    feels, asked = felt != NOT_FELT, again != NONE
    promised = waits & (record.promised[rows] != NONE)
    said = speaks(record.key[journey], record.position[rows])
    return Phase(
        name=name,
        journeys=n,
        reached=share(n, of),
        services=_named(record, rows, "service"),
        organisations=_named(record, rows, "organisation"),
        channels=_named(record, rows, "channel"),
        feeling=mean_of(mean_by_journey(journey[feels], felt[feels].astype(float))),
        wait=days_of(waited[waits], distinct(journey[waits])),
        late=share(*any_by_journey(journey[promised], (waited > record.promised[rows])[promised])),
        told_again=share(*any_by_journey(journey[asked], (again == 1)[asked])),
        passed_on=share(*any_by_journey(journey, record.passed_on[rows])),
        ended_here=share(*any_by_journey(journey, ~record.whole.followed[rows])),
        quote=said[1] if said else None,
        pain=said[0] if said else None,
        intended=planned,
    )


def _named(record: Record, rows: Longs, column: str) -> tuple[tuple[str, int], ...]:
    names = record.words[column]
    return ranked(journeys_by_code(record.journey[rows], getattr(record, column)[rows], len(names)), names)
