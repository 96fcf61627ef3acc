"""The machine learns from what people coded, and keeps its word on how sure it is."""

import numpy as np
import pandas as pd
import pytest
from threadpoolctl import threadpool_limits

from insight.codebook.learning import NOTHING, Learned, learn, reading_list
from insight.codebook.learning.calibration import bar_of
from insight.codebook.learning.features import features
from insight.codebook.learning.scoring import Examples
from insight.codebook.learning.teaching import prepare, teach
from insight.text.passages import is_non_answer
from insight.text.vectors import StaticTable
from tests.conftest import shared

KINDS = {
    7: "the nurse was {} and kind to me at {}",
    3: "we waited {} long for an appointment at {}",
    12: "parking was {} full and dear at {}",
}
HOW = ("very", "so", "really", "quite", "always", "never", "often", "far")
WHERE = ("the clinic", "the ward", "night", "weekends", "reception", "the surgery", "Easter", "noon", "the hub", "home")
TEXTS = [form.format(how, where) for form in KINDS.values() for how in HOW for where in WHERE]
TRUTH = np.repeat(list(KINDS), len(HOW) * len(WHERE))


@pytest.fixture(scope="module")
def table() -> StaticTable:
    return StaticTable.load()


def taught(table: StaticTable, each: int = 25, texts: list[str] = TEXTS) -> tuple[Learned, np.ndarray]:
    coded = np.concatenate([np.flatnonzero(theme == TRUTH)[:each] for theme in KINDS])
    said = [(int(TRUTH[row]),) for row in coded]
    return learn(texts, table.encode(texts), coded, said), coded


def test_what_people_said_is_learned_and_said_of_the_rest(table: StaticTable) -> None:
    learned, coded = taught(table)
    assert learned.themes == (3, 7, 12)
    assert np.array_equal(learned.chosen, TRUTH)
    assert learned.bar is not None and learned.sure.mean() > 0.9
    assert [score.n for score in learned.scores] == [25, 25, 25]
    assert all(score.f1.low <= score.f1.value <= score.f1.high for score in learned.scores)
    assert learned.overall.n == len(coded)
    assert learned.several[0] == (7,)
    assert learned.probabilities.shape == (len(TEXTS), 3)


def test_a_coded_text_is_judged_as_if_it_had_not_been_coded(table: StaticTable) -> None:
    learned, coded = taught(table)
    said = [(int(TRUTH[row]),) for row in coded]
    said[0] = (12,)  # a slip: the text speaks of the nurse
    again = learn(TEXTS, table.encode(TEXTS), coded, said)
    assert again.chosen[coded[0]] == 7 == learned.chosen[coded[0]]
    assert again.overall.right.value < 1


def test_leaving_one_out_is_what_a_fit_without_it_says(table: StaticTable) -> None:
    rows = np.arange(0, len(TEXTS), 8)
    made = features(TEXTS, table.encode(TEXTS))
    said = (TRUTH[rows][:, None] == np.array([3, 7, 12])).astype(float)
    whole, rest = Examples(made, rows, said), Examples(made, rows[1:], said[1:])
    alone = rest.score(slice(int(rows[0]), int(rows[0]) + 1))
    assert np.allclose(whole.without.ridge[0], alone.ridge[0])
    assert np.allclose(whole.without.near[0], alone.near[0])


def test_repeats_are_one_text_and_teach_once(table: StaticTable) -> None:
    repeated = [*TEXTS, *[f"  {text.upper()}!!" for text in TEXTS[:20]]]
    learned, coded = taught(table)
    vectors = table.encode(repeated)
    again = learn(
        repeated,
        vectors,
        np.concatenate([coded, np.arange(len(TEXTS), len(repeated))]),
        [*[(int(TRUTH[row]),) for row in coded], *[(7,)] * 20],
    )
    assert again.overall.n == learned.overall.n
    assert np.array_equal(again.confidence[: len(TEXTS)], learned.confidence)
    assert np.array_equal(again.confidence[len(TEXTS) :], learned.confidence[:20])


def test_people_who_disagree_about_equal_texts_are_both_heard() -> None:
    corpus = prepare(["Slow.", "slow", "SLOW!", "Rude.", "N/A", ""], np.ones((6, 4), np.float32))
    assert corpus.row_of.tolist() == [0, 0, 0, 1, -1, -1]
    half = teach(corpus, np.array([0, 1, 3]), [(5,), (6,), (5, 6)])
    assert half.themes == (5, 6), "what half of them say counts, and two texts then speak of each"
    third = teach(corpus, np.array([0, 1, 2, 3]), [(5,), (5,), (6,), (5, 6)])
    assert third.themes == (5,), "what one in three says does not"


