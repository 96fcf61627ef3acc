"""Where anything unforeseen ends: nothing of its text is shown or logged, since it may carry what somebody wrote."""

import logging
from contextlib import suppress

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from insight.errors import InsightError
from insight.language import _, speaking
from pages.doors.saying import kind_page, language_of

log = logging.getLogger("throughline")
NOT_TAKEN = 1003  # RFC 6455, 7.4.1: a kind of data that is not taken


class Broken(Exception):
    """An answer that had begun and cannot be finished; whoever serves must cut the line."""


class KindFaults:
    """Answers with a kind page where something went wrong, and lets no fault out with its words."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        begun = False

        async def noted(message: Message) -> None:
            nonlocal begun
            begun = begun or message["type"] == "http.response.start"
            await send(message)

        async def spoken() -> Message:
            """Screens speak in bytes: whoever sends text is no browser of ours, and is hung up on."""
            message = await receive()
            if message["type"] == "websocket.receive" and message.get("bytes") is None:
                await send({"type": "websocket.close", "code": NOT_TAKEN})
                return {"type": "websocket.disconnect", "code": NOT_TAKEN}
            return message

        try:
            await self.app(scope, spoken, noted)
        except ClientDisconnect:  # whoever asked left before the end of it: nobody is there to be answered
            return
        except Exception as fault:
            if scope["type"] == "lifespan":
                raise
            log.error("a request failed", exc_info=fault)
            if scope["type"] == "websocket":
                with suppress(Exception):  # it may be closed already
                    await send({"type": "websocket.close", "code": 1011})
            elif begun:
                raise Broken from None
            else:
                await _sorry(scope, receive, send)


async def _sorry(scope: Scope, receive: Receive, send: Send) -> None:
    with speaking(language_of(scope)):
        answer = kind_page(
            scope,
            500,
            _("Sorry, something went wrong on our side"),
            _("What you had saved before is safe."),
            _("Go back one page and try again. If it happens again, come back later."),
        )
    await answer(scope, receive, send)


def script_failed(fault: Exception) -> bool:
    """Say kindly that a screen failed where ``pages/main.py`` could not: in a button's work, or before any screen.

    True, so that Streamlit shows nothing of its own.
    """
    from pages.kit import look

    if isinstance(fault, InsightError):
        look.problem(str(fault))
    else:
        look.problem(
            _("Sorry, something went wrong on our side. What you saved is safe. Reload the page and try again.")
        )
    return True
