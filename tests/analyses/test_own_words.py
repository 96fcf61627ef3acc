"""A word that one or two people used names no theme and tells none apart."""

import numpy as np

from insight.painpoints.own_words import without_own_words

TEXTS = [
    "The Zibblewick form was far too long",
    "that form was too long",
    "a form, and too long",
    "My zibblewick again, and no form",
    "Nobody rang",
]
STORIES = [1, 2, 3, 1, 4]  # the word is said twice, by one person


def themed(label: str, terms: list[str], known: str | None = None) -> dict[str, object]:
    theme: dict[str, object] = {"number": 0, "label": label, "terms": terms, "facts": {"known": known}}
    without_own_words([theme], np.array([0, 0, 0, 0, 1], np.int32), TEXTS, STORIES)
    return theme


def test_what_several_wrote_stays_and_the_rest_goes() -> None:
    theme = themed("Zibblewick form, too long", ["zibblewick", "form", "long", "too long"])
    assert theme["terms"] == ["form", "long", "too long"] and theme["label"] == "Too long"


def test_a_label_of_one_persons_words_is_made_anew() -> None:
    assert themed("Zibblewick", ["zibblewick", "form"])["label"] == "Form"
    assert themed("Zibblewick", ["zibblewick"])["label"] == "Other (1)"


def test_known_pains_keep_their_names() -> None:
    theme = themed("Asked for the same proof again", ["zibblewick", "form"], "proof")
    assert theme["label"] == "Asked for the same proof again" and theme["terms"] == ["form"]
