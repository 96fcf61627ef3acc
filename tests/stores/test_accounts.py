"""Coming in, going on and going out: passwords, codes, waits, sessions, races; on both databases."""

import sqlite3
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pyotp
import pytest
from argon2 import PasswordHasher
from sqlalchemy import text

from insight import accounts, audit
from insight.access import SYSTEM, Actor, Role
from insight.accounts import MustEnrol, SignedIn, hashing
from insight.audit import Wanted
from insight.database import engine
from insight.errors import BadInput, Conflict, InsightError, NotFound
from insight.limits import TooOften
from insight.settings import settings
from tests.stores.people import (
    HOME,
    ISSUER,
    PASSWORD,
    Clock,
    _cheap_hashes,
    at_once,
    at_the_door,
    clock,
    come_in,
    enrol,
    person,
    provider,
)

__all__ = ["_cheap_hashes", "clock", "provider"]
AWAY = "203.0.113.9"


def wrong(login: str, times: int = 1, address: str = AWAY) -> str:
    """Guess wrongly; gives what was said last."""
    said = ""
    for _guess in range(times):
        with pytest.raises(BadInput) as refused:
            accounts.sign_in(login, "not the password at all", address)
        said = str(refused.value)
    return said


def test_the_first_admin_comes_in_by_the_newest_link_once(database: str, clock: Clock) -> None:
    before, newest = accounts.first_admin_token(), accounts.first_admin_token()
    assert before and newest
    with pytest.raises(NotFound):
        accounts.accept(before, "ann", "Ann", PASSWORD)
    assert accounts.seen_invitation(newest).role is Role.ADMIN
    made = accounts.accept(newest, "Ann@Example.org", "Ann", PASSWORD)
    assert (made.login, made.role, made.places) == ("ann@example.org", Role.ADMIN, None)
    assert accounts.first_admin_token() is None
    with pytest.raises(NotFound):
        accounts.accept(newest, "eve", "Eve", PASSWORD)


def test_of_several_who_take_one_link_one_gets_in(database: str) -> None:
    first = accounts.first_admin_token() or ""
    tried = at_once(*(partial(accounts.accept, first, f"ann{n}", "Ann", PASSWORD) for n in range(4)))
    assert sorted(type(each).__name__ for each in tried) == ["Account", "NotFound", "NotFound", "NotFound"]
    link = accounts.invite(SYSTEM, Role.DESIGNER).token
    tried = at_once(*(partial(accounts.accept, link, f"bob{n}", "Bob", PASSWORD) for n in range(4)))
    assert sorted(type(each).__name__ for each in tried) == ["Account", "NotFound", "NotFound", "NotFound"]
    assert len(accounts.people(SYSTEM)) == 2


def test_a_link_holds_after_a_mistake_and_ends_with_its_time(sqlite: str, clock: Clock) -> None:
    person("bob", Role.DESIGNER)
    link = accounts.invite(SYSTEM, Role.DESIGNER).token
    for login, password, problem in (
        ("cat", "short", BadInput),
        ("cat", "CatCatCat2026", BadInput),
        ("bob", PASSWORD, Conflict),
        ("", PASSWORD, BadInput),
    ):
        with pytest.raises(problem):
            accounts.accept(link, login, "Cat", password)
    clock.forward(days=7)
    with pytest.raises(NotFound):
        accounts.accept(link, "cat", "Cat", PASSWORD)


HOSTILE = ("", "\x00", "a\x00b", "\ud800", "\U0001f600" * 90, "' OR 1=1 --", "ﷺ" * 5_000, "x" * 100_000)


