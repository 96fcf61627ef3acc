"""One story in the runs of its place: which pain points it speaks to, and how it leaves every run at once."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sqlalchemy.orm import Session

from insight import codebook, intake, runs
from insight.intake import ConsentScope
from insight.painpoints import counting, evidence, newcomers, rules, store, vectors, wording
from insight.painpoints.cube import Cube, stories_in
from insight.painpoints.model import LEFT_SINCE, Filters
from insight.painpoints.reading import reading
from insight.painpoints.tables import ThemeRow
from insight.runs.store import published_run_id

CHUNK = 400
FIRST_LOOK = 40  # passages: most words of a theme stand in the first few of them
WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


@dataclass(frozen=True, slots=True)
class Left:
    """How much left: from how many runs, and how many passages."""

    runs: int = 0
    passages: int = 0


def pains_of_story(opened: Session, place_id: int, story_id: int) -> tuple[str, ...]:
    """The names of the pain points that a story speaks to, as the published run of its place read it.

    A story that it has not read, or not in its present version, is placed anew (``newcomers.py``). Only
    pain points that the board shows are named. For other rooms' services, within their unit of work.
    """
    run_id = published_run_id(opened, place_id)
    run = runs.run_by_id(opened, run_id) if run_id else None
    if run is None or not intake.stories_with_consent(opened, [story_id], ConsentScope.ANALYSE):
        return ()
    new = newcomers.pains_of_new_story(opened, run, story_id)
    if new is not None:
        return new
    held = reading(run)
    mine = np.unique(held.cube.theme[_passages_of(held.cube, [story_id])])
    if not (mine >= 0).any():
        return ()
    shown = counting.count(held.cube, held.themes, Filters()).themes
    return tuple(theme.label for theme in shown if theme.kind == "hurts" and theme.number in set(mine.tolist()))


def leave_runs(opened: Session, place_id: int, *story_ids: int) -> Left:
    """Take stories out of every run of their place: passages, cube, quotes, and words that only they used.

    For other rooms' services, within their unit of work.
    """
    left, passages = 0, 0
    for run_id in store.runs_with_results(opened, place_id):
        body = store.cube_of_run(opened, run_id)
        read = set() if body is None else set(story_ids).intersection(stories_in(body).tolist())
        if body is not None and read:
            left += 1
            passages += leave_run(opened, run_id, Cube.from_bytes(body), read)
    return Left(left, passages)


def runs_that_read(opened: Session, place_id: int, *story_ids: int) -> list[int]:
    """The runs of a place of which any of these stories is part. For other rooms' services."""
    bodies = ((run_id, store.cube_of_run(opened, run_id)) for run_id in store.runs_with_results(opened, place_id))
    return [run_id for run_id, body in bodies if body and set(story_ids).intersection(stories_in(body).tolist())]


def left_meanwhile(opened: Session, story_ids: Iterable[int]) -> set[int]:
    """Of the stories that an analysis has read, those that may not be analysed any more."""
    read = list(story_ids)
    allowed: set[int] = set()
    for start in range(0, len(read), CHUNK):
        allowed |= intake.stories_with_consent(opened, read[start : start + CHUNK], ConsentScope.ANALYSE)
    return set(read) - allowed


def leave_run(opened: Session, run_id: int, cube: Cube, story_ids: Collection[int]) -> int:
    """Take stories out of one run; gives how many passages they had there."""
    numbers = _passages_of(cube, story_ids)
    left = cube.without(story_ids)
    store.replace_cube(opened, run_id, left.to_bytes())
    forgotten = store.forget_passages(opened, run_id, list(story_ids))
    _forget_meaning(opened, run_id, numbers.tolist())
    touched = set(np.unique(np.concatenate([cube.theme[numbers], cube.leaf[numbers]])).tolist())
    for theme in store.themes_of_run(opened, run_id):
        if theme.number in touched:
            _forget_in_theme(opened, run_id, left, theme, set(numbers.tolist()))
    row = runs.run_by_id(opened, run_id)
    if row is not None:  # a new dict: a change inside of one would not be noticed
        row.left_out = {**row.left_out, LEFT_SINCE: row.left_out.get(LEFT_SINCE, 0) + len(story_ids)}
    opened.flush()
    return forgotten


def _forget_meaning(opened: Session, run_id: int, numbers: Sequence[int]) -> None:
    touched = vectors.touched_parts(numbers)
    for part, body in store.wording_of_run(opened, run_id, list(touched)).items():
        store.replace_wording(opened, run_id, part, vectors.blanked(body, touched[part], wording.WIDE))
    held = store.vectors_of_run(opened, run_id, [0, *touched])
    if 0 not in held:
        return
    wide = len(vectors.from_parts({0: held[0]}).centre)
    for part, rows in touched.items():
        store.replace_vectors(opened, run_id, part, vectors.blanked(held[part], rows, wide))


def _passages_of(cube: Cube, story_ids: Collection[int]) -> Any:
    of_story = np.isin(cube.story_id, np.fromiter(story_ids, np.int64))
    return np.flatnonzero(of_story[cube.passage_story])


def _forget_in_theme(opened: Session, run_id: int, left: Cube, theme: ThemeRow, numbers: set[int]) -> None:
    """A theme keeps the words that others said too. One that nobody else told goes as a whole."""
    others = np.flatnonzero((left.theme == theme.number) | (left.leaf == theme.number))
    if not len(others):
        codebook.call_anew(opened, run_id, theme.number, "")
        opened.delete(theme)
        return
    named = [] if theme.facts.get("known") else [" ".join(WORD.findall(said)) for said in label_parts(theme.label)]
    said_by_others = _said_in(opened, run_id, others.tolist(), [*theme.terms, *named])
    kept = [term for term in theme.terms if term in said_by_others]
    if not said_by_others.issuperset(named):
        theme.label = rules.label_of(kept)
        codebook.call_anew(opened, run_id, theme.number, theme.label)
    theme.terms = kept
    theme.facts = {**theme.facts, "quotes": [row for row in theme.facts.get("quotes", []) if row not in numbers]}


def label_parts(label: str) -> list[str]:
    """What a machine's label is made of: each part stands word for word in what people said."""
    return label.lower().replace("’", "'").split(",")


def _said_in(opened: Session, run_id: int, numbers: Sequence[int], terms: Sequence[str]) -> set[str]:
    """Which terms stand in the words behind some passages, word for word."""
    missing, start, size = set(terms), 0, FIRST_LOOK
    while missing and start < len(numbers):
        texts = evidence.texts_behind(opened, run_id, numbers[start : start + size])
        start, size = start + size, CHUNK
        said = word_for_word(texts)
        missing -= {term for term in missing if f" {term} " in said}
    return set(terms) - missing


def word_for_word(texts: Sequence[str]) -> str:
    """Texts as their plain words with single blanks around each, so that terms are found whole."""
    return f" {' | '.join(' '.join(WORD.findall(text.lower().replace('’', chr(39)))) for text in texts)} "


def without_stories(passages: Iterable[Mapping[str, Any]], gone: Collection[int]) -> Iterable[Mapping[str, Any]]:
    """The passages of the other stories."""
    return (passage for passage in passages if passage["story_id"] not in gone)
