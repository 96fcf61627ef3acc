"""Journeys one by one, as numbers and names of steps: no words of a story. Pure."""

import numpy as np

from insight.columns import NONE
from insight.journeys.mining.log import Bools
from insight.journeys.record import NOT_FELT, Record
from insight.journeys.views import JourneyLine, JourneyList

PAGE = 20
NOT_NAMED = ""


def list_journeys(record: Record, kept: Bools, page: int) -> JourneyList:
    """A page of the journeys kept, newest first; ``page`` counts from 1, and one beyond the last shows the last."""
    numbers = np.flatnonzero(kept)[::-1]
    pages = max(-(-len(numbers) // PAGE), 1)
    page = min(max(page, 1), pages)
    shown = numbers[(page - 1) * PAGE : page * PAGE].tolist()
    return JourneyList(tuple(line_of(record, number) for number in shown), len(numbers), page, pages)


def line_of(record: Record, number: int) -> JourneyLine:
    """One journey by its number."""
    steps = slice(record.first[number], record.first[number + 1])
    return JourneyLine(
        number=number,
        month=_word(record, "month", int(record.month[number])),
        need=_word(record, "need", int(record.need[number])),
        steps=tuple(_step(record, row) for row in range(steps.start, steps.stop)),
        feelings=tuple(None if felt == NOT_FELT else felt for felt in record.feeling[steps].tolist()),
    )


def _step(record: Record, row: int) -> str:
    """The service, else the organisation, of a step."""
    service = _word(record, "service", int(record.service[row]))
    return service or _word(record, "organisation", int(record.organisation[row])) or NOT_NAMED


def _word(record: Record, column: str, code: int) -> str | None:
    return None if code == NONE else record.words[column][code]
