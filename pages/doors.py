"""What every request passes through: security headers, and the rule that demo mode stays on this machine."""

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from insight.settings import is_loopback, settings

SECURITY_HEADERS = {
    # Streamlit starts inline scripts, blob workers and WebAssembly, and talks over a websocket; nothing else is let in.
    "Content-Security-Policy": (
        "default-src 'self'; script-src 'self' blob: 'unsafe-inline' 'unsafe-eval' 'wasm-unsafe-eval'; "
        "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
        "connect-src 'self' ws: wss:; worker-src 'self' blob:; frame-ancestors 'none'; base-uri 'self'; "
        "form-action 'self'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",  # a draft's key stands in its address
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}

REFUSAL = (
    "Demo mode is open to this machine only, since it asks nobody to sign in. "
    "Open it at http://127.0.0.1, or switch INSIGHT_DEMO_MODE off.\n"
)


class DemoStaysHere:
    """Refuses every request in demo mode that does not come in by this machine's loopback address and name."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] not in ("http", "websocket") or not settings().demo_mode or self._is_local(scope):
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            await PlainTextResponse(REFUSAL, status_code=403)(scope, receive, send)

    @staticmethod
    def _is_local(scope: Scope) -> bool:
        """By socket and by name: a proxy on this machine would pass strangers on under a public name."""
        listening = (scope.get("server") or ("",))[0]
        host = Headers(scope=scope).get("host", "")
        name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
        return is_loopback(listening) and is_loopback(name)


class SecureHeaders:
    """Puts the security headers on every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; add the headers to what comes back."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, with_headers)


middleware = [Middleware(SecureHeaders), Middleware(DemoStaysHere)]
