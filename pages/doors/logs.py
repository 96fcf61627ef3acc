"""Log lines as JSON on standard error: what happened and how long it took, and nothing about anybody.

Never in a line: an address, a name, a reference, a key, a path as it was asked for, a query, or what an exception says.
"""

import json
import logging
import sys
import threading
import time
from contextvars import ContextVar
from datetime import UTC, datetime
from traceback import format_tb
from types import TracebackType
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pages.doors.proxies import REQUEST_ID
from pages.kit.menu import PAGES

log = logging.getLogger("throughline.requests")
OURS = ("throughline", "insight", "pages", "app")
LOUD = ("uvicorn.access",)  # these lines are nothing but addresses and paths
NOBODY = "nobody"
ROLE = "throughline.role"
OF_EVERY_RECORD = {*vars(logging.makeLogRecord({})), "message", "asctime", "taskName", "color_message"}
SCREENS = {"/", *(f"/{entry.path}" for entry in PAGES)}
_request: ContextVar[str] = ContextVar("request", default="")


class JsonLines(logging.Formatter):
    """One line of JSON for each record. Of a library's record only the pattern stands there, never its values."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
        }
        if number := _request.get():
            line["request"] = number
        if is_ours(record.name):
            line["message"] = record.getMessage()
            line |= {name: value for name, value in vars(record).items() if name not in OF_EVERY_RECORD}
        else:
            line["message"] = record.msg if isinstance(record.msg, str) else type(record.msg).__name__
            line["where"] = f"{record.module}:{record.lineno}"
        if record.exc_info and record.exc_info[1]:
            line["fault"], line["trace"] = fault_lines(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False, default=lambda value: type(value).__name__)


def is_ours(name: str) -> bool:
    """Whether a logger is the product's own."""
    return name.partition(".")[0] in OURS


def fault_lines(fault: BaseException) -> tuple[str, list[str]]:
    """What kind of fault it was and where: its own words, and those of what led to it, stay out."""
    kinds, seen = [type(fault).__name__], fault.__cause__ or fault.__context__
    while seen is not None and len(kinds) < 5:
        kinds.append(type(seen).__name__)
        seen = seen.__cause__ or seen.__context__
    trace = [line.strip() for part in format_tb(fault.__traceback__) for line in part.splitlines()]
    return " after ".join(kinds), trace[-60:]


def _is_wanted(record: logging.LogRecord) -> bool:
    return is_ours(record.name) or record.levelno >= logging.WARNING


def set_up_logs() -> None:
    """Send every line of this process, whoever writes it, through :class:`JsonLines`."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    handler.addFilter(_is_wanted)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    logging.captureWarnings(True)
    for name in list(logging.root.manager.loggerDict):
        _through_root(logging.getLogger(name))
    for name in LOUD:
        logging.getLogger(name).disabled = True
    threading.excepthook = _thread_failed
    sys.unraisablehook = _could_not_be_raised
    _take_over_streamlit()


def _take_over_streamlit() -> None:
    """Streamlit gives each of its loggers a handler of its own when it makes it, which may be much later."""
    from streamlit import config, logger

    config.set_option("logger.enableRich", False)  # it would print what exceptions say
    logger.setup_formatter = _through_root


def _through_root(logger: logging.Logger) -> None:
    logger.handlers.clear()
    logger.propagate = True


def _thread_failed(told: threading.ExceptHookArgs) -> None:
    _log_fault("a thread failed", told.exc_value, told.exc_traceback)


def _could_not_be_raised(told: Any) -> None:
    _log_fault("a fault could not be raised", told.exc_value, told.exc_traceback)


def _log_fault(message: str, fault: BaseException | None, trace: TracebackType | None) -> None:
    if fault is not None and not isinstance(fault, SystemExit):
        logging.getLogger("throughline").error(message, exc_info=(type(fault), fault, trace))


def note_role(scope: Scope, role: str) -> None:
    """Let the line of this request say in which role it was made."""
    scope[ROLE] = role


def route_of(scope: Scope) -> str:
    """The pattern that a path fits, such as ``/tell/r/{words}``, or the screen; never the path itself."""
    endpoint, routes = scope.get("endpoint"), getattr(scope.get("app"), "routes", ())
    for route in routes:
        if endpoint is not None and getattr(route, "endpoint", None) is endpoint:
            return str(route.path)
    path = scope["path"].rstrip("/") or "/"
    return path if path in SCREENS else "other"


class RequestLog:
    """One line for each request, once it is answered; its number goes back to whoever asked, for when they write in."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and log how it went."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        status, began = 0, time.perf_counter()
        before = _request.set(scope[REQUEST_ID])

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message.get("headers", ()), (b"x-request-id", scope[REQUEST_ID].encode())]
            elif message["type"] == "websocket.accept":
                status = 101
            elif message["type"] == "websocket.close" and not status:
                status = 403
            await send(message)

        try:
            await self.app(scope, receive, noted)
        finally:
            if not (scope["path"].startswith("/static/") and status < 400):
                _log_request(scope, status, time.perf_counter() - began)
            _request.reset(before)


def _log_request(scope: Scope, status: int, seconds: float) -> None:
    told = {
        "route": route_of(scope),
        "method": scope.get("method", "WEBSOCKET"),
        "status": status,
        "milliseconds": round(1000 * seconds, 1),
        "role": scope.get(ROLE, NOBODY),
    }
    log.info("request", extra=told)
