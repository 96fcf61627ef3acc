"""Words under lock and key: AES-GCM with a ring of keys, of which the first locks and every one opens.

A sealed value reads ``tl1.KEY.BASE64``: the key's number, then nonce, words and tag (NIST SP 800-38D; 96 random bits of
nonce). It is bound to its purpose, so that a value moved to another column does not open.
"""

import base64
import binascii
import json
import os
import secrets
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from insight import secret_files
from insight.errors import BadInput, NotReady
from insight.settings import settings

MARK = "tl1"
NONCE = 12
KEY_BYTES = 32


@dataclass(frozen=True)
class Ring:
    """Keys by number; ``current`` is the one that locks."""

    current: int
    keys: dict[int, AESGCM]


def ring() -> Ring:
    """The keys as they are now: from the setting, else from a file that is made at first use.

    The file is read again when it changes: a process that went on locking with a key that was rotated out would write
    words that nobody can open once that key is dropped.
    """
    told = settings().text_keys.get_secret_value()
    if told:
        return _read(told.replace(",", "\n"))
    path = settings().text_keys_file
    try:
        changed = os.stat(path)  # noqa: PTH116  (asked for each value, and a Path costs three times as much)
    except FileNotFoundError:
        changed = _file().stat()
    return _read_file(path, changed.st_ino, changed.st_mtime_ns)


@lru_cache(maxsize=1)
def _read_file(path: str, _inode: int, _changed: int) -> Ring:
    return _read("\n".join(_lines(Path(path))))


def seal(words: str, purpose: str) -> str:
    """Words, locked for one purpose."""
    held = ring()
    nonce = os.urandom(NONCE)
    body = nonce + held.keys[held.current].encrypt(nonce, words.encode("utf-8", "surrogatepass"), purpose.encode())
    return f"{MARK}.{held.current}.{base64.b64encode(body).decode()}"


def unseal(sealed: str, purpose: str) -> str:
    """The words that :func:`seal` locked. Raises :class:`~insight.errors.NotReady` where no key of ours opens them."""
    try:
        mark, number, body = sealed.split(".", 2)
        if mark != MARK:
            raise ValueError
        raw = base64.b64decode(body, validate=True)
        words = _key(int(number)).decrypt(raw[:NONCE], raw[NONCE:], purpose.encode())
    except (ValueError, binascii.Error, InvalidTag):
        raise NotReady(
            "What is stored cannot be opened with this key. Set INSIGHT_TEXT_KEYS, or INSIGHT_TEXT_KEYS_FILE, to the "
            "keys that this database was written with."
        ) from None
    return words.decode("utf-8", "surrogatepass")


def _key(number: int) -> AESGCM:
    key = ring().keys.get(number)
    if key is None:
        raise ValueError
    return key


def is_sealed(value: str) -> bool:
    """Whether a stored value looks sealed."""
    return value.startswith(f"{MARK}.")


def is_current(value: str) -> bool:
    """Whether a sealed value is locked with the key that locks now."""
    return value.startswith(f"{MARK}.{ring().current}.")


def seal_json(told: Any, purpose: str) -> str:
    """A JSON value, locked."""
    return seal(json.dumps(told, ensure_ascii=False, separators=(",", ":")), purpose)


def unseal_json(sealed: str, purpose: str) -> Any:
    """The JSON value that :func:`seal_json` locked."""
    return json.loads(unseal(sealed, purpose))


def add_key() -> int:
    """Put a new key first in the file, so that it locks from now on; gives its number. Old keys go on opening."""
    if settings().text_keys.get_secret_value():
        raise BadInput(
            f"The keys come from INSIGHT_TEXT_KEYS. Put this new one first there, then restart every process: "
            f"{max(ring().keys) + 1}:{_new_key()}"
        )
    path, number = _file(), max(ring().keys) + 1
    _write(path, [f"{number}:{_new_key()}", *_lines(path)])
    return number


def drop_keys(numbers: set[int]) -> None:
    """Forget keys that open nothing any more. The current key stays."""
    path = _file()
    _write(path, [line for line in _lines(path) if int(line.split(":", 1)[0]) not in numbers - {ring().current}])


def _file() -> Path:
    path = Path(settings().text_keys_file)
    try:
        secret_files.make_once(path, f"1:{_new_key()}\n")
    except OSError as fault:
        raise NotReady(
            f"The file of keys cannot be used ({type(fault).__name__}). Set INSIGHT_TEXT_KEYS, or point "
            "INSIGHT_TEXT_KEYS_FILE to a file that this program may write."
        ) from None
    return path


def _write(path: Path, lines: list[str]) -> None:
    secret_files.replace(path, "\n".join(lines) + "\n")


def _lines(path: Path) -> list[str]:
    return path.read_text("ascii").split()


def _new_key() -> str:
    return base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()


@lru_cache(maxsize=1)
def _read(lines: str) -> Ring:
    """The ring from lines ``NUMBER:BASE64``, the current key first."""
    keys: dict[int, AESGCM] = {}
    try:
        for line in lines.split():
            number, body = line.split(":", 1)
            raw = base64.b64decode(body, validate=True)
            if len(raw) != KEY_BYTES or int(number) in keys:
                raise ValueError
            keys[int(number)] = AESGCM(raw)
        return Ring(next(iter(keys)), keys)
    except (ValueError, binascii.Error, StopIteration):
        raise NotReady(
            "The keys for stored words cannot be read. Each must read NUMBER:KEY, where KEY is 32 bytes in base64, the "
            "current one first. Nothing was changed."
        ) from None
