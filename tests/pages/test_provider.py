"""The place's own provider, real and forged: who it must be, and which identities of it are taken for true."""

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import uvicorn
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.sessions import SessionMiddleware
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.testclient import TestClient
from streamlit.runtime.secrets import secrets_singleton
from streamlit.web.server.starlette.starlette_auth_routes import create_auth_routes
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME
from typer.testing import CliRunner

from insight import accounts
from insight.commands import people
from insight.errors import NotReady
from insight.settings import settings
from pages.accounts.provider import secrets_for_streamlit, shown_by
from pages.sign_in import routes

CLIENT, SECRET = "throughline", "a secret of this client and nobody else"
NONE = "eyJhbGciOiJub25lIn0"  # {"alg":"none"} as such a token begins
OURS, OTHERS = RSAKey.generate_key(2048, {"kid": "1"}), RSAKey.generate_key(2048, {"kid": "1"})


class Provider:
    """A provider on this machine whose words a test may change: its description, and the identities it gives out."""

    def __init__(self) -> None:
        self.described: dict[str, Any] = {}
        self.claims: dict[str, Any] = {}
        self.key: RSAKey | OctKey = OURS
        self.algorithm, self.nonce = "RS256", ""
        app = Starlette(
            routes=[
                Route("/.well-known/openid-configuration", lambda _r: JSONResponse(self.description())),
                Route("/keys", lambda _r: JSONResponse({"keys": [OURS.as_dict(private=False)]})),
                Route("/token", lambda _r: JSONResponse(self.token()), methods=["POST"]),
            ]
        )
        self.server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error", lifespan="off"))
        threading.Thread(target=self.server.run, daemon=True).start()
        while not self.server.started:
            time.sleep(0.01)
        port = self.server.servers[0].sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"

    def description(self) -> dict[str, Any]:
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys",
            "id_token_signing_alg_values_supported": ["RS256"],
        } | self.described

    def token(self) -> dict[str, Any]:
        now = int(time.time())
        told = {"iss": self.url, "aud": CLIENT, "sub": "olu", "nonce": self.nonce, "iat": now, "exp": now + 60}
        header = {"alg": self.algorithm, "kid": "1"}
        signed = jwt.encode(header, told | self.claims, self.key, algorithms=[self.algorithm])
        return {"access_token": "a", "token_type": "Bearer", "id_token": signed}


@pytest.fixture(scope="module")
def started() -> Iterator[Provider]:
    """One provider for all tests."""
    made = Provider()
    yield made
    made.server.should_exit = True


