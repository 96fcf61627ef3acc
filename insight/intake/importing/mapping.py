"""A mapping that fits a header, and rows read by it: each cell as what its column means."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from insight.errors import BadInput
from insight.intake.importing import values
from insight.intake.importing.dates import Order, Unreadable, read_date
from insight.intake.importing.feelings import Scale, read_feeling
from insight.intake.importing.model import LABELS, Field, RowProblem
from insight.intake.importing.reading import Row, Table
from insight.intake.references import digest
from insight.language import _, day, month_name, ngettext, noted

MOST_TEXT = 20_000
MOST_NAME = 200
TEXTS = frozenset({Field.TEXT, Field.WHAT_BETTER, Field.WHAT_GOOD})
STEP_FACTS = (
    Field.SERVICE,
    Field.ORGANISATION,
    Field.CHANNEL,
    Field.DATE,
    Field.FEELING,
    Field.TOLD_AGAIN,
    Field.SENT_ELSEWHERE,
    Field.SORTED_OUT,
    Field.WAITED,
    Field.PROMISED,
)
TELLING = TEXTS | (frozenset(STEP_FACTS) - {Field.DATE}) | {Field.NEED, Field.NEED_MET}
"""What makes a row say something. A date, an id, a language or a consent alone does not."""
PROOF = frozenset({Field.DATE, Field.TOLD_AT, Field.FEELING, Field.WAITED, Field.PROMISED, Field.NEED_MET})
"""What cannot be read by chance: these in their places show that a row has not slipped."""
FORGIVEN = frozenset(
    {
        Field.CHANNEL,
        Field.TELLER_ROLE,
        Field.LANGUAGE,
        Field.NEED_MET,
        Field.SORTED_OUT,
        Field.TOLD_AGAIN,
        Field.SENT_ELSEWHERE,
    }
)
"""A value here that cannot be read is left out and reported; the rest of the row is kept."""
FEELING_WORDS = {
    -2: noted("Very bad"),
    -1: noted("Bad"),
    0: noted("Neither good nor bad"),
    1: noted("Good"),
    2: noted("Very good"),
}
CODES = frozenset(code.value for code in Field)
CONSENTS = (Field.CONSENT_ANALYSE, Field.CONSENT_QUOTE, Field.CONSENT_CONTACT)


def checked_mapping(mapping: Mapping[str, str | None], header: tuple[str, ...]) -> dict[Field, str]:
    """A mapping with the file's own spelling of its columns; :class:`~insight.errors.BadInput` if it does not fit."""
    known = {" ".join(column.lower().split()): column for column in reversed(header)}
    checked: dict[Field, str] = {}
    for code, column in mapping.items():
        if not column:
            continue
        if code not in CODES:
            told = _("{code} is not something a column can mean. Choose from: {codes}.")
            raise BadInput(told.format(code=code, codes=", ".join(Field)))
        found = column if column in header else known.get(" ".join(column.lower().split()))
        if found is None:
            told = _("There is no column named {column}. The file has: {columns}.")
            raise BadInput(told.format(column=column, columns=_listed(header)))
        checked[Field(code)] = found
    if not TELLING & checked.keys() and not (Field.JOURNEY in checked and Field.DATE in checked):
        told = _("Say which column holds what people wrote, or a fact about it. The file has: {columns}.")
        raise BadInput(told.format(columns=_listed(header)))
    if Field.ORDER in checked and Field.JOURNEY not in checked:
        raise BadInput(_("An order of steps needs a column with the id of the journey."))
    return checked


def _listed(header: tuple[str, ...], most: int = 12) -> str:
    names = ", ".join(header[:most])
    if len(header) <= most:
        return names
    return _("{names} and {number} more").format(names=names, number=len(header) - most)


@dataclass(slots=True)
class RowFacts:
    """One row as it was read. ``values`` are what is kept; ``content`` is what makes the row this row and no other."""

    number: int
    values: dict[Field, Any] = field(default_factory=dict)
    content: list[str] = field(default_factory=list)
    problems: list[RowProblem] = field(default_factory=list)

    @property
    def is_bad(self) -> bool:
        """Whether something must be mended before this row can be kept."""
        return any(not problem.kept for problem in self.problems)

    @property
    def is_blank(self) -> bool:
        """Whether the row says nothing and nothing is wrong with it."""
        return not self.is_bad and not (TELLING & self.values.keys()) and Field.JOURNEY not in self.values

    def identity(self) -> str:
        """A digest of what the row says, whatever the order of the columns."""
        return digest(*sorted(self.content))


