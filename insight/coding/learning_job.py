"""One learning, carried out: from what people coded to what the machine says of every passage (worker only)."""

import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from insight.access import SYSTEM
from insight.codebook import book_of, learning, learnings
from insight.codebook.model import Book, Coding
from insight.codebook.rules import NOWHERE
from insight.codebook.store import last_coding
from insight.database import session
from insight.errors import NotFound, NotReady
from insight.painpoints import evidence, rules, store, vectors
from insight.painpoints.cube import Cube

Rows = npt.NDArray[np.int64]

AT_ONCE = 2_000  # passages whose words are read in one go
READING = 60  # passages on the reading list: three sittings, since people code on while the machine learns
BANDS = (0.0, 0.5, 0.7, 0.9, 1.0)  # of confidence, for the table that holds it against what people say


@dataclass(frozen=True)
class Lesson:
    """What there is to learn from: the passages (m,) of a run that may still be read, with words, vectors and codings.

    ``rows`` (m,) are their numbers in the run, ``of`` how many passages the run has; ``coded`` (c,) indexes ``rows``.
    ``last`` is the last coding that was there.
    """

    last: int
    of: int
    rows: Rows
    texts: list[str]
    vectors: npt.NDArray[np.float32]
    machine: npt.NDArray[np.int32]
    coded: Rows
    said: list[tuple[int, ...]]


@dataclass(frozen=True)
class Outcome:
    """What is to be kept of a learning: the last coding that it learned from, facts for people, and columns."""

    last_coding: int
    facts: dict[str, Any]
    told: dict[str, npt.NDArray[Any]]


def carry_out(learning_id: int, say: Callable[[str], None]) -> Outcome:
    """Learn; ``say`` hears the stages.

    Raises NotFound or NotReady, with a reason that can be shown.
    """
    started = time.perf_counter()
    with session() as opened:
        found = learnings.one(opened, learning_id)
    if found is None:
        raise NotFound("There is no learning with that number.")
    asked, place_id = found
    say("reading passages")
    lesson = read(place_id, asked.run_id)
    say("learning")
    learned = learning.learn(lesson.texts, lesson.vectors, lesson.coded, lesson.said, start=lesson.machine)
    say("choosing what to read next")
    reading = learning.reading_list(lesson.texts, lesson.vectors, learned, lesson.coded, size=READING)
    facts = facts_of(learned, lesson) | {"seconds": round(time.perf_counter() - started, 1)}
    return Outcome(lesson.last, facts, spread(learned, lesson, reading))


def read(place_id: int, run_id: int) -> Lesson:
    """The passages of a run that may be read now: those of stories that left, changed or are held back are not."""
    with session() as opened:
        body, held = store.cube_of_run(opened, run_id), store.vectors_of_run(opened, run_id)
        last = last_coding(opened, place_id)
        book, codings = book_of(opened, place_id)
    if body is None or 0 not in held:
        raise NotReady("This analysis keeps no vectors to learn with. Run and publish a new one.")
    cube = Cube.from_bytes(body)
    texts: dict[int, str] = {}
    numbers = np.flatnonzero(cube.key != 0)
    for start in range(0, len(numbers), AT_ONCE):
        told = evidence.in_context(SYSTEM, run_id, cube, numbers[start : start + AT_ONCE])
        texts |= {one.number: one.passage for one in told}
    rows = np.array(sorted(texts), np.int64)
    coded, said = _coded(cube.key[rows], codings, book)
    meanings = vectors.from_parts(held).rows[rows].astype(np.float32) / np.float32(vectors.LENGTH)
    words = [texts[row] for row in rows.tolist()]
    return Lesson(last, len(cube.key), rows, words, meanings, cube.theme[rows], coded, said)


def _coded(keys: Rows, codings: Mapping[int, Coding], book: Book) -> tuple[Rows, list[tuple[int, ...]]]:
    """Which of the passages with these keys (m,) people coded, and the themes in use that they named."""
    places = {int(key): place for place, key in reversed(list(enumerate(keys)))}
    here = sorted((places[key], coding) for key, coding in codings.items() if key in places)
    said = [book.in_use(coding.themes or ()) for _place, coding in here]
    return np.array([place for place, _coding in here], np.int64), said


def spread(learned: learning.Learned, lesson: Lesson, reading: list[int]) -> dict[str, npt.NDArray[Any]]:
    """What was learned, for all passages of the run; of those that may not be read, nothing."""
    chosen = np.full(lesson.of, NOWHERE, np.int32)
    confidence, sure = np.zeros(lesson.of, np.float16), np.zeros(lesson.of, bool)
    chosen[lesson.rows], confidence[lesson.rows], sure[lesson.rows] = (
        learned.chosen,
        learned.confidence,
        learned.sure,
    )
    return {"chosen": chosen, "confidence": confidence, "sure": sure, "reading": lesson.rows[reading].astype(np.int32)}


def facts_of(learned: learning.Learned, lesson: Lesson) -> dict[str, Any]:
    """How far the machine may be believed, for people to read."""
    return {
        "coded": len(lesson.coded),
        "passages": len(lesson.rows),
        "sure": int(learned.sure.sum()),
        "bar": learned.bar,
        "needs": learned.needs,
        "scores": [asdict(score) for score in learned.scores],
        "overall": asdict(learned.overall),
        "calibration": calibration(learned, lesson),
    }


def calibration(learned: learning.Learned, lesson: Lesson) -> list[dict[str, float]]:
    """By band of confidence: how many coded passages, what the machine promised of them, and how many it kept.

    A coded passage is judged as if it had not been taught with. ``low`` and ``high`` are Wilson's interval.
    """
    promised = np.asarray(learned.confidence, float)[lesson.coded]
    kept = np.array([_agrees(int(learned.chosen[row]), said) for row, said in _pairs(lesson)], bool)
    band = np.clip(np.digitize(promised, BANDS) - 1, 0, len(BANDS) - 2)
    found = []
    for number in np.unique(band):
        inside = band == number
        low, high = rules.wilson(kept[inside].sum(), inside.sum())
        found.append(
            {
                "from": BANDS[number],
                "to": BANDS[number + 1],
                "n": int(inside.sum()),
                "promised": float(promised[inside].mean()),
                "kept": float(kept[inside].mean()),
                "low": float(low),
                "high": float(high),
            }
        )
    return found


def _pairs(lesson: Lesson) -> list[tuple[int, tuple[int, ...]]]:
    return list(zip(lesson.coded.tolist(), lesson.said, strict=True))


def _agrees(chosen: int, said: tuple[int, ...]) -> bool:
    return chosen in said if said else chosen == NOWHERE
