"""Dates as people and spreadsheets write them. The United Kingdom writes the day first; a column may say otherwise."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

from insight.intake.model import Precision
from insight.intake.rules import EARLIEST_YEAR
from insight.language import _

MONTHS = {
    name: number
    for number, names in enumerate(
        [
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sep sept",
            "october oct",
            "november nov",
            "december dec",
        ],
        1,
    )
    for name in names.split()
}
CLOCK = r"\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:[.,]\d+)?)?\s*(?:[ap]\.?m\.?)?\s*(?:Z|[A-Z]{3,5}|[+-]\d{2}:?\d{2})?"
TIME_AFTER = re.compile(rf"(?<=[\dA-Za-z])(?:T|,?\s+(?:at\s+)?)(?:{CLOCK})$", re.IGNORECASE)
TIME_INSIDE = re.compile(rf"\s{CLOCK}(?=\s\d{{4}}$)")
WEEKDAY = re.compile(r"^(?:mon|tues?|wed(?:nes)?|thur?s?|fri|sat(?:ur)?|sun)(?:day)?[,.]?\s+", re.IGNORECASE)
YEAR_FIRST = re.compile(r"(\d{4})([-/.])(\d{1,2})(?:\2(\d{1,2}))?")
COMPACT = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})")
NUMBERS = re.compile(r"(\d{1,2})([-/. ])(\d{1,2})\2(\d{4}|\d{2})")
YEAR = re.compile(r"(\d{4})")
MONTH_YEAR = re.compile(r"(\d{1,2})[-/.](\d{4})")
DAY_MONTH_WORD = re.compile(r"(?:(\d{1,2})(?:st|nd|rd|th)?(?:\s+of)?[-\s/.]*)?([a-z]{3,9})\.?,?[-\s/.]*(\d{4}|\d{2})")
MONTH_WORD_DAY = re.compile(r"([a-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?(?:,\s*|\s+)(\d{4})")
SERIAL = re.compile(r"(\d{5})(?:\.\d+)?")
SERIAL_ZERO = date(1899, 12, 30)  # Excel counts from here, because it takes 1900 for a leap year
SERIALS = range(20_000, 60_000)  # 1954 to 2064


class Order(StrEnum):
    """Which number comes first in 03/04/2026."""

    DAY_FIRST = "day first"
    MONTH_FIRST = "month first"

    def in_words(self) -> str:
        """The order in the language spoken now; its value is a code, which a file of rows to mend carries."""
        return _("month first") if self is Order.MONTH_FIRST else _("day first")


class Unreadable(ValueError):
    """A value that cannot be read; the message says what to do and never repeats the value."""


@dataclass(slots=True)
class OrderEvidence:
    """What the dates of a column say about their order."""

    day_first: int = 0
    month_first: int = 0
    unclear: int = 0

    def add(self, text: str) -> None:
        """Count one value."""
        found = NUMBERS.fullmatch(_without_time(text))
        if not found:
            return
        first, second = int(found[1]), int(found[3])
        self.day_first += first > 12 >= second
        self.month_first += second > 12 >= first
        self.unclear += first <= 12 and second <= 12 and first != second

    def order(self) -> Order:
        """What most of the telling values say; the day first where none tells."""
        return Order.MONTH_FIRST if self.month_first > self.day_first else Order.DAY_FIRST

    def note(self, column: str, order: Order) -> str | None:
        """How the column was read, where there was a choice."""
        if not self.unclear and not self.month_first:
            return None
        if self.day_first and self.month_first:
            told = _(
                "Dates in {column} come in both orders: {day_first} can only be day first, {month_first} only month "
                "first. The {unclear} that could be either were read {order}. Check them."
            )
            return told.format(
                column=column,
                day_first=f"{self.day_first:,}",
                month_first=f"{self.month_first:,}",
                unclear=f"{self.unclear:,}",
                order=order.in_words(),
            )
        told = _("Dates in {column} were read {order} (as is usual in the UK).")
        if self.day_first or self.month_first:
            told = _("Dates in {column} were read {order} (some can only be read that way).")
        return told.format(column=column, order=order.in_words())


def _without_time(text: str) -> str:
    return TIME_AFTER.sub("", text.strip())


@lru_cache(maxsize=20_000)
def read_date(text: str, order: Order, today: date) -> tuple[date, Precision]:
    """The first day of what was written, and how exactly it was; or :class:`Unreadable`."""
    try:
        year, month, day = _parts(text, order, today)
        first = date(year, month or 1, day or 1)
    except ValueError as unreadable:
        if isinstance(unreadable, Unreadable):
            raise
        raise Unreadable(_("This is not a real date. Check the day and the month")) from None
    if first > today:
        raise Unreadable(_("The date must not be in the future"))
    if first.year < EARLIEST_YEAR:
        raise Unreadable(_("The year must be {year} or later").format(year=EARLIEST_YEAR))
    return first, Precision.DAY if day else Precision.MONTH if month else Precision.YEAR


def _parts(text: str, order: Order, today: date) -> tuple[int, int | None, int | None]:
    told = WEEKDAY.sub("", TIME_INSIDE.sub("", _without_time(text.lstrip("'"))))
    for form, parts in FORMS:
        if found := form.fullmatch(told):
            return parts(found, order, today)
    return _with_month_name(told.lower(), today)


def _with_month_name(told: str, today: date) -> tuple[int, int | None, int | None]:
    if (found := DAY_MONTH_WORD.fullmatch(told)) and found[2] in MONTHS:
        return _year(found[3], today), MONTHS[found[2]], int(found[1]) if found[1] else None
    if (found := MONTH_WORD_DAY.fullmatch(told)) and found[1] in MONTHS:
        return int(found[3]), MONTHS[found[1]], int(found[2])
    raise Unreadable(_("Write the date as in 14/03/2026, March 2026 or 2026"))


def _ordered(first: int, second: int, year: int, order: Order) -> tuple[int, int, int]:
    """A value that can be read in one way only is read so, whatever the column's order."""
    month_first = second > 12 or (order is Order.MONTH_FIRST and first <= 12)
    return (year, first, second) if month_first else (year, second, first)


def _year(digits: str, today: date) -> int:
    """Two digits mean the last year that ended so and is not ahead of us."""
    if len(digits) == 4:
        return int(digits)
    century = today.year // 100 * 100
    year = century + int(digits)
    return year if year <= today.year else year - 100


def _from_serial(days: int) -> tuple[int, int, int]:
    if days not in SERIALS:
        raise Unreadable(_("Write the date as in 14/03/2026, March 2026 or 2026"))
    found = SERIAL_ZERO + timedelta(days=days)
    return found.year, found.month, found.day


Parts = Callable[[re.Match[str], Order, date], tuple[int, int | None, int | None]]
FORMS: tuple[tuple[re.Pattern[str], Parts], ...] = (
    (YEAR_FIRST, lambda found, _order, _today: (int(found[1]), int(found[3]), int(found[4]) if found[4] else None)),
    (NUMBERS, lambda found, order, today: _ordered(int(found[1]), int(found[3]), _year(found[4], today), order)),
    (SERIAL, lambda found, _order, _today: _from_serial(int(found[1]))),
    (COMPACT, lambda found, _order, _today: (int(found[1]), int(found[2]), int(found[3]))),
    (MONTH_YEAR, lambda found, _order, _today: (int(found[2]), int(found[1]), None)),
    (YEAR, lambda found, _order, _today: (int(found[1]), None, None)),
)
