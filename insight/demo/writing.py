"""Sentences and texts: cores drawn from the phrase files, opened, trailed and spoiled as the voice would."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from insight.demo.model import TruthMark
from insight.demo.phrases import Deck, Phrase, read_sections, render
from insight.demo.voices import Voice, join, lower_first, spoil

Heard = Mapping[str, Sequence[str]]
Item = TypeVar("Item")
OWN_WEIGHT = 3.0
PLAIN_SHARE = 0.78


@dataclass(frozen=True, slots=True)
class Said:
    """One finished sentence; ``pain`` or ``good`` is the code of what was planted in it, if anything."""

    text: str
    pain: str | None = None
    good: str | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """A field's text with its marks."""

    text: str
    pains: tuple[TruthMark, ...] = ()
    goods: tuple[TruthMark, ...] = ()


class Writer:
    """Writes sentences; remembers which cores were used, so that they come round again only when all were."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self._decks: dict[tuple[str, str], Deck[Phrase]] = {}
        self._fitting: dict[tuple[str, str], dict[str, Deck[Phrase]]] = {}
        self._kin: frozenset[str] = frozenset()

    def begin(self, kin: str) -> None:
        """Start a journey: from here on it speaks of one relative, as far as the cores at hand allow."""
        self._kin = frozenset((kin,))

    def pain(self, code: str, service: str, voice: Voice, heard: Heard) -> Said:
        """A sentence that tells of a pain met at a service."""
        return Said(self._planted(f"pains/{code}", service, voice, heard, simply=f"plain/{code}"), pain=code)

    def good(self, code: str, service: str, voice: Voice, heard: Heard) -> Said:
        """A sentence that tells of something that worked well."""
        return Said(self._planted(f"good/{code}", service, voice, heard, plain=True), good=code)

    def wish(self, code: str, voice: Voice, heard: Heard) -> Said:
        """What would have spared them a pain."""
        return Said(self._finish(self._draw(f"pains/{code}", "wish"), voice, heard, plain=True), pain=code)

    def filler(self, file: str, section: str, voice: Voice, heard: Heard) -> Said:
        """A sentence in which nothing was planted, from one section of one file."""
        return Said(self._finish(self._draw(file, section), voice, heard, plain=True))

    def step_filler(self, service: str, voice: Voice, heard: Heard) -> Said:
        """A plain remark on a step."""
        if voice.name == "staff":
            return self.filler("step_notes", "staff", voice, heard)
        return self.filler("step_notes", self._section("step_notes", service), voice, heard)

    def chance(self, probability: float) -> bool:
        """True with this probability."""
        return self.rng.random() < probability

    def pick(self, options: Sequence[Item]) -> Item:
        """One of several, all alike."""
        return options[int(self.rng.random() * len(options))]

    def passage(self, said: list[Said], where: str, voice: Voice) -> Passage:
        """The sentences as one text, with marks for ``where`` they stand."""
        text, stand = join([one.text for one in said], voice, self.rng)
        pairs = list(zip(said, stand, strict=True))
        pains = tuple(TruthMark(one.pain, where, sentence) for one, sentence in pairs if one.pain)
        goods = tuple(TruthMark(one.good, where, sentence) for one, sentence in pairs if one.good)
        return Passage(text, pains, goods)

    def _planted(
        self, file: str, service: str, voice: Voice, heard: Heard, *, plain: bool = False, simply: str = ""
    ) -> str:
        """Staff write their own shorthand, or put the person's words in quotes; residents speak of the service.

        ``simply`` is the file of the same thing in everyday words, from which most of it is said, if there is one.
        """
        if voice.name == "staff" and "staff" in read_sections(file) and self.chance(0.8):
            return self._finish(self._draw(file, "staff"), voice, heard)
        said_in = simply if simply and self.chance(PLAIN_SHARE) else file
        core = self._draw(said_in, self._section(said_in, service))
        if voice.name != "staff":
            return self._finish(core, voice, heard, plain=plain)
        quoted = render(core, self.rng, heard)
        return f'{self.pick(("Cust:", "Res said", "In her words:", "quote:", "Said"))} "{quoted}"'

    def _section(self, file: str, service: str) -> str:
        """A section that fits the service: the general one or its own, its own counting more, by what is left unsaid.

        Nothing is said twice before all that fits was said once.
        """
        if (file, service) not in self._fitting:
            self._fitting[file, service] = {
                head: self._deck(file, head)
                for head in read_sections(file)
                if head == "any" or (head.startswith("at ") and service in head.split())
            }
        fitting = self._fitting[file, service]
        if not any(deck.left for deck in fitting.values()):
            for deck in fitting.values():
                deck.renew()
        weights = [deck.left * (1.0 if head == "any" else OWN_WEIGHT) for head, deck in fitting.items()]
        return self.rng.choices(list(fitting), weights)[0]

    def _deck(self, file: str, section: str) -> Deck[Phrase]:
        if (file, section) not in self._decks:
            self._decks[file, section] = Deck(read_sections(file)[section])
        return self._decks[file, section]

    def _draw(self, file: str, section: str) -> Phrase:
        return self._deck(file, section).draw(self.rng, lambda phrase: phrase.kin <= self._kin)

    def _finish(self, phrase: Phrase, voice: Voice, heard: Heard, *, plain: bool = False) -> str:
        """A core as said by this voice; ``plain`` leaves out what people add when they are moved."""
        text = render(phrase, self.rng, heard)
        if not plain and self.chance(voice.opens):
            opener = render(self._draw("openers", voice.openers), self.rng, heard)
            link = " " if opener[-1] in ",:" or self.chance(0.6) else ", "
            text = opener + link + lower_first(text)
        if not plain and text[-1] not in ".?!" and self.chance(voice.trails):
            text += self.pick((", ", " ", " - ")) + render(self._draw("trails", "any"), self.rng, heard)
        return spoil(text, voice, self.rng)
