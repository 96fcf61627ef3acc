"""Breached passwords: found in ordered files of any make, and a list that cannot be used is told at the start."""

import random
from collections.abc import Iterable
from hashlib import sha1
from itertools import pairwise
from pathlib import Path

import pytest
from typer.testing import CliRunner

from insight import accounts
from insight.access import Actor, Role
from insight.accounts import breached
from insight.accounts.passwords import fit_password
from insight.commands import people
from insight.commands.serving import serve
from insight.errors import BadInput, NotReady
from insight.settings import settings

STOLEN = "kettle-Marmot-plinth"


def digest(password: str) -> str:
    return sha1(password.encode(), usedforsecurity=False).hexdigest().upper()


@pytest.fixture
def lists(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where a place's own list lies."""
    monkeypatch.setenv("INSIGHT_BREACHED_PASSWORDS", str(tmp_path / "list.txt"))
    settings.cache_clear()
    return tmp_path / "list.txt"


@pytest.fixture(autouse=True)
def _settings_anew() -> Iterable[None]:
    yield
    settings.cache_clear()


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("length", [10, 40])
@pytest.mark.parametrize("many", [2, 3, 1_000])
def test_each_hash_of_a_list_is_found_and_no_other(lists: Path, ending: str, length: int, many: int) -> None:
    chance = random.Random(many)
    kept, others = [f"in {n}" for n in range(many)], [f"out {n}" for n in range(500)]
    lines = sorted(digest(each)[:length] for each in kept)
    counted = (line + f":{10 ** chance.randrange(9)}" * chance.randrange(2) for line in lines)
    lists.write_text(ending.join(counted), "ascii", newline="")
    assert all(breached.is_breached(each) for each in kept)
    assert not any(breached.is_breached(each) for each in others)
    assert accounts.look_at_list(whole=True) == many
    assert 2 <= accounts.look_at_list() <= breached.SAMPLES


def test_a_breached_password_is_refused_wherever_one_is_set(lists: Path, sqlite: str) -> None:
    token = accounts.first_admin_token() or ""
    lists.write_text("\n".join(sorted(map(digest, (STOLEN, "another one")))).lower())
    with pytest.raises(BadInput, match="stolen"):
        accounts.accept(token, "ann", "Ann", STOLEN)
    lists.write_text("\n".join(sorted(map(digest, ("one", "another one")))))
    ann = Actor(Role.ADMIN, "ann", account=accounts.accept(token, "ann", "Ann", STOLEN).id)
    with pytest.raises(BadInput, match="stolen"):
        accounts.change_password(ann, STOLEN, "dragondagger")


def test_the_list_that_comes_with_the_product_holds_long_passwords_of_breaches() -> None:
    for password in ("dragondagger", "chicamaravilla", "pompeyfc4eva", "Garten4ever!", "passwordasd1"):
        assert breached.is_breached(password)
    lines = breached.SHIPPED.read_bytes().split()
    assert len(lines) > 1_400_000
    assert all(one < other for one, other in pairwise(lines))


UNUSABLE = {
    "is not ordered by hash": [digest("b"), digest("a")],
    "no SHA-1 hash": ["password", "letmein"],
    "several lengths": ["0000000000", "1" * 40],
    "fewer than two": [],
}


@pytest.mark.parametrize("why", [*UNUSABLE, "cannot be read"])
def test_a_list_that_cannot_be_used_is_told_at_the_start(lists: Path, why: str) -> None:
    if why in UNUSABLE:
        lists.write_text("".join(f"{line}\n" for line in UNUSABLE[why]))
    with pytest.raises(NotReady, match=why) as told:
        serve(None, None, demo=False)
    assert "INSIGHT_BREACHED_PASSWORDS" in str(told.value)


def test_a_list_that_goes_missing_lets_no_password_through_unlooked_at(lists: Path) -> None:
    with pytest.raises(NotReady) as told:
        fit_password(STOLEN)
    assert str(lists) not in str(told.value)


def test_the_whole_list_is_read_by_command(lists: Path) -> None:
    hashes = sorted(digest(str(number)) for number in range(2_000))
    hashes[777], hashes[778] = hashes[778], hashes[777]
    lists.write_text("\n".join(hashes))
    with pytest.raises(NotReady, match="not ordered"):
        CliRunner().invoke(people.app, ["check-breached"], catch_exceptions=False)
    lists.write_text("\n".join(sorted(hashes)))
    assert "2,000 hashes, in order" in CliRunner().invoke(people.app, ["check-breached"]).output
