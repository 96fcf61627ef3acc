"""A run as this process holds it: read once, again as soon as a story has left it, without those held back."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from sqlalchemy.orm import Session

from insight import codebook, intake, runs
from insight.access import Actor, Permission, may
from insight.database import session
from insight.errors import NotFound, NotReady
from insight.intake import Place
from insight.language import _
from insight.painpoints import by_book, counting, fineness, store
from insight.painpoints.cube import Cube
from insight.painpoints.model import LEFT_SINCE, Filters, Fineness, RunTheme
from insight.runs import Run, RunStatus
from insight.runs.tables import RunRow

MOST_RUNS = 4
MOST_VIEWS = 4  # of each run, with fewer or more themes


@dataclass(frozen=True)
class View:
    """What is counted: a cube, and the themes that stand in it."""

    cube: Cube
    themes: tuple[RunTheme, ...]


@dataclass(frozen=True)
class Reading:
    """A run's cube and themes as they were when ``left`` stories had left it, under the codebook ``known``.

    ``machine`` and ``machine_themes`` are as the run found them, ``whole`` as the codebook makes them (``by_book``); in
    ``cube`` the stories that are ``held_back`` as of now have told nothing.
    """

    left: int
    held_back: frozenset[int]
    machine: Cube
    machine_themes: tuple[RunTheme, ...]
    machine_parts: Mapping[int, RunTheme]
    known: codebook.Standing
    seen: by_book.Seen
    cube: Cube

    @property
    def whole(self) -> Cube:
        """The run's cube under the codebook, with those held back."""
        return self.seen.cube

    @cached_property
    def themes(self) -> tuple[RunTheme, ...]:
        """The themes that are told by somebody who is not held back."""
        return by_book.present(self.cube, self.seen.themes)

    def under(self, filters: Filters) -> "View":
        """The run as it is counted: with as many themes as are asked for."""
        if filters.themes is None:
            return View(self.cube, self.themes)
        wanted = min(max(filters.themes, self.fineness.fewest), self.fineness.most)
        view = self._views.get(wanted)
        if view is None:
            branches = fineness.Held(self.machine, self.machine_themes, self.machine_parts)
            found = fineness.with_themes(self.seen, branches, wanted)
            cube = found.cube.without(self.held_back)
            for oldest in list(self._views)[: max(0, len(self._views) - MOST_VIEWS + 1)]:
                self._views.pop(oldest, None)
            self._views[wanted] = view = View(cube, by_book.present(cube, found.themes))
        return view

    @property
    def fineness(self) -> Fineness:
        """How few and how many themes there can be."""
        found = len(self.machine_themes)
        return Fineness(max(1, found - len(self.machine.joins)), found, found + len(self.machine.cuts))

    @cached_property
    def _views(self) -> dict[int, "View"]:
        return {}

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
    with session() as opened:
        if held is None or held.left != left:
            held = _read(opened, run, left)
        elif held.known.state != codebook.state_of(opened, run.place_id, run.id):
            held = _with_book(held, codebook.standing(opened, run.place_id, run.id))
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


def _read(opened: Session, run: Run | RunRow, left: int) -> Reading:
    body = store.cube_of_run(opened, run.id)
    if body is None:
        raise NotReady(_("This analysis has not ended yet."))
    cube, themes = Cube.from_bytes(body), store.run_themes(opened, run.id)
    known = codebook.standing(opened, run.place_id, run.id)
    found = by_book.seen(cube, themes, known)
    parts = store.run_parts(opened, run.id)
    return Reading(left, frozenset(), cube, themes, parts, known, found, found.cube)


def _with_book(held: Reading, known: codebook.Standing) -> Reading:
    """A run under a codebook that was changed."""
    found = by_book.seen(held.machine, held.machine_themes, known)
    return replace(held, held_back=frozenset(), known=known, seen=found, cube=found.cube)


def forget_cached_runs() -> None:
    """Let go of every run: a story was taken out, or another database was opened."""
    _held.clear()
