"""The answers beside the words: feelings, dates as remembered, hours, money, who tells and what they agree to."""

import random
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeVar

from insight.demo.pathways import load_channels
from insight.demo.place import Place
from insight.demo.telling import Laden
from insight.intake.model import (
    Channel,
    Consent,
    ConsentHow,
    ConsentScope,
    NeedMet,
    Precision,
    Provenance,
    Sorted,
    Source,
    Step,
    TellerRole,
)

Item = TypeVar("Item")
STAFF_SOURCES = (Source.STAFF_PHONE, Source.STAFF_FACE_TO_FACE, Source.STAFF_OBSERVED, Source.STAFF_PAPER)
TELLERS = {
    "child_send": (TellerRole.PARENT, TellerRole.CARER, TellerRole.SELF),
    "caring": (TellerRole.CARER, TellerRole.SELF, TellerRole.FRIEND),
    "hospital_discharge": (TellerRole.SELF, TellerRole.CARER, TellerRole.FRIEND),
}
USUAL_TELLERS = (TellerRole.SELF, TellerRole.PARENT, TellerRole.FRIEND)


class Answers:
    """Draws answers that fit what happened, with the many gaps that people leave."""

    def __init__(self, rng: random.Random, place: Place) -> None:
        self.rng = rng
        self._organisations = {one.code: one for one in place.organisations}

    def step(self, one: Laden, note: str | None) -> Step:
        """One step as answered, with its note."""
        happened_on, precision = self._when(one.stop.day)
        named = self._some(0.96, one.stop.service.name)
        listed = named is not None and self.rng.random() < 0.92
        waited = max(one.stop.waited, self.rng.randint(40, 200)) if "no_date" in one.pains else one.stop.waited
        return Step(
            service=named if listed or named is None else self.rng.choice(one.stop.service.said),
            service_code=one.stop.service.code if listed else None,
            organisation=self._some(0.8, self._organisations[one.stop.service.organisation].name),
            channel=self._some(0.85, self._channel(one)),
            happened_on=happened_on,
            precision=precision,
            waited_days=self._some(0.55, waited),
            promised_days=self._some(0.6, one.stop.promised),
            feeling=self._some(0.78, self._feeling(one)),
            told_again=self._yes("retelling" in one.pains, 0.12),
            sent_elsewhere=self._yes("not_our_remit" in one.pains, 0.14),
            sorted_out=self._some(0.7, self._sorted(one)),
            note=note,
            hours=self._some(0.3, max(1, round(self.rng.lognormvariate(0.3, 0.8) * 2)) / 2),
            pence=self._some(0.14, 10 * int(self.rng.lognormvariate(4.2, 1.0))),
        )

    def need_met(self, laden: Sequence[Laden]) -> NeedMet | None:
        """Whether the need was met: the more pains, the less likely."""
        pains, goods = _count(laden)
        weights = (4 + 4 * goods, 4 + pains, 1 + 3 * pains, 1.5, 0.8)
        options = (NeedMet.YES, NeedMet.PARTLY, NeedMet.NO, NeedMet.TOO_EARLY, NeedMet.UNKNOWN)
        return self._some(0.84, self.rng.choices(options, weights)[0])

    def overall(self, laden: Sequence[Laden]) -> int | None:
        """How it felt on the whole, -2 to 2."""
        pains, goods = _count(laden)
        return self._some(0.66, _clamp(round(self.rng.gauss(0.5 - 0.9 * pains + 0.9 * goods, 0.8))))

    def teller(self, need: str, source: Source) -> TellerRole | None:
        """Who tells it; what staff saw for themselves they tell themselves."""
        if source is Source.STAFF_OBSERVED:
            return TellerRole.STAFF
        usual = TELLERS.get(need, USUAL_TELLERS)
        return self._some(0.88, self.rng.choices(usual, (8, 2, 1))[0])

    def provenance(self, source: Source) -> Provenance:
        """Whose words the text is."""
        if source not in STAFF_SOURCES:
            return Provenance.OWN_WORDS
        if source is Source.STAFF_OBSERVED:
            return Provenance.OBSERVED
        return self.rng.choices((Provenance.OWN_WORDS, Provenance.PARAPHRASE, Provenance.CASE_NOTE), (30, 42, 28))[0]

    def consents(self, source: Source) -> tuple[Consent, ...]:
        """Analyse, quote and contact, each agreed or not; staff record who asked and how it was given."""
        chances = {ConsentScope.ANALYSE: 0.98, ConsentScope.QUOTE: 0.76, ConsentScope.CONTACT: 0.24}
        staff = source in STAFF_SOURCES
        how = ConsentHow.VERBAL if staff else ConsentHow.TICKED
        by = f"demo-frontline-{self.rng.randint(1, 6)}" if staff else None
        return tuple(
            Consent(scope, self.rng.random() < chance, how=how, recorded_by=by) for scope, chance in chances.items()
        )

    def told_at(self, day: date, *, staff: bool) -> datetime:
        """A moment of that day: office hours for staff, who do not log at weekends, else any waking hour."""
        if staff and day.weekday() > 4:
            day -= timedelta(days=day.weekday() - 4)
        hour = self.rng.randint(9, 16) if staff else self.rng.choices(range(24), HOURS)[0]
        return datetime.combine(day, time(hour, self.rng.randint(0, 59)), UTC)

    def _when(self, day: date) -> tuple[date | None, Precision | None]:
        """The day as remembered: exact, the month, the year, or not at all."""
        drawn = self.rng.random()
        if drawn < 0.48:
            return day, Precision.DAY
        if drawn < 0.78:
            return day.replace(day=1), Precision.MONTH
        if drawn < 0.83:
            return day.replace(month=1, day=1), Precision.YEAR
        return None, None

    def _channel(self, one: Laden) -> Channel:
        if "online_only" in one.pains and self.rng.random() < 0.6:
            return Channel.WEB_FORM
        if "letters" in one.pains and self.rng.random() < 0.6:
            return Channel.POST
        if "home_visit" in one.goods:
            return Channel.HOME_VISIT
        return Channel(load_channels()[one.stop.service.organisation].draw(self.rng))

    def _feeling(self, one: Laden) -> int:
        middle = 0.2 - 1.4 * min(len(one.pains), 2) + 1.4 * min(len(one.goods), 1)
        return _clamp(round(self.rng.gauss(middle, 0.75)))

    def _sorted(self, one: Laden) -> Sorted:
        pains, goods = _count((one,))
        options = (Sorted.YES, Sorted.PARTLY, Sorted.NO, Sorted.UNKNOWN)
        return self.rng.choices(options, (3 + 5 * goods, 3, 2 + 5 * pains, 1))[0]

    def _yes(self, told: bool, otherwise: float) -> bool | None:
        """A yes-or-no answer, often skipped, that mostly agrees with what was told."""
        return self._some(0.85 if told else 0.5, self.rng.random() < (0.95 if told else otherwise))

    def _some(self, probability: float, answer: Item) -> Item | None:
        return answer if self.rng.random() < probability else None


HOURS = (1, 1, 0.5, 0.3, 0.3, 0.5, 1, 2, 4, 6, 7, 6, 7, 6, 5, 5, 5, 5, 6, 8, 9, 8, 5, 2)


def _count(laden: Sequence[Laden]) -> tuple[int, int]:
    return sum(len(one.pains) for one in laden), sum(len(one.goods) for one in laden)


def _clamp(feeling: int) -> int:
    return max(-2, min(2, feeling))
