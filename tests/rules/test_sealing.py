"""Words under lock: what opens, what does not, and keys that come and go."""

from pathlib import Path

import pytest

from insight import sealing
from insight.errors import BadInput, NotReady
from insight.settings import settings


@pytest.fixture(autouse=True)
def keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of keys of this test's own."""
    monkeypatch.setenv("INSIGHT_TEXT_KEYS_FILE", str(tmp_path / "text.keys"))
    monkeypatch.delenv("INSIGHT_TEXT_KEYS", raising=False)
    settings.cache_clear()
    return tmp_path / "text.keys"


@pytest.fixture(autouse=True)
def afterwards() -> object:
    """Other tests have their own keys."""
    yield
    settings.cache_clear()


@pytest.mark.parametrize("words", ["", "I waited.", "Dŵr ☃ \ud800", "x" * 100_000])
def test_what_is_sealed_opens_again_and_never_looks_the_same(words: str) -> None:
    one, other = sealing.seal(words, "story.note"), sealing.seal(words, "story.note")
    assert one != other and sealing.unseal(one, "story.note") == sealing.unseal(other, "story.note") == words
    assert sealing.is_sealed(one) and sealing.is_current(one)


def test_a_value_opens_in_its_own_column_only_and_only_whole() -> None:
    sealed = sealing.seal("I waited.", "story.note")
    another = sealed[:10] + ("B" if sealed[10] == "A" else "A") + sealed[11:]
    for broken in (sealed[:-8], sealed.replace("tl1", "tl9"), another, "I waited.", "tl1.x.y"):
        with pytest.raises(NotReady, match="cannot be opened"):
            sealing.unseal(broken, "story.note")
    with pytest.raises(NotReady, match="cannot be opened"):
        sealing.unseal(sealed, "step.note")


def test_a_new_key_locks_and_the_old_one_goes_on_opening(keys: Path) -> None:
    before = sealing.seal("before", "x")
    assert keys.stat().st_mode & 0o777 == 0o600
    assert sealing.add_key() == 2
    after = sealing.seal("after", "x")
    assert sealing.unseal(before, "x") == "before" and not sealing.is_current(before) and sealing.is_current(after)
    sealing.drop_keys({1, 2})  # the current one stays, whatever is asked
    assert sealing.unseal(after, "x") == "after"
    with pytest.raises(NotReady):
        sealing.unseal(before, "x")


def test_another_process_may_have_added_the_key(keys: Path) -> None:
    ours = sealing.ring()
    sealing.add_key()
    theirs = sealing.seal("theirs", "x")
    assert set(ours.keys) == {1} and sealing.unseal(theirs, "x") == "theirs"


@pytest.mark.parametrize("told", ["1", "1:short", "one:AAAA", "1:!!!!", ",", "1:" + "A" * 43 + "=,1:" + "A" * 43 + "="])
def test_keys_that_cannot_be_read_are_refused_without_being_shown(told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INSIGHT_TEXT_KEYS", told)
    settings.cache_clear()
    with pytest.raises(NotReady, match="cannot be read") as refused:
        sealing.seal("words", "x")
    assert "AAAA" not in str(refused.value)


def test_keys_of_the_environment_are_rotated_by_whoever_sets_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INSIGHT_TEXT_KEYS", "1:" + "A" * 43 + "=")
    settings.cache_clear()
    with pytest.raises(BadInput, match="Put this new one first there"):
        sealing.add_key()
