"""Who this browser is to the form: one signed cookie that holds no answer."""

import hashlib
from dataclasses import dataclass, replace
from typing import Any

from itsdangerous import BadData, URLSafeSerializer
from starlette.responses import Response

from insight import keys
from insight.intake import new_key
from insight.language import LANGUAGES

COOKIE = "throughline_tell"
PATH = "/tell"
TOKEN_SALT = 8  # characters


@dataclass(frozen=True, slots=True)
class Visit:
    """One browser's visit. ``draft`` is the key of the journey that is being told, ``reference`` that of a receipt.

    Nothing of it outlives the browser's session, and none of it can be changed without the place's secret.
    """

    id: str
    draft: str = ""
    language: str = ""
    kiosk: bool = False
    reference: str = ""

    def forgotten(self) -> "Visit":
        """A new visit on the same screen: a kiosk stays one, all else is gone."""
        return replace(new_visit(), kiosk=self.kiosk)

    def token(self) -> str:
        """A token for one page's forms. Each page has another, so that compression tells nothing about it."""
        salt = new_key()[:TOKEN_SALT]
        return salt + keys.tag("form token", self.id, salt)[:32]

    def owns(self, token: str) -> bool:
        """Whether a token was made for this visit."""
        salt = token[:TOKEN_SALT]
        return keys.same(token, salt + keys.tag("form token", self.id, salt)[:32])


def new_visit() -> Visit:
    """A visit of somebody who has not been here."""
    return Visit(new_key())


def read_visit(cookie: str | None) -> Visit | None:
    """The visit that a cookie tells of; None without one, and for one that is not ours."""
    if not cookie:
        return None
    try:
        told: dict[str, Any] = _signer().loads(cookie)
        visit = Visit(**told)
    except (BadData, TypeError):
        return None
    return visit if visit.language in LANGUAGES else replace(visit, language="")


def write_visit(response: Response, visit: Visit, secure: bool) -> None:
    """Put the visit's cookie on an answer, until the browser is closed."""
    told = {name: value for name in Visit.__slots__ if (value := getattr(visit, name))}
    response.set_cookie(COOKIE, _signer().dumps(told), path=PATH, httponly=True, samesite="lax", secure=secure)


def _signer() -> URLSafeSerializer:
    options = {"digest_method": hashlib.sha256, "key_derivation": "hmac"}
    return URLSafeSerializer(keys.secret_key(), salt="tell visit", signer_kwargs=options)
