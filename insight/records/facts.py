"""What both documents are made of."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from insight.intake.model import Source
from insight.records.asking import PARTICULARS, in_words
from insight.records.describing import Category
from insight.records.document import Points, Rows, Text
from insight.records.measures import Measure
from insight.settings import Settings

SOURCES = {
    Source.SELF_WEB: "told by people themselves, online",
    Source.STAFF_PHONE: "written down by staff on the phone",
    Source.STAFF_FACE_TO_FACE: "written down by staff in person",
    Source.STAFF_OBSERVED: "written down by staff who saw it",
    Source.STAFF_PAPER: "keyed in from paper",
    Source.IMPORT: "brought in from files that were collected before",
    Source.DEMO: "invented",
}


@dataclass(frozen=True)
class Facts:
    """A place as of a moment: what people said, and what settings and database show."""

    place: str
    synthetic: bool
    on: datetime
    said: Mapping[str, str]
    categories: Sequence[Category]
    partners: Sequence[str]
    sources: Collection[str]
    retention: Sequence[tuple[str | None, int | None]]
    measures: Sequence[Measure]
    settings: Settings

    @property
    def undecided(self) -> list[str]:
        """What people still have to decide or do, in English sentences."""
        open_questions = [particular.asked for particular in PARTICULARS if not self.said.get(particular.name)]
        unkept = [f"How long are {_stories(title)} kept?" for title, days in self.retention if days is None]
        off = [f"{measure.name}: not so. {measure.told}" for measure in self.measures if not measure.on]
        return [*open_questions, *unkept, *off]

    def still_open(self, words: str) -> list[Text | Points]:
        """What people still have to decide or do, after words that say so; nothing where there is nothing."""
        return [Text(words), Points(self.undecided, open=True)] if self.undecided else []

    def answer(self, name: str) -> Text:
        """What people said about something, or that they still have to."""
        particular = next(one for one in PARTICULARS if one.name == name)
        said = self.said.get(name)
        return Text(in_words(particular, said)) if said else Text(particular.asked, open=True)

    def arrived(self) -> str:
        """In which ways stories reached the place."""
        ways = [words for source, words in SOURCES.items() if source in self.sources]
        return f"Journeys are {', '.join(ways)}." if ways else "No journey has been told yet."

    def categories_table(self) -> Rows:
        """The categories of data as a table."""
        rows = [
            (
                category.whose,
                category.what + (" (may be special category data)" if category.special else ""),
                category.kept,
            )
            for category in self.categories
        ]
        return Rows(("Whose", "What", "How long"), rows)

    def retention_table(self) -> Rows:
        """How long what is kept, as a table."""
        rows = [(_as_start(_stories(title)), _days(days)) for title, days in self.retention]
        return Rows(("Stories", "Kept after they were told"), rows)

    def measures_table(self) -> Rows:
        """The measures as a table."""
        rows = [(measure.name, "Yes" if measure.on else "NO", measure.told) for measure in self.measures]
        return Rows(("Measure", "On", "What that rests on"), rows)


def _stories(title: str | None) -> str:
    return f"stories of the survey {title}" if title else "stories outside of surveys"


def _as_start(words: str) -> str:
    return words[:1].upper() + words[1:]


def _days(days: int | None) -> str:
    return "No rule: until one is set" if days is None else f"{days:,} days"
