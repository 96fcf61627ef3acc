"""Texts told apart before they are grouped: what is empty, says nothing, or has been said before."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from insight.text.passages import is_non_answer
from insight.themes.model import Labels


@dataclass(frozen=True)
class Sorted:
    """Texts told apart: the different ones worth clustering, and for each text its row there or why it has none."""

    different: list[str]
    row_of: Labels
    empty: npt.NDArray[np.bool_]
    no_answer: npt.NDArray[np.bool_]


def same_for_all(text: str) -> str:
    """What the spellings of a text share that differ in case, blanks and closing signs only."""
    return " ".join(text.split()).lower().rstrip(".!, ")


def sort_texts(texts: Sequence[str]) -> Sorted:
    """Tell empty texts, non-answers and repeats apart."""
    rows: dict[str, int] = {}
    different: list[str] = []
    row_of = np.full(len(texts), -1, np.int32)
    empty = np.zeros(len(texts), bool)
    no_answer = np.zeros(len(texts), bool)
    for place_, text in enumerate(texts):
        key = same_for_all(text)
        if key in rows:
            row_of[place_] = rows[key]
        elif not text.strip():
            empty[place_] = True
        elif is_non_answer(text):
            no_answer[place_] = True
        else:
            rows[key] = row_of[place_] = len(different)
            different.append(text)
    return Sorted(different, row_of, empty, no_answer)
