"""What every request passes through, from the outside in, before any page sees it: the list is ``middleware``."""

from starlette.middleware import Middleware

from pages.doors.faults import KindFaults, script_failed
from pages.doors.headers import SecureHeaders
from pages.doors.hosts import AllowedHosts, DemoStaysHere, set_up_streamlit
from pages.doors.limits import BodyLimits
from pages.doors.logs import RequestLog, note_role, set_up_logs
from pages.doors.proxies import TrustedProxies, client_address
from pages.doors.rates import TOO_OFTEN, RateLimits

__all__ = [
    "TOO_OFTEN",
    "client_address",
    "middleware",
    "note_role",
    "script_failed",
    "set_up_logs",
    "set_up_streamlit",
]

middleware = [
    Middleware(TrustedProxies),
    Middleware(RequestLog),
    Middleware(SecureHeaders),
    Middleware(KindFaults),
    Middleware(AllowedHosts),
    Middleware(DemoStaysHere),
    Middleware(RateLimits),
    Middleware(BodyLimits),
]
