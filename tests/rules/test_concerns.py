"""Signs of harm: what they must find, what they must leave alone, and texts that try to break them."""

import csv
import time
import tomllib
from itertools import chain
from pathlib import Path

import pytest

from insight.concerns import ConcernKind, concerns_in, help, help_for
from insight.concerns.signs import FILE, Reader, SignsFile, signs
from insight.concerns.words import plain
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


@pytest.mark.parametrize("batch", list(LIST["later"]))
def test_what_later_batches_taught_is_kept(batch: str) -> None:
    assert share_found(list(chain.from_iterable(LIST["later"][batch].values()))) >= FOUND_OF_THE_LIST


@pytest.mark.parametrize("kind", list(LIST["first"]))
def test_help_for_what_was_told_is_mostly_help_for_that(kind: str) -> None:
    told = [{concern.kind.value for concern in concerns_in([sentence])} for sentence in LIST["first"][kind]]
    assert sum(kind in kinds for kinds in told) >= 0.9 * len(told)


@pytest.mark.parametrize("part", ["leave_alone", "later_leave_alone"])
def test_sentences_that_only_look_like_harm_are_left_alone(part: str) -> None:
    assert share_found(LIST[part]["sentences"]) <= FLAGGED_OF_THE_HARMLESS


def test_no_sentence_of_the_list_is_a_sign() -> None:
    read = SignsFile.model_validate(tomllib.loads(FILE.read_text("utf-8")))
    written = {plain(wording) for wording in read.wordings}
    sentences = chain.from_iterable([*LIST["first"].values(), *LIST["other_languages"].values()])
    assert not [
        sentence for sentence in sentences if plain(sentence).strip(" .") in written and " " in sentence.strip()
    ]


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


@pytest.mark.parametrize(
    "hidden",
    ["I want to k\u200bill myself", "I WANT TO KILL MYSELF!!!", "i want to kil my self", "wanna k*ll meself",
     "I want to ki\u00adll\u202e my\0self", "ｋｉｌｌ ｍｙｓｅｌｆ", "I don’t want to be here anymoreeee",
     "suicidel"],
)  # fmt: skip
def test_odd_writing_does_not_hide_a_sign(hidden: str) -> None:
    assert ConcernKind.SELF_HARM in {concern.kind for concern in concerns_in([hidden])}


@pytest.mark.parametrize(
    "text", ["", "\0", "😀" * 20_000, "a" * 100_000, "he hit " * 15_000, "ا" * 50_000, "- " * 50_000]
)
def test_no_text_is_too_long_or_too_odd(text: str) -> None:
    assert isinstance(concerns_in([text]), tuple)


@pytest.mark.parametrize("between", [". ", " he xx my xx child "])
def test_time_grows_with_the_text_alone(between: str) -> None:
    named = [word.rstrip("*") for word in signs().letters.named]

    def seconds(words: int) -> float:
        text = between.join((named * (words // len(named) + 1))[:words])
        start = time.process_time()
        concerns_in([text])
        return time.process_time() - start

    seconds(3_000)
    assert seconds(3_000) < 40 * max(seconds(300), 0.005)


@pytest.mark.parametrize(
    "wording", ["~2 hit", "hit ~", "hit?", "{nobody_knows} hit", "hi*", "hit ~99 me", "{one}", "a - b"]
)
def test_a_wording_that_cannot_work_is_refused(wording: str) -> None:
    group = {"one": ("two {two}",), "two": ("{one} three",)}
    sign = {"id": "tried", "kind": "harm", "say": [wording]}
    read = SignsFile.model_validate(
        {"reviewed": {}, "spelling": {}, "misspelt": [], "never": [], "group": group, "sign": [sign]}
    )
    with pytest.raises(ValueError, match=r"."):
        Reader(read).wording(wording)


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


def test_a_place_adds_its_own_and_replaces_by_id(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    line = 'kinds = ["all"]\nname.en = "Ours"\nopen.en = "Always."\nwhat_for.en = "All."\n'
    (tmp_path / "places").mkdir()
    (tmp_path / "help.toml").write_text((help.FOLDER / "help.toml").read_text("utf-8"), "utf-8")
    own = "".join(
        f'[[line]]\nid = "{id}"\nnumber = "{no}"\ndial = "tel:{no}"\n{line}' for id, no in (("nhs", 7), ("x", 8))
    )
    (tmp_path / "places" / "here.toml").write_text(own, "utf-8")
    monkeypatch.setattr(help, "FOLDER", tmp_path)
    help._lines.cache_clear()
    numbers = [line.number for line in help_for((), "cy", "here")]
    help._lines.cache_clear()
    assert numbers[:2] == ["999", "7"]
    assert numbers[-1] == "8"


def test_each_concern_adds_somebody_to_call() -> None:
    everyone = {line.id for line in help_for([], "en")}
    for kind in ConcernKind:
        assert {line.id for line in help_for([kind], "en")} > everyone


def test_most_of_what_nobody_had_in_mind_is_found() -> None:
    """Written after the signs, by somebody who had not seen them: what to expect of what people really write."""
    assert share_found((HERE / "concerns_unseen.txt").read_text("utf-8").splitlines()) >= 0.8
