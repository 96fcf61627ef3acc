"""The chain: each entry's digest is made with the place's secret key from the entry and the digest before it.

A keyed digest (HMAC-SHA-256, RFC 2104), not a plain one: whoever can write to the database
could make plain digests anew.
"""

from dataclasses import replace
from datetime import UTC, datetime

from insight.audit.model import Entry, Head
from insight.audit.tables import ABOUT, NAME
from insight.keys import tag


def sealed_entry(after: Head, at: datetime, name: str, role: str, what: str, place_id: int | None, about: str) -> Entry:
    """The entry that follows the head, with its digest."""
    blank = Entry(after.number + 1, at, _fit(name, NAME), role, what, place_id, _fit(about, ABOUT), after.digest, "")
    return replace(blank, digest=digest_of(blank))


def digest_of(entry: Entry) -> str:
    """The digest that an entry must have: 64 hexadecimal digits. Every field stands in it, with its length."""
    place = "" if entry.place_id is None else entry.place_id
    at = entry.at.astimezone(UTC).isoformat(timespec="microseconds")
    told = (entry.number, at, entry.name, entry.role, entry.what, place, entry.about, entry.previous)
    return tag("audit", *(str(part) for part in told))


def _fit(words: str, most: int) -> str:
    """Words as both databases keep them: no longer than the column, and nothing that cannot be printed."""
    return "".join(letter if letter.isprintable() else "?" for letter in words)[:most]
