"""Numbers that stand for somebody in a file: case, account and reference numbers, and number plates."""

import re
from collections.abc import Iterator

from insight.identifiers.lists import ordinary
from insight.identifiers.model import Kind, Mark
from insight.identifiers.plain import mark

_FILES = (
    r"account|admission|application|appeal|applicant|badge|booking|cad|case|certificate|claim|client|complaint|"
    r"court|crime|"
    r"crn|customer|driver|driving|employee|enquiry|foi|hospital|incident|inquiry|invoice|job|licen[cs]e|log|member|"
    r"membership|meter|mrn|order|passport|patient|payroll|pcn|penalty charge(?: notice)?|permit|planning|policy|"
    r"prisoner|"
    r"pupil|query|receipt|record|report|request|roll|sar|staff|student|tax|tenancy|ticket|tracking|transaction|"
    r"unit|uprn|"
    r"utr|visa|brp|tenant|housing|file|planning application"
)
_CALLED = r"(?:ref(?:erence)?s?|num(?:ber)?s?|no|nos|nr|id|ids)\b"
_BETWEEN = r"[\s.:#=(\-]{0,4}(?:(?:is|was|are|of|code)\b)?[\s:#=(\"']{0,3}"
_ID = (
    r"((?<![A-Za-z0-9])(?:[A-Za-z]{1,4}[ \-/])?"
    r"(?=[A-Za-z/_\-]{0,12}\d)[A-Za-z0-9]{1,24}(?:[/_\-][A-Za-z0-9]{1,24}){0,6}"
    r"(?: of \d{1,2}/\d{1,2}/\d{2,4})?(?: (?=[A-Z]{0,4}\d)[A-Z0-9]{3,12}(?![A-Za-z0-9]))?)"
)
_NUMBERED = re.compile(
    rf"\b(?:(?:{_FILES})\s{{0,2}}[#(]?(?:{_CALLED}[\s.:]{{0,2}}){{1,3}}|"
    rf"ref(?:erence)?\b(?:[\s.:]{{0,2}}{_CALLED}){{0,2}}"
    rf"|(?:uprn|pcn|mrn|utr|crn)\b|(?:{_FILES})\s?#){_BETWEEN}{_ID}",
    re.IGNORECASE,
)
_NAMED = re.compile(rf"\b(?:{_FILES})\b[\s.:#=(\-]{{1,3}}{_ID}", re.IGNORECASE)
_DATE = re.compile(r"\d{1,2}[/\-]\d{1,2}[/\-](?:\d{4}|\d\d)$|(?:19|20)\d\d$")
_SPACED = re.compile(r"[A-Za-z]{1,4} ")


def _counts(found: str) -> tuple[int, bool]:
    """How many digits, and whether letters stand beside them in one word."""
    digits = sum(letter.isdigit() for letter in found)
    word = _SPACED.sub("", found, count=1) if _SPACED.match(found) else found
    return digits, any(letter.isalpha() for letter in word.split(" of ")[0])


_CANDIDATE = re.compile(r"\d{3}|[A-Za-z][ /_\-]?\d\d|\d\d[/_\-]?[A-Za-z]|\d[A-Za-z]\d|\d/\d")


def case_numbers(text: str) -> Iterator[Mark]:
    """What follows "case number", "ref" and the like; after the bare word only what cannot be a count."""
    if not _CANDIDATE.search(text):
        return
    for found in _NUMBERED.finditer(text):
        digits, mixed = _counts(found[1])
        if (digits >= 3 or (mixed and digits >= 2)) and not _DATE.match(found[1]):
            yield _trimmed(found)
    for found in _NAMED.finditer(text):
        digits, mixed = _counts(found[1])
        if (digits >= 5 or (mixed and digits >= 3 and found[1][0].isupper())) and not _DATE.match(found[1]):
            yield _trimmed(found)


def _trimmed(found: re.Match[str]) -> Mark:
    """The mark without an ordinary word before the number: "ref is 123", "case no on 123"."""
    first = _SPACED.match(found[1])
    lower = first and first[0].islower() and first[0].strip() in ordinary()
    return Mark(found.start(1) + (len(first[0]) if first and lower else 0), found.end(1), Kind.CASE)


_PLATE_CUE = (
    r"\b(?:reg(?:istration|istered)?(?:\s(?:no|number|plate|mark))?|(?:number|licen[cs]e|private|my|the|"
    r"cherished)\s?plates?|vrm|"
    r"rhif cofrestru)\b[\s.:\-(]{0,3}(?:(?:is|was|of)\s)?[\s(]{0,2}"
)
_AFTER_CUE = re.compile(
    _PLATE_CUE + r"([A-Z]{2}\d{2}[ \-]?[A-Z]{3}|[A-Z]\d{1,3}[ \-]?[A-Z]{3}|[A-Z]{3}[ \-]?\d{1,3}[A-Z]|"
    r"[A-Z]{1,3}[ \-]?\d{1,4}|\d{1,4}[ \-]?[A-Z]{1,3})(?![A-Za-z0-9])",
    re.IGNORECASE,
)
_NEW = re.compile(r"(?<![A-Za-z0-9])[A-HJ-PR-Y]{2}\d\d[ \-]?([A-HJ-PR-Z]{3})(?![A-Za-z0-9])", re.IGNORECASE)
_OLD = re.compile(
    r"(?<![A-Za-z0-9\-/])(?:[A-HJ-NPR-TV-Y]\d{3} ?([A-HJ-PR-Z]{3})|"
    r"([A-HJ-PR-Z]{3}) ?\d{3}[A-HJ-NPR-TV-Y])(?![A-Za-z0-9\-/])"
)


def number_plates(text: str) -> Iterator[Mark]:
    """Plates since 2001 anywhere; older ones in capital letters; any other only where somebody speaks of a plate."""
    yield from (mark(found, Kind.PLATE, 1) for found in _AFTER_CUE.finditer(text))
    shouted = text.isupper() and len(text) > 20
    for found in (*_NEW.finditer(text), *_OLD.finditer(text)):
        letters = next(group for group in found.groups() if group)
        if (letters.isupper() and not shouted) or letters.lower() not in ordinary():
            yield mark(found, Kind.PLATE)
