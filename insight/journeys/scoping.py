"""Which journeys are looked at: a run's record as this process holds it, and the mask of those that were asked for."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from insight import intake, painpoints, runs
from insight.access import Actor
from insight.database import session
from insight.errors import NotFound, NotReady
from insight.intake import Place
from insight.journeys import case_store, store
from insight.journeys.mining.log import Bools, Log, Longs
from insight.journeys.mining.paths import Variants, variants
from insight.journeys.model import TOLD, Asked, Grain, Source
from insight.journeys.painful import handoffs_with
from insight.journeys.record import JOURNEY_WORDS, STEP_WORDS, Record
from insight.journeys.shares import Counted, journeys_by_code
from insight.language import _
from insight.painpoints import Filters, ToldAt
from insight.privacy import Audience, protection, shown
from insight.privacy.rounding import record_keys
from insight.runs import Run

MOST_HELD = 4
CASE = "case-"
STEP_FILTERS = ("service", "organisation", "channel")
JOURNEY_FILTERS = ("need", "source", "teller")


@dataclass(frozen=True)
class Held:
    """A record with where it comes from. ``run`` is the run of told journeys, None for a case log's.

    ``whole`` is the record as stored; in ``record`` the stories that are ``held_back`` as of now have told nothing.
    """

    record: Record
    source: Source
    run: Run | None
    kinds: Mapping[str, Any]
    whole: Record
    held_back: frozenset[int] = frozenset()

    @cached_property
    def stories(self) -> frozenset[int]:
        """The keys of the journeys in the record."""
        return frozenset(self.whole.key.tolist())

    @cached_property
    def record_keys(self) -> Longs:
        """The secret number of each journey that rounds what leaves the place, (n,)."""
        return record_keys(self.whole.key.tolist())

    @cached_property
    def logs(self) -> dict[Grain, Log]:
        """The whole record as an event log, by what is called a step."""
        return {grain: self.record.log(grain.value) for grain in Grain}

    @cached_property
    def choices(self) -> dict[str, tuple[str, ...]]:
        """What the journeys can be filtered by, by name; words that too few journeys have are left out."""
        record, found = self.record, {}
        for name in (*JOURNEY_WORDS, *STEP_WORDS):
            journey = np.arange(record.journeys) if name in JOURNEY_WORDS else record.journey
            counts = journeys_by_code(journey, getattr(record, name), len(record.words[name]))
            told = zip(record.words[name], counts.tolist(), strict=True)
            found[name] = tuple(word for word, n in told if word and shown(n) is not None)
        return found

    @cached_property
    def variants(self) -> dict[Grain, Variants]:
        """The paths of all journeys: made once, so that a filter only counts them."""
        return {grain: variants(log) for grain, log in self.logs.items()}


_held: dict[tuple[str, int, int], Held] = {}


def sources_of(actor: Actor, place: Place) -> tuple[Source, ...]:
    """Where a place's journeys come from: what people told, if it was analysed, and case logs."""
    run = runs.published(actor, place.id)
    with session() as opened:
        logs = case_store.case_logs_of(opened, place.id)
        told = run is not None and store.gone_from_run(opened, run.id) is not None
    heard = (read(actor, place, TOLD).source,) if told else ()
    return heard + tuple(Source(f"{CASE}{row.id}", row.name, row.journeys, False) for row in logs)


def read(actor: Actor, place: Place, source: str = TOLD, run_id: int | None = None) -> Held:
    """The journeys of a source: of the published run (or another run, for those who may analyse), or of a case log."""
    if source != TOLD:
        return _case_log(place, source)
    run = painpoints.run_of(actor, place, run_id)
    with session() as opened:
        gone = store.gone_from_run(opened, run.id)
        if gone is None:
            raise NotReady(_("This analysis is from before journeys were read. Start a new one under Analyses."))
        key = (TOLD, run.id, gone)
        if key not in _held:
            body, kinds = store.record_of_run(opened, run.id) or (b"", {})
            _keep(key, _told(Record.from_bytes(body), run, kinds))
        held = _held[key]
        held_back = intake.held_back_stories(opened, place.id) & held.stories
    if held.held_back != held_back:
        _held[key] = _told(held.whole, run, held.kinds, held_back)
    return _held[key]


def _told(whole: Record, run: Run, kinds: Mapping[str, Any], held_back: frozenset[int] = frozenset()) -> Held:
    record = whole.without(held_back) if held_back else whole
    source = Source(TOLD, _("Journeys people told"), int(record.present().sum()), True)
    return Held(record, source, run, kinds, whole, held_back)


