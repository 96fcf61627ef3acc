"""An intended journey while it is being drawn: one row per step, as a form shows it. Pure.

Steps on a way stand in rows of their own: rows of way A, then of way B. A row of an earlier way, or one for everybody,
ends the choice.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from insight.errors import BadInput
from insight.journeys.mining.intended import Choice, Intended, IntendedStep, Part, named
from insight.language import _

EVERYBODY, WAYS = "", ("A", "B", "C", "D")


@dataclass(frozen=True, slots=True)
class Row:
    """One step as it was typed. ``number`` names the row for as long as it is drawn; ``way`` is "" or a letter."""

    number: int
    name: str = ""
    optional: bool = False
    days: str = ""
    way: str = EVERYBODY


@dataclass(frozen=True, slots=True)
class Draft:
    """What is on the page. ``code`` and ``version`` are of the journey that is changed, "" and 0 for a new one.

    ``text`` is its TOML where it is written as text; then the rows are those from before.
    """

    code: str = ""
    version: int = 0
    name: str = ""
    need: str | None = None
    rows: tuple[Row, ...] = (Row(0), Row(1), Row(2))
    text: str | None = None


class RowError(BadInput):
    """A row that must be mended: which one, counted from 0, and which of its inputs."""

    def __init__(self, message: str, row: int, part: str) -> None:
        super().__init__(message)
        self.row = row
        self.part = part


def from_intended(intended: Intended, code: str, version: int, text: str) -> Draft:
    """A draft to change a saved journey; one with more ways than the form has is written as text."""
    rows = tuple(replace(row, number=number) for number, row in enumerate(_rows(intended.parts)))
    return Draft(code, version, intended.name, intended.need, rows, None if can_be_rows(intended) else text)


def can_be_rows(intended: Intended) -> bool:
    """Whether the form has as many ways as this journey's choices."""
    return all(len(part.ways) <= len(WAYS) for part in intended.parts if isinstance(part, Choice))


def _rows(parts: Sequence[Part]) -> Iterator[Row]:
    for part in parts:
        if isinstance(part, IntendedStep):
            yield _row(part, EVERYBODY)
            continue
        for letter, way in zip(WAYS, part.ways, strict=False):
            yield from (_row(step, letter) for step in way)


def _row(step: IntendedStep, way: str) -> Row:
    days = "" if step.promised_days is None else str(step.promised_days)
    return Row(0, step.name, step.optional, days, way)


def to_intended(draft: Draft) -> Intended:
    """The journey that the rows draw. Empty rows are passed over.

    Raises BadInput, and RowError where one row is at fault.
    """
    if not draft.name.strip():
        raise RowError(_("Give the intended journey a name."), -1, "name")
    parts: list[Part] = []
    ways: dict[str, list[IntendedStep]] = {}
    begun = last = -1
    for place, row in enumerate(draft.rows):
        if not row.name.strip() and not row.days.strip():
            continue
        if ways and (row.way == EVERYBODY or WAYS.index(row.way) < WAYS.index(next(reversed(ways)))):
            parts.append(_choice(ways, begun))
            ways = {}
        step = _step(row, place)
        if row.way == EVERYBODY:
            parts.append(step)
            continue
        begun = begun if ways else place
        ways.setdefault(row.way, []).append(step)
        last = place
    if ways:
        parts.append(_choice(ways, min(begun, last)))
    if not parts:
        raise RowError(_("Choose or type at least one step."), 0, "name")
    return named(draft.name, draft.need, parts)


def _choice(ways: dict[str, list[IntendedStep]], row: int) -> Choice:
    if len(ways) < 2:
        told = _("Step {number} begins a choice with one way only. Put the steps of another way after it.")
        raise RowError(told.format(number=row + 1), row, "way")
    return Choice(tuple(tuple(steps) for steps in ways.values()))


def _step(row: Row, place: int) -> IntendedStep:
    typed = row.days.replace(",", "").strip()
    if not row.name.strip():
        raise RowError(_("Step {number} has no name. Choose or type one.").format(number=place + 1), place, "name")
    if typed and not (typed.isascii() and typed.isdigit() and len(typed) < 6):
        told = _("Step {number}: write the promised days as a whole number, such as 10, or leave them out.")
        raise RowError(told.format(number=place + 1), place, "days")
    return IntendedStep(row.name, row.optional, int(typed) if typed else None)


def with_row(draft: Draft, after: int) -> Draft:
    """An empty row after the row at this place, on the same way."""
    new = Row(max(row.number for row in draft.rows) + 1, way=draft.rows[after].way if draft.rows else EVERYBODY)
    return replace(draft, rows=(*draft.rows[: after + 1], new, *draft.rows[after + 1 :]))


def without_row(draft: Draft, place: int) -> Draft:
    """Without the row at this place; the last one is emptied instead."""
    left = draft.rows[:place] + draft.rows[place + 1 :]
    return replace(draft, rows=left or (Row(draft.rows[place].number + 1),))


def moved(draft: Draft, place: int, by: int) -> Draft:
    """With the row at this place moved up (-1) or down (1), as far as there is room."""
    to = min(max(place + by, 0), len(draft.rows) - 1)
    rows = list(draft.rows)
    rows.insert(to, rows.pop(place))
    return replace(draft, rows=tuple(rows))
