"""From an event log that was read to a record: under keys that stay in the place, in parts of a bearable size. Pure."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from insight import keys
from insight.columns import NONE
from insight.journeys.joining import of_journeys
from insight.journeys.mining.log import NO_TIME, Ints, Log, Longs
from insight.journeys.record import NOT_FELT, Record

if TYPE_CHECKING:
    from insight.journeys.files.reading import FileLog  # it loads pyarrow, and pages may not

PART = 50_000  # journeys


def case_key(place_id: int, case: str) -> int:
    """What stands for a case id in a place: 63 bits that only the place's secret gives again, for the same id."""
    return int(keys.tag("case", str(place_id), " ".join(case.split()))[:16], 16) >> 1


def record_of(read: "FileLog", place_id: int) -> Record:
    """A case log's journeys as a record: their steps, times, organisations and channels under keys of the place.

    A journey's month is the one in which its first dated step happened. Nothing was felt or told in a case log.
    """
    log, steps = read.log, len(read.log.code)
    n = log.journeys
    time = np.full(steps, NO_TIME) if log.time is None else log.time
    month, months = _months(log, time)
    columns: dict[str, Any] = {name: np.full(n, NONE, np.int32) for name in ("need", "source", "teller", "need_met")}
    columns |= {name: np.full(steps, NONE, np.int32) for name in ("sorted_out", "waited", "promised")}
    columns |= {name: np.full(steps, NONE, np.int8) for name in ("told_again", "sent_elsewhere")}
    untold = np.full(steps, NONE, np.int32)
    return Record(
        key=np.fromiter((case_key(place_id, case) for case in read.ids), np.int64, n),
        first=log.first,
        kind=np.full(n, NONE, np.int32),
        month=month,
        position=(np.arange(steps) - log.first[log.journey]).astype(np.int32),
        service=log.code.astype(np.int32),
        organisation=untold if read.organisation is None else read.organisation.astype(np.int32),
        channel=untold if read.channel is None else read.channel.astype(np.int32),
        time=time,
        feeling=np.full(steps, NOT_FELT, np.int8),
        words={
            **dict.fromkeys(("need", "source", "teller", "need_met", "sorted_out"), ()),
            "month": months,
            "service": log.names,
            "organisation": tuple(read.organisations),
            "channel": tuple(read.channels),
        },
        **columns,
    )


def _months(log: Log, time: Longs) -> tuple[Ints, tuple[str, ...]]:
    """The month of each journey's first dated step as a code, (n,), and the months."""
    dated = np.flatnonzero(time != NO_TIME)
    journeys, places = np.unique(log.journey[dated], return_index=True)
    found: npt.NDArray[Any] = time[dated[places]].astype("datetime64[ns]").astype("datetime64[M]")
    months, codes = np.unique(found, return_inverse=True)
    month = np.full(log.journeys, NONE, np.int32)
    month[journeys] = codes
    return month, tuple(str(one) for one in months)


def parts_needed(journeys: int) -> int:
    """How many parts a log of so many journeys is kept in."""
    return max(1, -(-journeys // PART))


def in_parts(record: Record) -> Iterator[Record]:
    """The journeys by their keys' remainder, so that a key says in which part its journey is."""
    count = parts_needed(record.journeys)
    part = record.key % count
    for number in range(count):
        yield of_journeys(record, np.flatnonzero(part == number))
