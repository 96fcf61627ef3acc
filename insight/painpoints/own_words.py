"""What a theme is called and told apart by, held to what several people wrote. Worker only."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from insight.painpoints import rules
from insight.painpoints.one_story import WORD, label_parts, word_for_word

NAMELESS = "Other"
LEAST_TELLERS = 3  # a word that one or two people used may tell who they are


def without_own_words(
    themes: Sequence[dict[str, Any]], groups: npt.NDArray[np.int32], texts: Sequence[str], stories: Sequence[int]
) -> None:
    """Take from themes the terms that fewer than ``LEAST_TELLERS`` of their stories hold; a label of such words too.

    ``groups`` (n,) is the theme of each of n passages, ``stories`` the story that each stands in.
    """
    order = np.argsort(groups, kind="stable")
    starts = np.searchsorted(groups[order], np.arange(int(groups.max(initial=-1)) + 2))
    for theme in themes:
        number = theme["number"]
        rows = order[starts[number] : starts[number + 1]]
        machine = not theme["facts"].get("known")
        named = [" ".join(WORD.findall(said)) for said in label_parts(theme["label"])] if machine else []
        held = _held({*theme["terms"], *named}, ((texts[row], stories[row]) for row in rows))
        theme["terms"] = [term for term in theme["terms"] if term in held]
        if not held.issuperset(named) and not theme["label"].startswith(NAMELESS):
            theme["label"] = _label(theme, named, held)


def _label(theme: Mapping[str, Any], named: Sequence[str], held: set[str]) -> str:
    """What is left of a label; else the first of the terms that are left; else a number."""
    left = [part.strip() for part, plain in zip(theme["label"].split(","), named, strict=True) if plain in held]
    if not left and not theme["terms"]:
        return f"{NAMELESS} ({theme['number'] + 1})"
    return rules.label_of(left or theme["terms"])


def _held(wanted: set[str], passages: Any) -> set[str]:
    """Which terms enough stories hold, word for word."""
    tellers: Mapping[str, set[int]] = {term: set() for term in wanted}
    missing = set(wanted)
    for text, story in passages:
        said = word_for_word([text])
        for term in [term for term in missing if f" {term} " in said]:
            tellers[term].add(story)
            if len(tellers[term]) >= LEAST_TELLERS:
                missing.discard(term)
        if not missing:
            break
    return wanted - missing