@pytest.mark.usefixtures("provider")
def test_nothing_that_is_typed_breaks_the_door(database: str) -> None:
    link = accounts.invite(SYSTEM, Role.DESIGNER).token
    for number, typed in enumerate(HOSTILE):
        tried: tuple[Callable[[], object], ...] = (
            partial(accounts.sign_in, typed, typed, f"{typed}{number}"),
            partial(accounts.confirm, typed, typed, typed),
            partial(accounts.begin_enrolment, typed),
            partial(accounts.take_over, typed),
            partial(accounts.accept, typed, typed, typed, typed),
            partial(accounts.accept, link, typed, typed, typed),
            partial(accounts.accept, link, "person", typed, PASSWORD + typed[:2] + "\x00" * 200),
            partial(accounts.sign_in_by_provider, typed, typed, typed, True, typed),
            partial(accounts.sign_in_by_provider, ISSUER, typed, typed, True, typed),
            partial(accounts.invite, SYSTEM, Role.DESIGNER, None, "\x00" + "y" * 200),
        )
        for attempt in tried:
            with pytest.raises(InsightError):
                attempt()
        assert accounts.actor_of(typed) is None
        accounts.sign_out(typed)
    for far in (0, -1, 2**31, 10**30):
        with pytest.raises(NotFound):
            accounts.disable(SYSTEM, far)
        with pytest.raises(NotFound):
            accounts.revoke_invitation(SYSTEM, far)


def test_a_token_leads_to_its_actor(database: str, clock: Clock) -> None:
    made = person("bob", Role.DESIGNER, None, "Riverbank Trust")
    signed_in = come_in(" BOB ")
    assert accounts.actor_of(signed_in.token) == Actor(Role.DESIGNER, "bob", None, "Riverbank Trust", made.id)
    assert signed_in.token not in repr(signed_in)
    for nobody in (None, "", "x" * 43, signed_in.token[:-1], signed_in.token + "x", "y" * 10_000):
        assert accounts.actor_of(nobody) is None
    accounts.sign_out(signed_in.token)
    assert accounts.actor_of(signed_in.token) is None
    assert [entry.what for entry in audit.newest(Wanted(), 1)[0]] == ["accounts.sign_in"]


def test_a_stranger_hears_the_same_whoever_they_ask_for(sqlite: str, clock: Clock) -> None:
    disabled = person("dee", Role.DESIGNER)
    person("bob", Role.DESIGNER)
    accounts.disable(SYSTEM, disabled.id)
    with pytest.raises(BadInput) as right_but_disabled:
        accounts.sign_in("dee", PASSWORD, AWAY)
    said = {wrong("bob"), wrong("nobody"), wrong("dee"), str(right_but_disabled.value)}
    assert len(said) == 1
    assert sum(each.times for each in accounts.refused_sign_ins(SYSTEM)) == 4


def test_an_unknown_login_costs_as_many_hashes_as_a_known_one(sqlite: str, monkeypatch: pytest.MonkeyPatch) -> None:
    person("bob", Role.DESIGNER)
    wrong("warm-up")
    compared: list[str] = []
    verify = type(hashing._hasher()).verify

    def noted(hasher: PasswordHasher, kept: str, typed: bytes) -> bool:
        compared.append(kept)
        return verify(hasher, kept, typed)

    monkeypatch.setattr(type(hashing._hasher()), "verify", noted)
    wrong("bob")
    wrong("nobody")
    assert len(compared) == 2


@pytest.mark.parametrize("login", ["bob", "nobody"])
def test_after_five_wrong_ones_waits_grow_and_end(sqlite: str, clock: Clock, login: str) -> None:
    person("bob", Role.DESIGNER)
    wrong(login, 5)
    waited = []
    for _turn in range(8):
        with pytest.raises(TooOften) as held:
            accounts.sign_in(login, PASSWORD, AWAY)
        waited.append(held.value.seconds)
        clock.forward(seconds=held.value.seconds)
        wrong(login)
    assert waited == [60, 120, 240, 480, 960, 1920, 3600, 3600]
    clock.forward(hours=1)
    if login == "bob":
        come_in("bob", AWAY)
        wrong("bob", 5)
    else:
        clock.forward(days=1)
        wrong(login, 5)


