"""How marks are added to a text and taken away, and what a story is cut into to be released. Pure."""

import re
from collections.abc import Iterable, Sequence

from insight.identifiers import Kind, Mark
from insight.text.passages import sentences

LONGEST = 200


def hidden(told: str, marks: Sequence[Mark], words: str, kind: Kind) -> tuple[Mark, ...] | None:
    """The marks of a text once some words are marked too, wherever they stand; None where they stand nowhere.

    Whatever their case and spacing. A mark that overlaps is swallowed: nothing that was hidden comes to light.
    """
    spaced = r"\s+".join(re.escape(part) for part in words.split())
    if not spaced:
        return None
    pattern = re.compile(rf"(?<!\w){spaced}(?!\w)", re.IGNORECASE)
    new = [Mark(found.start(), found.end(), kind) for found in pattern.finditer(told)]
    return _joined([*marks], new) if new else None


def _joined(marks: Iterable[Mark], new: Iterable[Mark]) -> tuple[Mark, ...]:
    kept = list(marks)
    for mark in new:
        touching = [one for one in kept if one.start < mark.end and mark.start < one.end]
        start = min([mark.start, *(one.start for one in touching)])
        end = max([mark.end, *(one.end for one in touching)])
        kept = [one for one in kept if one not in touching] + [Mark(start, end, mark.kind)]
    return tuple(sorted(kept))


def quotable(texts: Iterable[str]) -> list[str]:
    """The sentences of a story's safe copy, each once, in order, as quotes show them."""
    found = (" ".join(text[one.start : one.end].split()) for text in texts for one in sentences(text))
    return list(dict.fromkeys(found))
