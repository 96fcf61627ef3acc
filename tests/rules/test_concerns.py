"""Signs of harm: what they must find, what they must leave alone, and texts that try to break them."""

import csv
import tomllib
from itertools import chain
from pathlib import Path

import pytest

from insight.concerns import ConcernKind, concerns_in, help_for
from insight.language import LANGUAGES
from tests.conftest import shared

HERE = Path(__file__).parent
LIST = tomllib.loads((HERE / "concerns_list.toml").read_text("utf-8"))
FOUND_OF_THE_LIST, FLAGGED_OF_THE_HARMLESS, FLAGGED_OF_THE_NHS = 0.95, 0.05, 0.02


def share_found(sentences: list[str]) -> float:
    return sum(bool(concerns_in([sentence])) for sentence in sentences) / len(sentences)


def test_the_list_is_long_enough_to_say_something() -> None:
    assert sum(len(sentences) for sentences in LIST["first"].values()) >= 240
    assert len(LIST["leave_alone"]["sentences"]) >= 150
    assert set(LIST["first"]) == {kind.value for kind in ConcernKind}


def test_nearly_all_of_the_list_is_found() -> None:
    assert share_found(list(chain.from_iterable(LIST["first"].values()))) >= FOUND_OF_THE_LIST


@pytest.mark.parametrize("kind", list(LIST["first"]))
def test_every_kind_is_found(kind: str) -> None:
    assert share_found(LIST["first"][kind]) >= FOUND_OF_THE_LIST


def test_sentences_that_only_look_like_harm_are_left_alone() -> None:
    assert share_found(LIST["leave_alone"]["sentences"]) <= FLAGGED_OF_THE_HARMLESS


@pytest.mark.parametrize("language", list(LIST["other_languages"]))
def test_the_plainest_words_are_found_in_other_languages(language: str) -> None:
    assert share_found(LIST["other_languages"][language]) >= 0.9
    assert share_found(LIST["other_languages_leave_alone"][language]) <= 0.2


def test_few_ordinary_comments_are_flagged() -> None:
    path = shared("feedback/nhs_fft_comments.csv")
    with path.open(encoding="utf-8", newline="") as file:
        comments = [row["FFT answer"] or "" for row in csv.DictReader(file)]
    assert len(comments) > 5_000
    assert share_found(comments) <= FLAGGED_OF_THE_NHS


@pytest.mark.parametrize("hidden", ["I want to k\u200bill myself", "I WANT TO KILL MYSELF!!!", "i want to kil my self"])
def test_odd_writing_does_not_hide_a_sign(hidden: str) -> None:
    assert ConcernKind.SELF_HARM in {concern.kind for concern in concerns_in([hidden])}


@pytest.mark.parametrize(
    "text", ["", "\0", "😀" * 20_000, "a" * 100_000, "he hit " * 15_000, "ا" * 50_000, "- " * 50_000]
)
def test_no_text_is_too_long_or_too_odd(text: str) -> None:
    assert isinstance(concerns_in([text]), tuple)


def test_a_concern_carries_no_words_of_the_text() -> None:
    (concern, *_more) = concerns_in(["My husband Xanthippus hits me when he has been drinking"])
    assert "Xanthippus" not in repr(concern)


@pytest.mark.parametrize("language", list(LANGUAGES))
def test_help_begins_with_999_and_speaks_every_language(language: str) -> None:
    for kinds in ([], *([kind] for kind in ConcernKind)):
        lines = help_for(kinds, language)
        assert lines[0].number == "999"
        assert len({line.id for line in lines}) == len(lines)
        for line in lines:
            assert line.name
            assert line.open
            assert line.what_for
            assert line.dial.split(":")[1] == line.number.replace(" ", "")
    english = [line.what_for for line in help_for(list(ConcernKind), "en")]
    other = [line.what_for for line in help_for(list(ConcernKind), language)]
    assert language == "en" or not set(english) & set(other)


def test_each_concern_adds_somebody_to_call() -> None:
    everyone = {line.id for line in help_for([], "en")}
    for kind in ConcernKind:
        assert {line.id for line in help_for([kind], "en")} > everyone


def test_most_of_what_nobody_had_in_mind_is_found() -> None:
    """Written after the signs, by somebody who had not seen them: what to expect of what people really write."""
    assert share_found((HERE / "concerns_unseen.txt").read_text("utf-8").splitlines()) >= 0.8
