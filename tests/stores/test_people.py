"""Looking after one's own account, managing people within one's scope, and coming in by a provider."""

from collections.abc import Callable
from functools import partial

import pyotp
import pytest
from typer.testing import CliRunner

from insight import accounts, audit
from insight.access import SYSTEM, Actor, Role
from insight.accounts import Account, MustEnrol, NeedsCode, SignedIn
from insight.commands import people as command
from insight.errors import BadInput, Conflict, InsightError, NotFound, NotReady
from insight.intake import add_place
from insight.limits import TooOften
from insight.settings import settings
from tests.stores.people import (
    HOME,
    ISSUER,
    PASSWORD,
    Clock,
    _cheap_hashes,
    at_once,
    clock,
    come_in,
    enrol,
    person,
    provider,
)

__all__ = ["_cheap_hashes", "clock", "provider"]
NEW = "another marmot plinth"


def actor(account: Account) -> Actor:
    """Somebody as they act once they are signed in."""
    return Actor(account.role, account.login, account.places, account.organisation, account.id)


def test_a_new_password_ends_every_other_session_and_open_links(database: str, clock: Clock) -> None:
    bob = person("bob", Role.DESIGNER)
    this, other = come_in("bob").token, come_in("bob").token
    link = accounts.reset_link(SYSTEM, bob.id).token
    for old, new, problem in (("wrong", NEW, BadInput), (PASSWORD, "short", BadInput)):
        with pytest.raises(problem):
            accounts.change_password(actor(bob), old, new, this)
    accounts.change_password(actor(bob), PASSWORD, NEW, this)
    assert accounts.actor_of(this)
    assert accounts.actor_of(other) is None
    with pytest.raises(NotFound):
        accounts.seen_invitation(link)
    with pytest.raises(BadInput):
        accounts.sign_in("bob", PASSWORD, HOME)
    come_in("bob", password=NEW)


def test_an_open_screen_does_not_let_a_password_be_guessed(sqlite: str, clock: Clock) -> None:
    bob = person("bob", Role.DESIGNER)
    come_in("bob")
    for _guess in range(5):
        with pytest.raises(BadInput):
            accounts.begin_second_factor(actor(bob), "not it at all")
    with pytest.raises(TooOften):
        accounts.begin_second_factor(actor(bob), PASSWORD)
    come_in("bob")  # their sign-in waits for nobody
    clock.forward(minutes=1)
    accounts.begin_second_factor(actor(bob), PASSWORD)


def test_a_second_factor_of_ones_own_choice_comes_and_goes(sqlite: str, clock: Clock) -> None:
    bob = person("bob", Role.DESIGNER)
    this, other = come_in("bob").token, come_in("bob").token
    with pytest.raises(NotReady):
        accounts.finish_second_factor(actor(bob), "123456", this)
    secret = accounts.begin_second_factor(actor(bob), PASSWORD).secret
    with pytest.raises(BadInput):
        accounts.finish_second_factor(actor(bob), "123", this)
    assert not accounts.my_account(actor(bob)).second_factor
    old = accounts.finish_second_factor(actor(bob), pyotp.TOTP(secret).at(clock.at), this)
    assert accounts.my_account(actor(bob)).second_factor
    assert accounts.actor_of(this) and accounts.actor_of(other) is None
    entry = accounts.sign_in("bob", PASSWORD, HOME)
    assert isinstance(entry, NeedsCode)
    new = accounts.new_recovery_codes(actor(bob), PASSWORD)
    with pytest.raises(BadInput):
        accounts.confirm(entry.ticket, old[0], HOME)
    assert accounts.confirm(entry.ticket, new[0], HOME)
    accounts.drop_second_factor(actor(bob), PASSWORD)
    come_in("bob")
    with pytest.raises(NotReady):
        accounts.new_recovery_codes(actor(bob), PASSWORD)


def test_a_role_with_power_keeps_its_second_factor_but_may_change_it(sqlite: str, clock: Clock) -> None:
    ann = person("ann", Role.ADMIN)
    done, first = enrol("ann", clock)
    with pytest.raises(Conflict):
        accounts.drop_second_factor(actor(ann), PASSWORD)
    second = accounts.begin_second_factor(actor(ann), PASSWORD).secret
    accounts.finish_second_factor(actor(ann), pyotp.TOTP(second).at(clock.at), done.signed_in.token)
    assert accounts.actor_of(done.signed_in.token)
    clock.forward(seconds=30)
    entry = accounts.sign_in("ann", PASSWORD, HOME)
    assert isinstance(entry, NeedsCode)
    with pytest.raises(BadInput):
        accounts.confirm(entry.ticket, pyotp.TOTP(first).at(clock.at), HOME)
    accounts.confirm(entry.ticket, pyotp.TOTP(second).at(clock.at), HOME)


