"""Passwords known from breaches, looked up in ordered files of SHA-1 hashes without holding any of them in memory.

One file comes with the product; a place may name another, such as the whole list that Have I Been Pwned publishes (tens
of gigabytes). Each line is a hash in hexadecimal, from its first 10 characters to all 40, the same length throughout,
and after a colon how often it was seen, which nothing here reads. A look costs some 40 short reads.
"""

import logging
import os
import re
from collections.abc import Iterator
from hashlib import sha1
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO

from insight.errors import NotReady
from insight.language import _
from insight.settings import ROOT, settings

SHIPPED = ROOT / "data" / "passwords" / "breached.txt"
LINE = re.compile(rb"([0-9A-Fa-f]{10,40})(:\d+)?\r?\n?")
LONGEST_LINE = 64  # bytes; a file of longer ones is no such list
SAMPLES = 256
log = logging.getLogger("throughline")


def is_breached(password: str) -> bool:
    """Whether a password is on a list. :class:`~insight.errors.NotReady` where a place's own cannot be read."""
    wanted = sha1(password.encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest().upper().encode()
    try:
        return any(_holds(path, wanted) for path in _lists())
    except (OSError, ValueError) as fault:
        log.error("the list of breached passwords cannot be read: %s", type(fault).__name__)
        raise NotReady(_("Passwords cannot be set just now. Try again later, or tell whoever runs this.")) from None


def look_at_list(*, whole: bool = False) -> int:
    """Look at a place's own list, in samples or line by line; how many lines were looked at (0: there is none).

    :class:`~insight.errors.NotReady` in words for whoever runs this, where it is missing or not what is asked for.
    """
    if not settings().breached_passwords:
        return 0
    path = Path(settings().breached_passwords)
    try:
        with path.open("rb") as file:
            return _in_order(_hash(line) for line in (file if whole else _samples(file)))
    except OSError as fault:
        raise _unusable(f"cannot be read ({fault.strerror})") from None
    except ValueError as fault:
        raise _unusable(str(fault)) from None


def _lists() -> Iterator[Path]:
    yield SHIPPED
    if settings().breached_passwords:
        yield Path(settings().breached_passwords)


def _holds(path: Path, wanted: bytes) -> bool:
    """Whether a line of an ordered file is the hash, by halving where it may begin."""
    with path.open("rb", buffering=2 * LONGEST_LINE) as file:
        low, high = 0, _size(file)
        while low < high:
            middle = (low + high) // 2
            begins = _next_line(file, middle)
            found = _hash(file.readline(LONGEST_LINE)) if begins < high else None
            if found is None or found > wanted:
                high = middle
            elif wanted.startswith(found):
                return True
            else:
                low = file.tell()
    return False


def _next_line(file: BinaryIO, at: int) -> int:
    """Go to the first line that begins at this byte or after; gives where that is."""
    file.seek(max(at - 1, 0))
    if at:
        file.readline(LONGEST_LINE)
    return file.tell()


def _samples(file: BinaryIO) -> Iterator[bytes]:
    """Lines from the first to near the last, each at least a line after the one before."""
    size, last = _size(file), -1
    for number in range(SAMPLES):
        begins = _next_line(file, size * number // SAMPLES)
        if last < begins < size:
            last = begins
            yield file.readline(LONGEST_LINE)


def _in_order(hashes: Iterator[bytes]) -> int:
    """How many hashes these are; ValueError where there is none, or one is shorter, longer or earlier than its last."""
    followed = 0
    for one, other in pairwise(hashes):
        if len(one) != len(other):
            raise ValueError("holds hashes of several lengths")
        if one >= other:
            raise ValueError("is not ordered by hash: take the list that is")
        followed += 1
    if not followed:
        raise ValueError("holds fewer than two hashes")
    return followed + 1


def _hash(line: bytes) -> bytes:
    told = LINE.fullmatch(line)
    if told is None:
        raise ValueError("has a line that is no SHA-1 hash, such as 21BD1...:17")
    return told[1].upper()


def _size(file: BinaryIO) -> int:
    return os.fstat(file.fileno()).st_size


def _unusable(why: str) -> NotReady:
    return NotReady(
        f"The list of breached passwords {why}: {settings().breached_passwords}\n"
        "Mend INSIGHT_BREACHED_PASSWORDS, or leave it out: see docs/accounts.md"
    )
