"""All SQL of places: their organisations and services, and the question sets that were used there."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from insight.intake.rules import ServiceList
from insight.intake.tables import OrganisationRow, PlaceRow, QuestionSetRow, ServiceRow

# Built once: every page with a type-ahead asks for both.
SERVICES = (
    select(ServiceRow.id, ServiceRow.code, ServiceRow.name, OrganisationRow.name, ServiceRow.lgsl_id)
    .join(OrganisationRow, ServiceRow.organisation_id == OrganisationRow.id, isouter=True)
    .where(ServiceRow.place_id == bindparam("place"))
    .order_by(ServiceRow.name)
)
ORGANISATIONS = (
    select(OrganisationRow.name).where(OrganisationRow.place_id == bindparam("place")).order_by(OrganisationRow.name)
)


def lock_place(session: Session, place_id: int) -> None:
    """Let others who change this place's surveys, codebook, rules and the like wait until this is done."""
    session.execute(select(PlaceRow.id).where(PlaceRow.id == place_id).with_for_update())


def place_by_code(session: Session, code: str) -> PlaceRow | None:
    """The place with this code."""
    return session.scalar(select(PlaceRow).where(PlaceRow.code == code))


def all_places(session: Session) -> Sequence[PlaceRow]:
    """Every place, by name."""
    return session.scalars(select(PlaceRow).order_by(PlaceRow.name)).all()


def add_place(session: Session, code: str, name: str, synthetic: bool) -> PlaceRow:
    """A new place."""
    row = PlaceRow(code=code, name=name, synthetic=synthetic)
    session.add(row)
    session.flush()
    return row


def add_organisation(session: Session, place_id: int, name: str, sector: str) -> OrganisationRow:
    """A new organisation of a place."""
    row = OrganisationRow(place_id=place_id, name=name, sector=sector)
    session.add(row)
    session.flush()
    return row


def add_service(
    session: Session, place_id: int, organisation_id: int | None, code: str, name: str, lgsl_id: int | None
) -> ServiceRow:
    """A new service of a place."""
    row = ServiceRow(place_id=place_id, organisation_id=organisation_id, code=code, name=name, lgsl_id=lgsl_id)
    session.add(row)
    session.flush()
    return row


def services_of(session: Session, place_id: int) -> list[tuple[int, str, str, str | None, int | None]]:
    """A place's services as (id, code, name, organisation's name, LGSL id), by name."""
    return [(row[0], row[1], row[2], row[3], row[4]) for row in session.execute(SERVICES, {"place": place_id})]


def organisations_of(session: Session, place_id: int) -> list[str]:
    """The names of a place's organisations."""
    return list(session.scalars(ORGANISATIONS, {"place": place_id}))


def service_list(session: Session, place_id: int) -> ServiceList:
    """The place's lists as the checks need them."""
    services = {name: (code, organisation) for _, code, name, organisation, _ in services_of(session, place_id)}
    return ServiceList(services, tuple(organisations_of(session, place_id)))


def question_set_row(session: Session, code: str, version: int) -> QuestionSetRow | None:
    """A question set that has been used before."""
    return session.scalar(select(QuestionSetRow).where(QuestionSetRow.code == code, QuestionSetRow.version == version))


def add_question_set(session: Session, code: str, version: int, digest: str, at: datetime) -> QuestionSetRow:
    """Remember a question set at its first use; two first uses at once are one."""
    try:
        with session.begin_nested():
            session.add(QuestionSetRow(code=code, version=version, digest=digest, first_used_at=at))
    except IntegrityError:
        pass
    query = select(QuestionSetRow).where(QuestionSetRow.code == code, QuestionSetRow.version == version)
    return session.scalars(query).one()
