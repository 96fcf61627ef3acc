"""The codebook beside the published run: each lasting theme with how much is said of it, and what is new about it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from insight.access import Actor, Permission, use_case
from insight.codebook import Book, LastingTheme, State
from insight.codebook.rules import broader_of, with_all
from insight.coding.looking import Looked, Rows, look, rows_of
from insight.intake import Place
from insight.painpoints import Quote, evidence, rules
from insight.painpoints.cube import Cube
from insight.painpoints.model import RunTheme
from insight.privacy import shown
from insight.runs import Run

QUOTED = 60  # themes that carry a quote
KINDS = ("hurts", "mixed", "helps", None)


@dataclass(frozen=True, slots=True)
class News:
    """What the last publication said of a theme: "new"; "split" from another; "grown" so many times; "gone" to one."""

    kind: str
    theme: int
    other: int | None = None
    times: float | None = None


@dataclass(frozen=True, slots=True)
class ThemeLine:
    """A lasting theme with what the published run tells of it; counts are None where they are too small to be shown.

    ``kind`` (hurts, mixed, helps) and ``family`` (journeys that speak of it or of a narrower theme) take in the themes
    under it; ``own`` says whether any passage speaks of it itself. ``parents`` and ``children`` are in use.
    """

    theme: LastingTheme
    kind: str | None
    firm: bool
    own: bool
    journeys: int | None
    family: int | None
    passages: int | None
    terms: tuple[str, ...]
    parents: tuple[int, ...]
    children: tuple[int, ...]
    quote: Quote | None

    @property
    def silent(self) -> bool:
        """Whether the machine found it once, nobody touched it, and this analysis has nothing of it."""
        return self.kind is None and self.theme.by_machine and not self.theme.touched


@dataclass(frozen=True)
class Overview:
    """A codebook as it stands: ``lines`` by number, those that hurt first, by journeys.

    ``unplaced`` is how many passages fit no theme, of ``passages``; None where that is too few to be shown.
    """

    run: Run
    book: Book
    lines: Mapping[int, ThemeLine]
    set_aside: tuple[LastingTheme, ...]
    merged: tuple[LastingTheme, ...]
    news: tuple[News, ...]
    unplaced: int | None
    passages: int
    coded: int

    @property
    def roots(self) -> tuple[ThemeLine, ...]:
        """The themes that stand under no other."""
        return tuple(line for line in self.lines.values() if not line.parents)


@use_case(Permission.CODE)
def overview(actor: Actor, place: Place) -> Overview:
    """The whole codebook. A run that was published before there was a codebook takes its place in it first."""
    looked = look(actor, place)
    known, cube = looked.held.known, looked.cube
    lines = _lines(known.book, cube, looked.held.themes)
    return Overview(
        run=looked.run,
        book=known.book,
        lines=_quoted(looked, lines),
        set_aside=_in_state(known.book, State.SET_ASIDE),
        merged=_in_state(known.book, State.MERGED),
        news=_news(known.run.facts if known.run else {}, known.book),
        unplaced=shown(len(rows_of(cube, None))),
        passages=int((cube.theme >= 0).sum()) + len(rows_of(cube, None)),
        coded=len(known.held),
    )


def _in_state(book: Book, state: State) -> tuple[LastingTheme, ...]:
    return tuple(theme for theme in book.themes.values() if theme.state is state)


def _lines(book: Book, cube: Cube, themes: Sequence[RunTheme]) -> dict[int, ThemeLine]:
    in_run = {theme.number: theme for theme in themes}
    inside = _by_theme(cube, in_run)
    parents = broader_of(book, book.active)
    children: dict[int, list[int]] = {theme.number: [] for theme in book.active}
    for number, above in parents.items():
        for parent in above:
            children[parent].append(number)
    lines: dict[int, ThemeLine] = {}
    sizes: dict[int, int] = {}
    for theme in book.active:
        number, nothing = theme.number, np.zeros(0, np.int64)
        own = inside.get(number, nothing)
        family = np.concatenate([inside.get(one, nothing) for one in sorted(with_all(number, children))])
        told = in_run.get(number)
        sizes[number] = _journeys(cube, family)
        lines[number] = ThemeLine(
            theme=theme,
            kind=told.kind if told else rules.kind_of(float(cube.side[family].mean())) if len(family) else None,
            firm=theme.named or bool(told and told.firm),
            own=bool(len(own)),
            journeys=shown(_journeys(cube, own)),
            family=shown(sizes[number]),
            passages=len(own) if shown(_journeys(cube, own)) else None,
            terms=told.terms if told else (),
            parents=parents[number],
            children=tuple(children[number]),
            quote=None,
        )
    order = sorted(lines, key=lambda number: (KINDS.index(lines[number].kind), -sizes[number], number))
    return {number: lines[number] for number in order}


def _by_theme(cube: Cube, wanted: Mapping[int, RunTheme]) -> dict[int, Rows]:
    order = np.argsort(cube.theme, kind="stable")
    edges = np.searchsorted(cube.theme[order], np.array([[number, number + 1] for number in wanted] or [[0, 0]]))
    return {number: order[start:end] for number, (start, end) in zip(wanted, edges.tolist(), strict=False)}


def _journeys(cube: Cube, rows: Rows) -> int:
    return len(np.unique(cube.passage_story[rows]))


def _quoted(looked: Looked, lines: dict[int, ThemeLine]) -> dict[int, ThemeLine]:
    wanted = {number for number in list(lines)[:QUOTED] if lines[number].own}
    quotes = evidence.best_quotes(looked.actor, looked.run.id, looked.held.themes, looked.cube, wanted)
    return {number: replace(line, quote=quotes.get(number)) for number, line in lines.items()}


def _news(facts: Mapping[str, Any], book: Book) -> tuple[News, ...]:
    """What the last publication said, of themes that are still known."""
    told = [News("new", theme) for theme in facts.get("new", ())]
    told += [News("split", theme, other) for theme, other in facts.get("split", ())]
    told += [News("grown", theme, times=times) for theme, times in facts.get("grown", ())]
    told += [News("gone", theme, other) for theme, other in facts.get("gone", ())]
    return tuple(one for one in told if one.theme in book.themes)
