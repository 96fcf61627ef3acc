"""Which counts of a board may be shown under its filters: those that give nothing away beside fewer filters. Pure."""

from collections.abc import Callable
from dataclasses import dataclass, fields, replace

import numpy as np
import numpy.typing as npt

from insight.painpoints.cube import Cube, Scope, journeys_by_theme_and, scope
from insight.painpoints.model import Filters
from insight.privacy import Audience, protection
from insight.privacy.differencing import MOST_FILTERS, apart, subsets

Bools = npt.NDArray[np.bool_]
Longs = npt.NDArray[np.int64]

PERIOD = ("first_month", "last_month")  # one filter: the months that are looked at
CROSSED = ("", "service", "organisation", "month")


@dataclass(frozen=True)
class Open:
    """What may be shown: all of the view, each theme (k,), each theme at a service, at an organisation, in a month."""

    view: bool
    themes: Bools
    services: Bools
    organisations: Bools
    months: Bools


def open_under(cube: Cube, filters: Filters, audience: Audience = Audience.INSIDE) -> Open:
    """What may be shown under filters."""
    shapes = [(cube.themes, cube.crossings[name].width) for name in CROSSED]
    cells = 1 + sum(a * b for a, b in shapes)
    safe = open_cells(cube, filters, cells, lambda within: _counted(cube, within), audience)
    return Open(bool(safe[0]), *_parts(safe[1:], shapes))


def open_cells(
    cube: Cube, filters: Filters, cells: int, count: Callable[[Scope], Longs], audience: Audience = Audience.INSIDE
) -> Bools:
    """Which of some counts may be shown under filters: ``count`` makes so many of them, (cells,), for a scope.

    With more filters at once than can be gone through, none.
    """
    names = in_force(filters)
    if not names or len(names) > MOST_FILTERS:
        return np.full(cells, not names)
    fewer = {chosen: only(filters, {names[at] for at in chosen}) for chosen in subsets(len(names))}
    return apart(lambda chosen: count(scope(cube, fewer[chosen])), len(names), protection(audience))


def in_force(filters: Filters) -> tuple[str, ...]:
    """The filters that let some journeys in and others not, each by the name of its first part."""
    names = [f.name for f in fields(Filters) if f.name not in {"themes", *PERIOD} and getattr(filters, f.name)]
    return (*names, *PERIOD[:1]) if filters.first_month or filters.last_month else tuple(names)


def only(filters: Filters, names: set[str]) -> Filters:
    """These filters without the others."""
    dropped = {f.name: None for f in fields(Filters) if f.name not in {"themes", *PERIOD, *names}}
    period = {} if PERIOD[0] in names else dict.fromkeys(PERIOD)
    return replace(filters, **dropped, **period)


def _counted(cube: Cube, within: Scope) -> Longs:
    crossed = [journeys_by_theme_and(cube, within, name) for name in CROSSED]
    return np.concatenate([[within.journeys], *(one.ravel() for one in crossed)]).astype(np.int64)


def _parts(safe: Bools, shapes: list[tuple[int, int]]) -> tuple[Bools, Bools, Bools, Bools]:
    ends = np.cumsum([a * b for a, b in shapes])[:-1]
    themes, services, organisations, months = (
        part.reshape(shape) for part, shape in zip(np.split(safe, ends), shapes, strict=True)
    )
    return themes[:, 0], services, organisations, months
