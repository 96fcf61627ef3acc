"""A whole table to stories: first a look at the columns that need one, then every row, before any lock is taken."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import islice

from insight.errors import BadInput
from insight.intake.importing.bad_rows import bad_rows_csv, read_as, was_read_as
from insight.intake.importing.dates import Order, OrderEvidence, Unreadable, read_date
from insight.intake.importing.feelings import FEELINGS, Scale, ScaleEvidence, read_scale
from insight.intake.importing.mapping import RowFacts, RowReader
from insight.intake.importing.model import CHECKING, LOOKING, Field, Progress, RowProblem
from insight.intake.importing.reading import Row, Table
from insight.intake.importing.stories import StoryMaker
from insight.intake.model import Story
from insight.intake.references import digest
from insight.language import _

MOST_ROWS = 300_000
MOST_STEPS = 200
TONE_ROWS = 3_000
EVERY = 2_000
DATES = (Field.DATE, Field.TOLD_AT)


@dataclass(frozen=True, slots=True)
class Survey:
    """How a table's dates and scores are to be read, and how many rows it has."""

    rows: int
    order: Order
    scale: Scale
    notes: tuple[str, ...]


def survey(
    table: Table, mapping: Mapping[Field, str], scale: str | None, progress: Progress, most: int | None = None
) -> Survey:
    """Look at the columns of dates and scores as a whole: one value alone cannot tell how it is meant."""
    places = {code: table.header.index(column) for code, column in mapping.items()}
    dates: dict[Field, OrderEvidence] = {code: OrderEvidence() for code in DATES if code in places}
    scores, text = ScaleEvidence(), places.get(Field.TEXT)
    count = 0
    for count, row in enumerate(islice(table.rows(), most), 1):
        if count > MOST_ROWS:
            told = _("The file has more than {most} rows. Split it, then bring in one part after the other.")
            raise BadInput(told.format(most=f"{MOST_ROWS:,}"))
        for code, evidence in dates.items():
            evidence.add(row.cells[places[code]][:60])
        if Field.FEELING in places:
            comment = row.cells[text] if text is not None and count <= TONE_ROWS else ""
            scores.add(row.cells[places[Field.FEELING]][:80], comment)
        if count % EVERY == 0:
            progress(LOOKING, int(1_000 * table.share()), 1_000)
    if count == 0:
        raise BadInput(_("The file has column names but no rows."))
    return _decided(table, mapping, dates, scores, scale, count)


def _decided(
    table: Table,
    mapping: Mapping[Field, str],
    dates: Mapping[Field, OrderEvidence],
    scores: ScaleEvidence,
    scale: str | None,
    count: int,
) -> Survey:
    notes: list[str] = []
    told_order, told_scale = was_read_as(islice(table.marks(), 1_000))
    together = OrderEvidence()
    for evidence in dates.values():
        together.day_first += evidence.day_first
        together.month_first += evidence.month_first
    order = told_order or together.order()
    for code, evidence in dates.items():
        if told_order is None and (note := evidence.note(mapping[code], order)):
            notes.append(note)
    found, said = scores.scale(mapping[Field.FEELING]) if Field.FEELING in mapping else (FEELINGS, None)
    if (scale or told_scale) and Field.FEELING in mapping:
        found = read_scale(scale or told_scale or "")
        chosen = _("Scores in {column} were read as {scale}, as you chose.")
        said = chosen.format(column=mapping[Field.FEELING], scale=found.in_words()) if scale else None
    return Survey(count, order, found, (*notes, said) if said else tuple(notes))


@dataclass(slots=True)
class Prepared:
    """Stories ready to be kept, each with its token and how many rows it took; and what could not be used."""

    stories: list[tuple[str, Story, int]] = field(default_factory=list)
    blank: int = 0
    repeated: int = 0
    bad: dict[int, str] = field(default_factory=dict)
    problems: list[RowProblem] = field(default_factory=list)

    def blame(self, facts: RowFacts) -> None:
        """Put a row aside to be mended."""
        told = [f"{p.column}: {p.message}" if p.column else p.message for p in facts.problems if not p.kept]
        self.bad[facts.number] = ". ".join(told)


def prepare(
    table: Table, reader: RowReader, maker: StoryMaker, place_code: str, rows: int, progress: Progress
) -> Prepared:
    """Read every row. Nothing is looked up or kept: that comes after, all at once."""
    made = Prepared()
    facts = _counted(table.rows(), reader, made, rows, progress)
    if Field.JOURNEY in reader.mapping:
        _prepare_journeys(facts, reader, maker, place_code, made)
    else:
        _prepare_rows(facts, reader, maker, place_code, made)
    made.problems.sort(key=lambda problem: problem.row)
    return made


