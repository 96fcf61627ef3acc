"""Identifiers: what must be found, what must be left alone, and texts that try to break the search."""

import csv
import importlib.util
import re
import time
import tomllib
from collections import Counter
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given as supposing
from hypothesis import strategies as st

from insight.errors import NotReady
from insight.identifiers import Kind, Mark, find, masked
from insight.identifiers.check_digits import is_card_number, is_iban, is_nhs_number
from insight.identifiers.extra import find_more
from insight.settings import settings
from tests.conftest import shared

LIST = tomllib.loads((Path(__file__).parent / "identifier_cases.toml").read_text("utf-8"))
WRITTEN = re.compile(r"\{(\w+)\|([^}]*)\}")
Span = tuple[int, int, Kind]


def read(sentence: str) -> tuple[str, list[Span]]:
    """A sentence of the list as its teller wrote it, and where its identifiers are."""
    text, spans, last = "", [], 0
    for found in WRITTEN.finditer(sentence):
        text += sentence[last : found.start()] + found[2]
        spans.append((len(text) - len(found[2]), len(text), Kind[found[1].upper()]))
        last = found.end()
    return text + sentence[last:], spans


def found_of(text: str, spans: list[Span]) -> list[Span]:
    """The identifiers whose every letter and digit is under a mark of their kind."""
    marks = find(text)
    under = {(place, mark.kind) for mark in marks for place in range(mark.start, mark.end)}
    return [
        (start, end, kind)
        for start, end, kind in spans
        if all((place, kind) in under or not text[place].isalnum() for place in range(start, end))
    ]


def recall(part: str) -> tuple[Counter[Kind], Counter[Kind]]:
    """How many of each kind are found, and how many there are."""
    found, there = Counter[Kind](), Counter[Kind]()
    for sentences in LIST[part].values():
        for sentence in sentences:
            text, spans = read(sentence)
            there.update(kind for _start, _end, kind in spans)
            found.update(kind for _start, _end, kind in found_of(text, spans))
    return found, there


def test_the_list_is_long_enough_to_say_something() -> None:
    _found, there = recall("first")
    assert sum(len(sentences) for sentences in LIST["first"].values()) >= 400
    assert min(there[kind] for kind in Kind) >= 25
    assert there[Kind.NAME] >= 100
    assert sum(len(sentences) for sentences in LIST["later"].values()) >= 100


def test_nearly_all_of_every_kind_is_found() -> None:
    found, there = recall("first")
    shares = {kind: found[kind] / there[kind] for kind in Kind}
    assert not {kind: share for kind, share in shares.items() if share < (0.80 if kind is Kind.NAME else 0.97)}


def test_most_of_what_was_written_later_is_found() -> None:
    found, there = recall("later")
    assert found.total() >= 0.9 * there.total()
    assert found[Kind.NAME] >= 0.8 * there[Kind.NAME]


def test_nothing_else_is_marked_in_the_list() -> None:
    beside = []
    for part in ("first", "later"):
        for sentence in (sentence for sentences in LIST[part].values() for sentence in sentences):
            text, spans = read(sentence)
            beside += [
                text
                for mark in find(text)
                if not any(start < mark.end and mark.start < end for start, end, _kind in spans)
            ]
    assert len(beside) <= 2


def test_words_that_only_look_like_identifiers_are_left_alone() -> None:
    sentences = LIST["leave_alone"]["sentences"]
    assert len(sentences) >= 100
    assert sum(bool(find(sentence)) for sentence in sentences) <= 0.02 * len(sentences)


def test_few_ordinary_comments_are_marked() -> None:
    with shared("feedback/nhs_fft_comments.csv").open(encoding="utf-8-sig", newline="") as file:
        comments = [row["FFT answer"] or "" for row in csv.DictReader(file)]
    assert len(comments) > 5_000
    assert sum(bool(find(comment)) for comment in comments) <= 0.005 * len(comments)


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("Mrs Ahmed rang 07700 900123 from SW1A 1AA", "[name] rang [phone] from [postcode]"),
        ("I told Lisa Brown, born 1/2/1960", "I told [name], born [date of birth]"),
        ("My name is Kofi. 4 Elm Road", "My name is [name]. [street]"),
        ("I live at 14 Acacia Avenue. It is damp.", "I live at [street]. It is damp."),
        ("We moved to 22 High St. and waited.", "We moved to [street] and waited."),
    ],
)
def test_the_safe_copy_reads_on(text: str, safe: str) -> None:
    assert masked(text, find(text)) == safe


