"""Handoffs: where journeys pass from one organisation to another, and where they are sent back."""

from dataclasses import dataclass

import numpy as np

from insight.columns import distinct
from insight.journeys.mining.log import Bools, Ints, Log, Longs
from insight.journeys.mining.paths import numbered


@dataclass(frozen=True)
class Handoffs:
    """h handoffs in the order of the log. All arrays but ``per_journey`` are (h,).

    ``at`` is the step before each, as an index into the log's steps; ``journey`` its journey; ``source`` and ``target``
    the organisations' codes. ``bounce`` says whether the journey had been at the target before. ``per_journey`` (n,) is
    handoffs.
    """

    at: Longs
    journey: Longs
    source: Ints
    target: Ints
    bounce: Bools
    per_journey: Longs

    @property
    def bounces_per_journey(self) -> Longs:
        """How often each journey came back to an organisation that it had left, (n,)."""
        return np.bincount(self.journey[self.bounce], minlength=len(self.per_journey))


@dataclass(frozen=True)
class Pairs:
    """Organisation to organisation: how many ``times`` and in how many ``journeys``; by source, then target."""

    source: Ints
    target: Ints
    times: Longs
    journeys: Longs


def moved(log: Log, organisation: Ints) -> Longs:
    """The index of each step that the next one follows at another organisation, (h,).

    ``organisation`` (e,) is aligned to the log's steps, -1 unknown. A step whose organisation is not known is no
    handoff, neither to it nor from it.
    """
    before, after = organisation[:-1], organisation[1:]
    return np.flatnonzero(log.followed[:-1] & (before != after) & (before >= 0) & (after >= 0))


def handoffs(log: Log, organisation: Ints) -> Handoffs:
    """Two steps in a row at different organisations, as :func:`moved` finds them."""
    at = moved(log, organisation)
    journey, target = log.journey[at], organisation[at + 1]
    met, first_met = _first_met(log, organisation)
    width = _width(organisation)
    bounce = first_met[np.searchsorted(met, journey * width + target)] <= at
    return Handoffs(
        at,
        journey,
        organisation[at],
        target,
        bounce,
        np.bincount(journey, minlength=log.journeys),
    )


def bounces(found: Handoffs) -> Pairs:
    """The handoffs back to an organisation that the journey had left, counted by the organisation that sends back
    (``source``) and the one returned to (``target``)."""
    back = found.bounce
    source, target, journey = found.source[back], found.target[back], found.journey[back]
    width = max(_width(source), _width(target))
    pair, number = numbered(source.astype(np.int64) * width + target, width * width)
    many = max(len(pair), 1)
    journeys = np.bincount(distinct(journey * many + number) % many, minlength=len(pair))
    times = np.bincount(number, minlength=len(pair))
    return Pairs((pair // width).astype(np.int32), (pair % width).astype(np.int32), times, journeys)


def _first_met(log: Log, organisation: Ints) -> tuple[Longs, Longs]:
    """Every journey and organisation that met, as one number, sorted; and the first step at which they did."""
    arrives = organisation >= 0
    arrives[1:] &= (organisation[1:] != organisation[:-1]) | ~log.followed[:-1]
    arrivals = np.flatnonzero(arrives)
    met, first = np.unique(log.journey[arrivals] * _width(organisation) + organisation[arrivals], return_index=True)
    return met, arrivals[first]


def _width(codes: Ints) -> int:
    return int(codes.max(initial=0)) + 1
