"""Where in journeys a pain point is told: at which steps, and on which handoffs. Pure counting on a record."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from insight.columns import NONE
from insight.errors import NotFound
from insight.journeys.mining.log import Longs
from insight.journeys.record import Record
from insight.journeys.shares import Cells, journeys_by_code
from insight.journeys.views import PlaceOfPain
from insight.language import _
from insight.painpoints import ToldAt
from insight.privacy import protection
from insight.privacy.differencing import apart

MOST_JUNCTIONS, MOST_SERVICES = 8, 12
WIDEST = 1 << 20  # more steps than a journey has


def place_pain(record: Record, under: Callable[[tuple[int, ...]], ToldAt], filters: int, number: int) -> PlaceOfPain:
    """The steps and handoffs at which a pain point is told; ``under`` says where, with some of so many filters.

    It sits on a handoff where it is told of one of the two steps around it. Raises NotFound where how many tell of it
    would tell a small number beside fewer filters.
    """
    all_filters, protect = tuple(range(filters)), protection()
    told = under(all_filters)
    counts = _counts(record, told)
    safe = apart(lambda some: counts if some == all_filters else _counts(record, under(some)), filters, protect)
    cells = Cells(counts, ~safe, protect)
    journeys = cells.number(0)
    if journeys is None:
        raise NotFound(
            _("Too few journeys speak of this under these filters. Clear a filter, or go back to the board.")
        )
    services, organisations = record.words["service"], record.words["organisation"]
    junctions = 2 + len(services)
    width = max(len(organisations), 1)
    return PlaceOfPain(
        theme=number,
        label=told.label,
        journeys=journeys,
        services=tuple((services[at], n) for at, n in _most(cells, 2, junctions, MOST_SERVICES)),
        junctions=tuple(
            (organisations[at // width], organisations[at % width], n)
            for at, n in _most(cells, junctions, len(cells.counts), MOST_JUNCTIONS)
        ),
        whole_story=cells.number(1),
    )


def _counts(record: Record, told: ToldAt) -> Longs:
    """Journeys that tell of it at all, of no step, at each service, and at each pair of organisations."""
    step, before = step_rows(record, told), handoffs_with(record, told)
    services, width = len(record.words["service"]), len(record.words["organisation"])
    pair = record.organisation[before].astype(np.int64) * width + record.organisation[before + 1]
    whole = [len(np.unique(told.story)), len(np.unique(told.story[told.step == NONE]))]
    at_services = journeys_by_code(record.journey[step], record.service[step], services)
    return np.concatenate([whole, at_services, journeys_by_code(record.journey[before], pair, width * width)])


def _most(cells: Cells, start: int, end: int, most: int) -> list[tuple[int, int]]:
    """The largest of some counts, as (place among them, count); those that are hidden are left out."""
    order = (start + np.argsort(-cells.counts[start:end], kind="stable")[:most]).tolist()
    return [(at - start, n) for at in order if (n := cells.number(at)) is not None]


def step_rows(record: Record, told: ToldAt) -> Longs:
    """The rows of the steps of which a pain point is told, in order, each once."""
    wanted = np.unique(told.story[told.step >= 0] * WIDEST + told.step[told.step >= 0])
    keys: npt.NDArray[np.int64] = record.key[record.journey] * WIDEST + record.position
    return np.flatnonzero(np.isin(keys, wanted)).astype(np.int64)


def handoffs_with(record: Record, told: ToldAt) -> Longs:
    """The rows of the steps before the handoffs on which a pain point sits, in order."""
    step = step_rows(record, told)
    into = step[step > 0] - 1
    moved = record.passed_on
    return np.unique(np.concatenate([step[moved[step]], into[moved[into]]])).astype(np.int64)