def test_a_stranger_cannot_keep_somebody_out_of_where_they_work(sqlite: str, clock: Clock) -> None:
    bob = person("bob", Role.DESIGNER)
    come_in("bob", HOME)
    wrong("bob", 5, AWAY)
    with pytest.raises(TooOften):
        accounts.sign_in("bob", PASSWORD, "192.0.2.1")
    come_in("bob", HOME)
    wrong("bob", 5, HOME)
    with pytest.raises(TooOften):
        accounts.sign_in("bob", PASSWORD, HOME)
    link = accounts.reset_link(SYSTEM, bob.id).token
    accounts.accept(link, password="another marmot plinth")
    come_in("bob", "192.0.2.1", "another marmot plinth")


def test_one_address_waits_whoever_it_asks_for(sqlite: str, clock: Clock) -> None:
    for number in range(20):
        wrong(f"person{number}", 1, AWAY)
    with pytest.raises(TooOften):
        accounts.sign_in("person99", PASSWORD, AWAY)
    wrong("person99", 1, HOME)


def test_many_guesses_at_once_are_no_more_than_one_after_another(database: str) -> None:
    person("bob", Role.DESIGNER)
    tried = at_once(*(partial(accounts.sign_in, "bob", "not the password", AWAY) for _each in range(12)))
    assert sorted(type(each).__name__ for each in tried) == ["BadInput"] * 5 + ["TooOften"] * 7


def test_several_sign_ins_of_one_person_at_once_are_several_sessions(database: str) -> None:
    person("bob", Role.DESIGNER)
    tried = at_once(*(partial(accounts.sign_in, "bob", PASSWORD, HOME) for _each in range(4)))
    actors = {accounts.actor_of(each.token) for each in tried}
    assert {actor.name for actor in actors if actor} == {"bob"}
    assert len({each.token for each in tried}) == 4


def test_power_has_no_session_before_there_is_a_second_factor(sqlite: str, clock: Clock) -> None:
    person("ann", Role.ADMIN)
    entry = accounts.sign_in("ann", PASSWORD, HOME)
    assert isinstance(entry, MustEnrol)
    assert accounts.actor_of(entry.ticket) is None
    with pytest.raises(NotFound):
        accounts.confirm(entry.ticket, "000000", HOME)
    shown = accounts.begin_enrolment(entry.ticket)
    assert accounts.begin_enrolment(entry.ticket) == shown
    assert shown.uri.startswith("otpauth://totp/Throughline:ann?secret=")
    with pytest.raises(BadInput):
        accounts.finish_enrolment(entry.ticket, "000000", HOME)
    other = accounts.sign_in("ann", PASSWORD, HOME)
    assert isinstance(other, MustEnrol)
    assert accounts.begin_enrolment(other.ticket).secret != shown.secret
    done = accounts.finish_enrolment(entry.ticket, pyotp.TOTP(shown.secret).at(clock.at), HOME)
    actor = accounts.actor_of(done.signed_in.token)
    assert actor and actor.role is Role.ADMIN
    assert done.signed_in.account.second_factor
    assert len(done.recovery_codes) == 10
    with pytest.raises(NotFound):  # the other ticket's secret must not become a second way in
        accounts.finish_enrolment(
            other.ticket, pyotp.TOTP(accounts.begin_enrolment(other.ticket).secret).at(clock.at), HOME
        )


def test_a_code_is_asked_for_and_counts_once(database: str, clock: Clock) -> None:
    person("ann", Role.ADMIN)
    done, secret = enrol("ann", clock)
    code = pyotp.TOTP(secret).at(clock.at)
    ticket, other = at_the_door("ann"), at_the_door("ann")
    with pytest.raises(BadInput):
        accounts.confirm(ticket, "12345", HOME)
    assert accounts.actor_of(accounts.confirm(ticket, code, HOME).token)
    with pytest.raises(BadInput):
        accounts.confirm(other, code, HOME)
    with pytest.raises(NotFound):
        accounts.confirm(ticket, pyotp.TOTP(secret).at(clock.at.timestamp() + 30), HOME)
    assert accounts.actor_of(accounts.confirm(other, done.recovery_codes[3], HOME).token)
    with pytest.raises(BadInput):
        accounts.confirm(at_the_door("ann"), done.recovery_codes[3], HOME)
    late = at_the_door("ann")
    clock.forward(minutes=10)
    with pytest.raises(NotFound):
        accounts.confirm(late, pyotp.TOTP(secret).at(clock.at), HOME)


