"""Who asks, and over what: a proxy is believed only where a setting trusts it, and nothing else of what it says."""

import logging
import re
import secrets
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from insight.errors import NotReady
from insight.settings import settings

log = logging.getLogger("throughline")
Network = IPv4Network | IPv6Network
SOCKET = "unix"
TOLD_BY_PROXIES = re.compile(rb"x-forwarded-.*|forwarded|x-real-ip|x-request-id|x-client-ip|true-client-ip")
REQUEST_ID = "throughline.request"
READABLE_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
SCHEMES = {"http": {"http": "http", "https": "https"}, "websocket": {"http": "ws", "https": "wss"}}
OF_ONE_HOUSEHOLD = 64  # bits of an IPv6 address: whoever has one of the rest has all of them


def client_address(scope: Scope) -> str:
    """The address by which tries are counted: IPv4 whole, of IPv6 the network of one household.

    All whose address is not known, as on a socket without a proxy that is trusted, count as one.
    """
    told = (scope.get("client") or ("",))[0]
    address = _address(told)
    if address is None:
        return told or "unknown"
    if isinstance(address, IPv6Address):
        return str(ip_network((address, OF_ONE_HOUSEHOLD), strict=False))
    return str(address)


class TrustedProxies:
    """Takes the asker's address, the scheme and the request's id from a proxy that is trusted, else from nobody.

    The headers that proxies set are taken off afterwards, so that nothing further in can believe a stranger.
    """

    warned = False

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, as it was asked."""
        if scope["type"] in ("http", "websocket"):
            told = Headers(scope=scope)
            if _is_trusted((scope.get("client") or ("",))[0]):
                _believe(scope, told)
            elif "x-forwarded-for" in told:
                self._warn()
            scope.setdefault(REQUEST_ID, secrets.token_hex(8))
            scope["headers"] = [pair for pair in scope["headers"] if not TOLD_BY_PROXIES.fullmatch(pair[0])]
        await self.app(scope, receive, send)

    @classmethod
    def _warn(cls) -> None:
        if not cls.warned:
            cls.warned = True
            log.warning("a proxy that INSIGHT_TRUSTED_PROXIES does not name passes requests on: all count as its own")


def _believe(scope: Scope, told: Headers) -> None:
    asker = _asker(told.getlist("x-forwarded-for"))
    if asker:
        scope["client"] = (asker, 0)
    scheme = ",".join(told.getlist("x-forwarded-proto")).rpartition(",")[2].strip().lower()
    scope["scheme"] = SCHEMES[scope["type"]].get(scheme, scope["scheme"])
    named = told.get("x-request-id", "")
    if READABLE_ID.fullmatch(named):
        scope[REQUEST_ID] = named


def _asker(told: list[str]) -> str:
    """The rightmost hop that is no trusted proxy: what stands further left, anybody may have written."""
    asker = ""
    for hop in reversed(",".join(told).split(",")):
        address = _address(_without_port(hop.strip()))
        if address is None:
            break
        asker = str(address)
        if not _is_trusted(asker):
            break
    return asker


def _without_port(hop: str) -> str:
    if hop.startswith("["):
        return hop[1:].partition("]")[0]
    return hop.partition(":")[0] if hop.count(":") == 1 else hop


def _address(told: str) -> object:
    try:
        address = ip_address(told)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _is_trusted(peer: str) -> bool:
    networks, sockets = trusted(settings().trusted_proxies)
    address = _address(peer)
    return sockets if address is None and not peer else any(address in network for network in networks)


@lru_cache
def trusted(told: str) -> tuple[tuple[Network, ...], bool]:
    """The networks that a setting trusts, and whether it trusts a socket of this machine, which has no address."""
    named = [part.strip() for part in told.split(",") if part.strip()]
    try:
        return tuple(ip_network(part, strict=False) for part in named if part != SOCKET), SOCKET in named
    except ValueError:
        raise NotReady("INSIGHT_TRUSTED_PROXIES takes addresses and networks, such as 10.0.0.5, 10.0.0.0/8.") from None
