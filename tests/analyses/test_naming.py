"""Labels read like something people said, keep what was meant, and are nobody's alone."""

import numpy as np
import pandas as pd
import pytest

from insight.text.tokens import tokenize
from insight.themes import GroupName, name_groups
from insight.themes.labels import parts_of
from insight.themes.wording import reads_well
from tests.conftest import shared

BUSES = [
    f"The {line} bus never turns up, so I {walk}." for line in ("ten", "late", "town") for walk in ("walk", "drive")
]
LIBRARY = [
    f"Staff at the library are {how} friendly and helpful {when}." for how in ("very", "so") for when in ("now", "")
]
RECEPTION = [f"I was not told about the {what} by the rude receptionist" for what in ("fee", "delay", "form", "change")]


def named(*groups: list[str]) -> list[GroupName]:
    texts = [text for group in groups for text in group]
    return name_groups(texts, [number for number, group in enumerate(groups) for _ in group])


def test_a_label_is_what_several_people_said() -> None:
    buses, library, reception = (name.label for name in named(BUSES, LIBRARY, RECEPTION))
    assert "bus never turns up" in buses.lower()
    assert "friendly and helpful" in library.lower() or library == "Staff at the library"
    assert "rude receptionist" in reception or "not told" in reception


def test_what_is_denied_stays_denied() -> None:
    ways = ("The nurse did not listen to me", "They would never listen to me", "Nobody there did listen to me")
    label = named([f"{way} {when}" for way in ways for when in ("at all", "today", "again")], BUSES)[0].label.lower()
    assert "listen" in label
    assert "listen to me" not in label or {"not", "never", "nobody"} & set(tokenize(label))


def test_one_text_alone_gives_no_phrase() -> None:
    alone = "My neighbour Mildred stole the copper weather vane"
    texts = ["Theft is a worry", "So much theft here", "Theft every week", "Theft again", alone, alone]
    label = named(texts, BUSES, LIBRARY)[0].label.lower()
    assert "theft" in label
    assert not {"mildred", "weather", "copper"} & set(tokenize(label))


def test_names_and_editors_marks_are_left_out() -> None:
    said = [f"Doctor Ombala was kind to me {when}, thank you [Name Redacted]" for when in ("today", "in May", "there")]
    others = [f"Such a kind doctor {when}" for when in ("today", "last year", "as always", "here", "on the ward")]
    labels = " ".join(name.label for name in named(said + others * 3, BUSES)).lower()
    assert "ombala" not in labels
    assert "redacted" not in labels


def test_groups_that_say_the_same_get_labels_of_their_own() -> None:
    names = named(LIBRARY, [text.replace("now", "daily") for text in LIBRARY], BUSES, list(reversed(BUSES)))
    assert len({name.label for name in names}) == 4


@pytest.mark.parametrize(
    "texts",
    [
        ["???"],
        ["12 345", "67"],
        ["a b c"] * 5,
        ["الموظفون لطفاء"] * 4,
        ["Mae’r staff yn garedig"] * 4,
        ["X" * 5000] * 3,
    ],
)
def test_odd_texts_have_labels(texts: list[str]) -> None:
    first, second = named(texts, BUSES)
    assert first.label
    assert "bus" in second.label.lower()


def test_how_words_are_written() -> None:
    texts = [f"We never see a GP on a Monday {why}" for why in ("here", "because of cuts", "now", "any more")]
    assert "GP" in named(texts, BUSES)[0].label


def test_what_reads_well() -> None:
    assert reads_well(["staff", "are", "friendly"], 2)
    assert reads_well(["can", "i", "change", "my", "pin"], 2)
    assert not reads_well(["dr", "ombala", "was", "kind"], 3)
    assert not reads_well(["countries", "do", "you", "support"], 2)
    assert not reads_well(["i", "feel"], 1)


def test_every_part_of_a_label_of_real_texts_is_said_by_several() -> None:
    """So that a label can be checked again once a story is gone: by the words of the stories that stay."""
    texts = pd.read_csv(shared("feedback/bank_queries.csv"))["text"].sample(3000, random_state=0).tolist()
    groups = np.array([len(tokenize(text)) % 5 for text in texts], np.int32)
    names = name_groups(texts, groups)
    for number, name in enumerate(names):
        said = [f" {' '.join(tokenize(text))} " for text, group in zip(texts, groups, strict=True) if group == number]
        assert len(name.label) <= 60
        assert not name.label.endswith((".", ","))
        for part in parts_of(name.label):
            assert sum(f" {part} " in text for text in said) >= 3
