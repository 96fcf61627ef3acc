"""A run as this process holds it: read once, again as soon as a story has left it, without those held back."""

from dataclasses import dataclass, replace
from functools import cached_property

from insight import intake, runs
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
from insight.runs.tables import RunRow

MOST_RUNS = 4


@dataclass(frozen=True)
class Reading:
    """A run's cube and themes as they were when ``left`` stories had left it.

    ``whole`` is the cube as stored; in ``cube`` the stories that are ``held_back`` as of now have told nothing.
    """

    left: int
    held_back: frozenset[int]
    whole: Cube
    cube: Cube
    themes: tuple[ThemeRow, ...]

    @cached_property
    def choices(self) -> dict[str, tuple[str, ...]]:
        """What the run can be filtered by."""
        return counting.choices(self.cube)

    @cached_property
    def stories(self) -> frozenset[int]:
        """The ids of the stories in the run."""
        return frozenset(self.whole.story_id.tolist())


_held: dict[int, Reading] = {}


def reading(run: Run | RunRow) -> Reading:
    """A run's results. Its row, which is read anew each time, says whether those held are still true.

    So a story that left, or was held back, in another process is gone here too, and one that was released is back.
    """
    left = run.left_out.get(LEFT_SINCE, 0)
    held = _held.get(run.id)
    if held is None or held.left != left:
        held = _read(run.id, left)
    with session() as opened:
        held_back = intake.held_back_stories(opened, run.place_id) & held.stories
    if held.held_back != held_back:
        held = replace(held, held_back=held_back, cube=held.whole.without(held_back))
    if _held.get(run.id) is not held:
        _keep(run.id, held)
    return held


def _keep(run_id: int, held: Reading) -> None:
    _held.pop(run_id, None)
    for oldest in list(_held)[: max(0, len(_held) - MOST_RUNS + 1)]:
        _held.pop(oldest, None)
    _held[run_id] = held


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
    cube = Cube.from_bytes(body)
    return Reading(left, frozenset(), cube, cube, themes)


def forget_cached_runs() -> None:
    """Let go of every run: a story was taken out, or another database was opened."""
    _held.clear()