def test_one_code_or_ticket_used_twice_at_once_opens_one_session(database: str, clock: Clock) -> None:
    person("ann", Role.ADMIN)
    done, secret = enrol("ann", clock)
    code = pyotp.TOTP(secret).at(clock.at)
    tickets = [at_the_door("ann") for _each in range(3)]
    tried = at_once(*(partial(accounts.confirm, ticket, code, HOME) for ticket in tickets))
    assert sorted(type(each).__name__ for each in tried) == ["BadInput", "BadInput", "SignedIn"]
    left = at_the_door("ann")
    tried = at_once(*(partial(accounts.confirm, left, each, HOME) for each in done.recovery_codes[:3]))
    assert sorted(type(each).__name__ for each in tried) == ["NotFound", "NotFound", "SignedIn"]


def test_wrong_codes_wait_too_also_at_once(database: str, clock: Clock) -> None:
    person("ann", Role.ADMIN)
    _done, secret = enrol("ann", clock)
    ticket = at_the_door("ann", AWAY)
    tried = at_once(*(partial(accounts.confirm, ticket, "000000", AWAY) for _each in range(8)))
    assert sorted(type(each).__name__ for each in tried) == ["BadInput"] * 5 + ["TooOften"] * 3
    with pytest.raises(TooOften):
        accounts.confirm(ticket, pyotp.TOTP(secret).at(clock.at), AWAY)
    assert accounts.confirm(at_the_door("ann", HOME), pyotp.TOTP(secret).at(clock.at), HOME)


def test_a_session_ends_by_idling_and_by_its_age(sqlite: str, clock: Clock) -> None:
    person("bob", Role.DESIGNER)
    idle, used = come_in("bob").token, come_in("bob").token
    for _turn in range(25):
        clock.forward(minutes=29)
        if accounts.actor_of(used) is None:
            break
    assert 12 <= (clock.at.hour - 9) % 24 + clock.at.minute / 60 < 12.6
    assert accounts.actor_of(idle) is None
    assert accounts.forget_old_sessions() >= 2
    assert accounts.forget_old_sessions() == 0


def test_use_is_written_down_once_a_minute(sqlite: str, clock: Clock) -> None:
    bob = person("bob", Role.DESIGNER)
    token = come_in("bob").token
    actor = accounts.actor_of(token)
    assert actor
    came = clock.at
    clock.forward(seconds=50)
    accounts.actor_of(token)
    assert accounts.my_sessions(actor, token)[0].last_used_at == came
    clock.forward(seconds=20)
    accounts.actor_of(token)
    assert accounts.my_sessions(actor, token)[0].last_used_at == clock.at
    assert {each.id: each.last_seen_at for each in accounts.people(SYSTEM)}[bob.id] == clock.at


def test_what_changes_for_somebody_changes_at_once(database: str, clock: Clock) -> None:
    bob = person("bob", Role.DESIGNER)
    token = come_in("bob").token
    accounts.change_person(SYSTEM, bob.id, Role.FRONTLINE, None, "Riverbank Trust")
    actor = accounts.actor_of(token)
    assert actor and (actor.role, actor.organisation) == (Role.FRONTLINE, "Riverbank Trust")
    accounts.change_person(SYSTEM, bob.id, Role.MODERATOR, None, None)
    assert accounts.actor_of(token) is None  # begun without the second factor that this role needs
    accounts.change_person(SYSTEM, bob.id, Role.DESIGNER, None, None)
    assert accounts.actor_of(token)
    accounts.disable(SYSTEM, bob.id)
    accounts.enable(SYSTEM, bob.id)
    assert accounts.actor_of(token) is None


