"""The headers of every answer: what a browser may do with it, may keep of it, and may tell others.

Which policy an answer gets depends on who made it, never on how its path begins: a rule for ``/s`` once met
``/survey2`` too.
"""

from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

STRICT = (
    "default-src 'none'; img-src 'self' data:; style-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
STREAMLIT = (
    # Streamlit starts inline scripts, blob workers and WebAssembly, and talks over a websocket; nothing else is let in.
    "default-src 'self'; script-src 'self' blob: 'unsafe-inline' 'unsafe-eval' 'wasm-unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "connect-src 'self' ws://{host} wss://{host}; worker-src 'self' blob:; object-src 'none'; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",  # a draft's key stands in its address
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Permitted-Cross-Domain-Policies": "none",
    "Permissions-Policy": ", ".join(
        f"{feature}=()"
        for feature in (
            "accelerometer",
            "autoplay",
            "browsing-topics",
            "camera",
            "display-capture",
            "geolocation",
            "gyroscope",
            "hid",
            "magnetometer",
            "microphone",
            "midi",
            "payment",
            "publickey-credentials-get",
            "serial",
            "usb",
            "xr-spatial-tracking",
        )
    ),
}
ONE_YEAR = "max-age=31536000; includeSubDomains"
MAY_BE_KEPT = "static"  # Streamlit's own program: its names change when it does, and nobody's words are in it


class SecureHeaders:
    """Puts the security headers on every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; add the headers to what comes back."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                _secure(scope, MutableHeaders(scope=message))
            await send(message)

        await self.app(scope, receive, with_headers)


def _secure(scope: Scope, headers: MutableHeaders) -> None:
    theirs = made_by_streamlit(scope)
    host = Headers(scope=scope).get("host", "")
    headers.setdefault("Content-Security-Policy", STREAMLIT.format(host=host) if theirs else STRICT)
    for name, value in ALWAYS.items():
        headers.setdefault(name, value)
    del headers["Server"]
    if theirs and _segments(scope)[0] != MAY_BE_KEPT:
        headers["Cache-Control"] = "no-store"
    elif not theirs:
        headers.setdefault("Cache-Control", "no-store")
    if scope["scheme"] in ("https", "wss"):
        headers["Strict-Transport-Security"] = ONE_YEAR
        _secure_cookies(headers)


def made_by_streamlit(scope: Scope) -> bool:
    """Whether Streamlit answers here: its routes, and its files, among which every screen's first page is."""
    endpoint: Any = scope.get("endpoint")
    while hasattr(endpoint, "func"):
        endpoint = endpoint.func
    return str(getattr(endpoint, "__module__", "")).partition(".")[0] == "streamlit"


def _segments(scope: Scope) -> list[str]:
    return str(scope["path"]).strip("/").split("/")


def _secure_cookies(headers: MutableHeaders) -> None:
    """Streamlit knows of no proxy that speaks https in its stead, so its cookies are not marked for https alone."""
    cookies = headers.getlist("set-cookie")
    if cookies:
        del headers["set-cookie"]
        for cookie in cookies:
            marked = any(part.strip().lower() == "secure" for part in cookie.split(";"))
            headers.append("set-cookie", cookie if marked else f"{cookie}; Secure")
