"""A run seen through its place's codebook: the same passages under lasting themes. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from insight.codebook.reading import Standing, witnesses
from insight.codebook.rules import MACHINE, heard, in_use
from insight.painpoints import rules
from insight.painpoints.cube import Cube
from insight.painpoints.model import RunTheme

Ints = npt.NDArray[np.int32]
QUOTES = 30
TERMS = 8


@dataclass(frozen=True)
class Seen:
    """A run as it is shown: its cube under lasting numbers, its themes, who placed each passage (codebook.rules)."""

    cube: Cube
    themes: tuple[RunTheme, ...]
    said_by: npt.NDArray[np.uint8]


def seen(cube: Cube, themes: Sequence[RunTheme], known: Standing) -> Seen:
    """A run's own cube and themes under the codebook; as they are where the run has no place in it yet."""
    if known.run is None:
        return Seen(cube, present(cube, themes), np.full(len(cube.theme), MACHINE, np.uint8))
    spoken, said_by = heard(witnesses(known, cube.theme, cube.key))
    by_book = replace(cube, theme=in_use(known.book, spoken))
    now = in_use(known.book, known.run.lasting)
    members: dict[int, list[RunTheme]] = {}
    for theme in themes:
        members.setdefault(int(now[theme.number]), []).append(theme)
    sizes = np.bincount(by_book.theme[by_book.theme >= 0])
    shown = tuple(_theme(by_book, int(n), members.get(int(n), ()), known) for n in np.flatnonzero(sizes))
    return Seen(by_book, shown, said_by)


def present(cube: Cube, themes: Sequence[RunTheme]) -> tuple[RunTheme, ...]:
    """The themes that still have a passage."""
    sizes = np.bincount(cube.theme[cube.theme >= 0], minlength=1)
    return tuple(theme for theme in themes if theme.number < len(sizes) and sizes[theme.number])


def _theme(cube: Cube, number: int, members: Sequence[RunTheme], known: Standing) -> RunTheme:
    """A lasting theme in this run: its name from people, else from the biggest of the run's themes that make it."""
    lasting = known.book.themes[number]
    first = members[0] if members else None
    inside = np.flatnonzero(cube.theme == number)
    pain = lasting.known or next((theme.facts["known"] for theme in members if theme.facts.get("known")), None)
    label = lasting.label if lasting.named or first is None else first.label
    return RunTheme(
        number=number,
        kind="hurts" if pain else rules.kind_of(float(cube.side[inside].mean())),
        label=label,
        terms=tuple(dict.fromkeys(term for theme in members for term in theme.terms))[:TERMS],
        firm=lasting.named or (first is not None and first.firm),
        facts={
            "quotes": _quotes(cube, inside, number, members),
            "known": pain,
            "between": first.facts.get("between") if first else None,
        },
        named=lasting.named,
    )


def _quotes(cube: Cube, inside: npt.NDArray[np.int64], number: int, members: Sequence[RunTheme]) -> list[int]:
    """Passages that say it best: the run's own choice as far as they are still inside, then the clearest others."""
    chosen = [row for theme in members for row in theme.facts.get("quotes", ()) if cube.theme[row] == number]
    clearest = inside[np.lexsort((inside, -cube.score[inside]))][:QUOTES].tolist()
    return list(dict.fromkeys([*chosen, *clearest]))[:QUOTES]