def test_a_setting_asks_everybody_for_a_second_factor(sqlite: str, monkeypatch: pytest.MonkeyPatch) -> None:
    person("bob", Role.FRONTLINE)
    token = come_in("bob").token
    monkeypatch.setenv("INSIGHT_SECOND_FACTOR_FOR_ALL", "1")
    settings.cache_clear()
    assert accounts.actor_of(token) is None, "a session of before, begun without one"
    assert isinstance(accounts.sign_in("bob", PASSWORD, HOME), MustEnrol)
    settings.cache_clear()


def test_the_eleventh_session_ends_the_oldest(database: str, clock: Clock) -> None:
    person("bob", Role.DESIGNER)
    person("bea", Role.DESIGNER)
    other, tokens = come_in("bea").token, []
    for _each in range(12):
        clock.forward(seconds=1)
        tokens.append(come_in("bob").token)
    assert [bool(accounts.actor_of(token)) for token in tokens] == [False] * 2 + [True] * 10
    assert accounts.actor_of(other)


def test_each_refusal_is_logged_with_its_reason_and_nothing_that_was_typed(
    sqlite: str, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    person("bob", Role.DESIGNER)
    for login in ("bob", "a password by mistake"):
        wrong(login)
    told = [record for record in caplog.records if record.getMessage() == "a sign-in was refused"]
    assert [vars(record)["why"] for record in told] == ["password", "password"]
    assert "mistake" not in caplog.text and "bob" not in caplog.text


def test_without_the_setting_nobody_needs_a_second_factor(
    sqlite: str, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    person("ann", Role.ADMIN)
    monkeypatch.setenv("INSIGHT_SECOND_FACTOR", "0")
    settings.cache_clear()
    token = come_in("ann").token
    assert accounts.actor_of(token)
    monkeypatch.setenv("INSIGHT_SECOND_FACTOR", "1")
    settings.cache_clear()
    assert accounts.actor_of(token) is None


def test_a_session_is_handed_over_once_within_a_minute(database: str, clock: Clock) -> None:
    person("bob", Role.DESIGNER)
    signed_in = come_in("bob")
    ticket = accounts.handover(signed_in)
    tried = at_once(*(partial(accounts.take_over, ticket) for _each in range(3)))
    taken = [each for each in tried if isinstance(each, SignedIn)]
    assert len(taken) == 1
    assert accounts.actor_of(taken[0].token)
    assert accounts.actor_of(signed_in.token) is None
    late = accounts.handover(taken[0])
    clock.forward(seconds=60)
    with pytest.raises(NotFound):
        accounts.take_over(late)


def test_a_right_password_with_a_dated_hash_is_hashed_anew(sqlite: str, monkeypatch: pytest.MonkeyPatch) -> None:
    person("bob", Role.DESIGNER)
    monkeypatch.setattr(hashing, "PASSES", 2)
    hashing._hasher.cache_clear()
    come_in("bob")
    with engine().connect() as opened:
        assert ",t=2," in opened.execute(text("SELECT password_hash FROM account")).scalar_one()
    come_in("bob")


def test_nothing_that_opens_a_door_lies_open(sqlite: str, tmp_path: Path, clock: Clock) -> None:
    first = accounts.first_admin_token() or ""
    accounts.accept(first, "ann", "Ann", PASSWORD)
    done, secret = enrol("ann", clock)
    ticket = at_the_door("ann")
    handed = accounts.handover(done.signed_in)
    with sqlite3.connect(tmp_path / "test.db") as raw:
        dumped = "\n".join(raw.iterdump())
    opens = (first, PASSWORD, secret, ticket, handed, done.signed_in.token, HOME, *done.recovery_codes)
    assert "ann" in dumped
    assert not [each for each in opens if each in dumped or each.replace("-", "") in dumped]
