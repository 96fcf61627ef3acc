"""A known pain claims what sounds like its examples, never praise; few texts pass through; the same on every run."""

import itertools

import numpy as np
import numpy.typing as npt
import pytest

from insight.painpoints.known import KnownPain, known_pains
from insight.painpoints.sharpening import Sharpened, sharpen
from insight.themes import Findings, find_themes

WHO = ["the surgery", "the housing office", "the school", "the benefits team", "the clinic", "the council"]
SILENCE = ["nobody at {} answers the phone", "i rang {} and no one picked up", "{} never called me back"]
PARKING = ["there was nowhere to park at {}", "parking at {} was full", "no parking spaces near {}"]
OTHER = [
    f"{start} {end}"
    for start in ["{} is", "my cousin sat in", "we walked past", "the garden is behind", "i know", "she saw"]
    for end in ["{} near the river", "{} in the rain", "with roses by {}", "{} built of old brick", "the dog at {}"]
]
ENDINGS = ["", " on monday", " last week", " in may"]
PAINS = (
    KnownPain(
        "no_reply", "No answer", ("Nobody answers the phone.", "They never called me back.", "No one picked up.")
    ),
    KnownPain(
        "getting_there",
        "Getting there",
        (
            "There was nowhere to park.",
            "The parking is always full.",
            "You cannot get a parking space.",
            "Never any parking near there.",
        ),
    ),
)


def told(patterns: list[str]) -> list[str]:
    return [a.replace("{}", b) + c for a, b, c in itertools.product(patterns, WHO, ENDINGS)]


TEXTS = [*told(SILENCE), *told(PARKING), *told(OTHER)]
ABOUT = np.repeat([0, 1, -1], [len(told(SILENCE)), len(told(PARKING)), len(told(OTHER))])
HURTS = np.full(len(TEXTS), -0.5)


@pytest.fixture(scope="module")
def findings() -> Findings:
    return find_themes(TEXTS)


def placed(findings: Findings, side: npt.NDArray[np.float64] = HURTS) -> Sharpened:
    return sharpen(TEXTS, findings, side, PAINS)


@pytest.mark.parametrize("pain", [0, 1])
def test_a_known_pain_claims_paraphrases_of_its_examples(findings: Findings, pain: int) -> None:
    claimed = placed(findings).labels == pain
    assert (ABOUT[claimed] == pain).mean() >= 0.8
    assert claimed[pain == ABOUT].mean() >= 0.6


def test_known_pains_come_first_and_found_themes_follow(findings: Findings) -> None:
    sharp = placed(findings)
    assert sharp.known == dict(enumerate(PAINS))
    assert (sharp.labels[ABOUT == -1] >= len(PAINS)).mean() >= 0.5
    assert sharp.scores.min() >= 0
    assert sharp.scores.max() <= 1


def test_a_pain_that_most_people_tell_is_still_claimed() -> None:
    common = [*told(SILENCE), *told(PARKING)]
    labels = sharpen(common, find_themes(common), np.full(len(common), -0.5), PAINS).labels
    claimed = labels == 0
    assert claimed.any()
    assert claimed[: len(told(SILENCE))].sum() >= 0.8 * claimed.sum()


def test_praise_is_never_put_to_a_known_pain(findings: Findings) -> None:
    side = np.where(np.arange(len(TEXTS)) % 2, 1.0, -1.0)
    labels = placed(findings, side).labels
    assert not np.isin(labels[side > 0], [0, 1]).any()
    assert np.isin(labels[side < 0], [0, 1]).any()


def test_a_tick_at_the_step_counts_a_little(findings: Findings) -> None:
    ticked = {"no_reply": np.ones(len(TEXTS), bool)}
    without = placed(findings).labels
    with_ticks = sharpen(TEXTS, findings, HURTS, PAINS, ticked).labels
    assert (with_ticks == 0).sum() >= (without == 0).sum()
    assert (with_ticks[ABOUT == 1] == 1).mean() >= 0.5


def test_the_same_texts_give_the_same_places(findings: Findings) -> None:
    first, again = placed(findings), placed(find_themes(TEXTS))
    assert np.array_equal(first.labels, again.labels)
    assert np.array_equal(first.scores, again.scores)


def test_copies_stand_together(findings: Findings) -> None:
    double = [*TEXTS, *(text.upper() + "!" for text in TEXTS)]
    labels = sharpen(double, find_themes(double), np.tile(HURTS, 2), PAINS).labels
    assert np.array_equal(labels[: len(TEXTS)], labels[len(TEXTS) :])


def test_too_few_texts_pass_through() -> None:
    few = TEXTS[:20]
    findings = find_themes(few)
    sharp = sharpen(few, findings, HURTS[:20], PAINS)
    assert np.array_equal(sharp.labels, findings.labels)
    assert sharp.known == {}


@pytest.mark.parametrize("known", [(), PAINS[:1]])
def test_no_known_pain_or_a_single_one_is_fine(findings: Findings, known: tuple[KnownPain, ...]) -> None:
    sharp = sharpen(TEXTS, findings, HURTS, known)
    assert len(sharp.labels) == len(TEXTS)
    assert sharp.known == dict(enumerate(known))


def test_the_list_of_known_pains_is_sound() -> None:
    said = [sentence for pain in known_pains() for sentence in pain.say]
    assert len(said) == len(set(said))
    assert len({pain.code for pain in known_pains()}) == len(known_pains())
    assert min(len(pain.say) for pain in known_pains()) >= 10
