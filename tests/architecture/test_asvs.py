"""The security papers are held to the code: each requirement stands once, and each test or file they name is there."""

import re
from collections import Counter

from insight.settings import ROOT

ASVS = (ROOT / "docs" / "asvs.md").read_text("utf-8")
SECURITY = (ROOT / "SECURITY.md").read_text("utf-8")
# Levels 1 and 2 of ASVS 5.0.0: how many requirements each section has, which are numbered from 1. Sections that have
# requirements of level 3 only are left out.
SECTIONS = {
    "1.1": 2, "1.2": 9, "1.3": 11, "1.4": 3, "1.5": 2, "2.1": 3, "2.2": 3, "2.3": 4, "2.4": 1, "3.2": 2, "3.3": 4,
    "3.4": 6, "3.5": 5, "3.7": 2, "4.1": 3, "4.2": 1, "4.3": 2, "4.4": 4, "5.1": 1, "5.2": 3, "5.3": 2, "5.4": 3,
    "6.1": 3, "6.2": 12, "6.3": 4, "6.4": 4, "6.5": 5, "6.6": 3, "6.8": 4, "7.1": 3, "7.2": 4, "7.3": 2, "7.4": 5,
    "7.5": 2, "7.6": 2, "8.1": 2, "8.2": 3, "8.3": 1, "8.4": 1, "9.1": 3, "9.2": 4, "10.1": 2, "10.2": 2, "10.3": 4,
    "10.4": 11, "10.5": 5, "10.6": 2, "10.7": 3, "11.1": 2, "11.2": 3, "11.3": 3, "11.4": 4, "11.5": 1, "11.6": 1,
    "12.1": 3, "12.2": 2, "12.3": 4, "13.1": 1, "13.2": 5, "13.3": 2, "13.4": 5, "14.1": 2, "14.2": 4, "14.3": 3,
    "15.1": 3, "15.2": 3, "15.3": 7, "16.1": 1, "16.2": 5, "16.3": 4, "16.4": 3, "16.5": 3, "17.1": 1, "17.2": 4,
    "17.3": 2,
}  # fmt: skip
WANTED = {f"V{section}.{number}" for section, most in SECTIONS.items() for number in range(1, most + 1)}
ROWS = [[cell.strip() for cell in line.strip("| ").split(" | ")] for line in ASVS.splitlines() if line[:3] == "| V"]
APART = [line for line in ASVS.splitlines() if line.startswith("- V")]
MISSING = re.compile(r"Missing: .{20,}")


def named(text: str) -> list[str]:
    """The tests and files that a text names."""
    return [
        told for told in re.findall(r"`([^`\s]+)`", text) if "/" in told or told.endswith((".md", ".toml", ".lock"))
    ]


def is_there(told: str) -> bool:
    """Whether a file, or a test in a file, is in the repository."""
    path, _, test = told.partition("::")
    file = ROOT / path
    return file.exists() and (
        not test or re.search(rf"^def {test}\(", file.read_text("utf-8"), re.MULTILINE) is not None
    )


def test_every_requirement_of_level_1_and_2_stands_once() -> None:
    assert len(WANTED) == 253
    told = Counter(re.findall(r"\bV\d+\.\d+\.\d+\b", ASVS))
    assert set(told) == WANTED
    assert not [number for number, times in told.items() if times > 1]


def test_the_counts_at_the_top_are_those_of_the_tables() -> None:
    counted = Counter(row[3] for row in ROWS)
    counted["not applicable"] = sum(len(re.findall(r"\bV\d+\.\d+\.\d+", line)) for line in APART)
    told = re.findall(r"^\| ([a-z ]+) \| (\d+) \|$", ASVS, re.MULTILINE)
    assert counted == Counter({answer: int(many) for answer, many in told})
    assert counted.total() == len(WANTED)


def test_each_answer_is_shown_by_something_that_is_there() -> None:
    for number, level, _asks, answer, how, shown in ROWS:
        assert level in ("1", "2"), number
        assert answer in ("met", "partly", "not met"), number
        assert named(shown), number
        assert not [told for told in named(shown) if not is_there(told)], number
        assert bool(MISSING.search(how)) == (answer != "met"), number


def test_what_does_not_apply_says_why() -> None:
    assert not [line for line in APART if len(line.partition(": ")[2]) < 10]


def test_each_threat_has_a_test_that_is_there() -> None:
    """Of each row of the tables of threats, the last cell names a test, or the row says that it is accepted."""
    threats = [line for line in SECURITY.splitlines() if re.match(r"\| T\d+ \|", line)]
    assert len(threats) >= 25
    assert len({line.split("|")[1] for line in threats}) == len(threats)
    without = [line for line in threats if "::test_" not in line.rsplit("|", 2)[1] and "accepted" not in line]
    assert not without
    assert not [told for told in named(SECURITY) if not is_there(told)]
