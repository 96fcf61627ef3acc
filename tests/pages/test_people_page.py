"""The screen of people: inviting, changing, helping back in, disabling, and what it refuses."""

from typing import Any

import pytest

from insight import accounts, intake
from insight.access import SYSTEM, Role
from insight.accounts import Account
from insight.errors import NotFound
from tests.pages.screen import Screen as Base

PASSWORD = "harbour violet ladder stone"


def script() -> None:
    from insight import accounts
    from insight.access import SYSTEM, Actor, Role
    from pages.people import render

    alex = next(one for one in accounts.people(SYSTEM) if one.login == "alex")
    render(Actor(Role.ADMIN, "alex", alex.places, None, alex.id))


@pytest.fixture
def dana(sqlite: str) -> Account:
    """A designer with a password, in a place with an admin."""
    intake.add_place(SYSTEM, "Testham")
    intake.add_place(SYSTEM, "Otherham")
    accounts.accept(accounts.invite(SYSTEM, Role.ADMIN).token, "alex", "Alex Ward", PASSWORD)
    return accounts.accept(accounts.invite(SYSTEM, Role.DESIGNER).token, "dana", "Dana <b>Field", PASSWORD)


class Screen(Base):
    """The screen, and what one can do there."""

    def __init__(self, **query: str) -> None:
        super().__init__(script, **query)

    def choose(self, label: str, value: Any) -> "Screen":
        next(radio for radio in self.at.radio if radio.label == label).set_value(value)
        return self.run()

    def tick(self, label: str) -> "Screen":
        next(box for box in self.at.checkbox if box.label == label).check()
        return self.run()

    @property
    def link(self) -> str:
        return str(self.at.code[0].value)


def now(person: Account) -> Account:
    return next(one for one in accounts.people(SYSTEM) if one.id == person.id)


def test_the_list_says_who_may_what_and_escapes_names(dana: Account) -> None:
    html = Screen().html
    assert "Dana &lt;b&gt;Field" in html and "Service designer, every place" in html and "Never signed in" in html
    assert "No second factor" in html and "2 people" in html


def test_an_invitation_needs_a_role_and_places_then_gives_a_link_shown_once(dana: Account) -> None:
    screen = Screen(do="invite").press("Make the invitation")
    assert screen.html.count("Choose a role") == 2 and not screen.at.code
    screen.choose("Role", "moderator").choose("Places", "some").press("Make the invitation")
    assert screen.html.count("Tick at least one place") == 2
    screen.tick("Otherham").press("Make the invitation")
    seen = accounts.seen_invitation(screen.link.rsplit("/invitation/", 1)[1])
    assert (seen.role, seen.places) == (Role.MODERATOR, ("Otherham",))
    screen.press("Back to the list")
    assert not screen.at.code and "Invitations that wait" in screen.html
    screen.press("Take back")
    assert "its link no longer works" in screen.html and not accounts.invitations(SYSTEM)


def test_a_change_is_saved_and_holds_for_sessions_that_are_open(dana: Account) -> None:
    entry = accounts.sign_in("dana", PASSWORD, "192.0.2.1")
    assert isinstance(entry, accounts.SignedIn)
    screen = Screen(person=str(dana.id)).choose("Role", "frontline").choose("Places", "some")
    screen.tick("Testham").press("Save")
    assert "It holds from now on" in screen.html
    held = accounts.actor_of(entry.token)
    assert held and held.role is Role.FRONTLINE and held.places == now(dana).places != frozenset()
    screen.press("Disable this account")
    assert accounts.actor_of(entry.token) is None and now(dana).disabled
    assert "tl-off" in Screen().html
    screen.press("Let them sign in again")
    assert not now(dana).disabled and accounts.actor_of(entry.token) is None


def test_a_password_link_and_a_lost_second_factor(dana: Account) -> None:
    screen = Screen(person=str(dana.id)).press("Make a link for a new password")
    token = screen.link.rsplit("/invitation/", 1)[1]
    assert accounts.seen_invitation(token).login == "dana"
    assert "Take their second factor away" not in [button.label for button in screen.at.button]
    with pytest.raises(NotFound):
        accounts.seen_invitation(token[:-1])


def test_one_person_or_everybody_else_is_signed_out(dana: Account) -> None:
    def come_in() -> str:
        entry = accounts.sign_in("dana", PASSWORD, "198.51.100.7")
        assert isinstance(entry, accounts.SignedIn)
        return entry.token

    token = come_in()
    screen = Screen(person=str(dana.id)).press("Sign them out everywhere")
    assert "They are signed out everywhere, and can sign in again." in screen.html
    assert accounts.actor_of(token) is None
    token = come_in()
    assert "Everybody else is signed out everywhere." in Screen().press("Sign everybody else out").html
    assert accounts.actor_of(token) is None


def test_oneself_and_nobody_cannot_be_changed(dana: Account) -> None:
    alex = next(one for one in accounts.people(SYSTEM) if one.login == "alex")
    own = Screen(person=str(alex.id))
    assert "This is your own account" in own.html and not own.at.radio
    assert "nobody here with that address" in Screen(person="99999").html
    assert "People" in [title.value for title in Screen(person="<script>").at.title]


def test_a_fault_shows_nothing_of_what_was_typed(dana: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("secret@example")

    monkeypatch.setattr(accounts, "disable", broken)
    screen = Screen(person=str(dana.id)).press("Disable this account")
    assert "could not be saved just now" in screen.html and "secret@example" not in screen.html
