"""Case logs beside what people told: a story that carries a case's id finds its journey. Computed, never stored."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from insight.access import Actor, Permission, use_case
from insight.database import session
from insight.errors import NotFound
from insight.intake import Place
from insight.journeys import case_store
from insight.journeys.case_records import case_key, parts_needed
from insight.journeys.mining.log import DAY, NO_TIME, Longs
from insight.journeys.partners import theirs
from insight.journeys.record import Record
from insight.journeys.scoping import CASE, read
from insight.language import _
from insight.privacy import shown


@dataclass(frozen=True, slots=True)
class Linked:
    """A case log beside what people told. ``stories``: how many stories carry the id of one of its journeys.

    ``compared`` of them told of waiting and have days recorded; over these, ``told_days`` is the median of all waiting
    as told, ``recorded_days`` the median from first to last recorded step, ``longer`` the median of told less recorded.
    None wherever too few.
    """

    stories: int | None
    compared: int | None
    told_days: float | None
    recorded_days: float | None
    longer: float | None


@dataclass(frozen=True, slots=True)
class RecordedStep:
    """A step of a case: ``days`` since the step before it, None for the first one or where a day is not known."""

    name: str
    organisation: str | None
    day: date | None
    days: float | None


@dataclass(frozen=True, slots=True)
class CaseBehind:
    """What a case log recorded of a journey that somebody told."""

    case_log: str
    steps: tuple[RecordedStep, ...]
    recorded_days: float | None
    told_days: int | None


@use_case(Permission.SEE_INSIGHT)
def linked(actor: Actor, place: Place, number: int) -> Linked:
    """How a case log compares with the told journeys of the published run that carry its ids; small numbers hidden."""
    told, cases = read(actor, place), read(actor, place, f"{CASE}{number}").record
    rows, found = _pairs(place, told.record, cases)
    waited, recorded = told_waiting(told.record)[rows], recorded_length(cases)[found]
    both = (waited >= 0) & ~np.isnan(recorded)
    compared = shown(int(both.sum()))
    if compared is None:
        return Linked(shown(len(rows)), None, None, None, None)
    waits, days = waited[both].astype(float), recorded[both]
    return Linked(
        shown(len(rows)), compared, float(np.median(waits)), float(np.median(days)), float(np.median(waits - days))
    )


def _pairs(place: Place, told: Record, cases: Record) -> tuple[Longs, Longs]:
    """Rows of told journeys, and the rows of the cases that they carry the ids of; (pairs,) each."""
    with session() as opened:
        carried = case_store.stories_with_case(opened, place.id)
    row_of_story = {story: row for row, story in enumerate(told.key.tolist())}
    wanted = [(row_of_story[story], case_key(place.id, case)) for story, case in carried if story in row_of_story]
    if not wanted or not cases.journeys:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    pairs = np.array(wanted, np.int64)
    rows, tags = pairs[:, 0], pairs[:, 1]
    order = np.argsort(cases.key)
    places = order[np.minimum(np.searchsorted(cases.key, tags, sorter=order), cases.journeys - 1)]
    there = cases.key[places] == tags
    return rows[there], places[there]


def told_waiting(record: Record) -> Longs:
    """All waiting of each journey as told, in days, (n,); -1 where none was told."""
    known = record.waited >= 0
    days = np.bincount(record.journey[known], weights=record.waited[known], minlength=record.journeys)
    some = np.bincount(record.journey[known], minlength=record.journeys) > 0
    return np.where(some, days, -1).astype(np.int64)


def recorded_length(record: Record) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Days from each journey's first to its last dated step, (n,); NaN for fewer than two."""
    return np.where(np.diff(record.first) > 1, record.lasted, np.nan)


@use_case(Permission.READ_STORIES)
def case_behind(actor: Actor, place: Place, journey: int, run_id: int | None = None) -> tuple[CaseBehind, ...]:
    """What case logs recorded of a told journey, by its number in the run; empty where the story carries no case's id.

    :class:`~insight.errors.NotFound` when the journey has left the run.
    """
    held = read(actor, place, run_id=run_id)
    told = held.record
    if not 0 <= journey < told.journeys or not (told.present() & theirs(actor, held))[journey]:
        raise NotFound(_("That journey is no longer here: it was changed or withdrawn after the analysis."))
    waited = int(told_waiting(told)[journey])
    with session() as opened:
        case = case_store.case_of_story(opened, place.id, int(told.key[journey]))
        if case is None:
            return ()
        key = case_key(place.id, case)
        found = []
        for log in case_store.case_logs_of(opened, place.id):
            part = case_store.part_of_case_log(opened, log.id, key % parts_needed(log.journeys))
            if part is not None and key in part.key:
                found.append(_behind(log.name, part, int(np.flatnonzero(part.key == key)[0]), waited))
    return tuple(found)


def _behind(name: str, part: Record, row: int, waited: int) -> CaseBehind:
    steps, before = [], NO_TIME
    for step in range(part.first[row], part.first[row + 1]):
        time = int(part.time[step])
        dated = time != NO_TIME
        organisation = int(part.organisation[step])
        steps.append(
            RecordedStep(
                part.words["service"][part.service[step]],
                part.words["organisation"][organisation] if organisation >= 0 else None,
                date.fromordinal(date(1970, 1, 1).toordinal() + time // DAY) if dated else None,
                (time - before) / DAY if dated and before != NO_TIME else None,
            )
        )
        before = time if dated else before
    length = float(recorded_length(part)[row])
    return CaseBehind(name, tuple(steps), None if np.isnan(length) else length, waited if waited >= 0 else None)
