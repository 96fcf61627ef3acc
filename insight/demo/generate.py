"""The demo place's journeys, told one after the other, the same ones for the same seed."""

import csv
import random
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path

from insight.demo.answers import STAFF_SOURCES, Answers
from insight.demo.model import Told
from insight.demo.pains import Planted, load_planting
from insight.demo.pathways import WINDOW_DAYS, Pathway, Stop, load_pathways, walk
from insight.demo.place import load_place
from insight.demo.telling import Laden, Teller, Texts
from insight.demo.voices import Voice, pick_voice, staff_voice
from insight.demo.writing import Writer
from insight.errors import BadInput
from insight.intake.model import Obstacle, Provenance, Source, Story

STAFF_SHARE = 0.125
SYNTHETIC = {"synthetic": "true"}


def generate(journeys: int = 1200, seed: int = 2026, today: date = date(2026, 11, 22)) -> Iterator[Told]:
    """Tell ``journeys`` synthetic journeys of the 18 months before ``today``, one at a time.

    The same seed and day give the same journeys, and a longer run begins with those of a shorter one. Memory does not
    grow with ``journeys``. Raises ``BadInput`` when ``journeys`` is negative.
    """
    if journeys < 0:
        raise BadInput("The number of journeys cannot be negative: give 0 or more.")
    maker = _Maker(random.Random(seed), today)  # nosec B311  (an invented place, the same for the same seed)
    return (maker.tell(number) for number in range(1, journeys + 1))


def write_truth(told: Iterable[Told], path: Path) -> int:
    """Write the planted pains as CSV (external_id, where, pain, sentence), one row per mark; the number of rows.

    ``where`` is a step's number from 1, or the name of the story's field.
    """
    rows = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("external_id", "where", "pain", "sentence"))
        for one in told:
            for mark in one.truth:
                writer.writerow((one.story.external_id, mark.where, mark.code, mark.sentence))
                rows += 1
    return rows


class _Maker:
    """Makes journeys one by one, from one stream of chance."""

    def __init__(self, rng: random.Random, today: date) -> None:
        self.rng, self.today = rng, today
        self.place = load_place()
        self.writer, self.answers = Writer(rng), Answers(rng, self.place)
        self._pains = _by_service(load_planting().pains)
        self._goods = _by_service(load_planting().goods)

    def tell(self, number: int) -> Told:
        """Journey ``number``: its stops, what was planted, its texts and its answers."""
        staff = self.rng.random() < STAFF_SHARE
        source = self.rng.choices(STAFF_SOURCES, (5, 6, 2, 2))[0] if staff else Source.SELF_WEB
        provenance = self.answers.provenance(source)
        pathways = load_pathways()
        pathway = self.rng.choices(pathways, [one.share for one in pathways])[0]
        told_on = self.today - timedelta(days=1 + int((WINDOW_DAYS - 30) * self.rng.random() ** 1.15))
        told_at = self.answers.told_at(told_on, staff=staff)
        laden = self._load(pathway, told_at.date())
        obstacles = self._obstacles() if staff else ()
        teller = Teller(self.writer, self._voice(provenance), self.place, laden, pathway.kin.draw(self.rng))
        texts = teller.tell(pathway.need, obstacles[0].value if obstacles else None)
        story = Story(
            need=pathway.need if self.rng.random() < 0.96 else None,
            what_happened=texts.what_happened,
            steps=tuple(self.answers.step(one, note) for one, note in zip(laden, texts.notes, strict=True)),
            need_met=self.answers.need_met(laden),
            what_better=texts.what_better,
            what_good=texts.what_good,
            teller_role=self.answers.teller(pathway.need, source),
            provenance=provenance,
            source=source,
            consents=self.answers.consents(source),
            obstacle_text=texts.obstacle,
            obstacles=obstacles,
            overall_feeling=self.answers.overall(laden),
            told_at=told_at,
            external_id=f"demo-{number:06d}",
            extras=dict(SYNTHETIC),
        )
        return self._told(story, texts, staff=staff)

    def _told(self, story: Story, texts: Texts, *, staff: bool) -> Told:
        return Told(story, self.place.code, tuple(texts.pains), tuple(texts.goods), staff)

    def _load(self, pathway: Pathway, told_on: date) -> tuple[Laden, ...]:
        """A walk along the pathway, with what hurts and what works well planted at its stops."""
        return tuple(self._plant(stop, pathway.need) for stop in walk(pathway, told_on, self.today, self.rng))

    def _plant(self, stop: Stop, need: str) -> Laden:
        """At most two pains and one good thing at a stop; a good thing is rarer where it hurts."""
        pains = self._drawn(self._pains, stop, need, 1.0)[:2]
        goods = self._drawn(self._goods, stop, need, 0.3 if pains else 1.0)[:1]
        return Laden(stop, tuple(pains), tuple(goods))

    def _drawn(self, planted: dict[str, list[Planted]], stop: Stop, need: str, factor: float) -> list[str]:
        here = planted.get(stop.service.code, [])
        codes = [p.code for p in here if self.rng.random() < factor * p.chance(need, stop.day, self.today)]
        self.rng.shuffle(codes)
        return codes

    def _voice(self, provenance: Provenance) -> Voice:
        own_words = provenance is Provenance.OWN_WORDS
        return pick_voice(self.rng) if own_words else staff_voice()

    def _obstacles(self) -> tuple[Obstacle, ...]:
        """What got in the way, as staff saw it: mostly one kind, sometimes two, sometimes nothing said."""
        count = self.rng.choices((0, 1, 2), (2, 6, 2))[0]
        return tuple(self.rng.sample(list(Obstacle), count))


def _by_service(planted: tuple[Planted, ...]) -> dict[str, list[Planted]]:
    """What may be planted at each service, by its code."""
    codes = sorted({code for one in planted for code in one.services})
    return {code: [one for one in planted if code in one.services] for code in codes}