def _case_log(place: Place, source: str) -> Held:
    number = source.removeprefix(CASE)
    with session() as opened:
        row = case_store.case_log(opened, place.id, int(number)) if number.isdecimal() else None
        if row is None:
            raise NotFound(_("There is no case log with that number. It may have been deleted."))
        key = (CASE, row.id, int(row.brought_at.timestamp()))  # a number may be given again
        if key not in _held:
            found = Source(source, row.name, row.journeys, False)
            record = case_store.record_of_case_log(opened, row.id)
            _keep(key, Held(record, found, None, {}, record))
    return _held[key]


def _keep(key: tuple[str, int, int], held: Held) -> None:
    stale = [known for known in _held if known[:2] == key[:2]]
    for known in stale + list(_held)[: max(0, len(_held) - MOST_HELD + 1)]:
        _held.pop(known, None)
    _held[key] = held


def forget_cached_runs() -> None:
    """Let go of every record: a story was taken out, or another database was opened."""
    _held.clear()


def kept(actor: Actor, place: Place, held: Held, asked: Asked) -> Bools:
    """Which journeys were asked for, (n,). Journeys that left are never among them."""
    mask = held.record.present()
    for one in _conditions(actor, place, held, asked):
        mask &= one
    return mask


def counted(actor: Actor, place: Place, held: Held, asked: Asked, audience: Audience = Audience.INSIDE) -> Counted:
    """The journeys a view counts: those asked for, or none where views with and without filters tell too much.

    What is asked for cuts the journeys into groups: those that fit one condition and not another, and so on. None of
    them may be small, in the view or in any count in it, since each could be had by taking one number from another.
    """
    keys = held.record_keys if audience is Audience.OUTSIDE else None
    conditions = _conditions(actor, place, held, asked)
    return Counted.of(held.record.present(), conditions, protection(audience), keys)


def _conditions(actor: Actor, place: Place, held: Held, asked: Asked) -> list[Bools]:
    """What is asked for, as one mask of journeys for each condition."""
    record = held.record
    found = list(_by_filters(record, asked.filters))
    if asked.kind is not None:
        found.append(record.kind == asked.kind)
    if asked.path is not None:
        found.append(held.variants[asked.grain].of_journey == asked.path)
    told = _theme_told(actor, place, held, asked)
    if asked.handoff is not None:
        found.append(_with_handoff(record, asked.handoff, told))
    elif told is not None:
        found.append(np.isin(record.key, told.story))
    return found


def _theme_told(actor: Actor, place: Place, held: Held, asked: Asked) -> ToldAt | None:
    if asked.theme is None:
        return None
    if held.run is None:
        raise NotFound(_("A case log has no pain points. Choose the journeys people told."))
    return painpoints.told_at(actor, place, asked.theme, run_id=held.run.id)


def _by_filters(record: Record, filters: Filters) -> Iterator[Bools]:
    """The journeys of each filter; those of steps are one, since one step must fit them all."""
    for name in JOURNEY_FILTERS:
        wanted = getattr(filters, name)
        if wanted:
            yield getattr(record, name) == _code(record, name, wanted)
    if filters.first_month or filters.last_month:
        inside = [
            (filters.first_month or month) <= month <= (filters.last_month or month) for month in record.words["month"]
        ]
        yield np.append(np.array(inside, bool), False)[record.month]  # code -1 reads the appended False
    asked = [(name, wanted) for name in STEP_FILTERS if (wanted := getattr(filters, name))]
    if asked:
        steps = np.logical_and.reduce([getattr(record, name) == _code(record, name, wanted) for name, wanted in asked])
        with_step = np.zeros(record.journeys, bool)
        with_step[record.journey[steps]] = True
        yield with_step


def _code(record: Record, column: str, word: str) -> int:
    known = record.words[column]
    return known.index(word) if word in known else -2


def _with_handoff(record: Record, handoff: tuple[str, str], told: ToldAt | None) -> Bools:
    """Journeys passed on from the first organisation straight to the second; where ``told``, with that pain there."""
    codes = [_code(record, "organisation", name) for name in handoff]
    before = np.flatnonzero(record.passed_on) if told is None else handoffs_with(record, told)
    passed = (record.organisation[before] == codes[0]) & (record.organisation[before + 1] == codes[1])
    mask = np.zeros(record.journeys, bool)
    mask[record.journey[before[passed]]] = True
    return mask