def test_check_digits() -> None:
    assert is_nhs_number("9434765919")
    assert not is_nhs_number("9434765918")
    assert not find("it has 943 476 5918 in it")
    assert is_card_number("4111111111111111")
    assert not is_card_number("4111111111111112")
    assert is_iban("GB29NWBK60161331926819")
    assert not is_iban("GB29NWBK60161331926818")


def test_what_is_masked_stays_masked() -> None:
    for kind in Kind:
        assert not find(f"My name is [{kind}] and my son [{kind}] too, ref [{kind}] born [{kind}].")


messy = st.lists(
    st.one_of(
        st.text(max_size=12),
        st.sampled_from(
            ["my name is", "born", "ref", "Dr", "Lisa", "Brown", "sort code", "@", "at", "dot", ".com", "https://",
             "Road", "flat", "07700", "900123", "SW1A", "[name]", "12/03/61", "AB", "\n", "nhs", "'s", "İ", "ﬀ", "\x00"]
        ),
    ),
    max_size=14,
)  # fmt: skip


@supposing(messy, st.sampled_from(["", " "]))
def test_marks_lie_in_the_text_and_apart(parts: list[str], between: str) -> None:
    text = between.join(parts)
    marks = find(text)
    assert all(0 <= mark.start < mark.end <= len(text) for mark in marks)
    assert all(first.end <= second.start for first, second in pairwise(marks))
    safe, done, inside = masked(text, marks), 0, set[int]()
    for mark in marks:
        start = mark.start + done
        inside |= set(range(start, start + len(mark.kind) + 2))
        done += len(mark.kind) + 2 - (mark.end - mark.start)
    again = find(safe)
    assert not [mark for mark in again if inside.intersection(range(mark.start, mark.end))]


@supposing(st.integers(min_value=0, max_value=999_999_999), st.sampled_from(["", " ", "-", "."]))
def test_no_digit_of_a_mobile_number_is_left(number: int, between: str) -> None:
    digits = f"07{number:09}"
    text = f"ring me on {digits[:5]}{between}{digits[5:8]}{between}{digits[8:]} please"
    assert not re.search(r"\d", masked(text, find(text)))


HOSTILE = {
    "digits": "1", "spaced digits": "0 ", "zeros and dashes": "0-", "dots": "a.", "ats": "a@", "at words": "a at ",
    "brackets": "(0",
    "plus": "+4", "letters": "a", "capitals": "A ", "given names": "Lisa ", "titles": "Dr ", "and": "Lisa and ",
    "streets": "1 a b ",
    "flats": "flat 1 ", "refs": "ref no ", "case": "case case number ", "slashes": "ref a/1/", "iban": "GB29 ",
    "links": "https://",
    "paths": "a.com/", "born": "born 1 ", "dates": "1/1/1 ", "insta": "insta is ", "plates": "AB12 ",
    "initials": "A. ",
    "particles": "Lisa van der ", "apostrophes": "o'", "hyphens": "a-", "masks": "[name]", "spaces": " ",
    "lines": "\n", "sort": "sort code 1",
}  # fmt: skip
LENGTH = 50_000
BENIGN = ("We waited two hours and Lisa was kind to us on 3 May. " * 1_000)[:LENGTH]


def seconds(text: str) -> float:
    start = time.process_time()
    find(text)
    return time.process_time() - start


@lru_cache
def benign_seconds() -> float:
    return min(seconds(BENIGN) for _turn in range(3))


@pytest.mark.parametrize("piece", HOSTILE.values(), ids=HOSTILE.keys())
def test_no_hostile_text_takes_long(piece: str) -> None:
    assert seconds((piece * LENGTH)[:LENGTH]) < 25 * max(benign_seconds(), 0.02)


def test_without_the_setting_the_extra_is_the_rules_alone() -> None:
    assert find_more("my son Callum") == find("my son Callum")


def test_a_missing_model_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INSIGHT_NAMES_MODEL", "no_such_model")
    settings.cache_clear()
    with pytest.raises(NotReady, match="INSIGHT_NAMES_MODEL"):
        find_more("my son Callum")
    settings.cache_clear()


@pytest.mark.skipif(not importlib.util.find_spec("en_core_web_sm"), reason="needs spaCy and en_core_web_sm")
def test_the_model_adds_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INSIGHT_NAMES_MODEL", "en_core_web_sm")
    settings.cache_clear()
    text = "Ruth Bader Ginsburg wrote to us."
    assert Mark(0, 19, Kind.NAME) in find_more(text)
    settings.cache_clear()
