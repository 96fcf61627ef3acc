"""The words of import: what a column can mean, what is wrong with a row, what became of a file."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from insight.language import noted

Progress = Callable[[str, int, int], None]
"""Called with the stage, how much of it is done, and how much there is to do."""
LOOKING, CHECKING, KEEPING = noted("Looking at the file"), noted("Checking rows"), noted("Keeping stories")
STAGES = (LOOKING, CHECKING, KEEPING)


class Field(StrEnum):
    """What a column can mean. The codes are stored in saved mappings and never change."""

    TEXT = "text"
    WHAT_BETTER = "what_better"
    WHAT_GOOD = "what_good"
    SERVICE = "service"
    ORGANISATION = "organisation"
    DATE = "date"
    FEELING = "feeling"
    CHANNEL = "channel"
    NEED = "need"
    NEED_MET = "need_met"
    TELLER_ROLE = "teller_role"
    TOLD_AGAIN = "told_again"
    SENT_ELSEWHERE = "sent_elsewhere"
    SORTED_OUT = "sorted_out"
    WAITED = "waited"
    PROMISED = "promised"
    TOLD_AT = "told_at"
    LANGUAGE = "language"
    EXTERNAL_ID = "external_id"
    JOURNEY = "journey"
    ORDER = "order"
    CONSENT_ANALYSE = "consent_analyse"
    CONSENT_QUOTE = "consent_quote"
    CONSENT_CONTACT = "consent_contact"


LABELS: dict[Field, tuple[str, str]] = {
    Field.TEXT: (noted("What happened"), noted("what people wrote")),
    Field.WHAT_BETTER: (noted("What would have made it better"), noted("suggestions, in people's words")),
    Field.WHAT_GOOD: (noted("What was good"), noted("praise, in people's words")),
    Field.SERVICE: (noted("Service"), noted("the service, team or ward it is about")),
    Field.ORGANISATION: (noted("Organisation"), noted("who runs the service")),
    Field.DATE: (noted("Date"), noted("when it happened: a day, a month or a year")),
    Field.FEELING: (noted("How it felt"), noted("a score or words such as Very good")),
    Field.CHANNEL: (noted("Channel"), noted("phone, in person, email and so on")),
    Field.NEED: (noted("Need"), noted("what people needed help with")),
    Field.NEED_MET: (noted("Need met"), noted("yes, partly, no")),
    Field.TELLER_ROLE: (noted("Who told it"), noted("self, carer, parent, friend or staff")),
    Field.TOLD_AGAIN: (noted("Had to explain again"), noted("yes or no")),
    Field.SENT_ELSEWHERE: (noted("Sent somewhere else"), noted("yes or no")),
    Field.SORTED_OUT: (noted("Sorted out at this step"), noted("yes, partly, no")),
    Field.WAITED: (noted("Wait before it"), noted("in days, or such as 3 weeks")),
    Field.PROMISED: (noted("Wait they were told"), noted("in days, or such as 3 weeks")),
    Field.TOLD_AT: (noted("Date it was told"), noted("when the comment was made, if that is another date")),
    Field.LANGUAGE: (noted("Language"), noted("a code such as en or cy")),
    Field.EXTERNAL_ID: (noted("Id of the row"), noted("one that no other row of any file has, never a person's")),
    Field.JOURNEY: (noted("Id of the journey"), noted("rows with the same id are the steps of one journey")),
    Field.ORDER: (noted("Order of the step"), noted("a number or a date; without it, the order in the file")),
    Field.CONSENT_ANALYSE: (noted("Agreed to be analysed"), noted("yes or no")),
    Field.CONSENT_QUOTE: (noted("Agreed to be quoted"), noted("yes or no")),
    Field.CONSENT_CONTACT: (noted("Agreed to be contacted"), noted("yes or no")),
}


@dataclass(frozen=True, slots=True)
class RowProblem:
    """What is wrong in one row, and what to do. ``row`` is as a spreadsheet counts: the first line of the file is 1.

    ``kept`` rows came in all the same, without the part that could not be used. Never carries what somebody wrote.
    """

    row: int
    column: str | None
    message: str
    kept: bool = False


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of a file's rows: ``rows`` = ``added`` + ``known`` + ``bad`` + ``blank``.

    ``stories`` counts the stories that ``added`` rows made (fewer, where rows are steps of journeys). ``notes`` say how
    the file was read. ``bad_rows_csv`` is UTF-8 with a byte order mark, and empty when there are no bad rows.
    """

    file_name: str
    rows: int
    added: int
    known: int
    bad: int
    blank: int
    stories: int
    mapping: dict[str, str]
    notes: tuple[str, ...]
    problems: tuple[RowProblem, ...]
    bad_rows_csv: bytes
    dry_run: bool
    lock_seconds: float = 0.0

    def lines(self, most: int = 20) -> Iterator[str]:
        """The report in sentences: the counts, how the file was read, and the first ``most`` problems."""
        done = "would be added" if self.dry_run else "added"
        of = f" as {self.stories:,} stories" if self.stories != self.added else ""
        yield (
            f"{self.rows:,} rows read: {self.added:,} {done}{of}, {self.known:,} here already, "
            f"{self.bad:,} to mend, {self.blank:,} blank."
        )
        yield from self.notes
        for problem in self.problems[:most]:
            where = f"Row {problem.row}" + (f", {problem.column}" if problem.column else "")
            yield f"{where}: {problem.message}{' (kept)' if problem.kept else ''}"
        if len(self.problems) > most:
            yield f"And {len(self.problems) - most:,} more problems."


@dataclass(frozen=True, slots=True)
class PastImport:
    """A file that was brought in before."""

    file_name: str
    imported_at: datetime
    imported_by: str
    rows: int
    added: int
    known: int
    bad: int


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """One row as it would be kept: what each mapped field was read as, in words."""

    number: int
    outcome: str
    values: dict[str, str]


@dataclass(frozen=True, slots=True)
class Preview:
    """What a file looks like, before anything is kept. ``problems`` are those of the first ``looked_at`` rows.

    ``fitting`` names the saved mappings whose columns this file has. ``seen`` is the last time this very file came in.
    """

    file_name: str
    columns: tuple[str, ...]
    sheets: tuple[str, ...]
    guessed: dict[str, str]
    mapping: dict[str, str]
    rows: tuple[PreviewRow, ...]
    looked_at: int
    notes: tuple[str, ...]
    problems: tuple[RowProblem, ...]
    fitting: tuple[str, ...]
    seen: PastImport | None