@pytest.fixture
def provider(started: Provider, sqlite: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    """A provider that tells the truth, and a place that is set up for it."""
    started.described, started.claims, started.key, started.algorithm = {}, {}, OURS, "RS256"
    monkeypatch.setenv("INSIGHT_OIDC_METADATA_URL", f"{started.url}/.well-known/openid-configuration")
    monkeypatch.setenv("INSIGHT_OIDC_CLIENT_ID", CLIENT)
    monkeypatch.setenv("INSIGHT_OIDC_CLIENT_SECRET", SECRET)
    monkeypatch.setenv("INSIGHT_PUBLIC_URL", "http://testserver")
    settings.cache_clear()
    secrets_singleton.merge_programmatic_secrets(secrets_for_streamlit())
    yield started
    secrets_singleton._reset()
    settings.cache_clear()


def browser() -> TestClient:
    """A browser of the pages of signing in, and of Streamlit's own routes behind them."""
    session = Middleware(SessionMiddleware, secret_key="of this test")
    return TestClient(Starlette(routes=[*routes, *create_auth_routes("/")], middleware=[session]))


def is_taken(provider: Provider, meddle: Callable[[Provider], object] = lambda _provider: None) -> bool:
    """Whether an identity is taken for true, of which something is changed once the browser has left for it."""
    person = browser()
    person.follow_redirects = False
    left = person.get(person.get("/sign-in/organisation").headers["location"])
    asked = parse_qs(urlsplit(left.headers["location"]).query)
    provider.nonce = asked["nonce"][0]
    meddle(provider)
    person.get(f"/oauth2callback?code=1&state={asked['state'][0]}")
    return USER_COOKIE_NAME in person.cookies


def test_an_identity_of_the_provider_is_taken_for_true(provider: Provider) -> None:
    assert is_taken(provider)


FORGED: dict[str, dict[str, Any]] = {
    "signed by another key": {"key": OTHERS},
    "signed with the client's secret": {"key": OctKey.import_key(SECRET), "algorithm": "HS256"},
    "for another client": {"claims": {"aud": "somebody-else"}},
    "for several, given to another": {"claims": {"aud": ["somebody-else", CLIENT], "azp": "somebody-else"}},
    "of another issuer": {"claims": {"iss": "https://id.example"}},
    "of another sign-in": {"claims": {"nonce": "one of before"}},
    "too old": {"claims": {"exp": 1_700_000_000}},
}


@pytest.mark.parametrize("how", FORGED)
def test_a_forged_identity_is_not(provider: Provider, how: str) -> None:
    assert not is_taken(provider, lambda made: made.__dict__.update(FORGED[how]))


def test_an_unsigned_identity_is_not(provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    def unsigned() -> dict[str, Any]:
        claims = signed()["id_token"].split(".")[1]
        return signed() | {"id_token": f"{NONE}.{claims}."}

    signed = provider.token
    monkeypatch.setattr(provider, "token", unsigned)
    assert not is_taken(provider)


@pytest.mark.parametrize(
    "described",
    [
        {"issuer": "https://id.example"},
        {"issuer": None},
        {"token_endpoint": "http://id.example/token"},
        {"jwks_uri": "http://203.0.113.9/keys"},
        {"authorization_endpoint": "https://"},
    ],
)
def test_nobody_is_sent_to_a_provider_that_describes_itself_as_another(
    provider: Provider, described: dict[str, Any]
) -> None:
    provider.described = described
    answer = browser().get("/sign-in/organisation")
    assert answer.status_code == 409
    assert "is not set up rightly here" in answer.text


def test_a_provider_that_is_away_is_told_kindly(provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INSIGHT_OIDC_METADATA_URL", "http://127.0.0.1:9/.well-known/openid-configuration")
    settings.cache_clear()
    answer = browser().get("/sign-in/organisation")
    assert answer.status_code == 409
    assert "cannot be reached just now" in answer.text


def test_the_command_says_whether_it_is_the_provider_that_is_meant(provider: Provider) -> None:
    assert provider.url in CliRunner().invoke(people.app, ["check-provider"]).output
    provider.described = {"issuer": f"{provider.url}/other"}
    with pytest.raises(NotReady):
        CliRunner().invoke(people.app, ["check-provider"], catch_exceptions=False)


@pytest.mark.parametrize(
    ("url", "issuer", "fault"),
    [
        ("https://id.example/t/v2.0/.well-known/openid-configuration", "", ""),
        ("http://localhost:8080/.well-known/openid-configuration", "", ""),
        ("https://id.example/described", "https://id.example", ""),
        ("http://id.example/.well-known/openid-configuration", "", "https://"),
        ("https://id.example/.well-known/openid-configuration", "http://id.example", "https://"),
        ("file:///etc/.well-known/openid-configuration", "", "https://"),
        ("https://id.example/described", "", "must end in"),
    ],
)
def test_settings_that_cannot_hold_are_told_at_the_start(
    url: str, issuer: str, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INSIGHT_OIDC_METADATA_URL", url)
    monkeypatch.setenv("INSIGHT_OIDC_ISSUER", issuer)
    settings.cache_clear()
    try:
        if fault:
            with pytest.raises(NotReady, match=fault):
                accounts.look_at_provider_settings()
        else:
            accounts.look_at_provider_settings()
    finally:
        settings.cache_clear()


def test_how_somebody_signed_in_there_is_read_whatever_form_it_has() -> None:
    assert shown_by({"amr": ["pwd", "mfa", 3], "acr": "2"}) == ("pwd", "mfa", "2")
    assert shown_by({"amr": "mfa"}) == ("mfa",)
    assert shown_by({"acr": {"no": "text"}}) == shown_by({}) == ()
