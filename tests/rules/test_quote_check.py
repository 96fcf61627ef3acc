"""What in a quote may point to one person: made sentences, each with what must be seen in it, and harmless ones."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insight.identifiers import Kind, Mark, masked
from insight.moderation import Sign, Warned
from insight.moderation.quote_check import Facts, quote_warnings, words_to_count
from insight.moderation.rules import hidden, quotable

BIG = Facts(10_000, ("Council tax", 900), None, frozenset({"ottermarsh", "beacon"}))


def signs(sentence: str, facts: Facts = BIG) -> dict[Sign, tuple[str, ...]]:
    return {one.sign: one.words for one in quote_warnings(sentence, facts)}


@pytest.mark.parametrize(
    ("sentence", "sign", "words"),
    [
        ("I am 83 and cannot climb the stairs.", Sign.AGE, "I am 83"),
        ("My ninety-two year old mother waited outside.", Sign.AGE, "ninety-two year old"),
        ("He turned 18 and the help stopped.", Sign.AGE, "turned 18"),
        ("I’m 61 now.", Sign.AGE, "I'm 61"),
        ("They came on 3 March with the wrong form.", Sign.DATE, "3 March"),
        ("It was on March 3rd that they rang.", Sign.DATE, "March 3rd"),
        ("I had my scan on 14/02/2026.", Sign.DATE, "14/02/2026"),
        ("We had no heating on Christmas Day.", Sign.DATE, "Christmas Day"),
        ("After the house fire nobody came.", Sign.EVENT, "house fire"),
        ("It was in the paper at the time.", Sign.EVENT, "in the paper"),
        ("They said I was the first person in the county to ask.", Sign.EVENT, "the first person in"),
        ("As the head teacher I had no say.", Sign.ROLE, "As the head teacher"),
        ("My wife is the parish organist.", Sign.ROLE, "is the parish organist"),
        ("I told Cllr [name] about it.", Sign.ROLE, "Cllr [name]"),
        ("The twins could not get a place.", Sign.FAMILY, "twins"),
        ("I have six children and one room.", Sign.FAMILY, "six children"),
        ("Being a widower I eat alone.", Sign.FAMILY, "widower"),
        ("There is no bus to our village.", Sign.SMALL_PLACE, "village"),
        ("We live on the Beacon Hill estate.", Sign.SMALL_PLACE, "on the Beacon Hill estate"),
        ("Then Aleksandra from the desk rang.", Sign.NAME, "Aleksandra"),
    ],
)
def test_a_telling_detail_is_seen_with_its_words(sentence: str, sign: Sign, words: str) -> None:
    assert words in signs(sentence).get(sign, ()), signs(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "The letter was full of jargon and I could not understand it.",
        "I was 20 minutes on the phone, and I am 40 in the queue.",
        "Nobody rang me back on Monday, so I went to the Jobcentre.",
        "In Ottermarsh the Council never answers.",
        "It took nine weeks. Then the NHS lost the form.",
        "They may march you from one desk to the next.",
        "My [name] rang [phone] again.",
        "",
    ],
)
def test_what_anybody_could_have_said_is_let_be(sentence: str) -> None:
    assert signs(sentence) == {}


def test_details_that_are_harmless_alone_are_weighed_together() -> None:
    told = "I am 83."
    assert set(signs(told)) == {Sign.AGE}
    rare = Facts(10_000, ("Harbour office", 2))
    assert set(signs(told, rare)) == {Sign.AGE, Sign.RARE_SERVICE, Sign.TOGETHER}
    assert set(signs(told, Facts(40, ("Council tax", 30)))) == {Sign.AGE, Sign.TOGETHER}, "few journeys: a small place"
    assert set(signs("It was late.", Facts(40))) == set()
    assert quote_warnings("I am 83.", rare)[-1] == Warned(Sign.TOGETHER)


def test_words_that_few_others_use_are_seen_where_enough_were_compared() -> None:
    sentence = "The ferrets upset the parking wardens."
    held = {"ferret": 0, "upset": 2, "parking": 3, "park": 3, "warden": 80}
    assert signs(sentence, Facts(10_000, None, held))[Sign.RARE_WORDS] == ("ferrets", "upset")
    assert signs(sentence, Facts(10_000, None, None)) == {}
    assert words_to_count(["[date of birth] ferrets, 12345"]) == {"ferret": "ferrets"}


def test_words_are_hidden_wherever_they_stand_and_swallow_what_they_touch() -> None:
    told = "Jo Ann rang. JO  ann, Joann and jo."
    marks = hidden(told, (Mark(0, 2, Kind.NAME),), "jo ann", Kind.HANDLE)
    assert marks is not None
    assert masked(told, marks) == "[social media name] rang. [social media name], Joann and jo."
    assert hidden(told, (), "Joanna", Kind.NAME) is None
    assert hidden(told, (), "  ", Kind.NAME) is None
    assert hidden("C++ (.*) [x]", (), "(.*)", Kind.NAME) == (Mark(4, 8, Kind.NAME),)


@given(st.text(alphabet="ab .[]*", max_size=30), st.text(alphabet="ab .[]*", min_size=1, max_size=4))
def test_hidden_words_are_gone_and_marks_never_overlap(told: str, words: str) -> None:
    marks = hidden(told, (), words, Kind.NAME) or ()
    assert all(one.end <= other.start for one, other in pairwise(marks))
    again = hidden(told, marks, words, Kind.PHONE) or ()
    assert [(mark.start, mark.end) for mark in again] == [(mark.start, mark.end) for mark in marks]


def test_sentences_are_given_once_as_quotes_show_them() -> None:
    assert quotable(["It took\n weeks. Twice. Twice.", "Twice."]) == ["It took", "weeks.", "Twice."]
