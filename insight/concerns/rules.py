"""Reads texts for signs that somebody is or was harmed or at risk. Tuned to find; a person decides. Pure."""

from collections.abc import Collection, Iterable, Sequence

from insight.concerns.letters import OTHER
from insight.concerns.model import Concern
from insight.concerns.signs import CompiledSign, Signs, Wording, signs
from insight.concerns.words import in_plain_words


def concerns_in(texts: Iterable[str]) -> tuple[Concern, ...]:
    """The concerns that some texts raise, each once, in a fixed order: which signs were found, never the words."""
    known = signs()
    found: dict[str, Concern] = {}
    for text in texts:
        for sign in _signs_in(text, known, found):
            found[sign.id] = Concern(sign.kind, sign.id)
    return tuple(sorted(found.values()))


def _signs_in(text: str, known: Signs, found: Collection[str]) -> list[CompiledSign]:
    """The signs of one text that are not found already."""
    line = known.letters.line(in_plain_words(text, known.spelling))
    held = set(line)
    line = _without(line, [known.never[number] for number in known.never_lookup.worth_trying(held)])
    here: list[CompiledSign] = []
    settled = set(found)
    for number in known.lookup.worth_trying(held):
        wording, sign = known.wordings[number]
        if sign.id not in settled and wording.compiled.search(line):
            settled.add(sign.id)
            if not sign.unless or _stands(line, sign):
                here.append(sign)
    return here


def _stands(line: str, sign: CompiledSign) -> bool:
    """Whether a sign is still there once all that only looks like it is taken out."""
    held = set(line)
    left = _without(line, [wording for wording in sign.unless if not held.isdisjoint(wording.keys)])
    return any(wording.compiled.search(left) for wording in sign.say if not held.isdisjoint(wording.keys))


def _without(line: str, wordings: Sequence[Wording]) -> str:
    """A line with a word that no sign names where these wordings stood: nothing grows together."""
    for wording in wordings:
        line = wording.compiled.sub(OTHER, line)
    return line
