"""Stories that a run has not read, placed at once: each passage goes to the nearest of its themes, if any is near."""

import weakref
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy.orm import Session
from threadpoolctl import threadpool_limits

from insight import intake
from insight.access import Actor, Permission, use_case
from insight.database import session
from insight.intake import Place
from insight.painpoints import meant, rules, waiting_store
from insight.painpoints.cube import Cube, journeys_by_theme_and, scope
from insight.painpoints.gathering import Gathered, take_story
from insight.painpoints.model import UNPLACED, Filters, RunTheme
from insight.painpoints.reading import Reading, reading, run_of
from insight.painpoints.vectors import LENGTH, Meanings
from insight.privacy import shown
from insight.runs import Run
from insight.runs.tables import RunRow
from insight.text import quick
from insight.text.sentiment import stances

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int32]
Reals = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]

MOST_AT_ONCE = 200  # stories newly placed in one call
MOST_KEPT = 20_000
BAR = 5.0  # percent of a theme's own passages are further from it than a passage may be that fits it
TEACHERS = 30_000  # passages that the spread is learned from
SHRUNK = 1.0  # times the mean spread, added to every direction
CHUNK = 50_000
USUAL_LANGUAGE = "en"


@dataclass(frozen=True, slots=True)
class Newcomers:
    """Stories that wait for the next analysis. Counts of stories are None, or left out, where too small to be shown.

    ``placed``: how many of them speak of each theme of the board, by its number; ``speaking``: of any pain point;
    ``not_yet``: how many have still to be placed, which the next calls do.
    """

    waiting: int | None
    speaking: int | None
    placed: Mapping[int, int]
    not_yet: int


@dataclass(frozen=True)
class Middles:
    """The themes of a run as new passages are held against them: k ``numbers`` and ``kinds``.

    A passage is as near to a theme as its vector times ``toward`` (k, d) plus ``less`` (k,); ``bars`` (k,) is how near
    it must be to fit; ``common`` is how steps of the run feel in the mean.
    """

    numbers: Ints
    kinds: npt.NDArray[np.str_]
    toward: Floats
    less: Floats
    bars: Floats
    common: float

    def nearest(self, vectors: Floats, side: Reals) -> Ints:
        """The theme of each passage (m,), or -1; ``vectors`` (m, d) of length 1, ``side`` (m,) -2 to 2.

        Praise goes to no theme that hurts, and complaint to none that works well.
        """
        if not len(self.numbers):
            return np.full(len(vectors), UNPLACED, np.int32)
        near = vectors @ self.toward.T + self.less
        against = (side[:, None] > rules.HELPS_ABOVE) & (self.kinds == "hurts")
        against |= (side[:, None] < rules.HURTS_BELOW) & (self.kinds == "helps")
        near = np.where(against | np.all(vectors == 0, axis=1, keepdims=True), -np.inf, near)
        best = near.argmax(axis=1)
        fits = near[np.arange(len(near)), best] >= self.bars[best]
        return np.where(fits, self.numbers[best], UNPLACED).astype(np.int32)


def middles(cube: Cube, themes: Sequence[RunTheme], meant_by: Meanings) -> Middles:
    """What tells the themes of a run apart: their middles, in the spread that passages have inside themes.

    Linear discriminants with equal odds (Fisher 1936; Rao 1948), the spread shrunk towards an even one.
    """
    order = np.argsort(cube.theme, kind="stable")
    ends = np.searchsorted(cube.theme[order], [(theme.number, theme.number + 1) for theme in themes])
    members = [order[start:end] for start, end in ends.reshape(-1, 2)]
    wide = len(meant_by.centre)
    centres = np.array([_middle(meant_by, rows) for rows in members]).reshape(-1, wide)
    spread = _spread(meant_by, members, centres)
    toward = np.linalg.solve(spread, centres.T).T
    less = -(toward * centres).sum(axis=1) / 2
    bars = [
        np.percentile(meant_by.likeness(toward[one].astype(np.float32), rows), BAR) + less[one]
        for one, rows in enumerate(members)
    ]
    told = cube.feeling[(cube.passage_step >= 0) & (cube.theme >= 0)]
    return Middles(
        np.array([theme.number for theme in themes], np.int32),
        np.array([theme.kind for theme in themes], np.str_),
        toward.astype(np.float32),
        less.astype(np.float32),
        np.array(bars, np.float32),
        float(told.mean()) if len(told) else 0.0,
    )


def _middle(meant_by: Meanings, rows: Rows) -> Reals:
    total = np.zeros(len(meant_by.centre))
    for start in range(0, len(rows), CHUNK):
        total += meant_by.rows[rows[start : start + CHUNK]].sum(axis=0, dtype=np.int64)
    return total / (LENGTH * max(len(rows), 1))