class RowReader:
    """Reads rows of one table by one mapping, with one order of dates and one scale of feelings."""

    def __init__(self, table: Table, mapping: Mapping[Field, str], order: Order, scale: Scale, today: date) -> None:
        self.mapping = dict(mapping)
        self._places = {code: table.header.index(column) for code, column in mapping.items()}
        self._ragged_is_normal = table.ragged_is_normal
        self._proof = self._proof_behind_texts()
        self._readers: dict[Field, Callable[[str], Any]] = {
            Field.DATE: lambda text: read_date(text, order, today),
            Field.TOLD_AT: lambda text: read_date(text, order, today),
            Field.FEELING: lambda text: read_feeling(text, scale),
            Field.CHANNEL: values.read_channel,
            Field.NEED: values.read_need,
            Field.NEED_MET: values.read_need_met,
            Field.SORTED_OUT: values.read_sorted,
            Field.TELLER_ROLE: values.read_role,
            Field.TOLD_AGAIN: values.read_yes_no,
            Field.SENT_ELSEWHERE: values.read_yes_no,
            Field.WAITED: values.read_days,
            Field.PROMISED: values.read_days,
            Field.LANGUAGE: values.read_language,
            **dict.fromkeys(CONSENTS, values.read_yes_no),
            **dict.fromkeys(TEXTS, lambda text: text),
        }

    def read(self, row: Row) -> RowFacts:
        """Everything that the row says, and everything that is wrong with it."""
        facts = RowFacts(row.number)
        at_fault = dict(row.faults)
        for code, place in self._places.items():
            cell = row.cells[place]
            if place in at_fault:
                facts.problems.append(RowProblem(row.number, self.mapping[code], at_fault[place]))
            elif cell:
                self._read_cell(facts, code, cell)
        if Field.JOURNEY in self._places and Field.JOURNEY not in facts.values and TELLING & facts.values.keys():
            self._blame(facts, Field.JOURNEY, _("Give the id of the journey that this row is a step of"))
        self._check_shape(row, facts)
        return facts

    def _read_cell(self, facts: RowFacts, code: Field, cell: str) -> None:
        if len(cell) > MOST_TEXT:
            return self._blame(facts, code, _shorten(MOST_TEXT, len(cell)))
        text = values.tidy(cell)
        if not text or values.is_blank(text, fact=code not in TEXTS):
            return None
        try:
            read = self._readers.get(code, _name)(text)
        except Unreadable as why:
            return self._blame(facts, code, str(why), kept=code in FORGIVEN)
        facts.content.append(f"{code}={_content(code, text, read)}")
        if read is not None:
            facts.values[code] = read
        return None

    def _blame(self, facts: RowFacts, code: Field, message: str, kept: bool = False) -> None:
        facts.problems.append(RowProblem(facts.number, self.mapping[code], message, kept))

    def _check_shape(self, row: Row, facts: RowFacts) -> None:
        if row.unclosed:
            told = _(
                "A quotation mark in this row is never closed, so all that follows was read as part of it. Close it"
            )
            facts.problems.append(RowProblem(row.number, None, told))
        if row.extra:
            sound = self._proof <= facts.values.keys() and not facts.is_bad if self._proof is not None else False
            facts.problems.append(RowProblem(row.number, None, _too_many(len(row.extra), sound), kept=sound))
        if row.missing and not self._ragged_is_normal and not facts.is_blank:
            facts.problems.append(RowProblem(row.number, None, _too_few(row.missing), kept=True))
        if row.damaged and not facts.is_blank:
            told = _("Some characters in this row could not be read. Compare it with the original")
            facts.problems.append(RowProblem(row.number, None, told, kept=True))

    def _proof_behind_texts(self) -> frozenset[Field] | None:
        """The fields behind the last text that would not read if the row had slipped; None if there are none."""
        last = max((place for code, place in self._places.items() if code in TEXTS), default=-1)
        proof = frozenset(code for code, place in self._places.items() if code in PROOF and place > last)
        return proof or (None if last >= 0 else frozenset())


def _shorten(most: int, length: int) -> str:
    told = _("Shorten this to {most} characters or fewer. It has {length}")
    return told.format(most=f"{most:,}", length=f"{length:,}")


def _too_many(count: int, sound: bool) -> str:
    if sound:
        return ngettext(
            "This row has 1 cell more than there are column names. They were left out",
            "This row has {number} cells more than there are column names. They were left out",
            count,
        ).format(number=count)
    return ngettext(
        "This row has 1 cell more than there are column names. Put quotation marks round text that holds the separator",
        "This row has {number} cells more than there are column names. Put quotation marks round text that holds the "
        "separator",
        count,
    ).format(number=count)


def _too_few(count: int) -> str:
    return ngettext(
        "This row has 1 cell fewer than there are column names. What is there was kept",
        "This row has {number} cells fewer than there are column names. What is there was kept",
        count,
    ).format(number=count)


def _name(text: str) -> str:
    if len(text) > MOST_NAME:
        raise Unreadable(_shorten(MOST_NAME, len(text)))
    return " ".join(text.split())


def _content(code: Field, text: str, read: Any) -> str:
    """What is compared when a file comes a second time: dates by their meaning, since a spreadsheet rewrites them."""
    if code in (Field.DATE, Field.TOLD_AT):
        return f"{read[0].isoformat()} {read[1]}"
    plain = " ".join(text.split())
    return plain if code in TEXTS else plain.lower().removesuffix(".0")


def in_words(code: Field, value: Any) -> str:
    """A value as a person would check it in a preview."""
    if code in (Field.DATE, Field.TOLD_AT):
        when, precision = value
        month = f"{month_name(when.month)} {when.year}"
        return {"day": day(when), "month": month}.get(precision, f"{when.year}")
    if code is Field.FEELING:
        return f"{_(FEELING_WORDS[value])} ({value:+d})" if value else _(FEELING_WORDS[0])
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if code in (Field.WAITED, Field.PROMISED):
        return ngettext("{number} day", "{number} days", value).format(number=value)
    return str(value)


def label(code: Field) -> str:
    """What a field is called."""
    return _(LABELS[code][0])
