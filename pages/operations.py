"""For those who run it: is the process up, is it ready, and its numbers. Strangers learn no more than yes or no."""

import asyncio
import hmac
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from types import FrameType

import anyio
import anyio.to_thread
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from insight.errors import NotReady
from insight.operations import health, metrics
from insight.settings import is_loopback, settings
from pages.doors.headers import made_by_streamlit
from pages.kit.stated import StatedRoute

PATIENCE = 5  # seconds within which the database must answer
NO_STORE = {"Cache-Control": "no-store"}
FORWARDED = "throughline.forwarded"
STREAMLIT, NOWHERE = "streamlit", "none"


async def live(request: Request) -> Response:
    """The process is up and answers."""
    return JSONResponse({"live": True}, headers=NO_STORE)


async def ready(request: Request) -> Response:
    """Whether requests should be sent here; which check failed is told to those who may read the numbers."""
    found = {"answers": False}
    with anyio.move_on_after(PATIENCE):
        found = await anyio.to_thread.run_sync(health.checks, abandon_on_cancel=True)
    told: dict[str, object] = {"ready": all(found.values())}
    if _is_known(request.scope):
        told["checks"] = found
    return JSONResponse(told, 200 if told["ready"] else 503, headers=NO_STORE)


async def numbers(request: Request) -> Response:
    """The numbers in Prometheus' format, for this machine and for those whom the settings name."""
    if not _is_known(request.scope):
        return PlainTextResponse("Not Found", 404, headers=NO_STORE)
    body = await anyio.to_thread.run_sync(metrics.page)
    return Response(body, headers={**NO_STORE, "Content-Type": metrics.CONTENT_TYPE})


def _is_known(scope: Scope) -> bool:
    """By token, by address, or from this very machine: by its name too, and through no proxy."""
    headers, asker = Headers(scope=scope), str((scope.get("client") or ("",))[0])
    token = settings().metrics_token.get_secret_value()
    if token and hmac.compare_digest(headers.get("authorization", "").encode(), f"Bearer {token}".encode()):
        return True
    try:
        if any(ip_address(asker) in network for network in _networks(settings().metrics_from)):
            return True
    except ValueError:
        return False
    host = headers.get("host", "")
    named = host if host.endswith("]") else host.rsplit(":", 1)[0]
    return is_loopback(asker) and is_loopback(named) and not scope.get(FORWARDED)


@lru_cache
def _networks(told: str) -> tuple[IPv4Network | IPv6Network, ...]:
    try:
        return tuple(ip_network(part.strip(), strict=False) for part in told.split(",") if part.strip())
    except ValueError:
        raise NotReady("INSIGHT_METRICS_FROM takes addresses and networks, such as 10.0.0.5, 10.0.0.0/8.") from None


class Measured:
    """Counts every answer by the pattern of its route. It stands outside of all other doors, to see theirs too."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and count what comes back."""
        scope[FORWARDED] = any(name in (b"x-forwarded-for", b"forwarded") for name, _told in scope.get("headers", ()))
        if scope["type"] == "websocket":
            with metrics.screens_open.track_inprogress():
                await self.app(scope, receive, send)
        elif scope["type"] == "http":
            await self._measure(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _measure(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = time.perf_counter()

        async def counted(message: Message) -> None:
            if message["type"] == "http.response.start":
                taken = time.perf_counter() - started
                metrics.answered(_route(scope), scope["method"], message["status"], taken)
            await send(message)

        await self.app(scope, receive, counted)


def _route(scope: Scope) -> str:
    """The pattern of one of our routes; everything of Streamlit's is one; what a door refused has none."""
    route = scope.get("route")
    if route is None:
        return NOWHERE
    return STREAMLIT if made_by_streamlit(scope) else str(route.path)


@contextmanager
def saying_when_it_stops() -> Iterator[None]:
    """While the application lives, SIGTERM makes it say that it is not ready first, and stop a little later."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    loop, stop = asyncio.get_running_loop(), signal.getsignal(signal.SIGTERM)

    def begin(number: int, frame: FrameType | None) -> None:
        health.stopping.set()
        if callable(stop):
            loop.call_soon_threadsafe(loop.call_later, settings().drain_seconds, stop, number, frame)

    if callable(stop):
        signal.signal(signal.SIGTERM, begin)
    yield
    if signal.getsignal(signal.SIGTERM) is begin:
        signal.signal(signal.SIGTERM, stop)


routes = [
    StatedRoute("/health/live", live, why="says no more than that the process is up"),
    StatedRoute("/health/ready", ready, why="says yes or no, and more only to those who may read the numbers"),
    StatedRoute("/metrics", numbers, why="not there but for this machine and those whom the settings name"),
]
