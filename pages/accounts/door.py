"""Somebody at the door: what a browser remembers on its way in, in one signed cookie that is gone once it is inside."""

import hashlib
from dataclasses import dataclass, replace
from typing import Any

from itsdangerous import BadData, URLSafeTimedSerializer

from insight import keys
from insight.intake import new_key
from insight.language import STAFF_LANGUAGES

COOKIE = "throughline_door"
SECONDS = 3600
TOKEN_SALT = 8  # characters


@dataclass(frozen=True, slots=True)
class Door:
    """One browser's way in.

    ``target`` is where it wanted to go, ``started`` when it left for the place's own provider (seconds since 1970),
    ``ticket`` what it was given for a right password, ``enrol`` says what for, ``invitation`` is a link's token.
    """

    id: str
    target: str = "/"
    language: str = ""
    started: int = 0
    ticket: str = ""
    enrol: bool = False
    invitation: str = ""

    def inside(self) -> "Door":
        """The same browser once it is in, or has turned back: nothing of its way is left."""
        return replace(new_door(), language=self.language)


def new_door() -> Door:
    """The door of a browser that has not been here."""
    return Door(new_key())


def read_door(cookie: str | None) -> Door | None:
    """The door that a cookie tells of; None without one, for one that is not ours, and for one older than an hour."""
    if not cookie:
        return None
    try:
        told: dict[str, Any] = _signer().loads(cookie, max_age=SECONDS)
        door = Door(**told)
    except (BadData, TypeError):
        return None
    return door if door.language in STAFF_LANGUAGES else replace(door, language="")


def write_door(door: Door) -> str:
    """The cookie of a door."""
    blank = Door("")
    told = {name: value for name in Door.__slots__ if (value := getattr(door, name)) != getattr(blank, name)}
    return str(_signer().dumps(told))


def form_token(secret: str) -> str:
    """A token for one page's forms, made for whoever holds a secret. Each page has another, against compression."""
    salt = new_key()[:TOKEN_SALT]
    return salt + keys.tag("account form", secret, salt)[:32]


def owns(secret: str, token: str) -> bool:
    """Whether a form's token was made for whoever holds this secret."""
    salt = token[:TOKEN_SALT]
    return keys.same(token, salt + keys.tag("account form", secret, salt)[:32])


def _signer() -> URLSafeTimedSerializer:
    options = {"digest_method": hashlib.sha256, "key_derivation": "hmac"}
    return URLSafeTimedSerializer(keys.secret_key(), salt="sign-in door", signer_kwargs=options)