def test_nothing_to_code_is_an_answer_and_non_answers_teach_nothing(table: StaticTable) -> None:
    texts = [*TEXTS, *[f"my cat number {number} sat there" for number in range(30)], "N/A", "nothing", " "]
    coded = np.concatenate([np.arange(0, 240, 4), np.arange(240, 260), [270, 271]])
    said = [(int(TRUTH[row]),) if row < 240 else () for row in coded]
    learned = learn(texts, table.encode(texts), coded, said)
    assert learned.overall.n == len(coded) - 2
    assert set(learned.chosen[240:].tolist()) == {NOTHING}
    assert learned.several[250] == () and learned.several[272] == ()
    assert NOTHING not in learned.themes and NOTHING not in [score.theme for score in learned.scores]


@pytest.mark.parametrize(
    ("coded", "said", "needs", "themes"),
    [
        ([], [], "examples", ()),
        ([0], [(7,)], "examples", ()),
        ([0, 1, 2], [(7,), (7,), (7,)], "kinds", (7,)),
        ([0, 1, 2, 80, 81], [(7,), (7,), (7,), (3,), (3,)], "coded", (3, 7)),
        ([0, 1, 2], [(), (), ()], "kinds", ()),
    ],
)
def test_too_little_promises_nothing_and_says_what_is_missing(
    table: StaticTable, coded: list[int], said: list[tuple[int, ...]], needs: str, themes: tuple[int, ...]
) -> None:
    learned = learn(TEXTS, table.encode(TEXTS), np.array(coded, np.int64), said)
    assert (learned.needs, learned.themes, learned.bar) == (needs, themes, None)
    assert not learned.sure.any() and len(learned.chosen) == len(learned.several) == len(TEXTS)
    assert np.isfinite(learned.confidence).all()


@pytest.mark.parametrize("texts", [[], [""], ["n/a", "none"]])
def test_nothing_written_is_no_error(table: StaticTable, texts: list[str]) -> None:
    learned = learn(texts, table.encode(texts), np.arange(len(texts)), [(1,)] * len(texts))
    assert learned.needs == "examples" and len(learned.chosen) == len(texts)
    assert reading_list(texts, table.encode(texts), learned, np.zeros(0, np.int64)) == []


def test_the_same_to_the_byte_with_one_thread_or_two(table: StaticTable) -> None:
    with threadpool_limits(1):
        alone, _ = taught(table, each=20)
    with threadpool_limits(2):
        both, _ = taught(table, each=20)
    assert alone.confidence.tobytes() == both.confidence.tobytes()
    assert alone.doubt.tobytes() == both.doubt.tobytes()
    assert (alone.scores, alone.overall, alone.several) == (both.scores, both.overall, both.several)


def test_the_bar_is_where_nine_in_ten_are_right() -> None:
    """Made data whose confidence is true: at and above the bar the promise holds, and not much is given away."""
    draw = np.random.default_rng(4)
    coded, others = draw.beta(2, 1, 3000), draw.beta(2, 1, 50_000)
    bar = bar_of(others, coded, draw.random(3000) < coded)
    assert bar is not None
    assert 0.90 <= others[others >= bar].mean() < 0.92
    assert bar_of(np.full(50, 0.6), np.full(50, 0.6), np.ones(50, bool)) is None


def test_the_reading_list_offers_different_texts_nobody_coded(table: StaticTable) -> None:
    texts = [*TEXTS[:160], *[f"the bus to {where} did not come" for where in WHERE], "n/a", TEXTS[0].upper()]
    vectors = table.encode(texts)
    coded = np.array([0, 1, 2, 3, 80, 81, 82, 83])
    learned = learn(texts, vectors, coded, [(7,)] * 4 + [(3,)] * 4)
    listed = reading_list(texts, vectors, learned, coded, size=10)
    assert len(set(listed)) == 10 and not set(listed) & {*coded.tolist(), 170, 171}
    assert any(160 <= row < 170 for row in listed[:3])  # of the bus nobody has said anything yet


def test_sure_keeps_its_promise_on_real_texts(table: StaticTable) -> None:
    """Bank queries of twelve intents, five draws of 150 coded: what is sure of the rest is right nine times in ten."""
    frame = pd.read_csv(shared("feedback/bank_queries.csv"), dtype=str)
    frame = frame[frame["label"].isin(frame["label"].value_counts().index[:12])].reset_index(drop=True)
    texts, (truth, _) = frame["text"].tolist(), pd.factorize(frame["label"])
    assert not any(is_non_answer(text) for text in texts)
    corpus = prepare(texts, table.encode(texts))
    found = []
    for seed in range(5):
        coded = np.random.default_rng(seed).permutation(len(texts))[:150]
        learned = teach(corpus, coded, [(int(truth[row]),) for row in coded], seed=seed)
        rest = np.setdiff1d(np.arange(len(texts)), coded)
        right, sure, foretold = learned.chosen[rest] == truth[rest], learned.sure[rest], learned.overall.right
        found.append((sure.mean(), right[sure].mean(), right.mean(), foretold.low, foretold.high))
    share, kept, every, low, high = np.mean(found, axis=0)
    assert share > 0.5 and kept >= 0.90 > every
    assert low <= every <= high
