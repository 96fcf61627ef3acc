"""Passwords, codes, waits and scopes: what is fit, what is refused, and who needs a second factor."""

from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from insight.access import GRANTS, Actor, Permission, Role
from insight.accounts import factors, hashing
from insight.accounts.passwords import LONGEST, as_hashed, common, fit_password
from insight.accounts.rules import fit_email, fit_login, fit_name, has_power, tidy_login, within
from insight.errors import BadInput
from insight.limits import wait_after

ABOUT = ("jo.smith@council.gov.uk", "Jo Smith", "Riverbank")

TRIED_FIRST = (
    *("Password1234", "P@ssw0rd2026!!", "Welcome1!Welcome1!", "Manchester1894!", "l1v3rp00lfc99", "Iloveyou!2024!"),
    *("123456789012", "qwertyuiop12", "aaaaaaaaaaaa", "abcabcabcabc1", "1qaz2wsx3edc4rfv", "123456789abc"),
    *("administrator", "Summer2026!!!", "LeedsUnited1919", "Council-Tax-2026", "pa$$w0rdpa$$w0rd", "changeme12345"),
    "ＰＡＳＳＷＯＲＤ１２３４",
)
OF_WHAT_IS_KNOWN = ("Throughline2026!", "Riverbank2026!!", "jo.smith12345", "ThroughlinePassword", "SmithCouncil99")
FIT = (
    *("paint seven quiet horses", "4820571739264815", "kettle-Marmot-plinth", "x7#Qp2!mZ9&k", "ŵyneb cath ddu hapus"),
    *("🐎🐎🔋📎🐴🎠🦄🐑🐇🐓🦆🦉", "throughline of forty sheep", "            pumice weir"),
)


@pytest.mark.parametrize("typed", [*TRIED_FIRST, *OF_WHAT_IS_KNOWN])
def test_a_password_that_is_tried_first_is_refused_in_any_disguise(typed: str) -> None:
    with pytest.raises(BadInput) as refused:
        fit_password(typed, ABOUT)
    assert typed not in str(refused.value)


@pytest.mark.parametrize("typed", FIT)
def test_length_is_all_that_a_password_needs(typed: str) -> None:
    assert fit_password(typed, ABOUT) == as_hashed(typed)


def test_what_is_known_depends_on_whose_password_it_is() -> None:
    assert fit_password("Riverbank2026!!", ("ann@example.org", "Ann Archer", "Hilltop"))


def test_lengths_count_characters_after_they_are_made_one_form() -> None:
    with pytest.raises(BadInput, match="at least 12"):
        fit_password("kettle plin")
    with pytest.raises(BadInput, match="at most 128"):
        fit_password("kettle plinth " * 20)
    with pytest.raises(BadInput, match="at most 128"):
        fit_password("ﷺ" * 100 + "x")  # one character that becomes eighteen
    assert len(fit_password("qz7 " + "marmot kettle " * 8 + "plinth weir!")) == LONGEST


@given(st.text(max_size=300))
def test_any_text_is_fit_or_refused_in_plain_words(typed: str) -> None:
    try:
        assert 12 <= len(fit_password(typed, ABOUT)) <= LONGEST
    except BadInput as refused:
        assert str(refused).endswith(".")


def test_the_list_holds_thousands_and_each_stands_as_it_is_compared() -> None:
    assert len(common()) > 10_000
    assert not [word for word in common() if word != word.casefold() or len(word) < 3]


def test_hashes_are_argon2id_with_the_stated_cost_and_old_ones_are_noticed() -> None:
    kept = hashing.hashed("kettle-Marmot-plinth")
    assert kept.startswith("$argon2id$v=19$m=32768,t=3,p=1$")
    assert hashing.is_right(kept, "kettle-Marmot-plinth")
    assert not hashing.is_right(kept, "kettle-marmot-plinth")
    assert not hashing.is_right(None, "kettle-Marmot-plinth")
    assert not hashing.is_dated(kept)
    assert hashing.is_dated(kept.replace("t=3", "t=2"))


AT = datetime(2026, 11, 22, 12, 0, 10, tzinfo=UTC)


@pytest.mark.parametrize(("steps", "good"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_code_holds_one_step_either_side(steps: int, good: bool) -> None:
    secret = factors.new_secret()
    code = pyotp.TOTP(secret).at(AT + timedelta(seconds=30 * steps))
    here = int(AT.timestamp()) // 30
    assert factors.step_of(secret, f" {code[:3]} {code[3:]} ", AT) == (here + steps if good else None)


@pytest.mark.parametrize("typed", ["", "abcdef", "١٢٣٤٥٦", "12345", "1234567", "0" * 10_000])
def test_what_is_no_code_is_none(typed: str) -> None:
    assert factors.step_of("JBSWY3DPEHPK3PXP" * 2, typed, AT) is None


def test_recovery_codes_are_ten_long_and_read_however_they_are_typed() -> None:
    codes = factors.new_recovery_codes()
    assert len(set(codes)) == 10
    assert all(len(code.replace("-", "")) == 25 for code in codes)
    assert factors.recovery_hash(1, codes[0]) == factors.recovery_hash(1, f" {codes[0].lower().replace('-', ' ')} ")
    assert factors.recovery_hash(1, codes[0]) != factors.recovery_hash(2, codes[0])


def test_waits_grow_from_a_minute_to_an_hour_and_no_further() -> None:
    assert [wait_after(tries, 5) // 60 for tries in range(13)] == [0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60]
    assert wait_after(10_000, 5) == 3_600


def test_who_has_power_over_people_or_what_they_told_needs_a_second_factor() -> None:
    assert {role for role in Role if has_power(role)} == {Role.MODERATOR, Role.SAFEGUARDING, Role.ADMIN}
    assert all(has_power(role) for role in Role if Permission.READ_ORIGINALS in GRANTS[role])


@pytest.mark.parametrize(
    ("mine", "theirs", "inside"),
    [
        ((None, None), (None, None), True),
        ((None, None), ({1, 2}, "Org"), True),
        (({1, 2}, None), ({1}, "Org"), True),
        (({1, 2}, None), ({2, 3}, None), False),
        (({1, 2}, None), (None, None), False),
        ((None, "Org"), (None, "Org"), True),
        ((None, "Org"), (None, "Other"), False),
        ((None, "Org"), ({1}, None), False),
    ],
)
def test_nobody_manages_or_gives_beyond_their_own_scope(
    mine: tuple[set[int] | None, str | None], theirs: tuple[set[int] | None, str | None], inside: bool
) -> None:
    places, theirs_places = (None if one is None else frozenset(one) for one in (mine[0], theirs[0]))
    assert within(Actor(Role.ADMIN, "a", places, mine[1]), theirs_places, theirs[1]) is inside


def test_logins_names_and_emails_are_kept_in_one_form() -> None:
    assert fit_login("  Jo.Smith@Council.GOV.uk ") == "jo.smith@council.gov.uk"
    assert tidy_login("ＪＯ") == "jo"
    assert fit_name("  Jo \n Smith ") == "Jo Smith"
    assert fit_email("") is None
    for wrong in ("jo", "", "jo smith", "x" * 201, "jo\u200bsmith"):
        with pytest.raises(BadInput):
            fit_login(wrong)
    for wrong in ("", " ", "x" * 201, "jo\x00smith"):
        with pytest.raises(BadInput):
            fit_name(wrong)
    with pytest.raises(BadInput):
        fit_email("jo smith@example.org")