def _spread(meant_by: Meanings, members: Sequence[Rows], centres: Reals) -> Reals:
    """How passages stand around the middles of their themes, (d, d), from an even sample of them."""
    many = sum(map(len, members))
    every = -(-many // TEACHERS) if many else 1
    wide, taught = centres.shape[1], 0
    spread = np.zeros((wide, wide))
    for rows, centre in zip(members, centres, strict=True):
        around = meant_by.rows[rows[::every]].astype(np.float32) / LENGTH - centre.astype(np.float32)
        spread += around.T @ around
        taught += len(around)
    spread /= max(taught, 1)
    shrunk: Reals = spread + (SHRUNK * np.trace(spread) / wide + 1e-6) * np.eye(wide)
    return shrunk


def sides(texts: Sequence[str], told: Sequence[float], common: float) -> Reals:
    """Which side each passage takes, as the analysis reads it (``rules.side_of``)."""
    words = np.array([found.score if found.found else 0.0 for found in stances(texts)]) * 2
    return rules.side_of(words, told, common)


@dataclass(frozen=True)
class Known:
    """What this process knows of a run as it is shown now: its middles, and the themes of (story, version)."""

    shown: "weakref.ref[Cube]"
    middles: Middles
    themes: dict[tuple[int, int], frozenset[int]] = field(default_factory=dict)


_held: dict[int, Known] = {}


def known_of(opened: Session, run_id: int, read: Reading) -> tuple[Known, Meanings] | None:
    """The middles of a run under the codebook as it stands, made once; None for a run that kept no vectors."""
    meant_by = meant.meanings(opened, run_id, read)
    if meant_by is None:
        return None
    known = _held.get(run_id)
    if known is None or known.shown() is not read.cube:
        gone = weakref.ref(read.cube, lambda _gone: _held.pop(run_id, None))
        with threadpool_limits(1, "blas"):  # threads that wait for one another take many times longer
            known = _held[run_id] = Known(gone, middles(read.cube, read.themes, meant_by))
    return known, meant_by


@use_case(Permission.SEE_INSIGHT)
def newcomers(actor: Actor, place: Place) -> Newcomers:
    """The stories that wait for a place's next analysis, and which pain points of the published one they speak of."""
    run = run_of(actor, place, None)
    read = reading(run)
    with session() as opened:
        waiting = waiting_for(opened, run, read)
        if shown(len(waiting)) is None:
            return Newcomers(None, None, {}, 0)
        ready = known_of(opened, run.id, read)
        if ready is None:
            return Newcomers(len(waiting), None, {}, 0)
        found = _themes_of(opened, waiting, *ready)
    return _counted(len(waiting), found, on_board(read))


def on_board(read: Reading) -> dict[int, RunTheme]:
    """The themes that enough journeys tell of to be shown, by number."""
    told = journeys_by_theme_and(read.cube, scope(read.cube, Filters()), "")[:, 0]
    return {theme.number: theme for theme in read.themes if shown(int(told[theme.number])) is not None}


def _counted(waiting: int, found: Collection[frozenset[int]], board: Mapping[int, RunTheme]) -> Newcomers:
    times = Counter(number for themes in found for number in themes)
    hurting = {number for number, theme in board.items() if theme.kind == "hurts"}
    placed = {number: n for number in board if (n := shown(times[number])) is not None}
    speaking = sum(1 for themes in found if themes & hurting)
    return Newcomers(waiting, shown(speaking), placed, waiting - len(found))


def pains_of_new_story(opened: Session, run: Run | RunRow, story_id: int) -> tuple[str, ...] | None:
    """The pain points of the board that a story speaks of which a run has not read, or not in its present version.

    None where the run has read it, or kept no vectors to place it by. For other rooms' services, within their unit of
    work.
    """
    read = reading(run)
    if story_id in read.stories and not waiting_store.changed_since(opened, run.id, run.place_id, story_id):
        return None
    ready = known_of(opened, run.id, read)  # only now: it is large, and most stories were read
    if ready is None:
        return None
    waiting = waiting_store.versions_to_read(opened, [story_id], _language(run))
    themes = frozenset[int]().union(*_themes_of(opened, waiting, *ready))
    board = on_board(read) if themes else {}
    return tuple(theme.label for number, theme in board.items() if theme.kind == "hurts" and number in themes)


def waiting_for(opened: Session, run: Run | RunRow, read: Reading) -> dict[int, int]:
    """Stories that the run has not read, or not in their present version: id -> version."""
    ids = np.fromiter(waiting_store.ids_of_place(opened, run.place_id), np.int64)
    new = np.setdiff1d(ids, read.whole.story_id).tolist()
    changed = waiting_store.changed_since(opened, run.id, run.place_id)
    return waiting_store.versions_to_read(opened, {*new, *changed}, _language(run))


def _language(run: Run | RunRow) -> str:
    return str(run.parameters.get("language", USUAL_LANGUAGE))


def _themes_of(opened: Session, waiting: Mapping[int, int], known: Known, meant_by: Meanings) -> list[frozenset[int]]:
    """The themes that each story speaks of, for those that were placed before and a few more."""
    new = [story for story in waiting.items() if story not in known.themes][:MOST_AT_ONCE]
    if new:
        found = _by_story(*placed(opened, [story for story, _version in new], known, meant_by))
        known.themes.update({(story, version): found.get(story, frozenset()) for story, version in new})
    for oldest in list(known.themes)[: max(0, len(known.themes) - MOST_KEPT)]:
        known.themes.pop(oldest, None)
    return [known.themes[story] for story in waiting.items() if story in known.themes]


def placed(opened: Session, story_ids: Sequence[int], known: Known, meant_by: Meanings) -> tuple[Gathered, Ints]:
    """Stories cut into passages as an analysis does, and the theme that each passage fits (p,), or -1."""
    steps: dict[int, list[Any]] = {}
    for step in intake.steps_of(opened, story_ids):
        steps.setdefault(step.story_id, []).append(step)
    cut = Gathered()
    for story in intake.story_rows(opened, story_ids).values():
        take_story(cut, story, steps.get(story.id, ()))
    vectors = meant_by.apart(quick.table().encode(cut.text))
    side = sides(cut.text, cut.told_feeling, known.middles.common)
    with threadpool_limits(1, "blas"):
        return cut, known.middles.nearest(vectors, side)


def _by_story(cut: Gathered, themes: Ints) -> dict[int, frozenset[int]]:
    found: dict[int, set[int]] = {story: set() for story in cut.story_id}
    for number, theme in zip(cut.passage_story, themes.tolist(), strict=True):
        if theme != UNPLACED:
            found[cut.story_id[number]].add(theme)
    return {story: frozenset(spoken) for story, spoken in found.items()}
