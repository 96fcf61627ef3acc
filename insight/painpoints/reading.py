"""A run as this process holds it: read once, and again as soon as a story has left it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from insight import runs
from insight.access import Actor, Permission, may
from insight.database import session
from insight.errors import NotFound, NotReady
from insight.intake import Place
from insight.language import _
from insight.painpoints import counting, store
from insight.painpoints.cube import Cube
from insight.painpoints.model import LEFT_SINCE
from insight.painpoints.tables import ThemeRow
from insight.runs import Run, RunStatus

MOST_RUNS = 4


@dataclass(frozen=True)
class Reading:
    """A run's cube and themes as they were when ``left`` stories had left it."""

    left: int
    cube: Cube
    themes: tuple[ThemeRow, ...]

    @cached_property
    def choices(self) -> dict[str, tuple[str, ...]]:
        """What the run can be filtered by."""
        return counting.choices(self.cube)


_held: dict[int, Reading] = {}


def reading(run_id: int, left_out: Mapping[str, int]) -> Reading:
    """A run's results. ``left_out`` of its row, which is read anew each time, says whether those held are still true.

    So a story that left in another process is gone here too, at the price of no query.
    """
    left = left_out.get(LEFT_SINCE, 0)
    held = _held.get(run_id)
    if held is None or held.left != left:
        held = _read(run_id, left)
        _held.pop(run_id, None)
        for oldest in list(_held)[: max(0, len(_held) - MOST_RUNS + 1)]:
            _held.pop(oldest, None)
        _held[run_id] = held
    return held


def run_of(actor: Actor, place: Place, run_id: int | None) -> Run:
    """A place's published run, or another of its runs for those who may analyse."""
    if run_id is None:
        run = runs.published(actor, place.id)
        if run is None:
            raise NotReady(
                _("No analysis of {place} has been published yet. Start one under Analyses.").format(place=place.name)
            )
        return run
    run = runs.get(actor, run_id)
    if run.place_id != place.id or not (run.published or may(actor, Permission.RUN_ANALYSIS)):
        raise NotFound(_("There is no analysis with that number."))
    if run.status is not RunStatus.DONE:
        raise NotReady(_("This analysis has not ended yet."))
    return run


def _read(run_id: int, left: int) -> Reading:
    with session() as opened:
        body = store.cube_of_run(opened, run_id)
        themes = tuple(store.themes_of_run(opened, run_id))
    if body is None:
        raise NotReady(_("This analysis has not ended yet."))
    return Reading(left, Cube.from_bytes(body), themes)


def forget_cached_runs() -> None:
    """Let go of every run: a story was taken out, or another database was opened."""
    _held.clear()
