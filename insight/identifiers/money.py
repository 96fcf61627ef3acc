"""Bank details: sort codes, account numbers, IBANs, payment cards."""

import re
from collections.abc import Iterator

from insight.identifiers.check_digits import IBAN_LENGTHS, is_card_number, is_iban
from insight.identifiers.lists import word_set
from insight.identifiers.model import Kind, Mark
from insight.identifiers.plain import digits_of, mark

_IBAN_START = re.compile(r"(?<![A-Za-z0-9])(?=([A-Za-z]{2})\d\d[ \-]?[A-Za-z0-9]{2})")
_LONG = re.compile(r"(?<![\d£$€])\d(?:[ \-.]?\d){12,22}")
_CARD_CUE = re.compile(r"\b(?:card|visa|mastercard|amex)\b[^\d]{0,25}$", re.IGNORECASE)
_SORT = re.compile(
    r"\b(?:sort(?:ing)?(?:[ \-]?code)?|s/c)(?:\s(?:no|number))?[\s:.=#\-]{0,4}(?:is\s|was\s)?"
    r"(\d\d[ \-.]?\d\d[ \-.]?\d\d)(?!\d)",
    re.IGNORECASE,
)
_PAIR = re.compile(r"(?<![\d/£])\d\d([ \-])\d\d\1\d\d[ ,/]{1,3}\d{4} ?\d{4}(?!\d)")
_ACCOUNT = re.compile(
    r"(?:\b([a-z]{2,20})\s{1,2})?\b(?:account|acct?|a/c)\b(?:\s?(?:no|number|num|nr))?[\s.:#=\-]{0,4}(?:is\s|was\s)?"
    r"(\d{4} ?\d{4})(?!\d)",
    re.IGNORECASE,
)
OTHER_ACCOUNTS = word_set(
    """
    rent tax water energy gas electric electricity customer council user student library
    """
)


def _ibans(text: str) -> Iterator[Mark]:
    for start in _IBAN_START.finditer(text):
        length = IBAN_LENGTHS.get(start[1].upper(), 0)
        compact, end = "", start.start()
        while length and end < len(text) and len(compact) < length and (text[end].isalnum() or text[end] in " -"):
            compact += text[end] if text[end].isalnum() else ""
            end += 1
        if length and is_iban(compact):
            yield Mark(start.start(), end, Kind.BANK)


def _cards(text: str) -> Iterator[Mark]:
    """Cards by their check digit; sixteen digits that somebody calls a card need none."""
    for found in _LONG.finditer(text):
        ends = [place for place in range(found.start() + 1, found.end() + 1) if text[place - 1].isdigit()]
        called = _CARD_CUE.search(text[max(0, found.start() - 40) : found.start()])
        for length in (16, 15, 19, 18, 17, 14, 13):
            if length > len(ends) or text[ends[length - 1] : ends[length - 1] + 1].isdigit():
                continue
            if is_card_number(digits_of(text[found.start() : ends[length - 1]])) or (called and length == 16):
                yield Mark(found.start(), ends[length - 1], Kind.BANK)
                break


def bank_details(text: str) -> Iterator[Mark]:
    """Sort codes and account numbers where they are called so or stand side by side; IBANs and cards anywhere."""
    yield from _ibans(text)
    yield from _cards(text)
    yield from (mark(found, Kind.BANK, 1) for found in _SORT.finditer(text))
    yield from (mark(found, Kind.BANK) for found in _PAIR.finditer(text))
    for found in _ACCOUNT.finditer(text):
        if (found[1] or "").lower() not in OTHER_ACCOUNTS:
            yield mark(found, Kind.BANK, 2)
