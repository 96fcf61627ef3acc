"""What the room of journeys asks of a run's pain points: where they are told, what is told most, what stands out."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from insight import intake
from insight.access import Actor, Permission, use_case
from insight.database import session
from insight.errors import NotFound
from insight.intake import Place
from insight.language import _
from insight.painpoints import evidence, rules
from insight.painpoints.cube import Cube, journeys_by, scope
from insight.painpoints.judging import told
from insight.painpoints.model import Filters, JourneyView, Quote, ToldAt
from insight.painpoints.reading import Reading, reading, run_of
from insight.privacy import shown

WIDEST = 1 << 20  # more steps than a journey has
CANDIDATES = 12
MOST_STANDING_OUT = 3

Ids = npt.NDArray[np.int64]


@use_case(Permission.SEE_INSIGHT)
def told_at(
    actor: Actor, place: Place, number: int, filters: Filters | None = None, run_id: int | None = None
) -> ToldAt:
    """Where in journeys a theme of a run is told. Raises NotFound for a theme that too few journeys tell of."""
    view = _held(actor, place, run_id).under(filters or Filters())
    cube = view.cube
    row = next((theme for theme in view.themes if theme.number == number), None)
    rows = np.flatnonzero(scope(cube, filters or Filters()).passages & (cube.theme == number))
    stories = cube.story_id[cube.passage_story[rows]]
    if row is None or shown(len(np.unique(stories))) is None:
        raise NotFound(
            _("Too few journeys speak of this under these filters. Clear a filter, or go back to the board.")
        )
    return ToldAt(row.label, row.kind, stories, cube.passage_step[rows])


@use_case(Permission.SEE_INSIGHT)
def most_told_at(
    actor: Actor, place: Place, stories: Ids, steps: npt.NDArray[np.int32], run_id: int | None = None
) -> tuple[tuple[int, str, int], Quote | None] | None:
    """The pain point that most journeys tell of at some steps (number, label, journeys), and a sentence that says it.

    ``stories`` and ``steps`` (s,) name the steps. None where too few tell of any.
    """
    run = run_of(actor, place, run_id)
    held = reading(run)
    cube = held.cube
    at = np.isin(_keys(cube), stories * WIDEST + steps)
    journeys = journeys_by(cube, at, cube.theme, cube.themes)
    hurting = [theme for theme in held.themes if theme.kind == "hurts"]
    most = max(hurting, key=lambda theme: int(journeys[theme.number]), default=None)
    if most is None or shown(int(journeys[most.number])) is None:
        return None
    rows = np.flatnonzero(at & (cube.theme == most.number))
    rows = rows[np.lexsort((rows, -cube.score[rows]))][:CANDIDATES]
    quote = evidence.best_quote_of(actor, run.id, cube, rows.tolist())
    return (most.number, most.label, int(journeys[most.number])), quote


@use_case(Permission.SEE_INSIGHT)
def stand_out(
    actor: Actor, place: Place, stories: Ids, group: npt.NDArray[np.int32], run_id: int | None = None
) -> tuple[tuple[str, ...], ...]:
    """Per group of stories, the pain points told more often there than in the others together.

    ``stories`` and ``group`` (s,), groups from 0. Only what the interval of the difference bears out is named.
    """
    held = _held(actor, place, run_id)
    sizes = np.bincount(group)
    counts = _told_by_group(held.cube, stories, group, len(sizes))
    pains = [theme for theme in held.themes if theme.kind == "hurts"]
    return tuple(
        _more_than_elsewhere([(pain.label, counts[pain.number]) for pain in pains], number, sizes)
        for number in range(len(sizes))
    )


def _more_than_elsewhere(told: Sequence[tuple[str, Ids]], number: int, sizes: Ids) -> tuple[str, ...]:
    found = []
    for label, counts in told:
        n = int(counts[number])
        if shown(n) is None:
            continue
        others = int(counts.sum()) - n, int(sizes.sum() - sizes[number])
        more, low, _high = rules.difference(n, int(sizes[number]), *others)
        if low > 0:
            found.append((more, label))
    return tuple(label for _more, label in sorted(found, key=lambda one: (-one[0], one[1]))[:MOST_STANDING_OUT])


def _told_by_group(cube: Cube, stories: Ids, group: npt.NDArray[np.int32], groups: int) -> Ids:
    """How many stories of each group tell of each theme, (themes, groups)."""
    order = np.argsort(stories)
    place = np.searchsorted(stories, cube.story_id, sorter=order)
    row = order[np.minimum(place, len(stories) - 1)] if len(stories) else np.zeros(len(cube.story_id), np.int64)
    of_story = np.where(stories[row] == cube.story_id, group[row], -1) if len(stories) else np.full(len(row), -1)
    who = told(cube, scope(cube, Filters()))
    found = np.zeros((cube.themes, groups), np.int64)
    found[who.numbers] = who.by(of_story, groups)
    return found


@use_case(Permission.READ_STORIES)
def journey_of_story(actor: Actor, place: Place, story_id: int) -> JourneyView | None:
    """A journey as it was told; None where its teller allows no analysis, it is held back, or it is not theirs."""
    with session() as opened:
        story = intake.story_rows(opened, [story_id]).get(story_id)
        if story is None or story.place_id != place.id:
            return None
    return evidence.journey_of_story(actor, story_id)


def _held(actor: Actor, place: Place, run_id: int | None) -> Reading:
    run = run_of(actor, place, run_id)
    return reading(run)


def _keys(cube: Cube) -> Ids:
    """The story and step of every passage as one number; -1 for what was not said of a step."""
    keys: Ids = cube.story_id[cube.passage_story] * WIDEST + cube.passage_step
    return np.where(cube.passage_step >= 0, keys, -1)
