"""The whole search: every kind's rules over one text, and what they found set apart."""

import re
from collections.abc import Callable, Iterator

from insight.identifiers.cases import case_numbers, number_plates
from insight.identifiers.dates import births
from insight.identifiers.model import Kind, Mark
from insight.identifiers.money import bank_details
from insight.identifiers.names import names
from insight.identifiers.numbers import national_insurance_numbers, nhs_numbers, phones
from insight.identifiers.online import emails, handles, links
from insight.identifiers.places import postcodes, streets
from insight.identifiers.plain import plainly

Look = Callable[[str], Iterator[Mark]]
ANYWHERE: tuple[Look, ...] = (emails, links, handles, births, names)
WHERE_DIGITS_ARE: tuple[tuple[int, Look], ...] = (  # with the fewest digits that each can do with
    (6, bank_details), (10, nhs_numbers), (6, national_insurance_numbers), (5, phones), (2, postcodes), (1,
    number_plates),
    (2, case_numbers), (1, streets),
)  # fmt: skip
STRONGEST_FIRST = (
    Kind.EMAIL, Kind.LINK, Kind.BANK, Kind.BIRTH, Kind.NHS, Kind.NINO, Kind.PHONE, Kind.POSTCODE, Kind.HANDLE,
    Kind.PLATE, Kind.CASE, Kind.STREET, Kind.NAME,
)  # fmt: skip
_DIGIT = re.compile(r"[0-9]")
_RANK = {kind: rank for rank, kind in enumerate(STRONGEST_FIRST)}


def find(text: str) -> tuple[Mark, ...]:
    """What in a text may point to a person, in order of place; marks never overlap. Takes any text."""
    plain = plainly(text)
    marks = [found for look in ANYWHERE for found in look(plain)]
    digits = len(_DIGIT.findall(plain))
    if digits:
        marks += [found for fewest, look in WHERE_DIGITS_ARE if digits >= fewest for found in look(plain)]
    return apart(marks)


def apart(marks: list[Mark]) -> tuple[Mark, ...]:
    """Marks in order, with those that overlap made one under the name of the strongest: nothing found is let go."""
    done: list[Mark] = []
    for mark in sorted(marks):
        if done and mark.start < done[-1].end:
            last = done.pop()
            kind = min(last.kind, mark.kind, key=_RANK.__getitem__)
            done.append(Mark(last.start, max(last.end, mark.end), kind))
        else:
            done.append(mark)
    return tuple(done)
