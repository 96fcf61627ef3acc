"""Quick vectors are those of the analysis; words match by their stems; two orders become one."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from insight.errors import NotReady
from insight.painpoints import wording
from insight.search import rules
from insight.text import quick
from insight.text.vectors import StaticTable

SAID = (
    "I rang the council three times and nobody called me back.",
    "Café crème, naïve résumé: 100% of the “forms”…",
    "",
    "☃ zzqqjx",
    "等 了 三 weeks",
    "un" + "believ" * 20,
    "The wait was far too long. " * 200,
)


def test_a_text_means_the_same_to_the_pages_as_to_an_analysis() -> None:
    exact = StaticTable.load()
    assert quick.table().name == exact.name
    assert quick.table().vectors.dtype == np.int8
    np.testing.assert_allclose(quick.table().encode(SAID), exact.encode(SAID), rtol=1e-5, atol=1e-5)
    assert not quick.table().encode([""]).any()


def test_a_missing_table_says_what_to_do() -> None:
    with pytest.raises(NotReady, match="make vectors"):
        quick.QuickTable.load(quick.TABLE.with_name("none.npz"))


@pytest.mark.parametrize(
    "forms",
    [
        ("wait", "waits", "waited", "waiting", "WAITING"),
        ("phone", "phones", "phoned", "phoning"),
        ("stop", "stopped", "stopping", "stops"),
        ("party", "parties", "party's"),
        ("appointment", "appointments", "appointment’s"),
        ("cancel", "cancelled", "cancels"),
        ("address", "addresses", "addressed"),
        ("café", "cafe", "cafés"),
        ("need", "needs", "needed"),
        ("care", "cared", "caring", "cares"),
        ("install", "installed", "installing"),
    ],
)
def test_simple_forms_of_a_word_match_each_other(forms: tuple[str, ...]) -> None:
    for typed in forms:
        asked = rules.read(typed)
        for said in forms:
            assert rules.times(asked, f"She said: {said}, twice.") == 1, (typed, said)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("wait", "the waiter came"),
        ("port", "a report"),
        ("car", "they care, they cared and are caring"),
        ("bus", "a busy day"),
        ("new", "newspaper"),
        ("late receptionist", "they were late"),
    ],
)
def test_other_words_do_not(typed: str, said: str) -> None:
    assert rules.times(rules.read(typed), said) == 0


def test_quoted_words_must_stand_side_by_side_and_as_they_are() -> None:
    asked = rules.read("“call back” nobody")
    assert asked.words == ("nobodi",) and asked.phrases == (("call", "back"),)
    assert rules.times(asked, "Nobody would CALL  back") == 2
    assert rules.times(asked, "Nobody called back") == 0
    assert rules.times(asked, "Nobody would call me back") == 0
    assert not rules.read('%_ "" …').anything()


WORDS = st.lists(st.text("abceinostuy'", min_size=1, max_size=9), min_size=1, max_size=4)


@given(WORDS, WORDS)
def test_what_says_the_words_is_never_lost_by_its_signature(typed: list[str], around: list[str]) -> None:
    asked, text = rules.read(" ".join(typed)), " ".join([*around, *typed, *around])
    if asked.anything() and rules.times(asked, text):
        assert may_hold(text, asked)


@pytest.mark.parametrize(
    ("typed", "said"), [("cafe", "the Café"), ("resume", "a RÉSUMÉ"), ("château", "Chateau"), ("zoe", "Zoë")]
)
def test_accents_make_no_difference(typed: str, said: str) -> None:
    asked = rules.read(typed)
    assert rules.times(asked, said) == 1 and may_hold(said, asked)


def test_words_said_everywhere_count_only_where_nothing_else_was_typed() -> None:
    assert rules.times(rules.read("the form was late"), "My form came late") == 2
    assert rules.read("the").words == ("the",)
    assert rules.read('is it "on time"').words == ()


def may_hold(text: str, asked: rules.Asked) -> bool:
    """Whether the signature of a text lets it through to be read."""
    return bool(wording.holding(wording.signatures([text]), rules.stems_of(asked))[0])


def test_the_best_of_two_orders_comes_first_and_nothing_is_lost() -> None:
    assert rules.fused([1, 2, 3], [2, 4]) == [2, 1, 4, 3]
    assert rules.fused([], [5]) == [5]


def test_short_texts_about_the_words_rank_before_long_ones() -> None:
    short, long, often = rules.ranked_by_words([1, 1, 2], [20, 200, 200])
    assert short > long and often > long
