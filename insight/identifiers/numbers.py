"""Numbers a person is reached or known by: telephone, NHS number, National Insurance number."""

import re
from collections.abc import Iterator

from insight.identifiers.check_digits import is_nhs_number
from insight.identifiers.model import Kind, Mark
from insight.identifiers.plain import digits_of, mark

_EXTENSION = r"(?:[\s,]{0,2}(?:ext(?:ension)?|x)[\s.:]{0,2}\d{1,5}(?!\d))?"
_AT_HOME = re.compile(r"(?<![\d£$€+])\(?0(?:[\s\-.()]{0,3}\d){9,10}(?!\d)" + _EXTENSION, re.IGNORECASE)
_ABROAD = re.compile(r"(?:\+|(?<!\d)00)\s?[1-9](?:[\s\-.()]{0,3}\d){8,13}(?!\d)" + _EXTENSION, re.IGNORECASE)
_TOLD = re.compile(
    r"\b(?:tele?(?:phone)?|phone|mob(?:ile)?|landline|whats ?app|fax|cell)"
    r"(?:[\s.:]{1,3}(?:me|us|no|number|num|is|on|at|was)\b){0,3}[\s.:#=\-]{0,4}"
    r"((?<!\d)(?:7\d{3}[ \-]?\d{3}[ \-]?\d{3}|\d{5,7}|\d{3}[ \-]\d{4}))(?![\d,]|\s?(?:people|times))",
    re.IGNORECASE,
)
_STARTS_WITH_DATE = re.compile(r"\(?\d{1,2}[ .\-]\d{1,2}[ .\-](?:19|20)\d\d(?!\d)")
HELPLINES = {"116000", "116006", "116111", "116117", "116123"}


def phones(text: str) -> Iterator[Mark]:
    """Telephone numbers of people. Short service numbers (999, 111), 03,
    08 and 09 numbers belong to organisations."""
    for found in _AT_HOME.finditer(text):
        digits = digits_of(re.split(r"[xX]", found[0])[0])
        if digits[1] in "127" and (digits[1] != "7" or len(digits) == 11) and not _STARTS_WITH_DATE.match(found[0]):
            yield mark(found, Kind.PHONE)
    for found in _ABROAD.finditer(text):
        yield mark(found, Kind.PHONE)
    for found in _TOLD.finditer(text):
        if digits_of(found[1]) not in HELPLINES:
            yield mark(found, Kind.PHONE, 1)


_TEN = re.compile(r"(?<![\d£$€/+])(?:\d{3}([ \-.]?)\d{3}\1\d{4}|\d(?:[ \-.]?\d){9})(?!\d)")
_NHS_CUE = re.compile(r"\b(?:n\.?h\.?s\.?|gig)(?:\W{1,3}|\s(?:number|num|no|nr|id|is|was)\b){0,5}$", re.IGNORECASE)


def nhs_numbers(text: str) -> Iterator[Mark]:
    """NHS numbers: ten digits that pass the check digit, or that somebody calls one."""
    for found in _TEN.finditer(text):
        called = _NHS_CUE.search(text[max(0, found.start() - 30) : found.start()])
        usual = found[1] is not None
        if called or (usual and is_nhs_number(digits_of(found[0]))):
            yield mark(found, Kind.NHS)


_NINO = re.compile(
    r"(?<![A-Za-z0-9])([A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z])[ \-.]{0,2}\d\d[ \-.]?\d\d[ \-.]?\d\d"
    r"(?:[ \-.]{0,2}([A-D])(?![A-Za-z0-9]))?"
    r"(?!\d)",
    re.IGNORECASE,
)
_NINO_CUE = re.compile(r"\bn\.?i\.?\b|\bnino\b|insurance|yswiriant", re.IGNORECASE)
NEVER_GIVEN_OUT = {"BG", "GB", "KN", "NK", "NT", "TN", "ZZ"}


def national_insurance_numbers(text: str) -> Iterator[Mark]:
    """National Insurance numbers: prefixes that HMRC gives out (its manual NIM39110), six digits, A to D at the end.

    Without the last letter only where the text speaks of National Insurance.
    """
    for found in _NINO.finditer(text):
        if found[1].upper() not in NEVER_GIVEN_OUT and (found[2] or _NINO_CUE.search(text)):
            yield mark(found, Kind.NINO)
