"""Passages are true slices of what people wrote, cut where a reader would cut."""

import itertools
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insight.text.passages import Span, is_non_answer, passages, sentences, split


def cut(text: str, spans: list[Span]) -> list[str]:
    return [text[start:end] for start, end in spans]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I saw Dr. Smith at 3 p.m. on Monday. He was kind.", ["I saw Dr. Smith at 3 p.m. on Monday.", "He was kind."]),
        ("It closed at 5 p.m. The nurse left.", ["It closed at 5 p.m.", "The nurse left."]),
        ("The food was cold... and the ward noisy!", ["The food was cold...", "and the ward noisy!"]),
        ("Waited 2.5 hours. No one told us why? Awful.", ["Waited 2.5 hours.", "No one told us why?", "Awful."]),
        ("it was ok.the nurse was nice.thanks", ["it was ok.", "the nurse was nice.", "thanks"]),
        ("See www.nhs.uk for more. Then ring", ["See www.nhs.uk for more.", "Then ring"]),
        ("Write to me@place.gov.uk today", ["Write to me@place.gov.uk today"]),
        ("Long wait\nRude receptionist\nGood doctor", ["Long wait", "Rude receptionist", "Good doctor"]),
        ("More staff - better food - less noise", ["More staff", "better food", "less noise"]),
        ("- one thing\n- another thing", ["one thing", "another thing"]),
        ("• Clean ward • Kind staff", ["Clean ward", "Kind staff"]),
        ("Great nurse 👍 parking bad", ["Great nurse 👍", "parking bad"]),
        ("Mrs. Patel from St. Mary's rang. She was kind.", ["Mrs. Patel from St. Mary's rang.", "She was kind."]),
        ("Ask for form no. 12 e.g. by post. Thanks", ["Ask for form no. 12 e.g. by post.", "Thanks"]),
        ('He said "no." Then he left.', ['He said "no."', "Then he left."]),
        ("I said so to J. Brown and left", ["I said so to J. Brown and left"]),
        ("1. Parking is bad", ["1. Parking is bad"]),
        ("Seen by me and I. We left", ["Seen by me and I.", "We left"]),
        ("", []),
        ("  \n\t ", []),
        ("... !!! ---", []),
        ("word", ["word"]),
    ],
)
def test_sentences(text: str, expected: list[str]) -> None:
    assert cut(text, sentences(text)) == expected


def test_a_line_wrapped_by_a_mail_programme_is_one_sentence() -> None:
    text = "When I rang the council about the bins they told me to ring the\nhousing office instead."
    assert len(sentences(text)) == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Good care but parking is a nightmare; no spaces", ["Good care but parking is a nightmare", "no spaces"]),
        ("The care was very good but parking is a nightmare", ["The care was very good", "but parking is a nightmare"]),
        ("waited all day, no one came, so I left", ["waited all day", "no one came", "so I left"]),
        ("long waits, cold food, rude staff", ["long waits", "cold food", "rude staff"]),
        ("staff were kind and caring", ["staff were kind and caring"]),
        ("It cost 1,000 pounds to fix", ["It cost 1,000 pounds to fix"]),
        ("the button on the website", ["the button on the website"]),
    ],
)
def test_clauses_and_lists(text: str, expected: list[str]) -> None:
    assert cut(text, split(text)) == expected


@given(st.text(alphabet=st.sampled_from("ab cD.,;!?\n\r-&'\"()1…•👍é\u2028 but and e.g."), max_size=120) | st.text())
def test_spans_are_ordered_slices_that_lose_no_letter(text: str) -> None:
    for spans in (sentences(text), split(text)):
        assert all(0 <= span.start < span.end <= len(text) for span in spans)
        assert all(one.end <= other.start for one, other in itertools.pairwise(spans))
        inside = "".join(cut(text, spans))
        assert [sign for sign in inside if sign.isalnum()] == [sign for sign in text if sign.isalnum()]


@given(st.text())
def test_clauses_lie_within_sentences(text: str) -> None:
    whole = sentences(text)
    assert all(any(s.start <= p.start and p.end <= s.end for s in whole) for p in split(text))


@pytest.mark.parametrize("bit", [" ", "a", ".", "a.", "a, ", "and ", "\n", "- ", "👍 ", '"', "but x "])
def test_long_texts_take_linear_time(bit: str) -> None:
    def seconds(length: int) -> float:
        text = bit * (length // len(bit))
        start = time.process_time()
        split(text)
        passages(text)
        is_non_answer(text)
        return time.process_time() - start

    seconds(10_000)
    assert seconds(160_000) < 40 * max(seconds(20_000), 0.004)


@pytest.mark.parametrize(
    "text",
    ["n/a", "N/A.", "None", "nothing", "Nothing at all.", "No comment", "Did not answer", "didn't answer", "-", "?",
     "Can't think of anything", "Don’t know", "not sure", "no", "nil", "Nothing I can think of", "Nothing, thank you.",
     "not applicable", "As above", "❤️", "12", "", "  ", "xxx"],
)  # fmt: skip
def test_non_answers(text: str) -> None:
    assert is_non_answer(text)


@pytest.mark.parametrize(
    "text",
    ["nothing worked", "No one told me", "no parking", "Nothing, they were great", "Everything", "food",
     "Did not answer the phone", "not much help", "none of them listened", "No reply", "no answer", "no 3 bus"],
)  # fmt: skip
def test_answers(text: str) -> None:
    assert not is_non_answer(text)
