"""The journey map: what happened to a group of journeys, phase by phase. Pure counting on a record."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from insight.columns import NONE
from insight.journeys.mining.intended import Intended
from insight.journeys.mining.log import Ints, Longs
from insight.journeys.record import NOT_FELT, Record
from insight.journeys.shares import Counted
from insight.journeys.views import Phase
from insight.language import _, noted
from insight.painpoints import Quote

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
    record: Record, counted: Counted, drawn: Sequence[PhaseDrawn], speaks: Speaks, intended: Intended | None
) -> tuple[Phase, ...]:
    """All phases of the journeys counted; a drawn map's "other steps" only where there are some.

    ``speaks`` says what people said most at some steps, given their stories' keys and the steps' positions.
    """
    phase, names = phases_of(record, drawn)
    planned = intended_by_phase(intended, drawn, len(names))
    made = [
        _phase(record, np.flatnonzero(phase == number), name, counted, speaks, planned[number])
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
    counted: Counted,
    speaks: Speaks,
    planned: tuple[tuple[str, int | None], ...],
) -> Phase:
    journey = record.journey[rows]
    n = counted.number(journey)
    if n is None:
        return Phase(name, None, intended=planned)
    days, known = record.days_before
    waited, waits = days[rows], known[rows]
    felt, again = record.feeling[rows], record.told_again[rows]
    feels, asked = felt != NOT_FELT, again != NONE
    promised = waits & (record.promised[rows] != NONE)
    inside = counted.mask[journey]
    said = speaks(record.key[journey[inside]], record.position[rows[inside]])
    return Phase(
        name=name,
        journeys=n,
        reached=counted.share_of_all(journey),
        services=_named(record, rows, "service", counted),
        organisations=_named(record, rows, "organisation", counted),
        channels=_named(record, rows, "channel", counted),
        feeling=counted.mean(journey[feels], felt[feels].astype(float)),
        wait=counted.days(journey[waits], waited[waits]),
        late=counted.share(journey[promised], (waited > record.promised[rows])[promised]),
        told_again=counted.share(journey[asked], (again == 1)[asked]),
        passed_on=counted.share(journey, record.passed_on[rows]),
        ended_here=counted.share(journey, ~record.whole.followed[rows]),
        quote=said[1] if said else None,
        pain=said[0] if said else None,
        intended=planned,
    )


def _named(record: Record, rows: Longs, column: str, counted: Counted) -> tuple[tuple[str, int], ...]:
    return counted.ranked(record.journey[rows], getattr(record, column)[rows], record.words[column])
