"""Cookies of signing in: how they are set and taken away again."""

from typing import Literal

from starlette.responses import Response

from pages.kit.session import guarded_name

# Lax, not strict: whoever comes back from the place's own provider, or by a link in an email, is still who they were.
LAX: Literal["lax"] = "lax"


def put(answer: Response, name: str, value: str, *, secure: bool, seconds: int | None = None) -> None:
    """Set a cookie that no script reads; by https under the name that no neighbouring host can set."""
    named = guarded_name(name) if secure else name
    answer.set_cookie(named, value, max_age=seconds, path="/", httponly=True, samesite=LAX, secure=secure)


def take_away(answer: Response, name: str, *, secure: bool) -> None:
    """Take a cookie away."""
    named = guarded_name(name) if secure else name
    answer.delete_cookie(named, path="/", httponly=True, samesite=LAX, secure=secure)
