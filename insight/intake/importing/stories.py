"""From rows as they were read to stories: one row, or the rows of one journey."""

from collections.abc import Mapping
from datetime import UTC, datetime, time
from typing import Any

from insight.intake.importing.mapping import CONSENTS, STEP_FACTS, RowFacts
from insight.intake.importing.model import Field
from insight.intake.model import Consent, ConsentHow, ConsentScope, Source, Step, Story
from insight.intake.rules import ServiceList


class StoryMaker:
    """Makes stories of rows: what allows it is the importer's word, kept with every consent."""

    def __init__(self, services: ServiceList, basis: str, quotes: bool, by: str) -> None:
        self._services = {name.lower(): (name, *found) for name, found in services.services.items()}
        self._basis, self._quotes, self._by = basis, quotes, by
        self._consents: dict[tuple[bool | None, ...], tuple[Consent, ...]] = {}
        self._asked: frozenset[Field] = frozenset()

    def story(self, rows: list[RowFacts], mapping: Mapping[Field, str]) -> Story:
        """One story: of one row, or of the rows of one journey in order.

        The text goes to the step's note wherever there is a step, so that what was written stays tied to its service.
        """
        told: dict[Field, Any] = {}
        for row in rows:
            for code, value in row.values.items():
                told.setdefault(code, value)
        is_journey = Field.JOURNEY in mapping
        steps = tuple(self._step(row) for row in rows if is_journey or any(code in row.values for code in STEP_FACTS))
        when = told.get(Field.TOLD_AT) or told.get(Field.DATE)
        return Story(
            need=told.get(Field.NEED),
            what_happened=None if steps else told.get(Field.TEXT),
            steps=steps,
            need_met=told.get(Field.NEED_MET),
            what_better=_joined(rows, Field.WHAT_BETTER),
            what_good=_joined(rows, Field.WHAT_GOOD),
            teller_role=told.get(Field.TELLER_ROLE),
            source=Source.IMPORT,
            language=told.get(Field.LANGUAGE, "en"),
            consents=self._consents_of(rows, mapping),
            told_at=datetime.combine(when[0], time(12), UTC) if when else None,
            external_id=told.get(Field.EXTERNAL_ID) or told.get(Field.JOURNEY),
        )

    def _step(self, row: RowFacts) -> Step:
        told = row.values
        service, organisation = told.get(Field.SERVICE), told.get(Field.ORGANISATION)
        name, code, runs_it = self._services.get((service or "").lower(), (service, None, None))
        happened_on, precision = told.get(Field.DATE, (None, None))
        return Step(
            service=name,
            service_code=code,
            organisation=organisation or runs_it,
            channel=told.get(Field.CHANNEL),
            happened_on=happened_on,
            precision=precision,
            waited_days=told.get(Field.WAITED),
            promised_days=told.get(Field.PROMISED),
            feeling=told.get(Field.FEELING),
            told_again=told.get(Field.TOLD_AGAIN),
            sent_elsewhere=told.get(Field.SENT_ELSEWHERE),
            sorted_out=told.get(Field.SORTED_OUT),
            note=told.get(Field.TEXT),
        )

    def _consents_of(self, rows: list[RowFacts], mapping: Mapping[Field, str]) -> tuple[Consent, ...]:
        """Analysis is allowed by the basis, quoting by the importer's word; a mapped column can only say less.

        A journey is agreed to where every row that answers says yes. Stories that agree alike share their consents.
        """
        asked = tuple(_agreed(rows, code) if code in mapping else None for code in CONSENTS)
        if asked not in self._consents:
            analyse, quote, contact = asked
            given = {
                ConsentScope.ANALYSE: analyse is not False,
                ConsentScope.QUOTE: self._quotes and quote is not False,
            }
            if Field.CONSENT_QUOTE in mapping:
                given[ConsentScope.QUOTE] = self._quotes and quote is True
            if Field.CONSENT_CONTACT in mapping:
                given[ConsentScope.CONTACT] = contact is True
            self._consents[asked] = tuple(
                Consent(scope, agreed, ConsentHow.WRITTEN, self._basis, self._by) for scope, agreed in given.items()
            )
        return self._consents[asked]


def _agreed(rows: list[RowFacts], code: Field) -> bool | None:
    answers = [row.values[code] for row in rows if code in row.values]
    return all(answers) if answers else None


def _joined(rows: list[RowFacts], code: Field) -> str | None:
    """The different answers of a journey's rows, each once: none of them may be lost."""
    told = dict.fromkeys(row.values[code] for row in rows if code in row.values)
    return "\n".join(told) or None
