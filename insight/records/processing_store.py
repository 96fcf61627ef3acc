"""SQL for the record of processing: who the partners are, what is set up, and when things were last done."""

from datetime import datetime

from sqlalchemy import func, inspect, select
from sqlalchemy.orm import Session

from insight.accounts.tables import AccountRow
from insight.audit.tables import AuditEntryRow
from insight.database import engine
from insight.intake.tables import StoryRow
from insight.records.tables import PurgeRow


def tables_there() -> set[str]:
    """The tables that the database has."""
    return set(inspect(engine()).get_table_names())


def partners_of(session: Session, place_id: int) -> list[str]:
    """Organisations whose staff have accounts for a place, or gathered stories there, by name."""
    partners = select(AccountRow.organisation, AccountRow.places).where(
        AccountRow.organisation.is_not(None), ~AccountRow.disabled
    )
    named = {name for name, places in session.execute(partners) if places is None or place_id in places}
    gathered = session.scalars(select(StoryRow.gathered_by).where(StoryRow.place_id == place_id).distinct())
    return sorted(name for name in named | set(gathered) if name)


def accounts(session: Session) -> tuple[int, int]:
    """How many accounts are in use, and how many of those have a password and no second factor."""
    used = select(func.count()).select_from(AccountRow).where(~AccountRow.disabled)
    weak = used.where(AccountRow.password_hash.is_not(None), AccountRow.secret.is_(None))
    return session.scalar(used) or 0, session.scalar(weak) or 0


def sources_of(session: Session, place_id: int) -> set[str]:
    """In which ways stories reached a place."""
    return set(session.scalars(select(StoryRow.source).where(StoryRow.place_id == place_id).distinct()))


def last_done(session: Session, what: str) -> datetime | None:
    """When something was last asked for, by the audit."""
    return session.scalar(select(func.max(AuditEntryRow.at)).where(AuditEntryRow.what == what))


def last_purge(session: Session, place_id: int) -> datetime | None:
    """When a purge of a place last ended."""
    return session.scalar(select(func.max(PurgeRow.ended_at)).where(PurgeRow.place_id == place_id))


def count_entries(session: Session) -> int:
    """How many entries the audit has."""
    return session.scalar(select(func.count()).select_from(AuditEntryRow)) or 0
