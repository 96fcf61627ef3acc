"""An archive: a snapshot's records as lines of JSON, compressed, then locked. It appears whole or not at all."""

import gzip
import json
import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, cast

from insight.errors import BadInput
from insight.operations.checksums import Checksum, Column, Kind, TableSum, as_line
from insight.operations.locked import BROKEN, Locking, Unlocking
from insight.operations.snapshot import Record

FAST = 4  # of gzip's levels: locked words hardly shrink further, however long one tries


def write(records: Iterable[Record], target: Path, secret: bytes) -> list[TableSum]:
    """Write an archive and give the sum of each table. Raises :class:`~insight.errors.BadInput` where none can be."""
    if target.exists():
        raise BadInput(f"There is a file at {target} already. Choose another name: archives are never written over.")
    try:
        with _whole(target) as file:
            locking = Locking(file, secret)
            with gzip.GzipFile("", "wb", FAST, cast("BinaryIO", locking), mtime=0) as packed:
                found = []
                for record in records:
                    packed.write(as_line(record))
                    if isinstance(record, dict) and "end" in record:
                        found.append(sum_in(record))
            locking.close()
    except OSError as fault:
        raise BadInput(f"The archive cannot be written to {target} ({fault.strerror}). No archive was made.") from None
    return found


def read(source: Path, secret: bytes) -> Iterator[Record]:
    """The records of an archive, each checked; the last one comes only when the archive was found to be whole."""
    try:
        with source.open("rb") as file:
            unlocking = Unlocking(file, secret)
            with gzip.GzipFile(fileobj=cast("BinaryIO", unlocking), mode="rb") as packed:
                yield from checked(json.loads(line) for line in packed)
    except OSError as fault:
        raise BadInput(f"The archive {source} cannot be read ({fault.strerror}).") from None


def opening_of(records: Iterator[Record]) -> dict[str, object]:
    """The first record: what was kept, when, and the keys that open its words."""
    first = next(records)
    if not isinstance(first, dict) or "opening" not in first:
        raise BadInput(BROKEN)
    return cast("dict[str, object]", first["opening"])


def checked(records: Iterable[Record]) -> Iterator[Record]:
    """Pass records on; ``BadInput`` where a table is not what its end says, or where the end is missing."""
    checksum, ended, closed = Checksum(()), 0, False
    for record in records:
        if isinstance(record, list):
            checksum.add(record)
        elif "table" in record:
            checksum = Checksum(columns_in(record))
        elif "end" in record:
            if checksum.of(record["end"]) != sum_in(record):
                raise BadInput(BROKEN)
            ended += 1
        elif "closing" in record:
            closed = record["closing"] == ended
        yield record
    if not closed:
        raise BadInput(BROKEN)


def columns_in(head: dict[str, object]) -> list[Column]:
    """The columns that the head of a table names."""
    told = cast("list[tuple[str, str, bool]]", head["columns"])
    return [Column(name, Kind(kind), key) for name, kind, key in told]


def sum_in(end: dict[str, Any]) -> TableSum:
    """The sum that the end of a table tells."""
    return TableSum(end["end"], end["rows"], end["digest"])


@contextmanager
def _whole(target: Path) -> Iterator[BinaryIO]:
    """A file that gets its name once all of it is on the disk."""
    draft = target.with_name(f".{target.name}.{os.getpid()}.{secrets.token_hex(4)}")
    try:
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:  # noqa: PTH123
            yield file
            file.flush()
            os.fsync(file.fileno())
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
