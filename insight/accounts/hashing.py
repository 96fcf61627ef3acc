"""Passwords hashed with Argon2id, a few at a time, and in the same time whether there is a hash to compare or not.

RFC 9106 and the OWASP Password Storage Cheat Sheet ask for at least 19 MiB and two passes; ours are 32 MiB and three.
"""

import secrets
from functools import lru_cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from insight.accounts.passwords import as_hashed

MEMORY_KIB, PASSES, LANES = 32 * 1024, 3, 1
AT_ONCE = 4  # so that a flood of sign-ins takes no more than 128 MiB
_turns = BoundedSemaphore(AT_ONCE)


@lru_cache
def _hasher() -> PasswordHasher:
    return PasswordHasher(PASSES, MEMORY_KIB, LANES, hash_len=32, salt_len=16, type=Type.ID)


def hashed(password: str) -> str:
    """The hash to keep of a password that was found fit."""
    with _turns:
        return _hasher().hash(_bytes(password))


def is_right(kept: str | None, typed: str) -> bool:
    """Whether a password is the one whose hash was kept; without a hash it is not, after the same time."""
    stand_in = _nobodys()
    with _turns:
        try:
            _hasher().verify(kept or stand_in, _bytes(as_hashed(typed)))
        except (VerificationError, InvalidHashError):
            return False
    return kept is not None


def _bytes(password: str) -> bytes:
    """Any text at all as bytes, also what is no text in UTF-8."""
    return password.encode("utf-8", "surrogatepass")


def is_dated(kept: str) -> bool:
    """Whether a hash was made with other parameters than these: it is made anew at the next sign-in."""
    return _hasher().check_needs_rehash(kept)


@lru_cache
def _nobodys() -> str:
    return hashed(secrets.token_urlsafe(32))