def _counted(
    source: Iterator[Row], reader: RowReader, made: Prepared, rows: int, progress: Progress
) -> Iterator[RowFacts]:
    for count, row in enumerate(source, 1):
        facts = reader.read(row)
        if facts.is_blank:
            made.blank += 1
        else:
            yield facts
        if count % EVERY == 0:
            progress(CHECKING, count, rows)


def _prepare_rows(
    source: Iterator[RowFacts], reader: RowReader, maker: StoryMaker, place_code: str, made: Prepared
) -> None:
    """One row, one story. Rows that say the very same are told apart by counting them."""
    seen: Counter[str] = Counter()
    first_with: dict[str, tuple[int, str]] = {}
    for facts in source:
        own_id = facts.values.get(Field.EXTERNAL_ID)
        if not facts.is_bad and own_id is not None:
            number, before = first_with.setdefault(own_id, (facts.number, facts.identity()))
            if number != facts.number and before != facts.identity():
                told = _("Row {number} has the same id but says something else. Give each row an id of its own")
                told = told.format(number=number)
                facts.problems.append(RowProblem(facts.number, reader.mapping[Field.EXTERNAL_ID], told))
        made.problems.extend(facts.problems)
        if facts.is_bad:
            made.blame(facts)
        elif own_id is not None and first_with[own_id][0] != facts.number:
            made.repeated += 1
        else:
            token = _token(place_code, facts, seen)
            made.stories.append((token, maker.story([facts], reader.mapping), 1))


def _token(place_code: str, facts: RowFacts, seen: Counter[str]) -> str:
    own_id = facts.values.get(Field.EXTERNAL_ID)
    if own_id is not None:
        return digest("import", place_code, "id", own_id)
    content = facts.identity()
    seen[content] += 1
    return digest("import", place_code, "row", content, str(seen[content]))


def _prepare_journeys(
    source: Iterator[RowFacts], reader: RowReader, maker: StoryMaker, place_code: str, made: Prepared
) -> None:
    """Rows with one id are the steps of one story. A journey comes in whole, or waits until all of it is mended."""
    journeys: dict[str, list[RowFacts]] = {}
    for facts in source:
        name = facts.values.get(Field.JOURNEY)
        if name is None:
            made.problems.extend(facts.problems)
            made.blame(facts)
        else:
            journeys.setdefault(name, []).append(facts)
    for name, rows in journeys.items():
        told = {code for facts in rows for code in facts.values}
        if not any(facts.is_bad for facts in rows) and told <= {Field.JOURNEY, Field.ORDER, Field.EXTERNAL_ID}:
            made.blank += len(rows)
        elif _sound(rows, reader, made):
            ordered = _in_order(rows)
            token = digest("import", place_code, "journey", name, *(facts.identity() for facts in ordered))
            made.stories.append((token, maker.story(ordered, reader.mapping), len(rows)))


def _sound(rows: list[RowFacts], reader: RowReader, made: Prepared) -> bool:
    if len(rows) > MOST_STEPS:
        told = _("This journey has {count} steps. Check the column with its id, or bring in {most} or fewer")
        told = told.format(count=f"{len(rows):,}", most=MOST_STEPS)
        rows[0].problems.append(RowProblem(rows[0].number, reader.mapping[Field.JOURNEY], told))
    bad = [facts.number for facts in rows if facts.is_bad]
    for facts in rows:
        if bad and not facts.is_bad:
            told = _("Row {number} of the same journey needs mending: a journey comes in whole")
            facts.problems.append(RowProblem(facts.number, None, told.format(number=bad[0])))
        made.problems.extend(facts.problems)
        if bad:
            made.blame(facts)
    return not bad


def _in_order(rows: list[RowFacts]) -> list[RowFacts]:
    """By the order column where every row has a number or a date there; else as they stand in the file."""
    keys = [_order_key(facts.values.get(Field.ORDER)) for facts in rows]
    if any(key is None for key in keys):
        return rows
    return [facts for _key, facts in sorted(zip(keys, rows, strict=True), key=lambda pair: (pair[0], pair[1].number))]


def _order_key(told: str | None) -> float | None:
    if told is None:
        return None
    try:
        return float(told)
    except ValueError:
        pass
    try:
        return float(read_date(told, Order.DAY_FIRST, date.max)[0].toordinal())
    except Unreadable:
        return None


def mending_file(table: Table, made: Prepared, found: Survey, mapping: Mapping[Field, str]) -> bytes:
    """The bad rows as a file; empty when there are none. The table is read once more: bad rows are not held."""
    if not made.bad:
        return b""
    how = read_as(found.order, str(found.scale) if Field.FEELING in mapping else None)
    rows = ((row.number, [*row.cells, *row.extra]) for row in table.rows())
    return bad_rows_csv(table.header, rows, {number: told + how for number, told in made.bad.items()})
