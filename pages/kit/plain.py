"""What the plain HTML front ends share: turns, what was posted, leading on, templates, and the headers of answers."""

import hashlib
from base64 import b64encode
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVarTuple

import anyio.to_thread
from anyio.lowlevel import RunVar
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from insight.language import _, ngettext

Told = TypeVarTuple("Told")


class Turns:
    """A front end's own turns, of which each event loop has one set: Streamlit's files wait for none of them."""

    def __init__(self, name: str, at_once: int) -> None:
        self._at_once = at_once
        self._of_loop: RunVar[anyio.CapacityLimiter] = RunVar(f"{name} turns")

    async def answer(self, work: Callable[[*Told], Response], *told: *Told) -> Response:
        """Have an answer made in a thread, once there is a turn."""
        return await anyio.to_thread.run_sync(work, *told, limiter=self._limiter())

    def _limiter(self) -> anyio.CapacityLimiter:
        try:
            return self._of_loop.get()
        except LookupError:
            self._of_loop.set(made := anyio.CapacityLimiter(self._at_once))
            return made


async def posted(request: Request, largest: int) -> bytes | None:
    """What was posted, empty where nothing was; None when it is more than ``largest`` bytes."""
    if request.method != "POST":
        return b""
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > largest:
            return None
        parts.append(part)
    return b"".join(parts)


def go(path: str) -> Response:
    """Lead on to another page, so that reloading it sends nothing twice."""
    return RedirectResponse(path, 303)


def hash_of(text: str) -> str:
    """How a content security policy names a text that stands in the page (CSP level 3, 2.3.1)."""
    return f"'sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def headers_with(policy: str) -> dict[str, str]:
    """The headers of a front end's answers, with its content security policy."""
    return {
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-store",
    }


def templates(folder: Path, filters: Mapping[str, Callable[..., Any]], **everywhere: Any) -> Environment:
    """A folder's templates, each compiled once; ``everywhere`` is what all of them may use."""
    made = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        extensions=["jinja2.ext.i18n"],
    )
    made.install_gettext_callables(_, ngettext, newstyle=True)  # type: ignore[attr-defined]
    made.policies["ext.i18n.trimmed"] = True
    made.filters.update(filters)
    made.globals.update(everywhere)
    return made
