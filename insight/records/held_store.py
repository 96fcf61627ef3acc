"""SQL that collects what is held of one story, for an answer to the person it is about."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from insight.audit.tables import AuditEntryRow
from insight.intake.tables import OriginalRow, StoryRow
from insight.records.naming import columns_naming_a_story
from insight.runs.tables import PublishedRunRow, RunRow

# What would open or link other things, and what the safeguarding lead alone gives out.
NOT_GIVEN = frozenset({"token", "key_hash", "words_tag", "sealed_key", "tag"})
NOT_LOOKED_AT = frozenset({"concern"})
GATHERED_BY = "gathered_by"  # an organisation; every other column that ends so names one of the staff


def rows_naming(session: Session, story_id: int) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table that names a story, by table; words under lock are opened.

    A table that is new is in it by itself. Names of staff, and what opens something else, are left out.
    """
    found: dict[str, list[dict[str, Any]]] = {}
    for column in columns_naming_a_story():
        table = column.table
        if table.name in NOT_LOOKED_AT:
            continue
        rows = session.execute(select(table).where(column == story_id)).mappings()
        found.setdefault(str(table.name), []).extend(_given(row) for row in rows)
    return {name: rows for name, rows in found.items() if rows}


def _given(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {str(name): told for name, told in row.items() if not _left_out(str(name))}


def _left_out(name: str) -> bool:
    return name in NOT_GIVEN or name == "by" or (name.endswith("_by") and name != GATHERED_BY)


def original_of(session: Session, story_id: int) -> Mapping[str, Any]:
    """The words that were told where the safe copy differs, with their marks."""
    row = session.get(OriginalRow, story_id)
    return row.body if row else {}


def entries_about(session: Session, story: StoryRow, tag: str) -> list[AuditEntryRow]:
    """The audit's entries about a story: by its number, since it is here, or by the tag of its reference.

    That somebody thought of harm is for the safeguarding lead to tell.
    """
    number = f"story {story.id}"
    query = select(AuditEntryRow).where(
        or_(AuditEntryRow.about.contains(tag, autoescape=True), AuditEntryRow.about.contains(number, autoescape=True)),
        AuditEntryRow.at >= story.received_at,
        AuditEntryRow.place_id.is_(None) | (AuditEntryRow.place_id == story.place_id),
        AuditEntryRow.what.not_like("safeguarding.%"),
    )
    rows = session.scalars(query.order_by(AuditEntryRow.number))
    return [row for row in rows if {tag, number} & set(row.about.split(", "))]


def runs_named(session: Session, numbers: list[int]) -> list[tuple[RunRow, bool]]:
    """Runs, each with whether it is the one that everyone sees."""
    published = set(session.scalars(select(PublishedRunRow.run_id)))
    rows = session.scalars(select(RunRow).where(RunRow.id.in_(numbers)).order_by(RunRow.id))
    return [(row, row.id in published) for row in rows]
