"""By which names this may be asked for; and demo mode, which stays on this machine."""

import re
from functools import lru_cache

from starlette.datastructures import Headers
from starlette.formparsers import MultiPartParser
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit import config

from insight.language import _, noted, speaking
from insight.settings import is_loopback, settings
from pages.doors.saying import kind_page, language_of
from pages.doors.widgets import pass_over_what_was_forged

NAME = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9_.-]+)(:\d{1,5})?")
EVERYWHERE = ("0.0.0.0", "::", "")  # noqa: S104  # nosec B104  (compared with, not listened on)
LOOPBACK_NAMES = ("localhost", "127.0.0.1", "::1")


def allowed_hosts() -> tuple[str, ...]:
    """The names beside this machine's own: those of the setting, of the public address, and of the one listened on."""
    told = settings()
    return _names_in(told.allowed_hosts, told.public_url, "" if told.host in EVERYWHERE else told.host)


@lru_cache
def _names_in(told: str, public_url: str, host: str) -> tuple[str, ...]:
    public = re.sub(r"^\w+://", "", public_url).partition("/")[0]
    named = [*told.split(","), public, host]
    return tuple(dict.fromkeys(name for part in named if (name := _name(part.strip()) or part.strip().lower())))


def is_allowed(host: str) -> bool:
    """Whether a Host header names this product. Ports are passed over; ``*.`` stands for any name below another."""
    name = _name(host)
    return bool(name) and (is_loopback(name) or any(_matches(name, known) for known in allowed_hosts()))


def _name(host: str) -> str:
    """A host's name without its port, "" for what is none."""
    found = NAME.fullmatch(host.lower())
    return found[1].strip("[]").rstrip(".") if found else ""


def _matches(name: str, known: str) -> bool:
    return name.endswith(known[1:]) if known.startswith("*.") else name == known


def set_up_streamlit() -> None:
    """Give Streamlit's own doors the same names and limits; uploads stay in memory, what was forged is passed over."""
    named = [*LOOPBACK_NAMES, *allowed_hosts()]
    config.set_option("server.allowedHosts", named, "INSIGHT_ALLOWED_HOSTS")
    config.set_option("server.maxUploadSize", settings().upload_limit_mb, "INSIGHT_UPLOAD_LIMIT_MB")
    # Beyond a megabyte, Starlette would write what people wrote to a temporary file, in clear.
    MultiPartParser.spool_max_size = settings().upload_limit_mb * 2**20 + 1
    pass_over_what_was_forged()


async def _refuse(scope: Scope, receive: Receive, send: Send, status: int, title: str, told: str) -> None:
    """Close a websocket; answer anything else with a page of these noted texts."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008})
        return
    with speaking(language_of(scope)):
        answer = kind_page(scope, status, _(title), _(told))
    await answer(scope, receive, send)


class AllowedHosts:
    """Refuses requests by any other name: another site's name that leads here may not borrow its visitors' browsers."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] not in ("http", "websocket") or self._fits(scope):
            await self.app(scope, receive, send)
        else:
            told = noted("Nothing is served by the name in this address. Check the address you followed.")
            await _refuse(scope, receive, send, 400, noted("This is not the right address"), told)

    @staticmethod
    def _fits(scope: Scope) -> bool:
        told = Headers(scope=scope).getlist("host")
        return len(told) == 1 and is_allowed(told[0])


class DemoStaysHere:
    """Refuses every request in demo mode that does not come in by this machine's loopback address and name."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] not in ("http", "websocket") or not settings().demo_mode or self._is_local(scope):
            await self.app(scope, receive, send)
        else:
            told = noted(
                "Demo mode is open to this machine only, since it asks nobody to sign in. "
                "Open it at http://127.0.0.1, or switch INSIGHT_DEMO_MODE off."
            )
            await _refuse(scope, receive, send, 403, noted("This demo is open to this machine only"), told)

    @staticmethod
    def _is_local(scope: Scope) -> bool:
        """By socket and by name: a proxy on this machine would pass strangers on under a public name."""
        listening = (scope.get("server") or ("",))[0]
        return is_loopback(listening) and is_loopback(_name(Headers(scope=scope).get("host", "")))
