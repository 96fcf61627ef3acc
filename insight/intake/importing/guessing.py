"""A first guess at what each column means, from its name and its first values. A person looks before it is used."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from insight.intake.importing import values
from insight.intake.importing.dates import Order, Unreadable, read_date
from insight.intake.importing.feelings import FEELINGS, as_score, read_feeling
from insight.intake.importing.model import Field

ENOUGH = 0.5
LOOKED_INTO = 200
NAMES: dict[Field, str] = {
    Field.TEXT: r"comments?|feedback|answer|text|response|verbatim|story|stories|happened|tell us|review|experience|"
    r"description|details|complaint|message|notes?|body|reason|why|free ?text|words|what you (?:think|told)",
    Field.WHAT_BETTER: r"better|improve[ds]?|improvements?|change|differently|suggestions?",
    Field.WHAT_GOOD: r"good|well|compliments?|praise|liked|best",
    Field.SERVICE: r"service|team|department|dept|clinic|ward|function|unit|directorate|area|topic|category|label|"
    r"setting",
    Field.ORGANISATION: r"organi[sz]ation|trust|provider|council|agency|authority|company|employer|supplier|body",
    Field.DATE: r"date|dated|when|day|month|submitted|created|received|timestamp|datetime|time|year|completed|visit",
    Field.TOLD_AT: r"submitted|created|received|completed|reported|told|logged|entered",
    Field.FEELING: r"rating|rated?|score|satisf\w*|fft|feel\w*|recommend\w*|experience|overall|stars?|happy|mood|"
    r"likely|sentiment|nps",
    Field.CHANNEL: r"channel|method|medium|mode|contact|contacted|route|via|source",
    Field.NEED: r"needs?|need type|life event|reason for contact|purpose|topic",
    Field.NEED_MET: r"need met|met|outcome|resolved|resolution|got what",
    Field.TELLER_ROLE: r"role|relationship|respondent type|completed by|who (?:are you|told)|teller|capacity|are you",
    Field.TOLD_AGAIN: r"again|repeat\w*|retold|told again",
    Field.SENT_ELSEWHERE: r"elsewhere|passed on|sent on|redirected|signposted",
    Field.SORTED_OUT: r"sorted|solved|fixed",
    Field.WAITED: r"wait\w*|days waited",
    Field.PROMISED: r"promised|told it would take|expected days|target days",
    Field.LANGUAGE: r"language|lang|locale",
    Field.EXTERNAL_ID: r"(?:comment|response|feedback|record|row|submission|answer|survey|entry|unique|case|item|ref)"
    r"?[ _-]*(?:id|identifier|reference|ref|no|number|uuid|guid)",
    Field.JOURNEY: r"journey(?: id| no| number)?|story id|case(?: id| ref\w*| no| number)?",
    Field.ORDER: r"order|sequence|seq|step|step no|step number|position",
    Field.CONSENT_QUOTE: r"quote[ds]?|quotation|publish",
    Field.CONSENT_CONTACT: r"(?:ok|agree\w*|happy|consent) to (?:be )?contact\w*|contact me|recontact",
    Field.CONSENT_ANALYSE: r"consent|consent given|agree\w* to (?:use|analysis)",
}
PERSONAL = re.compile(r"\b(?:respondent|person|patient|client|customer|user|resident|household|nhs|tenant|member)\b")


@dataclass(frozen=True, slots=True)
class Profile:
    """A column in numbers: what share of its filled values reads as what."""

    name: str
    place: int
    filled: float
    count: int
    distinct: int
    length: float
    wordy: float
    dates: float
    feelings: float
    feeling_words: float
    numbers: float
    yes_no: float
    channels: float
    roles: float
    days: float
    numbers_in_a_row: bool

    @property
    def varied(self) -> float:
        """Distinct values as a share of all."""
        return self.distinct / self.count if self.count else 0.0

    def named(self, field: Field) -> bool:
        """Whether the name has a word that goes with the field."""
        return bool(re.search(rf"\b(?:{NAMES[field]})\b", self.name))

    def named_only(self, field: Field) -> bool:
        """Whether the whole name is one that goes with the field."""
        return bool(re.fullmatch(NAMES[field], self.name))


def guess_mapping(header: Sequence[str], sample_rows: Iterable[Sequence[str]], today: date) -> dict[str, str]:
    """Field to column, for the fields that some column fits well enough. A column is used once."""
    rows = list(sample_rows)
    profiles = [_profile(name, place, [row[place] for row in rows], today) for place, name in enumerate(header)]
    guessed: dict[str, str] = {}
    for field, fit in FITS:
        left = [profile for profile in profiles if header[profile.place] not in guessed.values()]
        best = max(left, key=lambda profile: (fit(profile), -profile.place), default=None)
        if best is not None and fit(best) >= ENOUGH:
            guessed[field.value] = header[best.place]
    if Field.ORDER in guessed and Field.JOURNEY not in guessed:
        del guessed[Field.ORDER]
    return guessed


def _profile(name: str, place: int, cells: list[str], today: date) -> Profile:
    tidied = [values.tidy(cell[:2_000]) for cell in cells]
    filled = [cell for cell in tidied if cell and not values.is_blank(cell, fact=True)]
    count = len(filled)

    few = filled[:LOOKED_INTO]

    def share(reads: Callable[[str], object]) -> float:
        return sum(_reads(reads, cell) for cell in few) / len(few) if few else 0.0

    return Profile(
        " ".join(re.sub(r"([a-z])([A-Z])", r"\1 \2", name).replace("_", " ").replace("-", " ").lower().split()),
        place,
        count / len(cells) if cells else 0.0,
        count,
        len(set(filled)),
        sum(map(len, filled)) / count if count else 0.0,
        share(_is_wordy),
        share(lambda cell: read_date(cell, Order.DAY_FIRST, today)),
        share(_is_feeling),
        share(_is_feeling_word),
        share(_is_number),
        share(values.read_yes_no),
        share(values.read_channel),
        share(values.read_role),
        share(_is_length_of_time),
        _is_running(filled),
    )


def _reads(reads: Callable[[str], object], cell: str) -> bool:
    try:
        return reads(cell) is not False or reads is values.read_yes_no
    except Unreadable:
        return False


def _is_wordy(cell: str) -> bool:
    return cell.count(" ") >= 2 and any(c.isalpha() for c in cell)


def _is_number(cell: str) -> bool:
    return as_score(cell) is not None or cell.replace(".", "", 1).isdigit()


def _is_feeling(cell: str) -> bool:
    number = as_score(cell)
    return -2 <= number <= 10 if number is not None else _is_feeling_word(cell)


def _is_feeling_word(cell: str) -> bool:
    if as_score(cell) is not None:
        return False
    read_feeling(cell, FEELINGS)
    return True


def _is_length_of_time(cell: str) -> bool:
    return not _is_number(cell) and values.read_days(cell) >= 0


def _is_running(filled: list[str]) -> bool:
    """Whether the values only count the rows."""
    return len(filled) > 2 and all(
        b.isdecimal() and a.isdecimal() and int(b[:9]) == int(a[:9]) + 1 for a, b in pairwise(filled[:50])
    )


def _text(p: Profile) -> float:
    if p.count == 0 or p.dates > 0.5 or p.numbers > 0.5 or p.wordy < 0.2:
        # A file with no rows yet, or with one-word answers, still has its names
        return 0.6 if p.named(Field.TEXT) and p.dates < 0.5 and p.numbers < 0.5 and p.feelings < 0.8 else 0.0
    return min(1.0, 0.4 * p.wordy + 0.3 * min(1.0, p.length / 60) + 0.3 * p.varied) + 0.3 * p.named(Field.TEXT)


def _asked(field: Field) -> Callable[[Profile], float]:
    """Free text whose name asks for one side of the story."""
    return lambda p: 0.8 if p.named(field) and p.wordy >= 0.2 and p.varied > 0.2 and p.dates < 0.5 else 0.0


def _date(p: Profile) -> float:
    if p.count == 0:
        return 0.6 if p.named(Field.DATE) and not p.named(Field.TEXT) else 0.0
    # A bare number of four or five digits reads as a year or as a spreadsheet's date: then only the name can tell
    certain = p.dates if p.numbers < 0.5 or p.named(Field.DATE) else 0.0
    named = p.named(Field.DATE)
    return certain * 0.7 + 0.3 * named if certain >= (0.4 if named else 0.6) else 0.0


def _feeling(p: Profile) -> float:
    if p.count == 0:
        return 0.6 if p.named(Field.FEELING) and not p.named(Field.TEXT) else 0.0
    if p.feelings < 0.7 or p.distinct < 2 or p.distinct > 25 or p.numbers_in_a_row:
        return 0.0
    # Words of feeling are telling by themselves; small numbers could be anything, unless the name says what they are
    return 0.4 * p.named(Field.FEELING) + 0.6 * p.feeling_words + 0.3 * p.feelings * p.filled


def _few(field: Field, without_name: float) -> Callable[[Profile], float]:
    """A name out of a few that come again and again."""

    def fit(p: Profile) -> float:
        if p.count == 0:
            return 0.6 if p.named(field) else 0.0
        if p.dates > 0.5 or (p.numbers > 0.9 and not p.named(field)) or p.feelings > 0.7 or p.yes_no > 0.7:
            return 0.0
        few = p.distinct <= max(3, p.count * 0.5) and p.distinct <= 300 and p.length <= 80
        if not few or (p.distinct < 2 and not p.named(field)):
            return 0.0
        return (0.6 if p.named(field) else without_name) + 0.3 * p.filled

    return fit


def _read(field: Field, share: Callable[[Profile], float], alone: bool = False) -> Callable[[Profile], float]:
    """Values that mostly read as what the name says; ``alone``, even without the name."""

    def fit(p: Profile) -> float:
        enough = share(p) >= 0.6 and p.count > 0
        return (0.5 * share(p) + 0.4 * p.named(field)) if enough and (p.named(field) or alone) else 0.0

    return fit


def _id(p: Profile) -> float:
    named = p.named_only(Field.EXTERNAL_ID) and not PERSONAL.search(p.name)
    return 0.9 if named and p.filled == 1 and p.distinct == p.count and p.count > 1 and p.length <= 80 else 0.0


def _journey(p: Profile) -> float:
    repeated = p.count > 1 and p.distinct < p.count
    return 0.9 if p.named_only(Field.JOURNEY) and repeated and p.filled == 1 else 0.0


def _order(p: Profile) -> float:
    return 0.8 if p.named_only(Field.ORDER) and p.numbers > 0.9 else 0.0


FITS: tuple[tuple[Field, Callable[[Profile], float]], ...] = (
    (Field.JOURNEY, _journey),
    (Field.EXTERNAL_ID, _id),
    (Field.ORDER, _order),
    (Field.DATE, _date),
    (Field.CONSENT_QUOTE, _read(Field.CONSENT_QUOTE, lambda p: p.yes_no)),
    (Field.CONSENT_CONTACT, _read(Field.CONSENT_CONTACT, lambda p: p.yes_no)),
    (Field.CONSENT_ANALYSE, _read(Field.CONSENT_ANALYSE, lambda p: p.yes_no)),
    (Field.TOLD_AGAIN, _read(Field.TOLD_AGAIN, lambda p: p.yes_no)),
    (Field.SENT_ELSEWHERE, _read(Field.SENT_ELSEWHERE, lambda p: p.yes_no)),
    (Field.NEED_MET, _read(Field.NEED_MET, lambda p: p.yes_no)),
    (Field.FEELING, _feeling),
    (Field.CHANNEL, _read(Field.CHANNEL, lambda p: p.channels, alone=True)),
    (Field.TELLER_ROLE, _read(Field.TELLER_ROLE, lambda p: p.roles)),
    (Field.WAITED, _read(Field.WAITED, lambda p: max(p.days, p.numbers))),
    (Field.WHAT_BETTER, _asked(Field.WHAT_BETTER)),
    (Field.WHAT_GOOD, _asked(Field.WHAT_GOOD)),
    (Field.TEXT, _text),
    (Field.ORGANISATION, _few(Field.ORGANISATION, 0.0)),
    (Field.SERVICE, _few(Field.SERVICE, 0.25)),
)
"""How well a column fits each field, in the order in which the fields choose: the surest first."""
