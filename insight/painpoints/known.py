"""The pains that people who use public services tell of everywhere: names and examples, as data."""

import hashlib
import tomllib
from dataclasses import dataclass
from functools import lru_cache

from insight.settings import ROOT

FILE = ROOT / "data" / "pains" / "common.toml"


@dataclass(frozen=True, slots=True)
class KnownPain:
    """A pain with the name people give it, and what people say who tell of it."""

    code: str
    name: str
    say: tuple[str, ...]


@lru_cache(maxsize=1)
def known_pains() -> tuple[KnownPain, ...]:
    """The list in ``data/pains/common.toml``."""
    rows = tomllib.loads(FILE.read_text("utf-8"))["pain"]
    return tuple(KnownPain(row["code"], row["name"], tuple(row["say"])) for row in rows)


def digest_of_known_pains() -> str:
    """Which list a run used: the SHA-256 of the file, shortened."""
    return hashlib.sha256(FILE.read_bytes().replace(b"\r\n", b"\n")).hexdigest()[:16]
