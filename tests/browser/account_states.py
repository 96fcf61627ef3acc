"""The states of signing in, of one's own account and of the screen of people, for the accessibility tests.

``SEED`` fills the database of a place where people sign in; each state is a step on from the one before it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pyotp

from insight import moments

PASSWORD = "harbour violet ladder stone"
SEED = """
import json, pyotp
from datetime import timedelta
from insight.database import prepare
prepare()
from insight import accounts, intake, moments
from insight.access import SYSTEM, Role
place = intake.add_place(SYSTEM, "Testham", organisations=[("Riverside Homes", "housing")])
PASSWORD = "harbour violet ladder stone"
def person(role, login, name, organisation=None):
    return accounts.accept(accounts.invite(SYSTEM, role, None, organisation).token, login, name, PASSWORD)
person(Role.DESIGNER, "dana@testham.example", "Dana Field")
person(Role.FRONTLINE, "sam@riverside.example", "Sam Reed", "Riverside Homes")
def admin(login, name):
    person(Role.ADMIN, login, name)
    ticket = accounts.sign_in(login, PASSWORD, "192.0.2.1").ticket
    secret = accounts.begin_enrolment(ticket).secret
    code = pyotp.TOTP(secret).at(moments.now() - timedelta(seconds=30))
    accounts.finish_enrolment(ticket, code, "192.0.2.1")
    return secret
secrets = {"secret": admin("alex@testham.example", "Alex Ward"), "robin": admin("robin@testham.example", "Robin Hale")}
accounts.invite(SYSTEM, Role.DESIGNER, email="olu@testham.example")
invitation = accounts.invite(SYSTEM, Role.MODERATOR, [place.id]).token
print(json.dumps(secrets | {"invitation": invitation}))
"""

Act = Callable[[Any, Mapping[str, str]], None]


@dataclass(frozen=True)
class AccountState:
    """A state of a page: how a tab gets there. ``made`` are the secrets that the seed printed."""

    name: str
    act: Act


def sign_in(tab: Any, login: str) -> None:
    """Fill in the page that asks for a login and a password."""
    tab.page.get_by_label("Email address or login name").fill(login)
    tab.page.get_by_label("Password", exact=True).fill(PASSWORD)
    tab.page.get_by_role("button", name="Sign in", exact=True).click()


def code_of(secret: str) -> str:
    """What the app shows now."""
    return pyotp.TOTP(secret).at(moments.now())


def at(path: str) -> Act:
    """A page that an address leads to."""

    def act(tab: Any, _made: Mapping[str, str]) -> None:
        tab.page.goto(tab.url + path)
        tab.page.wait_for_selector("h1")

    return act


def wrong_password(tab: Any, _made: Mapping[str, str]) -> None:
    """Nobody has this login."""
    sign_in(tab, "nobody")
    tab.page.get_by_role("alert").wait_for()


def invitation(tab: Any, made: Mapping[str, str]) -> None:
    """What an invitation is for."""
    at(f"/invitation/{made['invitation']}")(tab, made)


def nothing_typed(tab: Any, _made: Mapping[str, str]) -> None:
    """Neither name nor login nor password."""
    tab.page.get_by_role("button", name="Make my account").click()
    tab.page.get_by_role("alert").wait_for()


def second_factor(tab: Any, _made: Mapping[str, str]) -> None:
    """The account is made, and its role needs a second factor."""
    tab.page.get_by_label("Your name").fill("Mo Price")
    tab.page.get_by_label("Email address or login name").fill("mo@testham.example")
    tab.page.get_by_label("Password", exact=True).fill(PASSWORD)
    tab.page.get_by_role("button", name="Make my account").click()
    tab.page.get_by_text("I cannot scan it").click()


def recovery_codes(tab: Any, _made: Mapping[str, str]) -> None:
    """The codes that are shown once."""
    secret = tab.page.locator(".secret").inner_text().replace(" ", "")
    tab.page.get_by_label("The code that the app").fill(code_of(secret))
    tab.page.get_by_role("button", name="Continue").click()
    tab.page.get_by_role("heading", name="Your recovery codes").wait_for()


def opened(path: str) -> Act:
    """A page with what can be opened open."""

    def act(tab: Any, made: Mapping[str, str]) -> None:
        at(path)(tab, made)
        tab.page.locator("summary").first.click()

    return act


def signed_out(tab: Any, made: Mapping[str, str]) -> None:
    """Signed out."""
    at("/sign-out")(tab, made)
    tab.page.locator("main").get_by_role("button", name="Sign out").click()
    tab.page.get_by_role("heading", name="You are signed out").wait_for()


def code(tab: Any, made: Mapping[str, str]) -> None:
    """The question for a code."""
    at("/sign-in?next=%2Fpeople")(tab, made)
    sign_in(tab, "robin@testham.example")
    tab.page.get_by_text("I do not have my phone").click()


def people(tab: Any, made: Mapping[str, str]) -> None:
    """Everybody who may sign in, and how often people were refused."""
    tab.page.get_by_label("The code that your").fill(code_of(made["robin"]))
    tab.page.get_by_role("button", name="Continue").click()
    tab.on("People").page.get_by_text("Refused at the door").click()
    tab.idle()


def invite(tab: Any, _made: Mapping[str, str]) -> None:
    """The form to invite somebody, with nothing chosen."""
    tab.press("Invite somebody", "Invite somebody").press("Make the invitation")
    tab.page.get_by_role("alert").wait_for()


def invited(tab: Any, _made: Mapping[str, str]) -> None:
    """The link of an invitation for one place."""
    tab.page.get_by_text("Moderator", exact=True).click()
    tab.page.get_by_text("Only the places that I tick").click()
    tab.idle().page.get_by_text("Testham", exact=True).wait_for()
    tab.press("Make the invitation").page.locator("#saved").wait_for()


def person(tab: Any, _made: Mapping[str, str]) -> None:
    """What one person may do."""
    tab.press("Back to the list", "People").press("Change Sam Reed", "Sam Reed")


def not_found(tab: Any, _made: Mapping[str, str]) -> None:
    """Somebody who is not there."""
    tab.go("/people?person=99999").page.get_by_role("alert").wait_for()


ACCOUNT_STATES = [
    AccountState("sign in", opened("/sign-in")),
    AccountState("sign in: wrong", wrong_password),
    AccountState("invitation", invitation),
    AccountState("invitation: nothing typed", nothing_typed),
    AccountState("second factor at the door", second_factor),
    AccountState("recovery codes", recovery_codes),
    AccountState("account", at("/account")),
    AccountState("account: password", at("/account/password")),
    AccountState("account: second factor", opened("/account/second-factor")),
    AccountState("account: recovery codes", at("/account/recovery-codes")),
    AccountState("signed out", signed_out),
    AccountState("link that no longer works", at("/sign-in/first")),
    AccountState("code", code),
    AccountState("people", people),
    AccountState("people: invite", invite),
    AccountState("people: invited", invited),
    AccountState("people: one", person),
    AccountState("people: nobody", not_found),
]
