"""How often one address may ask: generous, since a whole library may stand behind one, and counted without writing.

Guesses at references and words are counted where they are made, and far more strictly.
"""

import asyncio
import logging
from collections.abc import Callable, Iterator

from starlette.types import ASGIApp, Receive, Scope, Send

from insight import limits
from insight.language import _, speaking
from insight.settings import settings
from pages.doors.proxies import client_address
from pages.doors.saying import kind_page, language_of

log = logging.getLogger("throughline")
WINDOW = 600  # seconds
NOT_COUNTED = ("/static/", "/_stcore/health", "/_stcore/host-config")  # Streamlit's program: a hundred files a page
UPLOADS = "/_stcore/upload_file/"
ENTRANCES = {"sign-in", "sign-up", "invitation", "auth", "oauth2callback"}
TOO_OFTEN = "throughline.too_often"
BEYOND_WORDS = 2  # times the limit, beyond which nobody is answered at length
_telling: set[asyncio.Task[None]] = set()


def counted(scope: Scope) -> Iterator[tuple[str, int]]:
    """What a request counts as, and how often each may be within ten minutes."""
    most, path = settings().requests_per_address, str(scope["path"])
    parts = path.strip("/").split("/")
    if not most or path.startswith(NOT_COUNTED):
        return
    yield "requests", most
    if scope["type"] == "websocket":
        yield "screens", max(1, most // 5)
    elif scope["method"] == "PUT" and path.startswith(UPLOADS):
        yield "uploads", max(1, most // 20)
    elif scope["method"] == "POST" and parts[0] in ENTRANCES:
        yield "sign in", max(1, most // 20)
    elif scope["method"] == "POST" and (parts == ["tell"] or parts[:2] == ["tell", "s"]):
        yield "journeys begun", max(1, most // 20)


class RateLimits:
    """Refuses an address that asks too often; a form of the public pages is given back with what was typed in it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or say when to try again."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        asker = client_address(scope)
        over = max((_count(what, asker, most) / most for what, most in counted(scope)), default=0.0)
        if over > 1 and _has_form(scope) and over <= BEYOND_WORDS:
            scope[TOO_OFTEN] = WINDOW
        if over <= 1 or TOO_OFTEN in scope:
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1013})
        else:
            with speaking(language_of(scope)):
                often = limits.too_often_until(WINDOW)
                answer = kind_page(scope, 429, _("Wait a little"), str(often), wait=often.seconds)
            await answer(scope, receive, send)


def _has_form(scope: Scope) -> bool:
    return bool(scope["type"] == "http" and scope["method"] == "POST" and scope["path"].split("/")[1:2] == ["tell"])


def _count(what: str, asker: str, most: int) -> int:
    tries, tell = limits.count_lightly(what, asker, most, WINDOW)
    if tell is not None:
        task = asyncio.get_running_loop().create_task(_tell(tell))  # nobody waits for the database here
        _telling.add(task)
        task.add_done_callback(_telling.discard)
    return tries


async def _tell(tell: Callable[[], int]) -> None:
    try:
        await asyncio.to_thread(tell)
    except Exception as fault:  # a busy database must not shut the door to everybody
        log.error("counting requests failed: %s", type(fault).__name__)
