"""Where in journeys a pain point is told: at which steps, and on which handoffs. Pure counting on a record."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from insight.columns import NONE
from insight.journeys.mining.log import Longs
from insight.journeys.record import Record
from insight.journeys.shares import distinct, journeys_by_code, ranked
from insight.journeys.views import PlaceOfPain
from insight.painpoints import ToldAt
from insight.privacy import shown

MOST_JUNCTIONS, MOST_SERVICES = 8, 12
WIDEST = 1 << 20  # more steps than a journey has


def place_pain(record: Record, told: ToldAt, number: int) -> PlaceOfPain:
    """The steps and handoffs at which a pain point is told.

    It sits on a handoff where it is told of one of the two steps around it.
    """
    step = step_rows(record, told)
    whole = np.unique(told.story[told.step == NONE])
    names = record.words["service"]
    services = journeys_by_code(record.journey[step], record.service[step], len(names))
    return PlaceOfPain(
        theme=number,
        label=told.label,
        journeys=len(np.unique(told.story)),
        services=ranked(services, names, MOST_SERVICES),
        junctions=tuple(_junctions(record, handoffs_with(record, told))),
        whole_story=shown(len(whole)),
    )


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


def _junctions(record: Record, before: Longs) -> Iterator[tuple[str, str, int]]:
    names = record.words["organisation"]
    width = max(len(names), 1)
    pair = record.organisation[before].astype(np.int64) * width + record.organisation[before + 1]
    found = [(int(code), distinct(record.journey[before[pair == code]])) for code in np.unique(pair)]
    for code, n in sorted(found, key=lambda one: (-one[1], one[0]))[:MOST_JUNCTIONS]:
        if shown(n) is not None:
            yield names[code // width], names[code % width], n
