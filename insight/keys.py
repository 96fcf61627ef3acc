"""The place's own secret, and what is made with it: signatures, tags that stand for a value, sealed keys, words."""

import hashlib
import hmac
import secrets
from functools import lru_cache
from pathlib import Path

from insight.errors import NotReady
from insight.secret_files import make_once
from insight.settings import ROOT, settings

WORDS_FILE = ROOT / "data" / "words" / "resume.txt"
WORDS = 4


@lru_cache
def secret_key() -> bytes:
    """The secret that every process of a place shares: from the setting, else from a file made at first use."""
    told = settings().secret_key.get_secret_value()
    if told:
        return hashlib.sha256(told.encode()).digest()
    path = Path(settings().secret_key_file)
    try:
        make_once(path, secrets.token_hex(32) + "\n")
        kept = path.read_text("ascii").strip()
    except OSError as fault:
        raise NotReady(
            f"The secret key file cannot be used ({type(fault).__name__}). Set INSIGHT_SECRET_KEY, or point "
            "INSIGHT_SECRET_KEY_FILE to a file that this program may write."
        ) from None
    return hashlib.sha256(kept.encode()).digest()


def tag(purpose: str, *parts: str) -> str:
    """A keyed digest that stands for a value: the same value gives the same tag, and no tag gives its value."""
    made = hmac.new(secret_key(), purpose.encode(), hashlib.sha256)
    made.update(_joined(parts))
    return made.hexdigest()


def number_for(purpose: str, *parts: str) -> int:
    """As :func:`tag`, as a number of 63 bits and never 0; quick enough for a hundred thousand texts."""
    made = hashlib.blake2b(_joined(parts), key=secret_key()[:32], person=purpose.encode()[:16], digest_size=8)
    return int.from_bytes(made.digest(), "big") >> 1 or 1


def _joined(parts: tuple[str, ...]) -> bytes:
    """Texts one after another, each with its length, so that no two lists of texts look the same."""
    told = (part.encode("utf-8", "surrogatepass") for part in parts)
    return b"".join(len(encoded).to_bytes(8, "big") + encoded for encoded in told)


def same(one: str, other: str) -> bool:
    """Whether two texts are equal, in a time that does not tell where they differ."""
    return hmac.compare_digest(one.encode("utf-8", "surrogatepass"), other.encode("utf-8", "surrogatepass"))


def words_for(key: str) -> str:
    """The four words that open what a key opens, such as ``maple-river-candle-north``: 40 bits, always the same."""
    listed = word_list()
    number = int(tag("words", key), 16)
    chosen = []
    for _turn in range(WORDS):
        number, index = divmod(number, len(listed))
        chosen.append(listed[index])
    return "-".join(chosen)


def tidy_words(typed: str) -> str | None:
    """Four words however they were typed (capitals, spaces, commas, hyphens); None when they cannot be ours."""
    words = "".join(c if c.isalpha() else " " for c in typed[:200].lower()).split()
    known = set(word_list())
    return "-".join(words) if len(words) == WORDS and set(words) <= known else None


def seal(key: str, words: str) -> str:
    """A key under a lock that only its words (and the place's secret) open: one pad, used once, as hexadecimal."""
    body = key.encode()
    return bytes(a ^ b for a, b in zip(body, _pad(words, len(body)), strict=True)).hex()


def unseal(sealed: str, words: str) -> str:
    """The key that :func:`seal` locked."""
    body = bytes.fromhex(sealed)
    return bytes(a ^ b for a, b in zip(body, _pad(words, len(body)), strict=True)).decode("utf-8", "replace")


def _pad(words: str, length: int) -> bytes:
    if length > hashlib.sha256().digest_size:
        raise ValueError("a key to seal has at most 32 bytes")
    return bytes.fromhex(tag("seal", words))[:length]


@lru_cache
def word_list() -> tuple[str, ...]:
    """The words that resume words are made of: short, plain, and not mistaken for one another when read aloud."""
    return tuple(WORDS_FILE.read_text("utf-8").split())
