"""What people may do with files: look at one, bring it in, keep a mapping to use again, see what came in before."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import islice

from sqlalchemy.orm import Session

from insight.access import Actor, Permission, use_case
from insight.database import session, write_session
from insight.errors import BadInput
from insight.intake import place_store, rules
from insight.intake import store as stories
from insight.intake.importing import store
from insight.intake.importing.batch import Prepared, Survey, mending_file, prepare, survey
from insight.intake.importing.guessing import guess_mapping
from insight.intake.importing.mapping import RowFacts, RowReader, checked_mapping, in_words, label
from insight.intake.importing.model import (
    KEEPING,
    Field,
    ImportReport,
    PastImport,
    Preview,
    PreviewRow,
    Progress,
)
from insight.intake.importing.reading import File, Table, open_table
from insight.intake.importing.stories import StoryMaker
from insight.intake.masking import Masked, mask
from insight.intake.places import Place
from insight.intake.store import Arrival
from insight.intake.tables import ConsentRow, ImportRow, PlaceRow
from insight.language import _

LOOKED_AT = 2_000
SHOWN = 10
AT_ONCE = 1_000
MOST_NAME = 120
SEEN_AMONG = 200


@use_case(Permission.IMPORT)
def preview(
    actor: Actor,
    place: Place,
    file: File,
    mapping: Mapping[str, str | None] | None = None,
    *,
    sheet: str | None = None,
    scale: str | None = None,
    name: str | None = None,
) -> Preview:
    """A file's columns, a guess at their meaning, and its first rows as they would be kept. Nothing is kept.

    Without a mapping, the guess is used. :class:`~insight.errors.BadInput` for a file or a mapping that cannot be used.
    """
    with open_table(file, sheet, name) as table:
        sample = list(islice(table.rows(), LOOKED_AT))
        guessed = guess_mapping(table.header, [row.cells for row in sample], _today())
        used = _fitting_guess(guessed, table) if mapping is None else checked_mapping(mapping, table.header)
        found = survey(table, used, scale, _silent, LOOKED_AT)
        reader = RowReader(table, used, found.order, found.scale, _today())
        facts = [reader.read(row) for row in sample] if used else []
        with session() as opened:
            saved = store.mappings_of(opened, place.id)
            past = store.recent_imports(opened, place.id, SEEN_AMONG)
        return Preview(
            table.name,
            table.header,
            table.sheets,
            guessed,
            {code.value: column for code, column in used.items()},
            tuple(_shown(row) for row in facts[:SHOWN]),
            len(sample),
            (*table.notes, *found.notes),
            tuple(problem for row in facts if not row.is_blank for problem in row.problems),
            tuple(title for title, columns in saved.items() if set(columns.values()) <= set(table.header)),
            next((_past(row) for row in past if row.file_digest == table.digest), None),
        )


@use_case(Permission.IMPORT, recorded=True)
def import_file(
    actor: Actor,
    place: Place,
    file: File,
    mapping: Mapping[str, str | None] | None = None,
    *,
    basis: str,
    quotes: bool = False,
    guess: bool = False,
    sheet: str | None = None,
    scale: str | None = None,
    name: str | None = None,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> ImportReport:
    """Bring in a CSV or XLSX file: every good row, in one transaction, once; and say what is wrong with the others.

    ``basis`` is what allows these stories to be analysed, in the importer's words; it is kept with every consent.
    ``quotes`` says that the people who wrote them agreed to be quoted. ``guess`` fills in the fields that the mapping
    does not name (one named with None stays out); without a mapping all are guessed. ``scale``, as in
    "1 to 5 with 1 the best", overrides how scores are read. ``file`` is a path, an open binary file or bytes. Raises
    :class:`~insight.errors.BadInput` when the file as a whole cannot be used; problems of rows are in the report.
    """
    say = progress or _silent
    basis = _checked_basis(basis)
    with open_table(file, sheet, name) as table:
        used = checked_mapping(_completed(mapping or {}, table, guess or mapping is None), table.header)
        found = survey(table, used, scale, say)
        with session() as opened:
            services = place_store.service_list(opened, place.id)
        maker = StoryMaker(services, basis, quotes, actor.name)
        reader = RowReader(table, used, found.order, found.scale, _today())
        made = prepare(table, reader, maker, place.code, found.rows, say)
        bad_rows = mending_file(table, made, found, used)
        kept = _would_keep(made) if dry_run else _keep(actor, place, table, made, found, say)
        say(KEEPING, 1, 1)
        return _report(table, used, found, made, kept, bad_rows, dry_run)


@use_case(Permission.IMPORT)
def save_mapping(actor: Actor, place: Place, name: str, mapping: Mapping[str, str | None]) -> None:
    """Keep a mapping under a name, in place of an older one, so that the next file of its kind is read alike."""
    title = rules.clean(name)
    if not title or len(title) > MOST_NAME:
        raise BadInput(_("Give the mapping a name of {most} characters or fewer.").format(most=MOST_NAME))
    columns = {code: column for code, column in mapping.items() if column}
    checked_mapping(columns, tuple(dict.fromkeys(columns.values())))
    with write_session() as opened:
        store.save_mapping(opened, place.id, title, columns, datetime.now(UTC))


@use_case(Permission.IMPORT)
def saved_mappings(actor: Actor, place: Place) -> dict[str, dict[str, str]]:
    """The place's saved mappings, field to column, by name."""
    with session() as opened:
        return store.mappings_of(opened, place.id)


@use_case(Permission.IMPORT)
def recent_imports(actor: Actor, place: Place, limit: int = 10) -> list[PastImport]:
    """The files that came in last, newest first."""
    with session() as opened:
        return [_past(row) for row in store.recent_imports(opened, place.id, limit)]


