"""How large a body may be and how slowly it may come, whatever it says of itself."""

import asyncio
import time
from dataclasses import dataclass, field

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from insight.language import _, speaking
from insight.settings import settings
from pages.doors.saying import kind_page, language_of

LARGEST_FORM = 1_000_000  # bytes; forty times the longest answer that is taken, as a browser writes it
UPLOADS = "/_stcore/upload_file/"  # Streamlit keeps every path below for itself
AROUND_A_FILE = 64 * 1024  # what a form puts around a file
PATIENCE, SLOWEST = 20.0, 500  # seconds, then bytes a second: what Apache's mod_reqtimeout asks of a body by default


class TooLarge(Exception):
    """More came than may."""


class TooSlow(Exception):
    """It came too slowly."""


def largest(path: str) -> int:
    """How many bytes a request to a path may bring."""
    return settings().upload_limit_mb * 2**20 + AROUND_A_FILE if path.startswith(UPLOADS) else LARGEST_FORM


@dataclass(slots=True)
class Body:
    """A body on its way in."""

    most: int
    receive: Receive
    came: int = 0
    whole: bool = False
    since: float = field(default_factory=time.monotonic)

    async def next(self) -> Message:
        """The next part of it; what comes after the whole body is none of ours."""
        if self.whole:
            return await self.receive()
        try:
            async with asyncio.timeout(PATIENCE + self.came / SLOWEST - (time.monotonic() - self.since)):
                message = await self.receive()
        except TimeoutError:
            raise TooSlow from None
        self.came += len(message.get("body", b""))
        self.whole = not message.get("more_body", False)
        if self.came > self.most:
            raise TooLarge
        return message


class BodyLimits:
    """Refuses bodies that are too large, by what they say of themselves and by what comes; and those too slow."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or end it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun = False

        async def noted(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        most = largest(scope["path"])
        try:
            if _declared(scope) > most:
                raise TooLarge
            await self.app(scope, Body(most, receive).next, noted)
        except (TooLarge, TooSlow) as fault:
            if begun:
                raise
            await _refuse(fault, scope, receive, send)


def _declared(scope: Scope) -> int:
    told = Headers(scope=scope).get("content-length", "")
    return int(told) if told.isascii() and told.isdigit() and len(told) < 20 else 0


async def _refuse(fault: Exception, scope: Scope, receive: Receive, send: Send) -> None:
    with speaking(language_of(scope)):
        if isinstance(fault, TooLarge):
            shorten = _("Go back one page, shorten what you wrote, and press Continue again.")
            smaller = _("If you are sending a file, send a smaller one, or send it in parts.")
            answer = kind_page(scope, 413, _("That is too long to send"), shorten, smaller)
        else:
            again = _("It came too slowly, so nothing of it was kept. Go back one page and send it again.")
            answer = kind_page(scope, 408, _("That did not reach us"), again)
    answer.headers["Connection"] = "close"  # what is still on its way belongs to no answer
    await answer(scope, receive, send)
