"""The lock holds every package with its hashes, and agrees with what is asked for."""

import re

import pytest

from insight.settings import ROOT

PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[\w,-]+\])?==([\w.]+)", re.MULTILINE)


def pins(name: str) -> dict[str, str]:
    text = (ROOT / name).read_text("utf-8")
    return {re.sub(r"[-_.]+", "-", package.lower()): version for package, version in PIN.findall(text)}


def test_the_lock_agrees_with_what_is_asked_for() -> None:
    asked, locked = pins("requirements.txt"), pins("requirements.lock")
    assert {name: locked.get(name) for name in asked} == asked, "requirements.lock is older: run `make lock`"
    assert len(locked) > len(asked) > 20


def test_every_package_in_the_lock_has_hashes_and_no_place_to_come_from() -> None:
    text = (ROOT / "requirements.lock").read_text("utf-8")
    entries = re.split(r"\n(?=[A-Za-z0-9])", text)[1:]
    assert len(entries) == len(pins("requirements.lock"))
    assert [entry.split()[0] for entry in entries if not re.search(r"--hash=sha256:[0-9a-f]{64}", entry)] == []
    assert not re.search(r"://|index-url|find-links|trusted-host", text)


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-scale.txt", "requirements-model.txt"])
def test_what_the_product_needs_is_pinned_to_one_version(name: str) -> None:
    lines = [line.split("#")[0].strip() for line in (ROOT / name).read_text("utf-8").splitlines()]
    assert [line for line in lines if line and not line.startswith("-r ") and not PIN.match(line)] == []