@dataclass(frozen=True, slots=True)
class _Kept:
    stories: int
    rows: int
    known_rows: int
    seconds: float = 0.0


def _keep(actor: Actor, place: Place, table: Table, made: Prepared, found: Survey, say: Progress) -> _Kept:
    """All good rows in one transaction. What another import kept meanwhile is seen once the lock is ours."""
    tokens = [token for token, _story, _rows in made.stories]
    safe = _safe_copies(made)  # before any lock is taken
    with write_session() as opened:
        _one_import_at_a_time(opened, place)
        started = time.monotonic()
        known = stories.known_tokens(opened, tokens)
        fresh = [arriving for arriving in made.stories if arriving[0] not in known]
        kept = _counted(made, fresh)
        now = datetime.now(UTC)
        import_id = store.add_import(opened, _import_row(actor, place, table, made, found, kept, now))
        for start in range(0, len(fresh), AT_ONCE):
            part = fresh[start : start + AT_ONCE]
            arrivals = [
                Arrival(token, story, import_id=import_id, gathered_by=actor.organisation, masked=safe.get(token))
                for token, story, _rows in part
            ]
            stories.keep_stories(opened, place.id, arrivals, now)
            say(KEEPING, start + len(part), len(fresh))
    return _Kept(kept.stories, kept.rows, kept.known_rows, time.monotonic() - started)


def _safe_copies(made: Prepared) -> dict[str, Masked]:
    """The safe copies of the stories that are new, by token."""
    with session() as opened:
        known = stories.known_tokens(opened, [token for token, _story, _rows in made.stories])
    return {token: mask(story) for token, story, _rows in made.stories if token not in known}


def _one_import_at_a_time(opened: Session, place: Place) -> None:
    """SQLite has one writer anyway. A server's database is asked for the place's row, which leaves residents free."""
    opened.get(PlaceRow, place.id, with_for_update={"key_share": True})


def _would_keep(made: Prepared) -> _Kept:
    with session() as opened:
        known = stories.known_tokens(opened, [token for token, _story, _rows in made.stories])
    return _counted(made, [arriving for arriving in made.stories if arriving[0] not in known])


def _counted(made: Prepared, fresh: Sequence[tuple[str, object, int]]) -> _Kept:
    rows = sum(count for _token, _story, count in fresh)
    return _Kept(len(fresh), rows, sum(count for _token, _story, count in made.stories) - rows + made.repeated)


def _import_row(
    actor: Actor, place: Place, table: Table, made: Prepared, found: Survey, kept: _Kept, now: datetime
) -> ImportRow:
    return ImportRow(
        place_id=place.id,
        file_name=table.name[-300:],
        file_digest=table.digest,
        rows_read=found.rows,
        rows_added=kept.rows,
        rows_known=kept.known_rows,
        rows_bad=len(made.bad),
        imported_by=actor.name[:200],
        imported_at=now,
    )


def _report(
    table: Table,
    used: Mapping[Field, str],
    found: Survey,
    made: Prepared,
    kept: _Kept,
    bad_rows: bytes,
    dry_run: bool,
) -> ImportReport:
    notes = [*table.notes, *found.notes]
    if kept.known_rows and Field.EXTERNAL_ID in used:
        told = _(
            "{count} rows have an id that is here already, so they were left out. If they are other comments that only "
            "share their ids with an older file, do not map {column}."
        )
        notes.append(told.format(count=f"{kept.known_rows:,}", column=used[Field.EXTERNAL_ID]))
    return ImportReport(
        table.name,
        found.rows,
        kept.rows,
        kept.known_rows,
        len(made.bad),
        made.blank,
        kept.stories,
        {code.value: column for code, column in used.items()},
        tuple(notes),
        tuple(made.problems),
        bad_rows,
        dry_run,
        kept.seconds,
    )


def _fitting_guess(guessed: Mapping[str, str], table: Table) -> dict[Field, str]:
    """The guess as a mapping; an empty one where too little was recognised, for a person to fill in."""
    try:
        return checked_mapping(guessed, table.header)
    except BadInput:
        return {}


def _shown(facts: RowFacts) -> PreviewRow:
    outcome = _("Needs mending") if facts.is_bad else _("Blank") if facts.is_blank else _("Will be kept")
    shown = {label(code): in_words(code, facts.values[code]) for code in Field if code in facts.values}
    return PreviewRow(facts.number, outcome, shown)


def _past(row: ImportRow) -> PastImport:
    return PastImport(
        row.file_name,
        row.imported_at,
        row.imported_by,
        row.rows_read,
        row.rows_added,
        row.rows_known,
        row.rows_bad,
    )


def _completed(mapping: Mapping[str, str | None], table: Table, guess: bool) -> dict[str, str | None]:
    """The mapping, with guesses for what it does not name from the columns that it does not use."""
    completed = dict(mapping)
    if guess:
        taken = {" ".join((column or "").lower().split()) for column in mapping.values()}
        sample = [row.cells for row in islice(table.rows(), LOOKED_AT)]
        for code, column in guess_mapping(table.header, sample, _today()).items():
            if code not in completed and column.lower() not in taken:
                completed[code] = column
    return completed


def _checked_basis(basis: str) -> str:
    told = rules.clean(basis)
    most = getattr(ConsentRow.__table__.c.wording.type, "length", None) or 1_000
    if not told:
        raise BadInput(_("Say what allows these stories to be analysed."))
    if len(told) > most:
        told_shorter = _("Say what allows these stories to be analysed in {most} characters or fewer.")
        raise BadInput(told_shorter.format(most=most))
    return told


def _today() -> date:
    return datetime.now(UTC).date()


def _silent(stage: str, done: int, total: int) -> None:
    """Nobody is watching."""
