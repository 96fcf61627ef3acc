"""What is said where: the texts of one journey, from its stops and what was planted at them."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from insight.demo.model import TruthMark
from insight.demo.pathways import Stop
from insight.demo.place import Place
from insight.demo.voices import Voice, staff_voice
from insight.demo.writing import Heard, Passage, Said, Writer

IN_NOTE, IN_STORY, IN_BOTH = "note", "story", "both"


@dataclass(frozen=True, slots=True)
class Laden:
    """A stop with the codes of what was planted at it."""

    stop: Stop
    pains: tuple[str, ...]
    goods: tuple[str, ...]


@dataclass(slots=True)
class Texts:
    """All texts of a journey while they are being written, and the marks so far."""

    notes: list[str | None] = field(default_factory=list)
    what_happened: str | None = None
    what_better: str | None = None
    what_good: str | None = None
    obstacle: str | None = None
    pains: list[TruthMark] = field(default_factory=list)
    goods: list[TruthMark] = field(default_factory=list)

    def keep(self, passage: Passage | None) -> str | None:
        """Take a passage's marks and hand back its text."""
        if passage is None:
            return None
        self.pains.extend(passage.pains)
        self.goods.extend(passage.goods)
        return passage.text


class Teller:
    """One person telling one journey in one voice."""

    def __init__(self, writer: Writer, voice: Voice, place: Place, laden: tuple[Laden, ...], kin: str) -> None:
        self.writer, self.voice, self.laden = writer, voice, laden
        writer.begin(kin)
        self._heard = [_heard(place, one.stop, laden, kin) for one in laden]

    def tell(self, need: str, obstacle: str | None) -> Texts:
        """Every text of the journey; ``obstacle`` is the kind that staff saw, if staff log it."""
        told, story = Texts(), []
        for number, one in enumerate(self.laden, start=1):
            noted, recapped = self._share_out(one, self._heard[number - 1])
            story.extend(recapped)
            told.notes.append(told.keep(self._note(noted, number)))
        told.what_happened = told.keep(self._what_happened(need, story))
        told.what_better = told.keep(self._what_better())
        told.what_good = told.keep(self._what_good())
        told.obstacle = told.keep(self._obstacle(obstacle))
        return told

    def _share_out(self, one: Laden, heard: Heard) -> tuple[list[Said], list[Said]]:
        """What of a stop is said in its note, and what in the story as a whole; some say it twice."""
        noted: list[Said] = []
        recapped: list[Said] = []
        code = one.stop.service.code
        for pain in one.pains:
            where = self.writer.rng.choices((IN_NOTE, IN_STORY, IN_BOTH), (71, 24, 5))[0]
            if where != IN_STORY:
                noted.append(self.writer.pain(pain, code, self.voice, heard))
            if where != IN_NOTE:
                recapped.append(self.writer.pain(pain, code, self.voice, heard))
        for good in one.goods:
            (noted if self.writer.chance(0.7) else recapped).append(
                self.writer.good(good, code, self.voice, heard),
            )
        return noted, recapped

    def _note(self, said: list[Said], number: int) -> Passage | None:
        """A step's note: what was planted among plain remarks, or a remark alone, or nothing."""
        code, heard = self.laden[number - 1].stop.service.code, self._heard[number - 1]
        if not said and not self.writer.chance(0.42):
            return None
        if not said and self.writer.chance(0.12) and self.voice.name != "staff":
            said = [Said(self._short(heard))]
        elif not said or self.writer.chance(0.3):
            said = [self.writer.step_filler(code, self.voice, heard), *said]
        said += self._chatter(heard, self.voice.chat)
        if self.writer.chance(0.25):
            self.writer.rng.shuffle(said)
        return self.writer.passage(said, str(number), self.voice)

    def _what_happened(self, need: str, recapped: list[Said]) -> Passage | None:
        """The story as a whole: some leave it to the steps, some say it in a line, a few tell it at great length."""
        if not recapped and self.writer.chance(0.14):
            return None
        heard, writer, voice = self._heard[0], self.writer, self.voice
        need_file = "told_staff" if voice.name == "staff" else "told_need"
        said = [writer.filler(need_file, need, voice, heard)] if not recapped or writer.chance(0.85) else []
        rounds = writer.rng.choices((0, 1, 2, 5), (30, 45, 20, 5))[0]
        for _ in range(rounds):
            if voice.name != "staff" and writer.chance(0.4):
                said.append(writer.filler("told_path", "any", voice, heard))
            said += recapped[:1]
            recapped = recapped[1:]
            said += self._chatter(heard, 0.5)
            if writer.chance(0.2):
                said.append(writer.step_filler(self.laden[-1].stop.service.code, voice, heard))
        said += recapped
        if voice.name != "staff" and writer.chance(0.35):
            said.append(writer.filler("chat", "ended", voice, heard))
        return writer.passage(_unlike(said), "what_happened", voice)

    def _what_better(self) -> Passage | None:
        """What would have made it better: now and then the cure for a pain, more often nothing or something else."""
        pains = [pain for one in self.laden for pain in one.pains]
        heard = self._heard[-1]
        said: list[Said] = []
        if pains and self.writer.chance(0.2):
            said.append(self.writer.wish(self.writer.pick(pains), self.voice, heard))
        if self.writer.chance(0.16):
            said.append(self.writer.filler("wishes", "any", self.voice, heard))
        return self.writer.passage(said, "what_better", self.voice) if said else None

    def _what_good(self) -> Passage | None:
        goods = [(good, one.stop.service.code, at) for at, one in enumerate(self.laden) for good in one.goods]
        if goods and self.writer.chance(0.4):
            code, service, at = self.writer.pick(goods)
            said = self.writer.good(code, service, self.voice, self._heard[at])
        elif self.writer.chance(0.2):
            said = self.writer.filler("thanks", "any", self.voice, self._heard[-1])
        else:
            return None
        return self.writer.passage([said], "what_good", self.voice)

    def _obstacle(self, kind: str | None) -> Passage | None:
        if kind is None:
            return None
        said = self.writer.filler("obstacles", kind, staff_voice(), self._heard[-1])
        return self.writer.passage([said], "obstacle_text", staff_voice())

    def _chatter(self, heard: Heard, chance: float) -> list[Said]:
        """Off the point, grumbling about something small, or how it left them; staff keep to the matter."""
        if self.voice.name == "staff" or not self.writer.chance(chance):
            return []
        return [self.writer.filler("chat", self.writer.pick(("aside", "grumble", "feelings")), self.voice, heard)]

    def _short(self, heard: Heard) -> str:
        return self.writer.filler("chat", "short", self.voice, heard).text


def _heard(place: Place, stop: Stop, laden: tuple[Laden, ...], kin: str) -> Heard:
    """What {service}, {other} and {kin} are at a stop: the other is one met on the way, or else any other."""
    others = [one.stop.service for one in laden if one.stop.service.organisation != stop.service.organisation]
    if not others:
        others = [service for service in place.services if service.organisation != stop.service.organisation]
    other = others[len(stop.service.code) % len(others)]
    return {"service": stop.service.said, "other": other.said, "kin": (f"my {kin}",)}


def _unlike(said: Iterable[Said]) -> list[Said]:
    """The sentences without exact repeats, in order."""
    return list({one.text: one for one in said}.values())
