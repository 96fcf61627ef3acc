"""From stories to a record: the steps of a place's journeys as columns, read in parts that make one whole."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np

from insight import intake
from insight.columns import NONE, coded, mostly_written
from insight.database import session
from insight.journeys.joining import WORDS, joined, of_journeys, renamed
from insight.journeys.mining.log import DAY, NO_TIME, offsets
from insight.journeys.record import NOT_FELT, Record
from insight.scale import mapreduce

AT_ONCE = 50_000  # stories of one part
EPOCH = date(1970, 1, 1)
TEXTS = ("what_happened", "what_better", "what_good", "obstacle_text")
NAMES = ("service", "organisation")


@dataclass(frozen=True, slots=True)
class PlacePart:
    """The stories of a place whose id leaves ``part`` when divided by ``parts``; ``texts``: with what people wrote."""

    place_id: int
    part: int
    parts: int
    texts: bool = True


@dataclass(frozen=True, slots=True)
class Gathered:
    """Journeys that were read, with what their tellers wrote.

    Names stand in the record in lower case; ``written`` counts how each was written, since which way is the commonest
    is known only when all parts are together.
    """

    record: Record
    texts: list[str]
    written: dict[str, Counter[str]]


def parts_of(place_id: int) -> int:
    """In how many parts a place is read."""
    with session() as opened:
        return max(1, -(-intake.count_stories(opened, place_id) // AT_ONCE))


def gather(place_id: int, parts: int, *, texts: bool = True) -> Gathered:
    """The journeys of a place that may be analysed, in every language, in the order of their stories.

    However many parts they are read in, the same stories give the same arrays.
    """
    asked = [PlacePart(place_id, part, parts, texts) for part in range(parts)]
    whole = mapreduce(read_part, asked, together)
    rows = np.argsort(whole.record.key, kind="stable")
    record = spelled(of_journeys(whole.record, rows), whole.written)
    return Gathered(record, [whole.texts[row] for row in rows.tolist()] if texts else [], whole.written)


def read_part(part: PlacePart) -> Gathered:
    """One part, from the database that this process is set up for. A story without a step is a journey too."""
    told: list[Any] = []
    taken: list[Any] = []
    lengths: list[int] = []
    texts: list[str] = []
    with session() as opened:
        for stories, steps in intake.stories_in_chunks(opened, part.place_id, part=part.part, parts=part.parts):
            of_story: dict[int, list[Any]] = {story.id: [] for story in stories}
            for step in steps:
                if step.story_id in of_story:
                    of_story[step.story_id].append(step)
            for story in stories:
                mine = of_story[story.id]
                told.append(story)
                taken.extend(mine)
                lengths.append(len(mine))
                if part.texts:
                    texts.append(_words(story, mine))
    written = {name: Counter(tidy for step in taken if (tidy := _tidy(step, name))) for name in NAMES}
    return Gathered(_record(told, taken, lengths), texts, written)


def together(first: Gathered, second: Gathered) -> Gathered:
    """Two parts as one."""
    written = {name: first.written[name] + second.written[name] for name in NAMES}
    return Gathered(joined([first.record, second.record]), first.texts + second.texts, written)


def spelled(record: Record, written: dict[str, Counter[str]]) -> Record:
    """The record with names as most people wrote them, and every column's words in alphabetical order."""
    columns: dict[str, Any] = {}
    words: dict[str, tuple[str, ...]] = {}
    for name in WORDS:
        forms = mostly_written(written[name]) if name in NAMES else {}
        named = [forms.get(word, word) for word in record.words[name]]
        words[name] = tuple(sorted(named))
        place = {word: code for code, word in enumerate(words[name])}
        columns[name] = renamed(getattr(record, name), [place[word] for word in named])
    return replace(record, words=words, **columns)


def _words(story: Any, steps: Iterable[Any]) -> str:
    told = [getattr(story, name) for name in TEXTS] + [step.note for step in steps]
    return " ".join(text for text in told if text)


def _tidy(step: Any, name: str) -> str:
    """A name as written, but for its blanks."""
    return " ".join((getattr(step, f"{name}_name") or "").split())


def _record(stories: Sequence[Any], steps: Sequence[Any], lengths: Sequence[int]) -> Record:
    columns: dict[str, Any] = {}
    words: dict[str, tuple[str, ...]] = {}
    for name, told in (
        ("need", [story.need for story in stories]),
        ("source", [story.source for story in stories]),
        ("teller", [story.teller_role for story in stories]),
        ("month", [story.told_at.strftime("%Y-%m") for story in stories]),
        ("need_met", [story.need_met for story in stories]),
        ("channel", [step.channel for step in steps]),
        ("sorted_out", [step.sorted_out for step in steps]),
        *((name, [_tidy(step, name).casefold() or None for step in steps]) for name in NAMES),
    ):
        columns[name], words[name] = coded(told)
    return Record(
        key=np.array([story.id for story in stories], np.int64),
        first=offsets(np.array(lengths, np.int64)),
        kind=np.full(len(stories), NONE, np.int32),
        position=np.array([step.position for step in steps], np.int32),
        time=np.array([_time(step) for step in steps], np.int64),
        feeling=_numbers(steps, "feeling", NOT_FELT).astype(np.int8),
        waited=_numbers(steps, "waited_days", NONE),
        promised=_numbers(steps, "promised_days", NONE),
        told_again=_numbers(steps, "told_again", NONE).astype(np.int8),
        sent_elsewhere=_numbers(steps, "sent_elsewhere", NONE).astype(np.int8),
        words=words,
        **columns,
    )


def _numbers(steps: Sequence[Any], name: str, otherwise: int) -> Any:
    told = (getattr(step, name) for step in steps)
    return np.array([otherwise if value is None else int(value) for value in told], np.int32)


def _time(step: Any) -> int:
    """Midnight of the step's day; a month or a year alone says too little to count days from."""
    if step.happened_on is None or step.precision != "day":
        return int(NO_TIME)
    days: int = (step.happened_on - EPOCH).days
    return days * DAY
