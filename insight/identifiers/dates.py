"""Dates of birth: a date beside words of birth."""

import re
from collections.abc import Iterator

from insight.identifiers.model import Kind, Mark
from insight.identifiers.plain import mark

_MONTHS = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?|ionawr|chwefror|mawrth|ebrill|mai|mehefin|gorffennaf|awst|medi|hydref|"
    r"tachwedd|rhagfyr|"
    r"stycznia|lutego|marca|kwietnia|maja|czerwca|lipca|sierpnia|wrze[sś]nia|pa[zź]dziernika|listopada|grudnia)\b"
)
_ORDINALS = (
    r"(?:(?:twenty|thirty)[ \-])?(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|"
    r"twelfth|"
    r"thirteenth|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth|twentieth|thirtieth)"
)
_DAY = r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,?\s)?"
_DATE = re.compile(
    rf"(?<![\w/])(?:{_DAY}(?:the\s)?(?:\d{{1,2}}\s?(?:st|nd|rd|th)?|"
    rf"{_ORDINALS})[\s\-./]{{0,2}}(?:of\s)?{_MONTHS}\.?,?"
    r"(?:[\s\-./]{1,2}(?:\d{4}|'?\d\d)(?!\d))?"
    rf"|{_MONTHS}\.?\s\d{{1,2}}(?:st|nd|rd|th)?(?!\d)(?:,?\s\d{{4}}(?!\d))?"
    rf"|{_MONTHS}\.?,?\s(?:of\s)?(?:19|20)\d\d(?!\d)"
    r"|(?:19|20)\d\d[\-/.]\d{1,2}[\-/.]\d{1,2}(?!\d)"
    r"|\d{1,2}\s?[/.\-]\s?\d{1,2}\s?[/.\-]\s?(?:\d{4}|\d\d)(?!\d)"
    r"|\d{1,2} \d{1,2} (?:\d{4}|\d\d)(?!\d)|(?:19|20)\d{6}(?!\d)|[0-3]\d[01]\d(?:19|20)?\d\d(?!\d))",
    re.IGNORECASE,
)
_BIRTH = re.compile(
    r"\b(?:born|d\.?\s?o\.?\s?b\b\.?|date of birth|birth\s?date|date ?birth|birthday|b-?day|birth|ganed|ganwyd|"
    r"fy ngeni|dyddiad geni|"
    r"urodzon[ya]|urodzi[lł]\w*|data urodzenia|n[ée]e? le|nacid[oa]|n[aă]scut\w*)",
    re.IGNORECASE,
)
_BIRTH_SIGNS = (
    "born",
    "birth",
    "b-day",
    "bday",
    "dob",
    "o.b",
    "o b",
    "ob.",
    ". b",
    "gan",
    "geni",
    "urodz",
    "nacid",
    "scut",
    "née",
    "nee",
)
_STOP = re.compile(r"[.!?]\s+[A-Z]|\n")
_CHAIN = re.compile(r"[\s,/()]{0,3}(?:(?:and|or|not|but|,)\s(?:not\s)?(?:the\s|on\s)?)?$", re.IGNORECASE)
BEFORE, AFTER = 45, 24


def births(text: str) -> Iterator[Mark]:
    """Dates within a few words of "born", "date of birth" and the like, and the dates beside those."""
    low = text.lower()
    if not any(sign in low for sign in _BIRTH_SIGNS):
        return
    words = [(found.start(), found.end()) for found in _BIRTH.finditer(text)]
    last = -1
    for found in _DATE.finditer(text) if words else ():
        near = any(_reaches(text, end, found.start(), BEFORE) for _start, end in words)
        near = near or any(_reaches(text, found.end(), start, AFTER) for start, _end in words)
        if near or (0 <= last <= found.start() and _CHAIN.fullmatch(text[last : found.start()])):
            last = found.end()
            yield mark(found, Kind.BIRTH)


def _reaches(text: str, start: int, end: int, most: int) -> bool:
    """Whether one sentence leads from one place to another within some characters, past no other number."""
    if not 0 <= end - start <= most:
        return False
    between = text[start:end]
    return not _STOP.search(between) and not any(letter.isdigit() for letter in between)