def test_sessions_are_seen_and_ended_by_their_own_person_only(sqlite: str, clock: Clock) -> None:
    bob, cat = person("bob", Role.DESIGNER), person("cat", Role.DESIGNER)
    first = come_in("bob").token
    clock.forward(minutes=2)
    second, hers = come_in("bob").token, come_in("cat").token
    seen = accounts.my_sessions(actor(bob), first)
    assert [view.this for view in seen] == [False, True]
    for number in (accounts.my_sessions(actor(cat), hers)[0].number, 10_000):
        with pytest.raises(NotFound):
            accounts.end_session(actor(bob), number)
    accounts.end_session(actor(bob), seen[0].number)
    assert accounts.actor_of(second) is None
    assert accounts.sign_out_everywhere(actor(bob)) == 1
    assert accounts.actor_of(first) is None
    assert accounts.actor_of(hers)


def test_who_has_no_account_has_nothing_to_look_after(sqlite: str) -> None:
    for nobody in (SYSTEM, Actor(Role.DESIGNER, "demo designer"), Actor(Role.DESIGNER, "gone", account=99)):
        with pytest.raises(NotFound):
            accounts.my_account(nobody)
        with pytest.raises(NotFound):
            accounts.change_password(nobody, PASSWORD, NEW)


def test_an_admin_of_some_places_manages_people_within_them_and_gives_no_more(database: str) -> None:
    river, hill = (add_place(SYSTEM, name).id for name in ("Riverbank", "Hilltop"))
    here, there = person("bob", Role.DESIGNER, {river}), person("cat", Role.DESIGNER, {river, hill})
    everywhere = person("dee", Role.DESIGNER)
    admin = Actor(Role.ADMIN, "ann", frozenset({river}), None, 99)
    open_there = accounts.invite(SYSTEM, Role.DESIGNER, {hill})
    assert open_there
    assert [each.login for each in accounts.people(admin)] == ["bob"]
    assert accounts.invitations(admin) == []
    number = accounts.invitations(SYSTEM)[0].number
    refused: list[Callable[[], object]] = [
        partial(accounts.disable, admin, there.id),
        partial(accounts.disable, admin, everywhere.id),
        partial(accounts.enable, admin, there.id),
        partial(accounts.reset_link, admin, there.id),
        partial(accounts.reset_second_factor, admin, everywhere.id),
        partial(accounts.sign_person_out, admin, there.id),
        partial(accounts.disable, admin, 12_345),
        partial(accounts.revoke_invitation, admin, number),
        partial(accounts.invite, admin, Role.DESIGNER, None),
        partial(accounts.invite, admin, Role.ADMIN, {river, hill}),
        partial(accounts.change_person, admin, here.id, Role.DESIGNER, {hill}, None),
        partial(accounts.change_person, admin, here.id, Role.DESIGNER, None, None),
    ]
    for beyond in refused:
        with pytest.raises(NotFound):
            beyond()
    for unfit in (partial(accounts.invite, admin, Role.DESIGNER, ()), partial(accounts.invite, admin, Role.RESIDENT)):
        with pytest.raises(InsightError):
            unfit()
    with pytest.raises(BadInput):
        accounts.invite(SYSTEM, Role.DESIGNER, {12_345})
    changed = accounts.change_person(admin, here.id, Role.ADMIN, {river}, "Riverbank Trust")
    assert (changed.role, changed.places) == (Role.ADMIN, frozenset({river}))
    assert changed.organisation == "Riverbank Trust"
    made = accounts.invite(admin, Role.FRONTLINE, {river})
    assert accounts.seen_invitation(made.token).places == ("Riverbank",)
    accounts.revoke_invitation(admin, accounts.invitations(admin)[0].number)
    with pytest.raises(NotFound):
        accounts.seen_invitation(made.token)


def test_nobody_changes_what_they_themselves_may_do(sqlite: str) -> None:
    ann = person("ann", Role.ADMIN)
    person("bea", Role.ADMIN)
    for deed in (
        partial(accounts.change_person, actor(ann), ann.id, Role.SAFEGUARDING, None, None),
        partial(accounts.disable, actor(ann), ann.id),
        partial(accounts.reset_second_factor, actor(ann), ann.id),
        partial(accounts.sign_person_out, actor(ann), ann.id),
        partial(accounts.reset_link, actor(ann), ann.id),
    ):
        with pytest.raises(Conflict):
            deed()


