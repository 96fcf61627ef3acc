"""Look for passages of an analysis: those that mean what was typed, those that hold its words, or both."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
from sqlalchemy.orm import Session

from insight.access import Actor, Permission, use_case
from insight.database import session
from insight.errors import BadInput, NotFound, NotReady
from insight.intake import Place
from insight.language import _
from insight.painpoints import Filters, evidence, meant, run_of
from insight.painpoints.cube import Scope, journeys_by, scope
from insight.painpoints.model import RunTheme
from insight.painpoints.newcomers import on_board
from insight.painpoints.reading import Reading, reading
from insight.painpoints.vectors import LENGTH
from insight.privacy import shown
from insight.runs import Run
from insight.search import rules
from insight.search.looking import Looked, meaning_of, nearest, saying
from insight.search.model import By, Close, Found, Hit, ThemeFound

PAGE = 20
LONGEST = 300
CLOSE_FROM, NEAR_FROM = 0.55, 0.4  # cosines from which a passage is called close or near


@use_case(Permission.READ_STORIES)
def search(
    actor: Actor,
    place: Place,
    query: str,
    filters: Filters | None = None,
    by: By = By.BOTH,
    page: int = 1,
    run_id: int | None = None,
) -> Found:
    """Passages of a place's published run that mean or say what was typed, within the filters, best first.

    A run without vectors answers by words alone, and is not asked by meaning: ``NotReady`` says what to do.
    """
    typed = query.strip()
    if not typed or len(typed) > LONGEST:
        raise BadInput(_("Type what you look for: one word or more, at most {number} signs.").format(number=LONGEST))
    run = run_of(actor, place, run_id)
    read = reading(run)
    with session() as opened:
        within = _theirs(opened, actor, read, filters)
        known = None if by is By.WORDS else meant.meanings(opened, run.id, read)
        if known is None and by is By.MEANING:
            raise NotReady(_("This analysis can be searched by words only. Start a new one to search by meaning too."))
        alike = Looked(()) if known is None else nearest(known, meaning_of(known, typed), within)
        if by is By.MEANING:
            return _found(actor, run, read, by, alike, page)
        said = saying(opened, actor, run.id, read, within, rules.read(typed))
    if known is None:
        return _found(actor, run, read, By.WORDS, said, page)
    both = Looked(rules.fused(said.order, alike.order), alike.near, said.said, said.often)
    return _found(actor, run, read, by, both, page)


@use_case(Permission.READ_STORIES)
def more_like(
    actor: Actor, place: Place, passage: int, filters: Filters | None = None, page: int = 1, run_id: int | None = None
) -> Found:
    """The passages nearest in meaning to one of a run's passages."""
    run = run_of(actor, place, run_id)
    read = reading(run)
    with session() as opened:
        known = meant.meanings(opened, run.id, read)
        anywhere, within = (_theirs(opened, actor, read, asked) for asked in (None, filters))
    if known is None:
        raise NotReady(_("This analysis can be searched by words only. Start a new one to search by meaning too."))
    there = anywhere.passages
    if not (0 <= passage < len(there) and there[passage]):
        raise NotFound(_("That passage is no longer here: its journey was changed or withdrawn after the analysis."))
    vector = known.rows[passage].astype(np.float32) / LENGTH
    found = _found(actor, run, read, By.MEANING, nearest(known, vector, within, passage), page)
    origin = evidence.in_context(actor, run.id, read.cube, np.array([passage]))
    return replace(found, like=origin[0] if origin else None)


def _theirs(opened: Session, actor: Actor, read: Reading, filters: Filters | None) -> Scope:
    """What is looked through: the passages that the filters let in, of stories that the actor may read whole."""
    within = scope(read.cube, filters or Filters())
    return replace(within, passages=within.passages & evidence.theirs(opened, actor, read.cube))


def _found(actor: Actor, run: Run, read: Reading, by: By, looked: Looked, page: int) -> Found:
    """A page of what was found, and counts over all of it."""
    cube = read.cube
    board = on_board(read)
    page = max(1, min(page, -(-len(looked.order) // PAGE)))
    start = (page - 1) * PAGE
    numbers = np.array(looked.order[start : start + PAGE], np.int64)
    said = looked.said or frozenset()
    journeys = shown(_journeys(read, said)) if looked.said is not None else None
    hits = []
    for one in evidence.in_context(actor, run.id, cube, numbers):
        theme = board.get(int(cube.theme[one.number]))
        close = _in_words(looked.near[one.number]) if one.number in looked.near else None
        hits.append(
            Hit(one, theme.number if theme else None, theme.label if theme else None, close, one.number in said)
        )
    return Found(
        run=run,
        by=by,
        hits=tuple(hits),
        total=len(looked.order),
        page=page,
        passages=None if journeys is None else len(said),
        journeys=journeys,
        nearest=len(looked.near),
        often=looked.often,
        by_theme=_by_theme(read, looked.order, board),
    )


def _in_words(near: float) -> Close:
    if near >= CLOSE_FROM:
        return Close.CLOSE
    return Close.NEAR if near >= NEAR_FROM else Close.FAR


def _journeys(read: Reading, numbers: frozenset[int]) -> int:
    return len(np.unique(read.cube.passage_story[np.fromiter(numbers, np.int64)]))


def _by_theme(read: Reading, numbers: Sequence[int], board: Mapping[int, RunTheme]) -> tuple[ThemeFound, ...]:
    """Journeys per theme among passages, most first, where they are enough to be shown."""
    kept: npt.NDArray[np.bool_] = np.zeros(len(read.cube.theme), bool)
    kept[list(numbers)] = True
    told = journeys_by(read.cube, kept, read.cube.theme, read.cube.themes)
    order = [int(theme) for theme in np.argsort(-told, kind="stable") if shown(int(told[theme])) and theme in board]
    return tuple(ThemeFound(n, board[n].label, board[n].kind, int(told[n])) for n in order)
