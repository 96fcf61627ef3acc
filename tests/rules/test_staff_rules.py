"""What staff add to a story: codes that fit, consent that says how, and waits typed in a few keys."""

import pytest

from insight.intake.rules import as_listed, as_number
from insight.intake.staff_rules import as_length, staff_problems


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("3 weeks", {"number": "3", "unit": "weeks"}),
        (" 3W ", {"number": "3", "unit": "weeks"}),
        ("10", {"number": "10", "unit": "days"}),
        ("1 month", {"number": "1", "unit": "months"}),
        ("2mths", {"number": "2", "unit": "months"}),
        ("", None),
        ("a while", "a while"),
        ("-3 weeks", "-3 weeks"),
    ],
)
def test_a_wait_is_read_from_a_few_keys_and_never_lost(typed: str, kept: object) -> None:
    assert as_length(typed) == kept


def test_consent_needs_to_say_how_it_was_given() -> None:
    assert [p.path for p in staff_problems({"consent": ["analyse"]})] == ["consent_how"]
    assert staff_problems({"consent": ["analyse"], "consent_how": "verbal"}) == []
    assert staff_problems({}) == []


@pytest.mark.parametrize(
    ("path", "value"), [("source", "gossip"), ("provenance", "x"), ("consent_how", "x"), ("obstacles", ["x"])]
)
def test_unknown_codes_are_named(path: str, value: object) -> None:
    assert [p.path for p in staff_problems({path: value})] == [path]


def test_a_listed_name_is_known_however_it_is_cased_and_spaced() -> None:
    names = ["Housing advice", "Council tax"]
    assert as_listed(" housing  ADVICE", names) == "Housing advice"
    assert as_listed("Housing", names) == "Housing"


@pytest.mark.parametrize(
    ("typed", "number"),
    [("£3.50", 3.5), ("2,50", 2.5), ("2,5", 2.5), ("1,200", 1200), ("1,234.5", 1234.5), ("12,345,678", 12345678)],
)
def test_a_number_is_read_as_it_was_meant(typed: str, number: float) -> None:
    assert as_number(typed) == number
