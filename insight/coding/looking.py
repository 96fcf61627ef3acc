"""The published run of a place as its codebook is worked on, given its place among lasting themes if need be."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from insight.access import Actor
from insight.codebook.change import Ref
from insight.database import write_session
from insight.errors import Conflict, NotFound, NotReady
from insight.intake import Place
from insight.language import _
from insight.painpoints.cube import GONE, Cube
from insight.painpoints.publishing import enlist
from insight.painpoints.reading import Reading, forget_cached_runs, reading, run_of
from insight.runs import Run

Rows = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Looked:
    """A place's published run as somebody sees it now; ``cube`` leaves out those held back."""

    actor: Actor
    run: Run
    held: Reading

    @property
    def cube(self) -> Cube:
        """The run's cube under the codebook."""
        return self.held.cube


@dataclass(frozen=True, slots=True)
class Shown:
    """What somebody looked at when they decided: the run, and the theme (None: those that fit none)."""

    run_id: int
    theme: int | None


def look(actor: Actor, place: Place) -> Looked:
    """Read the published run; a run that was published before there was a codebook is enlisted first."""
    run = run_of(actor, place, None)
    held = reading(run)
    if held.known.run is None:
        with write_session() as opened:
            enlist(opened, place.id, run.id)
        forget_cached_runs()
        held = reading(run)
    return Looked(actor, run, held)


def rows_of(cube: Cube, theme: int | None) -> Rows:
    """The passages of a theme, or those that fit none, by number."""
    if theme is not None:
        return np.flatnonzero(cube.theme == theme)
    return np.flatnonzero((cube.theme < 0) & (cube.story_id[cube.passage_story] != GONE))


def same_run(looked: Looked, run_id: int) -> None:
    """Conflict where another run was published since: its passages have other numbers."""
    if run_id != looked.run.id:
        raise Conflict(_("A new analysis was published meanwhile. Look at the passages again, then decide."))


def still(looked: Looked, passages: Sequence[int], shown: Shown) -> None:
    """Conflict where passages are no longer where they were shown."""
    same_run(looked, shown.run_id)
    rows = _checked(looked.cube, passages)
    if (looked.cube.theme[rows] != (-1 if shown.theme is None else shown.theme)).any():
        raise Conflict(_("Somebody moved one of these passages meanwhile. Look at them again, then decide."))


def refs(looked: Looked, passages: Sequence[int]) -> list[Ref]:
    """Passages by story and key, as they are remembered from run to run; each once."""
    cube, rows = looked.cube, _checked(looked.cube, passages)
    stories, keys = cube.story_id[cube.passage_story[rows]], cube.key[rows]
    if (keys == 0).any():
        raise NotReady(
            _("This analysis is from before there was a codebook. Run and publish a new one to move its passages.")
        )
    return list(dict.fromkeys(zip(stories.tolist(), keys.tolist(), strict=True)))


def _checked(cube: Cube, passages: Sequence[int]) -> Rows:
    rows = np.array(list(passages), np.int64)
    if len(rows) and not (rows.min() >= 0 and rows.max() < len(cube.theme)):
        raise NotFound(_("There is no passage with that number in this analysis."))
    if (cube.story_id[cube.passage_story[rows]] == GONE).any():
        raise NotFound(_("One of these passages is no longer here: its story was changed, withdrawn or held back."))
    return rows
