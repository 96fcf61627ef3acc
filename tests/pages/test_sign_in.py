"""Signing in over plain HTML: password, code, invitations, one's own account, and what a stranger is not told."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pyotp
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient
from typer.testing import CliRunner

from insight import accounts, moments
from insight.access import RESIDENT, SYSTEM, Actor, Role
from insight.cli import app as cli
from insight.settings import settings
from pages.accounts.desk import safe_next
from pages.accounts.door import new_door, read_door, write_door
from pages.accounts.provider import has_come_back, secrets_for_streamlit
from pages.kit.session import SESSION_COOKIE, actor_from
from pages.sign_in import routes
from tests.pages.screen import Screen
from tests.stores.people import _cheap_hashes

__all__ = ["_cheap_hashes"]

PASSWORD = "harbour violet ladder stone"
LOGIN = "dana@testham.example"


class Browser:
    """A browser without JavaScript: it follows links, keeps cookies, and posts forms with their token."""

    def __init__(self, base: str = "http://testserver") -> None:
        self.client = TestClient(Starlette(routes=routes), base_url=base, follow_redirects=False)
        self.answer: Any = None

    def get(self, path: str) -> "Browser":
        """Open an address, and follow where it leads within these pages."""
        return self._follow(self.client.get(path))

    def post(self, path: str, **fields: str) -> "Browser":
        """Send the form on the page that is open."""
        found = re.search(r'name="token" value="([^"]+)"', self.answer.text)
        return self._follow(self.client.post(path, data={"token": found[1] if found else ""} | fields))

    def _follow(self, answer: Any) -> "Browser":
        self.answer = answer
        target = answer.headers.get("location", "")
        return self.get(target) if target.startswith(("/sign-", "/account")) else self

    @property
    def there(self) -> tuple[int, str]:
        """The status, and where the answer leads or else its heading."""
        heading = re.search(r"<h1>(.*?)</h1>", self.answer.text)
        return self.answer.status_code, self.answer.headers.get("location") or (heading[1] if heading else "")

    @property
    def actor(self) -> Actor:
        """Who this browser is."""
        return actor_from(self.client.cookies)


def account(role: Role = Role.DESIGNER, login: str = LOGIN) -> accounts.Account:
    """An account with a password."""
    return accounts.accept(accounts.invite(SYSTEM, role).token, login, "Dana Field", PASSWORD)


def signed_in(browser: Browser, target: str = "/", login: str = LOGIN) -> Browser:
    """The browser of somebody who has signed in with a password."""
    return browser.get("/sign-in?next=" + quote(target)).post("/sign-in", next=target, login=login, password=PASSWORD)


def code_for(secret: str, steps: int = 0) -> str:
    """What the app shows, so many half minutes from now."""
    return pyotp.TOTP(secret).at(moments.now() + timedelta(seconds=30 * steps))


@pytest.fixture
def browser(sqlite: str) -> Browser:
    return Browser()


def test_signing_in_leads_back_to_the_whole_address_and_gives_a_session(browser: Browser) -> None:
    account()
    signed_in(browser, "/pain-points?view=Map&theme=3")
    assert browser.there == (303, "/pain-points?view=Map&theme=3")
    assert (browser.actor.role, browser.actor.name) == (Role.DESIGNER, LOGIN)
    given = browser.answer.headers["set-cookie"]
    assert "HttpOnly" in given and "SameSite=lax" in given and "Secure" not in given and "Path=/" in given
    assert browser.answer.headers["cache-control"] == "no-store"


HOSTILE = (
    ["//evil.example", "https://evil.example/a", "/\\evil.example", "/a\nSet-Cookie: x", "javascript:alert(1)", "pain",
     "/\t/evil.example", "http:/evil", "/sign-out", "/sign-in?next=/", "/auth/logout", "//[", "/" + "a" * 3000, ""]
)  # fmt: skip


def test_a_hostile_target_leads_to_the_start(browser: Browser) -> None:
    assert [safe_next(target) for target in HOSTILE] == ["/"] * len(HOSTILE)
    account()
    assert signed_in(browser, HOSTILE[0]).there == (303, "/")


def test_by_https_the_cookie_is_one_that_no_other_host_can_set(sqlite: str, monkeypatch: pytest.MonkeyPatch) -> None:
    account()
    browser = signed_in(Browser("https://testserver"))
    given = browser.answer.headers["set-cookie"]
    assert given.count(f"__Host-{SESSION_COOKIE}=") == 1 and "Secure" in given
    token = browser.client.cookies[f"__Host-{SESSION_COOKIE}"]
    monkeypatch.setenv("INSIGHT_PUBLIC_URL", "https://tell.example.gov.uk")
    settings.cache_clear()
    assert actor_from({f"__Host-{SESSION_COOKIE}": token}).role is Role.DESIGNER
    assert actor_from({SESSION_COOKIE: token}) is RESIDENT
    behind_a_proxy = Browser().client.get("/sign-in").headers["set-cookie"]
    assert behind_a_proxy.startswith("__Host-throughline_door=") and "Secure" in behind_a_proxy


def test_a_wrong_login_and_a_wrong_password_are_refused_in_the_same_words(browser: Browser) -> None:
    account()
    browser.get("/sign-in")
    pages = []
    for login in (LOGIN, "nobody@testham.example"):
        browser.post("/sign-in", login=login, password="not the password")
        assert browser.there == (422, "Sign in")
        pages.append(re.sub(r'name="token" value="[^"]+"', "", browser.answer.text).replace(login, ""))
    assert pages[0] == pages[1] and 'role="alert"' in pages[0]
    assert browser.actor is RESIDENT
    assert "not the password" not in browser.answer.text
    browser.post("/sign-in", login=" ", password="")
    assert "Write your email address or login name" in browser.answer.text and browser.there[0] == 422


def test_who_tries_too_often_is_asked_to_wait_known_or_not(browser: Browser) -> None:
    account()
    browser.get("/sign-in")
    for login in (LOGIN, "nobody@testham.example"):
        statuses = [browser.post("/sign-in", login=login, password="wrong").there[0] for _try in range(6)]
        assert statuses == [422] * 5 + [429]
    assert "Wait" in browser.answer.text


def test_a_form_without_this_browsers_token_does_nothing(browser: Browser) -> None:
    account()
    other = Browser().get("/sign-in")
    token = re.search(r'name="token" value="([^"]+)"', other.answer.text)
    assert token
    browser.get("/sign-in")
    for fields in ({}, {"token": token[1]}):
        answer = browser.client.post("/sign-in", data={"login": LOGIN, "password": PASSWORD} | fields)
        assert answer.status_code == 403 and "That did not reach us" in answer.text
    assert browser.actor is RESIDENT
    signed_in(browser)
    for path in ("/sign-out", "/account/everywhere", "/account/password", "/account/second-factor/drop"):
        assert browser.client.post(path, data={"old": PASSWORD}).status_code in (303, 403)
    assert browser.actor.role is Role.DESIGNER


def test_a_role_with_power_sets_a_second_factor_up_before_it_comes_in(browser: Browser) -> None:
    account(Role.MODERATOR)
    signed_in(browser, "/runs")
    assert browser.there == (200, "Set up your second factor") and browser.actor is RESIDENT
    secret = shown_secret(browser)
    assert "data:image/svg+xml" in browser.answer.text
    assert browser.post("/sign-in/second-factor", code="000000").there[0] == 422
    assert shown_secret(browser) == secret
    browser.post("/sign-in/second-factor", code=code_for(secret))
    assert browser.there == (200, "Your recovery codes") and 'href="/runs"' in browser.answer.text
    codes = re.findall(r'<li class="secret" dir="ltr">([^<]+)</li>', browser.answer.text)
    assert len(codes) == 10 and browser.actor.role is Role.MODERATOR
    with_code_and_recovery_code(secret, codes[0])


def with_code_and_recovery_code(secret: str, recovery: str) -> None:
    second = Browser()
    assert signed_in(second, "/runs?a=1").there == (200, "Enter your code")
    assert second.actor is RESIDENT
    assert second.post("/sign-in/code", code="").there[0] == 422
    assert second.post("/sign-in/code", code=code_for(secret)).there[0] == 422, "a code is good once"
    assert second.post("/sign-in/code", code=code_for(secret, 1)).there == (303, "/runs?a=1")
    third = signed_in(Browser())
    assert third.post("/sign-in/code", recovery="wrong").there[0] == 422 and "<details open>" in third.answer.text
    assert third.post("/sign-in/code", recovery=recovery).there == (303, "/")
    assert third.actor.role is Role.MODERATOR


def shown_secret(browser: Browser) -> str:
    found = re.search(r'<p class="secret" dir="ltr">([^<]+)</p>', browser.answer.text)
    assert found
    return found[1].replace(" ", "")


def test_an_invitation_leaves_the_address_at_once_and_holds_once(browser: Browser) -> None:
    token = accounts.invite(SYSTEM, Role.FRONTLINE).token
    first = browser.client.get(f"/invitation/{token}")
    assert (first.status_code, first.headers["location"]) == (303, "/sign-in/first")
    assert first.headers["referrer-policy"] == "no-referrer"
    browser.get("/sign-in/first")
    assert browser.there == (200, "Make your account") and token not in browser.answer.text
    assert "Frontline staff" in browser.answer.text
    browser.post("/sign-in/first", name="Sam <b>Reed</b>", login="sam", password="short")
    assert browser.there[0] == 422 and "Sam &lt;b&gt;Reed" in browser.answer.text
    browser.post("/sign-in/first", name="Sam Reed", login="sam", password=PASSWORD)
    assert browser.there == (303, "/") and browser.actor.role is Role.FRONTLINE
    late = Browser().get(f"/invitation/{token}").get("/sign-in/first")
    assert late.there == (404, "This link no longer works")
    assert Browser().get("/sign-in/first").there[0] == 404
    assert Browser().get("/invitation/guessed").there[0] == 404


def test_a_taken_login_is_said_and_a_password_link_sets_a_new_password(browser: Browser) -> None:
    dana = account()
    token = accounts.invite(SYSTEM, Role.FRONTLINE).token
    browser.get(f"/invitation/{token}").post("/sign-in/first", name="Sam", login=LOGIN, password=PASSWORD)
    assert browser.there[0] == 409 and 'aria-describedby="login-hint login-error"' in browser.answer.text
    again = Browser().get(f"/invitation/{accounts.reset_link(SYSTEM, dana.id).token}")
    assert again.there == (200, "Choose a new password") and LOGIN in again.answer.text
    again.post("/sign-in/first", password="quartz meadow ferry lantern")
    assert again.there == (303, "/") and again.actor.account == dana.id
    assert signed_in(Browser()).there[0] == 422, "the old password"


def test_ones_own_account_asks_strangers_to_sign_in_and_comes_back(browser: Browser) -> None:
    account()
    browser.get("/account/password")
    assert browser.there == (200, "Sign in")
    browser.post("/sign-in", login=LOGIN, password=PASSWORD)
    assert browser.there == (200, "Change your password")
    browser.post("/account/password", old="wrong", new="quartz meadow ferry lantern")
    assert browser.there[0] == 422
    elsewhere = signed_in(Browser())
    browser.post("/account/password", old=PASSWORD, new="quartz meadow ferry lantern")
    assert browser.there == (200, "Your account") and "You are signed out everywhere else" in browser.answer.text
    assert elsewhere.actor is RESIDENT and browser.actor.role is Role.DESIGNER


def test_a_second_factor_is_set_up_renewed_and_taken_away_in_the_account(browser: Browser) -> None:
    account()
    signed_in(browser).get("/account/second-factor").post("/account/second-factor", password="wrong")
    assert browser.there[0] == 422
    browser.post("/account/second-factor", password=PASSWORD)
    secret = shown_secret(browser)
    uri = re.search(r'name="uri" value="([^"]+)"', browser.answer.text)
    assert uri
    browser.post("/account/second-factor/code", code="000000", uri=uri[1].replace("&amp;", "&"))
    assert browser.there[0] == 422 and shown_secret(browser) == secret
    browser.post("/account/second-factor/code", code=code_for(secret))
    assert browser.there == (200, "Your recovery codes")
    browser.get("/account/recovery-codes").post("/account/recovery-codes", password=PASSWORD)
    assert browser.answer.text.count('<li class="secret"') == 10
    browser.get("/account/second-factor").post("/account/second-factor/drop", **{"password-to-drop": PASSWORD})
    assert browser.there == (200, "Your account") and "is taken away" in browser.answer.text


def test_other_browsers_are_signed_out_one_by_one_or_all(browser: Browser) -> None:
    account()
    one, other = signed_in(Browser()), signed_in(Browser())
    signed_in(browser).get("/account")
    assert browser.answer.text.count("Another browser") == 2
    number = re.search(r'name="number" value="(\d+)"', browser.answer.text)
    assert number
    browser.post("/account/sessions", number=number[1])
    assert "That browser is signed out" in browser.answer.text
    assert [one.actor, other.actor].count(RESIDENT) == 1
    assert browser.post("/account/sessions", number="99999").there[0] == 404
    browser.get("/account").post("/account/everywhere")
    assert browser.there == (200, "You are signed out")
    assert [b.actor for b in (one, other, browser)] == [RESIDENT] * 3
    assert SESSION_COOKIE not in browser.client.cookies


def test_signing_out_ends_the_session_itself(browser: Browser) -> None:
    account()
    token = signed_in(browser).client.cookies[SESSION_COOKIE]
    assert browser.get("/sign-in").there == (200, "You are signed in")
    browser.get("/sign-out").post("/sign-out")
    assert browser.there == (200, "You are signed out") and SESSION_COOKIE not in browser.client.cookies
    assert actor_from({SESSION_COOKIE: token}) is RESIDENT
    assert accounts.actor_of(token) is None


def test_signing_in_again_ends_the_session_before(browser: Browser) -> None:
    account()
    account(Role.FRONTLINE, "sam@testham.example")
    token = signed_in(browser).client.cookies[SESSION_COOKIE]
    browser.get("/sign-in").post("/sign-in", login="sam@testham.example", password=PASSWORD)
    assert browser.actor.role is Role.FRONTLINE and accounts.actor_of(token) is None


def test_every_page_keeps_out_of_caches_and_shows_no_fault(browser: Browser, caplog: pytest.LogCaptureFixture) -> None:
    hostile = {
        "login": "\x00<script>",
        "password": "\U0001f9f1" * 900,
        "code": "１２３456",
        "number": "٣",
        "next": "//x",
    }
    for path in [route.path for route in routes if "{" not in route.path]:
        answers = [browser.client.get(path + "?next=%2F%2Fx&lang=<&done=<script>")]
        answers.append(browser.client.post(path, data=hostile))
        answers.append(browser.client.post(path, content=b"\xff%00=%FF&&&=" * 40))
        answers.append(browser.client.post(path, content=b"a" * 30_000))
        for answer in answers:
            assert answer.status_code < 500, path
            assert answer.status_code == 405 or answer.headers["cache-control"] == "no-store", path
            assert "<script>" not in answer.text.replace("<script>for(", ""), path
    assert not caplog.records


@pytest.fixture
def demo(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> Browser:
    monkeypatch.setenv("INSIGHT_DEMO_MODE", "1")
    settings.cache_clear()
    return browser


def test_in_demo_mode_a_role_is_picked_and_said_on_every_page(demo: Browser) -> None:
    account()
    demo.get("/sign-in?next=/safeguarding&lang=cy")
    assert "demo" in demo.answer.text and 'value="moderator"' in demo.answer.text
    demo.post("/sign-in", role="moderator", next="/runs?a=1", lang="en")
    assert demo.there == (303, "/runs?a=1&lang=en") and demo.actor.role is Role.MODERATOR
    assert demo.get("/account").there[0] == 404 and '<aside class="demo"' in demo.answer.text
    assert demo.get("/sign-in").post("/sign-in", role="root").there[0] == 422
    assert demo.get("/sign-in").post("/sign-in", login=LOGIN, password=PASSWORD).there[0] == 422


def test_the_first_run_prints_a_link_for_the_first_admin_and_later_ones_do_not(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("INSIGHT_HOST", "INSIGHT_PORT"):
        monkeypatch.setenv(name, "")  # put back afterwards
        monkeypatch.delenv(name)
    monkeypatch.chdir(".")
    monkeypatch.setattr("uvicorn.run", lambda *_args, **_options: None)
    printed = CliRunner().invoke(cli, ["serve", "--port", "9123"]).output
    token = re.search(r"http://127.0.0.1:9123/invitation/(\S+)", printed)
    assert token, printed
    browser.get(f"/invitation/{token[1]}").post("/sign-in/first", name="Alex", login="alex", password=PASSWORD)
    assert browser.there == (200, "Set up your second factor")
    assert "/invitation/" not in CliRunner().invoke(cli, ["serve"]).output


def test_a_real_session_means_nothing_in_demo_mode_nor_a_demo_role_outside(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    account()
    cookies: Mapping[str, str] = dict(signed_in(browser).client.cookies)
    assert actor_from({"throughline_demo_role": "admin"}) is RESIDENT
    monkeypatch.setenv("INSIGHT_DEMO_MODE", "1")
    settings.cache_clear()
    assert actor_from(cookies) is RESIDENT


@pytest.fixture
def provider(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> Browser:
    monkeypatch.setenv("INSIGHT_OIDC_METADATA_URL", "https://id.example/.well-known/openid-configuration")
    monkeypatch.setenv("INSIGHT_OIDC_CLIENT_ID", "throughline")
    monkeypatch.setenv("INSIGHT_OIDC_CLIENT_SECRET", "not in a page")
    monkeypatch.setenv("INSIGHT_PUBLIC_URL", "https://tell.example.gov.uk")
    settings.cache_clear()
    return browser


def test_a_provider_is_offered_beside_the_password_and_its_secret_stays_here(provider: Browser) -> None:
    provider.get("/sign-in?next=/runs")
    assert "Sign in with your organisation" in provider.answer.text and 'name="password"' in provider.answer.text
    told = secrets_for_streamlit()["auth"]
    assert told["redirect_uri"] == "https://tell.example.gov.uk/oauth2callback"
    assert told["client_secret"] == "not in a page" and len(told["cookie_secret"]) == 64
    assert "not in a page" not in provider.answer.text


def test_without_a_provider_there_is_no_way_to_one(browser: Browser) -> None:
    assert secrets_for_streamlit() == {}
    assert "organisation?" not in browser.get("/sign-in").answer.text
    assert browser.get("/sign-in/organisation").there[0] == 404


def test_only_who_left_for_the_provider_just_now_comes_back_from_it(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = 1_800_000_000
    monkeypatch.setattr("pages.accounts.provider.time.time", lambda: clock)
    left = read_door(write_door(left_at(clock - 30)))
    fresh = {"is_logged_in": True, "iat": clock - 5}
    assert has_come_back(left, fresh)
    assert not has_come_back(None, fresh) and not has_come_back(new_door(), fresh)
    assert not has_come_back(left, fresh | {"iat": clock - 3600}), "an identity of before: its session ran out"
    assert not has_come_back(left, {"is_logged_in": False}) and not has_come_back(left, {"is_logged_in": True})
    assert not has_come_back(left_at(clock - 1000), fresh), "left too long ago"


def left_at(moment: int) -> Any:
    return replace(new_door(), started=moment)


def test_a_handover_is_for_the_browser_that_left(browser: Browser, chosen: Callable[[], str]) -> None:
    ticket = chosen()
    assert browser.get("/sign-in/handover").there[0] == 404
    stranger = Browser().get("/sign-in")
    assert stranger.client.post("/sign-in/handover", data={"kind": "in", "ticket": ticket}).status_code == 403
    browser.get("/sign-in").post("/sign-in/handover", kind="in", ticket=ticket)
    assert browser.there == (303, "/") and browser.actor.role is Role.DESIGNER
    again = Browser().get("/sign-in").post("/sign-in/handover", kind="in", ticket=ticket)
    assert again.there[0] == 404 and again.actor is RESIDENT


@pytest.fixture
def chosen(sqlite: str, monkeypatch: pytest.MonkeyPatch) -> Callable[[], str]:
    """Makes tickets for a session that a provider's word opened."""
    monkeypatch.setenv("INSIGHT_OIDC_METADATA_URL", "https://id.example/.well-known/openid-configuration")
    settings.cache_clear()

    def made() -> str:
        accounts.invite(SYSTEM, Role.DESIGNER, email=LOGIN)
        entry = accounts.sign_in_by_provider("https://id.example", "dana-1", LOGIN, True, "Dana")
        assert isinstance(entry, accounts.SignedIn)
        return accounts.handover(entry)

    return made


def test_the_bar_of_a_screen_says_who_is_here_and_its_button_signs_out(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def bar() -> None:
        from insight.access import RESIDENT
        from pages.kit import bar
        from pages.kit.session import current_actor

        bar.draw(current_actor(), at_start=False)
        bar.draw(RESIDENT, at_start=True)

    account()
    cookies = dict(signed_in(browser).client.cookies)
    monkeypatch.setattr("streamlit.runtime.context.ContextProxy.cookies", cookies)
    screen = Screen(bar)
    shown = screen.html
    assert f"<strong>{LOGIN}</strong>, service designer" in shown and "Staff: sign in" in shown
    token = re.search(r'name="token" value="([^"]+)"', shown)
    assert token and screen.run().html == shown, "drawn anew, the button would lose the focus"
    browser.client.post("/sign-out", data={"token": token[1]})
    assert LOGIN not in screen.run().html
