"""What people may see of pain points: the board, one pain point with its evidence, the map, a journey behind it."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from insight import intake, safeguarding
from insight.access import Actor, Permission, use_case
from insight.database import again, session
from insight.errors import NotFound
from insight.intake import Place
from insight.language import _
from insight.painpoints import counting, evidence, leaving, store
from insight.painpoints.changing import trends
from insight.painpoints.model import Board, Filters, JourneyView, PainPointView, PassageMap
from insight.painpoints.reading import reading, run_of
from insight.privacy import Audience
from insight.sheets import as_csv

EVIDENCE_PAGE = 20
QUOTED = 60  # themes of each kind that carry a quote: as many as a board shows


@use_case(Permission.SEE_INSIGHT)
@again
def board(actor: Actor, place: Place, filters: Filters | None = None, run_id: int | None = None) -> Board:
    """All that the board shows of a place's published run, or of another of its runs for those who may analyse."""
    run = run_of(actor, place, run_id)
    held = reading(run)
    view = held.under(filters or Filters())
    cube, themes = view.cube, view.themes
    found = counting.count(cube, themes, filters or Filters())
    first = counting.first_of_each_kind(found, QUOTED)
    quotes = evidence.best_quotes(actor, run.id, themes, cube, first)
    return counting.as_board(cube, run, filters or Filters(), found, quotes, held.fineness)


@use_case(Permission.SEE_INSIGHT)
def choices(actor: Actor, place: Place, run_id: int | None = None) -> dict[str, tuple[str, ...]]:
    """What a place's board can be filtered by, by name of the filter; months under "month"."""
    run = run_of(actor, place, run_id)
    return reading(run).choices


@use_case(Permission.READ_STORIES)
def pain_point(
    actor: Actor, place: Place, number: int, filters: Filters | None = None, page: int = 1, run_id: int | None = None
) -> PainPointView:
    """One theme with a page of its evidence, the clearest passages first: those that the actor may read."""
    run = run_of(actor, place, run_id)
    wanted = filters or Filters()
    view = reading(run).under(wanted)
    cube, themes = view.cube, view.themes
    found = counting.count(cube, themes, wanted)
    theme = next((summary for summary in found.themes if summary.number == number), None)
    if theme is None:
        raise NotFound(
            _("Too few journeys speak of this under these filters. Clear a filter, or go back to the board.")
        )
    quotes = evidence.best_quotes(actor, run.id, themes, cube, {number})
    theme = replace(theme, quote=quotes.get(number), trend=trends(cube, wanted).get(number))
    with session() as opened:
        theirs = evidence.theirs(opened, actor, cube)
    rows = np.flatnonzero(found.within.passages & theirs & (cube.theme == number))
    rows = rows[np.lexsort((rows, -cube.score[rows]))]
    start = (max(page, 1) - 1) * EVIDENCE_PAGE
    shown = evidence.in_context(actor, run.id, cube, rows[start : start + EVIDENCE_PAGE])
    return counting.as_view(cube, run, wanted, found.within, theme, shown, len(rows))


@use_case(Permission.SEE_INSIGHT)
def passage_map(actor: Actor, place: Place, filters: Filters | None = None, run_id: int | None = None) -> PassageMap:
    """The map of a run's passages under the filters."""
    run = run_of(actor, place, run_id)
    view = reading(run).under(filters or Filters())
    cube, themes = view.cube, view.themes
    found = counting.count(cube, themes, filters or Filters())
    return counting.as_map(cube, found)


@use_case(Permission.READ_STORIES)
def journey(actor: Actor, place: Place, passage: int, run_id: int | None = None) -> JourneyView:
    """The whole journey behind a passage of a run, as it was told."""
    found = evidence.journey_behind(actor, run_of(actor, place, run_id).id, passage)
    if found is None:
        raise NotFound(_("That journey is no longer here: it was changed or withdrawn after the analysis."))
    return found


@use_case(Permission.READ_STORIES)
def raise_concern(
    actor: Actor, place: Place, passage: int, kinds: Sequence[str], note: str, run_id: int | None = None
) -> None:
    """Send the journey behind a passage to those who safeguard; it leaves the board until they release it."""
    run = run_of(actor, place, run_id)
    with session() as opened:
        found = store.passages_by_number(opened, run.id, [passage]).get(passage)
        theirs = found is not None and found.story_id in intake.readable(opened, actor, [found.story_id]).whole
    if found is None or not theirs:
        raise NotFound(_("That journey is no longer here: it was changed or withdrawn after the analysis."))
    safeguarding.raise_concern(actor, found.story_id, kinds, note)


@use_case(Permission.EXPORT, recorded=True)
def export(actor: Actor, place: Place, filters: Filters | None = None, audience: Audience = Audience.INSIDE) -> bytes:
    """The board as CSV, one row per theme: the file holds what the screen shows, small numbers hidden.

    For those outside, it holds what may be published: fewer themes, numbers rounded, and nothing that anybody wrote.
    """
    wanted = filters or Filters()
    if audience is Audience.OUTSIDE:
        view = reading(run_of(actor, place, None)).under(wanted)
        return as_csv(leaving.outside_records(view.cube, view.themes, wanted))
    shown = board(actor, place, wanted)
    return as_csv([counting.as_record(theme) for theme in (*shown.pain_points, *shown.mixed, *shown.works_well)])
