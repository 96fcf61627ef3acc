"""Values as both databases mean them: what kind each column holds, how it is written down, and a table's checksum."""

import base64
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import types
from sqlalchemy.types import TypeEngine


class Kind(StrEnum):
    """What a column holds, whichever database keeps it."""

    FLAG = "flag"
    INTEGER = "integer"
    FLOAT = "float"
    TEXT = "text"
    BYTES = "bytes"
    JSON = "json"
    DATE = "date"
    MOMENT = "moment"


# In this order: some of SQLAlchemy's types are kinds of others. A moment is always one of UTC.
KINDS: tuple[tuple[type[TypeEngine[Any]], Kind], ...] = (
    (types.Boolean, Kind.FLAG),
    (types.Integer, Kind.INTEGER),
    (types.Float, Kind.FLOAT),
    (types.JSON, Kind.JSON),
    (types.LargeBinary, Kind.BYTES),
    (types.String, Kind.TEXT),
    (types.DateTime, Kind.MOMENT),
    (types.Date, Kind.DATE),
)


_encode = json.JSONEncoder(separators=(",", ":")).encode  # made once: making one takes as long as writing a row


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table; ``key`` says that it is part of the primary key."""

    name: str
    kind: Kind
    key: bool


@dataclass(frozen=True, slots=True)
class TableSum:
    """How many rows a table has, and the SHA-256 over all of them."""

    table: str
    rows: int
    digest: str


def as_line(told: Any) -> bytes:
    """Plain values as one line of JSON in ASCII."""
    return _encode(told).encode("ascii") + b"\n"


def kind_of(stored: TypeEngine[Any]) -> Kind:
    """The kind of a column's type. Raises ``TypeError`` for a type that no table of the product uses."""
    for known, kind in KINDS:
        if isinstance(stored, known):
            return kind
    raise TypeError(f"no kind is known for columns of type {stored!r}")


def plain(value: Any, kind: Kind) -> Any:
    """A value as JSON can say it: bytes in base64, days and moments by ISO 8601, JSON as the text that is stored."""
    if value is None:
        return None
    if kind is Kind.BYTES:
        return base64.b64encode(value).decode()
    if kind is Kind.DATE:
        return value.isoformat()
    if kind is Kind.MOMENT:
        moment = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
        return moment.isoformat(timespec="microseconds")
    return value


def stored(told: Any, kind: Kind) -> Any:
    """The value that :func:`plain` wrote down, as a database takes it."""
    if told is None:
        return None
    if kind is Kind.BYTES:
        return base64.b64decode(told)
    if kind is Kind.DATE:
        return date.fromisoformat(told)
    if kind is Kind.MOMENT:
        return datetime.fromisoformat(told)
    return told


@dataclass
class Checksum:
    """The checksum of one table's rows, fed one row of plain values after another, in the order of the primary key.

    Each row counts as one line of JSON, in which JSON columns stand with their names sorted: neither database's own
    way of writing changes the sum.
    """

    columns: Sequence[Column]
    rows: int = 0
    _digest: Any = field(default_factory=hashlib.sha256)

    def add(self, row: Sequence[Any]) -> None:
        """Count one row."""
        told = [
            _sorted(value) if column.kind is Kind.JSON else value
            for column, value in zip(self.columns, row, strict=True)
        ]
        self._digest.update(as_line(told))
        self.rows += 1

    def of(self, table: str) -> TableSum:
        """The sum so far, as that of a table."""
        return TableSum(table, self.rows, self._digest.hexdigest())


def _sorted(text: str | None) -> str | None:
    return None if text is None else json.dumps(json.loads(text), sort_keys=True, separators=(",", ":"))
