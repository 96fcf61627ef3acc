"""How people write: voices with their habits, and the slips that come with them."""

import random
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from typing import Any

from insight.demo.phrases import WRITING

KEEP_CAPITAL = frozenset(("I", "Mereside", "Universal", "Band", "Christmas", "Monday", "Easter", "God", "Student"))
OTHER_WORDS = 0.35
SPLICES = (", ", " and ", " ", "... ", " - ", ", and then ")


@dataclass(frozen=True, slots=True)
class Voice:
    """One way of writing; each number is the chance per sentence (per word for ``swaps`` and ``misspelt``)."""

    name: str
    share: float
    typos: float = 0.0
    misspelt: float = 0.0
    swaps: float = 0.0
    words: str = ""
    no_apostrophes: bool = False
    no_capitals: bool = False
    shouts: float = 0.0
    bare_ends: float = 0.0
    splices: float = 0.0
    exclaims: float = 0.0
    openers: str = "plain"
    opens: float = 0.1
    trails: float = 0.08
    chat: float = 0.2


@dataclass(frozen=True, slots=True)
class Habits:
    """All voices, and the word lists they draw on."""

    voices: tuple[Voice, ...]
    cumulative: tuple[float, ...]
    swaps: Mapping[str, Mapping[str, str]]
    misspelt: Mapping[str, str]
    synonyms: Mapping[str, Sequence[str]]


@cache
def load_habits() -> Habits:
    """Read ``writing/voices.toml``; the same object each time."""
    raw: dict[str, Any] = tomllib.loads((WRITING / "voices.toml").read_text("utf-8"))
    voices = tuple(Voice(**row) for row in raw["voice"])
    return Habits(voices, tuple(accumulate(v.share for v in voices)), raw["swaps"], raw["misspelt"], raw["synonyms"])


def pick_voice(rng: random.Random) -> Voice:
    """A resident's voice, by how common it is."""
    habits = load_habits()
    return rng.choices(habits.voices, cum_weights=habits.cumulative)[0]


def staff_voice() -> Voice:
    """How staff write when they paraphrase or keep a case note, whoever it is about."""
    return next(voice for voice in load_habits().voices if voice.name == "staff")


def lower_first(sentence: str) -> str:
    """The sentence without its capital, unless its first word keeps it: I, a name, an abbreviation."""
    word = sentence.split(" ", 1)[0]
    if word.split("'")[0].rstrip(",.") in KEEP_CAPITAL or (len(word) > 1 and word[1].isupper()):
        return sentence
    return sentence[:1].lower() + sentence[1:]


def spoil(sentence: str, voice: Voice, rng: random.Random) -> str:
    """The sentence as this voice would put it down: its words, slips, capitals and end."""
    text = _own_words(sentence, voice, rng)
    if rng.random() < voice.typos:
        text = _slip(text, rng)
    if voice.no_apostrophes:
        text = text.replace("'", "")
    if rng.random() < voice.shouts:
        text = text.upper()
    elif voice.no_capitals:
        text = text.lower() if rng.random() < 0.5 else lower_first(text)
    elif rng.random() < 0.93:
        text = text[:1].upper() + text[1:]
    return _end(text, voice, rng)


def join(sentences: list[str], voice: Voice, rng: random.Random) -> tuple[str, list[str]]:
    """One text from sentences that are already spoiled, and the sentences as they stand in it, each an exact part."""
    text, stand = sentences[0], [sentences[0]]
    for sentence in sentences[1:]:
        spliced = text[-1] not in ".!?" and rng.random() < voice.splices
        link = rng.choice(SPLICES) if spliced else " " if text[-1] in ".!?" else ". "
        said = lower_first(sentence) if spliced else sentence
        text += link + said
        stand.append(said)
    return text, stand


def _own_words(sentence: str, voice: Voice, rng: random.Random) -> str:
    """Words swapped for the voice's own (texting, regional, shorthand), misspelt, or said another way."""
    habits = load_habits()
    own = habits.swaps.get(voice.words, {})
    words = sentence.split(" ")
    for at, word in enumerate(words):
        bare = word.strip(',.?!"').lower()
        if bare in own and rng.random() < voice.swaps:
            words[at] = word.lower().replace(bare, own[bare])
        elif bare in habits.misspelt and rng.random() < voice.misspelt:
            words[at] = word.lower().replace(bare, habits.misspelt[bare])
        elif bare in habits.synonyms and rng.random() < OTHER_WORDS:
            words[at] = word.lower().replace(bare, rng.choice(habits.synonyms[bare]))
    return " ".join(words)


def _slip(text: str, rng: random.Random) -> str:
    """One slip of the finger in a longer word: two letters changed over, one dropped, doubled, or a space lost."""
    words = text.split(" ")
    at = int(rng.random() * len(words))
    word = words[at]
    if len(word) < 4 or not word.isalpha():
        return text
    spot = 1 + int(rng.random() * (len(word) - 2))
    kind = rng.random()
    if kind < 0.4:
        word = word[:spot] + word[spot + 1] + word[spot] + word[spot + 2 :]
    elif kind < 0.7:
        word = word[:spot] + word[spot + 1 :]
    elif kind < 0.9:
        word = word[:spot] + word[spot] + word[spot:]
    elif at + 1 < len(words):
        word += words.pop(at + 1)
    words[at] = word
    return " ".join(words)


def _end(text: str, voice: Voice, rng: random.Random) -> str:
    if text[-1] in ".?!":
        return text
    if rng.random() < voice.exclaims:
        return text + rng.choice(("!", "!!", "!!!"))
    return text if rng.random() < voice.bare_ends else text + "."
