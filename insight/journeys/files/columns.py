"""Which columns of a table hold what: named by the person, found in the header, or refused with what is there."""

import difflib
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from insight.errors import BadInput
from insight.language import _

NEEDED = ("journey", "step", "time")
MOST_LISTED = 40


@dataclass(frozen=True)
class Columns:
    """The names of a table's columns; XES needs none."""

    journey: str | None = None
    step: str | None = None
    time: str | None = None
    organisation: str | None = None
    order: str | None = None
    channel: str | None = None


def found(columns: Columns, header: Sequence[str], file: str) -> dict[str, int]:
    """The place of each named column in a header, by what it holds. Raises BadInput for what is not there or twice."""
    named = {what: name for what, name in asdict(columns).items() if name is not None}
    if any(what not in named for what in NEEDED):
        told = _(
            "Say which columns hold the journey, the step and the time (--journey, --step, --time). "
            "{file} has: {columns}."
        )
        raise BadInput(told.format(file=file, columns=_listed(header)))
    places: dict[str, int] = {}
    for what, name in named.items():
        place = _place(header, name, file)
        if place in places.values():
            told = _("Column “{column}” was given for two things. Give each its own column; {file} has: {columns}.")
            raise BadInput(told.format(column=name, file=file, columns=_listed(header)))
        places[what] = place
    return places


def _place(header: Sequence[str], name: str, file: str) -> int:
    tidy = [known.strip() for known in header]
    if name.strip() in tidy:
        return tidy.index(name.strip())
    lowered = {known.lower(): known for known in tidy}
    close = difflib.get_close_matches(name.strip().lower(), list(lowered), n=1, cutoff=0.5)
    hint = " " + _("Did you mean “{column}”?").format(column=lowered[close[0]]) if close else ""
    told = _("{file} has no column “{column}”.{hint} It has: {columns}.")
    raise BadInput(told.format(file=file, column=name, hint=hint, columns=_listed(header)))


def _listed(header: Sequence[str]) -> str:
    shown = [f"“{name.strip()}”" for name in header[:MOST_LISTED]]
    return ", ".join([*shown, "..."] if len(header) > MOST_LISTED else shown)
