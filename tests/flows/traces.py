"""Looking for planted words in every byte of files and databases, in any case and encoding, and in what is packed."""

import base64
import bz2
import gzip
import io
import re
import sqlite3
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote, quote_plus

from sqlalchemy import Engine, NullPool, create_engine, inspect, text

STEM, DIGITS = "Quorble", "07700 9008"  # each planted word and phone number begins so, and nothing else does


def forms(word: str) -> set[bytes]:
    """How a word may stand in a file: in each case and encoding, in an address, and within base64 and hex."""
    found: set[bytes] = set()
    for cased in {word, word.lower(), word.upper()}:
        for plain in {cased, quote(cased), quote_plus(cased)}:
            found |= {plain.encode(encoding) for encoding in ("utf-8", "utf-16-le", "utf-16-be", "utf-32-le")}
        body = cased.encode()
        found |= {body.hex().encode(), body.hex().upper().encode()}
        for before in range(3):  # where in a group of three bytes the word begins
            coded = base64.b64encode(b"\0" * before + body)
            inner = coded[(0, 2, 3)[before] : (before + len(body)) * 8 // 6]
            found |= {inner, inner.replace(b"+", b"-").replace(b"/", b"_")}
    return found


ZEROS = re.compile(rb"\0{16,}")  # room that a database keeps; a word has three in a row at most, in UTF-32
NEEDLES = sorted({form for word in (STEM, DIGITS, DIGITS.replace(" ", "")) for form in forms(word)})


def planted_in(body: bytes) -> str:
    """What of the planted words stands in some bytes, with what follows it; "" for nothing."""
    return next((repr(body[(at := body.find(form)) : at + 40]) for form in NEEDLES if form in body), "")


def unpacked(body: bytes, depth: int = 3) -> Iterator[bytes]:
    """Some bytes, and what is packed in them."""
    yield body
    if not depth:
        return
    inner: list[bytes] = []
    try:
        if body.startswith(b"PK\x03\x04"):
            with zipfile.ZipFile(io.BytesIO(body)) as archive:
                inner = [archive.read(name) for name in archive.namelist()]
        elif body.startswith(b"\x1f\x8b"):
            inner = [gzip.decompress(body)]
        elif body.startswith(b"BZh"):
            inner = [bz2.decompress(body)]
        elif body[:1] == b"\x78":
            inner = [zlib.decompressobj().decompress(body)]
    except (OSError, EOFError, zlib.error, zipfile.BadZipFile):
        pass  # it only began like one
    for one in inner:
        yield from unpacked(one, depth - 1)


def bytes_in(path: Path) -> Iterator[bytes]:
    """A file's bytes, what is packed in it, and each value of a SQLite database by itself."""
    body = path.read_bytes()
    yield from unpacked(ZEROS.sub(bytes(4), body))
    if body.startswith(b"SQLite format 3\0"):
        address = f"file:{path}?mode=ro"
        yield from values_in(
            create_engine("sqlite://", creator=lambda: sqlite3.connect(address, uri=True), poolclass=NullPool)
        )


def values_in(database: Engine) -> Iterator[bytes]:
    """Each value of a database by itself, since in its files one may lie over several pages, or be packed."""
    with database.connect() as connection:
        for table in inspect(connection).get_table_names():
            for row in connection.execute(text(f'SELECT * FROM "{table}"')):
                for value in row:
                    yield from unpacked(value if isinstance(value, bytes) else str(value).encode())


def traces(*folders: Path, since: float = 0.0) -> list[str]:
    """Where anything that was planted stands, in any file that was written since a moment."""
    found: list[str] = []
    for path in (path for folder in folders for path in folder.rglob("*") if path.is_file()):
        with suppress(FileNotFoundError):  # a server may delete one of its files meanwhile
            if path.stat().st_mtime >= since:
                found += [f"{path}: {hit}" for body in bytes_in(path) if (hit := planted_in(body))]
    return found
