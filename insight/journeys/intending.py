"""What people may do with intended journeys: read and save their versions, and compare real journeys with them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from insight.access import Actor, Permission, use_case
from insight.columns import NONE
from insight.database import session, write_session
from insight.errors import Conflict, NotFound
from insight.intake import Place, slug
from insight.intake.place_store import lock_place
from insight.journeys import intended_store, scoping
from insight.journeys.mining.conformance import EXTRA, Aligned, align, examples
from insight.journeys.mining.intended import Choice, Intended, IntendedStep, Part, load_intended
from insight.journeys.mining.log import Bools, Ints, Log, Longs
from insight.journeys.model import TOLD, Asked, Grain
from insight.journeys.record import Record
from insight.journeys.shares import days_of, journeys_by_code, mean_of, ranked, share
from insight.journeys.tables import IntendedRow
from insight.journeys.views import Conformance, IntendedVersion, StepCheck, Variant
from insight.language import _
from insight.moments import now
from insight.privacy import shown

MOST_SHOWN = 10
Floats = npt.NDArray[np.float64]


@use_case(Permission.SEE_INSIGHT)
def intended_journeys(actor: Actor, place: Place) -> tuple[IntendedVersion, ...]:
    """The intended journeys of a place by name, each in its newest version."""
    with session() as opened:
        return tuple(_version(row) for row in intended_store.newest_of_each(opened, place.id))


@use_case(Permission.SEE_INSIGHT)
def versions_of(actor: Actor, place: Place, code: str) -> tuple[IntendedVersion, ...]:
    """Every version of an intended journey, newest first; NotFound where there is none."""
    with session() as opened:
        found = tuple(_version(row) for row in intended_store.versions(opened, place.id, code))
    if not found:
        raise NotFound(_none_such())
    return found


@use_case(Permission.RUN_ANALYSIS)
def save_intended(
    actor: Actor, place: Place, toml_text: str, code: str | None = None, based_on: int | None = None
) -> IntendedVersion:
    """Save a new version of an intended journey; the newest again where its text is the same.

    ``code`` says which journey it is a version of, so that it may take a new name; without it the name says so.
    ``based_on`` is the version that was changed: if a newer one was saved meanwhile, Conflict is raised. Raises
    BadInput where the text is no intended journey.
    """
    intended = load_intended(toml_text)
    body = toml_text.strip() + "\n"
    with write_session() as opened:
        lock_place(opened, place.id)
        kept_as = code or slug(intended.name)
        newest = intended_store.one_version(opened, place.id, kept_as)
        if code and newest is None:
            raise NotFound(_none_such())
        if newest and newest.body == body:
            return _version(newest)
        if newest and based_on is not None and newest.version != based_on:
            told = _("Somebody saved version {number} while you were writing. Look at it, then save yours again.")
            raise Conflict(told.format(number=newest.version))
        version = newest.version + 1 if newest else 1
        by = actor.called
        row = intended_store.add(
            opened, place.id, kept_as, version, intended.name, intended.need, body, by=by, at=now()
        )
        return _version(row)


@use_case(Permission.SEE_INSIGHT)
def conformance(
    actor: Actor, place: Place, code: str, asked: Asked | None = None, source: str = TOLD, version: int | None = None
) -> Conformance:
    """How the journeys asked for compare with an intended one (its newest version, or another), small numbers hidden.

    Steps are compared by service. Journeys that name no service are left out.
    """
    with session() as opened:
        row = intended_store.one_version(opened, place.id, code, version)
        if row is None:
            raise NotFound(_none_such())
        intended, number = load_intended(row.body), row.version
    return _beside(actor, place, intended, number, asked or Asked(), source)


@use_case(Permission.SEE_INSIGHT)
def conformance_of_draft(
    actor: Actor, place: Place, toml_text: str, asked: Asked | None = None, source: str = TOLD
) -> Conformance:
    """How the journeys asked for compare with an intended one that is not saved; its version is 0."""
    return _beside(actor, place, load_intended(toml_text), 0, asked or Asked(), source)


def _beside(actor: Actor, place: Place, intended: Intended, version: int, asked: Asked, source: str) -> Conformance:
    held = scoping.read(actor, place, source)
    log, paths = held.logs[Grain.SERVICE], held.variants[Grain.SERVICE]
    counted = scoping.counted(actor, place, held, asked).within(log.lengths > 0)
    kept = counted.mask
    if counted.all.number() is None:
        return Conformance(intended.name, version, None, None, None, (), (), (), ())
    spelled = as_spelled(intended, log.names)
    waits = _waits(held.record, log, told=held.source.felt)
    return _compared(_Compared.of(log, paths.of_journey, paths.example, kept, spelled), waits, version)


def as_spelled(intended: Intended, names: tuple[str, ...]) -> Intended:
    """The intended journey with its steps spelled as the journeys spell them, where only capitals differ."""
    spelled = {name.casefold(): name for name in reversed(names)} | {name: name for name in names}

    def step(one: IntendedStep) -> IntendedStep:
        return replace(one, name=spelled.get(one.name) or spelled.get(one.name.casefold(), one.name))

    def part(one: Part) -> Part:
        return step(one) if isinstance(one, IntendedStep) else Choice(tuple(tuple(map(step, way)) for way in one.ways))

    return Intended(intended.name, intended.need, tuple(map(part, intended.parts)))


@dataclass(frozen=True)
class _Compared:
    """The journeys kept (n of e steps, as rows of the whole log) beside the v paths they took, most taken first.

    ``taken`` (e,) is as in :class:`Aligned`; ``of_path`` (n,) says which path each journey took, ``count`` (v,) how
    many took it; ``taken_paths`` holds the paths as a log.
    """

    intended: Intended
    journeys: Log
    rows: Longs
    taken: Ints
    of_path: Longs
    count: Longs
    taken_paths: Log
    aligned: Aligned

    @classmethod
    def of(cls, log: Log, of_journey: Longs, example: Longs, kept: Bools, intended: Intended) -> "_Compared":
        count = np.bincount(of_journey[kept], minlength=len(example))
        order = np.argsort(-count, kind="stable")[: np.count_nonzero(count)]
        place = np.full(len(example), -1, np.int64)
        place[order] = np.arange(len(order))
        taken_paths = examples(log, example[order])
        aligned = align(taken_paths, intended)
        journeys, of_path = log.of_journeys(kept), place[of_journey[kept]]
        shift = np.repeat(taken_paths.first[of_path] - journeys.first[:-1], journeys.lengths)
        taken = aligned.taken[shift + np.arange(len(shift))]
        rows = np.flatnonzero(np.repeat(kept, log.lengths))
        return cls(intended, journeys, rows, taken, of_path, count[order], taken_paths, aligned)


def _compared(found: _Compared, waits: Floats, version: int) -> Conformance:
    journeys, aligned = found.journeys, found.aligned
    extra = found.taken == EXTRA
    by_step = journeys_by_code(journeys.journey[extra], journeys.code[extra], len(journeys.names))
    return Conformance(
        intended=found.intended.name,
        version=version,
        journeys=journeys.journeys,
        as_intended=share(int(found.count[aligned.cost == 0].sum()), journeys.journeys),
        fitness=mean_of(aligned.fitness[found.of_path]),
        steps=tuple(_step_check(found, number, waits) for number in range(len(found.intended.steps))),
        extra=ranked(by_step, journeys.names, MOST_SHOWN),
        missing=_missing(found),
        variants=tuple(_variants(found)),
    )


def _step_check(found: _Compared, number: int, waits: Floats) -> StepCheck:
    """A journey takes an intended step once at most, so its steps count journeys."""
    step = found.intended.steps[number]
    rows = found.rows[found.taken == number]
    days = waits[rows]
    days = days[~np.isnan(days)]
    late = None if step.promised_days is None else share(int((days > step.promised_days).sum()), len(days))
    taken = share(len(rows), found.journeys.journeys)
    return StepCheck(step.name, step.optional, taken, step.promised_days, days_of(days, len(days)), late)


def _missing(found: _Compared) -> tuple[tuple[str, int], ...]:
    names = tuple(dict.fromkeys(step.name for step in found.intended.steps))
    called = np.array([names.index(step.name) for step in found.intended.steps])
    missed = [found.count[found.aligned.missing[:, called == code].any(axis=1)].sum() for code in range(len(names))]
    return ranked(np.array(missed, np.int64), names, MOST_SHOWN)


def _variants(found: _Compared) -> Iterator[tuple[Variant, tuple[str, ...], tuple[str, ...], float]]:
    """The paths most taken, as far as enough journeys took them: the path, extra steps, missing steps, fitness."""
    paths, aligned = found.taken_paths, found.aligned
    for place, count in enumerate(found.count[:MOST_SHOWN].tolist()):
        took = share(count, found.journeys.journeys)
        if shown(count) is None or took is None:
            return
        steps = slice(int(paths.first[place]), int(paths.first[place + 1]))
        extra = paths.code[steps][aligned.taken[steps] == EXTRA]
        yield (
            Variant(place + 1, paths.steps_of(place), took, days=None),
            tuple(paths.names[code] for code in extra),
            tuple(found.intended.steps[number].name for number in np.flatnonzero(aligned.missing[place])),
            float(aligned.fitness[place]),
        )


def _waits(record: Record, log: Log, *, told: bool) -> Floats:
    """The days waited for each step of the log, (e,), as told, or by date in a case log; NaN where not known."""
    days, known = record.days_before
    if told:
        known = known & (record.waited != NONE)
    return np.where(known, days, np.nan)[log.row]


def _version(row: IntendedRow) -> IntendedVersion:
    return IntendedVersion(row.code, row.name, row.need, row.version, row.saved_by, row.saved_at.date(), row.body)


def _none_such() -> str:
    return _("There is no such intended journey in this place. Choose one from the list.")
