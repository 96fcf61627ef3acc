"""Steps on their way out as events: what XES and OCEL both write of a step, and a moment that keeps the order."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from insight.columns import NONE
from insight.journeys.files.writing import AT_ONCE, Outgoing, cells, day_cells
from insight.journeys.mining.log import DAY, NO_TIME, Log, Longs
from insight.journeys.record import JOURNEY_WORDS, NOT_FELT

SECOND = 10**9  # nanoseconds
SECONDS_PER_DAY = DAY // SECOND
MIDNIGHT = "T00:00:00+00:00"
KINDS = {  # of the attributes of an event
    "channel": "string",
    "day": "date",
    "feeling": "int",
    "waited_days": "int",
    "promised_days": "int",
    "told_again": "boolean",
    "sent_elsewhere": "boolean",
    "sorted_out": "string",
}
Value = str | int | bool


class Event(NamedTuple):
    """One step with a name. ``service`` and ``organisation`` are codes, ``step`` counts from 1 in the journey.

    ``attributes`` holds what was told, by the names of ``KINDS``; a date is written as its midnight in UTC.
    """

    journey: int
    step: int
    service: int
    organisation: int
    moment: str
    attributes: dict[str, Value]


def journey_attributes(out: Outgoing) -> Iterator[dict[str, str]]:
    """What was told of each journey as a whole."""
    record = out.record
    told = [cells(getattr(record, name), record.words[name]) for name in JOURNEY_WORDS]
    for row in zip(*told, strict=True):
        yield {name: word for name, word in zip(JOURNEY_WORDS, row, strict=True) if word}


def events(out: Outgoing) -> Iterator[Event]:
    """The steps that have a name, journey after journey, in order."""
    log = out.record.log("service")
    moments = moments_of(out, log)
    for start in range(0, len(log.code), AT_ONCE):
        yield from _some(out, log, moments, slice(start, start + AT_ONCE))


def named(out: Outgoing) -> Longs:
    """The rows of the steps that have a name, (e,)."""
    return np.flatnonzero(out.record.service >= 0)


def _some(out: Outgoing, log: Log, moments: Longs, part: slice) -> Iterator[Event]:
    record, rows = out.record, named(out)[part]
    journeys = log.journey[part]
    steps = rows - record.first[journeys] + 1
    told = zip(
        cells(record.channel[rows], record.words["channel"]),
        day_cells(record.time[rows]),
        record.feeling[rows].tolist(),
        record.waited[rows].tolist(),
        record.promised[rows].tolist(),
        record.told_again[rows].tolist(),
        record.sent_elsewhere[rows].tolist(),
        cells(record.sorted_out[rows], record.words["sorted_out"]),
        strict=True,
    )
    shown = np.datetime_as_string(moments[part].astype("datetime64[s]")).tolist()
    organisations = record.organisation[rows].tolist()
    columns = (journeys.tolist(), steps.tolist(), log.code[part].tolist(), organisations, shown, told)
    for journey, step, service, organisation, moment, said in zip(*columns, strict=True):
        yield Event(journey, step, service, organisation, f"{moment}+00:00", _attributes(*said))


def _attributes(
    channel: str, day: str, feeling: int, waited: int, promised: int, again: int, elsewhere: int, sorted_out: str
) -> dict[str, Value]:
    told: dict[str, Value] = {}
    if channel:
        told["channel"] = channel
    if day:
        told["day"] = day + MIDNIGHT
    if feeling != NOT_FELT:
        told["feeling"] = feeling
    if waited != NONE:
        told["waited_days"] = waited
    if promised != NONE:
        told["promised_days"] = promised
    if again != NONE:
        told["told_again"] = bool(again)
    if elsewhere != NONE:
        told["sent_elsewhere"] = bool(elsewhere)
    if sorted_out:
        told["sorted_out"] = sorted_out
    return told


def moments_of(out: Outgoing, log: Log) -> Longs:
    """Seconds since 1970 of the log's e steps, (e,), rising from step to step of a journey so that order survives.

    A step stands at midnight (UTC) of its day, but never sooner than a second after the step before it: this puts steps
    of one day in a row, and undated ones after the step before. Undated first steps stand at the journey's first day;
    a journey without any day at the first of the month it was told in, or else in 1970.
    """
    if not len(log.code):
        return np.zeros(0, np.int64)
    record, place = out.record, np.arange(len(log.code)) - log.first[log.journey]
    days = _days(record.time[named(out)])
    known = days != NO_TIME
    starts = _started(out, log, days, known)
    least = min(int(starts.min()), int(days[known].min(initial=starts.min())))
    seconds = np.where(known, days, least) * SECONDS_PER_DAY
    first = place == 0
    seconds[first] = starts[log.journey[first]] * SECONDS_PER_DAY
    return _rising(seconds - place, log.journey) + place


def _days(time: Longs) -> Longs:
    return np.where(time == NO_TIME, NO_TIME, time // DAY)


def _started(out: Outgoing, log: Log, days: Longs, known: npt.NDArray[np.bool_]) -> Longs:
    """The day that each journey starts with, (n,)."""
    record = out.record
    months = [int(np.datetime64(month, "D").astype(np.int64)) for month in record.words["month"]]
    starts = np.array([*months, 0], np.int64)[record.month]  # code -1 reads the appended 1970
    dated = np.flatnonzero(known)
    journeys, places = np.unique(log.journey[dated], return_index=True)
    starts[journeys] = days[dated[places]]
    return starts


def _rising(values: Longs, journey: Longs) -> Longs:
    """The largest value so far in each journey."""
    least = values.min()
    apart = journey * (values.max() - least + 1)  # lifts each journey above the one before, so that one pass will do
    highest: Longs = np.maximum.accumulate(values - least + apart) - apart + least
    return highest
