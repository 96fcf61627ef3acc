"""A file as a stream of bytes, plain or .gz, that ends a bomb before it fills anything."""

import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from insight.errors import BadInput
from insight.language import _

GZIP = b"\x1f\x8b"
MOST_UNPACKED = 16 * 2**30  # bytes
MOST_SWELLING = 200  # times its packed size; logs swell ten to fiftyfold, bombs a thousandfold
ALWAYS_ALLOWED = 64 * 2**20  # bytes that even the best packed file may unpack to


class Unpacked(io.RawIOBase):
    """Reads what a file holds, unpacked, and knows how far into the file it is.

    Raises BadInput where a .gz is broken or unpacks to far more than any log does.
    """

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path
        self.file = path.open("rb")
        self.size = path.stat().st_size
        packed = self.file.read(2) == GZIP
        self.file.seek(0)
        self.held: io.BufferedIOBase = gzip.GzipFile(fileobj=self.file) if packed else self.file
        self.most = min(MOST_UNPACKED, max(ALWAYS_ALLOWED, self.size * MOST_SWELLING)) if packed else None
        self.given = 0
        self.after = b""  # bytes to give once, after the file's own

    def readable(self) -> bool:
        """Always."""
        return True

    def read(self, size: int = -1) -> bytes:
        """At most ``size`` bytes, none at the end."""
        try:
            found = self.held.read(size)
        except (EOFError, gzip.BadGzipFile, zlib.error):
            told = _("{file} is a broken .gz file: pack or download it anew.")
            raise BadInput(told.format(file=self.path.name)) from None
        if not found:
            found, self.after = self.after, b""
        self.given += len(found)
        if self.most is not None and self.given > self.most:
            told = _(
                "{file} unpacks to more than {number} MB, which is not like any log. "
                "If it is one, unpack it first and give the unpacked file."
            )
            raise BadInput(told.format(file=self.path.name, number=f"{self.most // 2**20:,}"))
        return found

    @property
    def passed(self) -> int:
        """Bytes of the file, as it lies on the disk, that were read so far."""
        return self.file.tell()

    def close(self) -> None:
        """Let go of the file."""
        self.held.close()
        self.file.close()
        super().close()


@contextmanager
def unpacked(path: Path) -> Iterator[Unpacked]:
    """A file opened for reading; raises BadInput where it cannot be."""
    try:
        stream = Unpacked(path)
    except FileNotFoundError as fault:
        told = _("There is no file {file}: check its name and folder.")
        raise BadInput(told.format(file=path)) from fault
    except OSError as fault:
        told = _("{file} cannot be read ({reason}): check its name and folder.")
        raise BadInput(told.format(file=path, reason=fault.strerror)) from fault
    try:
        yield stream
    finally:
        stream.close()