def test_an_admin_signs_out_one_person_or_everybody_within_their_scope(database: str, clock: Clock) -> None:
    river, hill = (add_place(SYSTEM, name).id for name in ("Riverbank", "Hilltop"))
    ann = person("ann", Role.ADMIN, {river})
    own = enrol("ann", clock)[0].signed_in.token
    held = {
        login: [come_in(login).token for _each in range(2)]
        for login, where in (("bob", {river}), ("bea", {river}), ("cat", {hill}), ("dan", None))
        if person(login, Role.DESIGNER, where)
    }
    admin = actor(ann)

    def signed_in() -> set[str]:
        return {login for login, tokens in held.items() if all(map(accounts.actor_of, tokens))}

    bob = accounts.actor_of(held["bob"][0])
    assert bob is not None and bob.account is not None
    assert accounts.sign_person_out(admin, bob.account) == 2
    assert signed_in() == {"bea", "cat", "dan"}
    assert accounts.sign_everybody_out(admin) == 2
    assert signed_in() == {"cat", "dan"}
    assert accounts.actor_of(own), "who signs the others out goes on"
    assert "Sessions ended: 5" in CliRunner().invoke(command.app, ["sign-everybody-out"]).output
    assert not signed_in() and accounts.actor_of(own) is None
    for what in ("accounts.sign_everybody_out", "accounts.sign_person_out"):
        assert "ann" in {entry.name for entry in audit.newest(audit.Wanted(what=what), 5)[0]}
    assert accounts.actor_of(come_in("bob").token), "they may sign in again"
    assert "Sessions ended: 1" in CliRunner().invoke(command.app, ["sign-out", "BOB"]).output


def test_the_last_admin_for_every_place_stays(database: str) -> None:
    river = add_place(SYSTEM, "Riverbank").id
    ann, bea = person("ann", Role.ADMIN), person("bea", Role.ADMIN)
    person("col", Role.ADMIN, {river})
    tried = at_once(partial(accounts.disable, actor(ann), bea.id), partial(accounts.disable, actor(bea), ann.id))
    assert sorted(type(each).__name__ for each in tried) == ["Conflict", "NoneType"]
    left = next(each for each in (ann, bea) if not _disabled(each))
    for deed in (
        partial(accounts.disable, SYSTEM, left.id),
        partial(accounts.change_person, SYSTEM, left.id, Role.DESIGNER, None, None),
        partial(accounts.change_person, SYSTEM, left.id, Role.ADMIN, {river}, None),
        partial(accounts.change_person, SYSTEM, left.id, Role.ADMIN, None, "Riverbank Trust"),
    ):
        with pytest.raises(Conflict):
            deed()
    assert accounts.change_person(SYSTEM, left.id, Role.ADMIN, None, None).role is Role.ADMIN


def _disabled(account: Account) -> bool:
    return {each.id: each.disabled for each in accounts.people(SYSTEM)}[account.id]


def test_a_password_link_is_for_one_person_once_and_dies_when_they_are_disabled(database: str, clock: Clock) -> None:
    bob = person("bob", Role.DESIGNER)
    token = come_in("bob").token
    before, link = (accounts.reset_link(SYSTEM, bob.id).token for _each in range(2))
    seen = accounts.seen_invitation(link)
    assert (seen.reset, seen.login) == (True, "bob")
    with pytest.raises(NotFound):
        accounts.accept(before, password=NEW)
    with pytest.raises(BadInput):
        accounts.accept(link, password="Bob-bob-bob-1")
    tried = at_once(*(partial(accounts.accept, link, password=NEW) for _each in range(3)))
    assert sorted(type(each).__name__ for each in tried) == ["Account", "NotFound", "NotFound"]
    used, _many = audit.newest(audit.Wanted(what="accounts.use_reset_link"), 5)
    assert [(entry.name, entry.about) for entry in used] == [("bob", f"account {bob.id}")]
    assert accounts.actor_of(token) is None
    come_in("bob", password=NEW)
    last = accounts.reset_link(SYSTEM, bob.id).token
    accounts.disable(SYSTEM, bob.id)
    with pytest.raises(NotFound):
        accounts.accept(last, password=NEW)
    with pytest.raises(Conflict):
        accounts.reset_link(SYSTEM, bob.id)


