"""A file under lock and key, written and read in one go: chunks under AES-GCM, by the STREAM construction.

Hoang, Reyhanitabar, Rogaway and Vizár (2015), "Online Authenticated-Encryption and its Nonce-Reuse Misuse-Resistance".
A chunk's nonce is a prefix, its number, and whether it is the last: a chunk that was changed, moved, left out or cut
off does not open. The key is made from the place's backup key and the file's own salt by scrypt (RFC 7914).
"""

import hashlib
import os
from functools import lru_cache
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from insight.errors import BadInput

MARK = b"THROUGHLINE1"
SALT, PREFIX, CHECK, TAG = 16, 7, 16, 16  # bytes
HEADER = len(MARK) + SALT + PREFIX + CHECK
CHUNK = 64 * 1024
WRONG_KEY = (
    "This archive does not open with this backup key. Set INSIGHT_BACKUP_KEY, or INSIGHT_BACKUP_KEY_FILE, to the key "
    "that it was made with. Nothing was changed."
)
BROKEN = "This archive is damaged or was cut short. Use another one. Nothing was changed."
NOT_ONE = "This file is not an archive of this product. Nothing was changed."


class Locking:
    """Writes a locked file: what is written goes in chunks to ``file``; :meth:`close` writes the last one."""

    def __init__(self, file: BinaryIO, secret: bytes) -> None:
        salt, prefix = os.urandom(SALT), os.urandom(PREFIX)
        key, check = _derived(secret, salt)
        self._header = MARK + salt + prefix + check
        self._file, self._key, self._prefix = file, AESGCM(key), prefix
        self._number, self._waiting = 0, bytearray()
        file.write(self._header)

    def write(self, data: bytes) -> int:
        """Take some bytes."""
        self._waiting += data
        while len(self._waiting) > CHUNK:  # what fills the last chunk waits: it must know that it is the last
            self._put(bytes(self._waiting[:CHUNK]), last=False)
            del self._waiting[:CHUNK]
        return len(data)

    def flush(self) -> None:
        """Nothing to do: chunks are written when they are full."""

    def close(self) -> None:
        """Write the last chunk."""
        self._put(bytes(self._waiting), last=True)

    def _put(self, chunk: bytes, last: bool) -> None:
        self._file.write(self._key.encrypt(_nonce(self._prefix, self._number, last), chunk, self._header))
        self._number += 1


class Unlocking:
    """Reads what :class:`Locking` wrote; nothing is given out that was not checked.

    Raises :class:`~insight.errors.BadInput` for another key, and for a file that was changed or cut short.
    """

    def __init__(self, file: BinaryIO, secret: bytes) -> None:
        self._header = file.read(HEADER)
        if not self._header.startswith(MARK):
            raise BadInput(NOT_ONE)
        if len(self._header) < HEADER:
            raise BadInput(BROKEN)
        salt = self._header[len(MARK) : len(MARK) + SALT]
        key, check = _derived(secret, salt)
        if check != self._header[-CHECK:]:
            raise BadInput(WRONG_KEY)
        self._file, self._key = file, AESGCM(key)
        self._prefix = self._header[len(MARK) + SALT : -CHECK]
        self._number, self._open = 0, b""
        self._next = file.read(CHUNK + TAG)

    def read(self, size: int = -1) -> bytes:
        """Up to so many bytes, all that is left for -1; empty at the end, which was seen to be the true one."""
        while self._next and (size < 0 or len(self._open) < size):
            self._open += self._opened()
        given = self._open if size < 0 else self._open[:size]
        self._open = self._open[len(given) :]
        return given

    def _opened(self) -> bytes:
        sealed, self._next = self._next, self._file.read(CHUNK + TAG)
        try:
            chunk = self._key.decrypt(_nonce(self._prefix, self._number, not self._next), sealed, self._header)
        except InvalidTag:
            raise BadInput(BROKEN) from None
        self._number += 1
        return chunk


@lru_cache(maxsize=1)  # restoring reads an archive twice
def _derived(secret: bytes, salt: bytes) -> tuple[bytes, bytes]:
    """The key of one file, and a mark by which a wrong backup key is known at once."""
    made = Scrypt(salt=salt, length=64, n=2**15, r=8, p=1).derive(secret)
    return made[:32], hashlib.sha256(made[32:]).digest()[:CHECK]


def _nonce(prefix: bytes, number: int, last: bool) -> bytes:
    return prefix + number.to_bytes(4, "big") + bytes([last])
