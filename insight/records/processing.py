"""The record of processing and the draft of an impact assessment: what people said, and what the product knows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from insight.access import Actor, Permission, use_case
from insight.database import session, write_session
from insight.errors import BadInput
from insight.intake import Place
from insight.intake.place_store import lock_place
from insight.intake.rules import clean
from insight.language import _
from insight.moments import now
from insight.records import asking, dpia, processing_store, ropa, store
from insight.records.describing import held_in
from insight.records.document import Document
from insight.records.facts import Facts
from insight.records.measures import Known, measures
from insight.records.retention import scopes_of
from insight.records.tables import ParticularRow
from insight.settings import settings


@dataclass(frozen=True, slots=True)
class Processing:
    """What people said by the particular's name, both documents, and what is still to be decided."""

    said: Mapping[str, str]
    ropa: Document
    dpia: Document
    undecided: Sequence[str]


@use_case(Permission.KEEP_RECORDS)
def processing(actor: Actor, place: Place) -> Processing:
    """The record of processing and the draft DPIA of a place, as things stand now. The documents are in English."""
    with session() as opened:
        facts = _facts(opened, place)
    return Processing(facts.said, ropa.made(facts), dpia.made(facts), facts.undecided)


@use_case(Permission.KEEP_RECORDS, recorded=True)
def say_processing(actor: Actor, place: Place, said: Mapping[str, str]) -> None:
    """Keep what people say of how a place uses data, by the particular's name; an empty answer takes it back."""
    cleaned = {name: clean(words) for name, words in said.items()}
    _check(cleaned)
    with write_session() as opened:
        lock_place(opened, place.id)
        known = store.particulars_of(opened, place.id)
        for name, words in cleaned.items():
            row = known.get(name)
            if words is None:
                if row is not None:
                    opened.delete(row)
            elif row is None:
                opened.add(
                    ParticularRow(place_id=place.id, name=name, words=words, said_by=actor.called, said_at=now())
                )
            elif row.words != words:
                row.words, row.said_by, row.said_at = words, actor.called, now()


def _check(said: Mapping[str, str | None]) -> None:
    for particular in asking.PARTICULARS:
        words = said.get(particular.name)
        if words and len(words) > asking.LONGEST:
            raise BadInput(_("Shorten each answer to {most} characters or fewer.").format(most=f"{asking.LONGEST:,}"))
        if words and particular.options and words not in dict(particular.options):
            raise BadInput(_("Choose one of the answers that are offered."))
    if not said.keys() <= asking.NAMES:
        raise BadInput(_("Choose one of the answers that are offered."))


def _facts(opened: Session, place: Place) -> Facts:
    scopes = scopes_of(opened, place.id)
    accounts, weak = processing_store.accounts(opened)
    known = Known(
        accounts=accounts,
        weak=weak,
        rules_missing=sum(scope.rule is None for scope in scopes),
        last_backup=processing_store.last_done(opened, "operations.back_up"),
        last_purge=processing_store.last_purge(opened, place.id),
        entries=processing_store.count_entries(opened),
    )
    return Facts(
        place=place.name,
        synthetic=place.synthetic,
        on=now(),
        said={name: row.words for name, row in store.particulars_of(opened, place.id).items()},
        categories=held_in(processing_store.tables_there()),
        partners=processing_store.partners_of(opened, place.id),
        sources=processing_store.sources_of(opened, place.id),
        retention=[(scope.title, scope.rule.days if scope.rule else None) for scope in scopes],
        measures=measures(settings(), known),
        settings=settings(),
    )
