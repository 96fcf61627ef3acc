"""Words, vectors and stance."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from insight.errors import NotReady
from insight.text import sentiment, tokens, wordpiece
from insight.text.quick import TABLE
from insight.text.vectors import StaticTable


@pytest.fixture(scope="module")
def table() -> StaticTable:
    return StaticTable.load()


def cosine(table: StaticTable, one: str, other: str) -> float:
    a, b = table.encode([one, other])
    return float(a @ b / (np.linalg.norm(a) * np.linalg.norm(b)))


@pytest.mark.parametrize(
    ("text", "like", "unlike"),
    [
        ("the bus was late", "the train was delayed", "the nurse was kind"),
        ("my bin was not collected", "nobody picked up the rubbish", "I could not get a doctor's appointment"),
        ("I could not park my car", "there are no parking spaces", "the ward was clean"),
        ("damp and mould in my flat", "the house is wet and mouldy", "the tax bill was wrong"),
    ],
)
def test_what_means_alike_is_near(table: StaticTable, text: str, like: str, unlike: str) -> None:
    assert cosine(table, text, like) > cosine(table, text, unlike) + 0.1


def test_a_text_is_the_mean_of_its_pieces(table: StaticTable) -> None:
    first, second, both = table.encode(["bus", "late", "bus late"])
    np.testing.assert_allclose(both, (first + second) / 2, rtol=1e-4, atol=1e-5)


def test_vectors_do_not_depend_on_company_or_order(table: StaticTable) -> None:
    texts = [f"the bus number {number} was late again" for number in range(50)] + ["", "👍", "Ünïcode café"]
    together = table.encode(texts)
    backwards = table.encode(texts[::-1])[::-1]
    alone = np.vstack([table.encode([text]) for text in texts])
    np.testing.assert_allclose(together, backwards, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(together, alone, rtol=1e-5, atol=1e-6)
    assert not together[50].any()


def test_no_texts_make_no_rows(table: StaticTable) -> None:
    assert table.encode([]).shape == (0, table.table.shape[1])


def test_accents_and_capitals_do_not_matter(table: StaticTable) -> None:
    np.testing.assert_array_equal(table.encode(["CAFÉ Closed"]), table.encode(["cafe closed"]))


def test_the_table_is_small_and_holds_no_code() -> None:
    assert sum(file.stat().st_size for file in TABLE.parent.iterdir() if file.is_file()) <= 8_000_000
    with np.load(TABLE, allow_pickle=False) as saved:
        assert saved["vectors"].dtype == np.int8


def test_a_damaged_table_says_what_to_do(tmp_path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "table.npz").write_bytes(b"not a table")
    with pytest.raises(NotReady, match="make vectors"):
        StaticTable.load(tmp_path / "table.npz")


@given(st.text(max_size=60))
def test_pieces_spell_the_word(text: str) -> None:
    vocabulary = {piece: row for row, piece in enumerate(["a", "b", "ab", "##a", "##b", "##ab", "c"])}
    names = list(vocabulary)
    for word in wordpiece.words(text):
        spelled = "".join(names[row].removeprefix("##") for row in wordpiece.pieces(word, vocabulary))
        assert spelled in ("", word)


def test_stems_and_stopwords() -> None:
    assert tokens.stem("waiting") == tokens.stem("waited") == tokens.stem("waits")
    assert tokens.stem("nurse's") == tokens.stem("nurse")
    assert tokens.tokenize("Didn’t get 3 letters!") == ["didn't", "get", "letters"]
    assert tokens.is_stopword("wasn't")
    assert not tokens.is_stopword("bill")


@pytest.mark.parametrize(
    "text",
    ["I waited three hours", "no one came", "still waiting", "I had to chase them again and again", "rude receptionist",
     "passed from pillar to post", "not helpful at all", "They never rang back!", "lack of parking", "nobody told me",
     "the form is confusing", "My letter got lost", "It was not easy", "cut off after an hour"],
)  # fmt: skip
def test_what_hurts(text: str) -> None:
    assert sentiment.stance(text).score < -0.15


@pytest.mark.parametrize(
    "text",
    ["friendly staff", "could not have been better", "No complaints", "They listened to me", "very quick and easy",
     "can't fault them", "spot on", "The nurse was lovely :)", "clean ward", "sorted out straight away"],
)  # fmt: skip
def test_what_is_good(text: str) -> None:
    assert sentiment.stance(text).score > 0.15


@pytest.mark.parametrize(
    "text", ["the care home", "my cancer scan", "the police station", "", "the number 9 bus", "12"]
)
def test_names_of_services_take_no_side(text: str) -> None:
    assert sentiment.stance(text) == (0.0, False)


def test_boosters_strengthen_and_negations_turn() -> None:
    plain, strong, turned = (sentiment.stance(text).score for text in ("helpful", "very helpful", "not very helpful"))
    assert turned < 0 < plain < strong


@given(st.text(max_size=200))
def test_stance_stays_in_range(text: str) -> None:
    found = sentiment.stance(text)
    assert -1 <= found.score <= 1
    assert found.found or found.score == 0


def test_equal_texts_have_equal_stances() -> None:
    assert sentiment.stances(["rude", "kind", "rude"])[0] == sentiment.stances(["rude"])[0]
