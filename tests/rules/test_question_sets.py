"""Question sets stand in every language, a new version keeps what answers hang on, and resume words are distinct."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from insight.intake.questions import Choice, QuestionSet, question_set
from insight.keys import word_list
from insight.language import LANGUAGES

JOURNEY, EQUALITY, LIBRARY = question_set("journey", 2), question_set("equality", 1), question_set("library", 1)
SETS = {f"{questions.code}-{questions.version}": questions for questions in (JOURNEY, EQUALITY, LIBRARY)}
each_set = pytest.mark.parametrize("questions", SETS.values(), ids=SETS)

# The letters that a language is written in: a line that stands under the wrong language shows by them.
ALPHABETS = {
    "en": "abcdefghijklmnopqrstuvwxyz",
    "cy": "abcdefghijlmnoprstuwyâêîôûŵŷäëïöüáéíóú",
    "pl": "abcdefghijklmnopqrstuvwxyząćęłńóśźż",
    "ur": "ءآأؤئابپتٹثجچحخدڈذرڑزژسشصضطظعغفقکگلمنںوہھیےۓ",
    "ar": "ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهويى",
}
SAME_AS_ENGLISH = {"Sikh"}


def wordings(questions: QuestionSet) -> list[tuple[str, dict[str, str]]]:
    """Every wording of a set, with the ids and codes that lead to it."""
    return list(_wordings(questions.model_dump(), ""))


def _wordings(node: Any, path: str) -> Iterator[tuple[str, dict[str, str]]]:
    if isinstance(node, dict) and "en" in node:
        yield path, node
    elif isinstance(node, dict):
        here = f"{path}/{node.get('id') or node['code']}"
        for name, inner in node.items():
            yield from _wordings(inner, f"{here}.{name}" if isinstance(inner, dict) else here)
    elif isinstance(node, list | tuple):
        for inner in node:
            yield from _wordings(inner, path)


def bare(node: Any) -> Any:
    """A dumped set without its words: what stored answers depend on."""
    if isinstance(node, dict):
        return {name: bare(inner) for name, inner in node.items() if not (isinstance(inner, dict) and "en" in inner)}
    return [bare(inner) for inner in node] if isinstance(node, list | tuple) else node


@each_set
def test_every_wording_stands_in_every_language(questions: QuestionSet) -> None:
    found = wordings(questions)
    assert len(found) > len(questions.question)
    short = [path for path, words in found if {code for code, said in words.items() if said.strip()} != set(LANGUAGES)]
    assert not short


@each_set
def test_no_wording_was_left_in_english(questions: QuestionSet) -> None:
    left = {
        f"{path} {code}: {said}"
        for path, words in wordings(questions)
        for code, said in words.items()
        if code != "en" and said == words["en"] and said not in SAME_AS_ENGLISH
    }
    assert not left


@each_set
def test_each_language_is_written_in_its_own_letters(questions: QuestionSet) -> None:
    assert set(ALPHABETS) == set(LANGUAGES)
    foreign = {
        f"{path} {code}: {said}"
        for path, words in wordings(questions)
        for code, said in words.items()
        if said not in SAME_AS_ENGLISH
        if {letter for letter in said.lower() if not re.match(r"[\W\d_]", letter)} - set(ALPHABETS[code])
    }
    assert not foreign


@each_set
def test_a_question_never_offers_the_same_words_twice(questions: QuestionSet) -> None:
    for language in LANGUAGES:
        for path, options in options_of(questions):
            said = [option["text"][language] for option in options]
            assert len(set(said)) == len(said), f"{path} {language}"


def options_of(questions: QuestionSet) -> list[tuple[str, Any]]:
    """The dumped options of each question that has them, also of the questions about a step."""
    asked = [(q.id, q.model_dump()) for q in questions.question]
    within = [(inner["id"], inner) for _, dumped in asked for inner in dumped.get("question", ())]
    return [(name, dumped["options"]) for name, dumped in (*asked, *within) if "options" in dumped]


def test_the_same_answer_is_said_alike_wherever_it_is_offered() -> None:
    for code in ("unknown", "partly", "skip"):
        said = [
            option["text"]
            for questions in SETS.values()
            for _, options in options_of(questions)
            for option in options
            if option["code"] == code
        ]
        assert len(said) > 1
        assert all(words == said[0] for words in said), code


def test_the_second_version_of_the_journey_keeps_what_answers_hang_on() -> None:
    first, second = bare(question_set("journey", 1).model_dump()), bare(JOURNEY.model_dump())
    consents = [dumped["question"][-1] for dumped in (first, second)]
    assert [(c.pop("wording"), c.pop("staff_wording")) for c in consents] == [
        ("journey-1", "staff-1"),
        ("journey-2", "staff-2"),
    ]
    assert (first.pop("version"), second.pop("version")) == (1, 2)
    assert first.pop("digest") != second.pop("digest")
    assert second == first


def test_only_the_consent_to_a_reply_changed_its_english() -> None:
    first = {path: words["en"] for path, words in wordings(question_set("journey", 1))}
    second = {path: words["en"] for path, words in wordings(JOURNEY)}
    assert {path for path in second if second[path] != first.get(path)} == {
        "/journey/consent.read_out",
        "/journey/consent/contact.text",
    }
    assert first.keys() == second.keys()


def test_every_equality_question_may_be_left_out() -> None:
    for question in EQUALITY.question:
        assert isinstance(question, Choice)
        assert not question.required
        assert question.options[-1].code == "skip"


def test_library_questions_stand_apart_from_those_of_the_journey() -> None:
    assert 12 <= len(LIBRARY.question) <= 16
    assert {question.type for question in LIBRARY.question} == {"choice", "yes_no", "text", "number", "days"}
    assert all(question.id.startswith("x_") and not question.required for question in LIBRARY.question)


@each_set
def test_ids_and_codes_are_unique_and_plain(questions: QuestionSet) -> None:
    ids = [question.id for question in questions.question]
    for names in (ids, *([option["code"] for option in options] for _, options in options_of(questions))):
        assert not [name for name, count in Counter(names).items() if count > 1]
        assert all(re.fullmatch(r"-?[a-z0-9_]{1,40}", name) for name in names)


def test_resume_words_are_short_plain_and_enough() -> None:
    words = word_list()
    assert 1_024 <= len(words) <= 1_296  # four of them are 40 bits or more
    assert list(words) == sorted(set(words))
    assert not [word for word in words if not re.fullmatch("[a-z]{4,7}", word)]


def test_no_resume_word_is_one_slip_away_from_another() -> None:
    """Two words with a hole in common differ by one letter: changed, left out or added (so plurals too)."""
    holed: Counter[str] = Counter()
    for word in word_list():
        changed = {f"{word[:at]}_{word[at + 1 :]}" for at in range(len(word))}
        added = {f"{word[:at]}_{word[at:]}" for at in range(len(word) + 1)}
        holed.update(changed | added)
    assert not [hole for hole, count in holed.items() if count > 1]


def test_no_resume_word_begins_another() -> None:
    words = word_list()
    assert not [(one, other) for one in words for other in words if one != other and other.startswith(one)]