def test_a_lost_second_factor_is_taken_away_and_set_up_anew(sqlite: str, clock: Clock) -> None:
    ann = person("ann", Role.ADMIN)
    done, _secret = enrol("ann", clock)
    accounts.reset_second_factor(SYSTEM, ann.id)
    assert accounts.actor_of(done.signed_in.token) is None
    assert isinstance(accounts.sign_in("ann", PASSWORD, HOME), MustEnrol)


def by_provider(
    subject: str, email: str, verified: bool = True, issuer: str = ISSUER, shown: tuple[str, ...] = ()
) -> accounts.Entry:
    """Come in by the provider."""
    return accounts.sign_in_by_provider(issuer, subject, email, verified, "Ann Archer", HOME, shown)


@pytest.mark.usefixtures("provider")
def test_a_provider_lets_in_who_was_invited_and_knows_them_again(database: str, clock: Clock) -> None:
    accounts.invite(SYSTEM, Role.ADMIN, email="Ann@Example.org")
    for subject, email, verified in (
        ("s1", "ann@example.org", False),
        ("s1", "eve@example.org", True),
        ("s1", "", True),
    ):
        with pytest.raises(NotFound):
            by_provider(subject, email, verified)
    tried = at_once(*(partial(by_provider, "s1", "ANN@example.org") for _each in range(3)))
    assert [type(each) for each in tried] == [SignedIn] * 3
    assert [(each.login, each.has_password) for each in accounts.people(SYSTEM)] == [("ann@example.org", False)]
    entry = by_provider("s1", "ann.archer@new.example.org", False)  # known by their subject, whatever their email now
    assert isinstance(entry, SignedIn)
    assert accounts.actor_of(entry.token)
    for subject, issuer in (("s2", ISSUER), ("s1", "https://other.example.org")):
        with pytest.raises(NotFound):
            by_provider(subject, "ann@example.org", issuer=issuer)
    with pytest.raises(BadInput):
        accounts.sign_in("ann@example.org", "", HOME)
    with pytest.raises(Conflict):
        accounts.change_password(actor(entry.account), "", NEW)


@pytest.mark.usefixtures("provider")
def test_a_provider_may_stand_for_an_account_with_that_email(sqlite: str, monkeypatch: pytest.MonkeyPatch) -> None:
    ann = person("ann@example.org", Role.ADMIN)
    entry = by_provider("s1", "ann@example.org")
    assert isinstance(entry, SignedIn) and entry.account.id == ann.id
    monkeypatch.setenv("INSIGHT_PROVIDER_SECOND_FACTOR", "0")
    settings.cache_clear()
    assert isinstance(by_provider("s1", "", shown=("mfa",)), MustEnrol)
    monkeypatch.setenv("INSIGHT_PROVIDER_SECOND_FACTOR", "1")
    monkeypatch.setenv("INSIGHT_OIDC_STRONG", "mfa, gold")
    settings.cache_clear()
    assert isinstance(by_provider("s1", "", shown=("pwd",)), MustEnrol), "the provider does not say how they came in"
    assert isinstance(by_provider("s1", "", shown=("pwd", "mfa")), SignedIn)
    person("bea", Role.ADMIN)
    accounts.disable(SYSTEM, ann.id)
    with pytest.raises(NotFound):
        by_provider("s1", "ann@example.org")
    settings.cache_clear()


def test_the_command_line_lets_people_in_and_out(sqlite: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INSIGHT_PUBLIC_URL", "https://tell.example.gov.uk/")
    settings.cache_clear()

    def run(*told: str) -> str:
        return CliRunner().invoke(command.app, told, catch_exceptions=False).output

    def taken(printed: str) -> str:
        return printed.split("https://tell.example.gov.uk/invitation/")[1].strip()

    accounts.accept(taken(run("first-admin")), "ann", "Ann", PASSWORD)
    assert command.first_admin_link() is None
    add_place(SYSTEM, "Riverbank")
    accounts.accept(taken(run("invite", "--role", "designer", "--place", "riverbank")), "bob", "Bob", PASSWORD)
    accounts.accept(taken(run("reset-link", "BOB")), password=NEW)
    run("disable", "bob")
    listed = run("list").splitlines()
    assert listed[0].startswith("ann  Ann  admin  every place  no second factor  never here")
    assert listed[1] == "bob  Bob  designer  Riverbank  no second factor  never here  disabled"
    run("enable", "bob")
    come_in("bob", password=NEW)
    with pytest.raises(Conflict):
        run("disable", "ann")
    with pytest.raises(NotFound):
        run("reset-second-factor", "nobody")
