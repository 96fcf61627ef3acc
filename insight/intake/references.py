"""References and keys: what a teller is given to come back with."""

import hashlib
import secrets

ALPHABET = "346789BCDFGHJKMPQRTVWXY"  # no vowels, so no words; nothing that is mistaken when read aloud; 23 is prime
LENGTH = 9


def new_reference() -> str:
    """A reference such as ``BCD-F34-GHJK``: nine random characters (1.8e12 of them) and a check character."""
    return written("".join(secrets.choice(ALPHABET) for _ in range(LENGTH)))


def written(characters: str) -> str:
    """Nine characters with their check character, in groups."""
    whole = characters + _check(characters)
    return f"{whole[:3]}-{whole[3:6]}-{whole[6:]}"


def tidy_reference(typed: str) -> str | None:
    """A reference as stored, from however it was typed; None when it cannot be one.

    The check character is a sum weighted by position modulo a prime (as ISBN-10's): it catches every single wrong
    character and every swap of neighbours.
    """
    characters = "".join(c for c in typed.upper() if c in ALPHABET)
    letters = "".join(c for c in typed.upper() if c.isalnum())
    if len(characters) != LENGTH + 1 or letters != characters:
        return None
    return written(characters[:LENGTH]) if _check(characters[:LENGTH]) == characters[LENGTH] else None


def _check(characters: str) -> str:
    return ALPHABET[sum((i + 2) * ALPHABET.index(c) for i, c in enumerate(characters)) % len(ALPHABET)]


def new_key() -> str:
    """An unguessable key for a draft: 128 bits."""
    return secrets.token_urlsafe(16)


def digest(*parts: str) -> str:
    """A SHA-256 over parts that cannot run into one another."""
    made = hashlib.sha256()
    for part in parts:
        encoded = part.encode("utf-8", "surrogatepass")
        made.update(len(encoded).to_bytes(8, "big") + encoded)
    return made.hexdigest()
