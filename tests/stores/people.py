"""What tests of accounts share: a clock to move, cheap hashes, and people made the way people are."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from types import SimpleNamespace
from typing import Any

import pyotp
import pytest

from insight import accounts, limits
from insight.access import SYSTEM, Role
from insight.accounts import (
    Account,
    MustEnrol,
    NeedsCode,
    SignedIn,
    entering,
    hashing,
    inviting,
    lockout,
    own,
    providers,
    service,
    sessions,
)
from insight.settings import settings

PASSWORD = "kettle-Marmot-plinth"
HOME = "198.51.100.7"
ISSUER = "https://id.example.gov.uk"


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 22, 9, 0, 5, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at

    def seconds(self) -> float:
        return self.at.timestamp()

    def forward(self, **by: float) -> None:
        self.at += timedelta(**by)


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A place with a sign-in provider of its own, which is ISSUER."""
    monkeypatch.setenv("INSIGHT_OIDC_METADATA_URL", f"{ISSUER}/.well-known/openid-configuration")
    settings.cache_clear()
    yield
    settings.cache_clear()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock that accounts and limits go by."""
    made = Clock()
    for room in (entering, inviting, lockout, own, providers, service, sessions):
        monkeypatch.setattr(room, "now", made.now)
    monkeypatch.setattr(limits, "time", SimpleNamespace(time=made.seconds))
    return made


@pytest.fixture(autouse=True)
def _cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> Any:
    """What a hash costs is tested among the rules; here it would only take time."""
    monkeypatch.setattr(hashing, "MEMORY_KIB", 64)
    monkeypatch.setattr(hashing, "PASSES", 1)
    for made in (hashing._hasher, hashing._nobodys):
        made.cache_clear()
    yield
    for made in (hashing._hasher, hashing._nobodys):
        made.cache_clear()


def person(login: str, role: Role, places: set[int] | None = None, organisation: str | None = None) -> Account:
    """Somebody who was invited and took it up."""
    made = accounts.invite(SYSTEM, role, places, organisation)
    return accounts.accept(made.token, login, login.title(), PASSWORD)


def come_in(login: str, address: str = HOME, password: str = PASSWORD) -> SignedIn:
    """Sign in with a password alone."""
    entry = accounts.sign_in(login, password, address)
    assert isinstance(entry, SignedIn)
    return entry


def enrol(login: str, clock: Clock, address: str = HOME) -> tuple[accounts.Enrolled, str]:
    """Sign in to set a second factor up; gives its secret too. The clock goes on, so that another code can be used."""
    entry = accounts.sign_in(login, PASSWORD, address)
    assert isinstance(entry, MustEnrol)
    secret = accounts.begin_enrolment(entry.ticket).secret
    done = accounts.finish_enrolment(entry.ticket, pyotp.TOTP(secret).at(clock.at), address)
    clock.forward(seconds=30)
    return done, secret


def at_the_door(login: str, address: str = HOME) -> str:
    """The ticket of somebody whose password was right and who is asked for a code."""
    entry = accounts.sign_in(login, PASSWORD, address)
    assert isinstance(entry, NeedsCode)
    return entry.ticket


def at_once(*deeds: Callable[[], Any]) -> list[Any]:
    """What each of several deeds gives, or raises, when all begin at one moment."""
    start = Barrier(len(deeds))

    def do(deed: Callable[[], Any]) -> Any:
        start.wait()
        try:
            return deed()
        except Exception as problem:
            return problem

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(do, deeds))
